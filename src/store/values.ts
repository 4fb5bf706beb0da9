import { readChunks } from './chunks.ts';
import type { Database } from './Database.ts';
import { readDocuments } from './documents.ts';

/** Who has a metadata value: a chunk or a document. */
type ValueOwner = 'chunk' | 'document';

/** One value of a filterable field as filters compare it; an empty list is one empty blob. */
export interface FilterValue {
  readonly fieldKey: number;
  readonly value: string | number | Uint8Array;
}

/** Files the values of one chunk or document under their fields; a value that is there already is passed over. */
export function insertValues(
  database: Database,
  owner: ValueOwner,
  ownerKey: number,
  values: readonly FilterValue[],
): void {
  const sql =
    owner === 'chunk'
      ? 'INSERT OR IGNORE INTO chunk_values (chunk_key, field_key, value) VALUES (?, ?, ?)'
      : 'INSERT OR IGNORE INTO document_values (document_key, field_key, value) VALUES (?, ?, ?)';
  for (const { fieldKey, value } of values) database.run(sql, ownerKey, fieldKey, value);
}

/** Removes all filed values of one chunk or document. */
export function deleteValues(database: Database, owner: ValueOwner, ownerKey: number): void {
  database.run(
    owner === 'chunk'
      ? 'DELETE FROM chunk_values WHERE chunk_key = ?'
      : 'DELETE FROM document_values WHERE document_key = ?',
    ownerKey,
  );
}

/** Removes all filed values of one field. */
export function deleteFieldValues(database: Database, fieldKey: number): void {
  database.run('DELETE FROM chunk_values WHERE field_key = ?', fieldKey);
  database.run('DELETE FROM document_values WHERE field_key = ?', fieldKey);
}

/** The metadata (JSON) of up to `limit` documents or chunks of a library with keys above `after`, ascending. */
export function metadataAfter(
  database: Database,
  owner: ValueOwner,
  libraryKey: number,
  after: number,
  limit: number,
): { readonly key: number; readonly metadata: string }[] {
  return owner === 'chunk'
    ? readChunks(
        database,
        'WHERE c.library_key = ? AND c.key > ? ORDER BY c.key LIMIT ?',
        libraryKey,
        after,
        limit,
      )
    : readDocuments(
        database,
        'WHERE d.library_key = ? AND d.key > ? ORDER BY d.key LIMIT ?',
        libraryKey,
        after,
        limit,
      );
}
