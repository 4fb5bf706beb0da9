import { type ChunkRow, chunksAfter, readChunks, updateChunk } from './chunks.ts';
import type { Database } from './Database.ts';
import type { LibraryRow } from './libraries.ts';
import { insertVector, vectorTable } from './vectors.ts';

/** Chunks that are read at a time when a set is adopted. */
const ADOPT_BATCH = 1_000;

type Library = Pick<LibraryRow, 'key' | 'vectorSet'>;

/** A text that is to be embedded, under the ordinal of its chunk. */
export type NextText = Pick<ChunkRow, 'id' | 'ordinal' | 'text'>;

/** Up to `limit` texts of a library with ordinals above `after`, ascending. @throws AlcoveError DamagedError */
export function nextTexts(database: Database, libraryKey: number, after: number, limit: number): NextText[] {
  return chunksAfter(database, libraryKey, { after, limit });
}

/** How many chunks of a library have ordinals up to this one. */
export function countUpTo(database: Database, libraryKey: number, ordinal: number): number {
  const row = database.get<{ count: number }>(
    'SELECT count(*) AS count FROM chunks WHERE library_key = ? AND ordinal <= ?',
    libraryKey,
    ordinal,
  );
  return row?.count ?? 0;
}

/** Whether a library has a chunk with an ordinal above this one. */
export function hasOrdinalAbove(database: Database, libraryKey: number, ordinal: number): boolean {
  const row = database.get(
    'SELECT 1 FROM chunks WHERE library_key = ? AND ordinal > ? LIMIT 1',
    libraryKey,
    ordinal,
  );
  return row !== undefined;
}

/** The key of the chunk with this ordinal; undefined if it has been replaced or deleted. */
export function chunkKeyOf(database: Database, libraryKey: number, ordinal: number): number | undefined {
  return database.get<{ key: number }>(
    'SELECT key FROM chunks WHERE library_key = ? AND ordinal = ?',
    libraryKey,
    ordinal,
  )?.key;
}

/** Adds the next set's vector of a chunk that has none in it. */
export function insertNextVector(
  database: Database,
  library: Library,
  chunk: { readonly key: number; readonly ordinal: number; readonly isTruncated: boolean },
  data: Uint8Array,
): void {
  insertVector(database, vectorTable(library.vectorSet + 1), chunk.key, data);
  if (!chunk.isTruncated) return;
  database.run(
    'INSERT OR IGNORE INTO next_truncated (library_key, ordinal) VALUES (?, ?)',
    library.key,
    chunk.ordinal,
  );
}

/** Chunks are truncated as the next set's model has it. */
export function adoptTruncated(database: Database, libraryKey: number): void {
  const next = '(SELECT n.ordinal FROM next_truncated n WHERE n.library_key = ?1)';
  const changes: readonly [truncated: 0 | 1, condition: string][] = [
    [0, `c.truncated = 1 AND c.ordinal NOT IN ${next}`],
    [1, `c.truncated = 0 AND c.ordinal IN ${next}`],
  ];
  for (const [truncated, condition] of changes) {
    for (let changed = ADOPT_BATCH; changed === ADOPT_BATCH; ) {
      const rows = readChunks(
        database,
        `WHERE c.library_key = ?1 AND ${condition} LIMIT ${ADOPT_BATCH}`,
        libraryKey,
      );
      for (const row of rows) updateChunk(database, { ...row, truncated });
      changed = rows.length;
    }
  }
  forgetTruncated(database, libraryKey);
}

/** Forgets which texts of the next set were truncated. */
export function forgetTruncated(database: Database, libraryKey: number): void {
  database.run('DELETE FROM next_truncated WHERE library_key = ?', libraryKey);
}

/**
 * Deletes what the table beside the serving set holds of up to `limit` chunks with ordinals above `after`. Answers the
 * last of these ordinals; undefined if there are none.
 */
export function clearNextVectors(
  database: Database,
  library: Library,
  after: number,
  limit: number,
): number | undefined {
  const rows = database.all<{ key: number; ordinal: number }>(
    'SELECT key, ordinal FROM chunks WHERE library_key = ? AND ordinal > ? ORDER BY ordinal LIMIT ?',
    library.key,
    after,
    limit,
  );
  const table = vectorTable(library.vectorSet + 1);
  for (const { key } of rows) database.run(`DELETE FROM ${table} WHERE chunk_key = ?`, key);
  return rows.at(-1)?.ordinal;
}
