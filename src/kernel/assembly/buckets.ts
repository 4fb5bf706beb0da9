/**
 * The tables of LSH. A hash has two buckets for each axis, one for either end, and under DOT four for each of these, by
 * norm. Each hash has its slots in a line, bucket after bucket, and a list of where these begin. The bucket after the last
 * has the strays, which no hash can place; it is filled for the first hash alone.
 */
import { inverseNorm } from './encode';
import { floatIn, putFloat } from './list';
import { BUCKETS_HEAD_BYTES, DOT_TIERS, METRIC_COSINE, METRIC_DOT, TIER_WEIGHTS } from './offsets';
import { axes, dimension, expected, hashes, metric, scratch, seed, tables } from './segment';
import { rotate } from './rotate';

/** How many norm tiers there are. */
@inline
export function tiers(): u32 {
  return metric == METRIC_DOT ? DOT_TIERS : 1;
}

/** Buckets of a hash, without that of the strays. */
@inline
export function bucketCount(): u32 {
  return 2 * axes * tiers();
}

/** The vector (`axes` floats) that hashes look from: the middle of all, or zero under DOT. */
@inline
export function centreAt(): usize {
  return tables + BUCKETS_HEAD_BYTES;
}

/** Where the buckets of a hash begin: one word for each, for the strays', and the end. */
@inline
export function startsAt(hash: u32): usize {
  return centreAt() + ((<usize>axes + <usize>hash * <usize>(bucketCount() + 2)) << 2);
}

/** The slots of a hash. */
@inline
export function slotsOf(hash: u32): usize {
  return startsAt(hashes) + (<usize>hash * <usize>expected << 2);
}

/** Room for one word for each slot while tables are built. */
@inline
export function spareAt(): usize {
  return slotsOf(hashes);
}

/** What the values of a tier's axes are multiplied by. */
@inline
export function tierWeight(tier: u32): f32 {
  return load<f32>(tables + (<usize>tier << 2), TIER_WEIGHTS);
}

/** Where a vector lies after the rotation of a hash; that before it is the one not rotated. */
@inline
export function rotatedAt(hash: u32): usize {
  return scratch + (<usize>(hash + 1) * <usize>axes << 2);
}

/**
 * Lays a row, times a factor, in the scratch as hashes see it: from the centre, with a norm that makes the mean square of
 * the components 1 after a rotation. Returns false for a row that has no direction.
 */
export function layVector(row: usize, factor: f32): bool {
  const centre = centreAt();
  for (let i: u32 = 0; i < dimension; i++) putFloat(scratch, i, floatIn(row, i) * factor - floatIn(centre, i));
  for (let i = dimension; i < axes; i++) putFloat(scratch, i, 0);
  const inverse = inverseNorm(scratch, <usize>axes << 2);
  if (inverse == 0 || (metric == METRIC_COSINE && factor == 0)) return false;
  const scale = inverse / <f32>axes;
  for (let i: u32 = 0; i < dimension; i++) putFloat(scratch, i, floatIn(scratch, i) * scale);
  return true;
}

/** Rotates a copy of the laid vector as a hash says. */
export function rotateFor(hash: u32): usize {
  const rotated = rotatedAt(hash);
  const bytes = <usize>axes << 2;
  for (let at: usize = 0; at < bytes; at += 16) v128.store(rotated + at, v128.load(scratch + at));
  rotate(rotated, axes, seed + hash * 0x9e3779b9);
  return rotated;
}
