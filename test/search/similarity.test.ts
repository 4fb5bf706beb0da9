import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, similarityOf } from '../../src/search/similarity.ts';

describe('similarity', () => {
  it('is 1 where a vector is compared with itself, and 0 where it cannot be farther', () => {
    expect(similarityOf('COSINE', 0)).toBe(1);
    expect(similarityOf('COSINE', 1)).toBe(0.5);
    expect(similarityOf('COSINE', 2)).toBe(0);
    expect(similarityOf('EUCLIDEAN', 0)).toBe(1);
    expect(similarityOf('EUCLIDEAN', 3)).toBe(0.25);
    expect(similarityOf('DOT', 0)).toBe(0.5);
    expect(similarityOf('DOT', -1e30)).toBe(1);
    expect(similarityOf('DOT', 1e30)).toBe(0);
  });

  it.each(['COSINE', 'DOT', 'EUCLIDEAN'] as const)(
    'never grows with the distance, and stays in 0..1: %s',
    (metric) => {
      const someDistance = fc.float({
        noNaN: true,
        min: metric === 'DOT' ? -1e6 : 0,
        max: metric === 'COSINE' ? 2 : 1e6,
      });
      fc.assert(
        fc.property(someDistance, someDistance, (a, b) => {
          const [near, far] = a <= b ? [a, b] : [b, a];
          expect(similarityOf(metric, near)).toBeGreaterThanOrEqual(similarityOf(metric, far));
          expect(similarityOf(metric, far)).toBeGreaterThanOrEqual(0);
          expect(similarityOf(metric, near)).toBeLessThanOrEqual(1);
        }),
        { seed: 7 },
      );
    },
  );

  it.each(['COSINE', 'DOT', 'EUCLIDEAN'] as const)(
    'lets a hit in by the bound that is its own distance or similarity: %s',
    (metric) => {
      fc.assert(
        fc.property(fc.float({ noNaN: true, min: 0, max: 2 }), (distance) => {
          expect(isWithin(metric, { maxDistance: distance }, distance)).toBe(true);
          expect(isWithin(metric, { minSimilarity: similarityOf(metric, distance) }, distance)).toBe(true);
        }),
        { seed: 8 },
      );
      expect(isWithin(metric, { maxDistance: 0.1 }, Math.fround(0.1))).toBe(true);
      expect(isWithin(metric, { maxDistance: 0.1 }, 0.11)).toBe(false);
      expect(isWithin(metric, { minSimilarity: 0.99 }, 1.5)).toBe(false);
      expect(isWithin(metric, undefined, 1e30)).toBe(true);
    },
  );
});
