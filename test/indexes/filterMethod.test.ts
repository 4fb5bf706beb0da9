import { describe, expect, it } from 'vitest';
import {
  FIRST_PASSED,
  type FilterQuestion,
  isFarEnough,
  isWalkTried,
  nextToPass,
  thoroughMethod,
} from '../../src/indexes/filterMethod.ts';

const tenth: FilterQuestion = {
  matches: 10_000,
  live: 100_000,
  effort: 64,
  depth: 40,
  endsByMargin: false,
  links: 32,
  comparedBytes: 384,
  sketchBytes: 56,
};

/** How many nodes a walk expands before it ends when so many of `passed` nodes match; 0 if it gives up. */
function walkAlong(question: FilterQuestion, matching: (passed: number) => number, codesPerNode = 1): number {
  let passed = FIRST_PASSED;
  for (;;) {
    const found = Math.floor(matching(passed));
    if (isFarEnough(question, found)) return passed;
    passed = nextToPass(question, { passed, found, codesPerNode });
    if (passed === 0) return 0;
  }
}

describe('the way that a filtered search goes', () => {
  it('is about as far as an unfiltered walk where everything near the query matches', () => {
    const passed = walkAlong(tenth, (passed) => passed);
    expect(passed).toBeGreaterThanOrEqual(64);
    expect(passed).toBeLessThan(80);
  });

  it('is farther the rarer matches are, and past as many of them as an unfiltered beam holds', () => {
    const walks = [0.8, 0.5, 0.3].map((share) => walkAlong(tenth, (passed) => share * passed));
    expect(walks).toEqual(walks.toSorted((a, b) => a - b));
    expect((walks.at(-1) ?? 0) * 0.3).toBeGreaterThanOrEqual(tenth.effort);
  });

  it('is given up soon where nothing near the query matches', () => {
    const half = { ...tenth, matches: 50_000 };
    expect(nextToPass(half, { passed: FIRST_PASSED, found: 0, codesPerNode: 8 })).toBe(0);
    expect(walkAlong(tenth, () => 0)).toBe(0);
  });

  it('is given up where every node leads to many that it has not met, and gone where it has met all around', () => {
    const evenly = (passed: number) => 0.1 * passed;
    expect(walkAlong(tenth, evenly, 16)).toBe(0);
    expect(walkAlong(tenth, evenly, 0.5)).toBeGreaterThan(500);
  });

  it('goes on to the end of what matches when that is found before', () => {
    expect(isFarEnough({ ...tenth, matches: 12 }, 12)).toBe(true);
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
