import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { METRICS, Model, recallOf } from './reference.ts';

const COUNT = 20_000;
const QUERIES = 60;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A built index of the vectors. */
function built(metric: Metric, dimension: number, vectors: Float32Array): SegmentIndex {
  const count = vectors.length / dimension;
  const index = createIndex({ type: 'LSH', metric, dimension, seed: 3, expected: count });
  index.append(ordinalsFrom(0, count), vectors);
  for (const done of index.build()) expect(done).toBeLessThanOrEqual(count);
  return index;
}

/** Clustered vectors, and queries of the same kind that are not among them. */
function sample(dimension: number, spread: number) {
  const all = clustered({ count: COUNT + QUERIES, dimension, seed: 21, clusters: 100, latent: 32, spread });
  const queries = Array.from({ length: QUERIES }, (_, i) =>
    all.subarray((COUNT + i) * dimension, (COUNT + i + 1) * dimension),
  );
  return { vectors: all.subarray(0, COUNT * dimension), queries };
}

const shapes = METRICS.flatMap((metric) => [
  { metric, dimension: 20, spread: 1 },
  { metric, dimension: 100, spread: 1 },
  { metric, dimension: 100, spread: 4 },
]);

describe.each(shapes)('buckets with $metric in $dimension dimensions, norms spread by $spread', (shape) => {
  const { metric, dimension, spread } = shape;
  const { vectors, queries } = sample(dimension, spread);
  let index: SegmentIndex;
  let path: string;
  beforeAll(() => {
    index = built(metric, dimension, vectors);
    path = join(folder, `${metric}-${dimension}-${spread}`);
    index.save(path, { session: randomUUID(), revision: 1, libraryKey: 1 });
  });

  it('find nine of ten neighbours among a part of the vectors, and more with more effort', () => {
    expect(recallOf(index, queries, 10)).toBeGreaterThanOrEqual(0.9);
    const recalls = [2, 8, 32, 64, 128].map((effort) => recallOf(index, queries, 10, effort));
    recalls.forEach((recall, i) => {
      if (i > 0) expect(recall).toBeGreaterThanOrEqual((recalls[i - 1] ?? 1) - 0.01);
    });
    for (const query of queries) {
      const { compared, visited } = index.search(query, { k: 10, effort: 32 });
      expect(visited).toBeGreaterThan(0);
      expect(compared).toBeLessThan(COUNT / 4);
    }
  });

  it('find what a filter lets through, and nothing removed', () => {
    const changed = openIndex(path).index;
    const model = new Model(metric);
    model.insert(ordinalsFrom(0, COUNT), vectors);
    const gone = ordinalsFrom(0, COUNT).filter((ordinal) => ordinal % 5 === 0);
    changed.remove(gone);
    model.remove(gone);
    const third = ordinalsFrom(0, COUNT).filter((ordinal) => ordinal % 3 === 0);
    const allowed = Bitmap.of(COUNT, third);
    let found = 0;
    for (const query of queries) {
      const exact = new Set(changed.search(query, { k: 10, exact: true, allowed }).ordinals);
      const result = changed.search(query, { k: 10, effort: 24, allowed });
      expect(result.ordinals).toHaveLength(10);
      model.expectSane(result, query, third);
      found += result.ordinals.filter((ordinal) => exact.has(ordinal)).length;
    }
    expect(found / (10 * QUERIES)).toBeGreaterThanOrEqual(0.85);
  });

  it('answer the same after being saved and opened, and find what came later', () => {
    const { index: opened } = openIndex(path);
    expect(opened.parameters).toEqual(index.parameters);
    for (const query of queries) {
      expect(opened.search(query, { k: 10 })).toEqual(index.search(query, { k: 10 }));
    }
    const query = (queries[0] ?? new Float32Array(dimension)).map((x) => 20 * x);
    opened.insert(Uint32Array.of(COUNT), query);
    expect(opened.search(query, { k: 5, effort: 16 }).ordinals).toContain(COUNT);
    expect(opened.stats().tail).toBe(1);
  });
});

describe.each(METRICS)('buckets with %s', (metric) => {
  it('hold equal vectors once, and return as many of them as asked for', () => {
    const dimension = 48;
    const around = clustered({ count: 10_000, dimension, seed: 5, clusters: 50 });
    const vectors = new Float32Array(20_000 * dimension);
    vectors.set(around);
    const twin = around.subarray(7 * dimension, 8 * dimension);
    for (let at = around.length; at < vectors.length; at += dimension) vectors.set(twin, at);
    const index = built(metric, dimension, vectors);
    for (const k of [10, 3_000]) {
      const { distances, compared } = index.search(twin, { k, effort: 16 });
      const exact = index.search(twin, { k, exact: true });
      expect(distances).toEqual(exact.distances);
      expect(compared).toBeLessThan(exact.compared);
    }
    index.remove(Uint32Array.of(7, ...ordinalsFrom(10_000, 9_995)));
    const last = index.search(twin, { k: 5, effort: 16 });
    expect(last.distances).toEqual(index.search(twin, { k: 5, exact: true }).distances);
  });

  it('compare vectors without a direction with every query', () => {
    const dimension = 40;
    const vectors = clustered({ count: 10_000, dimension, seed: 6 }).map((x) => Math.abs(x));
    const zero = 4_321;
    vectors.fill(0, zero * dimension, (zero + 1) * dimension);
    const index = built(metric, dimension, vectors);
    const query = new Float32Array(dimension).fill(-1);
    const { ordinals } = index.search(query, { k: 5, effort: 1 });
    if (metric === 'EUCLIDEAN') return;
    expect(ordinals[0]).toBe(zero);
  });

  it('answer queries without a direction', () => {
    const dimension = 40;
    const index = built(metric, dimension, clustered({ count: 10_000, dimension, seed: 7 }));
    for (const value of [0, Number.NaN, 1e38]) {
      const query = new Float32Array(dimension).fill(value);
      const { ordinals, distances } = index.search(query, { k: 7, effort: 4 });
      expect(ordinals).toHaveLength(7);
      expect(distances.some(Number.isNaN)).toBe(false);
    }
  });
});

it('come out the same when threads share the work', async () => {
  const dimension = 64;
  const { vectors, queries } = sample(dimension, 2);
  const alone = built('DOT', dimension, vectors);
  const shared = createIndex({ type: 'LSH', metric: 'DOT', dimension, seed: 3, expected: COUNT });
  shared.append(ordinalsFrom(0, COUNT), vectors);
  const source = new URL('./buildThread.ts', import.meta.url);
  const workers = [1, 2].map(() => new Worker(source, { workerData: shared.share() }));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  for (const query of queries) {
    expect(shared.search(query, { k: 10 })).toEqual(alone.search(query, { k: 10 }));
  }
});

it('come out the same for the same seed, and differently for another', () => {
  const dimension = 64;
  const { vectors, queries } = sample(dimension, 1);
  const compared = [3, 3, 4].map((seed) => {
    const index = createIndex({ type: 'LSH', metric: 'COSINE', dimension, seed, expected: COUNT });
    index.append(ordinalsFrom(0, COUNT), vectors);
    for (const _ of index.build());
    return queries.map((query) => index.search(query, { k: 10, effort: 20 }).compared);
  });
  expect(compared[1]).toEqual(compared[0]);
  expect(compared[2]).not.toEqual(compared[0]);
});

it('scan a filter that lets few vectors through', () => {
  const random = randomFrom(2);
  const { vectors, queries } = sample(20, 1);
  const index = built('EUCLIDEAN', 20, vectors);
  const few = ordinalsFrom(0, COUNT).filter(() => random() < 0.02);
  const result = index.search(queries[0] ?? new Float32Array(20), { k: 3, allowed: Bitmap.of(COUNT, few) });
  expect(result).toMatchObject({ visited: 0, compared: few.length });
});
