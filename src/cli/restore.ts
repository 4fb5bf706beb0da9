import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseConfig } from '../config.ts';
import { lockDataFolder } from '../server/dataFolderLock.ts';
import { backupDatabase, verifyBackup } from '../store/backup.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { flush } from '../store/flush.ts';
import { forgetPageSums } from '../store/pages/PageSums.ts';
import { finishRemade } from '../store/remake.ts';
import { CommandError } from './CommandError.ts';

const LOG_SUFFIX = '-wal';
const LOG_INDEX_SUFFIX = '-shm';

/**
 * Puts a backup in the place of a data folder's database. It is verified before anything is touched, copied beside the
 * old one, verified again, and moved into place by one rename: whenever the process is killed, the folder holds the
 * whole old database or the whole new one. Index files belong to the old database and go; they are rebuilt.
 */
export async function restore(environment: NodeJS.ProcessEnv, file: string, replace: boolean): Promise<void> {
  const { dataPath } = parseConfig(environment);
  const backup = resolve(file);
  if (!statSync(backup, { throwIfNoEntry: false })?.isFile())
    throw new CommandError(`${backup} is not a file`);
  verifyBackup(backup);

  const lock = lockDataFolder(dataPath);
  const target = dataFolder.database(dataPath);
  const arriving = `${target}.restoring`;
  try {
    if (existsSync(target) && !replace) {
      throw new CommandError(
        `${target} exists; restore into another folder (--data), or add --replace to keep it beside the new one`,
      );
    }
    rmSync(arriving, { force: true });
    const report = await backupDatabase(backup, arriving);
    // Sums that wait for their database would be taken for those of the backup.
    finishRemade(target);
    forgetPageSums(target);
    const kept = keepBeside(target);
    rmSync(dataFolder.indexes(dataPath), { recursive: true, force: true });
    // SQLite would read the old database's log into the new one.
    for (const suffix of [LOG_SUFFIX, LOG_INDEX_SUFFIX]) rmSync(target + suffix, { force: true });
    renameSync(arriving, target);
    flush(dataPath);
    process.stdout.write(`${target}: revision ${report.revision}, ${report.bytes} bytes\n`);
    if (kept !== undefined) process.stdout.write(`the old database is kept as ${kept}\n`);
  } finally {
    rmSync(arriving, { force: true });
    lock.release();
  }
}

/** Gives a database a second name, under which it stays. Returns that, or undefined if there is none. */
function keepBeside(target: string): string | undefined {
  if (!existsSync(target)) return undefined;
  takeInLog(target);
  const kept = `${target}.before-restore-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const suffix of ['', LOG_SUFFIX]) {
    if (existsSync(target + suffix)) linkOrCopy(target + suffix, kept + suffix);
  }
  return kept;
}

/** Brings what is only in a database's write-ahead log into its file. A damaged one is kept as it is, with its log. */
function takeInLog(path: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // It is damaged, and so its log is kept beside it.
  } finally {
    database?.close();
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Some file systems have no links.
    copyFileSync(from, to);
  }
}
