import type { Database } from './Database.ts';
import type { SqlCondition } from './predicateSql.ts';
import { tableOf } from './vectors.ts';
import { deleteWords } from './words.ts';

/** A chunk as it is stored, its vector apart. */
export interface ChunkRow {
  readonly key: number;
  readonly id: string;
  readonly libraryKey: number;
  readonly libraryId: string;
  readonly documentKey: number;
  readonly documentId: string;
  readonly position: number;
  readonly ordinal: number;
  readonly text: string;
  readonly page: number | null;
  /** JSON: a list of texts. */
  readonly headings: string;
  /** JSON. */
  readonly metadata: string;
  /** 0 or 1. */
  readonly truncated: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What deleting a chunk needs to know of it. */
export interface ChunkExtent {
  readonly key: number;
  readonly id: string;
  readonly documentKey: number;
  readonly ordinal: number;
  /** Bytes of text, metadata and vector. */
  readonly bytes: number;
}

/** The columns that a change can set. */
export type ChunkFields = Pick<
  ChunkRow,
  | 'documentKey'
  | 'position'
  | 'ordinal'
  | 'text'
  | 'page'
  | 'headings'
  | 'metadata'
  | 'truncated'
  | 'updatedAt'
>;

/** Every column of a {@link ChunkRow}, from tables called `c`, `d` and `l`. */
export const CHUNK_COLUMNS = `
  c.key, c.id, c.library_key AS libraryKey, l.id AS libraryId, c.document_key AS documentKey, d.id AS documentId,
  c.position, c.ordinal, c.text, c.page, c.headings, c.metadata, c.truncated, c.created_at AS createdAt,
  c.updated_at AS updatedAt`;

/** The tables of {@link CHUNK_COLUMNS}; the cross joins keep chunks the outermost loop, whatever the planner guesses. */
export const CHUNK_TABLES = `chunks c CROSS JOIN documents d ON d.key = c.document_key
  CROSS JOIN libraries l ON l.key = c.library_key`;

/** What is asked of a chunk that a search has found: a {@link ChunkRow} without keys, as a list. */
export type ChunkList = readonly [
  ordinal: number,
  id: string,
  documentId: string,
  position: number,
  text: string,
  page: number | null,
  headings: string,
  metadata: string,
  truncated: number,
  createdAt: number,
  updatedAt: number,
];

const CHUNKS_BY_ORDINAL = `
  SELECT c.ordinal, c.id, d.id, c.position, c.text, c.page, c.headings, c.metadata, c.truncated, c.created_at, c.updated_at
  FROM libraries l CROSS JOIN chunks c ON c.library_key = l.key CROSS JOIN documents d ON d.key = c.document_key
  WHERE l.id = ? AND c.ordinal IN (SELECT j.value FROM json_each(?) j)`;

/** The chunks of a library whose vectors have these ordinals, in any order, as of one moment. */
export function findChunksByOrdinal(
  database: Database,
  libraryId: string,
  ordinals: Uint32Array,
): ChunkList[] {
  return database.lists<ChunkList>(CHUNKS_BY_ORDINAL, libraryId, `[${ordinals.join(',')}]`);
}

const EXTENT_COLUMNS = `c.key, c.id, c.document_key AS documentKey, c.ordinal,
  octet_length(c.text) + octet_length(c.metadata) + octet_length(v.data) AS bytes`;
const extentTables = (database: Database, libraryKey: number): string =>
  `chunks c CROSS JOIN ${tableOf(database, libraryKey)} v ON v.chunk_key = c.key`;

export function findChunk(database: Database, id: string): ChunkRow | undefined {
  return database.get<ChunkRow>(`SELECT ${CHUNK_COLUMNS} FROM ${CHUNK_TABLES} WHERE c.id = ?`, id);
}

/** The greatest position in a document, or −1. */
export function lastPosition(database: Database, libraryKey: number, documentKey: number): number {
  const row = database.get<{ last: number | null }>(
    'SELECT max(position) AS last FROM chunks WHERE library_key = ? AND document_key = ?',
    libraryKey,
    documentKey,
  );
  return row?.last ?? -1;
}

/** Adds a chunk. Returns its key, under which its vector and values belong. */
export function insertChunk(
  database: Database,
  chunk: Omit<ChunkRow, 'key' | 'libraryId' | 'documentId'>,
): number {
  const row = database.get<{ key: number }>(
    `INSERT INTO chunks (id, library_key, document_key, position, ordinal, text, page, headings, metadata, truncated,
       created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key`,
    chunk.id,
    chunk.libraryKey,
    chunk.documentKey,
    chunk.position,
    chunk.ordinal,
    chunk.text,
    chunk.page,
    chunk.headings,
    chunk.metadata,
    chunk.truncated,
    chunk.createdAt,
    chunk.updatedAt,
  );
  if (row === undefined) throw new Error('An inserted chunk has no key.');
  return row.key;
}

export function updateChunk(database: Database, key: number, fields: ChunkFields): void {
  database.run(
    `UPDATE chunks SET document_key = ?, position = ?, ordinal = ?, text = ?, page = ?, headings = ?, metadata = ?,
       truncated = ?, updated_at = ? WHERE key = ?`,
    fields.documentKey,
    fields.position,
    fields.ordinal,
    fields.text,
    fields.page,
    fields.headings,
    fields.metadata,
    fields.truncated,
    fields.updatedAt,
    key,
  );
}

/** Deletes chunks of a library with their words, and with their values and vectors (by foreign keys). */
export function deleteChunks(
  database: Database,
  libraryKey: number,
  chunks: readonly Pick<ChunkExtent, 'key' | 'ordinal'>[],
): void {
  deleteWords(
    database,
    libraryKey,
    chunks.map(({ ordinal }) => ordinal),
  );
  for (const { key } of chunks) database.run('DELETE FROM chunks WHERE key = ?', key);
}

/** The extent of one chunk of a library, or undefined. */
export function chunkExtent(database: Database, libraryKey: number, id: string): ChunkExtent | undefined {
  return database.get<ChunkExtent>(
    `SELECT ${EXTENT_COLUMNS} FROM ${extentTables(database, libraryKey)} WHERE c.id = ? AND c.library_key = ?`,
    id,
    libraryKey,
  );
}

/** The extents of a document's chunks, in order of position. */
export function documentExtents(database: Database, libraryKey: number, documentKey: number): ChunkExtent[] {
  return database.all<ChunkExtent>(
    `SELECT ${EXTENT_COLUMNS} FROM ${extentTables(database, libraryKey)} WHERE c.library_key = ? AND c.document_key = ?
     ORDER BY c.position, c.key`,
    libraryKey,
    documentKey,
  );
}

/** The extents of the chunks of a library for which a condition on `c` holds. */
export function matchingExtents(
  database: Database,
  libraryKey: number,
  condition: SqlCondition,
): ChunkExtent[] {
  return database.all<ChunkExtent>(
    `SELECT ${EXTENT_COLUMNS} FROM ${extentTables(database, libraryKey)} WHERE c.library_key = ? AND ${condition.sql}`,
    libraryKey,
    ...condition.parameters,
  );
}

/** Ordinals from one up to another, which is not among them. */
export interface OrdinalRange {
  readonly from: number;
  readonly below: number;
}

/** Above all ordinals. */
const END_OF_ORDINALS = 2 ** 32;

/**
 * Ascending ordinals of a library's chunks, or of those for which a condition on `c` holds; of those with the ordinals
 * `among` alone, if they are given.
 */
export function readOrdinals(
  database: Database,
  libraryKey: number,
  condition?: SqlCondition,
  among?: Uint32Array | OrdinalRange,
): Uint32Array {
  const those = amongSql(among);
  // One JSON text crosses the border faster than as many rows.
  const row = database.get<{ ordinals: string }>(
    `SELECT json_group_array(c.ordinal) AS ordinals FROM chunks c
     WHERE c.library_key = ?${those.sql}
       ${condition === undefined ? '' : `AND ${condition.sql}`}`,
    libraryKey,
    ...those.parameters,
    ...(condition?.parameters ?? []),
  );
  return Uint32Array.from(JSON.parse(row?.ordinals ?? '[]') as number[]).sort();
}

function amongSql(among: Uint32Array | OrdinalRange | undefined): SqlCondition {
  if (among === undefined) return { sql: '', parameters: [] };
  if (among instanceof Uint32Array)
    return {
      sql: ' AND c.ordinal IN (SELECT j.value FROM json_each(?) j)',
      parameters: [`[${among.join(',')}]`],
    };
  return {
    sql: ' AND c.ordinal >= ? AND c.ordinal < ?',
    parameters: [among.from, Math.min(among.below, END_OF_ORDINALS)],
  };
}
