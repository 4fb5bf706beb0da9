/**
 * Distances. Every function takes addresses and byte lengths, allocates nothing and has a reference in ../reference.ts that it
 * is tested against.
 */

@inline
function sumLanes(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 2) + (f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 3));
}

/** sum + a · b; rounded once where the runtime has relaxed SIMD and the processor can. */
@inline
export function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

@inline
function addProduct(a: usize, b: usize, offset: usize, sum: v128): v128 {
  return multiplyAdd(v128.load(a + offset), v128.load(b + offset), sum);
}

/**
 * The inner product of two float32 rows of `bytes` bytes, a multiple of 16. Four sums, because one would wait for the
 * latency of each addition. One row at a time: a scan of four rows at once falls to half the memory bandwidth.
 */
export function dotRows(a: usize, b: usize, bytes: usize): f32 {
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    sum0 = addProduct(a, b, at, sum0);
    sum1 = addProduct(a, b, at + 16, sum1);
    sum2 = addProduct(a, b, at + 32, sum2);
    sum3 = addProduct(a, b, at + 48, sum3);
  }
  for (; at < bytes; at += 16) sum0 = addProduct(a, b, at, sum0);
  return sumLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
}

@inline
function addSquare(a: usize, b: usize, offset: usize, sum: v128): v128 {
  const difference = f32x4.sub(v128.load(a + offset), v128.load(b + offset));
  return multiplyAdd(difference, difference, sum);
}

/** The squared Euclidean distance of two float32 rows; otherwise as {@link dotRows}. */
export function squaredRows(a: usize, b: usize, bytes: usize): f32 {
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  let at: usize = 0;
  for (; at + 64 <= bytes; at += 64) {
    sum0 = addSquare(a, b, at, sum0);
    sum1 = addSquare(a, b, at + 16, sum1);
    sum2 = addSquare(a, b, at + 32, sum2);
    sum3 = addSquare(a, b, at + 48, sum3);
  }
  for (; at < bytes; at += 16) sum0 = addSquare(a, b, at, sum0);
  return sumLanes(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)));
}

/** Whether products of codes are added up in fours; see {@link useQuads}. */
let quads: bool = false;

/**
 * Chooses the instructions that inner products of codes are made of, for this instance. All of them give the same
 * numbers. In fours is one instruction where the processor has VNNI, and five where it has not; in pairs is three for
 * twice as many bytes. Takes no effect in a kernel without relaxed SIMD.
 */
export function useQuads(choice: bool): void {
  quads = choice;
}

/** Adds the products of 16 signed bytes and 16 code bytes to four sums. */
@inline
function addQuads(signed: v128, code: usize, sum: v128): v128 {
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(signed, v128.load(code), sum);
}

/** Adds the products of 16 signed bytes and 16 code bytes to four sums, without relaxed SIMD. */
@inline
function addWidened(signed: v128, code: v128, sum: v128): v128 {
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(signed), i16x8.extend_low_i8x16_s(code));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(signed), i16x8.extend_high_i8x16_s(code));
  return i32x4.add(sum, i32x4.add(low, high));
}

/**
 * Adds the products of 32 signed bytes (−63..63) and 32 code bytes (1..127) to four sums. One pair of products is at
 * most 2 · 63 · 127 = 16,002, so two of them still fit into 16 bits, and x86 and ARM agree on the relaxed product.
 */
@inline
function addPairs(signed0: v128, signed1: v128, code: usize, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    const pairs = i16x8.add(
      i16x8.relaxed_dot_i8x16_i7x16_s(signed0, v128.load(code)),
      i16x8.relaxed_dot_i8x16_i7x16_s(signed1, v128.load(code, 16)),
    );
    return i32x4.add(sum, i32x4.dot_i16x8_s(pairs, i16x8.splat(1)));
  }
  return addWidened(signed1, v128.load(code, 16), addWidened(signed0, v128.load(code), sum));
}

/** The inner product of signed bytes (−63..63) and code bytes (1..127); `bytes` is a multiple of 32. */
export function dotCodes(signed: usize, code: usize, bytes: usize): i32 {
  let sum = i32x4.splat(0);
  if (ASC_FEATURE_RELAXED_SIMD && quads) {
    for (let at: usize = 0; at < bytes; at += 16) sum = addQuads(v128.load(signed + at), code + at, sum);
  } else {
    for (let at: usize = 0; at < bytes; at += 32) {
      sum = addPairs(v128.load(signed + at), v128.load(signed + at, 16), code + at, sum);
    }
  }
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}

/** The sums of the lanes of four vectors, in the four lanes. */
@inline
function sumEach(sum0: v128, sum1: v128, sum2: v128, sum3: v128): v128 {
  const a = i32x4.add(v128.shuffle<i32>(sum0, sum1, 0, 4, 1, 5), v128.shuffle<i32>(sum0, sum1, 2, 6, 3, 7));
  const b = i32x4.add(v128.shuffle<i32>(sum2, sum3, 0, 4, 1, 5), v128.shuffle<i32>(sum2, sum3, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
}

/** The inner products of signed bytes with four codes, in the four lanes. */
export function dotCodes4(signed: usize, c0: usize, c1: usize, c2: usize, c3: usize, bytes: usize): v128 {
  let sum0 = i32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  if (ASC_FEATURE_RELAXED_SIMD && quads) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const sixteen = v128.load(signed + at);
      sum0 = addQuads(sixteen, c0 + at, sum0);
      sum1 = addQuads(sixteen, c1 + at, sum1);
      sum2 = addQuads(sixteen, c2 + at, sum2);
      sum3 = addQuads(sixteen, c3 + at, sum3);
    }
    return sumEach(sum0, sum1, sum2, sum3);
  }
  for (let at: usize = 0; at < bytes; at += 32) {
    const signed0 = v128.load(signed + at);
    const signed1 = v128.load(signed + at, 16);
    sum0 = addPairs(signed0, signed1, c0 + at, sum0);
    sum1 = addPairs(signed0, signed1, c1 + at, sum1);
    sum2 = addPairs(signed0, signed1, c2 + at, sum2);
    sum3 = addPairs(signed0, signed1, c3 + at, sum3);
  }
  return sumEach(sum0, sum1, sum2, sum3);
}
