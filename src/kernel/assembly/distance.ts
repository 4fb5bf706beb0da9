/**
 * Distances. Every function takes addresses and byte lengths, allocates nothing and has a twin in ../twin.ts that it
 * is tested against.
 */

@inline
function sumLanes(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 2) + (f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 3));
}

@inline
function addProduct(a: usize, b: usize, offset: usize, sum: v128): v128 {
  return f32x4.relaxed_madd(v128.load(a + offset), v128.load(b + offset), sum);
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
  return f32x4.relaxed_madd(difference, difference, sum);
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

/**
 * Adds the products of 32 signed bytes (−63..63) and 32 code bytes (1..127) to four sums. One pair of products is at
 * most 2 · 63 · 127 = 16,002, so two of them still fit into 16 bits, and x86 and ARM agree on the relaxed product.
 */
@inline
function addProducts(signed0: v128, signed1: v128, code: usize, sum: v128): v128 {
  const pairs = i16x8.add(
    i16x8.relaxed_dot_i8x16_i7x16_s(signed0, v128.load(code)),
    i16x8.relaxed_dot_i8x16_i7x16_s(signed1, v128.load(code, 16)),
  );
  return i32x4.add(sum, i32x4.dot_i16x8_s(pairs, i16x8.splat(1)));
}

/** The inner product of signed bytes (−63..63) and code bytes (1..127); `bytes` is a multiple of 32. */
export function dotCodes(signed: usize, code: usize, bytes: usize): i32 {
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 32) {
    sum = addProducts(v128.load(signed + at), v128.load(signed + at, 16), code + at, sum);
  }
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  );
}

/** The inner products of signed bytes with four codes, in the four lanes. */
export function dotCodes4(signed: usize, c0: usize, c1: usize, c2: usize, c3: usize, bytes: usize): v128 {
  let sum0 = i32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  for (let at: usize = 0; at < bytes; at += 32) {
    const signed0 = v128.load(signed + at);
    const signed1 = v128.load(signed + at, 16);
    sum0 = addProducts(signed0, signed1, c0 + at, sum0);
    sum1 = addProducts(signed0, signed1, c1 + at, sum1);
    sum2 = addProducts(signed0, signed1, c2 + at, sum2);
    sum3 = addProducts(signed0, signed1, c3 + at, sum3);
  }
  const a = i32x4.add(v128.shuffle<i32>(sum0, sum1, 0, 4, 1, 5), v128.shuffle<i32>(sum0, sum1, 2, 6, 3, 7));
  const b = i32x4.add(v128.shuffle<i32>(sum2, sum3, 0, 4, 1, 5), v128.shuffle<i32>(sum2, sum3, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7));
}
