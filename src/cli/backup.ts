import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseConfig } from '../config.ts';
import { derivedDamageIn } from '../library/findDerivedDamage.ts';
import { backupDatabase, verifyBackup } from '../store/backup.ts';
import { dataFolder } from '../store/dataFolder.ts';
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
  const damage = derivedDamageIn(path);
  if (damage !== undefined) throw new CommandError(`${path} is damaged: ${damage}`);
  process.stdout.write(`${path}: revision ${revision}, ${bytes} bytes, no damage found\n`);
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
