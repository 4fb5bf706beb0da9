import type { Bitmap } from '../indexes/Bitmap.ts';
import type { MetadataField } from '../library/types.ts';
import type { Predicate } from '../store/predicate.ts';
import type { Column } from './Column.ts';
import { FilterBuilder } from './FilterBuilder.ts';
import type { FilterNode } from './FilterNode.ts';
import type { SlotTable } from './SlotTable.ts';

/** Readings that fell into a change are repeated so many times; then the store is asked. */
const MAX_ATTEMPTS = 4;

/** The store, for what only it can answer. */
export interface StoreAnswers {
  /** The revision of the library that every answer knows, at the least. */
  readonly revision: number;
  /** Whether the index holds everything of that revision, so that answers may be kept for it. */
  readonly isLevel: boolean;
  /** The slots of the chunks that a predicate matches; of those with these ordinals alone, if they are given. */
  slotsMatching(predicate: Predicate, among?: Uint32Array): Uint32Array;
}

/** What a filter lets through. */
export interface Matching {
  readonly slots: Bitmap;
  /** A revision of the library: if it has none above it by the time of a later look, then this is right as of that look. */
  readonly level: number;
  /** Whether it was known already. */
  readonly isCached: boolean;
}

/**
 * A predicate over the columns of a library, with its last answer. An answer stays right while the columns it rests on
 * have their versions; slots that were added since are asked alone, and what has died is taken out.
 */
export class ColumnFilter {
  readonly #slots: SlotTable;
  readonly #columns: readonly Column[];
  readonly #root: FilterNode;
  readonly #asksStore: boolean;
  #store: StoreAnswers | undefined;
  /** What the root answers for the slots below `#covered`, dead or alive. */
  #words = new Uint32Array(0);
  #covered = 0;
  #versions: readonly number[] = [];
  /** The revision that the store's answers are of; undefined if they are not to be kept. */
  #storeRevision: number | undefined;
  #answer: { readonly slots: Bitmap; readonly liveVersion: number } | undefined;

  /** `columns` has all that `columnsOf` asks for, by key. */
  constructor(
    predicate: Predicate,
    fields: readonly MetadataField[],
    slots: SlotTable,
    columns: ReadonlyMap<string, Column>,
  ) {
    const builder = new FilterBuilder(fields, columns, (part, candidates) => {
      if (this.#store === undefined) throw new Error('A filter asks the store while it is evaluated only.');
      return this.#store.slotsMatching(part, candidates && slots.ordinalsOf(candidates));
    });
    this.#slots = slots;
    this.#root = builder.build(predicate);
    this.#columns = [...builder.used];
    this.#asksStore = builder.asksStore;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#words.byteLength + (this.#answer?.slots.words.byteLength ?? 0);
  }

  /** Whether a column it rests on is not kept level any more: then make another. */
  get isClosed(): boolean {
    return this.#slots.isClosed || this.#columns.some(({ header }) => header.isClosed);
  }

  /** What it lets through by now; undefined while the columns are being changed all the time. */
  evaluate(store: StoreAnswers): Matching | undefined {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { level, count, liveVersion } = this.#slots;
      const versions = this.#columns.map(({ header }) => header.version);
      if (versions.some((version) => version % 2 === 1)) continue;
      const right = this.#stillRight(versions, count, store);
      if (right < count && !this.#cover(right, count, versions, store)) continue;
      const isCached = right === count && this.#answer?.liveVersion === liveVersion;
      if (!isCached || this.#answer === undefined) {
        this.#answer = { slots: this.#slots.among(this.#words, count), liveVersion };
      }
      return {
        slots: this.#answer.slots,
        level: this.#asksStore ? Math.min(level, store.revision) : level,
        isCached,
      };
    }
    return undefined;
  }

  /** The slots below this one need not be asked again. */
  #stillRight(versions: readonly number[], count: number, store: StoreAnswers): number {
    if (versions.some((version, at) => version !== this.#versions[at])) return 0;
    if (!this.#asksStore) return this.#covered;
    return store.revision === this.#storeRevision && this.#covered === count ? count : 0;
  }

  /** Asks about the slots from `from` to `count`. False if the columns were changed meanwhile. */
  #cover(from: number, count: number, versions: readonly number[], store: StoreAnswers): boolean {
    const words = new Uint32Array(Math.ceil(count / 32));
    words.set(this.#words.subarray(0, words.length));
    const fromWord = from >>> 5;
    this.#covered = 0;
    this.#versions = [];
    this.#words = words;
    this.#store = store;
    try {
      this.#root.fill(words.subarray(fromWord), fromWord);
    } finally {
      this.#store = undefined;
    }
    if (this.#columns.some(({ header }, at) => header.version !== versions[at])) return false;
    this.#covered = count;
    this.#versions = versions;
    this.#storeRevision = store.isLevel ? store.revision : undefined;
    return true;
  }
}
