import { readOrdinals } from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import { findLibraryKey } from '../store/libraries.ts';
import { readVectorsAfter } from '../store/vectors.ts';
import type { LibraryReader } from './LibraryReader.ts';
import { StoredLibraryReader } from './StoredLibraryReader.ts';

/** What building an index reads of a library. */
export type BuildReader = Pick<
  LibraryReader,
  'library' | 'libraryKey' | 'lastCommit' | 'ordinals' | 'vectorsAfter'
>;

/**
 * Reads a library as it will be when its next set of vectors serves: the vectors that are there of it already. Ordinals are
 * filled in ascending order, so that what is missing is always above all that there is.
 */
export class NextSetReader implements BuildReader {
  readonly #database: Database;
  readonly #reader: StoredLibraryReader;

  /** @param database a READ_ONLY connection; the reader does not close it. */
  constructor(database: Database) {
    this.#database = database;
    this.#reader = new StoredLibraryReader(database);
  }

  library(...by: Parameters<BuildReader['library']>): ReturnType<BuildReader['library']> {
    return this.#reader.library(...by);
  }

  libraryKey(libraryId: string): number | undefined {
    return this.#reader.libraryKey(libraryId);
  }

  lastCommit(): ReturnType<BuildReader['lastCommit']> {
    return this.#reader.lastCommit();
  }

  vectorsAfter(
    libraryId: string,
    after: number,
    limit: number,
  ): { readonly ordinals: Uint32Array; readonly vectors: Float32Array } {
    return readVectorsAfter(this.#database, this.#key(libraryId), after, limit, 'NEXT');
  }

  ordinals(libraryId: string): Uint32Array {
    const upTo = this.#reader.nextSet(libraryId)?.upTo ?? 0;
    return readOrdinals(this.#database, this.#key(libraryId)).filter((ordinal) => ordinal <= upTo);
  }

  #key(libraryId: string): number {
    return findLibraryKey(this.#database, libraryId) ?? 0;
  }
}
