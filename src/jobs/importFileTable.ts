import type { ErrorRecord } from '../errors.ts';
import type { Database, SqlValue } from '../store/Database.ts';
import type { ImportFile, ImportFileState } from './types.ts';

const COLUMNS = `job_id AS jobId, position, name, url, content_type AS contentType, content_hash AS contentHash,
  document_id AS documentId, state, error, problems, chunks, bytes`;

interface ImportFileRow extends Omit<ImportFile, 'id' | 'error' | 'problems'> {
  /** JSON. */
  readonly error: string | null;
  /** JSON. */
  readonly problems: string;
}

/** Which files of an import are meant; absent: all. */
export interface ImportFileSelection {
  readonly states?: readonly ImportFileState[];
}

export function insertImportFile(database: Database, file: Omit<ImportFile, 'id'>): void {
  database.run(
    `INSERT INTO import_files (job_id, position, name, url, content_type, content_hash, document_id, state, error,
       problems, chunks, bytes)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    file.jobId,
    file.position,
    file.name,
    file.url,
    file.contentType,
    file.contentHash,
    file.documentId,
    file.state,
    file.error === null ? null : JSON.stringify(file.error),
    JSON.stringify(file.problems),
    file.chunks,
    file.bytes,
  );
}

/** Writes what became of a file. */
export function updateImportFile(database: Database, file: ImportFile): void {
  database.run(
    `UPDATE import_files SET state = ?, error = ?, problems = ?, chunks = ?, bytes = ?
     WHERE job_id = ? AND position = ?`,
    file.state,
    file.error === null ? null : JSON.stringify(file.error),
    JSON.stringify(file.problems),
    file.chunks,
    file.bytes,
    file.jobId,
    file.position,
  );
}

export function findImportFile(database: Database, jobId: string, position: number): ImportFile | undefined {
  const row = database.get<ImportFileRow>(
    `SELECT ${COLUMNS} FROM import_files WHERE job_id = ? AND position = ?`,
    jobId,
    position,
  );
  return row && toImportFile(row);
}

/** A file's id: `fil_`, what follows `job_` in its job's id, and its position. */
function importFileId(jobId: string, position: number): string {
  return `fil_${jobId.slice('job_'.length)}.${position}`;
}

/** The file of this id, or undefined. */
export function findImportFileById(database: Database, id: string): ImportFile | undefined {
  const [, job, position] = /^fil_(.+)\.(\d{1,9})$/.exec(id) ?? [];
  return job === undefined ? undefined : findImportFile(database, `job_${job}`, Number(position));
}

/** The first files of a job, by position, that are still to be done and come after `position`. */
export function waitingImportFiles(
  database: Database,
  jobId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): ImportFile[] {
  return database
    .all<ImportFileRow>(
      `SELECT ${COLUMNS} FROM import_files WHERE job_id = ? AND position > ? AND state = 'WAITING'
       ORDER BY position LIMIT ?`,
      jobId,
      after,
      limit,
    )
    .map(toImportFile);
}

/** One page of a job's files: `clause` ends the statement, from its conditions (each with AND before it) to its limit. */
export function listImportFiles(
  database: Database,
  jobId: string,
  selection: ImportFileSelection,
  clause: {
    readonly conditions: string;
    readonly orderAndLimit: string;
    readonly parameters: readonly SqlValue[];
  },
): ImportFile[] {
  const { where, parameters } = condition(selection);
  return database
    .all<ImportFileRow>(
      `SELECT ${COLUMNS} FROM import_files WHERE job_id = ?${where}${clause.conditions}${clause.orderAndLimit}`,
      jobId,
      ...parameters,
      ...clause.parameters,
    )
    .map(toImportFile);
}

export function countImportFiles(
  database: Database,
  jobId: string,
  selection: ImportFileSelection = {},
): number {
  const { where, parameters } = condition(selection);
  const row = database.get<{ count: number }>(
    `SELECT count(*) AS count FROM import_files WHERE job_id = ?${where}`,
    jobId,
    ...parameters,
  );
  return row?.count ?? 0;
}

function condition({ states }: ImportFileSelection): { where: string; parameters: SqlValue[] } {
  if (states === undefined) return { where: '', parameters: [] };
  return {
    where: ' AND state IN (SELECT value FROM json_each(?))',
    parameters: [JSON.stringify(states)],
  };
}

function toImportFile(row: ImportFileRow): ImportFile {
  return {
    ...row,
    id: importFileId(row.jobId, row.position),
    error: row.error === null ? null : (JSON.parse(row.error) as ErrorRecord),
    problems: JSON.parse(row.problems) as ErrorRecord[],
  };
}
