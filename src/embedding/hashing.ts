import type { Features } from './features.ts';
import { finish, mix } from './murmur3.ts';

const WORD_DIMENSIONS = 4;

/**
 * What an n-gram weighs beside a word; it is there to forgive spelling. Measured with five words of one of 3,149 chunks
 * as the query, the chunk is among the first ten for 92 % of queries, and for 47 % when every word is misspelt (0.3:
 * 92 % and 29 %).
 */
const GRAM_WEIGHT = 0.7;

/** Writes the unit vector of `features` into `vector`. */
export function projectFeatures(features: Features, vector: Float32Array): void {
  const sums = new Float64Array(vector.length);
  for (const [hash, tf] of features.words) addWord(sums, hash, sublinear(tf));
  for (const [hash, tf] of features.grams) addFeature(sums, hash, GRAM_WEIGHT * sublinear(tf));
  const norm = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  if (norm > 0) {
    for (let at = 0; at < vector.length; at++) vector[at] = (sums[at] ?? 0) / norm;
  } else {
    // Features that cancelled each other out leave no direction: take the first axis.
    vector[0] = 1;
  }
}

/** A word goes to several dimensions, so that no single collision can make two short texts alike. */
export function addWord(sums: Float64Array, hash: number, weight: number): void {
  const part = weight / Math.sqrt(WORD_DIMENSIONS);
  for (let probe = 0; probe < WORD_DIMENSIONS; probe++) {
    addFeature(sums, finish(mix(hash, probe), 1), part);
  }
}

export function addFeature(sums: Float64Array, hash: number, weight: number): void {
  const at = (hash >>> 1) % sums.length;
  sums[at] = (sums[at] ?? 0) + (hash & 1 ? weight : -weight);
}

/** 1 + log(tf), and in proportion below one occurrence. */
export function sublinear(tf: number): number {
  return tf < 1 ? tf : 1 + Math.log(tf);
}
