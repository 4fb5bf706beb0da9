import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
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
  const report = await backupDatabase(source, resolve(file));
  process.stdout.write(`${report.path}: revision ${report.revision}, ${report.bytes} bytes, verified\n`);
}
