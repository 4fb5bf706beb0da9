/**
 * Distances. Every function takes addresses and byte lengths, allocates nothing and has a twin in ../twin.ts that it
 * is tested against. The one-row and four-row forms add up in the same order, so that equal rows have equal keys
 * wherever they stand in a batch.
 */

@inline
function sum4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

@inline
function sum1(a: v128): f32 {
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 2) + (f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 3));
}

@inline
function madd(a: usize, b: usize, offset: usize, sum: v128): v128 {
  return f32x4.relaxed_madd(v128.load(a + offset), v128.load(b + offset), sum);
}

/** The inner product of two float32 rows of `bytes` bytes, a multiple of 16. */
export function dotRows(a: usize, b: usize, bytes: usize): f32 {
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 32 <= bytes; at += 32) {
    even = madd(a, b, at, even);
    odd = madd(a, b, at + 16, odd);
  }
  if (at < bytes) even = madd(a, b, at, even);
  return sum1(f32x4.add(even, odd));
}

/** The inner products of row `a` with four rows, in the four lanes. */
export function dotRows4(a: usize, b0: usize, b1: usize, b2: usize, b3: usize, bytes: usize): v128 {
  let even0 = f32x4.splat(0), even1 = even0, even2 = even0, even3 = even0;
  let odd0 = even0, odd1 = even0, odd2 = even0, odd3 = even0;
  let at: usize = 0;
  for (; at + 32 <= bytes; at += 32) {
    const q0 = v128.load(a + at);
    const q1 = v128.load(a + at, 16);
    even0 = f32x4.relaxed_madd(q0, v128.load(b0 + at), even0);
    even1 = f32x4.relaxed_madd(q0, v128.load(b1 + at), even1);
    even2 = f32x4.relaxed_madd(q0, v128.load(b2 + at), even2);
    even3 = f32x4.relaxed_madd(q0, v128.load(b3 + at), even3);
    odd0 = f32x4.relaxed_madd(q1, v128.load(b0 + at, 16), odd0);
    odd1 = f32x4.relaxed_madd(q1, v128.load(b1 + at, 16), odd1);
    odd2 = f32x4.relaxed_madd(q1, v128.load(b2 + at, 16), odd2);
    odd3 = f32x4.relaxed_madd(q1, v128.load(b3 + at, 16), odd3);
  }
  if (at < bytes) {
    even0 = madd(a, b0, at, even0);
    even1 = madd(a, b1, at, even1);
    even2 = madd(a, b2, at, even2);
    even3 = madd(a, b3, at, even3);
  }
  return sum4(f32x4.add(even0, odd0), f32x4.add(even1, odd1), f32x4.add(even2, odd2), f32x4.add(even3, odd3));
}

@inline
function addSquare(a: v128, b: v128, sum: v128): v128 {
  const difference = f32x4.sub(a, b);
  return f32x4.relaxed_madd(difference, difference, sum);
}

/** The squared Euclidean distance of two float32 rows of `bytes` bytes, a multiple of 16. */
export function squaredRows(a: usize, b: usize, bytes: usize): f32 {
  let even = f32x4.splat(0);
  let odd = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 32 <= bytes; at += 32) {
    even = addSquare(v128.load(a + at), v128.load(b + at), even);
    odd = addSquare(v128.load(a + at, 16), v128.load(b + at, 16), odd);
  }
  if (at < bytes) even = addSquare(v128.load(a + at), v128.load(b + at), even);
  return sum1(f32x4.add(even, odd));
}

/** The squared Euclidean distances of row `a` to four rows, in the four lanes. */
export function squaredRows4(a: usize, b0: usize, b1: usize, b2: usize, b3: usize, bytes: usize): v128 {
  let even0 = f32x4.splat(0), even1 = even0, even2 = even0, even3 = even0;
  let odd0 = even0, odd1 = even0, odd2 = even0, odd3 = even0;
  let at: usize = 0;
  for (; at + 32 <= bytes; at += 32) {
    const q0 = v128.load(a + at);
    const q1 = v128.load(a + at, 16);
    even0 = addSquare(q0, v128.load(b0 + at), even0);
    even1 = addSquare(q0, v128.load(b1 + at), even1);
    even2 = addSquare(q0, v128.load(b2 + at), even2);
    even3 = addSquare(q0, v128.load(b3 + at), even3);
    odd0 = addSquare(q1, v128.load(b0 + at, 16), odd0);
    odd1 = addSquare(q1, v128.load(b1 + at, 16), odd1);
    odd2 = addSquare(q1, v128.load(b2 + at, 16), odd2);
    odd3 = addSquare(q1, v128.load(b3 + at, 16), odd3);
  }
  if (at < bytes) {
    const q = v128.load(a + at);
    even0 = addSquare(q, v128.load(b0 + at), even0);
    even1 = addSquare(q, v128.load(b1 + at), even1);
    even2 = addSquare(q, v128.load(b2 + at), even2);
    even3 = addSquare(q, v128.load(b3 + at), even3);
  }
  return sum4(f32x4.add(even0, odd0), f32x4.add(even1, odd1), f32x4.add(even2, odd2), f32x4.add(even3, odd3));
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
