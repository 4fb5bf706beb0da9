import type { Metric } from '../../src/indexes/VectorIndex.ts';
import type { ShapeName } from '../data/generate.ts';
import type { SuiteResult } from '../report/Report.ts';

/** The command line, parsed. */
export interface BenchOptions {
  readonly data: ShapeName;
  readonly count: number;
  readonly dimension: number;
  readonly seed: number;
  /** Files in place of generated data. */
  readonly base?: string;
  readonly queries?: string;
  /** ivecs of the true neighbours of the file's queries. */
  readonly truth?: string;
  readonly queryCount: number;
  readonly k: number;
  readonly metric: Metric;
  /** Engines to compare with. */
  readonly peers: readonly string[];
  readonly m: number;
  readonly efConstruction: number;
  readonly threads: number;
  readonly rounds: number;
  /** Build the peers anew instead of reading their files from the cache. */
  readonly isFresh: boolean;
}

/** Told what takes part, and its version. */
export type Announce = (name: string, version: string) => void;

export type Suite = (options: BenchOptions, announce: Announce) => Promise<SuiteResult>;
