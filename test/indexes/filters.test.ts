import { beforeAll, describe, expect, it } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { METRICS } from './reference.ts';

const COUNT = 12_000;
const QUERIES = 12;
const K = 10;
const SHARES = [1 / COUNT, 0.002, 0.02, 0.1, 0.3, 0.6, 0.95, 1];
/** Regions of the data that filters by label let through or not. */
const LABELS = 40;

type Kind = 'random' | 'correlated' | 'anti-correlated' | 'conjunctive';
const KINDS: readonly Kind[] = ['random', 'correlated', 'anti-correlated', 'conjunctive'];

describe.each([
  { metric: 'COSINE', dimension: 200, codes: 'SCALAR' },
  { metric: 'EUCLIDEAN', dimension: 200, codes: 'SCALAR' },
  { metric: 'DOT', dimension: 200, codes: 'SCALAR' },
  { metric: 'COSINE', dimension: 24, codes: 'SCALAR' },
  { metric: 'DOT', dimension: 200, codes: 'BINARY' },
] as const)('a search with $metric in $dimension dimensions ($codes), filtered', (shape) => {
  const { metric, dimension, codes } = shape;
  let index: SegmentIndex;
  let queries: Float32Array[];
  let labels: Uint8Array;
  const random = randomFrom(17);

  beforeAll(() => {
    expect(METRICS).toContain(metric);
    const all = clustered({ count: COUNT + QUERIES, dimension, seed: 31, clusters: 60, latent: 24 });
    const row = (i: number) => all.subarray(i * dimension, (i + 1) * dimension);
    index = createIndex({ type: 'HNSW', metric, dimension, seed: 2, codes });
    index.insert(ordinalsFrom(0, COUNT), all.subarray(0, COUNT * dimension));
    index.remove(ordinalsFrom(3_000, 200));
    queries = Array.from({ length: QUERIES }, (_, i) => row(COUNT + i));
    labels = new Uint8Array(COUNT);
    const ranks = Array.from({ length: LABELS }, (_, label) =>
      index.search(row(label * 290), { k: COUNT, exact: true }),
    );
    const nearest = new Float32Array(COUNT).fill(Number.POSITIVE_INFINITY);
    ranks.forEach(({ ordinals, distances }, label) => {
      ordinals.forEach((ordinal, i) => {
        if ((distances[i] ?? 0) >= (nearest[ordinal] ?? 0)) return;
        nearest[ordinal] = distances[i] ?? 0;
        labels[ordinal] = label;
      });
    });
  });

  /** Labels from the query's own on, in the order in which they are first met going away from it. */
  function labelsFrom(query: Float32Array): number[] {
    return [
      ...new Set([...index.search(query, { k: COUNT, exact: true }).ordinals].map((o) => labels[o] ?? 0)),
    ];
  }

  /** About this share of all slots. */
  function filterOf(kind: Kind, share: number, query: Float32Array): Bitmap {
    const wanted = Math.max(1, Math.round(share * COUNT));
    const slots = Array.from({ length: COUNT }, (_, slot) => slot);
    if (kind === 'random') return Bitmap.of(COUNT, slots.filter(() => random() < share).concat(wanted - 1));
    const near = labelsFrom(query);
    const ordered = kind === 'anti-correlated' ? near.toReversed() : near;
    const place = new Map(ordered.map((label, i) => [label, i]));
    const byLabel = slots.toSorted(
      (a, b) => (place.get(labels[a] ?? 0) ?? 0) - (place.get(labels[b] ?? 0) ?? 0),
    );
    const inLabels = Bitmap.of(COUNT, byLabel.slice(0, wanted));
    if (kind !== 'conjunctive') return inLabels;
    return inLabels.and(
      Bitmap.of(
        COUNT,
        slots.filter((slot) => slot % 2 === 0),
      ),
    );
  }

  it.each(KINDS)('finds at least 95 of 100 and never fewer than there are, with %s filters', (kind) => {
    for (const share of SHARES) {
      let found = 0;
      let expected = 0;
      for (const query of queries) {
        const allowed = filterOf(kind, share, query);
        const truth = index.search(query, { k: K, allowed, exact: true });
        const { ordinals, distances } = index.search(query, { k: K, allowed });
        expect(ordinals).toHaveLength(truth.ordinals.length);
        expect(new Set(ordinals).size).toBe(ordinals.length);
        expect(ordinals.every((ordinal) => allowed.has(ordinal))).toBe(true);
        const farthest = (truth.distances.at(-1) ?? 0) + 1e-6;
        found += distances.filter((distance) => distance <= farthest).length;
        expected += truth.ordinals.length;
      }
      expect(found / Math.max(1, expected), `${kind} ${share}`).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('finds what comes next when just the nearest are left out', () => {
    for (const leftOut of [0.1, 0.5, 0.75]) {
      let found = 0;
      for (const query of queries) {
        const near = index.search(query, { k: COUNT, exact: true });
        const first = Math.floor(leftOut * near.ordinals.length);
        const allowed = Bitmap.of(COUNT, near.ordinals.subarray(first));
        const farthest = (near.distances[first + K - 1] ?? 0) + 1e-6;
        const { distances } = index.search(query, { k: K, allowed });
        found += distances.filter((distance) => distance <= farthest).length;
      }
      expect(found / (K * QUERIES), `${leftOut}`).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('returns all matches when more are asked for, nearest first', () => {
    const query = queries[0] as Float32Array;
    for (const share of [0.01, 0.1]) {
      const allowed = filterOf('random', share, query);
      const truth = index.search(query, { k: COUNT, allowed, exact: true });
      const { ordinals } = index.search(query, { k: COUNT, allowed });
      expect(ordinals.toSorted()).toEqual(truth.ordinals.toSorted());
    }
  });

  it('says how it went about it', () => {
    const query = queries[0] as Float32Array;
    const methodOf = (share: number) =>
      index.search(query, { k: K, allowed: filterOf('random', share, query) }).method;
    expect(methodOf(0.005)).toBe('SCAN');
    expect(methodOf(1)).toBe('WALK');
    expect(index.search(query, { k: K }).method).toBe('WALK');
    if (dimension < 192) return;
    const near = index.search(query, { k: COUNT, exact: true }).ordinals;
    const methodAmong = (allowed: Uint32Array) =>
      index.search(query, { k: K, allowed: Bitmap.of(COUNT, allowed) }).method;
    expect(methodAmong(near.subarray(0, COUNT / 2))).toBe('WALK');
    expect(methodAmong(near.subarray(COUNT / 2))).not.toBe('WALK');
  });
});

describe.each(METRICS)('a walk with %s past what a filter leaves out', (metric) => {
  const dimension = 24;
  const effort = 128;
  const share = 0.4;
  const all = clustered({ count: COUNT + 50, dimension, seed: 5, clusters: 60, latent: 24 });
  const index = createIndex({ type: 'HNSW', metric, dimension, seed: 2 });
  index.insert(ordinalsFrom(0, COUNT), all.subarray(0, COUNT * dimension));
  const random = randomFrom(3);

  it(
    metric === 'DOT'
      ? 'expands what holds as many matches as an unfiltered beam, for inner products know no margin'
      : 'ends when it is as far past the last hit as an unfiltered one, and finds as much',
    () => {
      let expanded = 0;
      let found = 0;
      for (let i = COUNT; i < COUNT + 50; i++) {
        const query = all.subarray(i * dimension, (i + 1) * dimension);
        const slots = Array.from({ length: COUNT }, (_, slot) => slot).filter(() => random() < share);
        const allowed = Bitmap.of(COUNT, slots);
        const { visited, method, distances } = index.search(query, { k: K, effort, allowed });
        const truth = index.search(query, { k: K, allowed, exact: true });
        expect(method).toBe('WALK');
        expanded += visited / 50;
        found += distances.filter((distance) => distance <= (truth.distances.at(-1) ?? 0) + 1e-6).length;
      }
      expect(found).toBeGreaterThanOrEqual(0.99 * 50 * K);
      if (metric === 'DOT') expect(expanded).toBeGreaterThanOrEqual((0.9 * effort) / share);
      else expect(expanded).toBeLessThan((0.8 * effort) / share);
    },
  );
});
