import { checkText, invalidArgument, quote } from '../library/checks.ts';
import { MAX_TITLE_LENGTH } from '../library/limits.ts';
import { namedDocumentId } from '../library/namedDocumentId.ts';
import type { Database } from '../store/Database.ts';
import { NOT_BEGUN } from './attempts.ts';
import type { RecordImportFile, RequestImport } from './commands.ts';
import { findImportFile, insertImportFile, updateImportFile } from './importFileTable.ts';
import { putJob } from './jobTable.ts';
import type { ImportCounts, ImportFile, ImportJob } from './types.ts';

/** Files that one import takes, uploaded or fetched. */
export const MAX_IMPORT_FILES = 10_000;

/**
 * Writes a new import with its files.
 * @throws AlcoveError InvalidArgumentError for no or too many files, a name that is no text, or one that comes twice.
 */
export function insertImport(database: Database, command: RequestImport, libraryId: string): ImportJob {
  const { files, jobId, options } = command;
  checkNames(command);
  const job: ImportJob = {
    id: jobId,
    kind: 'IMPORT',
    libraryId,
    state: 'QUEUED',
    trigger: 'REQUEST',
    attempt: 1,
    progress: { ...NOT_BEGUN, total: files.length },
    error: null,
    createdAt: command.at,
    startedAt: null,
    finishedAt: null,
    options,
    counts: { files: files.length, written: 0, unchanged: 0, pending: 0, failed: 0, chunks: 0, bytes: 0 },
  };
  putJob(database, job);
  for (const [position, file] of files.entries())
    insertImportFile(database, {
      ...file,
      jobId,
      position,
      documentId: namedDocumentId(libraryId, file.name),
      state: 'WAITING',
      error: null,
      problems: [],
      chunks: 0,
    });
  return job;
}

function checkNames({ files }: RequestImport): void {
  const list = files.some(({ url }) => url !== null) ? 'urls' : 'files';
  if (files.length < 1 || files.length > MAX_IMPORT_FILES)
    throw invalidArgument(`the number of ${list}`, files.length, `1 to ${MAX_IMPORT_FILES}`, [list]);
  const names = new Set<string>();
  for (const [index, { name, url }] of files.entries()) {
    const path = [list, String(index)];
    if (url === null)
      checkText('the name of a file', name, { minLength: 1, maxLength: MAX_TITLE_LENGTH }, path);
    if (names.has(name)) {
      const expected = url === null ? 'each file under a name of its own' : 'each URL once';
      throw invalidArgument(
        url === null ? 'a name' : 'a URL',
        `${quote(name)} for a second time`,
        expected,
        path,
      );
    }
    names.add(name);
  }
}

/**
 * Records what became of one file, or how far it is, and answers its job as it is now; undefined if the file had an outcome
 * already.
 */
export function recordFile(
  database: Database,
  job: ImportJob,
  { position, outcome, document, ratePerSecond, etaSeconds }: RecordImportFile,
): ImportJob | undefined {
  const file = findImportFile(database, job.id, position);
  if (file === undefined || file.state !== 'WAITING') return undefined;
  updateImportFile(database, { ...file, ...outcome });
  const counts = {
    ...counted(job.counts, file, outcome),
    truncated: (job.counts.truncated ?? 0) + truncatedOf(document),
  };
  const done = counts.written + counts.unchanged + counts.pending + counts.failed;
  const progress = { ...job.progress, done, total: counts.files, ratePerSecond, etaSeconds };
  const after = { ...job, counts, progress };
  putJob(database, after);
  return after;
}

function truncatedOf(document: RecordImportFile['document']): number {
  if (document?.type !== 'createDocument' && document?.type !== 'continueDocument') return 0;
  return document.chunks.filter(({ truncated }) => truncated === true).length;
}

function counted(
  counts: ImportCounts,
  before: ImportFile,
  { state, chunks, bytes }: RecordImportFile['outcome'],
): ImportCounts {
  const one = (wanted: typeof state): number => (state === wanted ? 1 : 0);
  const isWritten = state === 'WRITTEN' || state === 'WAITING';
  return {
    ...counts,
    written: counts.written + one('WRITTEN'),
    unchanged: counts.unchanged + one('UNCHANGED'),
    pending: counts.pending + one('PENDING_EMBEDDING'),
    failed: counts.failed + one('FAILED'),
    chunks: counts.chunks + (isWritten ? chunks : 0) - before.chunks,
    bytes: counts.bytes + (state === 'WAITING' ? 0 : bytes),
  };
}
