import type { Database, SqlValue } from './Database.ts';
import type { SqlCondition } from './predicateSql.ts';
import { checkRow, rowChecksum } from './rowChecksum.ts';
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
  /** Of all of these but the keys. */
  readonly checksum: number;
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

/** Every column of a {@link ChunkRow}, from tables called `c`, `d` and `l`. */
const CHUNK_COLUMNS = `
  c.key, c.id, c.library_key AS libraryKey, l.id AS libraryId, c.document_key AS documentKey, d.id AS documentId,
  c.position, c.ordinal, c.text, c.page, c.headings, c.metadata, c.truncated, c.created_at AS createdAt,
  c.updated_at AS updatedAt, c.checksum`;

/** The tables of {@link CHUNK_COLUMNS}; the cross joins keep chunks the outermost loop, whatever the planner guesses. */
const CHUNK_TABLES = `chunks c CROSS JOIN documents d ON d.key = c.document_key
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
  checksum: number,
];

const CHUNKS_BY_ORDINAL = `
  SELECT c.ordinal, c.id, d.id, c.position, c.text, c.page, c.headings, c.metadata, c.truncated, c.created_at, c.updated_at,
    c.checksum
  FROM libraries l CROSS JOIN chunks c ON c.library_key = l.key CROSS JOIN documents d ON d.key = c.document_key
  WHERE l.id = ? AND c.ordinal IN (SELECT j.value FROM json_each(?) j)`;

/** The chunks of a library whose vectors have these ordinals, in any order, as of one moment. @throws AlcoveError DamagedError */
export function findChunksByOrdinal(
  database: Database,
  libraryId: string,
  ordinals: Uint32Array,
): ChunkList[] {
  const lists = database.lists<ChunkList>(CHUNKS_BY_ORDINAL, libraryId, `[${ordinals.join(',')}]`);
  for (const list of lists) checkListed(libraryId, list);
  return lists;
}

function checkListed(libraryId: string, list: ChunkList): void {
  const [ordinal, id, documentId, position, text, page, headings, metadata, ...rest] = list;
  const [truncated, createdAt, updatedAt, checksum] = rest;
  const place = { id, libraryId, documentId, position, ordinal };
  checkRow(
    { checksum },
    'chunk',
    id,
    summed({ ...place, text, page, headings, metadata, truncated, createdAt, updatedAt }),
  );
}

const EXTENT_COLUMNS = `c.key, c.id, c.document_key AS documentKey, c.ordinal,
  octet_length(c.text) + octet_length(c.metadata) + coalesce(octet_length(v.data), 0) AS bytes`;
const extentTables = (database: Database, libraryKey: number): string =>
  `chunks c LEFT JOIN ${tableOf(database, libraryKey)} v ON v.chunk_key = c.key`;

/**
 * Chunks, each compared with its checksum. `tail` is the statement from its WHERE on, over `chunks c`, `documents d` and `libraries l`.
 * @throws AlcoveError DamagedError
 */
export function readChunks(database: Database, tail: string, ...parameters: SqlValue[]): ChunkRow[] {
  const rows = database.all<ChunkRow>(`SELECT ${CHUNK_COLUMNS} FROM ${CHUNK_TABLES} ${tail}`, ...parameters);
  for (const row of rows) checkRow(row, 'chunk', row.id, summed(row));
  return rows;
}

/** @throws AlcoveError DamagedError */
export function findChunk(database: Database, id: string): ChunkRow | undefined {
  return readChunks(database, 'WHERE c.id = ?', id)[0];
}

/** Up to `limit` chunks of a library with ordinals in (after, upTo], ascending. @throws AlcoveError DamagedError */
export function chunksAfter(
  database: Database,
  libraryKey: number,
  range: { readonly after: number; readonly upTo?: number; readonly limit: number },
): ChunkRow[] {
  return readChunks(
    database,
    'WHERE c.library_key = ? AND c.ordinal > ? AND c.ordinal <= ? ORDER BY c.ordinal LIMIT ?',
    libraryKey,
    range.after,
    range.upTo ?? END_OF_ORDINALS,
    range.limit,
  );
}

/** What a chunk's checksum is of. Another order, or other values, need a migration. */
function summed(chunk: Omit<ChunkRow, 'key' | 'libraryKey' | 'documentKey' | 'checksum'>) {
  return [
    chunk.id,
    chunk.libraryId,
    chunk.documentId,
    chunk.position,
    chunk.ordinal,
    chunk.text,
    chunk.page,
    chunk.headings,
    chunk.metadata,
    chunk.truncated,
    chunk.createdAt,
    chunk.updatedAt,
  ];
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
export function insertChunk(database: Database, chunk: Omit<ChunkRow, 'key' | 'checksum'>): number {
  const row = database.get<{ key: number }>(
    `INSERT INTO chunks (id, library_key, document_key, position, ordinal, text, page, headings, metadata, truncated,
       created_at, updated_at, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key`,
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
    rowChecksum(summed(chunk)),
  );
  if (row === undefined) throw new Error('An inserted chunk has no key.');
  return row.key;
}

/** Writes what a chunk is from now on; its id, its library and its time of creation stay. */
export function updateChunk(database: Database, chunk: ChunkRow): void {
  database.run(
    `UPDATE chunks SET document_key = ?, position = ?, ordinal = ?, text = ?, page = ?, headings = ?, metadata = ?,
       truncated = ?, updated_at = ?, checksum = ? WHERE key = ?`,
    chunk.documentKey,
    chunk.position,
    chunk.ordinal,
    chunk.text,
    chunk.page,
    chunk.headings,
    chunk.metadata,
    chunk.truncated,
    chunk.updatedAt,
    rowChecksum(summed(chunk)),
    chunk.key,
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
