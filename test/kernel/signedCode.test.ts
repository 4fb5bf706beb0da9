import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/kernel.ts';
import * as reference from '../../src/kernel/reference.ts';

const memory = new WebAssembly.Memory({ initial: 8, maximum: 65_535, shared: true });
const kernel = instantiateKernel(memory);
const [ROW, CODE, WIDE] = [4_096, 131_072, 196_608] as const;

const padded = (length: number, to: number): number => Math.ceil(length / to) * to;

const dimension = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 1, arbitrary: fc.constantFrom(384, 768, 3_000, 16_384) },
);
const component = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1e-45, 1e-20, 1e12, -1e12) },
);
const row = dimension.chain((length) =>
  fc.array(component, { minLength: length, maxLength: length }).map((x) => Float32Array.from(x)),
);
const bytes = (length: number, min: number, max: number) =>
  fc.array(fc.integer({ min, max }), { minLength: length, maxLength: length }).map((x) => Int8Array.from(x));
const options = { numRuns: 60, seed: 20_261_121 };

/** Writes a row with its padding, and a code. Returns the bytes of the padded row. */
function put(x: Float32Array, code: Int8Array): number {
  const rowBytes = padded(x.length * 4, 16);
  new Float32Array(memory.buffer, ROW, rowBytes / 4 + 16).fill(1e30);
  new Float32Array(memory.buffer, ROW, rowBytes / 4).fill(0);
  new Float32Array(memory.buffer, ROW, x.length).set(x);
  new Int8Array(memory.buffer, CODE, code.length + 64).fill(100);
  new Int8Array(memory.buffer, CODE, code.length).set(code);
  return rowBytes;
}

it('an 8-bit code is that of the reference, with zeros after its last component', () => {
  fc.assert(
    fc.property(row, (x) => {
      const codeBytes = padded(x.length, 32);
      put(x, new Int8Array(codeBytes));
      kernel.encodeSigned(ROW, x.length, CODE, codeBytes);
      expect(new Int8Array(memory.buffer, CODE, codeBytes).slice()).toEqual(
        reference.encodeSigned(x, codeBytes),
      );
    }),
    options,
  );
});

const rowAndCode = row.chain((x) =>
  fc.constantFrom(0, reference.CODE_OFFSET).chain((bias) =>
    fc.record({
      x: fc.constant(x),
      bias: fc.constant(bias),
      code: bytes(padded(x.length, 32), bias === 0 ? -127 : 1, 127).map((code) =>
        code.map((byte, i) => (i < x.length ? byte : bias)),
      ),
    }),
  ),
);

it('what a code is measured by is what the reference says', () => {
  fc.assert(
    fc.property(rowAndCode, ({ x, bias, code }) => {
      const rowBytes = put(x, code);
      const near = (got: number, expected: number, magnitude: number) =>
        expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-11 * magnitude);
      const sizes = x.map(Math.abs);
      const product = reference.dotRowCode(x, code, bias);
      near(kernel.dotRowCode(ROW, CODE, rowBytes, bias), product, 127 * sizes.reduce((a, b) => a + b, 0));
      expect(kernel.squaredCode(CODE, code.length, bias)).toBe(reference.squaredCode(code, bias));
      const residual = reference.squaredResidual(x, code, bias, 0.25, 0.75);
      near(kernel.squaredResidual(ROW, CODE, rowBytes, bias, 0.25, 0.75), residual, residual);
    }),
    options,
  );
});

it('the inner product with 16-bit integers is exact', () => {
  const operands = dimension.chain((length) => {
    const size = padded(length, 32);
    const most = Math.min(32_767, Math.floor(16_800_000 / size));
    const wide = fc.array(fc.integer({ min: -most, max: most }), { minLength: size, maxLength: size });
    return fc.tuple(
      bytes(size, -127, 127),
      wide.map((z) => Int16Array.from(z)),
    );
  });
  fc.assert(
    fc.property(operands, ([code, wide]) => {
      put(new Float32Array(1), code);
      new Int16Array(memory.buffer, WIDE, wide.length).set(wide);
      expect(kernel.dotWide(CODE, WIDE, code.length)).toBe(reference.dotWide(code, wide));
    }),
    options,
  );
});
