import type { StoreAnswers } from '../columns/ColumnFilter.ts';
import { Bitmap } from '../indexes/Bitmap.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Library } from '../library/types.ts';
import type { Predicate } from '../store/predicate.ts';
import type { LiveIndex } from './LiveIndexes.ts';

/** What a filter lets through, and who said so. */
export interface Matches {
  readonly slots: Bitmap;
  /** A revision of the library: if it has none above it at a later look, then this is right as of that look. */
  readonly level: number;
  /** COLUMNS: from columns, or known already; STORE: the columns are not there yet. */
  readonly source: 'COLUMNS' | 'STORE';
}

/** The filter of one search: from columns where they are there, else from the store. */
export class LibraryFilter {
  readonly #predicate: Predicate;
  readonly #library: Library;
  readonly #live: LiveIndex;
  readonly #reader: LibraryReader;
  readonly #appliedRevision: () => number;
  /** What is known of the library's revision already. */
  #revision: number | undefined;

  constructor(
    predicate: Predicate,
    library: Library,
    live: LiveIndex,
    reader: LibraryReader,
    appliedRevision: () => number,
  ) {
    this.#predicate = predicate;
    this.#library = library;
    this.#revision = library.revision;
    this.#live = live;
    this.#reader = reader;
    this.#appliedRevision = appliedRevision;
  }

  /** What it lets through as of now. */
  match(): Matches {
    const { id, metadataFields } = this.#library;
    const { columns, index } = this.#live;
    const revision = this.#revision ?? this.#reader.libraryRevision(id);
    this.#revision = undefined;
    const store: StoreAnswers = {
      revision,
      isLevel: revision <= this.#appliedRevision(),
      slotsMatching: (predicate, among) => index.slotsOf(this.#reader.ordinalsMatching(id, predicate, among)),
    };
    const matching = columns?.match(this.#predicate, metadataFields, store);
    if (matching !== undefined) return { ...matching, source: 'COLUMNS' };
    const ordinals = this.#reader.ordinalsMatching(id, this.#predicate);
    return { slots: slotsHolding(index, ordinals), level: revision, source: 'STORE' };
  }

  /**
   * Those of the ordinals whose chunks still match. They have been looked up in the store after {@link match}, whose
   * `level` says whether anything can be different: nearly always that is all there is to look at.
   */
  stillMatching(ordinals: Uint32Array, level: number): ReadonlySet<number> {
    const { id } = this.#library;
    if (this.#reader.libraryRevision(id) <= level) return new Set(ordinals);
    return new Set(this.#reader.ordinalsMatching(id, this.#predicate, ordinals));
  }
}

/** The slots of an index that hold these ascending ordinals. */
export function slotsHolding(index: VectorIndex, ordinals: Uint32Array): Bitmap {
  const slots = index.slotsOf(ordinals);
  return Bitmap.of((slots.at(-1) ?? -1) + 1, slots);
}
