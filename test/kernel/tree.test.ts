import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernel } from '../../src/kernel/kernel.ts';
import * as reference from '../../src/kernel/reference.ts';
import * as treeReference from '../../src/kernel/treeReference.ts';

const memory = new WebAssembly.Memory({ initial: 32, maximum: 65_535, shared: true });
const kernel = instantiateKernel(memory);

const LEAF_POINTS = 32;
const [POINTS, ORDER, QUERY, OUT, NODE, PARENT, SCRATCH] = [
  65_536, 1_048_576, 1_310_720, 1_314_816, 1_318_912, 1_327_104, 1_335_296,
];

const options = { numRuns: 80, seed: 20_261_121 };

/** Few values, so that ties are common, and others. */
const component = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 3, arbitrary: fc.float({ min: -100, max: 100, noNaN: true }) },
);
const point = (dimension: number) => fc.array(component, { minLength: dimension, maxLength: dimension });
const dimensions = fc.integer({ min: 1, max: 24 });

function putFloats(at: number, floats: readonly number[]): void {
  new Float32Array(memory.buffer, at, floats.length).set(floats);
}

const floatsAt = (at: number, length: number): number[] => [...new Float32Array(memory.buffer, at, length)];

function expectNear(got: number | undefined, expected: number, magnitude: number): void {
  expect(Math.abs((got ?? Number.NaN) - expected)).toBeLessThanOrEqual(4e-6 * magnitude + 1e-37);
}

describe('selection among points', () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(127, 1_000, 3_000));
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 9 }), sizes)
    .chain(([dimension, size]) =>
      fc.tuple(
        fc.array(point(dimension), { minLength: size, maxLength: size }),
        fc.nat(size - 1),
        fc.nat(dimension - 1),
        fc.nat(Math.min(5, size - 1)),
      ),
    );

  function select(points: readonly (readonly number[])[], from: number, nth: number, axis: number) {
    const dimension = points[0]?.length ?? 0;
    putFloats(POINTS, points.flat());
    new Uint32Array(memory.buffer, ORDER, points.length).set([...points.keys()]);
    kernel.selectPoints(POINTS, ORDER, dimension * 4, from, points.length, nth, axis);
    const order = [...new Uint32Array(memory.buffer, ORDER, points.length)];
    const rows = points.map((_, i) => floatsAt(POINTS + i * dimension * 4, dimension));
    return { order, rows };
  }

  it('puts none before the nth that is greater than any behind, and moves nothing outside of its range', () => {
    fc.assert(
      fc.property(cases, ([points, at, axis, from]) => {
        const nth = Math.max(from, at);
        const { order, rows } = select(points, from, nth, axis);
        expect(order.toSorted((a, b) => a - b)).toEqual([...points.keys()]);
        expect(order.slice(0, from)).toEqual([...points.keys()].slice(0, from));
        order.forEach((original, i) => {
          expect(rows[i]).toEqual((points[original] ?? []).map(Math.fround));
        });
        const values = rows.map((row) => row[axis] ?? Number.NaN);
        const greatestBefore = Math.max(Number.NEGATIVE_INFINITY, ...values.slice(from, nth));
        expect(Math.min(...values.slice(nth))).toBeGreaterThanOrEqual(greatestBefore);
      }),
      options,
    );
  });

  it('halves what is all equal, ascending, descending or an organ pipe', () => {
    const size = 50_000;
    for (const value of [
      () => 7,
      (i: number) => i,
      (i: number) => -i,
      (i: number) => Math.min(i, size - i),
    ]) {
      const { rows } = select(
        Array.from({ length: size }, (_, i) => [value(i)]),
        0,
        size / 2,
        0,
      );
      const values = rows.map(([x]) => x ?? Number.NaN);
      const most = values.slice(0, size / 2).reduce((a, b) => Math.max(a, b));
      expect(values.slice(size / 2).reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(most);
    }
  });

  it('finds the axis on which the points extend the farthest', () => {
    fc.assert(
      fc.property(cases, ([points]) => {
        const dimension = points[0]?.length ?? 0;
        putFloats(POINTS, points.flat());
        const got = kernel.widestAxis(POINTS, dimension * 4, dimension, 0, points.length);
        const floats = points.map((components) => components.map(Math.fround));
        if (points.length < 2_000) expect(got).toBe(treeReference.widestAxis(floats));
        else expect(got).toBeLessThan(dimension);
      }),
      options,
    );
  });
});

const leaves = dimensions.chain((dimension) =>
  fc.tuple(
    fc.array(point(dimension), { minLength: 1, maxLength: LEAF_POINTS }),
    point(dimension),
    fc.nat(LEAF_POINTS - 1),
  ),
);

/** Lays points out as a leaf at POINTS and a query at QUERY, and returns them as float32 has them. */
function putLeaf(points: readonly (readonly number[])[], query: readonly number[]) {
  putFloats(POINTS, points.flat());
  kernel.transposeLeaf(POINTS, query.length, points.length, SCRATCH);
  putFloats(QUERY, query);
  return {
    rows: points.map((components) => Float32Array.from(components)),
    asked: Float32Array.from(query),
  };
}

const magnitudes = (x: Float32Array) => x.map(Math.abs);

describe('a leaf', () => {
  it('holds each dimension in a line, with NaN for the points that it lacks', () => {
    fc.assert(
      fc.property(leaves, ([points, query]) => {
        const { rows } = putLeaf(points, query);
        query.forEach((_, axis) => {
          const line = floatsAt(POINTS + axis * LEAF_POINTS * 4, LEAF_POINTS);
          expect(line).toEqual(Array.from({ length: LEAF_POINTS }, (_, i) => rows[i]?.[axis] ?? Number.NaN));
        });
      }),
      options,
    );
  });

  it('has squared distances and inner products like those of rows, and marks those within the limit', () => {
    fc.assert(
      fc.property(leaves, ([points, query, nth]) => {
        const { rows, asked } = putLeaf(points, query);
        for (const isDistance of [true, false]) {
          const measure = isDistance ? kernel.leafDistances : kernel.leafProducts;
          measure(POINTS, QUERY, query.length, 0, OUT);
          const limit = floatsAt(OUT, LEAF_POINTS)[nth % points.length] ?? 0;
          const near = measure(POINTS, QUERY, query.length, limit, OUT);
          const keys = floatsAt(OUT, LEAF_POINTS);
          keys.forEach((key, i) => {
            const row = rows[i];
            expect((near >>> i) & 1).toBe(key <= limit ? 1 : 0);
            if (row === undefined) expect(key).toBeNaN();
            else if (isDistance)
              expectNear(key, reference.squaredRows(row, asked), reference.squaredRows(row, asked));
            else
              expectNear(
                key,
                -reference.dotRows(row, asked),
                reference.dotRows(magnitudes(row), magnitudes(asked)),
              );
          });
        }
      }),
      options,
    );
  });
});

describe('a node', () => {
  it('has the box around the points of each child, absent ones aside, and bounds that none of them undercuts', () => {
    const children = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(leaves, children, fc.nat(3), ([points, query], count, place) => {
        const dimension = query.length;
        putFloats(NODE, new Array(8 * dimension).fill(Number.NaN));
        putFloats(PARENT, new Array(8 * dimension).fill(Number.NaN));
        const parts = Array.from({ length: count }, (_, child) =>
          points.filter((_, i) => i % count === child),
        ).filter((part) => part.length > 0);
        parts.forEach((part, child) => {
          putLeaf(part, query);
          kernel.boxLeaf(POINTS, NODE, child, dimension);
        });
        kernel.boxNode(NODE, PARENT, place, dimension);
        const asked = [...Float32Array.from(query)];
        const boxes = parts.map((part) => treeReference.boxAround(part.map((x) => x.map(Math.fround))));
        const whole = treeReference.boxAround(points.map((x) => x.map(Math.fround)));
        const reach = query.reduce((sum, x) => sum + Math.abs(x) * 100, 0);
        for (const [node, expected] of [
          [NODE, boxes],
          [PARENT, Array.from({ length: 4 }, (_, i) => (i === place ? whole : undefined))],
        ] as const) {
          kernel.boxDistances(node, QUERY, dimension, OUT);
          const distances = floatsAt(OUT, 4);
          kernel.boxProducts(node, QUERY, dimension, OUT);
          const products = floatsAt(OUT, 4);
          for (let child = 0; child < 4; child++) {
            const box = expected[child];
            if (box === undefined) {
              expect([distances[child], products[child]]).toEqual([Number.NaN, Number.NaN]);
              continue;
            }
            const distance = treeReference.boxDistance(box, asked);
            expectNear(distances[child], distance, distance);
            expectNear(products[child], treeReference.boxProduct(box, asked), reach);
          }
        }
      }),
      options,
    );
  });
});
