import type { Metric } from '../../src/indexes/VectorIndex.ts';

/**
 * The distance of two rows of a matrix of the same dimension, in double precision: what recall is judged by. COSINE: 1 − cos,
 * and 1 where one of them is zero; DOT: −⟨a, b⟩; EUCLIDEAN: ‖a − b‖.
 */
export function distanceOf(metric: Metric, a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squaredA = 0;
  let squaredB = 0;
  let squaredDifference = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    dot += x * y;
    squaredA += x * x;
    squaredB += y * y;
    squaredDifference += (x - y) * (x - y);
  }
  if (metric === 'DOT') return -dot;
  if (metric === 'EUCLIDEAN') return Math.sqrt(squaredDifference);
  return squaredA === 0 || squaredB === 0 ? 1 : 1 - dot / Math.sqrt(squaredA * squaredB);
}
