import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../bench/data/Dataset.ts';
import { distanceOf } from '../../bench/data/distance.ts';
import { generate, SHAPES } from '../../bench/data/generate.ts';
import { computeTruth, recallOf, withReach } from '../../bench/data/truth.ts';

describe('generated data', () => {
  it.each(SHAPES)('%s is the same for the same seed, and another for another', (name) => {
    const shape = { name, count: 50, dimension: 17, seed: 3 };
    expect(generate(shape)).toEqual(generate(shape));
    expect(generate({ ...shape, seed: 4 })).not.toEqual(generate(shape));
    expect(generate(shape).every(Number.isFinite)).toBe(true);
  });

  it.each(SHAPES)('%s begins alike, however many vectors follow', (name) => {
    const shape = { name, count: 20, dimension: 33, seed: 1 };
    expect(generate({ ...shape, count: 60 }).subarray(0, 20 * 33)).toEqual(generate(shape));
  });

  it('has heavy tails where it says so', () => {
    const norms = (name: 'clustered' | 'heavy-tailed') => {
      const vectors = generate({ name, count: 500, dimension: 16, seed: 2 });
      return Array.from({ length: 500 }, (_, row) =>
        distanceOf('EUCLIDEAN', vectors.subarray(row * 16, (row + 1) * 16), new Float32Array(16)),
      );
    };
    const range = (values: number[]) => Math.max(...values) / Math.min(...values);
    expect(range(norms('heavy-tailed'))).toBeGreaterThan(20 * range(norms('clustered')));
  });
});

describe('recall', () => {
  const values = Float32Array.of(0, 0, 1, 0, 0, 1, -1, 0, 5, 5);
  const dataset: Dataset = {
    name: 'cross',
    metric: 'EUCLIDEAN',
    dimension: 2,
    count: 5,
    vectors: values,
    queries: [Float32Array.of(0, 0)],
    source: [],
  };

  it('counts a tie whichever of its rows is found, and a row once', () => {
    const truth = withReach(dataset, 2, computeTruth(dataset, 2));
    expect(truth.reach).toEqual(Float64Array.of(1));
    expect(recallOf(dataset, truth, [[0, 1]])).toBe(1);
    expect(recallOf(dataset, truth, [[3, 0]])).toBe(1);
    expect(recallOf(dataset, truth, [[0n, 4n]])).toBe(0.5);
    expect(recallOf(dataset, truth, [[0, 0]])).toBe(0.5);
    expect(recallOf(dataset, truth, [[]])).toBe(0);
    expect(recallOf(dataset, truth, [[99, 4]])).toBe(0);
  });

  it.each([
    ['COSINE', 1 - 11 / Math.sqrt(5 * 25)],
    ['DOT', -11],
    ['EUCLIDEAN', Math.sqrt(8)],
  ] as const)('is judged by the distance of %s', (metric, expected) => {
    expect(distanceOf(metric, Float32Array.of(1, 2), Float32Array.of(3, 4))).toBeCloseTo(expected, 12);
  });
});
