import { AlcoveError } from '../errors.ts';
import { isFinished } from '../jobs/applyJob.ts';
import { takenUp } from '../jobs/attempts.ts';
import type { JobEvent } from '../jobs/types.ts';
import { librariesWithNextSet } from '../store/libraries.ts';
import { JobRuns } from './JobRuns.ts';
import { ReembedRun, type ReembedRunOptions } from './ReembedRun.ts';

/**
 * Takes the jobs that embed libraries anew in the order in which they were asked for, and deletes what they leave behind: the
 * vectors that a swap has replaced, and those of a job that came to nothing. It acts on what has been committed.
 */
export class Reembedder {
  readonly #options: ReembedRunOptions;
  readonly #runs: JobRuns<'REEMBED'>;
  #clearing: Promise<void> | undefined;
  #isClearingDue = false;
  #isResumed = false;
  #isClosed = false;

  constructor(options: ReembedRunOptions) {
    this.#options = options;
    this.#runs = new JobRuns({ ...options, kind: 'REEMBED', runOf: (job) => new ReembedRun(job, options) });
  }

  /**
   * Takes up what the thread before has left. What a process before has left is another attempt already, by the writer;
   * and what the writer is building goes on.
   */
  async resume(): Promise<void> {
    for (const job of this.#runs.active()) {
      if (job.state !== 'RUNNING' || job.progress.phase !== 'EMBEDDING') continue;
      const command = { type: 'recordJob', job: takenUp(job, 'embed the library again') } as const;
      await this.#options.writer.submit({ command });
    }
    this.#isResumed = true;
    this.#clear();
    this.#runs.startNext();
  }

  /** Takes note of what has been committed. */
  onJobEvent({ job }: JobEvent): void {
    if (job.kind !== 'REEMBED') return;
    if (!isFinished(job)) {
      if (this.#isResumed) this.#runs.startNext();
      return;
    }
    void this.#runs.stop(job.id);
    this.#clear();
  }

  /** Stops what is running, and resolves when it has stopped; it stays recorded as running. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#runs.close();
    await this.#clearing;
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
          await writer.submit({ command: { type: 'clearNextSet', libraryId } }).catch(unlessDeleted);
      }
    }
  }
}

/** A library that has been deleted meanwhile has left nothing to clear. */
function unlessDeleted(error: unknown): void {
  if (!(error instanceof AlcoveError && error.kind === 'LibraryNotFoundError')) throw error;
}
