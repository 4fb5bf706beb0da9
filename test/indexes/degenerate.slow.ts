import { describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import type { Metric, VectorIndex } from '../../src/indexes/VectorIndex.ts';
import { clustered, gaussianFrom, ordinalsFrom } from './data.ts';
import { KINDS, type Kind, METRICS, Model, recallOf } from './reference.ts';

const cases = KINDS.flatMap((kind) => METRICS.map((metric) => ({ ...kind, metric })));
type Case = Kind & { readonly metric: Metric };

function create({ type, codes, metric }: Case, dimension: number) {
  return createIndex({ type, codes, metric, dimension, seed: 5, m: 6, efConstruction: 40, expected: 3_500 });
}

/** Inserts and builds, and returns the model of it. */
function filled(index: VectorIndex, vectors: Float32Array): Model {
  const model = new Model(index.parameters.metric);
  const ordinals = ordinalsFrom(0, vectors.length / index.parameters.dimension);
  index.append(ordinals, vectors);
  for (const _ of index.build());
  model.insert(ordinals, vectors);
  return model;
}

function expectConnected(index: VectorIndex): void {
  if (index instanceof HnswIndex) expect(index.unreachable()).toBe(0);
}

/** `count` copies of one vector. */
function copies(vector: Float32Array, count: number): Float32Array {
  return Float32Array.from({ length: count * vector.length }, (_, i) => vector[i % vector.length] ?? 0);
}

/** One after the other. */
function joined(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

describe.each(cases)('$name with $metric', (which) => {
  /** The dimension that is meant, or the least that the index takes. */
  const from = (dimension: number): number => Math.max(dimension, which.least);

  it.each([4, 50])(
    'takes thousands of equal vectors of %i dimensions, and returns as many as asked for',
    (meant) => {
      const dimension = from(meant);
      const index = create(which, dimension);
      const vector = Float32Array.from({ length: dimension }, gaussianFrom(1));
      const model = filled(index, copies(vector, 4_000));
      for (const k of [1, 10, 500, 4_000, 9_000]) {
        const result = index.search(vector, { k });
        expect(result.ordinals).toHaveLength(Math.min(k, 4_000));
        model.expectSane(result, vector);
      }
      index.remove(ordinalsFrom(0, 3_990));
      expect([...index.search(vector, { k: 20 }).ordinals].toSorted()).toEqual([...ordinalsFrom(3_990, 10)]);
      expectConnected(index);
    },
  );

  it.each([4, 50])('finds what lies around thousands of equal vectors of %i dimensions', (meant) => {
    const dimension = from(meant);
    const index = create(which, dimension);
    const around = clustered({ count: 1_000, dimension, seed: 2, clusters: 10 });
    const middle = clustered({ count: 1, dimension, seed: 3 });
    filled(
      index,
      joined(around.subarray(0, 500 * dimension), copies(middle, 3_000), around.subarray(500 * dimension)),
    );
    // From outside the data: every vector is far from them, and a graph needs effort to tell which is least so.
    const queries = Array.from({ length: 100 }, (_, i) =>
      clustered({ count: 1, dimension, seed: 100 + i }).map(
        (x, d) => 0.7 * x + 0.3 * (around[i * dimension + d] ?? 0),
      ),
    );
    const farthest = queries.map(
      (query) => index.search(query, { k: 10, exact: true }).distances.at(-1) ?? 0,
    );
    const found = queries.map(
      (query, i) =>
        index
          .search(query, { k: 10, effort: 160 })
          .distances.filter((distance) => distance <= (farthest[i] ?? 0)).length,
    );
    expect(found.reduce((sum, hits) => sum + hits, 0) / 1_000).toBeGreaterThanOrEqual(0.9);
    expectConnected(index);
  });

  it.each([2, 40])('takes zero vectors of %i dimensions among others', (meant) => {
    const dimension = from(meant);
    const index = create(which, dimension);
    const others = clustered({ count: 300, dimension, seed: 4 });
    const model = filled(
      index,
      joined(new Float32Array(200 * dimension), others, new Float32Array(200 * dimension)),
    );
    const zero = new Float32Array(dimension);
    const one = others.subarray(0, dimension);
    for (const query of [zero, one]) {
      model.expectExact(index.search(query, { k: 20, exact: true }), query, 20);
      const result = index.search(query, { k: 20 });
      model.expectSane(result, query);
      expect(result.ordinals).toHaveLength(20);
    }
    expectConnected(index);
  });

  it('takes vectors that are only zero', () => {
    const dimension = from(40);
    const index = create(which, dimension);
    const model = filled(index, new Float32Array(2_000 * dimension));
    const query = new Float32Array(dimension).fill(1);
    const result = index.search(query, { k: 30 });
    model.expectSane(result, query);
    expect(result.ordinals).toHaveLength(30);
    expectConnected(index);
  });

  it.skipIf(which.least > 1)('orders a line of one dimension', () => {
    const index = create(which, 1);
    const model = filled(
      index,
      Float32Array.from({ length: 3_000 }, (_, i) => (i * 1_237) % 3_000),
    );
    const query = Float32Array.of(1_500.25);
    model.expectExact(index.search(query, { k: 7, exact: true }), query, 7);
    model.expectExact(index.search(query, { k: 7 }), query, 7);
    expectConnected(index);
  });

  it.skipIf(which.least > 1)('tells vectors apart that share few directions', () => {
    const index = create(which, 2);
    const gaussian = gaussianFrom(6);
    filled(index, Float32Array.from({ length: 2 * 5_000 }, gaussian));
    const queries = Array.from({ length: 50 }, () => Float32Array.of(gaussian(), gaussian()));
    expect(recallOf(index, queries, 10)).toBeGreaterThanOrEqual(0.95);
    expectConnected(index);
  });

  it('takes very large and very small components', () => {
    const dimension = from(70);
    const index = create(which, dimension);
    const gaussian = gaussianFrom(7);
    const factors = [1e-30, 1e-12, 1, 1e9, 1e15];
    const vectors = Float32Array.from(
      { length: dimension * 500 },
      (_, i) => gaussian() * (factors[Math.floor(i / dimension) % factors.length] ?? 1),
    );
    filled(index, vectors);
    for (const factor of [...factors, 1e30, 3e37, 1e-44]) {
      const query = Float32Array.from({ length: dimension }, () => Math.fround(gaussian() * factor));
      for (const exact of [true, false]) {
        const { ordinals, distances } = index.search(query, { k: 20, exact });
        expect(new Set(ordinals).size).toBe(20);
        expect(distances.some(Number.isNaN)).toBe(false);
      }
    }
    expectConnected(index);
  });

  it('answers as ever after a query that is not a number', () => {
    const dimension = from(33);
    const index = create(which, dimension);
    const model = filled(index, clustered({ count: 200, dimension, seed: 9 }));
    const query = clustered({ count: 1, dimension, seed: 10 });
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const exact of [true, false]) {
        expect(index.search(new Float32Array(dimension).fill(broken), { k: 3, exact }).ordinals).toHaveLength(
          3,
        );
        model.expectExact(index.search(query, { k: 5, exact: true }), query, 5);
      }
    }
  });

  it('takes vectors of the largest dimension', () => {
    const dimension = 16_384;
    const index = create(which, dimension);
    const vectors = clustered({ count: 40, dimension, seed: 8, clusters: 4, latent: 4 });
    filled(index, vectors);
    const query = vectors.subarray(0, dimension);
    expect(index.search(query, { k: 3 }).ordinals).toEqual(
      index.search(query, { k: 3, exact: true }).ordinals,
    );
  });
});

it('refuses parameters that are out of range', () => {
  const good = { type: 'HNSW', metric: 'COSINE', dimension: 8, seed: 1 } as const;
  expect(() => createIndex({ ...good, dimension: 0 })).toThrow(
    'dimension: got 0, expected an integer from 1 to 16384',
  );
  expect(() => createIndex({ ...good, dimension: 16_385 })).toThrow('dimension');
  expect(() => createIndex({ ...good, dimension: 1.5 })).toThrow('dimension');
  expect(() => createIndex({ ...good, m: 1 })).toThrow('m: got 1');
  expect(() => createIndex({ ...good, efConstruction: 0 })).toThrow('efConstruction');
  expect(() => createIndex({ ...good, seed: -1 })).toThrow('seed');
  expect(() => createIndex({ ...good, codes: 'BINARY' })).toThrow(
    'codes: got BINARY with 8 dimensions, expected HNSW of at least 128 dimensions',
  );
  expect(() => createIndex({ ...good, type: 'FLAT', dimension: 200, codes: 'BINARY' })).toThrow(
    'codes: got BINARY with FLAT',
  );
  expect(() => createIndex({ ...good, type: 'KD_TREE', expected: -1 })).toThrow('expected: got -1');
});
