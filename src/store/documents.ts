import type { Database, SqlValue } from './Database.ts';
import { checkRow, rowChecksum } from './rowChecksum.ts';
import { deleteWords } from './words.ts';

/** A document as it is stored. */
export interface DocumentRow {
  readonly key: number;
  readonly id: string;
  readonly libraryKey: number;
  readonly libraryId: string;
  readonly title: string;
  readonly author: string | null;
  readonly sourceUrl: string | null;
  readonly contentType: string;
  /** JSON. */
  readonly metadata: string;
  /** Of the source that it was made of, as long as its chunks are those of the source; null otherwise. */
  readonly sourceHash: string | null;
  /** 1 if it is written in parts, and more are to come. */
  readonly isIncomplete: number;
  /** 1 if content waits to be embedded. */
  readonly isPending: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Of all of these but the keys and whether it is pending. */
  readonly checksum: number;
}

/** The columns that a change can set. */
export type DocumentFields = Pick<
  DocumentRow,
  'title' | 'author' | 'sourceUrl' | 'contentType' | 'metadata' | 'sourceHash' | 'isIncomplete' | 'updatedAt'
>;

/** Every column of a {@link DocumentRow}, from tables called `d` and `l`. */
const DOCUMENT_COLUMNS = `
  d.key, d.id, d.library_key AS libraryKey, l.id AS libraryId, d.title, d.author, d.source_url AS sourceUrl,
  d.content_type AS contentType, d.metadata, d.source_hash AS sourceHash, d.incomplete AS isIncomplete,
  EXISTS (SELECT 1 FROM pending_documents p WHERE p.document_key = d.key) AS isPending, d.created_at AS createdAt, d.updated_at AS updatedAt,
  d.checksum`;

const DOCUMENT_TABLES = 'documents d CROSS JOIN libraries l ON l.key = d.library_key';

/**
 * Documents, each compared with its checksum. `tail` is the statement from its WHERE on, over `documents d` and `libraries l`.
 * @throws AlcoveError DamagedError
 */
export function readDocuments(database: Database, tail: string, ...parameters: SqlValue[]): DocumentRow[] {
  return checked(database.all(`SELECT ${DOCUMENT_COLUMNS} FROM ${DOCUMENT_TABLES} ${tail}`, ...parameters));
}

function checked(rows: DocumentRow[]): DocumentRow[] {
  for (const row of rows) checkRow(row, 'document', row.id, summed(row));
  return rows;
}

/** What a document's checksum is of. Another order, or other values, need a migration. */
function summed(document: Omit<DocumentRow, 'key' | 'libraryKey' | 'isPending' | 'checksum'>) {
  return [
    document.id,
    document.libraryId,
    document.title,
    document.author,
    document.sourceUrl,
    document.contentType,
    document.metadata,
    document.sourceHash,
    document.isIncomplete,
    document.createdAt,
    document.updatedAt,
  ];
}

/** @throws AlcoveError DamagedError */
export function findDocument(database: Database, id: string): DocumentRow | undefined {
  return readDocuments(database, 'WHERE d.id = ?', id)[0];
}

/** The documents with these ids, in any order, as of one moment. @throws AlcoveError DamagedError */
export function findDocuments(database: Database, ids: readonly string[]): DocumentRow[] {
  return checked(
    database.all(
      `SELECT ${DOCUMENT_COLUMNS} FROM json_each(?) j CROSS JOIN documents d ON d.id = j.value
       CROSS JOIN libraries l ON l.key = d.library_key`,
      JSON.stringify(ids),
    ),
  );
}

/** Documents of a library that have no chunks, in the order in which they came, after the one with this id. */
export function emptyDocuments(
  database: Database,
  libraryKey: number,
  after: string | undefined,
  limit: number,
): DocumentRow[] {
  return readDocuments(
    database,
    `WHERE d.library_key = ? AND d.key > coalesce((SELECT a.key FROM documents a WHERE a.id = ?), 0)
       AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.library_key = d.library_key AND c.document_key = d.key)
     ORDER BY d.key LIMIT ?`,
    libraryKey,
    after ?? null,
    limit,
  );
}

/** Adds a document. Returns its key. */
export function insertDocument(
  database: Database,
  document: Omit<DocumentRow, 'key' | 'isPending' | 'checksum'>,
): number {
  const row = database.get<{ key: number }>(
    `INSERT INTO documents (id, library_key, title, author, source_url, content_type, metadata, source_hash,
       incomplete, created_at, updated_at, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key`,
    document.id,
    document.libraryKey,
    document.title,
    document.author,
    document.sourceUrl,
    document.contentType,
    document.metadata,
    document.sourceHash,
    document.isIncomplete,
    document.createdAt,
    document.updatedAt,
    rowChecksum(summed(document)),
  );
  if (row === undefined) throw new Error('An inserted document has no key.');
  return row.key;
}

/** Changes a document that has been read. */
export function updateDocument(database: Database, before: DocumentRow, fields: DocumentFields): void {
  database.run(
    `UPDATE documents SET title = ?, author = ?, source_url = ?, content_type = ?, metadata = ?, source_hash = ?,
       incomplete = ?, updated_at = ?, checksum = ? WHERE key = ?`,
    fields.title,
    fields.author,
    fields.sourceUrl,
    fields.contentType,
    fields.metadata,
    fields.sourceHash,
    fields.isIncomplete,
    fields.updatedAt,
    rowChecksum(summed({ ...before, ...fields })),
    before.key,
  );
}

/** The document's chunks are no longer those of its source. */
export function forgetSource(database: Database, key: number): void {
  const [before] = readDocuments(database, 'WHERE d.key = ? AND d.source_hash IS NOT NULL', key);
  if (before !== undefined) updateDocument(database, before, { ...before, sourceHash: null });
}

/** All parts of a document are there. */
export function completeDocument(database: Database, before: DocumentRow): void {
  updateDocument(database, before, { ...before, isIncomplete: 0 });
}

/** Deletes a document with its chunks and their words, values and vectors (these by foreign keys). */
export function deleteDocument(
  database: Database,
  document: Pick<DocumentRow, 'key' | 'libraryKey'>,
  chunks: readonly { readonly ordinal: number }[],
): void {
  deleteWords(
    database,
    document.libraryKey,
    chunks.map(({ ordinal }) => ordinal),
  );
  database.run('DELETE FROM documents WHERE key = ?', document.key);
}
