import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { alcove, type ServerProcess, serve } from '../cli/alcove.ts';
import { ProviderServer } from '../embedding/ProviderServer.ts';

const CHUNKS = 1_500;
const PATIENT = { interval: 5, timeout: 30_000 };
const LIBRARY = { name: 'machines' };

describe('a server that is killed while a library is embedded anew', () => {
  let folder: string;
  let provider: ProviderServer;
  let server: ServerProcess;
  let client: AlcoveClient;
  const start = (port = '0') =>
    serve([], {
      ALCOVE_DATA: join(folder, 'data'),
      ALCOVE_PORT: port,
      ALCOVE_THREADS: '1',
      ALCOVE_EMBEDDING_CACHE_BYTES: '0',
      ...provider.environment,
    });
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-reembed-kill-'));
    provider = await ProviderServer.start('OPENAI');
    server = await start();
    client = createClient({ url: server.url });
    orThrow(await client.createLibrary(LIBRARY));
    const chunks = Array.from({ length: CHUNKS }, (_, at) => ({ text: `Lever ${at} of machine ${at % 40}` }));
    orThrow(await client.createDocument({ library: LIBRARY, title: 'Machines', content: { chunks } }));
  });
  afterAll(async () => {
    await client.close();
    await server.stop('SIGKILL');
    await provider.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const embedded = () => provider.requests.reduce((sum, { texts }) => sum + texts.length, 0);

  it('goes on where it was: no text is embedded twice, but for what was under way', async () => {
    provider.faults.push(
      ...Array.from({ length: 1_000 }, () => async (...asked: Parameters<ProviderServer['embed']>) => {
        await delay(60);
        provider.embed(...asked);
      }),
    );
    const running = alcove([
      'reembed',
      LIBRARY.name,
      ...['--provider', 'OPENAI', '--model', 'letters', '--url', server.url],
    ]);
    await expect.poll(embedded, PATIENT).toBeGreaterThan(CHUNKS / 3);
    await server.stop('SIGKILL');
    const atDeath = embedded();
    expect(atDeath).toBeLessThan(CHUNKS);
    provider.faults.length = 0;
    server = await start(new URL(server.url).port);

    expect(await running).toMatchObject({ status: 0, out: expect.stringMatching(/succeeded/) });
    const { edges } = await client.jobs({ first: 1 });
    expect(edges[0]?.node).toMatchObject({ state: 'SUCCEEDED', attempt: 2 });
    expect(embedded() - atDeath).toBeLessThan(CHUNKS);
    expect(embedded()).toBeLessThanOrEqual(CHUNKS + 2 * 128);
    const query = { text: 'Lever 1234 of machine 34' };
    const found = orThrow(await client.knnSearch({ library: LIBRARY, query, k: CHUNKS }));
    expect(found.edges).toHaveLength(CHUNKS);
    expect(found.edges[0]?.distance).toBeCloseTo(0, 5);
    expect((await client.library(LIBRARY))?.embedding).toMatchObject({ model: 'letters', dimension: 8 });
  });

  it('is backed up in the middle, and what is restored goes on as well', async () => {
    const { job } = orThrow(
      await client.reembed({
        library: LIBRARY,
        embedding: { provider: 'OPENAI', model: 'words', dimension: 16 },
      }),
    );
    provider.faults.push(
      ...Array.from({ length: 1_000 }, () => async (...asked: Parameters<ProviderServer['embed']>) => {
        await delay(60);
        provider.embed(...asked);
      }),
    );
    await expect.poll(async () => (await client.job(job.id))?.progress.done, PATIENT).toBeGreaterThan(0);
    const [data, copy, restored] = ['data', 'copy.db', 'restored'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    expect(await alcove(['backup', copy, '--data', data])).toMatchObject({ status: 0 });
    expect(await client.job(job.id)).toMatchObject({ state: 'RUNNING' });
    orThrow(await client.cancelJob({ id: job.id }));
    await server.stop();
    provider.faults.length = 0;
    expect(await alcove(['restore', copy, '--data', restored])).toMatchObject({ status: 0 });
    server = await serve([], {
      ALCOVE_DATA: restored,
      ALCOVE_PORT: new URL(server.url).port,
      ALCOVE_THREADS: '1',
      ...provider.environment,
    });
    let last: string | undefined;
    for await (const event of client.followJob(job.id)) last = event.job.state;
    expect(last).toBe('SUCCEEDED');
    expect((await client.library(LIBRARY))?.embedding).toMatchObject({ model: 'words', dimension: 16 });
    const query = { text: 'Lever 1234 of machine 34' };
    const found = orThrow(await client.knnSearch({ library: LIBRARY, query, k: CHUNKS }));
    expect(found.edges).toHaveLength(CHUNKS);
    expect(found.edges[0]?.distance).toBeCloseTo(0, 5);
  });
});
