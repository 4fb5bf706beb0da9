import { describe, expect, it } from 'vitest';
import { finish, mix } from '../../src/embedding/murmur3.ts';

function hash(text: string, seed: number): number {
  let state = seed;
  for (let at = 0; at < text.length; at++) state = mix(state, text.charCodeAt(at));
  return finish(state, text.length);
}

/** MurmurHash3_x86_32 of whole 32-bit blocks, as the original has it, in big integers. */
function reference(text: string, seed: number): number {
  const mask = 0xffffffffn;
  const rotate = (bits: bigint, by: bigint) => ((bits << by) | (bits >> (32n - by))) & mask;
  let state = BigInt(seed >>> 0);
  for (let at = 0; at < text.length; at++) {
    const block = (rotate((BigInt(text.charCodeAt(at)) * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
    state = (rotate(state ^ block, 13n) * 5n + 0xe6546b64n) & mask;
  }
  state ^= BigInt(text.length * 4);
  state = ((state ^ (state >> 16n)) * 0x85ebca6bn) & mask;
  state = ((state ^ (state >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(state ^ (state >> 16n));
}

describe('MurmurHash3', () => {
  it('has the published values of the empty input', () => {
    expect(hash('', 0)).toBe(0);
    expect(hash('', 1)).toBe(0x514e28b7);
    expect(hash('', 0xffffffff)).toBe(0x81f16f39);
  });

  it('has the published value of four zero bytes', () => {
    expect(hash('\0', 0)).toBe(0x2362f9de);
  });

  it('agrees with the original on texts of every length', () => {
    for (let length = 0; length < 40; length++) {
      const text = Array.from({ length }, (_, at) => String.fromCharCode((at * 2_654_435_761) & 0xffff)).join(
        '',
      );
      expect(hash(text, 0x9747b28c)).toBe(reference(text, 0x9747b28c));
    }
  });
});
