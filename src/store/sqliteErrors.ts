/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html) that decide what happens next. */
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
const PRIMARY_CODE_MASK = 0xff;

/** The primary result code of an error that SQLite raised, or undefined for any other value. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & PRIMARY_CODE_MASK;
}

/** Whether SQLite itself raised it, as against our own code. */
export function isSqliteError(error: unknown): boolean {
  return primaryCode(error) !== undefined;
}

/** The disk (or the quota) is full: the transaction is rolled back, nothing is damaged, reads go on. */
export function isDiskFull(error: unknown): boolean {
  return primaryCode(error) === SQLITE_FULL;
}

/** The file is not, or no longer, a sound database. */
export function isDamaged(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}
