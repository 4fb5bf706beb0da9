import type { RebuildReason } from '../live/indexChoice.ts';
import { withTrace } from '../telemetry/spans.ts';
import { isFinished, type JobChange } from './applyJob.ts';
import { NOT_BEGUN, takenUp } from './attempts.ts';
import { JobRun, type JobRunOptions } from './JobRun.ts';
import type { BuildJob, Job, JobPhase } from './types.ts';

export interface JobSchedulerOptions extends JobRunOptions {
  /** Jobs that may run at once. */
  readonly maxRunning: number;
  /** A new job's id. */
  readonly newJobId: () => string;
}

interface RunningJob {
  readonly jobId: string;
  readonly run: JobRun;
  /** Resolves when its place is free again. */
  readonly ended: Promise<void>;
}

/** After an automatic job that did not succeed, the next one for the same reason waits until its library has this many times the slots. */
const GROWTH_BETWEEN_AUTOMATIC_JOBS = 1.5;

/**
 * Decides when jobs run: in the order in which they were asked for, one at a time for each library, and so many at
 * once in all. It acts on what has been committed ({@link onChange}), never on what was merely asked. Jobs of other kinds are
 * run elsewhere; one that embeds a library anew comes here when it has embedded what there was.
 */
export class JobScheduler {
  readonly #options: JobSchedulerOptions;
  /** Jobs that have not been started by this process, oldest first. */
  #waiting: BuildJob[] = [];
  /** By library id. */
  readonly #running = new Map<string, RunningJob>();
  /** By library id: the slots of the index when a job was last asked for by itself, for each reason. */
  readonly #automatic = new Map<string, Map<RebuildReason, number>>();
  #isClosed = false;

  constructor(options: JobSchedulerOptions) {
    this.#options = options;
  }

  /**
   * Takes up the jobs that were left by the process before, oldest first: what was running is started again as a new
   * attempt, which its subscribers are told; what was queued goes on waiting. A build in which the server has ended so
   * often that it may be the cause is given up.
   */
  async resume(jobs: readonly Job[]): Promise<void> {
    const { submit } = this.#options;
    for (const job of jobs.filter(isBuildJob)) {
      if (job.state === 'QUEUED') {
        if (job.kind === 'INDEX') this.#waiting.push(job);
        continue;
      }
      const taken = takenUp(job, 'reindex');
      await submit({ type: 'recordJob', job: isFinished(taken) ? taken : { ...taken, progress: NOT_BEGUN } });
    }
    this.#startNext();
  }

  /** Takes note of a committed change and answers it as subscribers shall see it: with the newest progress. */
  onChange(change: JobChange): JobChange {
    const { job, kind } = change;
    if (!isBuildJob(job)) return change;
    const running = this.#running.get(job.libraryId);
    const isRunning = running?.jobId === job.id;
    if (job.kind === 'INDEX' ? kind === 'RESTARTED' || job.state === 'QUEUED' : this.#isHandedOver(job))
      this.#waiting.push(job);
    if (!isFinished(job)) {
      this.#startNext();
      return change;
    }
    this.#waiting = this.#waiting.filter((waiting) => waiting.id !== job.id);
    if (job.state === 'SUCCEEDED') {
      this.#automatic.delete(job.libraryId);
      // What came while it was built may call for another, and nothing was asked for meanwhile.
      if (isRunning) void running.ended.then(() => this.#options.live.review(job.libraryId));
    }
    if (isRunning) running.run.stop();
    if (!isRunning || job.state !== 'CANCELLED') return change;
    return { kind, job: { ...job, progress: running.run.progress } };
  }

  /** A library has been deleted: another may take its id. */
  forget(libraryId: string): void {
    this.#automatic.delete(libraryId);
  }

  /** Whether a job of this library is at work. */
  isBuilding(libraryId: string): boolean {
    return this.#running.has(libraryId);
  }

  /** When a write of so many vectors should be answered; see {@link JobRun.answerAt}. */
  answerAt(libraryId: string, vectors: number): number {
    return this.#running.get(libraryId)?.run.answerAt(vectors) ?? 0;
  }

  /** Asks for a job by itself, unless the library has one already or has had one for this reason in vain. */
  requestBySelf(libraryId: string, reason: RebuildReason, slots: number): void {
    const asked = this.#automatic.get(libraryId) ?? new Map<RebuildReason, number>();
    const slotsBefore = asked.get(reason);
    const isActive = this.#running.has(libraryId) || this.#waiting.some((job) => job.libraryId === libraryId);
    if (isActive || this.#isClosed) return;
    if (slotsBefore !== undefined && slots < slotsBefore * GROWTH_BETWEEN_AUTOMATIC_JOBS) return;
    this.#automatic.set(libraryId, asked.set(reason, slots));
    const { newJobId, onTrouble, submit } = this.#options;
    submit({
      type: 'requestReindex',
      library: { id: libraryId },
      jobId: newJobId(),
      at: Date.now(),
      minRecall: null,
      trigger: reason,
    }).catch((error: unknown) => {
      asked.delete(reason);
      onTrouble(`A job for library ${libraryId} could not be queued: ${String(error)}`);
    });
  }

  /**
   * Stops what is running, and resolves when it has stopped. It stays recorded as running, and so is taken up again by
   * the next process.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { run } of this.#running.values()) run.stop();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Whether a job that has been embedding until now is to be built. */
  #isHandedOver(job: BuildJob): boolean {
    const isKnown =
      this.#running.get(job.libraryId)?.jobId === job.id || this.#waiting.some(({ id }) => id === job.id);
    return !isKnown && !isFinished(job) && !BEFORE_THE_BUILD.includes(job.progress.phase);
  }

  #startNext(): void {
    while (!this.#isClosed && this.#running.size < this.#options.maxRunning) {
      const next = this.#waiting.findIndex((job) => !this.#running.has(job.libraryId));
      const [job] = next < 0 ? [] : this.#waiting.splice(next, 1);
      if (job === undefined) return;
      this.#start(job);
    }
  }

  #start(job: BuildJob): void {
    const run = new JobRun(job, this.#options);
    const { id, kind, libraryId } = job;
    const attributes = { 'alcove.job': id, 'alcove.library': libraryId, kind };
    const ended = withTrace('job', attributes, () => run.run())
      .catch((error: unknown) => this.#options.onTrouble(`Job ${job.id}: ${String(error)}`))
      .then(() => {
        this.#running.delete(job.libraryId);
        this.#startNext();
      });
    this.#running.set(job.libraryId, { jobId: job.id, run, ended });
  }
}

/** In these phases of a job that embeds a library anew there is nothing to build yet. */
const BEFORE_THE_BUILD: readonly JobPhase[] = ['QUEUED', 'EMBEDDING'];

const isBuildJob = (job: Job): job is BuildJob => job.kind !== 'IMPORT';
