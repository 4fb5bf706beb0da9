import type { MetadataField } from '../library/types.ts';
import type { Predicate } from '../store/predicate.ts';
import { attachColumn, type Column } from './Column.ts';
import { ColumnFilter, type Matching, type StoreAnswers } from './ColumnFilter.ts';
import type { ColumnSpec } from './ColumnSpec.ts';
import { columnsOf } from './FilterBuilder.ts';
import type { FilterCache } from './FilterCache.ts';
import type { SharedColumns } from './LibraryColumns.ts';
import { SlotTable } from './SlotTable.ts';

/** Columns that could not be had are asked for again after this long; until then the store answers. */
const RETRY_MS = 5_000;

/** Asks the writer for columns of one index; undefined when it has none, for now. */
export type AskForColumns = (specs: readonly ColumnSpec[]) => Promise<SharedColumns | undefined>;

/**
 * The columns beside one live index, as one of the threads that search sees them. Those that a filter needs and that are
 * not there are asked for, and nobody waits for them.
 */
export class AttachedColumns {
  readonly #ask: AskForColumns;
  readonly #cache: FilterCache;
  #slots: SlotTable | undefined;
  /** Of `#slots`. */
  #number: number | undefined;
  readonly #columns = new Map<string, Column>();
  #asking: Promise<void> | undefined;
  #retryAt = 0;

  constructor(ask: AskForColumns, cache: FilterCache) {
    this.#ask = ask;
    this.#cache = cache;
  }

  /** What a predicate lets through; undefined while columns are missing that it needs. */
  match(predicate: Predicate, fields: readonly MetadataField[], store: StoreAnswers): Matching | undefined {
    const key = JSON.stringify(predicate);
    const known = this.#cache.get(this, key);
    if (known !== undefined && !known.isClosed) return this.#evaluate(known, key, store);
    const filter = this.#filter(predicate, fields);
    return filter && this.#evaluate(filter, key, store);
  }

  /** Resolves when all that was asked for so far is there, or refused. */
  async settled(): Promise<void> {
    await this.#asking;
  }

  /** The index is not the live one any more. */
  close(): void {
    this.#cache.forget(this);
    this.#columns.clear();
    this.#slots = undefined;
    this.#retryAt = Number.POSITIVE_INFINITY;
  }

  #evaluate(filter: ColumnFilter, key: string, store: StoreAnswers): Matching | undefined {
    const matching = filter.evaluate(store);
    this.#cache.put(this, key, filter);
    return matching;
  }

  #filter(predicate: Predicate, fields: readonly MetadataField[]): ColumnFilter | undefined {
    const specs = columnsOf(predicate, fields);
    if (this.#slots?.isClosed) this.#slots = undefined;
    const missing = specs.filter(({ key }) => this.#columns.get(key)?.header.isClosed ?? true);
    if (this.#slots === undefined || missing.length > 0) {
      this.#askFor(this.#slots === undefined ? specs : missing);
      return undefined;
    }
    return new ColumnFilter(predicate, fields, this.#slots, this.#columns);
  }

  #askFor(specs: readonly ColumnSpec[]): void {
    if (this.#asking !== undefined || Date.now() < this.#retryAt) return;
    this.#asking = this.#ask(specs)
      .catch(() => undefined)
      .then((shared) => {
        this.#asking = undefined;
        if (shared !== undefined) this.#adopt(shared);
        const isWhole = specs.every(({ key }) => shared?.columns.some(({ spec }) => spec.key === key));
        if (!isWhole || shared === undefined) this.#retryAt = Math.max(this.#retryAt, Date.now() + RETRY_MS);
      });
  }

  #adopt(shared: SharedColumns): void {
    if (this.#retryAt === Number.POSITIVE_INFINITY) return;
    if (this.#number !== shared.number || this.#slots === undefined) {
      this.#columns.clear();
      this.#cache.forget(this);
      this.#slots = new SlotTable(shared.slots);
      this.#number = shared.number;
    }
    for (const column of shared.columns) this.#columns.set(column.spec.key, attachColumn(column));
  }
}
