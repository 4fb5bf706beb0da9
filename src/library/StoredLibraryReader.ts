import type { ErrorRecord } from '../errors.ts';
import {
  type ChunkRow,
  findChunk,
  findChunksByOrdinal,
  type OrdinalRange,
  readChunks,
  readOrdinals,
} from '../store/chunks.ts';
import type { Database, SqlValue } from '../store/Database.ts';
import {
  type DocumentRow,
  emptyDocuments,
  findDocument,
  findDocuments,
  readDocuments,
} from '../store/documents.ts';
import { foldCase } from '../store/foldCase.ts';
import {
  findLibrary,
  findLibraryKey,
  findLibraryRevision,
  type LibraryRow,
  readLibraries,
} from '../store/libraries.ts';
import { readRevision, readSecret } from '../store/meta.ts';
import { hasOrdinalAbove } from '../store/nextVectors.ts';
import { countPending, findPendingOf } from '../store/pendingDocuments.ts';
import type { Predicate } from '../store/predicate.ts';
import { predicateSql, type SqlCondition } from '../store/predicateSql.ts';
import { present } from '../store/rowChecksum.ts';
import { type Commit, includesCommit, lastCommit } from '../store/sessions.ts';
import { readDocumentVectors, readVector, readVectorsAfter } from '../store/vectors.ts';
import { type WordList, WordLists } from '../store/WordLists.ts';
import {
  hasTrigrams,
  ordinalsThatMayContain,
  pendingWords,
  type Sought,
  type WordBlock,
  wordBlocks,
} from '../store/words.ts';
import type { LibraryBy } from './commands.ts';
import { Cursors } from './cursors.ts';
import { KnownLibraries } from './KnownLibraries.ts';
import type {
  ChunkPortion,
  DocumentOrder,
  LibraryReader,
  LibrarySelection,
  Page,
  PageRequest,
} from './LibraryReader.ts';
import { type ListOrder, readPage } from './pages.ts';
import { listedChunk, toChunk, toDocument, toLibrary } from './records.ts';
import type { Chunk, Document, Library } from './types.ts';
import { type NextSet, toNextSet } from './vectorSet.ts';

/** Whose chunks: a library's or a document's. */
type ChunkParent = { readonly libraryId: string } | { readonly documentId: string };

const DEFAULT_ORDER: DocumentOrder = { field: 'CREATED_AT', direction: 'ASC' };
const ORDER_COLUMNS = {
  CREATED_AT: { sql: 'd.created_at', field: 'createdAt' },
  UPDATED_AT: { sql: 'd.updated_at', field: 'updatedAt' },
  TITLE: { sql: 'd.title', field: 'title' },
} as const;

/**
 * Reads libraries, documents and chunks from a connection of its own. Libraries are listed by name (in the order of
 * their UTF-8 bytes), documents as asked for or by creation, chunks by document and position.
 */
export class StoredLibraryReader implements LibraryReader {
  readonly #database: Database;
  readonly #cursors: Cursors;
  readonly #known: KnownLibraries;
  #wordLists: WordLists | undefined;

  /** @param database a READ_ONLY connection; the reader does not close it. */
  constructor(database: Database) {
    this.#database = database;
    this.#cursors = new Cursors(readSecret(database));
    this.#known = new KnownLibraries(database);
  }

  revision(): number {
    return readRevision(this.#database);
  }

  lastCommit(): Commit {
    return lastCommit(this.#database);
  }

  includes(commit: Commit): boolean {
    return includesCommit(this.#database, commit);
  }

  libraryKey(libraryId: string): number | undefined {
    return findLibraryKey(this.#database, libraryId);
  }

  library(by: LibraryBy): Library | undefined {
    return this.#known.library(by);
  }

  libraries(page: PageRequest, selection: LibrarySelection = {}): Page<Library> {
    const order: ListOrder<LibraryRow> = {
      list: 'libraries',
      columns: ['l.name'],
      direction: 'ASC',
      place: (row) => [row.name],
    };
    const { where, parameters } = librariesWhere(selection);
    return readPage(
      this.#cursors,
      order,
      page,
      (clause) =>
        readLibraries(
          this.#database,
          `WHERE ${where}${clause.conditions}${clause.orderAndLimit}`,
          ...parameters,
          ...clause.parameters,
        ),
      toLibrary,
    );
  }

  libraryCount(selection: LibrarySelection = {}): number {
    const { where, parameters } = librariesWhere(selection);
    return this.#count(`SELECT count(*) AS count FROM libraries l WHERE ${where}`, ...parameters);
  }

  document(id: string): Document | undefined {
    const row = findDocument(this.#database, id);
    return row === undefined ? undefined : toDocument(row);
  }

  documentsOf(ids: readonly string[]): Map<string, Document> {
    return new Map(findDocuments(this.#database, ids).map((row) => [row.id, toDocument(row)]));
  }

  pendingError(documentId: string): ErrorRecord | undefined {
    const row = findPendingOf(this.#database, documentId);
    return row && (JSON.parse(row.error) as ErrorRecord);
  }

  pendingCount(libraryId: string): number {
    return countPending(this.#database, libraryId);
  }

  documents(
    libraryId: string,
    page: PageRequest,
    options: { readonly predicate?: Predicate; readonly orderBy?: DocumentOrder } = {},
  ): Page<Document> {
    const { field, direction } = options.orderBy ?? DEFAULT_ORDER;
    const column = ORDER_COLUMNS[field];
    const order: ListOrder<DocumentRow> = {
      list: `documents/${libraryId}/${field}/${direction}`,
      columns: [column.sql, 'd.key'],
      direction,
      place: (row) => [row[column.field], row.key],
    };
    const libraryKey = this.#libraryKey(libraryId);
    const condition = this.#condition(options.predicate, 'documents', libraryKey);
    return readPage(
      this.#cursors,
      order,
      page,
      (clause) =>
        readDocuments(
          this.#database,
          `WHERE d.library_key = ?${condition.sql}${clause.conditions}${clause.orderAndLimit}`,
          libraryKey,
          ...condition.parameters,
          ...clause.parameters,
        ),
      toDocument,
    );
  }

  documentCount(libraryId: string, predicate?: Predicate): number {
    if (predicate === undefined) {
      return this.#count(
        'SELECT coalesce(max(document_count), 0) AS count FROM libraries WHERE id = ?',
        libraryId,
      );
    }
    const libraryKey = this.#libraryKey(libraryId);
    const condition = this.#condition(predicate, 'documents', libraryKey);
    return this.#count(
      `SELECT count(*) AS count FROM documents d WHERE d.library_key = ?${condition.sql}`,
      libraryKey,
      ...condition.parameters,
    );
  }

  chunk(id: string): Chunk | undefined {
    const row = findChunk(this.#database, id);
    return row === undefined ? undefined : toChunk(row);
  }

  chunks(of: ChunkParent, page: PageRequest, options: { readonly predicate?: Predicate } = {}): Page<Chunk> {
    return this.#database.snapshot(() => this.#chunks(of, page, options));
  }

  #chunks(of: ChunkParent, page: PageRequest, options: { readonly predicate?: Predicate }): Page<Chunk> {
    const parent = this.#parent(of);
    const order: ListOrder<ChunkRow> = {
      list: 'libraryId' in of ? `chunks/${of.libraryId}` : `chunks/${of.documentId}`,
      columns: ['c.document_key', 'c.position', 'c.key'],
      direction: 'ASC',
      place: (row) => [row.documentKey, row.position, row.key],
    };
    const condition = this.#condition(options.predicate, 'chunks', parent.libraryKey);
    return readPage(
      this.#cursors,
      order,
      page,
      (clause) =>
        readChunks(
          this.#database,
          `WHERE ${parent.sql}${condition.sql}${clause.conditions}${clause.orderAndLimit}`,
          ...parent.parameters,
          ...condition.parameters,
          ...clause.parameters,
        ),
      toChunk,
    );
  }

  chunkCount(of: ChunkParent, predicate?: Predicate): number {
    if (predicate === undefined && 'libraryId' in of) {
      return this.#count(
        'SELECT coalesce(max(chunk_count), 0) AS count FROM libraries WHERE id = ?',
        of.libraryId,
      );
    }
    return this.#database.snapshot(() => {
      const parent = this.#parent(of);
      const condition = this.#condition(predicate, 'chunks', parent.libraryKey);
      return this.#count(
        `SELECT count(*) AS count FROM chunks c WHERE ${parent.sql}${condition.sql}`,
        ...parent.parameters,
        ...condition.parameters,
      );
    });
  }

  chunksByOrdinal(libraryId: string, ordinals: Uint32Array): (Chunk | undefined)[] {
    const found = new Map<number, Chunk>();
    for (const list of findChunksByOrdinal(this.#database, libraryId, ordinals))
      found.set(list[0], listedChunk(libraryId, list));
    return Array.from(ordinals, (ordinal) => found.get(ordinal));
  }

  ordinalsMatching(libraryId: string, predicate: Predicate, among?: Uint32Array | OrdinalRange): Uint32Array {
    const libraryKey = this.#libraryKey(libraryId);
    return this.#database.snapshot(() => {
      const condition = predicateSql(predicate, 'chunks', libraryKey, {
        hasTrigrams: !(among instanceof Uint32Array) && hasTrigrams(this.#database, libraryKey),
      });
      return readOrdinals(this.#database, libraryKey, condition, among);
    });
  }

  libraryRevision(libraryId: string): number {
    return findLibraryRevision(this.#database, libraryId);
  }

  ordinals(libraryId: string): Uint32Array {
    return readOrdinals(this.#database, this.#libraryKey(libraryId));
  }

  chunksAfter(libraryId: string, after: number, limit: number): ChunkPortion {
    return this.#database.snapshot(() => {
      const { ordinals, vectors } = this.vectorsAfter(libraryId, after, limit);
      const chunks = this.chunksByOrdinal(libraryId, ordinals).map((chunk, row) =>
        present(chunk, 'chunk of ordinal', ordinals[row]),
      );
      const dimension = vectors.length / ordinals.length;
      const documents = this.documentsOf([...new Set(chunks.map(({ documentId }) => documentId))]);
      for (const { documentId } of chunks) present(documents.get(documentId), 'document', documentId);
      return {
        rows: chunks.map((chunk, row) => ({
          chunk,
          vector: vectors.subarray(row * dimension, (row + 1) * dimension),
        })),
        documents,
      };
    });
  }

  emptyDocuments(libraryId: string, after: string | undefined, limit: number): Document[] {
    return emptyDocuments(this.#database, this.#libraryKey(libraryId), after, limit).map(toDocument);
  }

  wordBlocks(libraryId: string): WordBlock[] {
    return wordBlocks(this.#database, this.#libraryKey(libraryId));
  }

  wordLists(libraryId: string, block: WordBlock, sought: readonly Sought[]): WordList[] {
    return this.#words().lists(this.#libraryKey(libraryId), block, sought);
  }

  wordLengths(libraryId: string, block: WordBlock): Uint32Array {
    return this.#words().lengths(this.#libraryKey(libraryId), block);
  }

  ordinalsThatMayContain(libraryId: string, part: string, { block }: WordBlock): Uint32Array {
    const libraryKey = this.#libraryKey(libraryId);
    return this.#database.snapshot(() => ordinalsThatMayContain(this.#database, libraryKey, block, part));
  }

  /** Many readers are never asked for words. */
  #words(): WordLists {
    this.#wordLists ??= new WordLists(this.#database);
    return this.#wordLists;
  }

  pendingWords(libraryId: string): number {
    return pendingWords(this.#database, this.#libraryKey(libraryId));
  }

  vector(chunkId: string): Float32Array | undefined {
    return readVector(this.#database, chunkId);
  }

  documentVectors(documentId: string): Float32Array {
    return readDocumentVectors(this.#database, documentId);
  }

  vectorsAfter(
    libraryId: string,
    after: number,
    limit: number,
  ): { readonly ordinals: Uint32Array; readonly vectors: Float32Array } {
    return readVectorsAfter(this.#database, this.#libraryKey(libraryId), after, limit);
  }

  nextSet(libraryId: string): NextSet | undefined {
    const row = findLibrary(this.#database, { id: libraryId });
    return row && toNextSet(row);
  }

  isLevel(libraryId: string, ordinal: number): boolean {
    return !hasOrdinalAbove(this.#database, this.#libraryKey(libraryId), ordinal);
  }

  /** The key of a library; keys are never reused, so it stays right between two statements. Unknown: none has 0. */
  #libraryKey(id: string): number {
    return findLibraryKey(this.#database, id) ?? 0;
  }

  #parent(of: ChunkParent): SqlCondition & { readonly libraryKey: number } {
    if ('libraryId' in of) {
      const libraryKey = this.#libraryKey(of.libraryId);
      return { sql: 'c.library_key = ?', parameters: [libraryKey], libraryKey };
    }
    const document = findDocument(this.#database, of.documentId);
    const libraryKey = document?.libraryKey ?? 0;
    return {
      sql: 'c.library_key = ? AND c.document_key = ?',
      parameters: [libraryKey, document?.key ?? 0],
      libraryKey,
    };
  }

  /** A predicate as the continuation of a WHERE. */
  #condition(
    predicate: Predicate | undefined,
    rows: 'chunks' | 'documents',
    libraryKey: number,
  ): SqlCondition {
    if (predicate === undefined) return { sql: '', parameters: [] };
    const { sql, parameters } = predicateSql(predicate, rows, libraryKey, {
      hasTrigrams: rows === 'chunks' && hasTrigrams(this.#database, libraryKey),
    });
    return { sql: ` AND ${sql}`, parameters };
  }

  #count(sql: string, ...parameters: SqlValue[]): number {
    return this.#database.get<{ count: number }>(sql, ...parameters)?.count ?? 0;
  }
}

/** The condition on `libraries l`, and what it binds. */
function librariesWhere({ nameContains, ids }: LibrarySelection): { where: string; parameters: string[] } {
  const conditions = [
    ...(nameContains === undefined ? [] : ['fold_contains(l.name, ?)']),
    ...(ids === undefined ? [] : ['l.id IN (SELECT value FROM json_each(?))']),
  ];
  const parameters = [
    ...(nameContains === undefined ? [] : [foldCase(nameContains)]),
    ...(ids === undefined ? [] : [JSON.stringify([...ids])]),
  ];
  return { where: conditions.join(' AND ') || 'TRUE', parameters };
}
