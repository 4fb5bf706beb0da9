import { BUCKETS_HEAD_BYTES, DOT_TIERS } from '../kernel/assembly/offsets.ts';
import type { CompleteParameters } from './parameters.ts';

/** Hashes of an LSH index: each takes 4 bytes a vector and a rotation a search. */
export const HASHES = 8;

/** Vectors that a bucket of one hash should hold on average. */
const BUCKET_VECTORS = 50;

/** More axes than the dimension has, rounded up, are taken up to this number: rotations of so many are still quick. */
const MOST_EXTRA_AXES = 1_024;

/** In fewer dimensions there are too few directions to tell vectors apart by, so that there are no buckets. */
export const FEWEST_HASHED_DIMENSIONS = 8;

type Shape = Pick<CompleteParameters, 'dimension' | 'metric' | 'expected'>;

/**
 * Axes of a hash: a power of two, at least the dimension, and more where many vectors are expected, so that buckets stay
 * small. 2 · axes is the number of buckets.
 */
export function axesOf({ dimension, expected }: Shape): number {
  const wanted = Math.min(MOST_EXTRA_AXES, expected / (2 * BUCKET_VECTORS));
  let axes = 32;
  while (axes < dimension || axes < wanted) axes *= 2;
  return axes;
}

function tiersOf({ metric }: Shape): number {
  return metric === 'DOT' ? DOT_TIERS : 1;
}

/** Bytes of the tables over `expected` vectors; assembly/buckets.ts says what lies where. */
export function bucketBytes(shape: Shape): number {
  if (shape.expected === 0 || shape.dimension < FEWEST_HASHED_DIMENSIONS) return 0;
  const axes = axesOf(shape);
  const starts = 2 * axes * tiersOf(shape) + 2;
  return BUCKETS_HEAD_BYTES + 4 * (axes + HASHES * (starts + shape.expected) + shape.expected);
}

/** Bytes of scratch for a vector as it is and as each hash rotates it. */
export function bucketScratchBytes(shape: Shape): number {
  return 4 * axesOf(shape) * (1 + HASHES);
}
