import type { Machine } from '../measure/machine.ts';

/** Rows under named columns. Numbers are rounded where they are shown. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | undefined)[])[];
  /** What a reader must know to read it right. */
  readonly note?: string;
}

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A picture: lines over numbers, or bars, one for each series with a single point. */
export interface Plot {
  /** Its file is `name.svg`. */
  readonly name: string;
  readonly title: string;
  readonly kind: 'lines' | 'bars';
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale?: 'linear' | 'log' | 'loss';
  readonly yScale?: 'linear' | 'log';
  readonly series: readonly Series[];
}

/** One measured ratio beside what it must be. */
export interface Goal {
  /** Row of the table of goals. */
  readonly number: number;
  readonly what: string;
  /** At least, or at most, this. */
  readonly bound: 'least' | 'most';
  readonly must: number;
  readonly reach: number;
  /** Undefined: not measured, for the reason in `note`. */
  readonly measured: number | undefined;
  readonly note?: string;
}

/** What a suite found out. */
export interface SuiteResult {
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  readonly goals: readonly Goal[];
}

/** A suite's result with what is needed to repeat it. */
export interface Report extends SuiteResult {
  readonly suite: string;
  /** The command line that printed it. */
  readonly command: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  /** Name → version of everything that took part. */
  readonly engines: Readonly<Record<string, string>>;
}
