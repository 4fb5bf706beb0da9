/** Seeded numbers for data and queries. The same seed gives the same numbers on every machine. */

/** Whole numbers from 0 to 2³² − 1 (mulberry32, Tommy Ettinger, public domain). */
export function wordsFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Numbers in [0, 1). */
export function uniformFrom(seed: number): () => number {
  const word = wordsFrom(seed);
  return () => word() / 2 ** 32;
}

/** Normally distributed numbers (Box and Muller). */
export function gaussianFrom(seed: number): () => number {
  const uniform = uniformFrom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const TABLE_BITS = 16;

/**
 * Fills an array with normally distributed numbers out of a table of 65,536, two for each random word: ten times as
 * fast as computing them, and the noise of test data needs no more values than that.
 */
export function noiseFrom(seed: number): (target: Float32Array) => void {
  const table = Float32Array.from({ length: 2 ** TABLE_BITS }, gaussianFrom(seed));
  const word = wordsFrom(seed ^ 0x9e3779b9);
  return (target) => {
    const pairs = target.length & ~1;
    for (let i = 0; i < pairs; i += 2) {
      const both = word();
      target[i] = table[both & (2 ** TABLE_BITS - 1)] as number;
      target[i + 1] = table[both >>> TABLE_BITS] as number;
    }
    if (pairs < target.length) target[pairs] = table[word() >>> TABLE_BITS] as number;
  };
}
