import { setTimeout as delay } from 'node:timers/promises';
import type { Embedded, Embedder } from '../embedding/Embedder.ts';
import { AlcoveError } from '../errors.ts';
import type { EmbedNext } from '../jobs/commands.ts';
import { findJob } from '../jobs/jobTable.ts';
import { ProgressMeter } from '../jobs/ProgressMeter.ts';
import type { JobPhase, ReembedJob } from '../jobs/types.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { EmbeddingContract } from '../library/types.ts';
import type { NextSet } from '../library/vectorSet.ts';
import type { Database } from '../store/Database.ts';
import { countUpTo, type NextText, nextTexts } from '../store/nextVectors.ts';
import type { CommandOutcome, Writer } from '../writer/Writer.ts';
import { internalError } from './FileImporter.ts';

/** Texts that are embedded, and their vectors written, at a time … */
const BATCH_TEXTS = 128;
/** … if they are not longer than this together; in UTF-16 code units. */
const BATCH_LENGTH = 262_144;
/** How often it is looked for chunks that have been written since all were embedded. */
const LOOK_INTERVAL_MS = 25;
/** Progress is recorded so often. */
const RECORD_INTERVAL_MS = 200;
/** After a failure that may pass it is tried again after so long, then after twice as long, and so on. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A model that has failed for so long without a break is given up. */
const PATIENCE_MS = 15 * 60_000;

/** In these phases the texts that were there are not all embedded yet; in later ones the index is being built. */
const BEFORE_THE_BUILD: readonly JobPhase[] = ['QUEUED', 'EMBEDDING'];

export interface ReembedRunOptions {
  readonly database: Database;
  readonly reader: LibraryReader;
  readonly writer: Pick<Writer, 'submit'>;
  readonly embedderFor: (contract: EmbeddingContract) => Promise<Embedder>;
  readonly onTrouble: (message: string) => void;
  /** {@link PATIENCE_MS} if absent. */
  readonly patienceMs?: number | undefined;
}

type Filling = Extract<NextSet, { state: 'FILLING' }>;

/**
 * The embedding part of one job that embeds a library anew: batch after batch in the order of ordinals, each written
 * before the next, so that whatever is interrupted goes on where it was. When no text is left, the job goes over to the
 * writer, which builds the index; what is written meanwhile is embedded here until the job has ended.
 */
export class ReembedRun {
  readonly #job: ReembedJob;
  readonly #options: ReembedRunOptions;
  readonly #stopping = new AbortController();
  readonly #meter = new ProgressMeter(0);
  #isHandedOver: boolean;
  #done = 0;
  #recordedAt = 0;

  constructor(job: ReembedJob, options: ReembedRunOptions) {
    this.#job = job;
    this.#options = options;
    this.#isHandedOver = !BEFORE_THE_BUILD.includes(job.progress.phase);
  }

  get libraryId(): string {
    return this.#job.libraryId;
  }

  /** Resolves when the job has come to its end, or has been stopped. Failures are recorded, not thrown. */
  async run(): Promise<void> {
    try {
      const { libraryId } = this.#job;
      if (!this.#isHandedOver && !(await this.#record('EMBEDDING', { isFirst: true }))) return;
      const filling = await this.#begin();
      const key = this.#options.reader.libraryKey(libraryId);
      if (filling === undefined || key === undefined) return;
      this.#done = countUpTo(this.#options.database, key, filling.upTo);
      await this.#embedAll(filling, key);
    } catch (error) {
      if (!this.#isStopped) await this.#fail(error);
    }
  }

  /** Ends the attempt without recording anything: another one goes on where it was. */
  stop(): void {
    this.#stopping.abort();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** What this job fills, once nothing else is in its place; undefined if the job was stopped. */
  async #begin(): Promise<Filling | undefined> {
    const { libraryId, id: jobId } = this.#job;
    while (!this.#isStopped) {
      const next = this.#options.reader.nextSet(libraryId);
      if (next?.state === 'FILLING' && next.jobId === jobId) return next;
      if (next === undefined) await this.#submit({ type: 'beginNextSet', libraryId, jobId });
      // What a job before has left is deleted meanwhile.
      else await this.#pause(LOOK_INTERVAL_MS);
    }
    return undefined;
  }

  async #embedAll({ embedding, upTo }: Filling, libraryKey: number): Promise<void> {
    const { database } = this.#options;
    for (let after = upTo; !this.#isStopped; ) {
      const waiting = nextTexts(database, libraryKey, after, BATCH_TEXTS);
      const texts = bounded(waiting);
      const last = texts.at(-1);
      if (last === undefined) {
        if (!this.#isHandedOver) await this.#handOver();
        await this.#pause(LOOK_INTERVAL_MS);
        continue;
      }
      const command = await this.#embed(texts, embedding, after);
      const written = command && (await this.#submit(command).catch((error) => throwOf(error, texts)));
      if (written === undefined) return;
      after = last.ordinal;
      this.#done += texts.length;
      if (this.#isHandedOver) continue;
      // Beside a client that writes all the time, there may never be a moment in which nothing waits.
      if (texts.length === waiting.length && waiting.length < BATCH_TEXTS) await this.#handOver();
      else if (Date.now() - this.#recordedAt >= RECORD_INTERVAL_MS) await this.#record('EMBEDDING');
    }
  }

  /** Undefined if the job was stopped. @throws AlcoveError what does not pass, or has not for too long. */
  async #embed(
    texts: readonly NextText[],
    embedding: Filling['embedding'],
    after: number,
  ): Promise<EmbedNext | undefined> {
    const { embedderFor, patienceMs = PATIENCE_MS } = this.#options;
    const { signal } = this.#stopping;
    const { libraryId, id: jobId } = this.#job;
    const begun = Date.now();
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
      try {
        const embedder = await embedderFor({ ...embedding, frozen: true });
        const embedded = await embedder.embed(
          texts.map(({ text }) => text),
          { mode: 'DOCUMENT', signal },
        );
        return nextCommand(texts, embedded, { libraryId, jobId, after });
      } catch (error) {
        const mayPass = error instanceof AlcoveError && error.retryable;
        if (!mayPass || Date.now() - begun + pauseMs > patienceMs) throw error;
      }
      await this.#pause(pauseMs);
    }
    return undefined;
  }

  /** All that there was is embedded: from now on the job is the writer's. */
  async #handOver(): Promise<void> {
    await this.#record('EMBEDDING');
    this.#isHandedOver = true;
    await this.#record('SCANNING');
  }

  /** Whether the job is still to be done. */
  async #record(phase: JobPhase, { isFirst = false } = {}): Promise<boolean> {
    const { database, reader } = this.#options;
    this.#recordedAt = Date.now();
    const job = findJob(database, this.#job.id);
    if (job?.kind !== 'REEMBED') return false;
    const total = reader.library({ id: job.libraryId })?.chunkCount ?? 0;
    const done = isFirst || phase !== 'EMBEDDING' ? 0 : Math.max(this.#done, job.progress.done);
    const step = { phase, done, total: Math.max(total, done), recallSoFar: null };
    const progress =
      isFirst && job.progress.phase === phase
        ? job.progress
        : { ...this.#meter.measure(step, Date.now()), memoryBytes: job.progress.memoryBytes };
    const startedAt = job.startedAt ?? Date.now();
    const outcome = await this.#submit({
      type: 'recordJob',
      job: { ...job, state: 'RUNNING', startedAt, progress },
    });
    return outcome?.written ?? false;
  }

  async #fail(error: unknown): Promise<void> {
    const isOurs = error instanceof AlcoveError && error.kind !== 'InternalError';
    if (!isOurs) this.#options.onTrouble(`Job ${this.#job.id} failed: ${describe(error)}`);
    const job = findJob(this.#options.database, this.#job.id);
    if (job?.kind !== 'REEMBED') return;
    const shown = (isOurs ? error : internalError()).toRecord();
    await this.#submit({
      type: 'recordJob',
      job: { ...job, state: 'FAILED', error: shown, finishedAt: Date.now() },
    }).catch((failure: unknown) =>
      this.#options.onTrouble(`The end of job ${this.#job.id} could not be written: ${describe(failure)}`),
    );
  }

  /** What cannot be written for now is written later. Undefined if the job was stopped meanwhile. */
  async #submit(command: Parameters<Writer['submit']>[0]['command']): Promise<CommandOutcome | undefined> {
    while (!this.#isStopped) {
      try {
        return await this.#options.writer.submit({ command });
      } catch (error) {
        if (!(error instanceof AlcoveError && error.retryable)) throw error;
        await this.#pause(FIRST_PAUSE_MS);
      }
    }
    return undefined;
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

/** The first texts, as many as one batch takes; at least one. */
function bounded(texts: readonly NextText[]): readonly NextText[] {
  let length = 0;
  const beyond = texts.findIndex(({ text }) => {
    length += text.length;
    return length > BATCH_LENGTH;
  });
  return beyond < 0 ? texts : texts.slice(0, Math.max(1, beyond));
}

function nextCommand(
  texts: readonly NextText[],
  { vectors, dimension, truncated }: Embedded,
  job: Pick<EmbedNext, 'libraryId' | 'jobId' | 'after'>,
): EmbedNext {
  const ordinals = Uint32Array.from(texts, ({ ordinal }) => ordinal);
  return { type: 'embedNext', ...job, ordinals, values: vectors, dimension, truncated };
}

/** Says of which chunk a vector was refused. @throws always. */
function throwOf(error: unknown, texts: readonly NextText[]): never {
  if (!(error instanceof AlcoveError) || error.path[0] !== 'vectors') throw error;
  const id = texts[Number(error.path[1])]?.id ?? 'unknown';
  const { kind, detail } = error;
  throw new AlcoveError(kind, `The new vector of chunk ${id} is refused. ${error.message}`, {
    detail: { ...detail, id },
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
