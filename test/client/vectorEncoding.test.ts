import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeVector, encodeVector } from '../../src/client/vectorEncoding.ts';

describe('a vector', () => {
  it('is the same after it was encoded and decoded', () => {
    fc.assert(
      fc.property(fc.float32Array({ noNaN: true, maxLength: 5_000 }), (vector) => {
        expect(decodeVector(encodeVector(vector))).toEqual(vector);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  it('is base64 of little-endian float32', () => {
    expect(encodeVector([1, -2])).toBe('AACAPwAAAMA=');
    expect(decodeVector([1, 0.5])).toEqual(Float32Array.of(1, 0.5));
  });

  it('that is no base64, or not of whole floats, says so', () => {
    expect(() => decodeVector('!')).toThrow(/not base64/);
    expect(() => decodeVector('AAAA')).toThrow(/got 3 bytes, expected a multiple of 4/);
  });
});
