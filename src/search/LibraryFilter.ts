import type { StoreAnswers } from '../columns/ColumnFilter.ts';
import { Bitmap } from '../indexes/Bitmap.ts';
import { concatenate } from '../indexes/mergeResults.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Library } from '../library/types.ts';
import type { Predicate } from '../store/predicate.ts';
import type { Deadline } from './Deadline.ts';
import type { LiveIndex } from './LiveIndexes.ts';

const DOING = 'while the filter was applied';
/** Chunks of which the store is asked at once. */
const PORTION = 32_768;
/** A portion that took no longer is followed by one so many times as large. */
const QUICK_MS = 5;
const PORTION_GROWTH = 8;

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

  /**
   * What it lets through as of now; of what changes meanwhile, either.
   * @throws AlcoveError TimeoutError and CancelledError of the deadline
   */
  async match(deadline: Deadline): Promise<Matches> {
    const { id, metadataFields } = this.#library;
    const { columns, index } = this.#live;
    const revision = this.#revision ?? this.#reader.libraryRevision(id);
    this.#revision = undefined;
    const store: StoreAnswers = {
      revision,
      isLevel: revision <= this.#appliedRevision(),
      slotsMatching: (predicate, among) => index.slotsOf(this.#reader.ordinalsMatching(id, predicate, among)),
    };
    const columnsOf = () => columns?.match(this.#predicate, metadataFields, store);
    const matching = deadline.read(DOING, columnsOf);
    if (matching !== undefined) return { ...matching, source: 'COLUMNS' };
    const ordinals = await this.#ordinalsByStore(deadline);
    return { slots: slotsHolding(index, ordinals), level: revision, source: 'STORE' };
  }

  /** Asks the store portion by portion; more at once where that goes quickly, since some conditions cost the same for any part. */
  async #ordinalsByStore(deadline: Deadline): Promise<Uint32Array> {
    const { id } = this.#library;
    const held = this.#live.index.ordinals();
    const parts: Uint32Array[] = [];
    let size = PORTION;
    for (let at = 0; at === 0 || at < held.length; ) {
      const startedAt = performance.now();
      const end = at + size;
      const range = { from: at === 0 ? 0 : (held[at] ?? 0), below: held[end] ?? Number.POSITIVE_INFINITY };
      parts.push(deadline.read(DOING, () => this.#reader.ordinalsMatching(id, this.#predicate, range)));
      at = end;
      if (performance.now() - startedAt < QUICK_MS) size *= PORTION_GROWTH;
      if (at < held.length) await deadline.giveWay(DOING);
    }
    return concatenate(parts);
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
