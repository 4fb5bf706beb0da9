import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { encodeVector, parseVector } from '../../src/graphql/vector.ts';

const float32Array = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 })
  .map((numbers) => Float32Array.from(numbers));

describe('a vector', () => {
  it('is the same after it was written and read, in either encoding', () => {
    fc.assert(
      fc.property(float32Array, fc.constantFrom('LIST' as const, 'BASE64' as const), (vector, encoding) => {
        const sent = JSON.parse(JSON.stringify(encodeVector(vector, encoding)));
        // JSON has no word for −0.
        expect(parseVector(sent)).toEqual(encoding === 'LIST' ? vector.map((value) => value + 0) : vector);
      }),
    );
  });

  it('is encoded from a part of a larger buffer', () => {
    const vector = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    expect(parseVector(encodeVector(vector, 'BASE64'))).toEqual(Float32Array.of(1, 2));
  });

  it('is read from base64 with or without padding', () => {
    const base64 = Buffer.from(Float32Array.of(1, 2).buffer).toString('base64');
    expect(parseVector(base64.replaceAll('=', ''))).toEqual(parseVector(base64));
  });

  it('is never thrown: whatever is given is a vector, or says what is wrong with it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.base64String(), fc.array(fc.double())), (value) => {
        const parsed = parseVector(value);
        if (parsed instanceof AlcoveError) {
          expect(parsed.kind).toBe('InvalidVectorError');
          expect(parsed.detail).toMatchObject({ got: expect.any(String), expected: expect.any(String) });
        } else {
          expect(parsed.length).toBeGreaterThan(0);
          expect(parsed.every(Number.isFinite)).toBe(true);
        }
      }),
    );
  });

  it('is refused when a character is not of base64, wherever it stands', () => {
    const base64 = Buffer.from(Float32Array.of(1, 2, 3).buffer).toString('base64');
    for (let at = 0; at < base64.length; at++) {
      const damaged = `${base64.slice(0, at)}!${base64.slice(at + 1)}`;
      expect(parseVector(damaged)).toBeInstanceOf(AlcoveError);
    }
  });
});
