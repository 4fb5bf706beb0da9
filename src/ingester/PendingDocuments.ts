import type { Embedder } from '../embedding/Embedder.ts';
import { AlcoveError } from '../errors.ts';
import type { EmbedPending, PendingChunk } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { pendingContent } from '../library/pendingContent.ts';
import type { EmbeddingContract, Library } from '../library/types.ts';
import { isReembedded } from '../library/vectorSet.ts';
import type { Database } from '../store/Database.ts';
import { type PendingRow, pendingAfter } from '../store/pendingDocuments.ts';
import { withTrace } from '../telemetry/spans.ts';
import type { Writer } from '../writer/Writer.ts';
import { internalError } from './FileImporter.ts';

/** How often it is looked whether a document waits, if anything has changed. */
const LOOK_INTERVAL_MS = 500;
/** After a failure its library's documents are left alone for so long, then for twice as long, and so on. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;
/** Documents that are looked up at a time. */
const PAGE_DOCUMENTS = 50;

export interface PendingDocumentsOptions {
  readonly database: Database;
  readonly reader: LibraryReader;
  readonly writer: Pick<Writer, 'submit' | 'appliedRevision'>;
  readonly embedderFor: (contract: EmbeddingContract) => Promise<Embedder>;
  readonly onTrouble: (message: string) => void;
  readonly firstPauseMs?: number;
}

interface Pause {
  readonly lengthMs: number;
  readonly until: number;
}

/**
 * Embeds the documents that wait for their embedder, oldest first, and puts each in its place by one command. While an
 * embedder stays away its libraries are tried again after pauses that double; nothing of that is remembered beyond the
 * process, so a restart tries at once.
 */
export class PendingDocuments {
  readonly #options: PendingDocumentsOptions;
  readonly #stopping = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** By the id of a library whose embedder fails, or of a document that fails by itself. */
  readonly #pauses = new Map<string, Pause>();
  #seenRevision = -1;
  #round: Promise<void> | undefined;

  constructor(options: PendingDocumentsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), LOOK_INTERVAL_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#round;
  }

  /** A new round, when something has changed or a pause is over, and none is under way. */
  #look(): void {
    const revision = this.#options.writer.appliedRevision();
    const now = Date.now();
    const isOver = [...this.#pauses.values()].some(({ until }) => until <= now);
    if (this.#round !== undefined || (revision === this.#seenRevision && !isOver)) return;
    this.#seenRevision = revision;
    this.#round = this.#embedAll()
      .catch((error: unknown) => this.#options.onTrouble(`Documents that wait: ${String(error)}`))
      .finally(() => {
        this.#round = undefined;
      });
  }

  async #embedAll(): Promise<void> {
    const waiting = new Set<string>();
    let after = 0;
    for (;;) {
      const page = pendingAfter(this.#options.database, after, PAGE_DOCUMENTS);
      for (const row of page) {
        if (this.#stopping.signal.aborted) return;
        waiting.add(row.libraryId).add(row.documentId);
        if (this.#isPaused(row.libraryId) || this.#isPaused(row.documentId)) continue;
        const attributes = { 'alcove.library': row.libraryId, 'alcove.document': row.documentId };
        await withTrace('embed document', attributes, () => this.#try(row));
      }
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.documentKey;
    }
    for (const id of this.#pauses.keys()) if (!waiting.has(id)) this.#pauses.delete(id);
  }

  #isPaused(id: string): boolean {
    const pause = this.#pauses.get(id);
    return pause !== undefined && pause.until > Date.now();
  }

  async #try(row: PendingRow): Promise<void> {
    const { reader, writer } = this.#options;
    const library = reader.library({ id: row.libraryId });
    if (library === undefined) return;
    try {
      const embedded = await this.#embed(library, row);
      await writer.submit({ command: embedded });
      this.#pauses.delete(row.libraryId);
      this.#pauses.delete(row.documentId);
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      if (isReembedded(error)) return await this.#try(row);
      await this.#onFailure(row, error);
    }
  }

  /**
   * Vectors that the caller has brought stay as they are, unless the library has changed to another model since; the rest
   * is made of the texts.
   */
  async #embed(library: Library, row: PendingRow): Promise<EmbedPending> {
    const { chunks, vectorSet = 0 } = pendingContent(row);
    const isBrought = (chunk: PendingChunk): boolean =>
      chunk.vector !== undefined && vectorSet === library.vectorSet.number;
    const { signal } = this.#stopping;
    const missing = chunks.flatMap((chunk, at) => (isBrought(chunk) ? [] : [at]));
    const embedder = await this.#options.embedderFor(library.embedding);
    const texts = missing.map((at) => chunks[at]?.text ?? '');
    const { vectors, dimension, truncated } = await embedder.embed(texts, { mode: 'DOCUMENT', signal });
    const made = new Map(
      missing.map((at, index) => [at, vectors.subarray(index * dimension, (index + 1) * dimension)]),
    );
    const rows = chunks.map(({ vector }, at) => made.get(at) ?? decoded(vector ?? ''));
    const offsets = new Uint32Array(rows.length + 1);
    for (const [at, values] of rows.entries()) offsets[at + 1] = (offsets[at] ?? 0) + values.length;
    const values = new Float32Array(offsets.at(-1) ?? 0);
    for (const [at, vector] of rows.entries()) values.set(vector, offsets[at]);
    return {
      type: 'embedPending',
      library: { id: library.id },
      documentId: row.documentId,
      version: row.version,
      at: Date.now(),
      vectors: { values, offsets },
      vectorSet: library.vectorSet.number,
      truncated: truncated.flatMap((index) => missing[index] ?? []),
    };
  }

  /** What may pass concerns the whole library, since its documents share their embedder; anything else one document. */
  async #onFailure({ libraryId, documentId, version }: PendingRow, error: unknown): Promise<void> {
    const { writer, onTrouble, firstPauseMs = FIRST_PAUSE_MS } = this.#options;
    if (!(error instanceof AlcoveError)) onTrouble(`Document ${documentId} waits: ${String(error)}`);
    const shown = error instanceof AlcoveError ? error : internalError();
    const id = shown.retryable ? libraryId : documentId;
    const lengthMs = Math.min(LONGEST_PAUSE_MS, 2 * (this.#pauses.get(id)?.lengthMs ?? firstPauseMs / 2));
    this.#pauses.set(id, { lengthMs, until: Date.now() + lengthMs });
    await writer
      .submit({
        command: {
          type: 'recordPendingFailure',
          library: { id: libraryId },
          documentId,
          version,
          error: shown.toRecord(),
        },
      })
      .catch(() => undefined);
  }
}

function decoded(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(new Uint8Array(bytes).buffer);
}
