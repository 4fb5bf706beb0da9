import type { ErrorRecord } from '../errors.ts';
import type { IndexSettings } from '../library/types.ts';
import type { RebuildReason } from '../live/indexChoice.ts';

export type JobState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** The phases of an index build, in order. */
export const JOB_PHASES = [
  'QUEUED',
  'SCANNING',
  'TRAINING',
  'BUILDING',
  'CATCHING_UP',
  'VERIFYING',
  'SWAPPING',
  'DONE',
] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** Never goes back within one attempt: phases in order, `done` ascending within a phase. */
export interface JobProgress {
  readonly phase: JobPhase;
  /** Units of this phase: vectors, or sampled queries while verifying. */
  readonly done: number;
  readonly total: number;
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly memoryBytes: number;
  readonly recallSoFar: number | null;
}

/** Why a job was started. */
export type JobTrigger = 'REQUEST' | RebuildReason;

export interface Job {
  readonly id: string;
  readonly kind: 'INDEX';
  readonly libraryId: string;
  readonly state: JobState;
  readonly settings: IndexSettings;
  /** The build is not swapped in below this recall. */
  readonly minRecall: number | null;
  readonly trigger: JobTrigger;
  /** 1, and one more for each time a restart of the server interrupted it. */
  readonly attempt: number;
  readonly progress: JobProgress;
  readonly error: ErrorRecord | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** A change of a job as subscribers see it. `sequence` ascends within the job and is what a cursor resumes from. */
export interface JobEvent {
  readonly sequence: number;
  readonly at: number;
  readonly kind: 'SNAPSHOT' | 'PROGRESS' | 'STATE_CHANGED' | 'RESTARTED' | 'FINISHED';
  readonly job: Job;
}
