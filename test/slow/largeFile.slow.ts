import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { type ServerProcess, serve } from '../cli/alcove.ts';

/** More than one command may write. */
const ROWS = 10_400;
const LIBRARY = { name: 'hives' };

describe('a file of more chunks than one command may write', () => {
  let folder: string;
  let server: ServerProcess;
  let client: AlcoveClient;
  const csv = (keeper: string) =>
    new File(
      [
        `hive,keeper\n${Array.from({ length: ROWS }, (_, row) => `meadow ${row},${keeper} number ${row}`).join('\n')}`,
      ],
      'hives.csv',
    );
  const settings = () => ({ ALCOVE_DATA: join(folder, 'data'), ALCOVE_THREADS: '1' });
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-large-'));
    server = await serve([], settings());
    client = createClient({ url: server.url });
    orThrow(await client.createLibrary(LIBRARY));
  });
  afterAll(async () => {
    await client.close();
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (file: File) =>
    orThrow(await client.importFiles({ library: LIBRARY, files: [file] })).job.id;
  const follow = async (id: string) => {
    const chunks: number[] = [];
    for await (const { job } of client.followJob(id)) {
      if (job.__typename !== 'ImportJob') throw new Error('no import');
      chunks.push(job.counts.chunks);
      if (job.finishedAt !== null) return { ...job, seen: chunks };
    }
    throw new Error('no end');
  };
  const documents = async () => {
    const library = await client.library(LIBRARY);
    const page = await client.documents({ library: LIBRARY, first: 10 });
    return { ...library?.counts, nodes: page?.edges.map(({ node }) => node) ?? [] };
  };
  const firstChunk = async () => {
    const page = await client.chunks({
      library: LIBRARY,
      first: 1,
      filter: { position: { eq: 0 } },
    });
    return page?.edges[0]?.node ?? expect.fail('there is no first row');
  };

  it('is one document in the end, goes on where it was after a kill, and is counted meanwhile', async () => {
    const job = await start(csv('Ottoline'));
    let before = await documents();
    while ((before.chunks ?? 0) < 4_000) {
      await delay(20);
      before = await documents();
    }
    const chunk = await firstChunk();
    await server.stop('SIGKILL');
    const port = new URL(server.url).port;
    expect(before).toMatchObject({ documents: 1, nodes: [{ state: 'INCOMPLETE' }] });

    server = await serve([], { ...settings(), ALCOVE_PORT: port });
    const { seen, ...last } = await follow(job);
    expect(last).toMatchObject({ state: 'SUCCEEDED', attempt: 2, counts: { written: 1, chunks: ROWS } });
    // More than the beginning and the end were told, and what was in before the kill was not written again.
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(new Set(seen).size).toBeGreaterThan(2);
    expect(seen[0]).toBeGreaterThanOrEqual(4_000);
    expect(await firstChunk()).toEqual(chunk);
    const after = await documents();
    expect(after).toMatchObject({ documents: 1, chunks: ROWS, nodes: [{ state: 'READY' }] });
    const found = orThrow(
      await client.knnSearch({ library: LIBRARY, query: { text: 'Ottoline number 10301' }, k: 1 }),
    );
    expect(found.edges[0]?.node.text).toContain('number 10301');
  });

  it('is left alone when it comes again', async () => {
    const again = await follow(await start(csv('Ottoline')));
    expect(again.counts).toMatchObject({ unchanged: 1, chunks: 0 });
    expect(await documents()).toMatchObject({ documents: 1, chunks: ROWS });
  });

  it('gives way to another of its name, stays incomplete when that is cancelled, and the next import goes on with it', async () => {
    const job = await start(csv('Ambrose'));
    while ((await documents()).nodes[0]?.state !== 'INCOMPLETE') await delay(10);
    orThrow(await client.cancelJob({ id: job }));
    expect((await follow(job)).state).toBe('CANCELLED');
    const left = await documents();
    expect(left.nodes[0]?.state).toBe('INCOMPLETE');
    const chunk = await firstChunk();
    const again = await follow(await start(csv('Ambrose')));
    expect(again.counts).toMatchObject({ written: 1, chunks: ROWS });
    expect(await documents()).toMatchObject({ documents: 1, chunks: ROWS, nodes: [{ state: 'READY' }] });
    expect(await firstChunk()).toEqual(chunk);
  });
});
