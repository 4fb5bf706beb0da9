import type { ErrorRecord } from '../errors.ts';
import type { LibraryBy } from '../library/commands.ts';
import type {
  ChunkPortion,
  DocumentOrder,
  LibraryReader,
  LibrarySelection,
  Page,
  PageRequest,
} from '../library/LibraryReader.ts';
import type { Chunk, Document, Library } from '../library/types.ts';
import type { NextSet } from '../library/vectorSet.ts';
import type { Predicate } from '../store/predicate.ts';
import type { Commit } from '../store/sessions.ts';
import type { WordList } from '../store/WordLists.ts';
import type { Sought, WordBlock } from '../store/words.ts';

/** No library, document or chunk has this id. */
const NOWHERE = '';

type ChunksOf = { readonly libraryId: string } | { readonly documentId: string };

/** A reader for which there are some libraries alone. What is in others is asked for under an id that nothing has. */
export class ScopedLibraryReader implements LibraryReader {
  readonly #reader: LibraryReader;
  readonly #libraries: ReadonlySet<string>;

  constructor(reader: LibraryReader, libraries: ReadonlySet<string>) {
    this.#reader = reader;
    this.#libraries = libraries;
  }

  revision(): number {
    return this.#reader.revision();
  }

  lastCommit(): Commit {
    return this.#reader.lastCommit();
  }

  includes(commit: Commit): boolean {
    return this.#reader.includes(commit);
  }

  libraryKey(libraryId: string): number | undefined {
    return this.#reader.libraryKey(this.#library(libraryId));
  }

  library(by: LibraryBy): Library | undefined {
    const found = this.#reader.library(by);
    return found && this.#libraries.has(found.id) ? found : undefined;
  }

  libraries(page: PageRequest, options: LibrarySelection): Page<Library> {
    return this.#reader.libraries(page, { ...options, ids: this.#libraries });
  }

  libraryCount(options: LibrarySelection = {}): number {
    return this.#reader.libraryCount({ ...options, ids: this.#libraries });
  }

  document(id: string): Document | undefined {
    const found = this.#reader.document(id);
    return found && this.#libraries.has(found.libraryId) ? found : undefined;
  }

  documentsOf(ids: readonly string[]): Map<string, Document> {
    const found = [...this.#reader.documentsOf(ids)];
    return new Map(found.filter(([, { libraryId }]) => this.#libraries.has(libraryId)));
  }

  documents(
    libraryId: string,
    page: PageRequest,
    options: { readonly predicate?: Predicate; readonly orderBy?: DocumentOrder },
  ): Page<Document> {
    return this.#reader.documents(this.#library(libraryId), page, options);
  }

  documentCount(libraryId: string, predicate?: Predicate): number {
    return this.#reader.documentCount(this.#library(libraryId), predicate);
  }

  pendingError(documentId: string): ErrorRecord | undefined {
    return this.#reader.pendingError(this.#document(documentId));
  }

  pendingCount(libraryId: string): number {
    return this.#reader.pendingCount(this.#library(libraryId));
  }

  chunk(id: string): Chunk | undefined {
    const found = this.#reader.chunk(id);
    return found && this.#libraries.has(found.libraryId) ? found : undefined;
  }

  chunks(of: ChunksOf, page: PageRequest, options: { readonly predicate?: Predicate }): Page<Chunk> {
    return this.#reader.chunks(this.#within(of), page, options);
  }

  chunkCount(of: ChunksOf, predicate?: Predicate): number {
    return this.#reader.chunkCount(this.#within(of), predicate);
  }

  chunksByOrdinal(libraryId: string, ordinals: Uint32Array): (Chunk | undefined)[] {
    return this.#reader.chunksByOrdinal(this.#library(libraryId), ordinals);
  }

  ordinalsMatching(libraryId: string, predicate: Predicate, among?: Uint32Array): Uint32Array {
    return this.#reader.ordinalsMatching(this.#library(libraryId), predicate, among);
  }

  libraryRevision(libraryId: string): number {
    return this.#reader.libraryRevision(this.#library(libraryId));
  }

  ordinals(libraryId: string): Uint32Array {
    return this.#reader.ordinals(this.#library(libraryId));
  }

  chunksAfter(libraryId: string, after: number, limit: number): ChunkPortion {
    return this.#reader.chunksAfter(this.#library(libraryId), after, limit);
  }

  emptyDocuments(libraryId: string, after: string | undefined, limit: number): readonly Document[] {
    return this.#reader.emptyDocuments(this.#library(libraryId), after, limit);
  }

  wordBlocks(libraryId: string): readonly WordBlock[] {
    return this.#reader.wordBlocks(this.#library(libraryId));
  }

  wordLists(libraryId: string, block: WordBlock, sought: readonly Sought[]): readonly WordList[] {
    return this.#reader.wordLists(this.#library(libraryId), block, sought);
  }

  wordLengths(libraryId: string, block: WordBlock): Uint32Array {
    return this.#reader.wordLengths(this.#library(libraryId), block);
  }

  ordinalsThatMayContain(libraryId: string, part: string, block: WordBlock): Uint32Array {
    return this.#reader.ordinalsThatMayContain(this.#library(libraryId), part, block);
  }

  pendingWords(libraryId: string): number {
    return this.#reader.pendingWords(this.#library(libraryId));
  }

  vector(chunkId: string): Float32Array | undefined {
    return this.chunk(chunkId) && this.#reader.vector(chunkId);
  }

  documentVectors(documentId: string): Float32Array {
    return this.#reader.documentVectors(this.#document(documentId));
  }

  vectorsAfter(
    libraryId: string,
    after: number,
    limit: number,
  ): { readonly ordinals: Uint32Array; readonly vectors: Float32Array } {
    return this.#reader.vectorsAfter(this.#library(libraryId), after, limit);
  }

  nextSet(libraryId: string): NextSet | undefined {
    return this.#reader.nextSet(this.#library(libraryId));
  }

  isLevel(libraryId: string, ordinal: number): boolean {
    return this.#reader.isLevel(this.#library(libraryId), ordinal);
  }

  #library(id: string): string {
    return this.#libraries.has(id) ? id : NOWHERE;
  }

  #document(id: string): string {
    return this.document(id) ? id : NOWHERE;
  }

  #within(of: ChunksOf): ChunksOf {
    return 'libraryId' in of
      ? { libraryId: this.#library(of.libraryId) }
      : { documentId: this.#document(of.documentId) };
  }
}
