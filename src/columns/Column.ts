import type { StoredValue } from './ColumnReader.ts';
import type { ColumnSpec } from './ColumnSpec.ts';
import { DictionaryColumn, type SharedDictionaryColumn } from './DictionaryColumn.ts';
import { NumberColumn, type SharedNumberColumn } from './NumberColumn.ts';

export type Column = NumberColumn | DictionaryColumn;

/** What another thread needs to read a column; structured-clonable, and no copy of the values. */
export type SharedColumn = SharedNumberColumn | SharedDictionaryColumn;

export function createColumn(spec: ColumnSpec, maxSlots: number): Column {
  return spec.kind === 'NUMBER'
    ? NumberColumn.create(spec, maxSlots)
    : DictionaryColumn.create(spec, maxSlots);
}

/** Bytes of a column for each slot, about: with postings and a dictionary, most of whose texts many share. */
export function bytesPerSlot({ kind }: ColumnSpec): number {
  return kind === 'NUMBER' ? Float64Array.BYTES_PER_ELEMENT : 24;
}

export function attachColumn(shared: SharedColumn): Column {
  return 'values' in shared ? new NumberColumn(shared) : new DictionaryColumn(shared);
}

/** Gives a slot its value, or takes it away. Writer only. @throws RangeError when a dictionary is full. */
export function setValue(column: Column, slot: number, value: StoredValue): void {
  if (column instanceof NumberColumn) column.set(slot, typeof value === 'number' ? value : undefined);
  else column.set(slot, value === undefined ? undefined : String(value));
}
