import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseConfig } from '../config.ts';
import { findDerivedDamage } from '../library/findDerivedDamage.ts';
import { backupDatabase, verifyBackup } from '../store/backup.ts';
import { Database } from '../store/Database.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';
import { verifyPages } from '../store/pages/checkPages.ts';
import { PageDamageError } from '../store/pages/PagePatrol.ts';
import { CommandError } from './CommandError.ts';

/** Writes a verified copy of the database to a new file. */
export async function backup(environment: NodeJS.ProcessEnv, file: string): Promise<void> {
  const source = databaseOf(environment);
  const target = resolve(file);
  accessSync(dirname(target), constants.W_OK);
  try {
    const { revision, bytes } = await backupDatabase(source, target);
    process.stdout.write(`${target}: revision ${revision}, ${bytes} bytes, verified\n`);
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    throw new CommandError(`cannot write ${target}: ${error.message}`);
  }
}

/**
 * Reads a backup, or the data folder's database, from end to end, and makes what is derived once more to compare it. @throws CommandError, or what {@link verifyBackup} throws
 */
export async function verify(environment: NodeJS.ProcessEnv, file: string | undefined): Promise<void> {
  const path = file === undefined ? databaseOf(environment) : resolve(file);
  if (!existsSync(path)) throw new CommandError(`${path} does not exist`);
  await verifyPages(path).catch((error: unknown) => {
    throw error instanceof PageDamageError ? new CommandError(`${error.message}: it is damaged`) : error;
  });
  const { revision, bytes } = verifyBackup(path);
  verifyDerived(path);
  process.stdout.write(`${path}: revision ${revision}, ${bytes} bytes, no damage found\n`);
}

/** @throws CommandError saying what differs from the rows that it is made of */
function verifyDerived(path: string): void {
  const database = Database.open(path, 'BACKUP');
  try {
    const isPresent =
      database.get<{ user_version: number }>('PRAGMA user_version')?.user_version === SCHEMA_VERSION;
    const damage = isPresent ? database.snapshot(() => findDerivedDamage(database)) : undefined;
    if (damage !== undefined) throw new CommandError(`${path} is damaged: ${damage}`);
  } finally {
    database.close();
  }
}

function databaseOf(environment: NodeJS.ProcessEnv): string {
  const { dataPath } = parseConfig(environment);
  const path = dataFolder.database(dataPath);
  if (existsSync(path)) return path;
  throw new CommandError(`no database in ${dataPath}; name the data folder by --data or ALCOVE_DATA`);
}

/** A full disk, for one, as node:sqlite says it. */
function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}
