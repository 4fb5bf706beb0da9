import type { Database, SqlValue } from './Database.ts';
import { checkRow, ROW_CHECKSUM, rowChecksum } from './rowChecksum.ts';
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
  /** Of all of these. */
  readonly checksum: number;
  /** JSON: the declared fields in order of declaration, each a {@link FieldRow} with its checksum. */
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

/** The columns of what a library's checksum is of. Another order, or other columns, need a migration. */
const SUMMED = {
  key: 'key',
  id: 'id',
  name: 'name',
  description: 'description',
  provider: 'provider',
  model: 'model',
  dimension: 'dimension',
  metric: 'metric',
  normalized: 'normalized',
  documentPrefix: 'document_prefix',
  queryPrefix: 'query_prefix',
  frozen: 'frozen',
  indexSettings: 'index_settings',
  indexRecord: 'index_record',
  chunking: 'chunking',
  keywords: 'keywords',
  nextOrdinal: 'next_ordinal',
  vectorSet: 'vector_set',
  setGeneration: 'set_generation',
  nextSet: 'next_set',
  documentCount: 'document_count',
  chunkCount: 'chunk_count',
  bytes: 'bytes',
  revision: 'revision',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const satisfies { [Name in Exclude<keyof LibraryRow, 'checksum' | 'fields'>]: string };

/** Every column of a {@link LibraryRow}, from a table called `l`; the fields come in the same statement and snapshot. */
const LIBRARY_COLUMNS = `
  ${Object.entries(SUMMED)
    .map(([name, column]) => `l.${column} AS ${name}`)
    .join(', ')}, l.checksum,
  (SELECT json_group_array(json_object('key', f.key, 'name', f.name, 'type', f.type,
     'description', f.description, 'filterable', f.filterable, 'checksum', f.checksum) ORDER BY f.key)
   FROM metadata_fields f WHERE f.library_key = l.key) AS fields`;

/**
 * Libraries, each compared with its checksum. `tail` is the statement from its WHERE on, over `libraries l`.
 * @throws AlcoveError DamagedError
 */
export function readLibraries(database: Database, tail: string, ...parameters: SqlValue[]): LibraryRow[] {
  const rows = database.all<LibraryRow>(`SELECT ${LIBRARY_COLUMNS} FROM libraries l ${tail}`, ...parameters);
  for (const row of rows) checkRow(row, 'library', row.id, summed(row));
  return rows;
}

const SUMMED_NAMES = Object.keys(SUMMED) as (keyof typeof SUMMED)[];

function summed(row: LibraryRow) {
  return SUMMED_NAMES.map((name) => row[name]);
}

const SEAL = `UPDATE libraries SET checksum = ${ROW_CHECKSUM}(${Object.values(SUMMED).join(', ')}) WHERE key = ?`;

/** Brings a library's checksum up to date with what a statement has written. */
export function sealLibrary(database: Database, key: number): void {
  database.run(SEAL, key);
}

/** CRC-32 of a declared field. */
export function fieldChecksum(field: Omit<FieldRow, 'key'>): number {
  return rowChecksum(summedOf(field));
}

function summedOf({ name, type, description, filterable }: Omit<FieldRow, 'key'>) {
  return [name, type, description, filterable];
}

/** The declared fields of a library, in order of declaration. @throws AlcoveError DamagedError */
export function fieldsOf(library: LibraryRow): FieldRow[] {
  const fields = JSON.parse(library.fields) as (FieldRow & { readonly checksum: number })[];
  for (const field of fields) checkRow(field, 'metadata field', field.name, summedOf(field));
  return fields;
}

/** A library by its id or its name, byte for byte. */
export function findLibrary(
  database: Database,
  by: { readonly id?: string | undefined; readonly name?: string | undefined },
): LibraryRow | undefined {
  const [column, value] = by.id === undefined ? ['name', by.name] : ['id', by.id];
  // An ill-formed text would be stored, and so compared, as something else.
  if (value === undefined || !value.isWellFormed()) return undefined;
  return readLibraries(database, `WHERE l.${column} = ?`, value)[0];
}

/** A library by its internal key. */
export function findLibraryByKey(database: Database, key: number): LibraryRow | undefined {
  return readLibraries(database, 'WHERE l.key = ?', key)[0];
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
  const row = database.get<{ key: number }>(
    `INSERT INTO libraries (name, description, provider, model, dimension, metric, normalized, document_prefix,
       query_prefix, index_settings, index_record, chunking, keywords, id, revision, created_at, updated_at, frozen,
       next_ordinal, document_count, chunk_count, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1, 0, 0, 0)
     RETURNING key`,
    ...settingValues(library),
    library.id,
    library.revision,
    library.at,
    library.at,
  );
  if (row === undefined) throw new Error('An inserted library has no key.');
  sealLibrary(database, row.key);
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
  sealLibrary(database, key);
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
  sealLibrary(database, key);
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
  sealLibrary(database, key);
}

/** Notes what is being done beside the set of vectors that serves; null: nothing. */
export function writeNextSet(database: Database, key: number, nextSet: string | null): void {
  database.run('UPDATE libraries SET next_set = ? WHERE key = ?', nextSet, key);
  sealLibrary(database, key);
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
  sealLibrary(database, key);
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
