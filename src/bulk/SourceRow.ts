import type { AlcoveError } from '../errors.ts';

/** A row as it stands in its source: what it says, not looked at yet, or why it cannot be read. */
export interface SourceRow {
  /** From 1: the line of NDJSON, the row of a matrix or table. */
  readonly line: number;
  /** What it takes in memory, about. */
  readonly bytes: number;
  readonly value: unknown;
  /** Present: there is no value. */
  readonly error?: AlcoveError;
}

/** Rows in their order, some at a time; what follows is not read before it is asked for. */
export type SourceRows = AsyncIterable<readonly SourceRow[]>;

/** Bytes in their order; what follows is not read before it is asked for. */
export type ByteStream = AsyncIterable<Uint8Array>;
