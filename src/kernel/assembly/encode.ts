/** Norms and 7-bit codes. */

import { floatIn } from './list';
import { CODE_OFFSET } from './offsets';

/** Norms and components below this are taken for zero: their inverse would leave float32. */
const SMALLEST: f32 = 1e-37;
const HALF_RANGE: f32 = 63;

/** ‖row‖. `bytes` is a multiple of 16. */
export function normOf(row: usize, bytes: usize): f64 {
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    const x = <f64>load<f32>(row + at);
    sum += x * x;
  }
  return sqrt<f64>(sum);
}

/** 1 / ‖row‖, or 0 for a row that is as good as zero or holds a NaN. `bytes` is a multiple of 16. */
export function inverseNorm(row: usize, bytes: usize): f32 {
  const norm = normOf(row, bytes);
  return norm >= <f64>SMALLEST ? <f32>(1 / norm) : 0;
}

/** Multiplies a row, in place. */
export function scaleRow(row: usize, bytes: usize, factor: f32): void {
  for (let at: usize = 0; at < bytes; at += 4) store<f32>(row + at, load<f32>(row + at) * factor);
}

/** The largest magnitude in a row of `dimension` components. */
export function largest(row: usize, dimension: u32): f32 {
  let result: f32 = 0;
  for (let i: u32 = 0; i < dimension; i++) {
    const magnitude = abs<f32>(floatIn(row, i));
    if (magnitude > result) result = magnitude;
  }
  return result;
}

/**
 * Encodes a row as bytes 1..127, so that component ≈ (byte − 64) · scale: the scale maps the largest magnitude to 63.
 * Bytes after the last component are 64, which stands for zero. Returns the scale; 0 for a row that is as good as zero.
 */
export function encodeRow(row: usize, dimension: u32, code: usize, codeBytes: usize): f32 {
  const peak = largest(row, dimension);
  const factor: f32 = peak < SMALLEST ? 0 : HALF_RANGE / peak;
  for (let i: u32 = 0; i < dimension; i++) {
    const x = nearest<f32>(floatIn(row, i) * factor);
    const bounded = min<f32>(HALF_RANGE, max<f32>(-HALF_RANGE, x));
    store<u8>(code + <usize>i, <u8>(<i32>(bounded == bounded ? bounded : <f32>0) + CODE_OFFSET));
  }
  for (let i = <usize>dimension; i < codeBytes; i++) store<u8>(code + i, <u8>CODE_OFFSET);
  return factor == 0 ? 0 : peak / HALF_RANGE;
}

/** Turns a stored code into the signed bytes (−63..63) that a walk compares with. */
export function decodeSigned(code: usize, signed: usize, bytes: usize): void {
  const offset = i8x16.splat(<i8>CODE_OFFSET);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(signed + at, i8x16.sub(v128.load(code + at), offset));
}

/** Σ (byte − 64) over a code. */
export function codeSum(code: usize, bytes: usize): i32 {
  let sum: i32 = 0;
  for (let at: usize = 0; at < bytes; at++) sum += <i32>load<u8>(code + at) - CODE_OFFSET;
  return sum;
}

/** Σ (byte − 64)² over a code. */
export function codeSquares(code: usize, bytes: usize): i32 {
  let sum: i32 = 0;
  for (let at: usize = 0; at < bytes; at++) {
    const x = <i32>load<u8>(code + at) - CODE_OFFSET;
    sum += x * x;
  }
  return sum;
}

/** Whether two ranges hold the same bytes; `bytes` is a multiple of 16. */
export function sameBytes(a: usize, b: usize, bytes: usize): bool {
  for (let at: usize = 0; at < bytes; at += 16) {
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) return false;
  }
  return true;
}
