import type { AttachedColumns } from '../columns/AttachedColumns.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { JobReader } from '../jobs/JobReader.ts';
import type { JobEvent } from '../jobs/types.ts';
import type { LibraryEvent } from '../library/commands.ts';
import { libraryNotFound, nodeNotFound } from '../library/lookup.ts';
import type { MemoryReport } from '../live/IndexMemory.ts';
import type { Entry } from '../log/CommandLog.ts';
import type { Command, CommandOutcome, IndexStatus, Resumable, Writer } from '../writer/Writer.ts';
import type { Principal } from './Principal.ts';

/**
 * The writer as the holder of a key has it: idempotency keys are the holder's own, and where the key is limited to some
 * libraries, there are no others.
 */
export class KeyedWriter implements Writer {
  readonly #writer: Writer;
  readonly #jobs: Pick<JobReader, 'job'>;
  readonly #owner: string | undefined;
  readonly #libraries: ReadonlySet<string> | undefined;

  /** @param jobs those that the principal may see. */
  constructor(writer: Writer, jobs: Pick<JobReader, 'job'>, { keyId, libraries }: Principal) {
    this.#writer = writer;
    this.#jobs = jobs;
    this.#owner = keyId ?? undefined;
    this.#libraries = libraries === 'ALL' ? undefined : libraries;
  }

  submit({ command, idempotency }: Entry<Command>): Promise<CommandOutcome> {
    const owner = this.#owner;
    return this.#writer.submit({
      command,
      ...(idempotency && { idempotency: { ...idempotency, ...(owner && { owner }) } }),
      ...(this.#libraries && { libraries: this.#libraries }),
    });
  }

  async openIndex(libraryId: string): Promise<{
    readonly index: VectorIndex;
    readonly generation: number;
    readonly columns: AttachedColumns;
  }> {
    return this.#writer.openIndex(this.#within(libraryId));
  }

  async giveUpIndex(libraryId: string, index: VectorIndex): Promise<void> {
    return this.#writer.giveUpIndex(this.#within(libraryId), index);
  }

  async indexStatus(libraryId: string): Promise<IndexStatus> {
    return this.#writer.indexStatus(this.#within(libraryId));
  }

  async memory(): Promise<MemoryReport> {
    const report = await this.#writer.memory();
    return {
      ...report,
      libraries: report.libraries.filter(({ libraryId }) => this.#libraries?.has(libraryId) ?? true),
    };
  }

  appliedRevision(): number {
    return this.#writer.appliedRevision();
  }

  waitForRevision(revision: number, options: Parameters<Writer['waitForRevision']>[1]): Promise<void> {
    return this.#writer.waitForRevision(revision, options);
  }

  jobEvents(jobId: string, after?: string): AsyncIterableIterator<Resumable<JobEvent>> {
    if (!this.#jobs.job(jobId)) throw nodeNotFound('job', jobId);
    return this.#writer.jobEvents(jobId, after);
  }

  libraryJobEvents(libraryId: string, after?: string): AsyncIterableIterator<Resumable<JobEvent>> {
    return this.#writer.libraryJobEvents(this.#within(libraryId), after);
  }

  libraryEvents(libraryId: string, after?: string): AsyncIterableIterator<Resumable<LibraryEvent>> {
    return this.#writer.libraryEvents(this.#within(libraryId), after);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  /** @throws AlcoveError LibraryNotFoundError */
  #within(libraryId: string): string {
    if (this.#libraries && !this.#libraries.has(libraryId)) libraryNotFound({ id: libraryId });
    return libraryId;
  }
}
