import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { Database } from './Database.ts';
import { findDamage } from './findDamage.ts';
import { flush } from './flush.ts';
import { readDatabaseId, readRevision } from './meta.ts';

/** A copy is taken in one read, so that writes meanwhile neither enter it nor make it start again. */
const ALL_PAGES = 2 ** 31 - 1;

interface BackupReport {
  readonly path: string;
  /** The revision that the copy holds: every command up to it and none after. */
  readonly revision: number;
  readonly databaseId: string;
  readonly bytes: number;
}

/** A backup that cannot be made or used; the message says why. */
class BackupError extends Error {
  override readonly name = 'BackupError';
}

/**
 * Copies the database to a new file while it is in use; the copying runs on a thread of its own. The file appears
 * under its name only when it is complete, verified and on disk.
 * @throws BackupError if the target exists or the copy does not verify.
 */
export async function backupDatabase(sourcePath: string, targetPath: string): Promise<BackupReport> {
  if (existsSync(targetPath)) {
    throw new BackupError(`${targetPath} exists already; choose a new name for the backup.`);
  }
  const partialPath = `${targetPath}.partial`;
  rmSync(partialPath, { force: true });
  const source = new DatabaseSync(sourcePath, { readOnly: true });
  try {
    await backup(source, partialPath, { rate: ALL_PAGES });
    makeSelfContained(partialPath);
    const report = verifyBackup(partialPath);
    flush(partialPath);
    renameSync(partialPath, targetPath);
    flush(dirname(targetPath));
    return { ...report, path: targetPath };
  } finally {
    source.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${partialPath}${suffix}`, { force: true });
  }
}

/**
 * Reads a backup, which may be of an older version of the tables, from end to end without changing it, and says what it holds.
 * @throws BackupError if it is damaged, DatabaseOpenError if it is not a database of this program.
 */
export function verifyBackup(path: string): BackupReport {
  const database = Database.open(path, 'BACKUP');
  try {
    const damage = findDamage(database);
    if (damage !== undefined) throw new BackupError(`${path} is damaged: ${damage}. Use another backup.`);
    return {
      path,
      revision: readRevision(database),
      databaseId: readDatabaseId(database),
      bytes: statSync(path).size,
    };
  } finally {
    database.close();
  }
}

/** Leaves write-ahead logging, so that the copy is one file and can be read where nothing can be written. */
function makeSelfContained(path: string): void {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('PRAGMA journal_mode = DELETE');
  } finally {
    copy.close();
  }
}
