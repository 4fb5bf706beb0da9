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
  /** What {@link open} would resolve to, where that is known at once. */
  opened?(libraryId: string): LiveIndex | undefined;
  /** Says that an index cannot be read any more (a search fails then, if this is absent): the next {@link open} gives another, made from the store. */
  giveUp?(libraryId: string, index: VectorIndex): Promise<void>;
}
