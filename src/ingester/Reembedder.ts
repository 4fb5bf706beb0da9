import { AlcoveError } from '../errors.ts';
import { isFinished } from '../jobs/applyJob.ts';
import { MAX_ATTEMPTS, nextAttempt } from '../jobs/attempts.ts';
import { activeJobs } from '../jobs/jobTable.ts';
import type { Job, JobEvent, ReembedJob } from '../jobs/types.ts';
import { librariesWithNextSet } from '../store/libraries.ts';
import { ReembedRun, type ReembedRunOptions } from './ReembedRun.ts';

/** Libraries that are embedded anew at once. */
const JOBS_AT_ONCE = 2;

interface Running {
  readonly run: ReembedRun;
  readonly ended: Promise<void>;
}

/**
 * Takes the jobs that embed libraries anew in the order in which they were asked for, one at a time for each library, and
 * deletes what they leave behind: the vectors that a swap has replaced, and those of a job that came to nothing. It acts on
 * what has been committed.
 */
export class Reembedder {
  readonly #options: ReembedRunOptions;
  /** By job id. */
  readonly #running = new Map<string, Running>();
  #clearing: Promise<void> | undefined;
  #isClearingDue = false;
  #isResumed = false;
  #isClosed = false;

  constructor(options: ReembedRunOptions) {
    this.#options = options;
  }

  /**
   * Takes up what the thread before has left. What a process before has left is another attempt already, by the writer;
   * and what the writer is building goes on.
   */
  async resume(): Promise<void> {
    const { database, writer } = this.#options;
    for (const job of reembeddingsOf(activeJobs(database, { kind: 'REEMBED' }))) {
      if (job.state !== 'RUNNING' || job.progress.phase !== 'EMBEDDING') continue;
      const taken = job.attempt >= MAX_ATTEMPTS ? givenUp(job) : nextAttempt(job);
      await writer.submit({ command: { type: 'recordJob', job: taken } });
    }
    this.#isResumed = true;
    this.#clear();
    this.#startNext();
  }

  /** Takes note of what has been committed. */
  onJobEvent({ job }: JobEvent): void {
    if (job.kind !== 'REEMBED') return;
    if (!isFinished(job)) return this.#startNext();
    this.#running.get(job.id)?.run.stop();
    this.#clear();
  }

  /** Stops what is running, and resolves when it has stopped; it stays recorded as running. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { run } of this.#running.values()) run.stop();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
    await this.#clearing;
  }

  #startNext(): void {
    if (!this.#isResumed || this.#isClosed) return;
    for (const job of reembeddingsOf(activeJobs(this.#options.database, { kind: 'REEMBED' }))) {
      if (this.#running.size >= JOBS_AT_ONCE) return;
      const isBusy = [...this.#running.values()].some(({ run }) => run.libraryId === job.libraryId);
      if (!isBusy) this.#start(job);
    }
  }

  #start(job: ReembedJob): void {
    const run = new ReembedRun(job, this.#options);
    const ended = run
      .run()
      .catch((error: unknown) => this.#options.onTrouble(`Job ${job.id}: ${String(error)}`))
      .then(() => {
        this.#running.delete(job.id);
        this.#startNext();
      });
    this.#running.set(job.id, { run, ended });
  }

  /** Deletes what is left beside the vectors that serve, of all libraries, unless that is under way. */
  #clear(): void {
    this.#isClearingDue = true;
    this.#clearing ??= this.#clearAll()
      .catch((error: unknown) =>
        this.#options.onTrouble(`Vectors that serve no more stay for now: ${String(error)}`),
      )
      .finally(() => {
        this.#clearing = undefined;
      });
  }

  async #clearAll(): Promise<void> {
    const { database, reader, writer } = this.#options;
    while (this.#isClearingDue && !this.#isClosed) {
      this.#isClearingDue = false;
      for (const libraryId of librariesWithNextSet(database, 'CLEARING')) {
        while (!this.#isClosed && reader.nextSet(libraryId)?.state === 'CLEARING')
          await writer.submit({ command: { type: 'clearNextSet', libraryId } });
      }
    }
  }
}

function reembeddingsOf(jobs: readonly Job[]): ReembedJob[] {
  return jobs.filter((job): job is ReembedJob => job.kind === 'REEMBED');
}

function givenUp(job: ReembedJob): ReembedJob {
  const error = new AlcoveError(
    'InternalError',
    `The server ended in the middle of each of ${job.attempt} attempts. If it ran out of memory, give it more; then embed the library again.`,
  );
  return { ...job, state: 'FAILED', finishedAt: Date.now(), error: error.toRecord() };
}
