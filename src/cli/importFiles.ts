import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type AlcoveClient, AlcoveRequestError, orThrow } from '../client/index.ts';
import type { SourceFile } from './sourceFiles.ts';

/** Files of which it is asked at a time whether they are unchanged. */
const ASKED_FILES = 500;
/** What one request carries: so many files, and so many bytes, unless a single file has more. */
const BATCH_FILES = 200;
const BATCH_BYTES = 33_554_432;
/** Imports that may be under way before another one is sent, so that the server's disk does not fill with what waits. */
const JOBS_AT_ONCE = 3;
/** How often a request is sent again when the server does not answer or is busy, and how long after. */
const MAX_SENDS = 20;
const RESEND_MS = 1_000;
/** Files that are looked up at a time. */
const PAGE_FILES = 1_000;
const PAYLOAD_TOO_LARGE = 413;

export interface FileMessage {
  readonly name: string;
  readonly message: string;
}

export interface ImportReport {
  /** Documents that are in the library now, those that wait for their embedder included. */
  readonly documents: number;
  /** Of these: those that were there already, just so. */
  readonly unchanged: number;
  /** Of these: those that wait for their embedder. */
  readonly waiting: number;
  readonly failures: readonly FileMessage[];
  /** What could not be read of files that are in. */
  readonly problems: readonly FileMessage[];
}

export interface ImportFilesOptions {
  readonly whenEmbedderFails?: 'FAIL' | 'WAIT';
  readonly onProgress?: (done: number, note: string) => void;
  /** A job has been queued: it goes on by itself. */
  readonly onJob?: (id: string) => void;
}

/**
 * Sends files to the server, which makes a document of each, and follows its jobs to their ends. A file's document is
 * named after the file, so that sending it again replaces it, or finds it unchanged. A file that fails is reported, and the
 * others go in.
 * @throws AlcoveRequestError when the server stays away, or has no such library.
 */
export async function importFiles(
  client: AlcoveClient,
  library: string,
  files: readonly SourceFile[],
  options: ImportFilesOptions = {},
): Promise<ImportReport> {
  const run = new ImportOfFiles(client, library, options);
  return run.importAll(files);
}

/** Files that have been read and fit into one request. */
interface Batch {
  readonly base: string | null;
  readonly files: readonly File[];
}

class ImportOfFiles {
  readonly #client: AlcoveClient;
  readonly #library: string;
  readonly #options: ImportFilesOptions;
  readonly #failures: FileMessage[] = [];
  readonly #problems: FileMessage[] = [];
  /** By job: files that are done with. */
  readonly #done = new Map<string, number>();
  /** By job: chunks that it has written. */
  readonly #chunks = new Map<string, number>();
  readonly #startedAt = performance.now();
  #total = 0;
  #foundUnchanged = 0;
  #documents = 0;
  #unchanged = 0;
  #waiting = 0;

  constructor(client: AlcoveClient, library: string, options: ImportFilesOptions) {
    this.#client = client;
    this.#library = library;
    this.#options = options;
  }

  async importAll(files: readonly SourceFile[]): Promise<ImportReport> {
    this.#total = files.length;
    const following = new Set<Promise<void>>();
    for await (const batch of this.#batches(files)) {
      for (const job of await this.#send(batch)) {
        const followed = this.#follow(job).finally(() => following.delete(followed));
        // What it throws is thrown below; it must not count as unhandled until then.
        followed.catch(() => undefined);
        following.add(followed);
      }
      while (following.size >= JOBS_AT_ONCE) await Promise.race(following);
    }
    await Promise.all(following);
    return {
      documents: this.#documents,
      unchanged: this.#unchanged,
      waiting: this.#waiting,
      failures: this.#failures,
      problems: this.#problems,
    };
  }

  /** Leaves out the files of which the server has documents already, made of the same bytes. */
  async *#changed(files: readonly SourceFile[]): AsyncGenerator<SourceFile> {
    for (let at = 0; at < files.length; ) {
      const base = files[at]?.base ?? null;
      const part = files.slice(at, at + ASKED_FILES);
      const end = part.findIndex((file) => file.base !== base);
      const asked = end < 0 ? part : part.slice(0, end);
      const unchanged = await this.#unchangedOf(asked, base);
      this.#documents += unchanged.size;
      this.#unchanged += unchanged.size;
      this.#foundUnchanged += unchanged.size;
      this.#done.set(`unchanged from ${at}`, unchanged.size);
      this.#tell();
      yield* asked.filter(({ name }) => !unchanged.has(name));
      at += asked.length;
    }
  }

  /** A file that cannot be read is not among them: sending it will say why. */
  async #unchangedOf(files: readonly SourceFile[], base: string | null): Promise<ReadonlySet<string>> {
    const digests = [];
    for (const { path, name } of files) {
      const hash = createHash('sha256');
      const isRead = await pipeline(createReadStream(path), hash).then(
        () => true,
        () => false,
      );
      if (isRead) digests.push({ name, sha256: hash.digest('hex') });
    }
    const library = { name: this.#library };
    const asked = { library, files: digests, ...(base === null ? {} : { sourceBase: base }) };
    return new Set(await this.#untilAnswered(() => this.#client.unchangedFiles(asked)));
  }

  /** Reads files into batches of one base; what has gone or cannot be read meanwhile is a failure. */
  async *#batches(files: readonly SourceFile[]): AsyncGenerator<Batch> {
    let base: string | null = null;
    let batch: File[] = [];
    let bytes = 0;
    for await (const file of this.#changed(files)) {
      const size = statSync(file.path, { throwIfNoEntry: false })?.size ?? 0;
      const isFull = batch.length >= BATCH_FILES || bytes + size > BATCH_BYTES || file.base !== base;
      if (isFull && batch.length > 0) {
        yield { base, files: batch };
        batch = [];
        bytes = 0;
      }
      base = file.base;
      const content = await this.#read(file);
      if (content === undefined) continue;
      batch.push(new File([content], file.name));
      bytes += content.length;
    }
    if (batch.length > 0) yield { base, files: batch };
  }

  async #read({ path, name }: SourceFile): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return await readFile(path);
    } catch (error) {
      this.#fail(name, (error as Error).message);
      return undefined;
    }
  }

  /** Queues the import of a batch; of its files one by one, if it is too large for the server. Answers the jobs. */
  async #send(batch: Batch): Promise<string[]> {
    try {
      const id = await this.#sendUntilAnswered(batch);
      this.#options.onJob?.(id);
      return [id];
    } catch (error) {
      if (!(error instanceof AlcoveRequestError && error.status === PAYLOAD_TOO_LARGE)) throw error;
      const [only] = batch.files;
      if (batch.files.length > 1 || only === undefined)
        return (await Promise.all(batch.files.map((file) => this.#send({ ...batch, files: [file] })))).flat();
      this.#fail(only.name, error.message);
      return [];
    }
  }

  /** The same key makes the same job, however often the request arrives. */
  async #sendUntilAnswered({ base, files }: Batch): Promise<string> {
    const idempotencyKey = randomUUID();
    const { whenEmbedderFails = 'FAIL' } = this.#options;
    const library = { name: this.#library };
    const input = {
      library,
      files,
      whenEmbedderFails,
      idempotencyKey,
      ...(base === null ? {} : { sourceBase: base }),
    };
    return this.#untilAnswered(async () => orThrow(await this.#client.importFiles(input)).job.id);
  }

  /** What may pass is asked again. */
  async #untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    for (let sends = 1; ; sends++) {
      try {
        return await ask();
      } catch (error) {
        const mayPass = error instanceof AlcoveRequestError && error.retryable;
        if (!mayPass || sends >= MAX_SENDS) throw error;
        await delay(RESEND_MS);
      }
    }
  }

  async #follow(id: string): Promise<void> {
    for await (const { job } of this.#client.followJob(id)) {
      if (job.__typename !== 'ImportJob') continue;
      this.#done.set(id, job.progress.done);
      this.#chunks.set(id, job.counts.chunks);
      this.#tell();
      if (job.finishedAt === null) continue;
      const { written, unchanged, pending } = job.counts;
      this.#documents += written + unchanged + pending;
      this.#unchanged += unchanged;
      this.#waiting += pending;
      await this.#report(id, job.error?.message ?? `import ${id} was ${job.state.toLowerCase()}`);
      return;
    }
  }

  /** Notes what failed; `end` is why files of a job that has ended are still waiting. */
  async #report(job: string, end: string): Promise<void> {
    for (let after: string | null = null; ; ) {
      const page = await this.#client.importedFiles({
        job,
        first: PAGE_FILES,
        ...(after === null ? {} : { after }),
      });
      for (const { node } of page?.edges ?? []) {
        for (const { message } of node.problems) this.#problems.push({ name: node.name, message });
        if (node.state === 'FAILED')
          this.#failures.push({ name: node.name, message: node.error?.message ?? '' });
        if (node.state === 'WAITING') this.#failures.push({ name: node.name, message: end });
      }
      if (page?.pageInfo.hasNextPage !== true) return;
      after = page.pageInfo.endCursor;
    }
  }

  #fail(name: string, message: string): void {
    this.#failures.push({ name, message });
    this.#done.set(name, 1);
    this.#tell();
  }

  /** How far all files together are: each job knows its own alone. */
  #tell(): void {
    const done = sum(this.#done.values());
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    const taken = done - this.#foundUnchanged;
    const rate = taken / seconds;
    const pace =
      taken === 0 ? '' : `${rate.toFixed(1)} files/s  ${Math.ceil((this.#total - done) / rate)} s left  `;
    const chunks = sum(this.#chunks.values());
    this.#options.onProgress?.(done, chunks === 0 ? pace.trim() : `${pace}${chunks} chunks`);
  }
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}
