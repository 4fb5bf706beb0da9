import type { Database, SqlValue } from './Database.ts';
import { requestSweep } from './words.ts';

/** A library as it is stored; booleans are 0 and 1. */
export interface LibraryRow {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly provider: string;
  readonly model: string;
  readonly dimension: number | null;
  readonly metric: string;
  readonly normalized: number;
  readonly documentPrefix: string | null;
  readonly queryPrefix: string | null;
  readonly frozen: number;
  /** JSON. */
  readonly indexSettings: string;
  /** JSON. */
  readonly indexRecord: string;
  /** JSON. */
  readonly chunking: string;
  /** JSON. */
  readonly keywords: string;
  readonly nextOrdinal: number;
  /** The number of the set of vectors that serves. */
  readonly vectorSet: number;
  /** The generation of the first index of that set. */
  readonly setGeneration: number;
  /** JSON: what is being done beside that set; null: nothing. */
  readonly nextSet: string | null;
  readonly documentCount: number;
  readonly chunkCount: number;
  readonly bytes: number;
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** JSON: the declared fields in order of declaration, each a {@link FieldRow}. */
  readonly fields: string;
}

/** A declared metadata field as it is stored. */
export interface FieldRow {
  readonly key: number;
  readonly name: string;
  readonly type: string;
  readonly description: string | null;
  readonly filterable: number;
}

/** The columns that a change of a library's own settings can set. */
export type LibrarySettings = Pick<
  LibraryRow,
  | 'name'
  | 'description'
  | 'provider'
  | 'model'
  | 'dimension'
  | 'metric'
  | 'normalized'
  | 'documentPrefix'
  | 'queryPrefix'
  | 'indexSettings'
  | 'indexRecord'
  | 'chunking'
  | 'keywords'
>;

/** What a command adds to (or, negative, takes from) a library's counts. */
interface CountChange {
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
}

/** Every column of a {@link LibraryRow}, from a table called `l`; the fields come in the same statement and snapshot. */
export const LIBRARY_COLUMNS = `
  l.key, l.id, l.name, l.description, l.provider, l.model, l.dimension, l.metric, l.normalized,
  l.document_prefix AS documentPrefix, l.query_prefix AS queryPrefix, l.frozen,
  l.index_settings AS indexSettings, l.index_record AS indexRecord, l.chunking, l.keywords, l.next_ordinal AS nextOrdinal,
  l.vector_set AS vectorSet, l.set_generation AS setGeneration, l.next_set AS nextSet,
  l.document_count AS documentCount, l.chunk_count AS chunkCount, l.bytes, l.revision,
  l.created_at AS createdAt, l.updated_at AS updatedAt,
  (SELECT json_group_array(json_object('key', f.key, 'name', f.name, 'type', f.type,
     'description', f.description, 'filterable', f.filterable) ORDER BY f.key)
   FROM metadata_fields f WHERE f.library_key = l.key) AS fields`;

const LIBRARY_BY = {
  id: `SELECT ${LIBRARY_COLUMNS} FROM libraries l WHERE l.id = ?`,
  name: `SELECT ${LIBRARY_COLUMNS} FROM libraries l WHERE l.name = ?`,
} as const;

/** A library by its id or its name, byte for byte. */
export function findLibrary(
  database: Database,
  by: { readonly id?: string | undefined; readonly name?: string | undefined },
): LibraryRow | undefined {
  const [column, value] = by.id === undefined ? (['name', by.name] as const) : (['id', by.id] as const);
  // An ill-formed text would be stored, and so compared, as something else.
  if (value === undefined || !value.isWellFormed()) return undefined;
  return database.get<LibraryRow>(LIBRARY_BY[column], value);
}

/** A library by its internal key. */
export function findLibraryByKey(database: Database, key: number): LibraryRow | undefined {
  return database.get<LibraryRow>(`SELECT ${LIBRARY_COLUMNS} FROM libraries l WHERE l.key = ?`, key);
}

/** The internal key of a library, or undefined. */
export function findLibraryKey(database: Database, id: string): number | undefined {
  return database.get<{ key: number }>('SELECT key FROM libraries WHERE id = ?', id)?.key;
}

/** The last revision that changed a library or anything in it; 0 if there is none of this id. */
export function findLibraryRevision(database: Database, id: string): number {
  return database.get<{ revision: number }>('SELECT revision FROM libraries WHERE id = ?', id)?.revision ?? 0;
}

/** Adds an empty library whose contract is open. Its ordinals begin at 1. */
export function insertLibrary(
  database: Database,
  library: LibrarySettings & { readonly id: string; readonly at: number; readonly revision: number },
): void {
  database.run(
    `INSERT INTO libraries (name, description, provider, model, dimension, metric, normalized, document_prefix,
       query_prefix, index_settings, index_record, chunking, keywords, id, revision, created_at, updated_at, frozen,
       next_ordinal, document_count, chunk_count, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 0, 0, 0)`,
    ...settingValues(library),
    library.id,
    library.revision,
    library.at,
    library.at,
  );
}

export function updateLibrarySettings(
  database: Database,
  key: number,
  settings: LibrarySettings & { readonly revision: number; readonly updatedAt: number },
): void {
  database.run(
    `UPDATE libraries SET name = ?, description = ?, provider = ?, model = ?, dimension = ?, metric = ?,
       normalized = ?, document_prefix = ?, query_prefix = ?, index_settings = ?, index_record = ?, chunking = ?,
       keywords = ?, revision = ?, updated_at = ? WHERE key = ?`,
    ...settingValues(settings),
    settings.revision,
    settings.updatedAt,
    key,
  );
}

/** Notes that something in the library changed at `revision`. */
export function changeCounts(database: Database, key: number, change: CountChange, revision: number): void {
  database.run(
    `UPDATE libraries SET document_count = document_count + ?, chunk_count = chunk_count + ?, bytes = bytes + ?,
       revision = ? WHERE key = ?`,
    change.documents,
    change.chunks,
    change.bytes,
    revision,
    key,
  );
}

/** Takes ordinals up to `nextOrdinal` and fixes the contract with its dimension: a vector has gone in. */
export function freezeContract(
  database: Database,
  key: number,
  contract: { readonly dimension: number; readonly nextOrdinal: number },
): void {
  database.run(
    'UPDATE libraries SET frozen = 1, dimension = ?, next_ordinal = ? WHERE key = ?',
    contract.dimension,
    contract.nextOrdinal,
    key,
  );
}

/** Notes what is being done beside the set of vectors that serves; null: nothing. */
export function writeNextSet(database: Database, key: number, nextSet: string | null): void {
  database.run('UPDATE libraries SET next_set = ? WHERE key = ?', nextSet, key);
}

/** The next set of vectors serves from now on, by an index of this generation. `bytes` is what the library grows by. */
export function switchVectorSet(
  database: Database,
  key: number,
  change: { readonly generation: number; readonly isFrozen: boolean; readonly bytes: number },
): void {
  database.run(
    `UPDATE libraries SET vector_set = vector_set + 1, set_generation = ?, frozen = ?, bytes = bytes + ?
     WHERE key = ?`,
    change.generation,
    change.isFrozen ? 1 : 0,
    change.bytes,
    key,
  );
}

/** The ids of libraries whose next set is in this state. */
export function librariesWithNextSet(database: Database, state: string): string[] {
  return database
    .all<{ id: string }>(
      "SELECT id FROM libraries WHERE next_set IS NOT NULL AND next_set ->> 'state' = ? ORDER BY key",
      state,
    )
    .map(({ id }) => id);
}

/**
 * Deletes a library with its fields, documents, chunks, values and vectors (by foreign keys), and its jobs. Its words,
 * which nobody finds any more, are left to background work.
 */
export function deleteLibrary(database: Database, library: Pick<LibraryRow, 'key' | 'id'>): void {
  requestSweep(database, library.key);
  database.run('DELETE FROM jobs WHERE library_id = ?', library.id);
  database.run('DELETE FROM libraries WHERE key = ?', library.key);
}

function settingValues(settings: LibrarySettings): SqlValue[] {
  return [
    settings.name,
    settings.description,
    settings.provider,
    settings.model,
    settings.dimension,
    settings.metric,
    settings.normalized,
    settings.documentPrefix,
    settings.queryPrefix,
    settings.indexSettings,
    settings.indexRecord,
    settings.chunking,
    settings.keywords,
  ];
}
