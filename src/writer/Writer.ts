import type { AttachedColumns } from '../columns/AttachedColumns.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { CompleteReindex, JobCommand, RecordImportFile, ReembedCommand } from '../jobs/commands.ts';
import type { JobEvent } from '../jobs/types.ts';
import type { LibraryCommand, LibraryEvent, Outcome } from '../library/commands.ts';
import type { IndexState } from '../library/types.ts';
import type { MemoryReport } from '../live/IndexMemory.ts';
import type { LiveSegment } from '../live/LiveIndexes.ts';
import type { Entry } from '../log/CommandLog.ts';

/** Everything that can be asked of the writer. */
export type Command = LibraryCommand | JobCommand | CompleteReindex | RecordImportFile | ReembedCommand;

/** What a command answers; job commands name their job. */
export interface CommandOutcome extends Outcome {
  readonly jobId?: string;
}

/** A library's live index as this thread sees it. */
export interface IndexStatus {
  readonly state: IndexState;
  readonly generation: number;
  /** The greatest ordinal that was ever put into it. */
  readonly level: number;
  readonly segments: readonly LiveSegment[];
}

/** An event with the cursor that resumes after it. */
export interface Resumable<Event> {
  readonly cursor: string;
  readonly event: Event;
}

/**
 * The writer thread as seen from any other thread: the one way to change things, and the source of what has changed.
 * A command is answered when it is durable, searchable and announced.
 */
export interface Writer {
  /** @throws AlcoveError the command's refusal, or ShuttingDownError. */
  submit(entry: Entry<Command>): Promise<CommandOutcome>;

  /** The live index, attached to this thread; opened (read, or rebuilt from the store) if it is not in memory. */
  openIndex(libraryId: string): Promise<{
    readonly index: VectorIndex;
    readonly generation: number;
    /** What filters are answered from. */
    readonly columns: AttachedColumns;
  }>;

  /**
   * Says that the files of a live index are damaged: unless it has been replaced already, it is dropped with them, and made
   * from the store when it is asked for.
   */
  giveUpIndex(libraryId: string, index: VectorIndex): Promise<void>;

  /** The live index's state, opened if need be. */
  indexStatus(libraryId: string): Promise<IndexStatus>;

  /** What indexes take in memory, in all and by library. */
  memory(): Promise<MemoryReport>;

  /** The last revision that is durable and searchable on every thread. */
  appliedRevision(): number;
  /** @throws AlcoveError TimeoutError when `deadline` (ms since the epoch) passes first, CancelledError on abort. */
  waitForRevision(
    revision: number,
    options: { readonly deadline: number; readonly signal?: AbortSignal },
  ): Promise<void>;

  /**
   * A job's events: a SNAPSHOT first (or, with a cursor that is still remembered, what came after it), then every
   * change, at most 20 a second, and an end after FINISHED. A subscriber that reads too slowly is given the newest
   * progress, never a state change less. Returning the iterator unsubscribes.
   * @throws AlcoveError NodeNotFoundError
   */
  jobEvents(jobId: string, after?: string): AsyncIterableIterator<Resumable<JobEvent>>;

  /**
   * The events of all jobs of a library, those to come included, without an end: a SNAPSHOT first of each that has not
   * finished, or of the latest, as far as it is remembered; or, with a cursor, what is remembered to have come after it.
   * @throws AlcoveError InvalidArgumentError for what is no cursor.
   */
  libraryJobEvents(libraryId: string, after?: string): AsyncIterableIterator<Resumable<JobEvent>>;

  /** A library's events from now on, or from `after` as far back as they are remembered (InvalidArgumentError beyond that). */
  libraryEvents(libraryId: string, after?: string): AsyncIterableIterator<Resumable<LibraryEvent>>;

  /** Finishes what was submitted, saves what is dirty, stops. */
  close(): Promise<void>;
}
