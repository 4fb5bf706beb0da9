import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { holding, KINDS, type Kind, METRICS, Model } from './reference.ts';

/** One that fills a lane, odd tails below and above where walks change from rows to codes, and a common one. */
const DIMENSIONS = [1, 3, 31, 33, 100];
/** The least that binary codes take, and one that is no power of two, nor whole words of bits. */
const BINARY_DIMENSIONS = [128, 200];
const COUNT = 1_100;
/** Of these, so many are there when the index is built; the others come later. */
const BUILT = 1_000;
const QUERIES = 12;

const cases = KINDS.flatMap((kind) =>
  METRICS.flatMap((metric) =>
    (kind.codes === 'BINARY' ? BINARY_DIMENSIONS : DIMENSIONS).map((dimension) => ({
      ...kind,
      metric,
      dimension,
    })),
  ),
);
type Case = Pick<Kind, 'type' | 'codes'> & { readonly metric: Metric; readonly dimension: number };

/** Un-normalised vectors, as DOT and EUCLIDEAN must take them. */
function sample(dimension: number): { vectors: Float32Array; queries: Float32Array[] } {
  const all = clustered({ count: COUNT + QUERIES, dimension, seed: dimension, clusters: 20, spread: 3 });
  const row = (i: number) => all.subarray(i * dimension, (i + 1) * dimension);
  return {
    vectors: all.subarray(0, COUNT * dimension),
    queries: Array.from({ length: QUERIES }, (_, i) => row(COUNT + i)),
  };
}

function filled({ type, codes, metric, dimension }: Case) {
  const { vectors, queries } = sample(dimension);
  const index = createIndex({
    ...{ type, codes, metric, dimension, seed: 7, m: 8 },
    ...{ efConstruction: 64, expected: BUILT },
  });
  const model = new Model(metric);
  const ordinals = ordinalsFrom(10, COUNT).map((ordinal) => ordinal * 3);
  index.append(ordinals.subarray(0, BUILT), vectors.subarray(0, BUILT * dimension));
  for (const done of index.build()) expect(done).toBeLessThanOrEqual(BUILT);
  index.insert(ordinals.subarray(BUILT), vectors.subarray(BUILT * dimension));
  model.insert(ordinals, vectors);
  return { index, model, ordinals, vectors, queries };
}

function expectConnected(index: SegmentIndex): void {
  if (index instanceof HnswIndex) expect(index.unreachable()).toBe(0);
}

describe.each(cases)('$name with $metric in $dimension dimensions', (which) => {
  const { name, type, codes, metric, dimension } = which;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds nothing while it is empty', () => {
    const index = createIndex({ type, codes, metric, dimension, seed: 1 });
    const query = new Float32Array(dimension).fill(1);
    expect(index.search(query, { k: 10 }).ordinals).toHaveLength(0);
    expect(index.search(query, { k: 10, exact: true }).ordinals).toHaveLength(0);
    expect(index.ordinals()).toHaveLength(0);
    expect(index.vector(3)).toBeUndefined();
    expect(index.stats()).toMatchObject({ live: 0, tombstones: 0 });
  });

  it('finds the very nearest when asked to be exact', () => {
    const { index, model, queries } = filled(which);
    for (const query of queries) model.expectExact(index.search(query, { k: 10, exact: true }), query, 10);
  });

  it('finds nearly all of the nearest by default', () => {
    const { index, model, queries } = filled(which);
    let found = 0;
    for (const query of queries) {
      const result = index.search(query, { k: 10 });
      model.expectSane(result, query);
      const farthest = model.nearest(query, 10).at(-1)?.distance ?? 0;
      found += result.distances.filter((d) => d <= farthest + 1e-5 * (1 + Math.abs(farthest))).length;
    }
    expect(found / (10 * QUERIES)).toBeGreaterThanOrEqual(0.95);
    expectConnected(index);
  });

  it('returns what was inserted', () => {
    const { index, ordinals, vectors } = filled(which);
    expect(index.ordinals()).toEqual(ordinals);
    expect(index.vector(ordinals[5] ?? 0)).toEqual(vectors.slice(5 * dimension, 6 * dimension));
    expect(index.vector(1)).toBeUndefined();
  });

  it('compares only the allowed, and passes over ordinals that it does not know', () => {
    const { index, model, ordinals, queries } = filled(which);
    const random = randomFrom(3);
    const allowed = Uint32Array.from(
      [...ordinals].filter(() => random() < 0.3).flatMap((ordinal) => [ordinal, ordinal + 1]),
    );
    for (const query of queries) {
      const exact = index.search(query, { k: 10, exact: true, allowed: holding(index, allowed) });
      model.expectExact(exact, query, 10, allowed);
      expect(exact.compared).toBe(allowed.length / 2);
      model.expectSane(index.search(query, { k: 10, allowed: holding(index, allowed) }), query, allowed);
    }
    expect(
      index.search(queries[0] ?? new Float32Array(), { k: 10, allowed: new Bitmap(COUNT) }).ordinals,
    ).toHaveLength(0);
  });

  it('never returns what was removed, and counts it once', () => {
    const { index, model, ordinals, queries } = filled(which);
    const gone = ordinals.filter((_, i) => i % 3 === 0);
    expect(index.remove(gone)).toBe(gone.length);
    expect(index.remove(gone)).toBe(0);
    expect(index.remove(Uint32Array.of(1, 2, 4_000_000_000))).toBe(0);
    model.remove(gone);
    expect(index.stats()).toMatchObject({ live: COUNT - gone.length, tombstones: gone.length });
    expect(index.vector(gone[0] ?? 0)).toBeUndefined();
    for (const query of queries) {
      model.expectExact(index.search(query, { k: 10, exact: true }), query, 10);
      const result = index.search(query, { k: 10 });
      model.expectSane(result, query);
      expect(result.ordinals).toHaveLength(10);
    }
    expectConnected(index);
  });

  it('takes an update as a new ordinal and the removal of the old', () => {
    const { index, model, ordinals, queries } = filled(which);
    const query = queries[0] ?? new Float32Array();
    const old = ordinals[0] ?? 0;
    const next = Uint32Array.of(1_000_000);
    index.insert(next, query);
    index.remove(Uint32Array.of(old));
    model.insert(next, query);
    model.remove(Uint32Array.of(old));
    model.expectExact(index.search(query, { k: 5, exact: true }), query, 5);
    model.expectSane(index.search(query, { k: 5 }), query);
    if (metric !== 'DOT') expect(index.search(query, { k: 1 }).distances[0]).toBeLessThan(1e-3);
  });

  it('returns everything when k is larger than the index', () => {
    const { index, model, queries } = filled(which);
    const query = queries[0] ?? new Float32Array();
    const result = index.search(query, { k: 5_000 });
    model.expectSane(result, query);
    expect(result.ordinals).toHaveLength(COUNT);
    model.expectExact(index.search(query, { k: 5_000, exact: true }), query, COUNT);
  });

  it('finds nothing after everything was removed, and everything that comes later', () => {
    const { index, ordinals, queries } = filled(which);
    const query = queries[0] ?? new Float32Array();
    index.remove(ordinals);
    expect(index.search(query, { k: 10 }).ordinals).toHaveLength(0);
    expect(index.search(query, { k: 10, exact: true }).ordinals).toHaveLength(0);
    index.insert(Uint32Array.of(99_999), query);
    expect([...index.search(query, { k: 10 }).ordinals]).toEqual([99_999]);
    expectConnected(index);
  });

  it('answers the same after being saved and opened, and goes on from there', () => {
    const { index, model, queries, ordinals } = filled(which);
    const gone = ordinals.filter((_, i) => i % 7 === 0);
    index.remove(gone);
    model.remove(gone);
    const path = join(folder, `${name}-${metric}-${dimension}`);
    const origin = { session: '01234567-89ab-cdef-fedc-ba9876543210', revision: 41, libraryKey: 2 };
    index.save(path, origin);
    const { index: opened, ...rest } = openIndex(path);
    expect(rest.origin).toEqual(origin);
    expect(opened.parameters).toEqual(index.parameters);
    expect(opened.ordinals()).toEqual(index.ordinals());
    for (const query of queries)
      expect(opened.search(query, { k: 10 })).toEqual(index.search(query, { k: 10 }));
    const query = queries[0] ?? new Float32Array();
    opened.insert(Uint32Array.of(77_777), query);
    model.insert(Uint32Array.of(77_777), query);
    model.expectExact(opened.search(query, { k: 10, exact: true }), query, 10);
    expectConnected(opened);
  });

  it('refuses ordinals that do not ascend, and vectors of another length', () => {
    const index = createIndex({ type, codes, metric, dimension, seed: 1 });
    index.insert(Uint32Array.of(5), new Float32Array(dimension).fill(1));
    expect(() => index.insert(Uint32Array.of(5), new Float32Array(dimension))).toThrow(
      'got 5, expected one above 5',
    );
    expect(() => index.insert(Uint32Array.of(6), new Float32Array(dimension + 1))).toThrow(
      `expected 1 × ${dimension}`,
    );
    expect(() => index.search(new Float32Array(dimension + 1), { k: 1 })).toThrow(`expected ${dimension}`);
    expect(index.stats().live).toBe(1);
  });
});
