import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { FlatIndex } from '../../src/indexes/FlatIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { layoutOf } from '../../src/indexes/layout.ts';
import { Segment } from '../../src/indexes/segment.ts';
import type { IndexType, Metric } from '../../src/indexes/VectorIndex.ts';
import { NO_MASK } from '../../src/kernel/kernel.ts';
import { clustered, gaussianFrom, ordinalsFrom, randomFrom } from './data.ts';
import { METRICS } from './reference.ts';

/** An index with its segment, so that both ways of scanning can be asked. */
function filled(type: IndexType, metric: Metric, dimension: number, vectors: Float32Array) {
  const parameters = { type, metric, dimension, seed: 3, m: 4, efConstruction: 8 };
  const segment = Segment.create(layoutOf(parameters));
  const index = type === 'HNSW' ? new HnswIndex(segment) : new FlatIndex(segment);
  index.insert(ordinalsFrom(0, vectors.length / dimension), vectors);
  return { index, segment };
}

/** Expects the same ordinals and the same bits of every key from codes as from rows. Returns what the former took. */
function expectSame(segment: Segment, query: Float32Array, k: number, allowed?: Bitmap) {
  const mask = allowed?.slots ?? NO_MASK;
  if (allowed) segment.allowed.set(allowed.words);
  segment.query.set(query);
  const byRow = segment.results(k, segment.kernel.searchRows(k, mask));
  segment.query.set(query);
  const byCode = segment.results(k, segment.kernel.searchExactly(k, mask, 0, NO_MASK));
  expect([...byCode.ordinals]).toEqual([...byRow.ordinals]);
  expect(bitsOf(byCode.keys)).toEqual(bitsOf(byRow.keys));
  return segment.counters();
}

const bitsOf = (keys: Float32Array): number[] => [...new Uint32Array(keys.slice().buffer)];

/** Kinds of data that bounds could fail on: each gives vector `i` of some, with `gaussian` to draw from. */
const SHAPES: Record<string, (dimension: number, gaussian: () => number, i: number) => number[]> = {
  plain: (dimension, gaussian) => Array.from({ length: dimension }, gaussian),
  'few different': (dimension, _gaussian, i) => {
    const own = gaussianFrom(i % 7);
    return Array.from({ length: dimension }, own);
  },
  'nearly equal': (dimension, gaussian) => {
    const shared = gaussianFrom(1);
    return Array.from({ length: dimension }, () => shared() + 1e-6 * gaussian());
  },
  'far from the origin': (dimension, gaussian) => Array.from({ length: dimension }, () => 1_000 + gaussian()),
  'one large component': (dimension, gaussian) =>
    Array.from({ length: dimension }, (_, d) => (d === 3 ? 1e4 : gaussian())),
  'norms from 1e-30 to 1e30': (dimension, gaussian, i) =>
    Array.from({ length: dimension }, () => gaussian() * 10 ** ((i % 61) - 30)),
  'norms from 1e-4 to 1e4': (dimension, gaussian, i) =>
    Array.from({ length: dimension }, () => gaussian() * 10 ** ((i % 9) - 4)),
  denormal: (dimension, gaussian, i) =>
    Array.from({ length: dimension }, () => gaussian() * (i % 3 === 0 ? 1e-41 : 1)),
  'some zero': (dimension, gaussian, i) =>
    Array.from({ length: dimension }, () => (i % 4 === 0 ? 0 : gaussian())),
  'a single component': (dimension, gaussian, i) =>
    Array.from({ length: dimension }, (_, d) => (d === i % dimension ? gaussian() : 0)),
  'whole numbers': (dimension, gaussian) =>
    Array.from({ length: dimension }, () => Math.round(2 * gaussian())),
  'beyond float32': (dimension, gaussian, i) =>
    Array.from({ length: dimension }, () => (i % 5 === 0 ? 3e38 : gaussian())),
};

const shape = fc.constantFrom(...Object.keys(SHAPES));
const dimension = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom(33, 384, 768, 1_000, 3_000) },
);

function drawn(name: string, size: number, count: number, seed: number): Float32Array {
  const gaussian = gaussianFrom(seed);
  const draw = SHAPES[name] ?? (() => []);
  return Float32Array.from(Array.from({ length: count }, (_, i) => draw(size, gaussian, i)).flat());
}

describe.each(METRICS)('an exact scan over codes, with %s', (metric) => {
  it.each(['FLAT', 'HNSW'] as const)(
    'finds what one over rows finds, bit for bit, whatever the data, filter and tombstones (%s)',
    (type) => {
      const cases = fc.record({
        shape,
        queryShape: fc.option(shape),
        dimension,
        count: fc.integer({ min: 1, max: type === 'HNSW' ? 120 : 1_500 }),
        k: fc.constantFrom(1, 2, 10, 50),
        seed: fc.nat(1_000_000),
      });
      fc.assert(
        fc.property(cases, ({ shape, queryShape, dimension, k, seed, ...given }) => {
          const count = Math.min(given.count, Math.ceil(200_000 / dimension));
          const vectors = drawn(shape, dimension, count, seed);
          const { index, segment } = filled(type, metric, dimension, vectors);
          const random = randomFrom(seed);
          for (let round = 0; round < 2; round++) {
            const query =
              queryShape === null
                ? vectors.slice(0, dimension).map((x) => x * (1 + 0.01 * random()))
                : drawn(queryShape, dimension, 1, seed + 1 + round);
            expectSame(segment, query, k);
            const allowed = Bitmap.of(
              count,
              [...ordinalsFrom(0, count)].filter(() => random() < 0.4),
            );
            expectSame(segment, query, k, allowed);
            index.remove(ordinalsFrom(0, count).filter(() => random() < 0.3));
          }
          index.detach();
        }),
        { numRuns: type === 'HNSW' ? 40 : 120, seed: 20_261_121 },
      );
    },
  );

  it('bounds every key that a scan of rows computes', () => {
    const out = 7_168;
    fc.assert(
      fc.property(shape, dimension, fc.nat(1_000_000), fc.boolean(), (name, raw, seed, isGraph) => {
        const size = Math.max(33, raw);
        const vectors = drawn(name, size, 61, seed);
        const { index, segment } = filled(isGraph ? 'HNSW' : 'FLAT', metric, size, vectors);
        const query = drawn(seed % 2 === 0 ? name : 'plain', size, 1, seed + 1);
        segment.query.set(query);
        const { ordinals, keys } = segment.results(61, segment.kernel.searchRows(61, NO_MASK));
        const bounds = new Float64Array(segment.memory.buffer, out, 2);
        ordinals.forEach((ordinal, i) => {
          segment.query.set(query);
          if (partsOf(segment).keyBounds(ordinal, out) === 0) return;
          expect(keys[i]).toBeGreaterThanOrEqual(bounds[0] ?? Number.NaN);
          expect(keys[i]).toBeLessThanOrEqual(bounds[1] ?? Number.NaN);
        });
        index.detach();
      }),
      { numRuns: 150, seed: 20_261_122 },
    );
  });

  it('answers as the reference does, which compares rows alone', () => {
    const data = clustered({ count: 1_001, dimension: 70, seed: 9 });
    const { index } = filled('FLAT', metric, 70, data.subarray(0, 1_000 * 70));
    const query = data.subarray(1_000 * 70);
    const allowed = Bitmap.all(700);
    for (const options of [{ k: 10 }, { k: 3, allowed }, { k: 0 }]) {
      const { ordinals, distances } = index.searchRows(query, options);
      expect(index.search(query, { ...options, exact: true })).toMatchObject({ ordinals, distances });
    }
  });

  it('leaves few rows to be compared', () => {
    for (const type of ['FLAT', 'HNSW'] as const) {
      const data = clustered({ count: 3_020, dimension: 96, seed: 5 });
      const { segment } = filled(type, metric, 96, data.subarray(0, 3_000 * 96));
      for (let i = 3_000; i < 3_020; i++) {
        const took = expectSame(segment, data.subarray(i * 96, (i + 1) * 96), 10);
        expect(took.compared).toBe(3_000);
        expect(took.reranked).toBeLessThan(100);
      }
    }
  });

  it('compares all rows after all where thousands of equal ones leave it undecided, and says so', () => {
    const one = clustered({ count: 1, dimension: 40, seed: 6 });
    const copies = Float32Array.from({ length: 20_000 * 40 }, (_, i) => one[i % 40] ?? 0);
    const { segment } = filled('FLAT', metric, 40, copies);
    expect(expectSame(segment, one, 10)).toMatchObject({ compared: 20_000, reranked: 20_000 });
  });

  it('finds what came last when each is nearer than all before', () => {
    const toward = clustered({ count: 1, dimension: 48, seed: 7 });
    const away = clustered({ count: 1, dimension: 48, seed: 8 });
    const vectors = Float32Array.from({ length: 30_000 * 48 }, (_, i) => {
      const share = Math.floor(i / 48) / 30_000;
      return share * (toward[i % 48] ?? 0) + (1 - share) * (away[i % 48] ?? 0);
    });
    const { segment } = filled('FLAT', metric, 48, vectors);
    expectSame(segment, toward, 10);
    expectSame(segment, toward, 1_000);
  });
});

/** The kernel with the building blocks that only tests call. */
function partsOf(segment: Segment): { keyBounds(slot: number, out: number): number } {
  return segment.kernel as unknown as { keyBounds(slot: number, out: number): number };
}
