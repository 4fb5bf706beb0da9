import type { LibraryBy, RecordIndex } from '../library/commands.ts';
import type { IndexSettings } from '../library/types.ts';
import type { Job } from './types.ts';

/** The commands that change jobs alone. They go through the log like those of libraries. */
export type JobCommand = RequestReindex | CancelJob | RecordJob;

/** Queues a build of a new index, which replaces the live one when it is ready. */
export interface RequestReindex {
  readonly type: 'requestReindex';
  readonly library: LibraryBy;
  readonly jobId: string;
  readonly at: number;
  /** Absent: the library's own settings. Present: they become the library's settings when the index is swapped in. */
  readonly settings?: IndexSettings;
  readonly minRecall: number | null;
  readonly trigger: Job['trigger'];
}

export interface CancelJob {
  readonly type: 'cancelJob';
  readonly jobId: string;
  readonly at: number;
}

/**
 * A job has built its index: the index is recorded, and so goes live, and the job has succeeded. Neither happens if
 * the job has ended otherwise.
 */
export interface CompleteReindex {
  readonly type: 'completeReindex';
  readonly job: Job;
  readonly recordIndex: RecordIndex;
}

/** A job went on: what the scheduler writes. */
export interface RecordJob {
  readonly type: 'recordJob';
  readonly job: Job;
}
