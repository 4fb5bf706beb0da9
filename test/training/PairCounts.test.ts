import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairCounts } from '../../src/training/PairCounts.ts';
import { randomNumbers } from '../../src/training/random.ts';

const ROWS = 2_000;

function asMap(counts: PairCounts): Map<string, number> {
  const found = new Map<string, number>();
  counts.forEach((low, high, weight) => void found.set(`${low} ${high}`, weight));
  return found;
}

describe('counts of pairs', () => {
  it('sum up what was added, whichever of two rows comes first', () => {
    const row = fc.nat(ROWS - 1);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(row, row, fc.integer({ min: 1, max: 9 })), { maxLength: 300 }),
        (added) => {
          const counts = new PairCounts(ROWS);
          const expected = new Map<string, number>();
          for (const [one, other, weight] of added) {
            counts.add(one, other, weight);
            const key = `${Math.min(one, other)} ${Math.max(one, other)}`;
            expected.set(key, (expected.get(key) ?? 0) + weight);
          }
          expect(asMap(counts)).toEqual(expected);
          expect(counts.size).toBe(expected.size);
        },
      ),
      { seed: 1 },
    );
  });

  it('grow past their first table without losing any', () => {
    const counts = new PairCounts(ROWS);
    const random = randomNumbers(1);
    const expected = new Set<number>();
    for (let at = 0; at < 120_000; at++) {
      const [one, other] = [Math.floor(random() * ROWS), Math.floor(random() * ROWS)];
      counts.add(one, other, 1);
      expected.add(Math.min(one, other) * ROWS + Math.max(one, other));
    }
    expect(counts.size).toBe(expected.size);
    expect(counts.floor).toBe(0);
  });

  it('stay within their memory, forget the lightest, and say so', () => {
    const slots = 2 ** 16;
    const counts = new PairCounts(ROWS, slots);
    const random = randomNumbers(2);
    for (let at = 0; at < 100; at++) for (let time = 0; time < 50; time++) counts.add(at, at + 1, 1);
    for (let at = 0; at < 200_000; at++) {
      counts.add(Math.floor(random() * ROWS), Math.floor(random() * ROWS), 0.5);
    }
    expect(counts.size).toBeLessThanOrEqual(0.75 * slots);
    expect(counts.floor).toBeGreaterThan(0);
    const kept = asMap(counts);
    for (let at = 0; at < 100; at++) expect(kept.get(`${at} ${at + 1}`)).toBeGreaterThanOrEqual(50);
  });
});
