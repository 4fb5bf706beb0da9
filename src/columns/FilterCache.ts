import type { AttachedColumns } from './AttachedColumns.ts';
import type { ColumnFilter } from './ColumnFilter.ts';

/** Answers of filters that one thread keeps: at 100,000 slots each takes 25 KB. */
const MAX_BYTES = 32 * 2 ** 20;
/** Filters that one thread keeps, whatever their size. */
const MAX_FILTERS = 4_096;
/** Longer filters, as plain text, are made anew each time. */
const MAX_KEY_LENGTH = 65_536;

interface Kept {
  readonly filter: ColumnFilter;
  readonly bytes: number;
}

/** The filters that were used last on one thread, of all of its libraries, with their answers. */
export class FilterCache {
  /** By columns and predicate; least recently used first. */
  readonly #kept = new Map<string, Kept>();
  readonly #names = new WeakMap<AttachedColumns, number>();
  #lastName = 0;
  #bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(columns: AttachedColumns, key: string): ColumnFilter | undefined {
    return this.#kept.get(this.#keyOf(columns, key))?.filter;
  }

  /** Keeps a filter as the one used last. */
  put(columns: AttachedColumns, key: string, filter: ColumnFilter): void {
    if (key.length > MAX_KEY_LENGTH) return;
    const name = this.#keyOf(columns, key);
    this.#drop(name);
    const bytes = filter.bytes + key.length * 2;
    this.#kept.set(name, { filter, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#maxBytes && this.#kept.size <= MAX_FILTERS) break;
      this.#drop(oldest);
    }
  }

  /** Drops the filters of columns that are not used any more. */
  forget(columns: AttachedColumns): void {
    const name = this.#names.get(columns);
    if (name === undefined) return;
    for (const key of [...this.#kept.keys()]) if (key.startsWith(`${name}:`)) this.#drop(key);
  }

  #keyOf(columns: AttachedColumns, key: string): string {
    const name = this.#names.get(columns) ?? ++this.#lastName;
    this.#names.set(columns, name);
    return `${name}:${key}`;
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
