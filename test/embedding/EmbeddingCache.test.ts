import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { Embedders } from '../../src/embedding/Embedders.ts';
import { EmbeddingCache, embeddingKey } from '../../src/embedding/EmbeddingCache.ts';
import type { EmbeddingContract } from '../../src/library/types.ts';
import { refusal } from '../library/TestStore.ts';
import { failing, ProviderServer } from './ProviderServer.ts';

const LIMIT_BYTES = 2_097_152;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-cache-'));
  path = join(folder, 'embeddings.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const keyOf = (text: string) => embeddingKey(['test', text]);
const embedding = (...numbers: number[]) => ({ vector: Float32Array.from(numbers), truncated: false });

describe('a cache of embeddings', () => {
  it('has what was put in, also for another one on the same file, and counts', () => {
    const cache = new EmbeddingCache(path, LIMIT_BYTES);
    const other = new EmbeddingCache(path, LIMIT_BYTES);
    const cut = { vector: Float32Array.of(0.1, -2, 1e-40), truncated: true };
    cache.put([{ key: keyOf('a'), embedding: cut }]);
    expect(other.get([keyOf('b'), keyOf('a')])).toEqual([undefined, cut]);
    expect(cache.get([keyOf('a')])).toEqual([cut]);
    other.close();
    expect(cache.figures()).toMatchObject({ hits: 2, misses: 1, entries: 1, limitBytes: LIMIT_BYTES });
    cache.close();
    expect(new EmbeddingCache(path, LIMIT_BYTES).figures()).toMatchObject({ hits: 2, misses: 1 });
  });

  it('never grows beyond its limit, and gives up what was used least lately', () => {
    let now = 0;
    const cache = new EmbeddingCache(path, LIMIT_BYTES, () => now);
    const numbers = Array.from({ length: 1_000 }, (_, at) => at);
    for (let at = 0; at < 1_500; at++) {
      now += 3_600_001;
      cache.put([{ key: keyOf(`${at}`), embedding: embedding(at, ...numbers) }]);
      cache.get([keyOf('0')]);
    }
    const figures = cache.figures();
    expect(figures.bytes).toBeLessThanOrEqual(LIMIT_BYTES);
    expect(figures.entries).toBeGreaterThan(200);
    const [first, second, last] = cache.get([keyOf('0'), keyOf('1'), keyOf('1499')]);
    expect([first?.vector[0], second, last?.vector[0]]).toEqual([0, undefined, 1_499]);
    cache.close();
    expect(statSync(path).size).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('begins anew when it is larger than it may be now', () => {
    const large = new EmbeddingCache(path, 8 * LIMIT_BYTES);
    large.put(
      Array.from({ length: 1_000 }, (_, at) => ({
        key: keyOf(`${at}`),
        embedding: embedding(...new Array<number>(1_024).fill(at)),
      })),
    );
    large.close();
    const small = new EmbeddingCache(path, LIMIT_BYTES);
    expect(small.get([keyOf('1')])).toEqual([undefined]);
    small.close();
    expect(statSync(path).size).toBeLessThan(LIMIT_BYTES);
  });

  it('does not know an entry of which a bit has changed', () => {
    const cache = new EmbeddingCache(path, LIMIT_BYTES);
    cache.put([
      { key: keyOf('a'), embedding: embedding(1, 2, 3) },
      { key: keyOf('b'), embedding: embedding(4, 5, 6) },
    ]);
    cache.close();
    const database = new DatabaseSync(path);
    const row = database.prepare('SELECT value FROM entries WHERE key = ?').get(keyOf('a'));
    const value = row?.value as Uint8Array;
    for (const changed of [
      value.with(5, (value[5] as number) ^ 1),
      value.subarray(1),
      new Uint8Array(),
      value.with(0, 1),
    ]) {
      database.prepare('UPDATE entries SET value = ? WHERE key = ?').run(changed, keyOf('a'));
      const again = new EmbeddingCache(path, LIMIT_BYTES);
      expect(again.get([keyOf('a'), keyOf('b')])).toEqual([undefined, embedding(4, 5, 6)]);
      again.close();
    }
    // Nor one that has come under another's key.
    database
      .prepare('UPDATE entries SET value = (SELECT value FROM entries WHERE key = ?) WHERE key = ?')
      .run(keyOf('b'), keyOf('a'));
    expect(new EmbeddingCache(path, LIMIT_BYTES).get([keyOf('a')])).toEqual([undefined]);
    database.close();
  });

  it.each([
    ['is no database', () => writeFileSync(path, 'Not a database. '.repeat(1_000))],
    ['has been overwritten in the middle', () => writeFileSync(path, overwritten(readFileSync(path)))],
    ['has been cut short', () => writeFileSync(path, readFileSync(path).subarray(0, 5_000))],
  ])('throws a file away that %s, and goes on', (_what, damage) => {
    const cache = new EmbeddingCache(path, LIMIT_BYTES);
    const entries = Array.from({ length: 300 }, (_, at) => ({
      key: keyOf(`${at}`),
      embedding: embedding(at, 1),
    }));
    cache.put(entries);
    cache.close();
    damage();
    const again = new EmbeddingCache(path, LIMIT_BYTES);
    for (const [at, found] of again.get(entries.map(({ key }) => key)).entries()) {
      if (found !== undefined) expect(found).toEqual(embedding(at, 1));
    }
    again.put(entries);
    again.put(entries);
    expect(again.get([keyOf('7')])).toEqual([embedding(7, 1)]);
    again.close();
  });

  it('makes do without a file where there can be none, or is to be none', () => {
    for (const cache of [
      new EmbeddingCache(join(folder, 'no', 'folder.db'), LIMIT_BYTES),
      new EmbeddingCache(path, 0),
    ]) {
      cache.put([{ key: keyOf('a'), embedding: embedding(1) }]);
      expect(cache.get([keyOf('a')])).toEqual([undefined]);
      expect(cache.figures()).toMatchObject({ entries: 0 });
      cache.close();
    }
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('is right with several threads at it at once', async () => {
    const source = `
      import { workerData, parentPort } from 'node:worker_threads';
      const { EmbeddingCache, embeddingKey } = await import(workerData.module);
      const cache = new EmbeddingCache(workerData.path, 8_388_608);
      let wrong = 0, hits = 0;
      for (let round = 0; round < 40; round++) {
        const ids = Array.from({ length: 20 }, (_, at) => (round * 7 + at * workerData.step) % 200);
        const keys = ids.map((id) => embeddingKey(['test', id]));
        cache.get(keys).forEach((found, at) => {
          if (found === undefined) return;
          hits++;
          if (found.vector[0] !== ids[at] || found.vector.length !== 64) wrong++;
        });
        cache.put(ids.map((id, at) => ({ key: keys[at], embedding: { vector: new Float32Array(64).fill(id), truncated: false } })));
      }
      cache.close();
      parentPort.postMessage({ wrong, hits });`;
    const module = new URL('../../src/embedding/EmbeddingCache.ts', import.meta.url).href;
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const reports = await Promise.all(
      [1, 3, 7].map((step) => {
        const worker = new Worker(url, { workerData: { module, path, step } });
        return new Promise<{ wrong: number; hits: number }>((resolve, reject) => {
          worker.once('message', resolve).once('error', reject);
        });
      }),
    );
    expect(reports.map(({ wrong }) => wrong)).toEqual([0, 0, 0]);
    expect(reports.reduce((sum, { hits }) => sum + hits, 0)).toBeGreaterThan(100);
    const cache = new EmbeddingCache(path, 8_388_608);
    expect(cache.figures().hits).toBeGreaterThan(0);
    cache.close();
  });
});

function overwritten(bytes: Buffer): Buffer {
  return bytes.fill(0xff, 4_096, Math.min(bytes.length, 16_384));
}

describe('an embedder with a cache', () => {
  let server: ProviderServer;
  beforeEach(async () => {
    server = await ProviderServer.start('OPENAI');
  });
  afterEach(() => server.close());

  const contract: EmbeddingContract = {
    provider: 'OPENAI',
    model: 'some-model',
    dimension: null,
    metric: 'COSINE',
    normalized: true,
    frozen: false,
  };
  const embeddersOf = (environment: Readonly<Record<string, string>> = {}) =>
    new Embedders({
      config: parseConfig({ ...server.environment, ...environment }).embedding,
      cachePath: path,
      wait: async () => {},
    });
  const sent = () => server.requests.flatMap(({ texts }) => texts);

  it('sends a text once, also after a new start, and remembers what was cut', async () => {
    const long = 'word '.repeat(1_000);
    const first = embeddersOf();
    const made = await (await first.embedderFor(contract)).embed(['a', long, 'b'], { mode: 'DOCUMENT' });
    expect(made.truncated).toEqual([1]);
    first.close();
    const second = embeddersOf();
    const again = await (await second.embedderFor({ ...contract, dimension: 8 })).embed(['b', 'c', long], {
      mode: 'DOCUMENT',
    });
    expect(again.truncated).toEqual([2]);
    expect(sent()).toHaveLength(4);
    expect(again.vectors.subarray(0, 8)).toEqual(made.vectors.subarray(16));
    expect(second.cacheFigures()).toMatchObject({ hits: 2, misses: 4, entries: 4 });
    second.close();
  });

  it('tells apart all that makes another vector', async () => {
    const embedders = embeddersOf();
    const variants: [Partial<EmbeddingContract>, 'DOCUMENT' | 'QUERY'][] = [
      [{}, 'DOCUMENT'],
      [{}, 'QUERY'],
      [{ model: 'other-model' }, 'DOCUMENT'],
      [{ dimension: 16 }, 'DOCUMENT'],
      [{ documentPrefix: 'passage: ' }, 'DOCUMENT'],
    ];
    for (const [changes, mode] of variants) {
      const before = sent().length;
      const embedder = await embedders.embedderFor({ ...contract, ...changes });
      await embedder.embed(['a'], { mode });
      expect(sent().length).toBeGreaterThan(before);
    }
    // How vectors are scaled and compared is none of the model's business.
    const before = sent().length;
    await (await embedders.embedderFor({ ...contract, metric: 'DOT', normalized: false })).embed(['a'], {
      mode: 'QUERY',
    });
    expect(sent().length).toBe(before);
    embedders.close();

    const elsewhere = await ProviderServer.start('OPENAI');
    const others = embeddersOf(elsewhere.environment);
    await (await others.embedderFor(contract)).embed(['a'], { mode: 'QUERY' });
    others.close();
    await elsewhere.close();
    expect(elsewhere.requests).toHaveLength(1);
  });

  it('keeps what was made before a failure, so that it is not paid for twice', async () => {
    const embedders = embeddersOf({ ALCOVE_EMBEDDING_CONCURRENCY: '1' });
    const embedder = await embedders.embedderFor(contract);
    const texts = Array.from({ length: 2_000 }, (_, at) => `Text ${at}`);
    server.faults.push(...new Array(40).fill(undefined), failing(401));
    await refusal(embedder.embed(texts, { mode: 'DOCUMENT' }), 'EmbedderError');
    const before = sent().length;
    await embedder.embed(texts, { mode: 'DOCUMENT' });
    expect(sent().length - before).toBe(2_000 - 1_024);
    embedders.close();
  });

  it('holds no text and no key', async () => {
    const embedders = embeddersOf();
    await (await embedders.embedderFor(contract)).embed(['a very secret text'], { mode: 'DOCUMENT' });
    embedders.close();
    const bytes = readFileSync(path).toString('latin1');
    expect(bytes).not.toContain('secret text');
    expect(bytes).not.toContain('test-key');
  });
});
