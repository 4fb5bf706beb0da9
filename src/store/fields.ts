import type { Database } from './Database.ts';
import type { FieldRow } from './libraries.ts';

/** Declares a field. Returns its key, under which its values are filed. */
export function insertField(database: Database, libraryKey: number, field: Omit<FieldRow, 'key'>): number {
  const row = database.get<{ key: number }>(
    `INSERT INTO metadata_fields (library_key, name, type, description, filterable) VALUES (?, ?, ?, ?, ?)
     RETURNING key`,
    libraryKey,
    field.name,
    field.type,
    field.description,
    field.filterable,
  );
  if (row === undefined) throw new Error('An inserted field has no key.');
  return row.key;
}

export function updateField(database: Database, field: FieldRow): void {
  database.run(
    'UPDATE metadata_fields SET type = ?, description = ?, filterable = ? WHERE key = ?',
    field.type,
    field.description,
    field.filterable,
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
  for (const table of ['documents', 'chunks']) {
    const where = 'WHERE library_key = ?1 AND metadata -> ?2 IS NOT NULL';
    const row = database.get<{ bytes: number }>(
      `SELECT coalesce(sum(octet_length(metadata) - octet_length(json_remove(metadata, ?2))), 0) AS bytes
       FROM ${table} ${where}`,
      libraryKey,
      path,
    );
    freedBytes += row?.bytes ?? 0;
    database.run(`UPDATE ${table} SET metadata = json_remove(metadata, ?2) ${where}`, libraryKey, path);
  }
  database.run('DELETE FROM metadata_fields WHERE key = ?', field.key);
  return freedBytes;
}

/** SQLite's path to a top-level key; field names have no characters that would need more than quotes. */
function jsonPath(name: string): string {
  return `$."${name}"`;
}
