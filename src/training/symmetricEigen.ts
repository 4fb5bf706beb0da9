import type { Turns } from '../embedding/Turns.ts';

/** Sweeps over all pairs after which a matrix is as diagonal as float64 allows. */
const MAX_SWEEPS = 16;
/** Off the diagonal, less than this part of the whole is nothing. */
const NEGLIGIBLE = 1e-26;

/**
 * All eigenvalues and eigenvectors (columns of `size × size`) of a dense symmetric matrix, by cyclic Jacobi rotations
 * (Golub and Van Loan, "Matrix computations", section 8.5). `square` is used up.
 */
export async function symmetricEigen(
  square: Float64Array,
  size: number,
  turns: Turns,
): Promise<{ readonly values: Float64Array; readonly vectors: Float64Array }> {
  // Kept as rows while it turns, so that a rotation goes along memory.
  const turned = new Float64Array(size * size);
  for (let at = 0; at < size; at++) turned[at * size + at] = 1;
  const whole = square.reduce((sum, value) => sum + value * value, 0);

  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    if (offDiagonal(square, size) <= NEGLIGIBLE * whole) break;
    for (let one = 0; one < size - 1; one++) {
      for (let other = one + 1; other < size; other++) rotate(square, turned, size, one, other);
      if (turns.due()) await turns.next();
    }
  }
  const vectors = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++)
      vectors[column * size + row] = turned[row * size + column] as number;
  }
  return {
    values: Float64Array.from({ length: size }, (_, at) => square[at * size + at] as number),
    vectors,
  };
}

function offDiagonal(square: Float64Array, size: number): number {
  let sum = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) sum += 2 * (square[row * size + column] as number) ** 2;
  }
  return sum;
}

/** Makes the entry of rows `one` and `other` zero. */
function rotate(square: Float64Array, turned: Float64Array, size: number, one: number, other: number): void {
  const between = square[one * size + other] as number;
  if (between === 0) return;
  const first = square[one * size + one] as number;
  const second = square[other * size + other] as number;
  const ratio = (second - first) / (2 * between);
  const tangent = (ratio >= 0 ? 1 : -1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = tangent * cosine;
  rotateRows(square, size, one, other, cosine, sine);
  // The matrix is symmetric: its columns are its rows.
  for (let at = 0; at < size; at++) {
    square[at * size + one] = square[one * size + at] as number;
    square[at * size + other] = square[other * size + at] as number;
  }
  square[one * size + one] = first - tangent * between;
  square[other * size + other] = second + tangent * between;
  square[one * size + other] = 0;
  square[other * size + one] = 0;
  rotateRows(turned, size, one, other, cosine, sine);
}

function rotateRows(
  rows: Float64Array,
  size: number,
  one: number,
  other: number,
  cosine: number,
  sine: number,
): void {
  const [from, to] = [one * size, other * size];
  for (let at = 0; at < size; at++) {
    const left = rows[from + at] as number;
    const right = rows[to + at] as number;
    rows[from + at] = cosine * left - sine * right;
    rows[to + at] = sine * left + cosine * right;
  }
}
