import { activeJobs } from '../jobs/jobTable.ts';
import type { Job } from '../jobs/types.ts';
import type { Database } from '../store/Database.ts';
import { withTrace } from '../telemetry/spans.ts';

/** Jobs of one kind that are under way at once, each of another library. */
const JOBS_AT_ONCE = 2;

/** One attempt at one job. */
interface Run {
  readonly libraryId: string;
  /** Resolves when the attempt has ended, also after {@link stop}. */
  run(): Promise<void>;
  stop(): void;
}

export interface JobRunsOptions<Kind extends Job['kind']> {
  readonly kind: Kind;
  readonly database: Database;
  readonly runOf: (job: Extract<Job, { kind: Kind }>) => Run;
  readonly onTrouble: (message: string) => void;
}

/** The jobs of one kind that are at work: in the order in which they were asked for, one at a time for each library. */
export class JobRuns<Kind extends Job['kind']> {
  readonly #options: JobRunsOptions<Kind>;
  /** By job id. */
  readonly #running = new Map<string, { readonly run: Run; readonly ended: Promise<void> }>();
  #isClosed = false;

  constructor(options: JobRunsOptions<Kind>) {
    this.#options = options;
  }

  /** Those that are queued or running, as they are recorded, oldest first. */
  active(): Extract<Job, { kind: Kind }>[] {
    const { database, kind } = this.#options;
    return activeJobs(database, { kind }).filter(
      (job): job is Extract<Job, { kind: Kind }> => job.kind === kind,
    );
  }

  /** Starts what is waiting, as far as there is room. */
  startNext(): void {
    if (this.#isClosed) return;
    for (const job of this.active()) {
      if (this.#running.size >= JOBS_AT_ONCE) return;
      const isBusy = [...this.#running.values()].some(({ run }) => run.libraryId === job.libraryId);
      if (!isBusy) this.#start(job);
    }
  }

  /** Stops a job, if it is at work here, and resolves when it has stopped. */
  async stop(jobId: string): Promise<void> {
    const running = this.#running.get(jobId);
    running?.run.stop();
    await running?.ended;
  }

  /** Stops all, and resolves when they have stopped; they stay recorded as running. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#running.keys()].map((jobId) => this.stop(jobId)));
  }

  #start(job: Extract<Job, { kind: Kind }>): void {
    const run = this.#options.runOf(job);
    const { id, kind, libraryId } = job;
    const attributes = { 'alcove.job': id, 'alcove.library': libraryId, kind };
    const ended = withTrace('job', attributes, () => run.run())
      .catch((error: unknown) => this.#options.onTrouble(`Job ${job.id}: ${String(error)}`))
      .then(() => {
        this.#running.delete(job.id);
        this.startNext();
      });
    this.#running.set(job.id, { run, ended });
  }
}
