import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { AlcoveError } from '../errors.ts';

/**
 * Rows that are served carry a checksum of all that is stored of them, as vectors do: SQLite has none, so a bit that is wrong within a
 * text would be read as that text. It is written with the row, and compared wherever the row is read.
 */

/** SQLite's name of {@link rowChecksum}, for statements that write many rows. */
export const ROW_CHECKSUM = 'row_checksum';
/** What ends a value, and what stands for none. */
const END = '\u0000';
const NONE = '\u0001';

type StoredValue = string | number | null;

/** CRC-32 of a row's values, in an order that never changes. */
export function rowChecksum(values: readonly StoredValue[]): number {
  let joined = '';
  for (const value of values) joined += (value ?? NONE) + END;
  return crc32(joined);
}

/** Makes {@link ROW_CHECKSUM} known to a connection. */
export function registerRowChecksum(connection: DatabaseSync): void {
  const options = { deterministic: true, directOnly: true, varargs: true };
  connection.function(ROW_CHECKSUM, options, (...values) => rowChecksum(values as StoredValue[]));
}

/** @throws AlcoveError DamagedError naming the row, if its checksum is not that of its values. */
export function checkRow(
  row: { readonly checksum: number },
  what: string,
  id: string | number,
  values: readonly StoredValue[],
): void {
  if (rowChecksum(values) !== row.checksum) throw damagedRow(what, id);
}

/** A row that others refer to. @throws AlcoveError DamagedError if it is not found, which it must be as of the moment of the others. */
export function present<Row>(row: Row | undefined, what: string, id: string | number | undefined): Row {
  if (row !== undefined) return row;
  throw new AlcoveError(
    'DamagedError',
    `The ${what} ${id} is not found, though others refer to it: the database is damaged. Restore a backup.`,
    { detail: { id: id ?? null } },
  );
}

function damagedRow(what: string, id: string | number): AlcoveError {
  return new AlcoveError(
    'DamagedError',
    `What is stored of the ${what} ${id} is damaged: its checksum is wrong. Restore a backup, or delete it and write it again.`,
    { detail: { id } },
  );
}
