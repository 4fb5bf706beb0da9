/** Lists in memory: 32-bit slots (or ordinals) and float32 keys, by index. */

@inline
export function wordIn(list: usize, index: u32): u32 {
  return load<u32>(list + (<usize>index << 2));
}

@inline
export function putWord(list: usize, index: u32, slot: u32): void {
  store<u32>(list + (<usize>index << 2), slot);
}

@inline
export function floatIn(list: usize, index: u32): f32 {
  return load<f32>(list + (<usize>index << 2));
}

@inline
export function putFloat(list: usize, index: u32, key: f32): void {
  store<f32>(list + (<usize>index << 2), key);
}

/** Sets the bit of a slot in a bitmap; false if it was set already. */
@inline
export function setBit(bitmap: usize, slot: u32): bool {
  const at = bitmap + (<usize>(slot >>> 5) << 2);
  const bits = load<u32>(at);
  const bit: u32 = 1 << (slot & 31);
  if (bits & bit) return false;
  store<u32>(at, bits | bit);
  return true;
}

@inline
export function hasBit(bitmap: usize, slot: u32): bool {
  return ((load<u32>(bitmap + (<usize>(slot >>> 5) << 2)) >>> (slot & 31)) & 1) != 0;
}

/** Clears the bits of all slots below `end`. */
export function clearBits(bitmap: usize, end: u32): void {
  memory.fill(bitmap, 0, ((<usize>end + 31) >>> 5) << 2);
}
