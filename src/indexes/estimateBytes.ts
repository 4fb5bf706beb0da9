import { imageBytes, layoutOf, scratchBytes } from './layout.ts';
import type { IndexParameters } from './VectorIndex.ts';

/**
 * Bytes of memory that an index of `count` vectors takes with one thread attached.
 * @throws AlcoveError InvalidArgumentError for parameters out of range.
 */
export function estimateBytes(parameters: IndexParameters, count: number): number {
  const layout = layoutOf(parameters);
  return imageBytes(layout, count) + scratchBytes(layout, count);
}
