import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/kernel.ts';
import * as reference from '../../src/kernel/reference.ts';

const memory = new WebAssembly.Memory({ initial: 8, maximum: 65_535, shared: true });
const kernel = instantiateKernel(memory);
const [ROW, CENTRE, BITS] = [4_096, 135_168, 266_240] as const;

const options = { numRuns: 60, seed: 20_261_121 };
const component = fc.float({ min: -2, max: 2, noNaN: true });
const rowOf = (length: number) =>
  fc.array(component, { minLength: length, maxLength: length }).map((x) => Float32Array.from(x));
const dimension = fc.oneof(fc.integer({ min: 4, max: 300 }), fc.constantFrom(384, 768, 1_536, 4_095, 16_384));

function put(at: number, row: Float32Array): Float32Array<SharedArrayBuffer> {
  const view = new Float32Array(memory.buffer as unknown as SharedArrayBuffer, at, row.length);
  view.set(row);
  return view;
}

describe('a sketch', () => {
  it('is of a row that is rotated as its reference is, and keeps its norm', () => {
    fc.assert(
      fc.property(dimension.chain(rowOf), fc.nat(), (row, seed) => {
        const view = put(ROW, row);
        kernel.rotateRow(ROW, row.length, seed);
        const norm = Math.sqrt(reference.dotRows(row, row));
        reference.rotateRow(row, seed).forEach((x, i) => {
          expect(Math.abs((view[i] ?? Number.NaN) - x)).toBeLessThanOrEqual(1e-5 * (norm + 1e-30));
        });
        expect(Math.sqrt(reference.dotRows(view, view))).toBeCloseTo(norm, 2);
      }),
      options,
    );
  });

  it('has the signs and the norm of its reference', () => {
    const rows = fc
      .constantFrom(64, 128, 192, 384, 1_024, 16_384)
      .chain((length) => fc.tuple(rowOf(length), rowOf(length)));
    fc.assert(
      fc.property(rows, ([row, centre]) => {
        put(ROW, row);
        put(CENTRE, centre);
        const norm = kernel.writeSigns(ROW, CENTRE, row.length * 4, BITS);
        const expected = reference.signsOf(row, centre);
        expect([...new BigUint64Array(memory.buffer, BITS, row.length / 64)]).toEqual(expected.signs);
        expect(Math.abs(norm - expected.norm)).toBeLessThanOrEqual(1e-5 * expected.norm);
      }),
      options,
    );
  });
});
