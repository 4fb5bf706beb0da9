import { AlcoveError } from '../errors.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that decide what happens next. */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;
const SQLITE_NOTADB = 26;
const PRIMARY_CODE_MASK = 0xff;

/** Whether no more files can be opened at the moment, as in a process with as many connections as it may have files. */
export function isOutOfFiles(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

/**
 * What an error that SQLite raised means:
 * - FULL: the disk or a quota is full. The transaction is rolled back, nothing is damaged, reads go on.
 * - BUSY: another process holds the database. Nothing was done.
 * - DAMAGED: the file is not, or no longer, a sound database.
 * - CONSTRAINT: a statement broke a rule of the tables, which is a bug of ours. The statement did nothing.
 * - FAILED: anything else, such as an I/O error. What the disk holds is not known.
 */
type SqliteTrouble = 'FULL' | 'BUSY' | 'DAMAGED' | 'CONSTRAINT' | 'FAILED';

/** Whether SQLite did not understand a statement, or the tables are not those that it is about. */
export function isStatementError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_ERROR;
}

/** Whether the system could not read or write what SQLite asked it for. */
export function isDiskError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & PRIMARY_CODE_MASK) === SQLITE_IOERR
  );
}

/** What kind of trouble an error is, or undefined if neither it nor its cause was raised by SQLite. */
export function sqliteTrouble(raised: unknown): SqliteTrouble | undefined {
  const error = raised instanceof AlcoveError ? raised.cause : raised;
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
    return 'FULL';
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  switch (error.errcode & PRIMARY_CODE_MASK) {
    case SQLITE_FULL:
      return 'FULL';
    case SQLITE_BUSY:
      return 'BUSY';
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return 'DAMAGED';
    case SQLITE_CONSTRAINT:
      return 'CONSTRAINT';
    default:
      return 'FAILED';
  }
}
