import type { VectorIndex } from '../indexes/VectorIndex.ts';

/** The live indexes as a search sees them. */
export interface LiveIndexes {
  /** The library's live index, attached to this thread; `generation` grows by one with every swap. */
  open(libraryId: string): Promise<{ readonly index: VectorIndex; readonly generation: number }>;
}
