import type { Database, SqlValue } from './Database.ts';
import { checkRow, rowChecksum } from './rowChecksum.ts';

/** What a document will say once it is embedded, as it is stored. */
export interface PendingRow {
  readonly documentKey: number;
  readonly documentId: string;
  readonly libraryId: string;
  /** The revision that stored the content: another content has another. */
  readonly version: number;
  /** JSON. */
  readonly content: string;
  /** JSON: why it was not embedded when it was last tried. */
  readonly error: string;
  readonly createdAt: number;
  /** Of all of these. */
  readonly checksum: number;
}

const COLUMNS = `p.document_key AS documentKey, d.id AS documentId, l.id AS libraryId, p.version, p.content, p.error,
  p.created_at AS createdAt, p.checksum`;
const TABLES = `pending_documents p CROSS JOIN documents d ON d.key = p.document_key
  CROSS JOIN libraries l ON l.key = d.library_key`;

/** Rows of {@link COLUMNS}, each compared with its checksum. @throws AlcoveError DamagedError */
function readPending(database: Database, tail: string, ...parameters: SqlValue[]): PendingRow[] {
  const rows = database.all<PendingRow>(`SELECT ${COLUMNS} FROM ${TABLES} ${tail}`, ...parameters);
  for (const row of rows) checkRow(row, 'waiting content of document', row.documentId, summed(row));
  return rows;
}

/** What the checksum is of. Another order, or other values, need a migration. */
function summed(pending: Omit<PendingRow, 'checksum'>) {
  return [
    pending.documentKey,
    pending.documentId,
    pending.libraryId,
    pending.version,
    pending.content,
    pending.error,
    pending.createdAt,
  ];
}

/** Keeps what a document is to say; what was kept of it before gives way. */
export function putPending(
  database: Database,
  pending: Omit<PendingRow, 'checksum'> & { readonly libraryKey: number },
): void {
  database.run(
    `INSERT OR REPLACE INTO pending_documents (document_key, library_key, version, content, error, created_at, checksum)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    pending.documentKey,
    pending.libraryKey,
    pending.version,
    pending.content,
    pending.error,
    pending.createdAt,
    rowChecksum(summed(pending)),
  );
}

export function findPending(database: Database, documentKey: number): PendingRow | undefined {
  return readPending(database, 'WHERE p.document_key = ?', documentKey)[0];
}

/** By the document's id. */
export function findPendingOf(database: Database, documentId: string): PendingRow | undefined {
  const document = database.get<{ key: number }>('SELECT key FROM documents WHERE id = ?', documentId);
  return document && findPending(database, document.key);
}

/** The documents that wait, by key: up to `limit` of those after one. */
export function pendingAfter(database: Database, documentKey: number, limit: number): PendingRow[] {
  return readPending(
    database,
    'WHERE p.document_key > ? ORDER BY p.document_key LIMIT ?',
    documentKey,
    limit,
  );
}

/** How many documents of a library wait. */
export function countPending(database: Database, libraryId: string): number {
  const row = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM pending_documents
     WHERE library_key = (SELECT key FROM libraries WHERE id = ?)`,
    libraryId,
  );
  return row?.count ?? 0;
}

export function updatePending(
  database: Database,
  before: PendingRow,
  fields: Pick<PendingRow, 'content' | 'error'>,
): void {
  database.run(
    'UPDATE pending_documents SET content = ?, error = ?, checksum = ? WHERE document_key = ?',
    fields.content,
    fields.error,
    rowChecksum(summed({ ...before, ...fields })),
    before.documentKey,
  );
}

/** Whether there was anything to forget. */
export function deletePending(database: Database, documentKey: number): boolean {
  return database.run('DELETE FROM pending_documents WHERE document_key = ?', documentKey) > 0;
}
