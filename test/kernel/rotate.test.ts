import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/kernel.ts';
import * as reference from '../../src/kernel/rotateReference.ts';

const memory = new WebAssembly.Memory({ initial: 8, maximum: 65_535, shared: true });
const kernel = instantiateKernel(memory);
const AT = 65_536;

const options = { numRuns: 60, seed: 20_261_121 };
const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const component = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.float({ min: -9, max: 9, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-20),
);
const vectors = (fewest: number) =>
  fc
    .integer({ min: fewest, max: 11 })
    .chain((power) => fc.array(component, { minLength: 2 ** power, maxLength: 2 ** power }));

function put(values: readonly number[]): number[] {
  const floats = new Float32Array(memory.buffer, AT, values.length);
  floats.set(values);
  return [...floats];
}

const result = (size: number): number[] => [...new Float32Array(memory.buffer, AT, size)];
const norm = (values: readonly number[]): number => Math.hypot(...values);

describe('a random rotation', () => {
  it('flips the signs that its reference flips, about half of them, and others for another seed', () => {
    fc.assert(
      fc.property(vectors(5), seeds, (values, seed) => {
        const before = put(values);
        kernel.flipSigns(AT, values.length, seed);
        const flips = reference.signs(values.length, seed);
        expect(result(values.length)).toEqual(before.map((x, i) => x * (flips[i] ?? 0)));
      }),
      options,
    );
    const flips = [1, 2].map((seed) => reference.signs(4_096, seed));
    for (const some of flips) expect(Math.abs(some.reduce((a, b) => a + b))).toBeLessThan(4 * 64);
    const agreement = flips[0]?.reduce((sum, x, i) => sum + x * (flips[1]?.[i] ?? 0), 0) ?? Number.NaN;
    expect(Math.abs(agreement)).toBeLessThan(4 * 64);
  });

  it('transforms as its reference does, for every power of two', () => {
    fc.assert(
      fc.property(vectors(2), (values) => {
        const expected = reference.hadamard(put(values));
        kernel.hadamard(AT, values.length);
        const magnitude = values.reduce((sum, x) => sum + Math.abs(x), 0);
        result(values.length).forEach((x, i) => {
          expect(Math.abs(x - (expected[i] ?? Number.NaN))).toBeLessThanOrEqual(2e-6 * magnitude);
        });
      }),
      options,
    );
  });

  it('keeps angles and norms, but for the factor that is known', () => {
    fc.assert(
      fc.property(vectors(5), vectors(5), seeds, (a, b, seed) => {
        const size = Math.min(a.length, b.length);
        const [x, y] = [a, b].map((values) => {
          const before = put(values.slice(0, size));
          kernel.rotate(AT, size, seed);
          return { before, after: result(size).map((value) => value / size ** 1.5) };
        });
        if (x === undefined || y === undefined) throw new Error('two were put');
        const dot = (p: readonly number[], q: readonly number[]) =>
          p.reduce((sum, value, i) => sum + value * (q[i] ?? 0), 0);
        const tolerance = 1e-5 * norm(x.before) * norm(y.before) + 1e-12;
        expect(Math.abs(dot(x.before, y.before) - dot(x.after, y.after))).toBeLessThanOrEqual(tolerance);
      }),
      options,
    );
  });

  it('finds the axis that its reference finds, the first of equally near ones', () => {
    fc.assert(
      fc.property(vectors(5), (values) => {
        const floats = put(values);
        expect(kernel.nearestAxis(AT, values.length)).toBe(reference.nearestAxis(floats));
      }),
      options,
    );
  });
});
