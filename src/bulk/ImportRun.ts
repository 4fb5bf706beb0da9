import {
  type ChunkDraft,
  checkHasVector,
  type Embedding,
  rowsOf,
  withRow,
} from '../embedding/draftVectors.ts';
import { AlcoveError, type ErrorRecord } from '../errors.ts';
import type { ItemOutcome, WriteChunks } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Library } from '../library/types.ts';
import { isReembedded } from '../library/vectorSet.ts';
import type { CommandOutcome, Writer } from '../writer/Writer.ts';
import { type DocumentOutcome, ImportDocuments } from './ImportDocuments.ts';
import { type ImportRow, type RowDefaults, readRow } from './ImportRow.ts';
import type { SourceRow, SourceRows } from './SourceRow.ts';

/** Rows, and bytes of rows, that are written in one command. */
const BATCH_ROWS = 1_000;
const BATCH_BYTES = 4_194_304;

/** How often a batch is embedded for a library that changes its model meanwhile. */
const MAX_ATTEMPTS = 3;

/** How far an import has come. */
export interface ImportCounts {
  /** Rows looked at, those passed over not counted. */
  readonly read: number;
  /** Rows that are new, or changed something. */
  readonly written: number;
  readonly unchanged: number;
  readonly failed: number;
  /** Texts of which the model read the beginning alone. */
  readonly truncated: number;
  /** The last revision that this import made, or the one that it began at. */
  readonly revision: number;
  /** Every row up to this line has been dealt with, durably or as an error that was told. */
  readonly resumeAfter: number;
}

/** A row that did not go in. */
export interface RowError {
  readonly line: number;
  /** Of its chunk, as far as it is known. */
  readonly id: string | null;
  readonly error: ErrorRecord;
}

export interface ImportRunOptions extends Embedding, Omit<RowDefaults, 'library'> {
  readonly library: Library;
  readonly reader: Pick<LibraryReader, 'library' | 'document'>;
  readonly writer: Pick<Writer, 'submit'>;
  /** Rows up to this line are passed over by the source. */
  readonly after: number;
  /** Rows that may fail before the import is given up. */
  readonly maxErrors: number;
  /** Called in the order of lines, once their batch is durable. */
  readonly onError: (error: RowError) => void;
  /** Called after every batch. */
  readonly onProgress: (counts: ImportCounts) => void;
}

/** A row on its way: what it says, or why it does not go in. */
interface Item {
  readonly line: number;
  readonly id: string | null;
  readonly row: ImportRow | undefined;
  readonly error: AlcoveError | undefined;
}

interface Batch {
  readonly items: readonly Item[];
  /** By id. */
  readonly documents: ReadonlyMap<string, DocumentOutcome>;
  /** The items that are chunks, as the command has them. */
  readonly chunks: readonly Item[];
  /** Undefined: there are none. */
  readonly command: WriteChunks | undefined;
  readonly makeCommand: () => Promise<WriteChunks>;
}

/** An item that is a chunk of a document that is there. */
interface ChunkItem {
  readonly item: Item;
  readonly documentId: string;
  readonly draft: ChunkDraft;
}

/**
 * Writes the rows of a source into a library, batch after batch: while one is being written the next is read and
 * embedded, and no more is read before that. Rows with the ids of chunks that are there replace them, so that the same source can
 * be imported again.
 */
export class ImportRun {
  readonly #options: ImportRunOptions;
  readonly #documents: ImportDocuments;
  #counts: ImportCounts;
  #writing: Promise<void> = Promise.resolve();
  #items: Item[] = [];
  #ids = new Set<string>();
  #bytes = 0;
  #hasFailed = false;

  constructor(options: ImportRunOptions) {
    this.#options = options;
    this.#documents = new ImportDocuments(options.library, options.reader, options.writer);
    this.#counts = {
      read: 0,
      written: 0,
      unchanged: 0,
      failed: 0,
      truncated: 0,
      revision: options.library.revision,
      resumeAfter: options.after,
    };
  }

  get counts(): ImportCounts {
    return this.#counts;
  }

  /**
   * Reads the source to its end. What it gave before it failed goes in before the failure is thrown; the counts hold either
   * way.
   * @throws AlcoveError why it went no further: the source's own error, CapacityExceededError after too many failed
   *   rows, EmbedderError, ShuttingDownError, LibraryNotFoundError if it was deleted meanwhile …
   */
  async run(rows: SourceRows): Promise<void> {
    try {
      for await (const some of rows) {
        for (const row of some) {
          if (this.#isFull(row)) await this.#flush();
          this.#add(row);
        }
      }
    } finally {
      if (!this.#options.signal.aborted && !this.#hasFailed) await this.#flush();
      await this.#writing;
    }
  }

  /** A chunk that comes twice goes into two batches, so that the later row is what counts, wherever batches end. */
  #isFull({ bytes, value }: SourceRow): boolean {
    if (this.#items.length >= BATCH_ROWS || (this.#bytes > 0 && this.#bytes + bytes > BATCH_BYTES))
      return true;
    const id = givenId(value);
    return id !== null && this.#ids.has(id);
  }

  #add({ line, value, bytes, error }: SourceRow): void {
    this.#bytes += bytes;
    if (error !== undefined) return void this.#items.push({ line, id: null, row: undefined, error });
    const id = givenId(value);
    if (id !== null) this.#ids.add(id);
    try {
      const row = readRow(value, line, this.#options);
      if (row.draft) checkHasVector(row.draft, this.#options.library);
      this.#items.push({ line, id: row.draft?.id ?? null, row, error: undefined });
    } catch (error) {
      if (!(error instanceof AlcoveError)) throw error;
      this.#items.push({ line, id, row: undefined, error });
    }
  }

  /** Makes the next batch ready, waits for the one before, and begins to write it. */
  async #flush(): Promise<void> {
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#ids = new Set();
    this.#bytes = 0;
    const batch = await this.#prepare(items);
    await this.#writing;
    this.#checkErrors();
    this.#writing = this.#write(batch);
    // Whoever waits for it next is told of its failure.
    this.#writing.catch(() => {
      this.#hasFailed = true;
    });
  }

  async #prepare(items: readonly Item[]): Promise<Batch> {
    const documents = await this.#documents.ensure(items.flatMap(({ row }) => (row ? [row.document] : [])));
    const chunks = items.flatMap((item) => {
      const { document, draft } = item.row ?? {};
      if (draft === undefined || document === undefined) return [];
      return documents.get(document.id) instanceof AlcoveError
        ? []
        : [{ item, documentId: document.id, draft }];
    });
    const makeCommand = () => this.#makeCommand(chunks);
    const command = chunks.length === 0 ? undefined : await makeCommand();
    return { items, documents, chunks: chunks.map(({ item }) => item), command, makeCommand };
  }

  async #makeCommand(chunks: readonly ChunkItem[]): Promise<WriteChunks> {
    // As it is by now: it may have changed to another model since the batch before.
    const { id } = this.#options.library;
    const library = this.#options.reader.library({ id }) ?? libraryNotFound({ id });
    const drafts = chunks.map(({ draft }) => draft);
    const { truncated, words, ...rows } = await rowsOf(drafts, library, this.#options);
    const items = chunks.map(({ documentId, draft: { vector: _, ...write } }, row) => ({
      ...withRow(write, row, { truncated, words }),
      documentId,
    }));
    return {
      type: 'writeChunks',
      library: { id },
      at: Date.now(),
      mode: 'UPSERT',
      atomicity: 'EACH',
      items,
      ...rows,
    };
  }

  /** What was embedded by a model that the library has changed from meanwhile is embedded again. */
  async #submit({ command, makeCommand }: Batch): Promise<CommandOutcome | undefined> {
    for (let attempt = 1, next = command; next !== undefined; attempt++) {
      try {
        return await this.#options.writer.submit({ command: next });
      } catch (error) {
        if (!isReembedded(error) || attempt === MAX_ATTEMPTS) throw error;
        next = await makeCommand();
      }
    }
    return undefined;
  }

  async #write(batch: Batch): Promise<void> {
    const outcome = await this.#submit(batch);
    const { items, documents, chunks } = batch;
    const outcomes = new Map<Item, ItemOutcome | undefined>();
    chunks.forEach((item, index) => {
      outcomes.set(item, outcome?.items?.[index]);
    });
    const counts = { ...this.#counts };
    for (const item of items) {
      const became = becameOf(item, documents, outcomes.get(item));
      counts.read += 1;
      if (became === 'WRITTEN') counts.written += 1;
      else if (became === 'UNCHANGED') counts.unchanged += 1;
      else {
        counts.failed += 1;
        if (counts.failed <= this.#options.maxErrors) {
          this.#options.onError({ line: item.line, id: item.id, error: became });
        }
      }
    }
    counts.truncated += outcome?.truncatedCount ?? 0;
    counts.revision = Math.max(counts.revision, outcome?.revision ?? 0);
    counts.resumeAfter = items.at(-1)?.line ?? counts.resumeAfter;
    this.#counts = counts;
    this.#options.onProgress(counts);
    this.#checkErrors();
  }

  #checkErrors(): void {
    const { failed } = this.#counts;
    const { maxErrors } = this.#options;
    if (failed <= maxErrors) return;
    throw new AlcoveError(
      'CapacityExceededError',
      `${failed} rows have failed; this import was given up after ${maxErrors}. Mend the rows, or raise maxErrors.`,
      { detail: { got: failed, expected: maxErrors } },
    );
  }
}

function becameOf(
  { row, error }: Item,
  documents: Batch['documents'],
  outcome: ItemOutcome | undefined,
): 'WRITTEN' | 'UNCHANGED' | ErrorRecord {
  if (error !== undefined || row === undefined) return (error as AlcoveError).toRecord();
  const document = documents.get(row.document.id);
  if (document instanceof AlcoveError) return document.toRecord();
  if (row.draft === undefined) return document ?? 'UNCHANGED';
  if (outcome === undefined) throw new Error('The writer has answered less than it was asked.');
  // The writer counts the places of its own batch.
  if ('error' in outcome) return { ...outcome.error, path: outcome.error.path.slice(2) };
  return outcome.status === 'UNCHANGED' ? 'UNCHANGED' : 'WRITTEN';
}

function givenId(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  // A map of JSON has no text of its own: it may call anything `toString`.
  const { id } = value;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}
