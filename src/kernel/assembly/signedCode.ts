/**
 * 8-bit codes for exact scans, and how far a code is from its row. A row x is taken times `factor`, as v: 1 / ‖x‖,
 * rounded as it is stored. Its code c, times a scale w, is v̂; the residual is v − v̂.
 */

import { largest } from './encode';

const RANGE: f32 = 127;
/** Rows with smaller components have the code of zero: the inverse would leave float32. */
const SMALLEST: f32 = 1e-37;

/**
 * Encodes a row as bytes −127..127, by a scale that maps its largest magnitude to 127. Bytes after the last component
 * are 0, up to `codeBytes`, a multiple of 32.
 */
export function encodeSigned(row: usize, dimension: u32, code: usize, codeBytes: usize): void {
  const peak = largest(row, dimension);
  const factor = f32x4.splat(peak >= SMALLEST && peak < Infinity ? RANGE / peak : 0);
  memory.fill(code, 0, codeBytes);
  for (let i: usize = 0; i < <usize>dimension; i += 4) {
    const words = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(row + (i << 2)), factor)));
    const halves = i16x8.narrow_i32x4_s(words, words);
    v128.store32_lane(code + i, i8x16.narrow_i16x8_s(halves, halves), 0);
  }
}

/** The first two of four bytes less `bias`, or the last two, as float64. */
@inline
function codePair(code: usize, bias: v128, second: bool): v128 {
  const words = i32x4.sub(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(code))), bias);
  return f64x2.convert_low_i32x4_s(second ? v128.shuffle<i32>(words, words, 2, 3, 2, 3) : words);
}

/** The first two of four components, or the last two, as float64. */
@inline
function rowPair(row: usize, second: bool): v128 {
  return f64x2.promote_low_f32x4(second ? v128.load64_zero(row, 8) : v128.load64_zero(row));
}

@inline
function sumPair(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** ⟨x, c⟩ of a row of `bytes` bytes, a multiple of 16, and its code, whose bytes are `bias` too large. */
export function dotRowCode(row: usize, code: usize, bytes: usize, bias: i32): f64 {
  const biases = i32x4.splat(bias);
  let first = f64x2.splat(0), second = first;
  for (let at: usize = 0; at < bytes; at += 16) {
    const from = code + (at >> 2);
    first = f64x2.add(first, f64x2.mul(rowPair(row + at, false), codePair(from, biases, false)));
    second = f64x2.add(second, f64x2.mul(rowPair(row + at, true), codePair(from, biases, true)));
  }
  return sumPair(f64x2.add(first, second));
}

/** ‖factor · x − scale · c‖²; otherwise as {@link dotRowCode}. */
export function squaredResidual(row: usize, code: usize, bytes: usize, bias: i32, factor: f64, scale: f64): f64 {
  const biases = i32x4.splat(bias), factors = f64x2.splat(factor), scales = f64x2.splat(scale);
  let first = f64x2.splat(0), second = first;
  for (let at: usize = 0; at < bytes; at += 16) {
    const from = code + (at >> 2);
    const a = f64x2.sub(f64x2.mul(rowPair(row + at, false), factors), f64x2.mul(codePair(from, biases, false), scales));
    const b = f64x2.sub(f64x2.mul(rowPair(row + at, true), factors), f64x2.mul(codePair(from, biases, true), scales));
    first = f64x2.add(first, f64x2.mul(a, a));
    second = f64x2.add(second, f64x2.mul(b, b));
  }
  return sumPair(f64x2.add(first, second));
}

/** Σ (byte − bias)² over a code. */
export function squaredCode(code: usize, bytes: usize, bias: i32): f64 {
  const biases = i16x8.splat(<i16>bias);
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 8) {
    const half = i16x8.sub(v128.load8x8_s(code + at), biases);
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(half, half));
  }
  return (
    <f64>i32x4.extract_lane(sum, 0) + <f64>i32x4.extract_lane(sum, 1) +
    (<f64>i32x4.extract_lane(sum, 2) + <f64>i32x4.extract_lane(sum, 3))
  );
}

/**
 * The inner product of a code of `bytes` bytes, a multiple of 32, and as many 16-bit integers, exactly. The sum of the
 * latter's magnitudes times 127 must fit into 31 bits.
 */
@inline
export function dotWide(code: usize, wide: usize, bytes: usize): i32 {
  let sum0 = i32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  for (let at: usize = 0; at < bytes; at += 32) {
    const from = code + at, z = wide + (at << 1);
    sum0 = i32x4.add(sum0, i32x4.dot_i16x8_s(v128.load8x8_s(from), v128.load(z)));
    sum1 = i32x4.add(sum1, i32x4.dot_i16x8_s(v128.load8x8_s(from, 8), v128.load(z, 16)));
    sum2 = i32x4.add(sum2, i32x4.dot_i16x8_s(v128.load8x8_s(from, 16), v128.load(z, 32)));
    sum3 = i32x4.add(sum3, i32x4.dot_i16x8_s(v128.load8x8_s(from, 24), v128.load(z, 48)));
  }
  const sum = i32x4.add(i32x4.add(sum0, sum1), i32x4.add(sum2, sum3));
  const half = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  return i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1);
}
