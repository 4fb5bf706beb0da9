import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { estimateBytes } from '../../src/indexes/estimateBytes.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import { clustered, gaussianFrom, ordinalsFrom, randomFrom } from './data.ts';
import { METRICS } from './reference.ts';

const COUNT = 6_000;
const TAIL = 500;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A tree over all but the last `tail` of the vectors, and a FLAT index of all of them. */
function pair(metric: Metric, dimension: number, vectors: Float32Array, tail = TAIL) {
  const count = vectors.length / dimension;
  const common = { metric, dimension, seed: 1 };
  const tree = createIndex({ ...common, type: 'KD_TREE', expected: count - tail });
  const flat = createIndex({ ...common, type: 'FLAT' });
  tree.append(ordinalsFrom(0, count - tail), vectors.subarray(0, (count - tail) * dimension));
  for (const done of tree.build()) expect(done).toBeLessThanOrEqual(count);
  tree.insert(ordinalsFrom(count - tail, tail), vectors.subarray((count - tail) * dimension));
  flat.insert(ordinalsFrom(0, count), vectors);
  return { tree, flat };
}

/** The answers of both are the same to the last bit, and those of the tree come from its leaves. */
function expectSame(
  { tree, flat }: { tree: SegmentIndex; flat: SegmentIndex },
  queries: readonly Float32Array[],
  allowed?: Bitmap,
): void {
  let visited = 0;
  for (const query of queries) {
    for (const k of [1, 10, 100]) {
      const { ordinals, distances } = flat.search(query, { k, ...(allowed && { allowed }) });
      const found = tree.search(query, { k, ...(allowed && { allowed }) });
      expect(found.distances).toEqual(distances);
      expect(found.ordinals).toEqual(ordinals);
      visited += found.visited;
    }
  }
  expect(visited).toBeGreaterThan(0);
}

/** Queries: some of the vectors, some between two of them, and the origin. */
function queriesAmong(vectors: Float32Array, dimension: number): Float32Array[] {
  const random = randomFrom(dimension);
  const any = () => {
    const at = Math.floor((random() * vectors.length) / dimension) * dimension;
    return vectors.slice(at, at + dimension);
  };
  const between = () => {
    const other = any();
    return any().map((x, i) => 0.6 * x + 0.4 * (other[i] ?? 0));
  };
  return [
    ...Array.from({ length: 8 }, any),
    ...Array.from({ length: 8 }, between),
    new Float32Array(dimension),
  ];
}

const shapes = METRICS.flatMap((metric) => [1, 2, 3, 8, 13, 24].map((dimension) => ({ metric, dimension })));

describe.each(shapes)('a tree with $metric in $dimension dimensions answers as an exact scan', (shape) => {
  const { metric, dimension } = shape;

  it('among clusters, with norms far apart', () => {
    const vectors = clustered({ count: COUNT, dimension, seed: 5, clusters: 40, spread: 3 });
    expectSame(pair(metric, dimension, vectors), queriesAmong(vectors, dimension));
  });

  it('among few values, where many are equally far away', () => {
    const random = randomFrom(8);
    const vectors = Float32Array.from({ length: COUNT * dimension }, () => Math.floor(random() * 3) - 1);
    expectSame(pair(metric, dimension, vectors), queriesAmong(vectors, dimension));
  });

  it('among vectors that float32 can hardly tell apart', () => {
    const gaussian = gaussianFrom(9);
    const vectors = Float32Array.from({ length: COUNT * dimension }, (_, i) =>
      Math.fround(((i % dimension) + 1) * (1 + 1e-7 * Math.round(2 * gaussian()))),
    );
    expectSame(pair(metric, dimension, vectors), queriesAmong(vectors, dimension));
  });

  it('with filters, and after removals', () => {
    const vectors = clustered({ count: COUNT, dimension, seed: 6, clusters: 40 });
    const both = pair(metric, dimension, vectors);
    const queries = queriesAmong(vectors, dimension);
    const half = Bitmap.of(
      COUNT,
      [...ordinalsFrom(0, COUNT)].filter((slot) => slot % 2 === 0),
    );
    expectSame(both, queries, half);
    const early = Bitmap.of(2_000, ordinalsFrom(0, 2_000));
    expectSame(both, queries, early);
    const gone = ordinalsFrom(0, COUNT).filter((ordinal) => ordinal % 3 === 0);
    for (const index of [both.tree, both.flat]) index.remove(gone);
    expectSame(both, queries);
    expectSame(both, queries, half);
  });

  it('after it was saved and opened', () => {
    const vectors = clustered({ count: COUNT, dimension, seed: 7, clusters: 40 });
    const { tree, flat } = pair(metric, dimension, vectors);
    const path = join(folder, `${metric}-${dimension}`);
    tree.save(path, { session: randomUUID(), revision: 1, libraryKey: 1 });
    const { index: opened } = openIndex(path);
    expect(opened.parameters).toEqual(tree.parameters);
    expect(opened.stats()).toEqual(tree.stats());
    expectSame({ tree: opened, flat }, queriesAmong(vectors, dimension));
  });
});

describe.each(METRICS)('a tree with %s', (metric) => {
  it('takes thousands of equal vectors, and returns as many as asked for', () => {
    const vectors = Float32Array.from({ length: 4_000 * 4 }, (_, i) => (i % 4) + 0.1);
    expectSame(pair(metric, 4, vectors), [vectors.slice(0, 4), Float32Array.of(9, -1, 0, 3)]);
  });

  it('takes vectors that are only zero', () => {
    expectSame(pair(metric, 5, new Float32Array(5 * 4_000)), [new Float32Array(5).fill(1)]);
  });

  it('keeps vectors out of its leaves whose sums could overflow, and finds them', () => {
    const gaussian = gaussianFrom(3);
    const vectors = Float32Array.from(
      { length: 4_000 * 6 },
      (_, i) => gaussian() * (Math.floor(i / 6) % 50 === 0 ? 1e17 : 1),
    );
    expectSame(pair(metric, 6, vectors), queriesAmong(vectors, 6).slice(0, -1));
    const wild = vectors.map((x) => x * 1e18);
    const { tree, flat } = pair('EUCLIDEAN', 6, wild);
    for (const query of queriesAmong(vectors, 6)) {
      expect(tree.search(query, { k: 10 }).ordinals).toEqual(flat.search(query, { k: 10 }).ordinals);
    }
  });

  it('answers queries that are not numbers, or too large, as the scan does', () => {
    const vectors = clustered({ count: COUNT, dimension: 4, seed: 4 });
    const { tree, flat } = pair(metric, 4, vectors);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e30, 1e-44]) {
      const query = Float32Array.of(value, 1, 0, -1);
      const { ordinals, distances } = tree.search(query, { k: 10 });
      expect({ ordinals, distances }).toEqual({
        ordinals: flat.search(query, { k: 10 }).ordinals,
        distances: flat.search(query, { k: 10 }).distances,
      });
    }
  });

  it('finds more the more leaves it may look at, and k of them whatever the limit', () => {
    const dimension = 10;
    const vectors = clustered({ count: 20_000, dimension, seed: 12, clusters: 300 });
    const { tree } = pair(metric, dimension, vectors, 0);
    const queries = queriesAmong(vectors, dimension).slice(0, -1);
    const found = [1, 4, 16, 64, 625].map((effort) =>
      queries.reduce((sum, query) => {
        const exact = new Set(tree.search(query, { k: 10 }).ordinals);
        const result = tree.search(query, { k: 10, effort });
        expect(result.ordinals).toHaveLength(10);
        expect(result.visited).toBeLessThanOrEqual(effort);
        return sum + result.ordinals.filter((ordinal) => exact.has(ordinal)).length;
      }, 0),
    );
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found.at(-1)).toBe(queries.length * 10);
    const many = tree.search(queries[0] ?? new Float32Array(dimension), { k: 100, effort: 1 });
    expect(many.ordinals).toHaveLength(100);
  });
});

/** Runs build() of an index to its end in a thread of its own. */
async function buildInThread(index: SegmentIndex): Promise<void> {
  const source = new URL('./buildThread.ts', import.meta.url);
  const worker = new Worker(source, { workerData: index.share() });
  await once(worker, 'exit');
}

it('comes out the same when threads share the work', async () => {
  const dimension = 5;
  const count = 60_000;
  const vectors = clustered({ count, dimension, seed: 13 });
  const parameters = { type: 'KD_TREE', metric: 'EUCLIDEAN', dimension, seed: 1, expected: count } as const;
  const [alone, shared] = [createIndex(parameters), createIndex(parameters)];
  for (const index of [alone, shared]) index.append(ordinalsFrom(0, count), vectors);
  for (const _ of alone.build());
  await Promise.all([buildInThread(shared), buildInThread(shared)]);
  for (const query of queriesAmong(vectors, dimension)) {
    expect(shared.search(query, { k: 20 })).toEqual(alone.search(query, { k: 20 }));
  }
});

describe('the tables of a tree', () => {
  const parameters = { type: 'KD_TREE', metric: 'EUCLIDEAN', dimension: 4, seed: 1 } as const;

  it('cover what was expected, and the rest is the tail', () => {
    const index = createIndex({ ...parameters, expected: 4_000 });
    const vectors = clustered({ count: 6_000, dimension: 4, seed: 1 });
    expect(index.stats().tail).toBe(0);
    index.append(ordinalsFrom(0, 4_500), vectors.subarray(0, 4 * 4_500));
    expect(index.stats().tail).toBe(4_500);
    for (const _ of index.build());
    expect(index.stats().tail).toBe(500);
    index.insert(ordinalsFrom(4_500, 1_500), vectors.subarray(4 * 4_500));
    expect(index.stats().tail).toBe(2_000);
    for (const _ of index.build());
    expect(index.stats().tail).toBe(2_000);
  });

  it('are not there for many dimensions, which are scanned, and no rebuild is asked for', () => {
    const index = createIndex({ ...parameters, dimension: 25, expected: 5_000 });
    index.append(ordinalsFrom(0, 5_000), clustered({ count: 5_000, dimension: 25, seed: 1 }));
    for (const _ of index.build());
    expect(index.search(new Float32Array(25), { k: 3 })).toMatchObject({ visited: 0, compared: 5_000 });
    expect(index.stats().tail).toBe(0);
  });

  it('are counted in the estimate of memory', () => {
    const without = estimateBytes(parameters, 100_000);
    const expected = 100_000;
    const withTables = estimateBytes({ ...parameters, expected }, expected);
    expect(withTables - without).toBeGreaterThan(expected * (4 + 4 * 4));
    expect(withTables - without).toBeLessThan(expected * (4 + 4 * 4 + 4));
  });
});
