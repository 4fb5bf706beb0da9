import { accessSync, constants, mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { dataFolder } from '../store/dataFolder.ts';
import { StartError } from './StartError.ts';

/** A data folder that belongs to this process. */
export interface DataFolderLock {
  release(): void;
}

/**
 * Creates the data folder if absent and takes it for this process: one server, or one restore, at a time. What is held
 * is the exclusive lock on an empty SQLite database, which the system lets go of when the process ends in any way.
 * @throws StartError if the folder cannot be made or written, or is in use.
 */
export function lockDataFolder(dataPath: string): DataFolderLock {
  try {
    mkdirSync(dataPath, { recursive: true });
    accessSync(dataPath, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartError(`cannot write to the data folder ${dataPath} (${codeOf(error)}); set ALCOVE_DATA`);
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(dataFolder.lock(dataPath), { timeout: 0 });
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (!/locked|busy/i.test((error as Error).message)) {
      throw new StartError(`cannot lock the data folder ${dataPath}: ${(error as Error).message}`);
    }
    throw new StartError(`another server is using the data folder ${dataPath}; stop it, or set ALCOVE_DATA`);
  }
  const held = database;
  return { release: () => held.close() };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
