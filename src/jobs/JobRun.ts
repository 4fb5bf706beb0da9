import { setTimeout as delay } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import { attachIndex } from '../indexes/attachIndex.ts';
import type { Outcome } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Library } from '../library/types.ts';
import type { IndexFiles } from '../live/IndexFiles.ts';
import type { LiveIndexes } from '../live/LiveIndexes.ts';
import type { BuiltIndex } from './buildTask.ts';
import type { CompleteReembed, CompleteReindex, JobCommand } from './commands.ts';
import { IndexBuild } from './IndexBuild.ts';
import { ProgressMeter, type Step } from './ProgressMeter.ts';
import { type BuildPlan, planBuild } from './planBuild.ts';
import type { BuildJob, JobPhase, JobProgress } from './types.ts';

/** Progress events of one phase are at least this far apart, so that there are never twenty in a second. */
const PROGRESS_INTERVAL_MS = 60;

/** How often progress is written to the store within a phase. */
const RECORD_INTERVAL_MS = 1_000;

/** How long after a failure the end of a job is written again. */
const RETRY_INTERVAL_MS = 1_000;

/** In these phases the rate is that of inserting. It falls when the processor is busy, and what waits for it must too. */
const INSERTING: readonly JobPhase[] = ['BUILDING', 'CATCHING_UP'];

/** In these phases whatever is written has to be inserted twice before the swap. */
const PHASES_TO_GAIN_IN: readonly JobPhase[] = ['CATCHING_UP', 'VERIFYING', 'SWAPPING'];

/** How often it is looked whether every chunk has its vector of the next contract. */
const LEVEL_INTERVAL_MS = 20;

/** So long writes are held back for the last chunks to be embedded; then they go on, and it is tried again. */
const HOLD_MS = 5_000;

/** Tries to swap in a library that was embedded anew, while chunks come faster than they are embedded. */
const MAX_SWAP_TRIES = 50;

/** So many chunks may lack their vector of the next set when writes are held. Beside a steady writer there is never a moment in which none does. */
const NEARLY_LEVEL = 128;

/** What running a job works with, on the writer's thread. */
export interface JobRunOptions {
  readonly databasePath: string;
  readonly files: IndexFiles;
  readonly libraries: LibraryReader;
  readonly live: LiveIndexes;
  /** Threads that build one index, at least 1. */
  readonly buildThreads: number;
  /** For tests: when a segment of an index is full, if its memory is not before. */
  readonly segmentSlots?: number;
  /** Resolves when the command is durable and applied. */
  readonly submit: (command: JobCommand | CompleteReindex | CompleteReembed) => Promise<Outcome>;
  /** Holds back writes of vectors to a library until what is returned is called. */
  readonly holdWrites: (libraryId: string) => () => void;
  /** Tells subscribers of progress that is not in the store yet. */
  readonly onProgress: (job: BuildJob) => void;
  readonly onTrouble: (message: string) => void;
}

/** What a job is to build, and of what. */
interface Plan extends BuildPlan {
  readonly library: Library;
}

/** One attempt at one job: plan, build aside, swap in; every state is recorded before it is acted upon. */
export class JobRun {
  readonly #options: JobRunOptions;
  #job: BuildJob;
  #build: IndexBuild | undefined;
  readonly #stopping = new AbortController();
  #announcedAt = 0;
  #announcedPhase: JobPhase | undefined;
  #recordedAt = 0;
  #announceLater: NodeJS.Timeout | undefined;
  /** Vectors a second, as last seen. */
  #insertRate: number | null = null;
  #answeredUntil = 0;

  constructor(job: BuildJob, options: JobRunOptions) {
    this.#job = job;
    this.#options = options;
  }

  /** The progress as last told, which is ahead of what is stored. */
  get progress(): JobProgress {
    return this.#job.progress;
  }

  /**
   * When a write of so many vectors to the library should be answered, in milliseconds since the epoch, so that the
   * build gains on the writes: once it is catching up, they get half the rate at which it inserts.
   */
  answerAt(vectors: number): number {
    const rate = this.#insertRate;
    if (rate === null || !PHASES_TO_GAIN_IN.includes(this.#job.progress.phase)) return 0;
    this.#answeredUntil = Math.max(this.#answeredUntil, Date.now()) + (2_000 * vectors) / rate;
    return this.#answeredUntil;
  }

  /** Resolves when the job has come to its end, or has been stopped. Failures are recorded, not thrown. */
  async run(): Promise<void> {
    let release = (): void => {};
    try {
      const plan = this.#plan();
      if (plan === undefined) return;
      release = await this.#options.live.memory.admitBuild(plan.library.id, plan.memoryBytes);
      if (!(await this.#begin(plan))) return;
      const built = await this.#buildAside(plan);
      if (this.#job.kind === 'REEMBED') await this.#whenLevel(Number.POSITIVE_INFINITY, NEARLY_LEVEL);
      if (this.#isStopped || !(await this.#beginSwap())) return;
      await this.#swap(plan, built);
    } catch (error) {
      if (!this.#isStopped) await this.#fail(error);
    } finally {
      release();
      clearTimeout(this.#announceLater);
      this.#removeUnused();
    }
  }

  /** Ends the attempt without recording anything. */
  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#announceLater);
    this.#build?.stop();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Undefined if the library is gone. */
  #plan(): Plan | undefined {
    const { libraries } = this.#options;
    const library = libraries.library({ id: this.#job.libraryId });
    if (library === undefined || this.#job.kind === 'INDEX')
      return library && { library, ...planBuild(library, this.#job.settings) };
    const next = libraries.nextSet(library.id);
    if (next?.state !== 'FILLING' || next.jobId !== this.#job.id) return undefined;
    const embedding = { ...library.embedding, ...next.embedding };
    return { library, ...planBuild({ ...library, embedding }, this.#job.settings) };
  }

  /** Whether the job is still to be done: it may have been cancelled before this. */
  async #begin(plan: Plan): Promise<boolean> {
    const progress: JobProgress = {
      phase: 'SCANNING',
      done: 0,
      total: plan.library.chunkCount,
      ratePerSecond: null,
      etaSeconds: null,
      memoryBytes: plan.memoryBytes,
      recallSoFar: null,
    };
    this.#job = {
      ...this.#job,
      state: 'RUNNING',
      startedAt: this.#job.startedAt ?? Date.now(),
      progress,
    };
    return this.#record();
  }

  /** Undefined if the job was stopped, or there is nothing to build. */
  async #buildAside(plan: Plan): Promise<BuiltIndex | undefined> {
    const { databasePath, files } = this.#options;
    const { library, parameters } = plan;
    if (parameters === undefined || this.#isStopped) return undefined;
    const meter = new ProgressMeter(plan.memoryBytes);
    const task = {
      databasePath,
      libraryId: library.id,
      vectors: this.#job.kind === 'REEMBED' ? ('NEXT' as const) : ('CURRENT' as const),
      parameters,
      minRecall: this.#job.minRecall,
      threads: this.#options.buildThreads,
      segmentSlots: this.#options.segmentSlots,
      indexPath: files.path(library.id, library.index.generation + 1),
    };
    this.#build = new IndexBuild(task, (step) => this.#onStep(step, meter));
    return this.#build.result();
  }

  /** From here on the job can no longer be cancelled; false if it has been before. */
  async #beginSwap(): Promise<boolean> {
    clearTimeout(this.#announceLater);
    const { memoryBytes, recallSoFar } = this.#job.progress;
    this.#job = {
      ...this.#job,
      progress: {
        phase: 'SWAPPING',
        done: 0,
        total: 1,
        ratePerSecond: null,
        etaSeconds: null,
        memoryBytes,
        recallSoFar,
      },
    };
    this.#announce();
    return this.#record();
  }

  /** Records the new index and the job's success in one command; the index goes live before it is answered. */
  async #swap(plan: Plan, built: BuiltIndex | undefined): Promise<void> {
    const { live, submit } = this.#options;
    const { library, type, reason } = plan;
    const staged = built && attachIndex(built.shared);
    if (staged !== undefined) live.stage(library.id, staged);
    const at = Date.now();
    const index = {
      type,
      reason,
      settings: this.#job.settings,
      generation: library.index.generation + 1,
      recallCurve: built?.recallCurve ?? [],
      measuredAt: built === undefined ? null : at,
      measuredOrdinal: staged?.ordinals().at(-1) ?? null,
    };
    // Settings that somebody asked for here are the library's from now on.
    const adopted = this.#job.trigger === 'REQUEST' ? { indexSettings: this.#job.settings } : {};
    this.#job = {
      ...this.#job,
      state: 'SUCCEEDED',
      finishedAt: at,
      progress: { ...this.#job.progress, phase: 'DONE', done: 1 },
    };
    const recordIndex = { type: 'recordIndex', libraryId: library.id, at, index, ...adopted } as const;
    try {
      if (this.#job.kind === 'INDEX') await submit({ type: 'completeReindex', job: this.#job, recordIndex });
      else await this.#swapWhenLevel({ type: 'completeReembed', job: this.#job, recordIndex });
    } finally {
      live.unstage(library.id);
    }
  }

  /**
   * Swaps in what was embedded anew as soon as no chunk lacks its vector. The ingester goes on embedding what is written; for
   * the last of it writes are held back.
   * @throws AlcoveError OverloadedError when chunks come faster than they are embedded.
   */
  async #swapWhenLevel(command: CompleteReembed): Promise<void> {
    const { holdWrites, submit } = this.#options;
    for (let tries = 0; tries < MAX_SWAP_TRIES; tries++) {
      const release = holdWrites(command.job.libraryId);
      try {
        const isLevel = await this.#whenLevel(Date.now() + HOLD_MS);
        if (this.#isStopped) return;
        if (isLevel && (await submit(command)).written) return;
        if (this.#isStopped) return;
      } finally {
        release();
      }
      // What could not be embedded in the time that writes are held is too much.
      await this.#whenLevel(Number.POSITIVE_INFINITY, Math.floor(NEARLY_LEVEL / 2 ** (tries + 1)));
    }
    throw new AlcoveError(
      'OverloadedError',
      `Chunks are written faster than they are embedded: in ${MAX_SWAP_TRIES} tries there was always one without its new vector. The library is as it was; try again when fewer are written.`,
      { detail: { got: MAX_SWAP_TRIES, expected: 'a moment in which all are embedded' } },
    );
  }

  /** Waits until every chunk, or all but the last `slack`, have their vectors of the next set; false if that takes longer, or the job is stopped. */
  async #whenLevel(until: number, slack = 0): Promise<boolean> {
    const { libraries } = this.#options;
    const { libraryId } = this.#job;
    while (!this.#isStopped && Date.now() < until) {
      const upTo = libraries.nextSet(libraryId)?.upTo ?? 0;
      if (libraries.isLevel(libraryId, upTo + slack)) return true;
      await delay(LEVEL_INTERVAL_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    return false;
  }

  async #fail(error: unknown): Promise<void> {
    const isOurs = error instanceof AlcoveError;
    if (!isOurs) this.#options.onTrouble(`Job ${this.#job.id} failed: ${describe(error)}`);
    const { progress } = this.#job;
    this.#job = {
      ...this.#job,
      state: 'FAILED',
      finishedAt: Date.now(),
      progress: progress.phase === 'DONE' ? { ...progress, phase: 'SWAPPING', done: 0 } : progress,
      error: (isOurs ? error : internalError()).toRecord(),
    };
    await this.#recordEnd();
  }

  /** A job without an end would look as if it ran for ever: while the disk has no room for it, it is tried again. */
  async #recordEnd(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#record();
        return;
      } catch (error) {
        this.#options.onTrouble(`The end of job ${this.#job.id} could not be written: ${describe(error)}`);
        if (!(error instanceof AlcoveError && error.retryable)) return;
      }
      await delay(RETRY_INTERVAL_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  /** Removes the file of an index that did not go live. */
  #removeUnused(): void {
    const { files, libraries } = this.#options;
    if (this.#build === undefined) return;
    const library = libraries.library({ id: this.#job.libraryId });
    if (library === undefined) files.remove(this.#job.libraryId);
    else files.keepOnly(library.id, library.index.generation);
  }

  #onStep(step: Step, meter: ProgressMeter): void {
    if (this.#isStopped) return;
    const before = this.#job.progress.phase;
    const now = Date.now();
    const progress = meter.measure(step, now);
    this.#job = { ...this.#job, progress };
    // All threads of a build share in BUILDING, but one alone inserts what comes later.
    const threads = step.phase === 'BUILDING' ? this.#options.buildThreads : 1;
    if (INSERTING.includes(step.phase) && progress.ratePerSecond !== null)
      this.#insertRate = progress.ratePerSecond / threads;
    if (before !== step.phase || now - this.#recordedAt >= RECORD_INTERVAL_MS)
      this.#record().catch((error: unknown) => this.#options.onTrouble(describe(error)));
    const waitMs = this.#announcedAt + PROGRESS_INTERVAL_MS - now;
    // However short a phase is, and the one before it: that it has begun is told.
    if (waitMs <= 0 || step.phase !== this.#announcedPhase) this.#announce();
    else this.#announceLater ??= setTimeout(() => this.#announce(), waitMs);
  }

  #announce(): void {
    clearTimeout(this.#announceLater);
    this.#announceLater = undefined;
    this.#announcedAt = Date.now();
    this.#announcedPhase = this.#job.progress.phase;
    this.#options.onProgress(this.#job);
  }

  /** Writes the job as it is now. Whether it was written: a job that has finished otherwise is left as it is. */
  async #record(): Promise<boolean> {
    this.#recordedAt = Date.now();
    const { written } = await this.#options.submit({ type: 'recordJob', job: this.#job });
    return written;
  }
}

/** What a job tells of a bug of ours; the log has the rest. */
function internalError(): AlcoveError {
  return new AlcoveError(
    'InternalError',
    'The build failed by a fault of the server, which its log describes. The index before it goes on serving.',
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
