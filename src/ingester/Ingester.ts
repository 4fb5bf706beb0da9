import { isFinished } from '../jobs/applyJob.ts';
import { takenUp } from '../jobs/attempts.ts';
import type { JobEvent } from '../jobs/types.ts';
import { ImportRun, type ImportRunOptions } from './ImportRun.ts';
import { JobRuns } from './JobRuns.ts';

/**
 * Takes imports in the order in which they were asked for. It acts on what has been committed: an import is begun, stopped and
 * cleared away when the commit that says so is announced.
 */
export class Ingester {
  readonly #options: ImportRunOptions;
  readonly #runs: JobRuns<'IMPORT'>;
  #isResumed = false;

  constructor(options: ImportRunOptions) {
    this.#options = options;
    this.#runs = new JobRuns({ ...options, kind: 'IMPORT', runOf: (job) => new ImportRun(job, options) });
  }

  /** Takes up what the thread or the process before has left: what was running is another attempt. */
  async resume(): Promise<void> {
    for (const job of this.#runs.active()) {
      if (job.state !== 'RUNNING') continue;
      const command = { type: 'recordJob', job: takenUp(job, 'import again') } as const;
      await this.#options.writer.submit({ command });
    }
    this.#isResumed = true;
    this.#runs.startNext();
  }

  /** Takes note of what has been committed. */
  onJobEvent({ job }: JobEvent): void {
    if (job.kind !== 'IMPORT') return;
    if (!isFinished(job)) {
      if (this.#isResumed) this.#runs.startNext();
      return;
    }
    void this.#runs
      .stop(job.id)
      .then(() => this.#options.spool.remove(job.id))
      .catch((error: unknown) => this.#options.onTrouble(`The files of ${job.id} stay: ${String(error)}`));
  }

  /** Stops what is running, and resolves when it has stopped; it stays recorded as running. */
  close(): Promise<void> {
    return this.#runs.close();
  }
}
