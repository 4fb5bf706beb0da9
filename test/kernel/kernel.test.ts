import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernel, instantiateKernel, kernelModule } from '../../src/kernel/kernel.ts';
import * as reference from '../../src/kernel/reference.ts';

const memory = new WebAssembly.Memory({ initial: 16, maximum: 65_535, shared: true });

/** Every kernel that can come to be chosen, whatever this machine is best at. */
const kernels = [
  {
    name: 'products in pairs',
    kernel: instantiateKernel(memory, { module: compileKernel(), variant: 'PAIRS' }),
  },
  {
    name: 'products in fours',
    kernel: instantiateKernel(memory, { module: compileKernel(), variant: 'QUADS' }),
  },
  {
    name: 'no relaxed SIMD',
    kernel: instantiateKernel(memory, { module: compileKernel(true), variant: 'PAIRS' }),
  },
];

/** Four places for operands, far enough apart for the largest dimension, and one for results. */
const PLACES = [0, 1, 2, 3, 4, 5].map((i) => 4_096 + i * 131_072);
const [A = 0, B = 0, C = 0, D = 0, E = 0, OUT = 0] = PLACES;

const padded = (bytes: number, to: number): number => Math.ceil(bytes / to) * to;

/** Writes a row with its padding, among bytes that would spoil the result if they were read. */
function putRow(at: number, row: Float32Array): number {
  const bytes = padded(row.length * 4, 16);
  new Float32Array(memory.buffer, at, bytes / 4 + 16).fill(1e30);
  new Float32Array(memory.buffer, at, bytes / 4).fill(0);
  new Float32Array(memory.buffer, at, row.length).set(row);
  return bytes;
}

function putBytes(at: number, bytes: Int8Array | Uint8Array): void {
  new Uint8Array(memory.buffer, at, bytes.length + 64).fill(100);
  new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
}

/** Dimensions with every odd tail, and some large ones. */
const dimension = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 300 }) },
  { weight: 1, arbitrary: fc.constantFrom(384, 768, 1_536, 4_095, 16_384) },
);
const component = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1e-45, 1e-20, 1e15, -1e15) },
);
const row = (length: number) =>
  fc.array(component, { minLength: length, maxLength: length }).map((x) => Float32Array.from(x));
const bytesOf = (length: number, min: number, max: number) =>
  fc.array(fc.integer({ min, max }), { minLength: length, maxLength: length });

const rows = dimension.chain((length) => fc.tuple(row(length), row(length)));
const codes = dimension.chain((length) => {
  const bytes = padded(length, 64);
  return fc.tuple(
    bytesOf(bytes, -63, 63).map((x) => Int8Array.from(x)),
    fc.tuple(...[0, 1, 2, 3].map(() => bytesOf(bytes, 1, 127).map((x) => Uint8Array.from(x)))),
  );
});

const options = { numRuns: 60, seed: 20_261_026 };

/** Sums of float32 products may be off by this much of the sum of their magnitudes. */
function expectNear(got: number, expected: number, magnitude: number): void {
  expect(Math.abs(got - expected)).toBeLessThanOrEqual(4e-6 * magnitude + 1e-37);
}

const magnitudes = (x: Float32Array) => x.map(Math.abs);

describe.each(kernels)('over float32 rows, with $name', ({ kernel }) => {
  it('the inner product is that of its reference', () => {
    fc.assert(
      fc.property(rows, ([a, b]) => {
        putRow(B, b);
        const got = kernel.dotRows(A, B, putRow(A, a));
        expectNear(got, reference.dotRows(a, b), reference.dotRows(magnitudes(a), magnitudes(b)));
      }),
      options,
    );
  });

  it('the squared distance is that of its reference', () => {
    fc.assert(
      fc.property(rows, ([a, b]) => {
        putRow(B, b);
        const got = kernel.squaredRows(A, B, putRow(A, a));
        expectNear(got, reference.squaredRows(a, b), reference.squaredRows(a, b));
      }),
      options,
    );
  });

  it('the inverse norm is that of its reference, and 0 for what is as good as zero', () => {
    fc.assert(
      fc.property(dimension.chain(row), (a) => {
        const expected = reference.inverseNorm(a);
        expectNear(kernel.inverseNorm(A, putRow(A, a)), expected, expected);
      }),
      options,
    );
    expect(kernel.inverseNorm(A, putRow(A, new Float32Array(7)))).toBe(0);
    expect(kernel.inverseNorm(A, putRow(A, Float32Array.of(1e-44)))).toBe(0);
    expect(kernel.inverseNorm(A, putRow(A, Float32Array.of(3e38, 3e38)))).toBeGreaterThan(0);
  });
});

describe.each(kernels)('over codes, with $name', ({ kernel }) => {
  it('the inner product is exactly that of its reference', () => {
    fc.assert(
      fc.property(codes, ([signed, [code]]) => {
        putBytes(A, signed);
        putBytes(B, code ?? new Uint8Array());
        expect(kernel.dotCodes(A, B, signed.length)).toBe(
          reference.dotCodes(signed, code ?? new Uint8Array()),
        );
      }),
      options,
    );
  });

  it('four inner products at once are exactly those of the reference', () => {
    fc.assert(
      fc.property(codes, ([signed, four]) => {
        putBytes(A, signed);
        four.forEach((code, i) => {
          putBytes([B, C, D, E][i] ?? B, code);
        });
        kernel.dotCodes4(A, B, C, D, E, signed.length, OUT);
        const got = [...new Int32Array(memory.buffer, OUT, 4)];
        expect(got).toEqual(four.map((code) => reference.dotCodes(signed, code)));
      }),
      options,
    );
  });

  it('the extremes do not overflow', () => {
    for (const length of [64, 16_384]) {
      for (const sign of [-63, 63]) {
        putBytes(A, new Int8Array(length).fill(sign));
        for (const at of [B, C, D, E]) putBytes(at, new Uint8Array(length).fill(127));
        expect(kernel.dotCodes(A, B, length)).toBe(sign * 127 * length);
        kernel.dotCodes4(A, B, C, D, E, length, OUT);
        expect([...new Int32Array(memory.buffer, OUT, 4)]).toEqual(new Array(4).fill(sign * 127 * length));
      }
    }
  });

  it('encoding and decoding do what the reference does', () => {
    fc.assert(
      fc.property(dimension.chain(row), (a) => {
        const codeBytes = padded(a.length, 64);
        putRow(A, a);
        const scale = kernel.encodeRow(A, a.length, B, codeBytes);
        const expected = reference.encodeRow(a, codeBytes);
        const code = new Uint8Array(memory.buffer, B, codeBytes).slice();
        expect(code).toEqual(expected.code);
        expectNear(scale, expected.scale, expected.scale);
        expect(kernel.codeSum(B, codeBytes)).toBe(reference.codeSum(code));
        expect(kernel.codeSquares(B, codeBytes)).toBe(reference.codeSquares(code));
        kernel.decodeSigned(B, C, codeBytes);
        expect(new Int8Array(memory.buffer, C, codeBytes).slice()).toEqual(reference.decodeSigned(code));
      }),
      options,
    );
  });

  it('a decoded component is off by at most half a step', () => {
    fc.assert(
      fc.property(dimension.chain(row), (a) => {
        const codeBytes = padded(a.length, 64);
        putRow(A, a);
        const scale = kernel.encodeRow(A, a.length, B, codeBytes);
        const code = new Uint8Array(memory.buffer, B, codeBytes);
        a.forEach((x, i) => {
          const decoded = ((code[i] ?? 0) - reference.CODE_OFFSET) * scale;
          expect(Math.abs(decoded - x)).toBeLessThanOrEqual(0.5001 * scale + reference.SMALLEST);
        });
      }),
      options,
    );
  });

  it('equal bytes are equal, and one bit makes them different', () => {
    fc.assert(
      fc.property(codes, fc.nat(), ([, [code = new Uint8Array()]], at) => {
        putBytes(A, code);
        putBytes(B, code);
        expect(kernel.sameBytes(A, B, code.length)).toBe(1);
        const changed = code.slice();
        changed[at % code.length] = (code[at % code.length] ?? 0) ^ 1;
        putBytes(B, changed);
        expect(kernel.sameBytes(A, B, code.length)).toBe(0);
      }),
      options,
    );
  });
});

it('the kernel without relaxed SIMD has the same functions', () => {
  const names = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);
  expect(names(compileKernel(true))).toEqual(names(compileKernel()));
});

it('an instantiation writes nothing into its memory', () => {
  const used = new WebAssembly.Memory({ initial: 4, maximum: 65_535, shared: true });
  const bytes = new Uint8Array(used.buffer).fill(0xa5);
  instantiateKernel(used);
  expect(bytes.every((byte) => byte === 0xa5)).toBe(true);
  expect(WebAssembly.Module.imports(kernelModule())).toEqual([
    { module: 'env', name: 'fetchRow', kind: 'function' },
    { module: 'env', name: 'memory', kind: 'memory' },
  ]);
});
