import type { Turns } from '../embedding/Turns.ts';
import type { SparseMatrix } from './associations.ts';
import { randomNumbers } from './random.ts';
import { symmetricEigen } from './symmetricEigen.ts';

/** Directions sought beyond those that are wanted (Halko et al., 2011, section 1.3). */
const OVERSAMPLING = 24;
/** Multiplications by the matrix that turn the random start towards its largest eigenvalues. */
const POWER_ITERATIONS = 3;
/** A direction whose remainder is this small a part of what it was lies in the others, and is dropped. */
const DEPENDENT = 1e-9;

/** Eigenvectors of a symmetric matrix. */
export interface Eigenvectors {
  /** `rows × rank`; the columns are of norm 1, and all 0 where the matrix has no more directions. */
  readonly vectors: Float32Array;
  /** `rank`, by size, the largest first; some may be negative. */
  readonly values: Float64Array;
}

/**
 * The `rank` eigenvectors of largest absolute eigenvalue, by randomized subspace iteration (Halko, Martinsson and Tropp,
 * "Finding structure with randomness", 2011, algorithms 4.4 and 5.3), with Cholesky QR in float64, at the end done
 * twice (Fukaya et al., "CholeskyQR2", 2014). `rank` is at most the matrix's rows.
 */
export async function largestEigenvectors(
  matrix: SparseMatrix,
  rank: number,
  {
    seed,
    turns,
    onProgress,
  }: {
    readonly seed: number;
    readonly turns: Turns;
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<Eigenvectors> {
  const { rows } = matrix;
  const width = Math.min(rows, rank + OVERSAMPLING);
  const steps = (POWER_ITERATIONS + 2) * rows;
  let done = 0;
  const multiplied = async (dense: Float32Array) => {
    const product = await multiply(matrix, dense, width, (row) => onProgress(done + row, steps), turns);
    done += rows;
    return product;
  };

  let basis = randomMatrix(rows, width, seed);
  for (let iteration = 0; iteration <= POWER_ITERATIONS; iteration++) {
    basis = await multiplied(basis);
    await orthonormalize(basis, rows, width, turns);
  }
  await orthonormalize(basis, rows, width, turns);
  const small = await products(basis, await multiplied(basis), rows, width, turns);
  onProgress(steps, steps);
  const { values, vectors } = await symmetricEigen(symmetrized(small, width), width, turns);
  const order = [...values.keys()]
    .sort((one, other) => Math.abs(values[other] as number) - Math.abs(values[one] as number))
    .slice(0, rank);
  const chosen = new Float64Array(width * rank);
  for (const [column, from] of order.entries()) {
    for (let row = 0; row < width; row++) chosen[row * rank + column] = vectors[row * width + from] as number;
  }
  return {
    vectors: await multiplyDense(basis, chosen, { rows, inner: width, columns: rank }, turns),
    values: Float64Array.from(order, (at) => values[at] as number),
  };
}

/** Standard normal numbers, from pairs of uniform ones (Box and Muller, 1958). */
function randomMatrix(rows: number, columns: number, seed: number): Float32Array {
  const random = randomNumbers(seed);
  return Float32Array.from(
    { length: rows * columns },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

/** `matrix · dense`, where `dense` is `rows × width`. */
async function multiply(
  matrix: SparseMatrix,
  dense: Float32Array,
  width: number,
  onRow: (row: number) => void,
  turns: Turns,
): Promise<Float32Array> {
  const product = new Float32Array(dense.length);
  const sums = new Float64Array(width);
  for (let row = 0; row < matrix.rows; row++) {
    sums.fill(0);
    const end = matrix.starts[row + 1] as number;
    let at = matrix.starts[row] as number;
    for (; at + 3 < end; at += 4) addFourScaled(sums, dense, matrix, at);
    for (; at < end; at++) {
      addScaled(sums, dense, (matrix.columns[at] as number) * width, matrix.values[at] as number);
    }
    product.set(sums, row * width);
    if (!turns.due()) continue;
    onRow(row);
    await turns.next();
  }
  return product;
}

/** Four at a time, so that the sums are read and written a quarter as often. */
function addFourScaled(sums: Float64Array, from: Float32Array, matrix: SparseMatrix, first: number): void {
  const width = sums.length;
  const one = (matrix.columns[first] as number) * width;
  const two = (matrix.columns[first + 1] as number) * width;
  const three = (matrix.columns[first + 2] as number) * width;
  const four = (matrix.columns[first + 3] as number) * width;
  const a = matrix.values[first] as number;
  const b = matrix.values[first + 1] as number;
  const c = matrix.values[first + 2] as number;
  const d = matrix.values[first + 3] as number;
  for (let at = 0; at < width; at++) {
    sums[at] =
      (sums[at] as number) +
      a * (from[one + at] as number) +
      b * (from[two + at] as number) +
      c * (from[three + at] as number) +
      d * (from[four + at] as number);
  }
}

function addScaled(sums: Float64Array, from: Float32Array, start: number, scale: number): void {
  for (let at = 0; at < sums.length; at++) {
    sums[at] = (sums[at] as number) + scale * (from[start + at] as number);
  }
}

/** Makes the columns of `basis` (`rows × width`) orthonormal, in place; dependent ones become 0. */
async function orthonormalize(basis: Float32Array, rows: number, width: number, turns: Turns): Promise<void> {
  const inverse = invertedCholesky(await products(basis, basis, rows, width, turns), width);
  basis.set(await multiplyDense(basis, inverse, { rows, inner: width, columns: width }, turns));
}

/** `leftᵀ · right` of two matrices of `rows × width`, in float64. */
async function products(
  left: Float32Array,
  right: Float32Array,
  rows: number,
  width: number,
  turns: Turns,
): Promise<Float64Array> {
  const product = new Float64Array(width * width);
  const lines = Array.from({ length: 4 }, () => new Float64Array(width));
  for (let row = 0; row < rows; row += 4) {
    for (const [at, line] of lines.entries()) {
      if (row + at < rows) line.set(right.subarray((row + at) * width, (row + at + 1) * width));
      else line.fill(0);
    }
    addProducts(product, left, row * width, lines);
    if (turns.due()) await turns.next();
  }
  return product;
}

/** Adds what four rows have to give. What lies past the end of `left` counts as nothing. */
function addProducts(
  product: Float64Array,
  left: Float32Array,
  start: number,
  lines: readonly Float64Array[],
): void {
  const [one, two, three, four] = lines as [Float64Array, Float64Array, Float64Array, Float64Array];
  const width = one.length;
  for (let at = 0; at < width; at++) {
    const a = left[start + at] ?? 0;
    const b = left[start + width + at] ?? 0;
    const c = left[start + 2 * width + at] ?? 0;
    const d = left[start + 3 * width + at] ?? 0;
    const to = at * width;
    for (let other = 0; other < width; other++) {
      product[to + other] =
        (product[to + other] as number) +
        a * (one[other] as number) +
        b * (two[other] as number) +
        c * (three[other] as number) +
        d * (four[other] as number);
    }
  }
}

/** The inverse of the upper factor R of `square = Rᵀ R`, with zeros for columns that depend on those before them. */
function invertedCholesky(square: Float64Array, width: number): Float64Array {
  const factor = new Float64Array(width * width);
  const isDropped = new Uint8Array(width);
  for (let row = 0; row < width; row++) {
    let pivot = square[row * width + row] as number;
    for (let above = 0; above < row; above++) pivot -= (factor[above * width + row] as number) ** 2;
    if (!(pivot > DEPENDENT * (square[row * width + row] as number))) {
      isDropped[row] = 1;
      continue;
    }
    const root = Math.sqrt(pivot);
    factor[row * width + row] = root;
    for (let column = row + 1; column < width; column++) {
      let sum = square[row * width + column] as number;
      for (let above = 0; above < row; above++) {
        sum -= (factor[above * width + row] as number) * (factor[above * width + column] as number);
      }
      factor[row * width + column] = sum / root;
    }
  }
  const inverse = new Float64Array(width * width);
  for (let column = 0; column < width; column++) {
    if (isDropped[column] === 1) continue;
    inverse[column * width + column] = 1 / (factor[column * width + column] as number);
    for (let row = column - 1; row >= 0; row--) {
      if (isDropped[row] === 1) continue;
      let sum = 0;
      for (let between = row + 1; between <= column; between++) {
        sum += (factor[row * width + between] as number) * (inverse[between * width + column] as number);
      }
      inverse[row * width + column] = -sum / (factor[row * width + row] as number);
    }
  }
  return inverse;
}

function symmetrized(square: Float64Array, width: number): Float64Array {
  return square.map((value, at) => {
    const [row, column] = [Math.floor(at / width), at % width];
    return 0.5 * (value + (square[column * width + row] as number));
  });
}

async function multiplyDense(
  left: Float32Array,
  right: Float64Array,
  { rows, inner, columns }: { readonly rows: number; readonly inner: number; readonly columns: number },
  turns: Turns,
): Promise<Float32Array> {
  const product = new Float32Array(rows * columns);
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    const start = row * inner;
    for (let from = 0; from < inner; from += 4) {
      const a = left[start + from] as number;
      const b = from + 1 < inner ? (left[start + from + 1] as number) : 0;
      const c = from + 2 < inner ? (left[start + from + 2] as number) : 0;
      const d = from + 3 < inner ? (left[start + from + 3] as number) : 0;
      const line = from * columns;
      for (let to = 0; to < columns; to++) {
        const at = line + to;
        sums[to] =
          (sums[to] as number) +
          a * (right[at] as number) +
          b * (right[at + columns] ?? 0) +
          c * (right[at + 2 * columns] ?? 0) +
          d * (right[at + 3 * columns] ?? 0);
      }
    }
    product.set(sums, row * columns);
    if (turns.due()) await turns.next();
  }
  return product;
}
