import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { VectorInput } from '../../src/graphql/vector.ts';
import { encodeVector } from '../../src/library/vectorValue.ts';

const float32Array = fc
  .array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 })
  .map((numbers) => Float32Array.from(numbers));

const read = (given: unknown): Float32Array => new VectorInput(given).read();

describe('a vector', () => {
  it('is the same after it was written and read, in either encoding', () => {
    fc.assert(
      fc.property(float32Array, fc.constantFrom('LIST' as const, 'BASE64' as const), (vector, encoding) => {
        const sent = JSON.parse(JSON.stringify(encodeVector(vector, encoding)));
        // JSON has no word for −0.
        expect(read(sent)).toEqual(encoding === 'LIST' ? vector.map((value) => value + 0) : vector);
      }),
    );
  });

  it('is encoded from a part of a larger buffer', () => {
    const vector = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    expect(read(encodeVector(vector, 'BASE64'))).toEqual(Float32Array.of(1, 2));
  });

  it('is refused as base64 whose length is not a multiple of four: without its padding, say', () => {
    const base64 = Buffer.from(Float32Array.of(1, 2).buffer).toString('base64');
    expect(() => read(base64.replaceAll('=', ''))).toThrow(/11 characters/);
    expect(() => read(`${base64}A`)).toThrow(/13 characters/);
  });

  it('is finite numbers, or an error that says what was given, short however much that was', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.base64String(), fc.array(fc.double())), (given) => {
        try {
          const vector = read(given);
          expect(vector.length).toBeGreaterThan(0);
          expect(vector.every(Number.isFinite)).toBe(true);
        } catch (error) {
          const { kind, detail } = error as AlcoveError;
          expect(kind).toBe('InvalidVectorError');
          expect(detail).toMatchObject({ got: expect.any(String), expected: expect.any(String) });
          expect(String(detail.got).length).toBeLessThan(100);
        }
      }),
    );
    expect(() => read([Array.from({ length: 1_000 }, () => 0)])).toThrow('got a list at index 0');
  });

  it('is refused when a character is not of base64, wherever it stands', () => {
    const base64 = Buffer.from(Float32Array.of(1, 2, 3).buffer).toString('base64');
    for (let at = 0; at < base64.length; at++) {
      const damaged = `${base64.slice(0, at)}!${base64.slice(at + 1)}`;
      expect(() => read(damaged)).toThrow(AlcoveError);
    }
  });
});
