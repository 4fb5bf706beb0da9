/**
 * A random rotation of rows, for sketches: afterwards no component matters more than another, whatever the data. It is
 * two rounds of flipped signs and Hadamard transforms of the first and of the last 2ⁿ components (Ailon & Chazelle 2009;
 * overlapping parts as in the RaBitQ library), so it costs O(d log d) and needs no matrix.
 */

/** Rounds; after one, a component depends on half of the others alone where the dimension is no power of two. */
const ROUNDS: u32 = 2;

/** A hash of 32 bits (the finalizer of MurmurHash3, Austin Appleby, public domain). */
@inline
function mixed(x: u32): u32 {
  x = (x ^ (x >>> 16)) * 0x85ebca6b;
  x = (x ^ (x >>> 13)) * 0xc2b2ae35;
  return x ^ (x >>> 16);
}

/** Rotates a row of `dimension` (at least 4) float32 components in place, by what the seed decides. */
export function rotateRow(row: usize, dimension: u32, seed: u32): void {
  const part: u32 = 1 << (31 - clz<u32>(dimension));
  for (let round: u32 = 0; round < ROUNDS; round++) {
    flipSigns(row, dimension, seed + round);
    transform(row, part);
    transform(row + (<usize>(dimension - part) << 2), part);
  }
}

/** Flips the components whose bit in a sequence of random words is set. */
function flipSigns(row: usize, dimension: u32, seed: u32): void {
  for (let first: u32 = 0; first < dimension; first += 32) {
    const bits = mixed(mixed(seed) + first);
    const end = min(first + 32, dimension);
    for (let i = first; i < end; i++) {
      const at = row + (<usize>i << 2);
      store<u32>(at, load<u32>(at) ^ (((bits >>> (i & 31)) & 1) << 31));
    }
  }
}

/** The Walsh–Hadamard transform of `length` (a power of two, at least 4) components, scaled to keep their norm. */
function transform(row: usize, length: u32): void {
  const end = row + (<usize>length << 2);
  const scale = f32x4.splat(1 / sqrt<f32>(<f32>length));
  const odd = f32x4(1, -1, 1, -1);
  const high = f32x4(1, 1, -1, -1);
  for (let at = row; at < end; at += 16) {
    let x = f32x4.mul(v128.load(at), scale);
    x = f32x4.add(v128.shuffle<f32>(x, x, 0, 0, 2, 2), f32x4.mul(v128.shuffle<f32>(x, x, 1, 1, 3, 3), odd));
    x = f32x4.add(v128.shuffle<f32>(x, x, 0, 1, 0, 1), f32x4.mul(v128.shuffle<f32>(x, x, 2, 3, 2, 3), high));
    v128.store(at, x);
  }
  for (let half: usize = 16; half < end - row; half <<= 1) {
    for (let block = row; block < end; block += half << 1) {
      for (let at = block; at < block + half; at += 16) {
        const a = v128.load(at);
        const b = v128.load(at + half);
        v128.store(at, f32x4.add(a, b));
        v128.store(at + half, f32x4.sub(a, b));
      }
    }
  }
}
