import type { Metric } from '../../src/indexes/VectorIndex.ts';

/** What every engine of a comparison is built with. */
export interface EngineSettings {
  readonly dimension: number;
  readonly metric: Metric;
  /** Vectors that will be added. */
  readonly capacity: number;
  /** Links per node; twice as many on the bottom layer. */
  readonly m: number;
  readonly efConstruction: number;
  /** Threads of a build, where the engine lets one choose. */
  readonly threads: number;
  readonly seed: number;
}

/** Numbers of rows, as the engine returns them. */
export type Found = ArrayLike<number | bigint>;

/** Searches for the n-th of the prepared queries. */
export type Search = (query: number) => Found | Promise<Found>;

/**
 * An index of ours or of a peer. What is timed are the functions that `prepare…` returns: conversions to the form that
 * the engine takes are done before, so that each gets its best one.
 */
export interface Engine {
  readonly name: string;
  /** Package and version, and what is special about how it is run. */
  readonly version: string;

  /** Vectors (`n × dimension`) to add as rows `first, first + 1, …`. */
  prepareAdd(first: number, vectors: Float32Array): () => unknown;

  /** Searches at an effort (efSearch); exact engines take no notice of it. */
  prepareSearch(queries: readonly Float32Array[], k: number, effort: number): Promise<Search> | Search;

  /** Bytes of the index in memory: told by the engine, or the size of its file where it tells nothing. */
  bytes(): number | undefined;

  /** Writes the index to a file, or a folder, that `load` of a fresh engine with the same settings reads. */
  save?(path: string): unknown;
  load?(path: string): unknown;

  /** Where there is more to do after the last `add` before searches are fast. Timed as part of the build. */
  finish?(): unknown;

  close?(): unknown;
}
