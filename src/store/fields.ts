import { readChunks, updateChunk } from './chunks.ts';
import type { Database } from './Database.ts';
import { readDocuments, updateDocument } from './documents.ts';
import { type FieldRow, fieldChecksum } from './libraries.ts';

/** Documents or chunks that are read at a time when a field goes. */
const DELETE_BATCH = 1_000;

/** Declares a field. Returns its key, under which its values are filed. */
export function insertField(database: Database, libraryKey: number, field: Omit<FieldRow, 'key'>): number {
  const row = database.get<{ key: number }>(
    `INSERT INTO metadata_fields (library_key, name, type, description, filterable, checksum)
     VALUES (?, ?, ?, ?, ?, ?) RETURNING key`,
    libraryKey,
    field.name,
    field.type,
    field.description,
    field.filterable,
    fieldChecksum(field),
  );
  if (row === undefined) throw new Error('An inserted field has no key.');
  return row.key;
}

export function updateField(database: Database, field: FieldRow): void {
  database.run(
    'UPDATE metadata_fields SET type = ?, description = ?, filterable = ?, checksum = ? WHERE key = ?',
    field.type,
    field.description,
    field.filterable,
    fieldChecksum(field),
    field.key,
  );
}

/** Whether any document or chunk of the library has a value for the field, filterable or not. */
export function fieldHasValues(database: Database, libraryKey: number, name: string): boolean {
  const row = database.get<{ found: number }>(
    `SELECT EXISTS (SELECT 1 FROM documents WHERE library_key = ?1 AND metadata -> ?2 IS NOT NULL)
         OR EXISTS (SELECT 1 FROM chunks WHERE library_key = ?1 AND metadata -> ?2 IS NOT NULL) AS found`,
    libraryKey,
    jsonPath(name),
  );
  return row?.found === 1;
}

/**
 * Forgets a field and every value of it; its filterable values go by their foreign keys.
 * Returns the bytes of metadata that are free now.
 */
export function deleteField(
  database: Database,
  libraryKey: number,
  field: Pick<FieldRow, 'key' | 'name'>,
): number {
  const path = jsonPath(field.name);
  let freedBytes = 0;
  const without = (metadata: string): string => {
    const row = database.get<{ metadata: string }>('SELECT json_remove(?, ?) AS metadata', metadata, path);
    const reduced = row?.metadata ?? metadata;
    freedBytes += Buffer.byteLength(metadata) - Buffer.byteLength(reduced);
    return reduced;
  };
  const next = (table: 'd' | 'c'): string =>
    `WHERE ${table}.library_key = ? AND ${table}.key > ? AND ${table}.metadata -> ? IS NOT NULL
     ORDER BY ${table}.key LIMIT ${DELETE_BATCH}`;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows = readDocuments(database, next('d'), libraryKey, after, path);
    for (const row of rows) updateDocument(database, row, { ...row, metadata: without(row.metadata) });
    after = rows.at(-1)?.key;
  }
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows = readChunks(database, next('c'), libraryKey, after, path);
    for (const row of rows) updateChunk(database, { ...row, metadata: without(row.metadata) });
    after = rows.at(-1)?.key;
  }
  database.run('DELETE FROM metadata_fields WHERE key = ?', field.key);
  return freedBytes;
}

/** SQLite's path to a top-level key; field names have no characters that would need more than quotes. */
function jsonPath(name: string): string {
  return `$."${name}"`;
}
