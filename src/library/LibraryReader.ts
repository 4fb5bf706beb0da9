import type { ErrorRecord } from '../errors.ts';
import type { OrdinalRange } from '../store/chunks.ts';
import type { Predicate } from '../store/predicate.ts';
import type { Commit } from '../store/sessions.ts';
import type { WordList } from '../store/WordLists.ts';
import type { Sought, WordBlock } from '../store/words.ts';
import type { LibraryBy } from './commands.ts';
import type { Chunk, Document, Library } from './types.ts';
import type { NextSet } from './vectorSet.ts';

/** A Relay page as asked for: forwards (`first`, `after`) or backwards (`last`, `before`). */
export interface PageRequest {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

/** A page in reading order. Cursors name a position by value, so they hold while rows come and go around them. */
export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** Which libraries are meant; absent: all. */
export interface LibrarySelection {
  readonly nameContains?: string;
  /** Only those with these ids. */
  readonly ids?: ReadonlySet<string>;
}

export interface DocumentOrder {
  readonly field: 'CREATED_AT' | 'UPDATED_AT' | 'TITLE';
  readonly direction: 'ASC' | 'DESC';
}

/** Chunks with all that belongs to them. */
export interface ChunkPortion {
  readonly rows: readonly { readonly chunk: Chunk; readonly vector: Float32Array }[];
  readonly documents: ReadonlyMap<string, Document>;
}

/**
 * Reads of the store on a connection of its own, as of the last commit. Every call is synchronous and short; none of
 * them takes a lock. Arguments out of range or cursors that are not ours throw InvalidArgumentError.
 */
export interface LibraryReader {
  /** The last committed revision. */
  revision(): number;
  /** The last commit, so named that no copy of the database has another of that name. */
  lastCommit(): Commit;
  /** Whether a commit is part of this database's history. */
  includes(commit: Commit): boolean;
  /** The internal key of a library; the database never gives it to another, not even to one of the same id. */
  libraryKey(libraryId: string): number | undefined;

  library(by: LibraryBy): Library | undefined;
  libraries(page: PageRequest, options: LibrarySelection): Page<Library>;
  libraryCount(options?: LibrarySelection): number;

  document(id: string): Document | undefined;
  /** The documents with these ids, by id, without those that there are not. */
  documentsOf(ids: readonly string[]): Map<string, Document>;
  documents(
    libraryId: string,
    page: PageRequest,
    options: { readonly predicate?: Predicate; readonly orderBy?: DocumentOrder },
  ): Page<Document>;
  documentCount(libraryId: string, predicate?: Predicate): number;

  /** Why a document waits to be embedded, as its embedder said last; undefined if it does not wait. */
  pendingError(documentId: string): ErrorRecord | undefined;
  /** Documents of a library that wait to be embedded. */
  pendingCount(libraryId: string): number;

  chunk(id: string): Chunk | undefined;
  /** Ordered by document and position. */
  chunks(
    of: { readonly libraryId: string } | { readonly documentId: string },
    page: PageRequest,
    options: { readonly predicate?: Predicate },
  ): Page<Chunk>;
  chunkCount(
    of: { readonly libraryId: string } | { readonly documentId: string },
    predicate?: Predicate,
  ): number;

  /** The chunks whose vectors have these ordinals, in that order; undefined where one has been replaced or deleted. */
  chunksByOrdinal(libraryId: string, ordinals: Uint32Array): (Chunk | undefined)[];
  /** Ascending ordinals of the chunks that a predicate matches; of those with these ordinals alone, if they are given. */
  ordinalsMatching(libraryId: string, predicate: Predicate, among?: Uint32Array | OrdinalRange): Uint32Array;
  /** The last revision that changed a library or anything in it; 0 if there is no such library. */
  libraryRevision(libraryId: string): number;
  /** All live ordinals, ascending: what the index must hold. */
  ordinals(libraryId: string): Uint32Array;

  /**
   * As of one moment: up to `limit` chunks with ordinals above `after`, ascending, with their vectors, and their documents
   * by id.
   * @throws AlcoveError DamagedError
   */
  chunksAfter(libraryId: string, after: number, limit: number): ChunkPortion;
  /** Up to `limit` documents that have no chunks, in the order in which they came, after the one with this id. */
  emptyDocuments(libraryId: string, after: string | undefined, limit: number): readonly Document[];

  /** The blocks that a library's words are kept in. */
  wordBlocks(libraryId: string): readonly WordBlock[];
  /** Where things occur in a block, a list for each: see `WordLists` of the store. */
  wordLists(libraryId: string, block: WordBlock, sought: readonly Sought[]): readonly WordList[];
  /** How many words each chunk of a block has, by its place in it. */
  wordLengths(libraryId: string, block: WordBlock): Uint32Array;
  /** Ascending ordinals of the chunks of a block in whose text a part may stand, by its trigrams if these are indexed. */
  ordinalsThatMayContain(libraryId: string, part: string, block: WordBlock): Uint32Array;
  /** Chunks of a library whose words are not indexed yet. */
  pendingWords(libraryId: string): number;

  /** A chunk's float32 vector (`dimension`), its checksum verified. @throws AlcoveError DamagedError */
  vector(chunkId: string): Float32Array | undefined;
  /** Vectors of a document's chunks in order (`n × dimension`). */
  documentVectors(documentId: string): Float32Array;
  /** Up to `limit` vectors with ordinals above `after`, ascending: how an index is built or caught up. */
  vectorsAfter(
    libraryId: string,
    after: number,
    limit: number,
  ): { readonly ordinals: Uint32Array; readonly vectors: Float32Array };
  /** What is being done beside the set of vectors that serves; undefined: nothing. */
  nextSet(libraryId: string): NextSet | undefined;
  /** Whether no chunk of a library has an ordinal above this one. */
  isLevel(libraryId: string, ordinal: number): boolean;
}
