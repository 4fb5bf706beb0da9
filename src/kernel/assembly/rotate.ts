/**
 * Random rotations as three rounds of sign flips and a Hadamard transform (Andoni, Indyk, Laarhoven, Razenshteyn and
 * Schmidt, "Practical and Optimal LSH for Angular Distance", 2015, arXiv 1509.02897): O(size · log size) and no matrix.
 */

/** Rounds of flips and transforms; with three the result is as good as uniformly random. */
const ROUNDS: u32 = 3;

@inline
function mix(x: u32): u32 {
  x = (x ^ (x >>> 16)) * 0x85ebca6b;
  x = (x ^ (x >>> 13)) * 0xc2b2ae35;
  return x ^ (x >>> 16);
}

/**
 * Flips the signs of `size` floats, a multiple of 32, as a seed says: four xorshift generators (Marsaglia 2003), one for
 * each lane, whose upper eight bits are the signs of eight vectors.
 */
export function flipSigns(at: usize, size: u32, seed: u32): void {
  let state = i32x4(
    mix(seed + 0x9e3779b9) | 1, mix(seed + 0x3c6ef372) | 1, mix(seed + 0xdaa66d2b) | 1, mix(seed + 0x78dde6e4) | 1,
  );
  const sign = i32x4.splat(0x80000000);
  const end = at + (<usize>size << 2);
  for (let from = at; from < end; from += 128) {
    state = v128.xor(state, i32x4.shl(state, 13));
    state = v128.xor(state, i32x4.shr_u(state, 17));
    state = v128.xor(state, i32x4.shl(state, 5));
    for (let i: i32 = 0; i < 8; i++) {
      const place = from + (<usize>i << 4);
      v128.store(place, v128.xor(v128.load(place), v128.and(i32x4.shl(state, i), sign)));
    }
  }
}

/** The transform of each four floats. */
@inline
function transform4(floats: v128): v128 {
  const odd = v128.xor(v128.shuffle<i32>(floats, floats, 1, 1, 3, 3), i32x4(0, 0x80000000, 0, 0x80000000));
  const pairs = f32x4.add(v128.shuffle<i32>(floats, floats, 0, 0, 2, 2), odd);
  const upper = v128.xor(v128.shuffle<i32>(pairs, pairs, 2, 3, 2, 3), i32x4(0, 0, 0x80000000, 0x80000000));
  return f32x4.add(v128.shuffle<i32>(pairs, pairs, 0, 1, 0, 1), upper);
}

/** Two steps of the transform at once, between floats that are `half` bytes apart, and twice that. */
function transformTwice(at: usize, end: usize, half: usize): void {
  for (let block = at; block < end; block += half << 2) {
    for (let first = block; first < block + half; first += 16) {
      const second = first + half;
      const a = v128.load(first), b = v128.load(second);
      const c = v128.load(first + (half << 1)), d = v128.load(second + (half << 1));
      const ab = f32x4.add(a, b), aMinusB = f32x4.sub(a, b);
      const cd = f32x4.add(c, d), cMinusD = f32x4.sub(c, d);
      v128.store(first, f32x4.add(ab, cd));
      v128.store(second, f32x4.add(aMinusB, cMinusD));
      v128.store(first + (half << 1), f32x4.sub(ab, cd));
      v128.store(second + (half << 1), f32x4.sub(aMinusB, cMinusD));
    }
  }
}

function transformOnce(at: usize, end: usize, half: usize): void {
  for (let block = at; block < end; block += half << 1) {
    for (let first = block; first < block + half; first += 16) {
      const a = v128.load(first), b = v128.load(first + half);
      v128.store(first, f32x4.add(a, b));
      v128.store(first + half, f32x4.sub(a, b));
    }
  }
}

/** The Walsh–Hadamard transform of `size` floats, a power of two from 4 on, in place and not normalised. */
export function hadamard(at: usize, size: u32): void {
  const bytes = <usize>size << 2;
  const end = at + bytes;
  for (let four = at; four < end; four += 16) v128.store(four, transform4(v128.load(four)));
  let half: usize = 16;
  for (; half << 1 < bytes; half <<= 2) transformTwice(at, end, half);
  if (half < bytes) transformOnce(at, end, half);
}

/** Rotates `size` floats, a power of two from 32 on, as a seed says; they come out longer by size^1.5. */
export function rotate(at: usize, size: u32, seed: u32): void {
  for (let round: u32 = 0; round < ROUNDS; round++) {
    flipSigns(at, size, seed * ROUNDS + round);
    hadamard(at, size);
  }
}

/**
 * The cross-polytope hash of a rotated vector: the axis that it is nearest to, twice its number, and one more for its
 * negative end. The first of equally near ones.
 */
export function nearestAxis(at: usize, size: u32): u32 {
  let most = f32x4.splat(0);
  const end = at + (<usize>size << 2);
  for (let four = at; four < end; four += 16) most = f32x4.pmax(most, f32x4.abs(v128.load(four)));
  const pairs = f32x4.pmax(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
  const longest = f32x4.pmax(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2));
  for (let four = at; four < end; four += 16) {
    const found = i32x4.bitmask(f32x4.eq(f32x4.abs(v128.load(four)), longest));
    if (found == 0) continue;
    const place = four + (<usize>ctz<i32>(found) << 2);
    return (<u32>(place - at) >>> 1) | <u32>(load<f32>(place) < 0);
  }
  return 0;
}
