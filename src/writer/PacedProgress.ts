import type { JobChange } from '../jobs/applyJob.ts';

/** Progress of one job is told at least this far apart, so that it never comes twenty times in a second. */
const INTERVAL_MS = 60;

interface Pace {
  toldAt: number;
  latest: JobChange | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** Hands on the progress that commits bring: the newest of each job, not more often than anybody could follow. */
export class PacedProgress {
  readonly #tell: (change: JobChange) => void;
  readonly #paces = new Map<string, Pace>();

  constructor(tell: (change: JobChange) => void) {
    this.#tell = tell;
  }

  /** Progress of a job: told at once, or when its time has come, unless newer progress comes before that. */
  push(change: JobChange): void {
    const { id } = change.job;
    const pace = this.#paces.get(id) ?? { toldAt: 0, latest: undefined, timer: undefined };
    this.#paces.set(id, pace);
    pace.latest = change;
    pace.timer ??= setTimeout(() => this.#flush(pace), Math.max(0, pace.toldAt + INTERVAL_MS - Date.now()));
  }

  /** Something of more weight is told of the job: progress that waits is out of date. */
  drop(jobId: string): void {
    clearTimeout(this.#paces.get(jobId)?.timer);
    this.#paces.delete(jobId);
  }

  close(): void {
    for (const jobId of [...this.#paces.keys()]) this.drop(jobId);
  }

  #flush(pace: Pace): void {
    pace.timer = undefined;
    pace.toldAt = Date.now();
    if (pace.latest) this.#tell(pace.latest);
  }
}
