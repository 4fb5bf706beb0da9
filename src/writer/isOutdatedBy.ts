import type { JobEvent } from '../jobs/types.ts';

/**
 * Whether an event of a job need not be told once the next one of the same job is: both are progress of one phase. So whoever
 * is late misses steps within a phase, and never a phase or a change of state.
 */
export function isOutdatedBy(event: JobEvent, next: JobEvent): boolean {
  return (
    event.kind === 'PROGRESS' &&
    next.kind === 'PROGRESS' &&
    event.job.attempt === next.job.attempt &&
    event.job.progress.phase === next.job.progress.phase
  );
}
