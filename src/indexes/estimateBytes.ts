import { imageBytes, layoutOf, scratchBytes } from './layout.ts';
import { hasTables, MAX_SLOTS } from './parameters.ts';
import type { IndexParameters } from './VectorIndex.ts';

/**
 * Bytes of memory that an index of `count` vectors takes with one thread attached.
 * @throws AlcoveError InvalidArgumentError for parameters out of range.
 */
export function estimateBytes(parameters: IndexParameters, count: number): number {
  const layout = layoutOf(parameters);
  return imageBytes(layout, count) + scratchBytes(layout, count);
}

/** The same for an index that is built over all of them, with tables if its type has such. */
export function estimateBuiltBytes(parameters: IndexParameters, count: number): number {
  const expected = Math.min(count, MAX_SLOTS);
  return estimateBytes(hasTables(parameters.type) ? { ...parameters, expected } : parameters, count);
}
