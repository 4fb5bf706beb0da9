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

/** The finalizer of MurmurHash3, on 32 bits. */
function mixed(x: number): number {
  let bits = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A random rotation that the seed decides, of at least 4 components. */
export function rotateRow(row: Float32Array, seed: number): Float64Array {
  const rotated = Float64Array.from(row);
  const part = 2 ** (31 - Math.clz32(row.length));
  for (const round of [0, 1]) {
    const hash = mixed((seed + round) >>> 0);
    rotated.forEach((x, i) => {
      const bits = mixed((hash + (i & ~31)) >>> 0);
      if (((bits >>> (i & 31)) & 1) === 1) rotated[i] = -x;
    });
    hadamard(rotated.subarray(0, part));
    hadamard(rotated.subarray(row.length - part));
  }
  return rotated;
}

/** The normalised Walsh–Hadamard transform, in place; the length is a power of two. */
function hadamard(row: Float64Array): void {
  for (let half = 1; half < row.length; half *= 2) {
    row.forEach((a, i) => {
      if ((i & half) !== 0) return;
      const b = row[i + half] ?? 0;
      row[i] = (a + b) * Math.SQRT1_2;
      row[i + half] = (a - b) * Math.SQRT1_2;
    });
  }
}

/** The signs of `row − centre`, 64 a word, and the norm of it. */
export function signsOf(row: Float32Array, centre: Float32Array): { signs: bigint[]; norm: number } {
  const differences = row.map((x, i) => x - (centre[i] ?? 0));
  const signs = Array.from({ length: row.length / 64 }, () => 0n);
  differences.forEach((x, i) => {
    if (x < 0 || Object.is(x, -0)) signs[i >> 6] = (signs[i >> 6] ?? 0n) | (1n << BigInt(i & 63));
  });
  return { signs, norm: Math.sqrt(dotRows(differences, differences)) };
}

/**
 * A row as planes: of each component the number 0..15 by which it is less than 7.5 steps, in steps; for every 64 components a word
 * of the least bits, and so on to the highest. `words` is how many words of 64 bits a code has.
 */
export function planesOf(row: Float32Array, step: number, words: number): bigint[] {
  const planes = Array.from({ length: 4 * words }, () => 0n);
  const perStep = step > 0 ? Math.fround(1 / step) : 0;
  row.forEach((x, i) => {
    const below = Math.fround(7.5 - Math.fround(x * perStep));
    const number = Math.min(15, Math.max(0, roundToEven(below)));
    for (let bit = 0; bit < 4; bit++) {
      const at = 4 * (i >> 6) + bit;
      if ((number >> bit) % 2 === 1) planes[at] = (planes[at] as bigint) | (1n << BigInt(i & 63));
    }
  });
  return planes;
}

/** How many bits of two lists of words differ. */
export function differingBits(a: readonly bigint[], b: readonly bigint[]): number {
  return a.reduce((sum, word, i) => sum + (word ^ (b[i] ?? 0n)).toString(2).replaceAll('0', '').length, 0);
}

/** Σ 2ʲ · (bits that differ between a code and plane j). */
export function differingPlanes(code: readonly bigint[], planes: readonly bigint[]): number {
  return [0, 1, 2, 3].reduce((sum, bit) => {
    const plane = planes.filter((_, at) => at % 4 === bit);
    return sum + 2 ** bit * differingBits(code, plane);
  }, 0);
}
