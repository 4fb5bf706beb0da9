import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/embedding/Turns.ts';
import type { SparseMatrix } from '../../src/training/associations.ts';
import { largestEigenvectors } from '../../src/training/eigen.ts';
import { randomNumbers } from '../../src/training/random.ts';
import { symmetricEigen } from '../../src/training/symmetricEigen.ts';

const turns = new Turns({});
const quiet = { seed: 1, turns, onProgress: () => {} };

/** A symmetric matrix of small rank (its eigenvalues fall off), dense and sparse. */
function symmetric(rows: number, rank: number, seed: number): { dense: Float64Array; sparse: SparseMatrix } {
  const random = randomNumbers(seed);
  const dense = new Float64Array(rows * rows);
  for (let component = 0; component < rank; component++) {
    const vector = Array.from({ length: rows }, () => random() - 0.5);
    const weight = (component % 3 === 0 ? -1 : 1) * 0.7 ** component;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < rows; column++) {
        const at = row * rows + column;
        dense[at] = (dense[at] as number) + weight * (vector[row] as number) * (vector[column] as number);
      }
    }
  }
  const starts = Uint32Array.from({ length: rows + 1 }, (_, row) => row * rows);
  const columns = Uint32Array.from({ length: rows * rows }, (_, at) => at % rows);
  return { dense, sparse: { rows, starts, columns, values: Float32Array.from(dense) } };
}

describe('eigenvectors', () => {
  it('of a dense matrix put it together again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 24 }), fc.nat(1_000), async (size, seed) => {
        const { dense } = symmetric(size, size, seed);
        const { values, vectors } = await symmetricEigen(dense.slice(), size, turns);
        for (let row = 0; row < size; row++) {
          for (let column = 0; column < size; column++) {
            let sum = 0;
            for (let at = 0; at < size; at++) {
              const left = vectors[row * size + at] as number;
              sum += left * (values[at] as number) * (vectors[column * size + at] as number);
            }
            expect(sum).toBeCloseTo(dense[row * size + column] as number, 10);
          }
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('of a sparse matrix are the largest that a dense one has', async () => {
    const rows = 120;
    const { dense, sparse } = symmetric(rows, 40, 7);
    const all = await symmetricEigen(dense.slice(), rows, turns);
    const largest = [...all.values].sort((one, other) => Math.abs(other) - Math.abs(one));
    const rank = 12;
    const { values, vectors } = await largestEigenvectors(sparse, rank, quiet);
    for (let at = 0; at < rank; at++) {
      expect(values[at]).toBeCloseTo(largest[at] as number, 4);
      let squares = 0;
      for (let row = 0; row < rows; row++) {
        const component = vectors[row * rank + at] as number;
        squares += component * component;
        let image = 0;
        for (let column = 0; column < rows; column++) {
          image += (dense[row * rows + column] as number) * (vectors[column * rank + at] as number);
        }
        expect(image).toBeCloseTo((values[at] as number) * component, 3);
      }
      expect(squares).toBeCloseTo(1, 4);
    }
  });

  it('are zeros past the rank of a matrix, never NaN', async () => {
    const { sparse } = symmetric(30, 2, 3);
    const { values, vectors } = await largestEigenvectors(sparse, 10, quiet);
    expect(vectors.every((value) => Number.isFinite(value))).toBe(true);
    expect([...values].slice(2).every((value) => Math.abs(value) < 1e-6)).toBe(true);
  });
});
