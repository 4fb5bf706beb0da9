import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseConfig } from '../config.ts';
import { backupDatabase } from '../store/backup.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { CommandError } from './CommandError.ts';

/** Writes a verified copy of the database to a new file. */
export async function backup(environment: NodeJS.ProcessEnv, file: string): Promise<void> {
  const { dataPath } = parseConfig(environment);
  const source = dataFolder.database(dataPath);
  if (!existsSync(source)) {
    throw new CommandError(`no database in ${dataPath}; name the data folder by --data or ALCOVE_DATA`);
  }
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

/** A full disk, for one, as node:sqlite says it. */
function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}
