import type { VectorIndex } from '../indexes/VectorIndex.ts';
import { bytesPerSlot, type Column, createColumn, type SharedColumn, setValue } from './Column.ts';
import type { ColumnReader, ColumnValues } from './ColumnReader.ts';
import type { ColumnSpec } from './ColumnSpec.ts';
import { type SharedSlotTable, SlotTable } from './SlotTable.ts';

/** Chunks that are read from the store at a time: some two milliseconds. */
const READ_BATCH = 1_000;
/** Address space is reserved for so many times the slots that there are, and for so many at least. */
const ROOM_FACTOR = 4;
const MIN_ROOM = 65_536;

/** What another thread needs to read the columns of a library. */
export interface SharedColumns {
  /** Those of equal numbers belong together. */
  readonly number: number;
  readonly slots: SharedSlotTable;
  readonly columns: readonly SharedColumn[];
}

let lastNumber = 0;

/**
 * The columns of one library's live index, as the thread that writes keeps them: each is filled from the store once it
 * has been asked for, and kept level with every commit from then on, by reading again what a commit has touched. Any
 * exception means that they cannot be kept level, such as a RangeError when they outgrow their room; close them then.
 */
export class LibraryColumns {
  readonly index: VectorIndex;
  readonly number = ++lastNumber;
  readonly #slots: SlotTable;
  readonly #reader: ColumnReader;
  readonly #maxSlots: number;
  /** By key; those that are still being filled are kept level too. */
  readonly #columns = new Map<string, Column>();
  readonly #filled = new Set<string>();

  /** `level` is a revision that the index is level with. */
  constructor(index: VectorIndex, reader: ColumnReader, level: number) {
    const { slots: count } = index.stats();
    this.index = index;
    this.#reader = reader;
    this.#maxSlots = Math.max(MIN_ROOM, count * ROOM_FACTOR);
    this.#slots = SlotTable.create(this.#maxSlots);
    const ordinals = index.ordinals();
    this.#slots.write(ordinals, index.slotsOf(ordinals), count);
    this.#slots.level = level;
    this.#slots.publish(count);
  }

  /** Shared memory in use. */
  get bytes(): number {
    return [...this.#columns.values()].reduce((sum, column) => sum + column.bytes, this.#slots.bytes);
  }

  /** Shared memory that will be in use, about, when these columns are filled too. */
  bytesWith(specs: readonly ColumnSpec[]): number {
    const missing = specs.filter(({ key }) => !this.#columns.has(key));
    return missing.reduce((sum, spec) => sum + bytesPerSlot(spec) * this.#slots.count, this.bytes);
  }

  get isClosed(): boolean {
    return this.#slots.isClosed;
  }

  /** The columns that are filled, of those asked for. */
  share(specs: readonly ColumnSpec[]): SharedColumns {
    const columns = specs.flatMap(({ key }) => {
      const column = this.#filled.has(key) ? this.#columns.get(key) : undefined;
      return column === undefined ? [] : [column.share()];
    });
    return { number: this.number, slots: this.#slots.share(), columns };
  }

  /** Fills the columns that are missing, in steps that the caller may pause between. No commit may be half done meanwhile. */
  *fill(specs: readonly ColumnSpec[]): Generator<void> {
    const missing = specs.filter(({ key }) => !this.#columns.has(key));
    const columns = missing.map((spec) => {
      const column = createColumn(spec, this.#maxSlots);
      column.reserve(this.#slots.count);
      this.#columns.set(spec.key, column);
      return column;
    });
    for (let after = 0; columns.length > 0; ) {
      const rows = this.#reader.after(missing, after, READ_BATCH);
      const last = rows.at(-1);
      this.#set(columns, rows);
      if (last === undefined || last.ordinal >= this.#slots.lastOrdinal) break;
      after = last.ordinal;
      yield;
    }
    for (const column of columns) {
      const { key } = column.spec;
      if (this.#columns.get(key) === column) this.#filled.add(key);
    }
  }

  /** The index holds these new ordinals by now, and every slot that it had before as it was. */
  append(ordinals: Uint32Array): void {
    const { lastOrdinal } = this.#slots;
    const added = ordinals.filter((ordinal) => ordinal > lastOrdinal);
    const { slots: count } = this.index.stats();
    const slots = this.index.slotsOf(added);
    const held = slots.length === added.length ? added : this.#held(added);
    for (const column of this.#columns.values()) column.reserve(count);
    this.#slots.write(held, slots, count);
    if (this.#columns.size > 0 && held.length > 0) {
      const columns = [...this.#columns.values()];
      const rows = this.#reader.of(specsOf(columns), held);
      this.#set(columns, rows, count);
    }
    this.#slots.publish(count);
  }

  /** These ordinals are gone from the index. */
  remove(ordinals: Uint32Array): void {
    if (ordinals.length > 0) this.#slots.bury(ordinals);
  }

  /** Values of chunks with these ordinals have changed, and of the chunks of these documents. */
  reread(ordinals: Uint32Array, documentIds: readonly string[]): void {
    const columns = [...this.#columns.values()];
    this.#reread(columns, ordinals);
    const ofDocuments = columns.filter(({ spec }) => spec.of === 'document');
    for (const documentId of documentIds) {
      if (ofDocuments.length > 0) this.#reread(ofDocuments, this.#reader.ordinalsOf(documentId));
    }
  }

  /** Every change up to this revision is in the columns. */
  reached(revision: number): void {
    this.#slots.level = revision;
  }

  /** Closes the columns of metadata, whose fields may have been declared anew. */
  closeMetadata(): void {
    for (const column of this.#columns.values()) if ('field' in column.spec.value) this.#close(column);
  }

  /** They are not kept level any more: readers see it at their next look. */
  close(): void {
    for (const column of this.#columns.values()) this.#close(column);
    this.#slots.close();
  }

  #close(column: Column): void {
    column.header.close();
    this.#columns.delete(column.spec.key);
    this.#filled.delete(column.spec.key);
  }

  #reread(columns: readonly Column[], ordinals: Uint32Array): void {
    if (columns.length === 0 || ordinals.length === 0) return;
    const rows = this.#reader.of(specsOf(columns), ordinals);
    columns.forEach((column, at) => {
      column.header.change(() => this.#setOne(column, at, rows, this.#slots.count));
    });
  }

  #set(columns: readonly Column[], rows: readonly ColumnValues[], count = this.#slots.count): void {
    for (const [at, column] of columns.entries()) this.#setOne(column, at, rows, count);
  }

  #setOne(column: Column, at: number, rows: readonly ColumnValues[], count: number): void {
    for (const { ordinal, values } of rows) {
      const slot = this.#slots.slotOf(ordinal, count);
      if (slot !== undefined) setValue(column, slot, values[at]);
    }
  }

  /** Those of ascending ordinals that the index holds. */
  #held(ordinals: Uint32Array): Uint32Array {
    return ordinals.filter((ordinal) => this.index.slotsOf(Uint32Array.of(ordinal)).length === 1);
  }
}

function specsOf(columns: readonly Column[]): ColumnSpec[] {
  return columns.map(({ spec }) => spec);
}
