import { AlcoveError } from '../errors.ts';
import type { Job, JobProgress } from './types.ts';

/** Attempts at one job; should the process die in each of them, the next start would only bring the next death. */
const MAX_ATTEMPTS = 10;

/** An interrupted job as it is taken up again, or given up after {@link MAX_ATTEMPTS}; `thenDo` says how to ask for it anew. */
export function takenUp<AnyJob extends Job>(job: AnyJob, thenDo: string): AnyJob {
  if (job.attempt < MAX_ATTEMPTS) return { ...job, attempt: job.attempt + 1 };
  const error = new AlcoveError(
    'InternalError',
    `The server ended in the middle of each of ${job.attempt} attempts. If it ran out of memory, give it more; then ${thenDo}.`,
  );
  return { ...job, state: 'FAILED', finishedAt: Date.now(), error: error.toRecord() };
}

/** The progress of a job that has not begun. */
export const NOT_BEGUN: JobProgress = {
  phase: 'QUEUED',
  done: 0,
  total: 0,
  ratePerSecond: null,
  etaSeconds: null,
  memoryBytes: 0,
  recallSoFar: null,
};
