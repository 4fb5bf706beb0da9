import type { Metric } from '../../src/indexes/VectorIndex.ts';

/** What a suite runs on. */
export interface Dataset {
  /** As it is named in tables, and in the names of cached files. */
  readonly name: string;
  readonly metric: Metric;
  readonly dimension: number;
  readonly count: number;
  /** `count × dimension`. */
  readonly vectors: Float32Array;
  /** Queries, none of which is among the vectors by intent. */
  readonly queries: readonly Float32Array[];
  /** Files that it was read from; none if a seed made it. */
  readonly source: readonly string[];
}

/** The n-th vector, as a view. */
export function rowOf({ vectors, dimension }: Dataset, row: number): Float32Array {
  return vectors.subarray(row * dimension, (row + 1) * dimension);
}
