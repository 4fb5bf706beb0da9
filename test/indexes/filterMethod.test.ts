import { describe, expect, it } from 'vitest';
import {
  FIRST_PASSED,
  type FilterQuestion,
  isFarEnough,
  isWalkTried,
  nextToPass,
  nodesToPass,
  thoroughMethod,
} from '../../src/indexes/filterMethod.ts';

const tenth: FilterQuestion = {
  matches: 10_000,
  live: 100_000,
  k: 10,
  effort: 64,
  depth: 40,
  comparedBytes: 384,
  sketchBytes: 56,
};

/** How many nodes a walk expands before it ends when so many of `passed` nodes match; 0 if it gives up. */
function walkAlong(question: FilterQuestion, matching: (passed: number) => number): number {
  let passed = FIRST_PASSED;
  while (!isFarEnough(question, passed, Math.floor(matching(passed)))) {
    passed = nextToPass(question, passed, Math.floor(matching(passed)));
    if (passed === 0) return 0;
  }
  return passed;
}

describe('the way that a filtered search goes', () => {
  it('is about as far as an unfiltered walk where everything near the query matches', () => {
    const passed = walkAlong(tenth, (passed) => passed);
    expect(passed).toBeGreaterThanOrEqual(64);
    expect(passed).toBeLessThan(72);
  });

  it('is farther the rarer matches are, and always past enough of them for k', () => {
    const walks = [0.5, 0.25, 0.1].map((share) => walkAlong(tenth, (passed) => share * passed));
    expect(walks).toEqual(walks.toSorted((a, b) => a - b));
    expect((walks.at(-1) ?? 0) * 0.1).toBeGreaterThan(2 * tenth.k);
  });

  it('ends where as many nodes are passed as the share that is met calls for', () => {
    for (const share of [1, 0.7, 0.3, 0.05]) {
      const wanted = nodesToPass(tenth, share);
      expect(isFarEnough(tenth, wanted, Math.ceil(share * wanted))).toBe(true);
      expect(isFarEnough(tenth, wanted / 2, (share * wanted) / 2)).toBe(false);
    }
  });

  it('is given up soon where nothing near the query matches', () => {
    const half = { ...tenth, matches: 50_000 };
    expect(nextToPass(half, FIRST_PASSED, 0)).toBe(0);
    expect(walkAlong(tenth, () => 0)).toBe(0);
  });

  it('goes on to the end of what matches when that is found before', () => {
    expect(isFarEnough({ ...tenth, matches: 12 }, 300, 12)).toBe(true);
  });

  it('is no walk where a scan is as cheap', () => {
    expect(isWalkTried(tenth)).toBe(true);
    expect(isWalkTried({ ...tenth, matches: 4_000 })).toBe(false);
    expect(isWalkTried({ ...tenth, matches: 6_000, live: 12_000 })).toBe(true);
    expect(isWalkTried({ ...tenth, matches: 1_000 })).toBe(false);
  });

  it('leaves a scan to be done by codes while matches are few, by sketches then, and by two hops without them', () => {
    expect(thoroughMethod({ ...tenth, matches: 1_500 })).toBe('SCAN');
    expect(thoroughMethod(tenth)).toBe('SKETCH_SCAN');
    expect(thoroughMethod({ ...tenth, live: 1_000_000, matches: 500_000, sketchBytes: 0 })).toBe(
      'TWO_HOP_WALK',
    );
  });
});
