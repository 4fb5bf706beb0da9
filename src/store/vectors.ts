import { crc32 } from 'node:zlib';
import { AlcoveError } from '../errors.ts';
import type { Database } from './Database.ts';

/** Vectors that a verification reads at a time. */
const VERIFY_BATCH = 1_000;

/** A stored vector with the number of its ordinal and the chunk it belongs to. */
interface VectorRow {
  readonly id: string;
  readonly ordinal: number;
  /** Null where there is no vector, though each chunk has one. */
  readonly checksum: number | null;
  readonly data: Uint8Array | null;
}

/** The bytes of a float32 vector as they are stored: little-endian. A view, not a copy. */
export function vectorBytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** The table of a library's vectors: of the set that serves, or of the one that is made beside it. */
type VectorTable = 'vectors' | 'vectors_odd';

/** Which set of a library is meant: the one that serves, or the one that is made, or left, beside it. */
export type VectorSetChoice = 'CURRENT' | 'NEXT';

/** The table in which a set of vectors is kept. */
export function vectorTable(setNumber: number): VectorTable {
  return setNumber % 2 === 0 ? 'vectors' : 'vectors_odd';
}

/** The table of a library's set as it is now. For one who writes, or reads twice where that matters. */
export function tableOf(
  database: Database,
  libraryKey: number,
  choice: VectorSetChoice = 'CURRENT',
): VectorTable {
  const row = database.get<{ number: number }>(
    'SELECT vector_set AS number FROM libraries WHERE key = ?',
    libraryKey,
  );
  return vectorTable((row?.number ?? 0) + (choice === 'NEXT' ? 1 : 0));
}

export function insertVector(
  database: Database,
  table: VectorTable,
  chunkKey: number,
  data: Uint8Array,
): void {
  database.run(
    `INSERT INTO ${table} (chunk_key, checksum, data) VALUES (?, ?, ?)`,
    chunkKey,
    crc32(data),
    data,
  );
}

export function updateVector(
  database: Database,
  table: VectorTable,
  chunkKey: number,
  data: Uint8Array,
): void {
  database.run(`UPDATE ${table} SET checksum = ?, data = ? WHERE chunk_key = ?`, crc32(data), data, chunkKey);
}

export function deleteVector(database: Database, table: VectorTable, chunkKey: number): void {
  database.run(`DELETE FROM ${table} WHERE chunk_key = ?`, chunkKey);
}

/** The stored bytes of a chunk's vector, unverified: to compare with, not to compute with. */
export function storedVectorBytes(
  database: Database,
  table: VectorTable,
  chunkKey: number,
): Uint8Array | undefined {
  return database.get<{ data: Uint8Array }>(`SELECT data FROM ${table} WHERE chunk_key = ?`, chunkKey)?.data;
}

/** Vectors of the set that serves, looked up in the statement that finds out which one that is. */
const SERVING_COLUMNS = `c.id, c.ordinal, coalesce(v.checksum, w.checksum) AS checksum,
  coalesce(v.data, w.data) AS data`;
const SERVING_TABLES = `CROSS JOIN libraries l ON l.key = c.library_key
  LEFT JOIN vectors v ON v.chunk_key = c.key AND l.vector_set % 2 = 0
  LEFT JOIN vectors_odd w ON w.chunk_key = c.key AND l.vector_set % 2 = 1`;

/** A chunk's vector (`dimension`), or undefined. @throws AlcoveError DamagedError */
export function readVector(database: Database, chunkId: string): Float32Array | undefined {
  const row = database.get<VectorRow>(
    `SELECT ${SERVING_COLUMNS} FROM chunks c ${SERVING_TABLES} WHERE c.id = ?`,
    chunkId,
  );
  return row === undefined ? undefined : joinVectors([row]).vectors;
}

/** The vectors of a document's chunks in order (`n × dimension`). @throws AlcoveError DamagedError */
export function readDocumentVectors(database: Database, documentId: string): Float32Array {
  const rows = database.all<VectorRow>(
    `SELECT ${SERVING_COLUMNS}
     FROM documents d CROSS JOIN chunks c ON c.library_key = d.library_key AND c.document_key = d.key
       ${SERVING_TABLES}
     WHERE d.id = ? ORDER BY c.position, c.key`,
    documentId,
  );
  return joinVectors(rows).vectors;
}

/** Up to `limit` vectors of a library with ordinals above `after`, ascending. @throws AlcoveError DamagedError */
export function readVectorsAfter(
  database: Database,
  libraryKey: number,
  after: number,
  limit: number,
  choice: VectorSetChoice = 'CURRENT',
): { readonly ordinals: Uint32Array; readonly vectors: Float32Array } {
  const rows = database.all<VectorRow>(
    `SELECT c.id, c.ordinal, v.checksum, v.data
     FROM chunks c ${choice === 'NEXT' ? 'CROSS' : 'LEFT'} JOIN ${tableOf(database, libraryKey, choice)} v ON v.chunk_key = c.key
     WHERE c.library_key = ? AND c.ordinal > ? ORDER BY c.ordinal LIMIT ?`,
    libraryKey,
    after,
    limit,
  );
  for (const [index, row] of rows.entries())
    if (index > 0 && row.ordinal <= (rows[index - 1]?.ordinal ?? 0))
      throw new AlcoveError(
        'DamagedError',
        `The list of ordinals of a library is damaged at ${row.ordinal}. Restore a backup.`,
        { detail: { id: row.id } },
      );
  return joinVectors(rows);
}

/**
 * The id of the first chunk whose vector does not match its checksum, or undefined. Reads every vector there is, also in a database of
 * before there were two sets of them.
 */
export function findDamagedVector(database: Database): string | undefined {
  const tables: readonly VectorTable[] = ['vectors', 'vectors_odd'];
  for (const table of tables) {
    const isThere = database.get('SELECT 1 FROM sqlite_schema WHERE name = ?', table) !== undefined;
    const damaged = isThere ? findDamagedIn(database, table) : undefined;
    if (damaged !== undefined) return damaged;
  }
  return undefined;
}

function findDamagedIn(database: Database, table: VectorTable): string | undefined {
  for (let after = 0; ; ) {
    const rows = database.all<VectorRow & { readonly key: number }>(
      `SELECT c.key, c.id, c.ordinal, v.checksum, v.data FROM ${table} v CROSS JOIN chunks c ON c.key = v.chunk_key
       WHERE v.chunk_key > ? ORDER BY v.chunk_key LIMIT ${VERIFY_BATCH}`,
      after,
    );
    for (const { key, id, checksum, data } of rows) {
      if (data === null || crc32(data) !== checksum) return id;
      after = key;
    }
    if (rows.length < VERIFY_BATCH) return undefined;
  }
}

/** Verifies each vector's checksum and joins them row after row. */
function joinVectors(rows: readonly VectorRow[]): { ordinals: Uint32Array; vectors: Float32Array } {
  const rowBytes = rows[0]?.data?.byteLength ?? 0;
  const ordinals = new Uint32Array(rows.length);
  const bytes = new Uint8Array(rows.length * rowBytes);
  for (const [index, row] of rows.entries()) {
    const { data } = row;
    if (data?.byteLength !== rowBytes || crc32(data) !== row.checksum) throw damaged(row, rowBytes);
    ordinals[index] = row.ordinal;
    bytes.set(data, index * rowBytes);
  }
  return { ordinals, vectors: new Float32Array(bytes.buffer) };
}

function damaged(row: VectorRow, expectedBytes: number): AlcoveError {
  const got = row.data?.byteLength ?? 0;
  return new AlcoveError(
    'DamagedError',
    `The stored vector of chunk ${row.id} is damaged: its checksum or its length (got ${got} bytes, ` +
      `expected ${expectedBytes}) is wrong. Write the chunk's vector again, or restore a backup.`,
    { detail: { id: row.id, got, expected: expectedBytes } },
  );
}
