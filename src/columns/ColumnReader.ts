import type { Metadata } from '../library/types.ts';
import {
  type ColumnRow,
  type ColumnSource,
  columnRowsAfter,
  columnRowsOf,
  columnSource,
  documentOrdinals,
} from '../store/columnRows.ts';
import type { Database } from '../store/Database.ts';
import type { ColumnSpec } from './ColumnSpec.ts';

/** A value as columns take it: a number, the text of a dictionary's entry, or none. */
export type StoredValue = number | string | undefined;

/** One chunk's values, in the order of the columns they were read for. */
export interface ColumnValues {
  readonly ordinal: number;
  readonly values: readonly StoredValue[];
}

/** Reads the values of columns from the store, as of now. */
export class ColumnReader {
  readonly #database: Database;
  readonly #libraryKey: number;

  constructor(database: Database, libraryKey: number) {
    this.#database = database;
    this.#libraryKey = libraryKey;
  }

  /** Of up to `limit` chunks with ordinals above `after`, ascending. */
  after(specs: readonly ColumnSpec[], after: number, limit: number): ColumnValues[] {
    return valuesOf(specs, columnRowsAfter(this.#database, this.#libraryKey, sourcesOf(specs), after, limit));
  }

  /** Of the chunks with these ordinals that there are, in any order. */
  of(specs: readonly ColumnSpec[], ordinals: Uint32Array): ColumnValues[] {
    return valuesOf(specs, columnRowsOf(this.#database, this.#libraryKey, sourcesOf(specs), ordinals));
  }

  /** The ordinals of a document's chunks. */
  ordinalsOf(documentId: string): Uint32Array {
    return documentOrdinals(this.#database, this.#libraryKey, documentId);
  }
}

function sourceOf({ of, value }: ColumnSpec): ColumnSource {
  return columnSource('field' in value ? `${of} metadata` : `${of} ${value.column}`);
}

function sourcesOf(specs: readonly ColumnSpec[]): ColumnSource[] {
  return [...new Set(specs.map(sourceOf))].sort();
}

function valuesOf(specs: readonly ColumnSpec[], rows: readonly ColumnRow[]): ColumnValues[] {
  const parsed = new ParsedMetadata();
  const reads = specs.map((spec) => {
    const source = sourceOf(spec);
    const { value } = spec;
    if (!('field' in value)) return (row: ColumnRow) => row[source] ?? undefined;
    return (row: ColumnRow) => fieldValue(parsed.of(spec.of, row), value);
  });
  return rows.map((row) => ({ ordinal: row.ordinal, values: reads.map((read) => read(row)) }));
}

/** The value of a declared field, as filters compare it. */
function fieldValue(
  metadata: Metadata,
  { field, type }: { readonly field: string; readonly type: string },
): StoredValue {
  if (!Object.hasOwn(metadata, field)) return undefined;
  const value = metadata[field];
  if (typeof value === 'object') return JSON.stringify([...new Set(value)].sort());
  if (typeof value === 'boolean') return value ? '1' : '0';
  return type === 'DATE_TIME' ? Date.parse(String(value)) : value;
}

/** Metadata as objects; that of a document is parsed once for chunks that follow each other. */
class ParsedMetadata {
  readonly #last = new Map<string, { readonly json: string; readonly metadata: Metadata }>();

  of(owner: 'chunk' | 'document', row: ColumnRow): Metadata {
    const json = String(row[`${owner} metadata`]);
    const last = this.#last.get(owner);
    if (last?.json === json) return last.metadata;
    const metadata = JSON.parse(json) as Metadata;
    this.#last.set(owner, { json, metadata });
    return metadata;
  }
}
