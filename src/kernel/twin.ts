/**
 * The kernel's arithmetic in plain TypeScript and float64: what its tests compare it with, and the shortest answer to
 * what a function of assembly/distance.ts or assembly/encode.ts computes.
 */

/** Stored codes are signed ones plus this. */
export const CODE_OFFSET = 64;
/** Largest magnitude of a signed code. */
export const CODE_RANGE = 63;
/** Norms and components below this count as zero. */
export const SMALLEST = 1e-37;

/** The inner product. */
export function dotRows(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}

/** The squared Euclidean distance. */
export function squaredRows(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + (x - (b[i] ?? 0)) ** 2, 0);
}

/** The inner product of signed bytes (−63..63) and code bytes (1..127). */
export function dotCodes(signed: Int8Array, code: Uint8Array): number {
  return signed.reduce((sum, x, i) => sum + x * (code[i] ?? 0), 0);
}

/** 1 / ‖row‖, or 0 where that is as good as zero. */
export function inverseNorm(row: Float32Array): number {
  const norm = Math.sqrt(dotRows(row, row));
  return norm < SMALLEST ? 0 : 1 / norm;
}

/** The code of a row, of `codeBytes` bytes, and its scale: component ≈ (byte − 64) · scale. */
export function encodeRow(row: Float32Array, codeBytes: number): { code: Uint8Array; scale: number } {
  const peak = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const factor = peak < SMALLEST ? 0 : Math.fround(CODE_RANGE / peak);
  const code = new Uint8Array(codeBytes).fill(CODE_OFFSET);
  row.forEach((x, i) => {
    const rounded = roundToEven(Math.fround(x * factor));
    code[i] = Math.max(-CODE_RANGE, Math.min(CODE_RANGE, rounded)) + CODE_OFFSET;
  });
  return { code, scale: factor === 0 ? 0 : peak / CODE_RANGE };
}

/** The 8-bit code of a row: −127 to 127 for its largest magnitude. */
export function encodeSigned(row: Float32Array, codeBytes: number): Int8Array {
  const peak = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const factor = peak < SMALLEST ? 0 : Math.fround(127 / peak);
  const code = new Int8Array(codeBytes);
  row.forEach((x, i) => {
    code[i] = roundToEven(Math.fround(x * factor));
  });
  return code;
}

/** ⟨x, c⟩ of a row and its code, whose bytes are `bias` too large. */
export function dotRowCode(row: Float32Array, code: Int8Array, bias: number): number {
  return row.reduce((sum, x, i) => sum + x * ((code[i] ?? 0) - bias), 0);
}

/** Σ (byte − bias)². */
export function squaredCode(code: Int8Array, bias: number): number {
  return code.reduce((sum, byte) => sum + (byte - bias) ** 2, 0);
}

/** ‖factor · x − scale · c‖². */
export function squaredResidual(
  row: Float32Array,
  code: Int8Array,
  bias: number,
  factor: number,
  scale: number,
): number {
  return row.reduce((sum, x, i) => sum + (factor * x - scale * ((code[i] ?? 0) - bias)) ** 2, 0);
}

/** The inner product of a code and as many 16-bit integers. */
export function dotWide(code: Int8Array, wide: Int16Array): number {
  return code.reduce((sum, byte, i) => sum + byte * (wide[i] ?? 0), 0);
}

/** The signed bytes of a code. */
export function decodeSigned(code: Uint8Array): Int8Array {
  return Int8Array.from(code, (byte) => byte - CODE_OFFSET);
}

/** Σ (byte − 64). */
export function codeSum(code: Uint8Array): number {
  return code.reduce((sum, byte) => sum + byte - CODE_OFFSET, 0);
}

/** Σ (byte − 64)². */
export function codeSquares(code: Uint8Array): number {
  return code.reduce((sum, byte) => sum + (byte - CODE_OFFSET) ** 2, 0);
}

/** As WebAssembly's `nearest`: halves go to the even neighbour. */
function roundToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
