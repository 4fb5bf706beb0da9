import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseConfig } from '../config.ts';
import { lockDataFolder } from '../server/dataFolderLock.ts';
import { verifyBackup } from '../store/backup.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { CommandError } from './CommandError.ts';

const WAL_SUFFIXES = ['', '-wal', '-shm'];

/**
 * Puts a backup in the place of a data folder's database. It is verified before anything is touched, copied beside
 * the old one, verified again and only then moved. Index files belong to the old database and go; they are rebuilt.
 */
export async function restore(environment: NodeJS.ProcessEnv, file: string, replace: boolean): Promise<void> {
  const { dataPath } = parseConfig(environment);
  const backup = resolve(file);
  if (!existsSync(backup)) throw new CommandError(`${backup} does not exist`);
  verifyBackup(backup);

  mkdirSync(dataPath, { recursive: true });
  const lock = lockDataFolder(dataPath);
  try {
    const target = dataFolder.database(dataPath);
    if (existsSync(target) && !replace) {
      throw new CommandError(
        `${target} exists; restore into another folder (--data), or add --replace to keep it beside the new one`,
      );
    }
    const arriving = `${target}.restoring`;
    copyFileSync(backup, arriving);
    const report = verifyBackup(arriving);
    const kept = setAside(target);
    rmSync(dataFolder.indexes(dataPath), { recursive: true, force: true });
    renameSync(arriving, target);
    process.stdout.write(`${target}: revision ${report.revision}, ${report.bytes} bytes\n`);
    if (kept !== undefined) process.stdout.write(`the old database is kept as ${kept}\n`);
  } finally {
    lock.release();
  }
}

/** Renames a database and its write-ahead log, which belongs to it. Returns the new name. */
function setAside(target: string): string | undefined {
  if (!existsSync(target)) return undefined;
  const kept = `${target}.before-restore-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const suffix of WAL_SUFFIXES) {
    if (existsSync(target + suffix)) renameSync(target + suffix, kept + suffix);
  }
  return kept;
}
