import { describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { METRICS, recallOf } from './reference.ts';

const COUNT = 3_000;
const QUERIES = 60;
const TURNOVERS = 10;
const BATCH = 100;

function graph(
  metric: (typeof METRICS)[number],
  dimension: number,
  codes: 'SCALAR' | 'BINARY' = 'SCALAR',
): HnswIndex {
  const index = createIndex({ type: 'HNSW', metric, dimension, seed: 3, codes });
  if (!(index instanceof HnswIndex)) throw new Error(`not a graph: ${index.parameters.type}`);
  return index;
}

function consolidate(index: HnswIndex): void {
  while (index.consolidationDue()) for (const _ of index.consolidate());
}

const churned = [
  ...METRICS.map((metric) => ({ metric, dimension: 64, codes: 'SCALAR' }) as const),
  { metric: 'COSINE', dimension: 128, codes: 'BINARY' } as const,
];

describe.each(churned)(
  'a graph under churn with $metric and $codes codes',
  ({ metric, dimension, codes }) => {
    it('finds as much after ten turnovers as a fresh one, and nothing gets lost', () => {
      const versions = TURNOVERS + 1;
      const all = clustered({
        count: COUNT * versions + QUERIES,
        dimension,
        seed: 21,
        clusters: 40,
        latent: 32,
        spread: 2,
      });
      const row = (i: number) => all.subarray(i * dimension, (i + 1) * dimension);
      const queries = Array.from({ length: QUERIES }, (_, i) => row(COUNT * versions + i));
      const index = graph(metric, dimension, codes);
      index.insert(ordinalsFrom(0, COUNT), all.subarray(0, COUNT * dimension));
      const random = randomFrom(9);
      let live = [...ordinalsFrom(0, COUNT)];
      for (let at = COUNT; at < COUNT * versions; at += BATCH) {
        const gone = new Set(Array.from({ length: BATCH }, () => Math.floor(random() * live.length)));
        while (gone.size < BATCH) gone.add(Math.floor(random() * live.length));
        index.insert(ordinalsFrom(at, BATCH), all.subarray(at * dimension, (at + BATCH) * dimension));
        index.remove(Uint32Array.from(live.filter((_, i) => gone.has(i))));
        live = live.filter((_, i) => !gone.has(i)).concat([...ordinalsFrom(at, BATCH)]);
        consolidate(index);
      }
      expect(index.stats().live).toBe(COUNT);
      expect(index.unreachable()).toBe(0);
      const fresh = graph(metric, dimension, codes);
      for (const ordinal of live) fresh.insert(Uint32Array.of(ordinal), row(ordinal));
      // Below an effort of 64, binary codes find what chance has them confuse.
      for (const effort of codes === 'BINARY' ? [64, 128] : [16, 64]) {
        const loss = recallOf(fresh, queries, 10, effort) - recallOf(index, queries, 10, effort);
        expect(loss).toBeLessThanOrEqual(0.01);
      }
    });
  },
);

describe('a consolidation', () => {
  it('leaves no way to a tombstone, and answers that are as near as before', () => {
    const dimension = 50;
    const index = graph('COSINE', dimension);
    const vectors = clustered({ count: 2_000, dimension, seed: 4, clusters: 20 });
    index.insert(ordinalsFrom(0, 2_000), vectors);
    index.remove(ordinalsFrom(500, 700));
    expect(index.consolidationDue()).toBe(true);
    const queries = Array.from({ length: 40 }, (_, i) =>
      vectors.subarray(i * 40 * dimension, (i * 40 + 1) * dimension),
    );
    const before = recallOf(index, queries, 10);
    for (const _ of index.consolidate(0)) expect(index.unreachable()).toBe(0);
    expect(index.strays()).toBe(0);
    expect(index.consolidationDue()).toBe(false);
    expect(recallOf(index, queries, 10)).toBeGreaterThanOrEqual(before - 0.01);
  });

  it('may be left at any point, with inserts and removals in between', () => {
    const dimension = 40;
    const index = graph('EUCLIDEAN', dimension);
    const vectors = clustered({ count: 6_000, dimension, seed: 5, clusters: 10 });
    index.insert(ordinalsFrom(0, 1_000), vectors.subarray(0, 1_000 * dimension));
    const random = randomFrom(6);
    let next = 1_000;
    for (let round = 0; round < 12; round++) {
      const from = Math.floor(random() * (next - 300));
      index.remove(ordinalsFrom(from, 300));
      let slices = Math.floor(random() * 60);
      for (const _ of index.consolidate(0)) {
        expect(index.unreachable()).toBe(0);
        if (slices-- === 0) break;
        index.insert(ordinalsFrom(next, 5), vectors.subarray(next * dimension, (next + 5) * dimension));
        index.remove(Uint32Array.of(Math.floor(random() * next)));
        next += 5;
      }
    }
    for (const _ of index.consolidate());
    expect(index.strays()).toBe(0);
    expect(index.unreachable()).toBe(0);
  });

  it('keeps one of many equal vectors in the graph for those that live, and lets the list of them grow shorter', () => {
    const dimension = 40;
    const index = graph('COSINE', dimension);
    const vector = clustered({ count: 1, dimension, seed: 7 });
    const others = clustered({ count: 500, dimension, seed: 8 });
    index.insert(ordinalsFrom(0, 500), others);
    for (let i = 0; i < 1_000; i++) {
      index.insert(Uint32Array.of(500 + i), vector);
      if (i > 0) index.remove(Uint32Array.of(499 + i));
      if (index.consolidationDue()) for (const _ of index.consolidate());
    }
    expect([...index.search(vector, { k: 1 }).ordinals]).toEqual([1_499]);
    for (const _ of index.consolidate());
    expect(index.search(vector, { k: 10 }).visited).toBeLessThan(200);
    index.remove(Uint32Array.of(1_499));
    for (const _ of index.consolidate());
    expect(index.search(vector, { k: 600 }).ordinals).toHaveLength(500);
    expect(index.unreachable()).toBe(0);
  });

  it('takes everything out, and begins anew with what comes then', () => {
    const index = graph('DOT', 40);
    const vectors = clustered({ count: 600, dimension: 40, seed: 10 });
    index.insert(ordinalsFrom(0, 500), vectors.subarray(0, 500 * 40));
    index.remove(ordinalsFrom(0, 500));
    for (const _ of index.consolidate());
    expect(index.search(vectors.subarray(0, 40), { k: 3 }).ordinals).toHaveLength(0);
    index.insert(ordinalsFrom(500, 100), vectors.subarray(500 * 40));
    for (const _ of index.consolidate());
    expect(index.search(vectors.subarray(0, 40), { k: 200 }).ordinals).toHaveLength(100);
    expect(index.unreachable()).toBe(0);
    expect(index.strays()).toBe(0);
  });
});
