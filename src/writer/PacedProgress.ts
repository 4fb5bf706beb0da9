import type { JobChange } from '../jobs/applyJob.ts';

/** Progress of one job within a phase is told at least this far apart, so that it never comes twenty times in a second. */
const INTERVAL_MS = 60;

interface Pace {
  toldAt: number;
  waiting: JobChange | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Hands on the progress that commits bring: of each job's phase the newest, not more often than anybody could follow. A phase
 * is never passed over, however short: what waits when the next begins, or the job's state changes, is given back to be told
 * before that.
 */
export class PacedProgress {
  readonly #tell: (change: JobChange) => void;
  readonly #paces = new Map<string, Pace>();

  constructor(tell: (change: JobChange) => void) {
    this.#tell = tell;
  }

  /**
   * Progress of a job: told when its time has come, unless newer progress of its phase comes before that. Returns what waited of
   * an earlier phase.
   */
  push(change: JobChange): JobChange | undefined {
    const { id, progress } = change.job;
    const pace = this.#paces.get(id) ?? { toldAt: 0, waiting: undefined, timer: undefined };
    this.#paces.set(id, pace);
    const isNextPhase = pace.waiting !== undefined && pace.waiting.job.progress.phase !== progress.phase;
    const earlier = isNextPhase ? this.#take(pace) : undefined;
    pace.waiting = change;
    pace.timer ??= setTimeout(
      () => {
        const waiting = this.#take(pace);
        if (waiting !== undefined) this.#tell(waiting);
      },
      Math.max(0, pace.toldAt + INTERVAL_MS - Date.now()),
    );
    return earlier;
  }

  /** The job's state changes, of which others tell. Returns its progress that waited. */
  finish(jobId: string): JobChange | undefined {
    const pace = this.#paces.get(jobId);
    this.#paces.delete(jobId);
    return pace && this.#take(pace);
  }

  /** Nothing is told any more. */
  close(): void {
    for (const { timer } of this.#paces.values()) clearTimeout(timer);
    this.#paces.clear();
  }

  #take(pace: Pace): JobChange | undefined {
    const { waiting } = pace;
    clearTimeout(pace.timer);
    pace.timer = undefined;
    pace.waiting = undefined;
    pace.toldAt = Date.now();
    return waiting;
  }
}
