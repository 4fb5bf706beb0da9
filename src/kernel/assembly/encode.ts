/** Norms and 7-bit codes. */

import { CODE_OFFSET } from './offsets';

/** Norms and components below this are taken for zero: their inverse would leave float32. */
const SMALLEST: f32 = 1e-37;
const HALF_RANGE: f32 = 63;

/** ‖row‖. `bytes` is a multiple of 16. */
export function normOf(row: usize, bytes: usize): f64 {
  let low = f64x2.splat(0), high = low;
  for (let at: usize = 0; at < bytes; at += 16) {
    const four = v128.load(row + at);
    const first = f64x2.promote_low_f32x4(four);
    const last = f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(first, first));
    high = f64x2.add(high, f64x2.mul(last, last));
  }
  const sum = f64x2.add(low, high);
  return sqrt<f64>(f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
}

/** 1 / ‖row‖, or 0 for a row that is as good as zero or holds a NaN. `bytes` is a multiple of 16. */
export function inverseNorm(row: usize, bytes: usize): f32 {
  const norm = normOf(row, bytes);
  return norm >= <f64>SMALLEST ? <f32>(1 / norm) : 0;
}

/** Multiplies a row, in place. `bytes` is a multiple of 16. */
export function scaleRow(row: usize, bytes: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(row + at, f32x4.mul(v128.load(row + at), factors));
}

/** The largest magnitude in a row of `dimension` components, padded with zeros to 16 bytes. NaN does not count. */
export function largest(row: usize, dimension: u32): f32 {
  let most = f32x4.splat(0);
  for (let i: usize = 0; i < <usize>dimension; i += 4) most = f32x4.pmax(most, f32x4.abs(v128.load(row + (i << 2))));
  return max<f32>(
    max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/**
 * Encodes a row, padded with zeros to 16 bytes, as bytes 1..127, so that component ≈ (byte − 64) · scale: the scale maps
 * the largest magnitude to 63. Bytes after the last component are 64, which stands for zero, as it does for NaN.
 * Returns the scale; 0 for a row that is as good as zero.
 */
export function encodeRow(row: usize, dimension: u32, code: usize, codeBytes: usize): f32 {
  const peak = largest(row, dimension);
  const factor: f32 = peak < SMALLEST ? 0 : HALF_RANGE / peak;
  const factors = f32x4.splat(factor), most = i8x16.splat(<i8>HALF_RANGE), least = i8x16.splat(-<i8>HALF_RANGE);
  const offset = i8x16.splat(<i8>CODE_OFFSET);
  memory.fill(code, <u8>CODE_OFFSET, codeBytes);
  for (let i: usize = 0; i < <usize>dimension; i += 4) {
    const words = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(row + (i << 2)), factors)));
    const halves = i16x8.narrow_i32x4_s(words, words);
    const bytes = i8x16.max_s(least, i8x16.min_s(most, i8x16.narrow_i16x8_s(halves, halves)));
    v128.store32_lane(code + i, i8x16.add(bytes, offset), 0);
  }
  return factor == 0 ? 0 : peak / HALF_RANGE;
}

/** Turns a stored code into the signed bytes (−63..63) that a walk compares with. */
export function decodeSigned(code: usize, signed: usize, bytes: usize): void {
  const offset = i8x16.splat(<i8>CODE_OFFSET);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(signed + at, i8x16.sub(v128.load(code + at), offset));
}

@inline
function sumLanes(a: v128): i32 {
  return i32x4.extract_lane(a, 0) + i32x4.extract_lane(a, 1) + (i32x4.extract_lane(a, 2) + i32x4.extract_lane(a, 3));
}

/** Σ (byte − 64) over a code; `bytes` is a multiple of 16. */
export function codeSum(code: usize, bytes: usize): i32 {
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v128.load(code + at))));
  }
  return sumLanes(sum) - CODE_OFFSET * <i32>bytes;
}

/** Σ (byte − 64)² over a code; `bytes` is a multiple of 16. */
export function codeSquares(code: usize, bytes: usize): i32 {
  const offset = i8x16.splat(<i8>CODE_OFFSET);
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const signed = i8x16.sub(v128.load(code + at), offset);
    const low = i16x8.extend_low_i8x16_s(signed), high = i16x8.extend_high_i8x16_s(signed);
    sum = i32x4.add(sum, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)));
  }
  return sumLanes(sum);
}

/** Whether two ranges hold the same bytes; `bytes` is a multiple of 16. */
export function sameBytes(a: usize, b: usize, bytes: usize): bool {
  for (let at: usize = 0; at < bytes; at += 16) {
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) return false;
  }
  return true;
}
