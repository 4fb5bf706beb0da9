import type { Metric } from '../../src/indexes/VectorIndex.ts';
import type { Dataset } from '../data/Dataset.ts';
import type { ShapeName } from '../data/generate.ts';
import type { EngineSettings } from '../engines/Engine.ts';
import type { SuiteResult } from '../report/Report.ts';

/** The command line, parsed. */
export interface BenchOptions {
  readonly data: ShapeName;
  /** Vectors; of a file, at most. */
  readonly count: number;
  readonly dimension: number;
  readonly seed: number;
  /** Files in place of generated data: vectors, queries, and .ivecs of their true neighbours. */
  readonly base?: string;
  readonly queries?: string;
  readonly truth?: string;
  readonly queryCount: number;
  readonly k: number;
  readonly metric: Metric;
  /** Names of engines to compare with. */
  readonly peers: readonly string[];
  readonly m: number;
  readonly efConstruction: number;
  /** Threads of builds. */
  readonly threads: number;
  readonly rounds: number;
  /** Build the peers anew instead of reading their files from the cache. */
  readonly isFresh: boolean;
}

/** Measures something. `announce` is told everything that takes part, and its version. */
export type Suite = (
  options: BenchOptions,
  announce: (name: string, version: string) => void,
) => Promise<SuiteResult>;

/** What engines are built with for a dataset. */
export function settingsOf(options: BenchOptions, dataset: Dataset): EngineSettings {
  const { m, efConstruction, threads, seed } = options;
  const { dimension, metric, count } = dataset;
  return { dimension, metric, capacity: count, m, efConstruction, threads, seed };
}
