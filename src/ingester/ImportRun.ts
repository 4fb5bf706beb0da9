import { setTimeout as delay } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import type { RecordImportFile } from '../jobs/commands.ts';
import { findImportFile, waitingImportFiles } from '../jobs/importFileTable.ts';
import { findJob } from '../jobs/jobTable.ts';
import { ProgressMeter } from '../jobs/ProgressMeter.ts';
import type { ImportFile, ImportJob } from '../jobs/types.ts';
import { isReembedded } from '../library/vectorSet.ts';
import type { Database } from '../store/Database.ts';
import type { Spool } from '../store/Spool.ts';
import type { CommandOutcome, Writer } from '../writer/Writer.ts';
import { type FileImporter, internalError, type Made } from './FileImporter.ts';

/** Files of one job that are under way at once: while some wait for their embedder, others are read. */
const FILES_AT_ONCE = 4;
/** Files that are looked up at a time. */
const PAGE_FILES = 100;
/** A file in the middle of which the process has ended so often is given up: it may be the cause. */
const MAX_TRIES = 5;
/** How long after a failure that may pass something is written again. */
const RETRY_MS = 1_000;

export interface ImportRunOptions {
  readonly database: Database;
  readonly writer: Pick<Writer, 'submit'>;
  readonly spool: Spool;
  readonly importer: Pick<FileImporter, 'import'>;
  readonly onTrouble: (message: string) => void;
}

/** One attempt at one import: file after file, several at once; what became of each is recorded together with its document. */
export class ImportRun {
  readonly #job: ImportJob;
  readonly #options: ImportRunOptions;
  readonly #stopping = new AbortController();
  readonly #meter = new ProgressMeter(0);
  #done: number;

  constructor(job: ImportJob, options: ImportRunOptions) {
    this.#job = job;
    this.#options = options;
    this.#done = job.progress.done;
  }

  get libraryId(): string {
    return this.#job.libraryId;
  }

  /** Resolves when the job has come to its end, or has been stopped. Failures are recorded, not thrown. */
  async run(): Promise<void> {
    try {
      if (!(await this.#begin())) return;
      await this.#options.spool.prepare(this.#job.id);
      await this.#importInterrupted();
      const files = this.#waitingFiles();
      await Promise.all(Array.from({ length: FILES_AT_ONCE }, () => this.#importAll(files)));
      if (!this.#isStopped) await this.#finish({ state: 'SUCCEEDED', error: null });
    } catch (error) {
      if (this.#isStopped) return;
      this.#options.onTrouble(`Import ${this.#job.id} failed: ${describe(error)}`);
      const { kind, message } = internalError();
      await this.#finish({ state: 'FAILED', error: new AlcoveError(kind, message).toRecord() });
    }
  }

  /** Ends the attempt without recording anything: another one goes on where it was. */
  stop(): void {
    this.#stopping.abort();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Whether the job is still to be done. */
  async #begin(): Promise<boolean> {
    const { startedAt, progress } = this.#job;
    const outcome = await this.#submit({
      type: 'recordJob',
      job: {
        ...this.#job,
        state: 'RUNNING',
        startedAt: startedAt ?? Date.now(),
        progress: { ...progress, phase: 'INGESTING' },
      },
    });
    return outcome?.written ?? false;
  }

  /** Those in the middle of which a process ended come first, and alone: if one is the cause, it is that one. */
  async #importInterrupted(): Promise<void> {
    const { database, spool } = this.#options;
    for (const position of await spool.interrupted(this.#job.id)) {
      const file = findImportFile(database, this.#job.id, position);
      if (file?.state === 'WAITING' && !this.#isStopped) await this.#importFile(file);
    }
  }

  /** Shared by all lanes: each takes the next one. */
  *#waitingFiles(): Generator<ImportFile> {
    let after = -1;
    for (;;) {
      const page = waitingImportFiles(this.#options.database, this.#job.id, { after, limit: PAGE_FILES });
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.position;
    }
  }

  async #importAll(files: Iterator<ImportFile>): Promise<void> {
    for (let next = files.next(); !next.done && !this.#isStopped; next = files.next())
      await this.#importFile(next.value);
  }

  async #importFile(file: ImportFile): Promise<void> {
    const { spool } = this.#options;
    let made: Made | undefined;
    do {
      made = await this.#outcomeOf(file);
      if (made === undefined || this.#isStopped) return;
    } while (!(await this.#record(file, made)));
    await spool.passed(file.jobId, file.position);
    await spool.removeFile(file.jobId, file.position);
  }

  /** Undefined if the job was stopped. */
  async #outcomeOf(file: ImportFile): Promise<Made | undefined> {
    const { importer, spool, onTrouble } = this.#options;
    try {
      const tries = await spool.try(file.jobId, file.position);
      if (tries > MAX_TRIES) throw givenUp(file);
      return await importer.import(file, this.#job, {
        record: (part) => this.#recordPart(file, part),
        signal: this.#stopping.signal,
      });
    } catch (error) {
      if (this.#isStopped) return undefined;
      if (isReembedded(error)) return this.#outcomeOf(file);
      if (!(error instanceof AlcoveError) || error.kind === 'InternalError')
        onTrouble(`${file.name} of import ${file.jobId}: ${describe(error)}`);
      return failed(file, error);
    }
  }

  /** A file of which a part is written has been read to its end: nothing of it can end the process any more. */
  async #recordPart(file: ImportFile, part: Made): Promise<void> {
    const outcome = await this.#submit(this.#commandOf(file, part));
    if (outcome?.written !== true) throw new AlcoveError('CancelledError', 'The work was cancelled.');
    await this.#options.spool.passed(file.jobId, file.position);
  }

  /**
   * A document that the store refuses is its file's failure. False: its library has changed to another model, so that it
   * has to be embedded again.
   */
  async #record(file: ImportFile, made: Made): Promise<boolean> {
    try {
      await this.#submit(this.#commandOf(file, made));
    } catch (error) {
      if (!(error instanceof AlcoveError) || made.document === undefined) throw error;
      this.#done -= 1;
      if (isReembedded(error)) return false;
      await this.#submit(this.#commandOf(file, failed(file, error)));
    }
    return true;
  }

  #commandOf({ jobId, position }: ImportFile, made: Made): RecordImportFile {
    if (made.outcome.state !== 'WAITING') this.#done += 1;
    const step = {
      phase: 'INGESTING',
      done: this.#done,
      total: this.#job.counts.files,
      recallSoFar: null,
    } as const;
    const { ratePerSecond, etaSeconds } = this.#meter.measure(step, Date.now());
    const { libraryId } = this.#job;
    return {
      type: 'recordImportFile',
      libraryId,
      jobId,
      position,
      at: Date.now(),
      ...made,
      ratePerSecond,
      etaSeconds,
    };
  }

  async #finish(end: Pick<ImportJob, 'state' | 'error'>): Promise<void> {
    const job = findJob(this.#options.database, this.#job.id);
    if (job?.kind !== 'IMPORT') return;
    const progress = { ...job.progress, phase: 'DONE', ratePerSecond: null, etaSeconds: null } as const;
    await this.#submit({ type: 'recordJob', job: { ...job, ...end, progress, finishedAt: Date.now() } });
  }

  /** What cannot be written for now is written later. Undefined if the job was stopped meanwhile. */
  async #submit(command: Parameters<Writer['submit']>[0]['command']): Promise<CommandOutcome | undefined> {
    while (!this.#isStopped) {
      try {
        return await this.#options.writer.submit({ command });
      } catch (error) {
        if (!(error instanceof AlcoveError && error.retryable) || isReembedded(error)) throw error;
        await delay(RETRY_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

function failed({ bytes }: ImportFile, error: unknown): Made {
  const shown = error instanceof AlcoveError ? error : internalError();
  return { outcome: { state: 'FAILED', error: shown.toRecord(), problems: [], chunks: 0, bytes } };
}

function givenUp({ name }: ImportFile): AlcoveError {
  return new AlcoveError(
    'CapacityExceededError',
    `The server ended in the middle of each of ${MAX_TRIES} tries to read ${name}: it may take more memory than there is. Split it, or convert it to text.`,
    { detail: { got: name, expected: 'a file that can be read' } },
  );
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
