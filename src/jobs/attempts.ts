import type { Job, JobProgress } from './types.ts';

/** Attempts at one job; should the process die in each of them, the next start would only bring the next death. */
export const MAX_ATTEMPTS = 10;

/** An interrupted job as it is taken up again. */
export function nextAttempt<AnyJob extends Job>(job: AnyJob): AnyJob {
  return { ...job, attempt: job.attempt + 1 };
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
