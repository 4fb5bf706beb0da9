import { AlcoveError } from '../errors.ts';
import { isFinished } from '../jobs/applyJob.ts';
import { MAX_ATTEMPTS, nextAttempt } from '../jobs/attempts.ts';
import { activeJobs } from '../jobs/jobTable.ts';
import type { ImportJob, Job, JobEvent } from '../jobs/types.ts';
import { ImportRun, type ImportRunOptions } from './ImportRun.ts';

/** Imports that are under way at once, each of another library. */
const JOBS_AT_ONCE = 2;

/**
 * Takes imports in the order in which they were asked for, one at a time for each library. It acts on what has been
 * committed: an import is begun, stopped and cleared away when the commit that says so is announced.
 */
export class Ingester {
  readonly #options: ImportRunOptions;
  /** By job id. */
  readonly #running = new Map<string, { readonly run: ImportRun; readonly ended: Promise<void> }>();
  #isResumed = false;
  #isClosed = false;

  constructor(options: ImportRunOptions) {
    this.#options = options;
  }

  /** Takes up what the thread or the process before has left: what was running is another attempt. */
  async resume(): Promise<void> {
    const { database, writer } = this.#options;
    for (const job of importsOf(activeJobs(database, { kind: 'IMPORT' }))) {
      if (job.state !== 'RUNNING') continue;
      const taken = job.attempt >= MAX_ATTEMPTS ? givenUp(job) : nextAttempt(job);
      await writer.submit({ command: { type: 'recordJob', job: taken } });
    }
    this.#isResumed = true;
    this.#startNext();
  }

  /** Takes note of what has been committed. */
  onJobEvent({ job }: JobEvent): void {
    if (job.kind !== 'IMPORT') return;
    if (!isFinished(job)) return this.#startNext();
    const running = this.#running.get(job.id);
    running?.run.stop();
    void Promise.resolve(running?.ended)
      .then(() => this.#options.spool.remove(job.id))
      .catch((error: unknown) => this.#options.onTrouble(`The files of ${job.id} stay: ${String(error)}`));
  }

  /** Stops what is running, and resolves when it has stopped; it stays recorded as running. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { run } of this.#running.values()) run.stop();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #startNext(): void {
    if (!this.#isResumed || this.#isClosed) return;
    for (const job of importsOf(activeJobs(this.#options.database, { kind: 'IMPORT' }))) {
      if (this.#running.size >= JOBS_AT_ONCE) return;
      const isBusy = [...this.#running.values()].some(({ run }) => run.libraryId === job.libraryId);
      if (!isBusy) this.#start(job);
    }
  }

  #start(job: ImportJob): void {
    const run = new ImportRun(job, this.#options);
    const ended = run
      .run()
      .catch((error: unknown) => this.#options.onTrouble(`Import ${job.id}: ${String(error)}`))
      .then(() => {
        this.#running.delete(job.id);
        this.#startNext();
      });
    this.#running.set(job.id, { run, ended });
  }
}

function importsOf(jobs: readonly Job[]): ImportJob[] {
  return jobs.filter((job): job is ImportJob => job.kind === 'IMPORT');
}

function givenUp(job: ImportJob): ImportJob {
  const error = new AlcoveError(
    'InternalError',
    `The server ended in the middle of each of ${job.attempt} attempts. If it ran out of memory, give it more; then import again.`,
  );
  return { ...job, state: 'FAILED', finishedAt: Date.now(), error: error.toRecord() };
}
