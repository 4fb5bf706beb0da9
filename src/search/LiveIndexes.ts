import type { AttachedColumns } from '../columns/AttachedColumns.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';

/** A live index as a search sees it. */
export interface LiveIndex {
  /** Attached to this thread. */
  readonly index: VectorIndex;
  /** Grows by one with every swap. */
  readonly generation: number;
  /** What filters are answered from; without, the store answers. */
  readonly columns?: AttachedColumns;
}

/** The live indexes as a search sees them. */
export interface LiveIndexes {
  open(libraryId: string): Promise<LiveIndex>;
}
