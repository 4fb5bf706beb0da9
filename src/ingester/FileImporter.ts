import { isDeepStrictEqual } from 'node:util';
import { withRow } from '../embedding/draftVectors.ts';
import type { Embedder } from '../embedding/Embedder.ts';
import { AlcoveError } from '../errors.ts';
import { DEFAULT_EXTRACT_LIMITS } from '../ingest/extractLimits.ts';
import type { RecordImportFile } from '../jobs/commands.ts';
import type { ImportFile, ImportJob, ImportOptions } from '../jobs/types.ts';
import type { CreateDocument, PendingChunk, PostponeDocument } from '../library/commands.ts';
import { newId } from '../library/ids.ts';
import { cutTexts } from '../library/indexedText.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { MAX_AUTHOR_LENGTH, MAX_CHUNKS_PER_MUTATION, MAX_TITLE_LENGTH } from '../library/limits.ts';
import { libraryNotFound } from '../library/lookup.ts';
import { pendingContent } from '../library/pendingContent.ts';
import { sourceHashOf, sourceUrlBelow } from '../library/sourceFile.ts';
import type { EmbeddingContract, Library } from '../library/types.ts';
import type { Database } from '../store/Database.ts';
import { findPendingOf } from '../store/pendingDocuments.ts';
import type { Spool } from '../store/Spool.ts';
import type { Extractors } from './Extractors.ts';
import { fetchSource } from './fetchSource.ts';
import type { ReadChunk, ReadDocument } from './ReadDocument.ts';

/** Chunks that are written at a time of a document that has too many for one command. */
const PART_CHUNKS = 2_000;
/** Problems of one file that are kept. */
const MAX_PROBLEMS = 20;

export interface FileImporterOptions {
  readonly database: Database;
  readonly reader: LibraryReader;
  readonly spool: Spool;
  readonly extractors: Extractors;
  readonly embedderFor: (contract: EmbeddingContract) => Promise<Embedder>;
  readonly importUrls: 'off' | 'public' | 'any';
}

/** What became of a file, or how far it is, and what is to be written of it. */
export type Made = Pick<RecordImportFile, 'outcome' | 'document'>;

/** How a file's import tells how far it is, and hears that it is to stop. */
export interface ImportHooks {
  /** Writes a part, and what it says of the file. @throws AlcoveError why it was not written. */
  readonly record: (made: Made) => Promise<void>;
  readonly signal: AbortSignal;
}

interface InParts extends ImportHooks {
  readonly document: Omit<CreateDocument, 'type' | 'chunks' | 'vectors'> & { readonly sourceHash: string };
  readonly outcome: Omit<RecordImportFile['outcome'], 'state'>;
}

/** A file whose bytes are in the spool. */
interface Source {
  readonly contentType: string | null;
  readonly bytes: number;
  readonly hash: string;
}

/** Makes a document of a file: fetched, read, split and embedded, in this order, unless it is there already. */
export class FileImporter {
  readonly #options: FileImporterOptions;

  constructor(options: FileImporterOptions) {
    this.#options = options;
  }

  /**
   * What became of a file, and what is to be written of it. A document of more chunks than one command may write goes in part
   * by part: `record` writes all but the last, which is the answer.
   * @throws AlcoveError why no document can be made of it; CancelledError when `signal` aborts.
   */
  async import(
    file: ImportFile,
    { libraryId, options }: ImportJob,
    { record, signal }: ImportHooks,
  ): Promise<Made> {
    const { reader, spool, extractors } = this.#options;
    const library = reader.library({ id: libraryId }) ?? libraryNotFound({ id: libraryId });
    const source = await this.#sourceOf(file, signal);
    const sourceHash = sourceHashOf({ ...source, name: file.name }, library.chunking);
    const known = this.#known(file, sourceHash, options);
    if (known !== undefined) return withBytes(known, source);

    const path = spool.path(file.jobId, file.position);
    const read = await extractors.read(
      { path, name: file.name, contentType: source.contentType, chunking: library.chunking },
      signal,
    );
    const document = {
      ...fieldsOf(file, read, options),
      library: { id: library.id },
      sourceHash,
      at: Date.now(),
    };
    const problems = read.problems.slice(0, MAX_PROBLEMS);
    const outcome = { error: null, problems, chunks: read.chunks.length, bytes: source.bytes };
    if (read.chunks.length > MAX_CHUNKS_PER_MUTATION)
      return this.#importInParts(library, read, { document, outcome, record, signal });
    try {
      const written = await this.#embed(library, read.chunks, signal);
      return {
        outcome: { ...outcome, state: 'WRITTEN' },
        document: { ...document, ...written, type: 'createDocument' },
      };
    } catch (error) {
      const mayWait = options.whenEmbedderFails === 'WAIT' && error instanceof AlcoveError && error.retryable;
      if (!mayWait) throw error;
      const postponed: PostponeDocument = {
        ...document,
        type: 'postponeDocument',
        chunks: read.chunks.map(toWrite),
        error: error.toRecord(),
      };
      return {
        outcome: { ...outcome, state: 'PENDING_EMBEDDING', error: error.toRecord() },
        document: postponed,
      };
    }
  }

  /** Goes on behind the parts that are there already, if they are of the same source. */
  async #importInParts(
    library: Library,
    { chunks }: ReadDocument,
    { document, outcome, record, signal }: InParts,
  ): Promise<Made> {
    const { id, sourceHash } = document;
    for (let after = this.#writtenOf(document, chunks.length); ; ) {
      const until = Math.min(after + PART_CHUNKS, chunks.length);
      const part = await this.#embed(library, chunks.slice(after, until), signal);
      const isPart = until < chunks.length;
      const common = { library: { id: library.id }, id, sourceHash, isPart, at: Date.now(), ...part };
      const made: Made = {
        outcome: { ...outcome, chunks: until, state: isPart ? 'WAITING' : 'WRITTEN' },
        document:
          after === 0
            ? { ...document, ...common, type: 'createDocument' }
            : { ...common, type: 'continueDocument', after },
      };
      if (!isPart) return made;
      await record(made);
      after = until;
    }
  }

  /** How many of a document's chunks are there, if it is written in parts and is as they have left it. */
  #writtenOf({ id: documentId, sourceHash }: InParts['document'], chunks: number): number {
    const { reader } = this.#options;
    const document = reader.document(documentId);
    if (document?.state !== 'INCOMPLETE' || document.sourceHash !== sourceHash) return 0;
    const written = reader.chunkCount({ documentId });
    return written < chunks ? written : 0;
  }

  async #sourceOf(file: ImportFile, signal: AbortSignal): Promise<Source> {
    const { contentType, bytes, contentHash, url } = file;
    if (url === null) {
      if (contentHash === null) throw new Error(`File ${file.position} of ${file.jobId} has no hash.`);
      return { contentType, bytes, hash: contentHash };
    }
    const { spool, importUrls } = this.#options;
    if (importUrls === 'off') {
      throw new AlcoveError(
        'ForbiddenError',
        'This server does not fetch from URLs: ALCOVE_IMPORT_URLS is off.',
        {
          detail: { got: url, expected: 'a file' },
        },
      );
    }
    return fetchSource(url, {
      path: spool.path(file.jobId, file.position),
      maxBytes: DEFAULT_EXTRACT_LIMITS.maxBytes,
      mayBePrivate: importUrls === 'any',
      signal,
    });
  }

  /** What is to be done of a file whose document is there, made of the same bytes in the same way, or waits already. */
  #known(file: ImportFile, sourceHash: string, options: ImportOptions): Made | undefined {
    const { database, reader } = this.#options;
    const document = reader.document(file.documentId);
    if (document === undefined) return undefined;
    const nothing = { error: null, problems: [], chunks: 0, bytes: 0 };
    const waiting = findPendingOf(database, document.id);
    if (waiting !== undefined) {
      const isSame = pendingContent(waiting).sourceHash === sourceHash;
      return isSame ? { outcome: { ...nothing, state: 'PENDING_EMBEDDING' } } : undefined;
    }
    if (document.sourceHash !== sourceHash || document.state === 'INCOMPLETE') return undefined;
    const { metadata } = options;
    const sourceUrl = sourceUrlOf(file, options) ?? document.sourceUrl;
    const isLevel =
      (Object.keys(metadata).length === 0 || isDeepStrictEqual(metadata, document.metadata)) &&
      sourceUrl === document.sourceUrl;
    const update = { type: 'updateDocument', id: document.id, at: Date.now(), sourceUrl } as const;
    return {
      outcome: { ...nothing, state: 'UNCHANGED' },
      ...(isLevel ? {} : { document: Object.keys(metadata).length === 0 ? update : { ...update, metadata } }),
    };
  }

  /** The chunks as they are written, with their vectors. */
  async #embed(
    library: Library,
    chunks: readonly ReadChunk[],
    signal: AbortSignal,
  ): Promise<Pick<CreateDocument, 'chunks' | 'vectors' | 'vectorSet'>> {
    if (chunks.length === 0)
      return { chunks: [], vectors: { values: new Float32Array(0), offsets: new Uint32Array(1) } };
    const embedder = await this.#options.embedderFor(library.embedding);
    const texts = chunks.map(({ text }) => text);
    const {
      vectors: values,
      dimension,
      truncated,
    } = await embedder.embed(texts, { mode: 'DOCUMENT', signal });
    const offsets = Uint32Array.from({ length: texts.length + 1 }, (_, row) => row * dimension);
    const known = {
      truncated: new Set(truncated),
      words: await cutTexts(texts, library.keywords.language),
    };
    const written = chunks.map((chunk, row) => withRow(toWrite(chunk), row, known));
    return { chunks: written, vectors: { values, offsets }, vectorSet: library.vectorSet.number };
  }
}

function toWrite(chunk: ReadChunk): Omit<PendingChunk, 'vector'> {
  return { ...chunk, id: newId('chunk'), metadata: {} };
}

function withBytes(made: Made, { bytes }: Source): Made {
  return { ...made, outcome: { ...made.outcome, bytes } };
}

function fieldsOf(
  file: ImportFile,
  { title, author, contentType }: ReadDocument,
  options: ImportOptions,
): Pick<CreateDocument, 'id' | 'ifExists' | 'title' | 'author' | 'sourceUrl' | 'contentType' | 'metadata'> {
  return {
    id: file.documentId,
    ifExists: 'REPLACE',
    title: title.slice(0, MAX_TITLE_LENGTH).toWellFormed(),
    author: author === null ? null : author.slice(0, MAX_AUTHOR_LENGTH).toWellFormed(),
    sourceUrl: sourceUrlOf(file, options),
    contentType,
    metadata: options.metadata,
  };
}

function sourceUrlOf({ name, url }: ImportFile, { sourceBase }: ImportOptions): string | null {
  return url ?? sourceUrlBelow(sourceBase, name);
}

/** What is told of a bug of ours; the log has the rest. */
export function internalError(): AlcoveError {
  return new AlcoveError('InternalError', 'This failed by a fault of the server, which its log describes.');
}
