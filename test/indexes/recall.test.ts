import { describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { effortForRecall, measureRecall } from '../../src/indexes/measureRecall.ts';
import type { RecallPoint } from '../../src/indexes/VectorIndex.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { METRICS, recallOf } from './reference.ts';

const COUNT = 8_000;
const QUERIES = 100;

/** An HNSW index of clustered vectors, and queries that it has not seen. */
function built(
  metric: (typeof METRICS)[number],
  dimension: number,
  spread: number,
  codes: 'SCALAR' | 'BINARY' = 'SCALAR',
) {
  const all = clustered({ count: COUNT + QUERIES, dimension, seed: 11, clusters: 80, latent: 32, spread });
  const index = createIndex({ type: 'HNSW', metric, dimension, seed: 3, codes });
  index.insert(ordinalsFrom(0, COUNT), all.subarray(0, COUNT * dimension));
  const queries = Array.from({ length: QUERIES }, (_, i) =>
    all.subarray((COUNT + i) * dimension, (COUNT + i + 1) * dimension),
  );
  return { index, queries };
}

const shapes = METRICS.flatMap((metric) => [
  { metric, dimension: 16, spread: 1 },
  { metric, dimension: 128, spread: 1 },
  { metric, dimension: 128, spread: 4 },
]);

describe.each(shapes)('a graph with $metric in $dimension dimensions, norms spread by $spread', (shape) => {
  it('finds at least 95 of 100 neighbours at default effort, before and after a third is replaced', () => {
    const { index, queries } = built(shape.metric, shape.dimension, shape.spread);
    expect(recallOf(index, queries, 10)).toBeGreaterThanOrEqual(0.95);

    const third = Math.floor(COUNT / 3);
    index.remove(ordinalsFrom(0, third));
    const { dimension, spread } = shape;
    const later = clustered({ count: third, dimension, seed: 11, clusters: 80, latent: 32, spread });
    index.insert(ordinalsFrom(COUNT, third), later);
    expect(recallOf(index, queries, 10)).toBeGreaterThanOrEqual(0.95);
  });
});

it('a graph with DOT finds at least 95 of 100 neighbours although norms differ by orders of magnitude', () => {
  const dimension = 96;
  const all = clustered({ count: COUNT + QUERIES, dimension, seed: 11, clusters: 80, latent: 32 });
  const random = randomFrom(9);
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  for (let row = 0; row < COUNT + QUERIES; row++) {
    const norm = Math.exp(gaussian());
    for (let at = row * dimension; at < (row + 1) * dimension; at++) all[at] = (all[at] ?? 0) * norm;
  }
  const index = createIndex({ type: 'HNSW', metric: 'DOT', dimension, seed: 3 });
  index.insert(ordinalsFrom(0, COUNT), all.subarray(0, COUNT * dimension));
  const queries = Array.from({ length: QUERIES }, (_, i) =>
    all.subarray((COUNT + i) * dimension, (COUNT + i + 1) * dimension),
  );
  expect(recallOf(index, queries, 10)).toBeGreaterThanOrEqual(0.95);
});

describe('a measurement of recall', () => {
  it('yields after every query and ends with a curve that does not fall', () => {
    const { index } = built('COSINE', 64, 1);
    const measuring = measureRecall(index, { samples: 60, seed: 5, efforts: [10, 40, 160] });
    const steps: number[] = [];
    let next = measuring.next();
    while (!next.done) {
      steps.push(next.value.done);
      expect(next.value.total).toBe(60);
      next = measuring.next();
    }
    expect(steps).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const curve = next.value;
    expect(curve.map(({ effort }) => effort)).toEqual([10, 40, 160]);
    const recalls = curve.map(({ recall }) => recall);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
    expect(recalls.at(-1)).toBeGreaterThan(0.99);
    expect(curve.every(({ latencyMs }) => latencyMs > 0)).toBe(true);
  });

  it('tells of binary codes what they cost: more effort to the same recall', () => {
    const curves = (['SCALAR', 'BINARY'] as const).map((codes) => {
      const { index } = built('COSINE', 256, 1, codes);
      const measuring = measureRecall(index, { samples: 60, seed: 5, efforts: [10, 40, 160, 320] });
      let next = measuring.next();
      while (!next.done) next = measuring.next();
      return next.value;
    });
    const [scalar = 0, binary = 0] = curves.map((curve) => effortForRecall(curve, 0.95));
    expect(scalar).toBeGreaterThan(0);
    expect(binary).toBeGreaterThan(scalar);
    const { index, queries } = built('COSINE', 256, 1, 'BINARY');
    expect(recallOf(index, queries, 10, binary)).toBeGreaterThan(0.93);
  });

  it('is the same for the same seed', () => {
    const { index } = built('DOT', 24, 2);
    const measure = () => {
      const measuring = measureRecall(index, { samples: 20, seed: 8, efforts: [10, 20] });
      let next = measuring.next();
      while (!next.done) next = measuring.next();
      return next.value.map(({ recall }) => recall);
    };
    expect(measure()).toEqual(measure());
  });

  it('ends early when its time is up, but not before it can tell something', () => {
    const { index } = built('COSINE', 32, 1);
    const steps = [...measureRecall(index, { seed: 5, efforts: [40], budgetMs: 0 })];
    expect(steps.at(-1)).toMatchObject({ done: 40, total: 40 });
  });

  it('has nothing to say about an empty index', () => {
    const index = createIndex({ type: 'HNSW', metric: 'DOT', dimension: 3, seed: 1 });
    expect(measureRecall(index, { seed: 1 }).next()).toEqual({ done: true, value: [] });
  });

  it('does not count equal vectors as misses', () => {
    const index = createIndex({ type: 'HNSW', metric: 'EUCLIDEAN', dimension: 40, seed: 1 });
    index.insert(ordinalsFrom(0, 500), new Float32Array(500 * 40).fill(2));
    const measuring = measureRecall(index, { samples: 5, seed: 1, efforts: [10] });
    let next = measuring.next();
    while (!next.done) next = measuring.next();
    expect(next.value[0]?.recall).toBe(1);
  });

  it('tells the least effort that is enough', () => {
    const curve: RecallPoint[] = [
      { effort: 10, recall: 0.9, latencyMs: 1 },
      { effort: 20, recall: 0.97, latencyMs: 2 },
    ];
    expect(effortForRecall(curve, 0.95)).toBe(20);
    expect(effortForRecall(curve, 0.5)).toBe(10);
    expect(effortForRecall(curve, 0.99)).toBeUndefined();
  });
});
