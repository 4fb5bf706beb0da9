import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/kernel.ts';
import * as reference from '../../src/kernel/reference.ts';
import { gaussianFrom } from '../indexes/data.ts';

const memory = new WebAssembly.Memory({ initial: 8, maximum: 65_535, shared: true });
const kernel = instantiateKernel(memory);
const [ROW, CENTRE, CODE, PLANES] = [4_096, 73_728, 143_360, 147_456] as const;

const options = { numRuns: 80, seed: 20_261_121 };
const dimension = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(768, 1_536, 4_095, 16_384));
const component = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -0, 1e-45, 1e12, -1e12, 3e38, Number.NaN, Number.NEGATIVE_INFINITY),
  },
);
const rowOf = (length: number) =>
  fc.array(component, { minLength: length, maxLength: length }).map((x) => Float32Array.from(x));
const bytesFor = (length: number): number => 16 * Math.ceil(length / 128);

/** Writes a row, and zeros to the end of whole words. */
function put(at: number, row: Float32Array): void {
  new Float32Array(memory.buffer, at, 8 * bytesFor(row.length)).fill(0);
  new Float32Array(memory.buffer, at, row.length).set(row);
}

const words = (at: number, bytes: number): bigint[] => [...new BigUint64Array(memory.buffer, at, bytes / 8)];
const wordsOf = (length: number) =>
  fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: length, maxLength: length });

it('a row is written as the planes of its reference, with nothing after its last component', () => {
  const step = fc.constantFrom(0, 1e-30, 0.1, 0.25, 7);
  fc.assert(
    fc.property(dimension.chain(rowOf), step, (row, wide) => {
      const bytes = bytesFor(row.length);
      put(ROW, row);
      new BigUint64Array(memory.buffer, PLANES, bytes / 2).fill(2n ** 64n - 1n);
      kernel.writePlanes(ROW, row.length, wide, PLANES, bytes);
      const finite = row.map((x) =>
        Number.isNaN(x * (wide > 0 ? Math.fround(1 / wide) : 0)) ? Number.POSITIVE_INFINITY : x,
      );
      expect(words(PLANES, 4 * bytes)).toEqual(reference.planesOf(finite, Math.fround(wide), bytes / 8));
    }),
    options,
  );
});

it('bits and planes differ by as many as those of the references', () => {
  const operands = fc
    .integer({ min: 1, max: 60 })
    .chain((pairs) => fc.tuple(wordsOf(2 * pairs), wordsOf(2 * pairs), wordsOf(8 * pairs)));
  fc.assert(
    fc.property(operands, ([a, b, planes]) => {
      const bytes = 8 * a.length;
      new BigUint64Array(memory.buffer, CODE, a.length).set(a);
      new BigUint64Array(memory.buffer, PLANES, planes.length).set(planes);
      expect(kernel.differingPlanes(CODE, PLANES, bytes)).toBe(reference.differingPlanes(a, planes));
      new BigUint64Array(memory.buffer, PLANES, b.length).set(b);
      expect(kernel.differingBits(CODE, PLANES, bytes)).toBe(reference.differingBits(a, b));
    }),
    options,
  );
});

it.each([128, 200, 768])(
  'estimates inner products without bias, and as well as is promised: %i',
  (length) => {
    const gaussian = gaussianFrom(length);
    const bytes = bytesFor(length);
    const errors = Array.from({ length: 600 }, (_, i) => {
      // What rotations make of any two rows of an angle that is different every time.
      const row = Float32Array.from({ length }, gaussian);
      const probe = row.map((x) => (i % 9) * 0.2 * x + gaussian());
      put(CENTRE, new Float32Array(length));
      put(ROW, row);
      const norm = kernel.writeSigns(ROW, CENTRE, 32 * bytes, CODE);
      put(ROW, probe);
      const step = Math.fround((2 / 15) * Math.max(...probe.map(Math.abs)));
      kernel.writePlanes(ROW, length, step, PLANES, bytes);
      const scale = norm ** 2 / row.reduce((sum, x) => sum + Math.abs(x), 0);
      const estimate = scale * step * (7.5 * length - kernel.differingPlanes(CODE, PLANES, bytes));
      const along = reference.dotRows(row, probe) / norm;
      const across = reference.dotRows(probe, probe) - along ** 2;
      const among = (scale ** 2 * length - norm ** 2) / (length - 1);
      return (estimate - along * norm) / Math.sqrt(among * across + (scale * step) ** 2 * (length / 12));
    });
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(deviation).toBeGreaterThan(0.85);
    expect(deviation).toBeLessThan(1.15);
  },
);
