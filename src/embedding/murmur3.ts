/**
 * MurmurHash3, x86 32-bit (Austin Appleby, public domain: aappleby/smhasher, `MurmurHash3.cpp`), over UTF-16 code units.
 * Each unit is mixed in as one 32-bit block, so the hash of a string's prefixes comes for free while it is extended;
 * {@link finish} closes a hash. It agrees with the original on the bytes of the units written as little-endian uint32.
 */
export function mix(hash: number, unit: number): number {
  let block = Math.imul(unit, 0xcc9e2d51);
  block = (block << 15) | (block >>> 17);
  const mixed = hash ^ Math.imul(block, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

/** The final avalanche over `units` mixed units. Unsigned 32-bit. */
export function finish(hash: number, units: number): number {
  let bits = hash ^ (units * 4);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
