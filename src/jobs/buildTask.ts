import type { ErrorRecord } from '../errors.ts';
import type { SharedSegments } from '../indexes/segment.ts';
import type { IndexParameters, RecallPoint } from '../indexes/VectorIndex.ts';
import type { VectorSetChoice } from '../store/vectors.ts';
import type { Step } from './ProgressMeter.ts';

/** What a builder thread is started with. */
export interface BuildTask {
  readonly databasePath: string;
  readonly libraryId: string;
  /** Of which vectors: those that serve, or the next. */
  readonly vectors: VectorSetChoice;
  readonly parameters: IndexParameters;
  /** The build fails with RecallNotReachedError below this recall; null: any will do. */
  readonly minRecall: number | null;
  /** Threads that build, the builder's own among them. */
  readonly threads: number;
  /** When a segment is full, if its memory is not before; see SegmentedIndex. */
  readonly segmentSlots: number | undefined;
  /** Where the finished index is saved: its first segment. */
  readonly indexPath: string;
}

/** A finished index: in memory, in its file, and measured. */
export interface BuiltIndex {
  readonly shared: SharedSegments;
  /** Empty for an exact index, whose recall is 1. */
  readonly recallCurve: readonly RecallPoint[];
}

/** What a builder thread tells. The last message is BUILT or FAILED; an exception is a bug. */
export type BuilderMessage =
  | { readonly kind: 'STEP'; readonly step: Step }
  | { readonly kind: 'BUILT'; readonly built: BuiltIndex }
  | { readonly kind: 'FAILED'; readonly error: ErrorRecord };
