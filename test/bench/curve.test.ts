import { describe, expect, it } from 'vitest';
import { frontier, rateAtRecall } from '../../bench/measure/curve.ts';
import { measured, median, quantile } from '../../bench/measure/statistics.ts';

const CURVE = [
  { recall: 0.9, rate: 1_000 },
  { recall: 0.99, rate: 100 },
  { recall: 0.95, rate: 50 },
];

describe('a curve', () => {
  it('keeps only what no other point beats', () => {
    expect(frontier(CURVE)).toEqual([CURVE[0], CURVE[1]]);
  });

  it('is interpolated between its points, in the logarithms of rate and of what is missing', () => {
    expect(rateAtRecall(CURVE, 0.99)?.rate).toBeCloseTo(100, 9);
    expect(rateAtRecall(CURVE, 1 - 0.1 ** 1.5)?.rate).toBeCloseTo(Math.sqrt(1_000 * 100), 6);
  });

  it('says when it begins above the recall, and when it never reaches it', () => {
    expect(rateAtRecall(CURVE, 0.8)).toEqual({ rate: 1_000, isLowerBound: true });
    expect(rateAtRecall(CURVE, 0.9)).toEqual({ rate: 1_000, isLowerBound: false });
    expect(rateAtRecall(CURVE, 0.995)).toBeUndefined();
  });
});

describe('statistics', () => {
  it('take the middle, and say how far the rounds lie apart', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(measured([90, 110, 100])).toEqual({ median: 100, least: 90, spread: 0.2 });
    expect(quantile([4, 3, 2, 1], 0.5)).toBe(3);
    expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
