import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

const LIBRARY = { name: 'machines' };
const CHUNKS = 1_200;

describe('embedding a library anew', () => {
  let folder: string;
  let server: RunningServer;
  let client: AlcoveClient;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-reembed-'));
    server = await startServer(
      parseConfig({
        ALCOVE_DATA: folder,
        ALCOVE_PORT: '0',
        ALCOVE_LOG: 'error',
        ALCOVE_THREADS: '1',
        ALCOVE_INDEX_MEMORY_BYTES: `${16 * 2 ** 20}`,
      }),
    );
    client = createClient({ url: server.url });
    orThrow(await client.createLibrary({ ...LIBRARY, embedding: { provider: 'BUILTIN', dimension: 64 } }));
    const chunks = Array.from({ length: CHUNKS }, (_, at) => ({ text: `Lever ${at} of machine ${at % 40}` }));
    orThrow(await client.createDocument({ library: LIBRARY, title: 'Machines', content: { chunks } }));
  });
  afterAll(async () => {
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const reembed = async (dimension: number) => {
    const embedding = { provider: 'BUILTIN', dimension } as const;
    const { job } = orThrow(await client.reembed({ library: LIBRARY, embedding }));
    let last: Awaited<ReturnType<AlcoveClient['job']>> = null;
    for await (const event of client.followJob(job.id)) last = event.job;
    return last;
  };
  const found = async () => {
    const query = { text: 'Lever 123 of machine 3' };
    const { edges } = orThrow(await client.knnSearch({ library: LIBRARY, query, k: 3 }));
    return edges.map(({ node, distance }) => `${node.text} ${distance}`);
  };

  it('fails where there is no memory for both indexes, and the library is as it was', async () => {
    const before = await found();
    expect(await reembed(4_096)).toMatchObject({
      state: 'FAILED',
      error: { code: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('beside the one that serves') },
    });
    expect(await found()).toEqual(before);
    expect((await client.library(LIBRARY))?.embedding.dimension).toBe(64);
  });

  it('succeeds after that with what fits', async () => {
    expect(await reembed(128)).toMatchObject({ state: 'SUCCEEDED' });
    expect((await client.library(LIBRARY))?.embedding.dimension).toBe(128);
    expect((await found())[0]).toContain('Lever 123 of');
  });
});
