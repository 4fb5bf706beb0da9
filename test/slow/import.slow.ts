import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, encodeVector, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { startServer } from '../../src/server/supervisor.ts';
import { clustered } from '../indexes/data.ts';

const COUNT = 50_000;
const DIMENSION = 384;
const BATCH = 1_000;
const QUERIES = 100;
const K = 10;
const LIBRARY = { name: 'vectors' };

describe('50,000 chunks of 384 dimensions over the API', () => {
  let folder: string;
  let server: Awaited<ReturnType<typeof startServer>>;
  let client: AlcoveClient;
  const data = clustered({ count: COUNT + QUERIES, dimension: DIMENSION, seed: 7 });
  const encoded = (row: number) => encodeVector(data.subarray(row * DIMENSION, (row + 1) * DIMENSION));
  const start = async () => {
    server = await startServer(parseConfig({ ALCOVE_DATA: folder, ALCOVE_PORT: '0', ALCOVE_LOG: 'error' }));
    client = createClient({ url: server.url });
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-import-'));
    await start();
    orThrow(
      await client.createLibrary({
        ...LIBRARY,
        embedding: { provider: 'EXTERNAL', model: 'seeded', dimension: DIMENSION, metric: 'COSINE' },
      }),
    );
  });
  afterAll(async () => {
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('go in by base64 batches, and each can be found when its mutation has returned', async () => {
    const { document } = orThrow(await client.createDocument({ library: LIBRARY, title: 'Vectors' }));
    for (let from = 0; from < COUNT; from += BATCH) {
      const chunks = Array.from({ length: BATCH }, (_, row) => ({
        id: `chk_${from + row}`,
        documentId: document.id,
        text: `vector ${from + row}`,
        embedding: encoded(from + row),
      }));
      const { createdCount } = orThrow(await client.createChunks({ library: LIBRARY, chunks }));
      expect(createdCount).toBe(BATCH);
      const last = from + BATCH - 1;
      const { edges } = orThrow(
        await client.knnSearch({
          library: LIBRARY,
          query: { vector: encoded(last) },
          k: 1,
          accuracy: { exact: true },
        }),
      );
      expect(edges[0]?.node.id).toBe(`chk_${last}`);
    }
  });

  it('get an HNSW index by themselves', async () => {
    await expect
      .poll(async () => (await client.library(LIBRARY))?.index, { timeout: 120_000, interval: 500 })
      .toMatchObject({ type: 'HNSW', state: 'READY' });
  });

  const ids = async (row: number, exact: boolean) =>
    orThrow(
      await client.knnSearch({
        library: LIBRARY,
        query: { vector: encoded(row) },
        k: K,
        ...(exact ? { accuracy: { exact } } : {}),
      }),
    ).edges.map(({ node }) => node.id);

  it('are found with a recall@10 of at least 0.95 by default', async () => {
    let found = 0;
    for (let row = COUNT; row < COUNT + QUERIES; row++) {
      const truth = new Set(await ids(row, true));
      found += (await ids(row, false)).filter((id) => truth.has(id)).length;
    }
    expect(found / (QUERIES * K)).toBeGreaterThanOrEqual(0.95);
  });

  it('are all there after a restart', async () => {
    const before = await ids(COUNT, true);
    await client.close();
    await server.close();
    await start();
    expect((await client.library(LIBRARY))?.counts.chunks).toBe(COUNT);
    expect(await ids(COUNT, true)).toEqual(before);
  });
});
