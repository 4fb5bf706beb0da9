import type { ErrorRecord } from '../errors.ts';

/** What the thread that reads a table is started with. */
export interface ParquetThreadData {
  readonly path: string;
  /** Rows up to this one are passed over. */
  readonly after: number;
}

/** The answer to each message, whatever that says: the next rows, the end, or why there are no more. */
export type ParquetAnswer =
  | { readonly kind: 'ROWS'; readonly rows: readonly ParquetRow[] }
  | { readonly kind: 'END' }
  | { readonly kind: 'REFUSED'; readonly error: ErrorRecord };

export interface ParquetRow {
  /** From 1. */
  readonly line: number;
  readonly bytes: number;
  readonly value: Readonly<Record<string, unknown>>;
}
