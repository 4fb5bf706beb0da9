import { constants, copyFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { flush } from './flush.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from './migrations.ts';

/** Databases of before an upgrade that are kept beside the present one, the newest ones. */
const KEPT_BACKUPS = 2;
const BACKUP_INFIX = '.before-upgrade-';
const PARTIAL_SUFFIX = '.partial';

/** The tables could not be brought forward; the file is as it was. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError';
}

/**
 * Brings an older database forward, after copying it to `<path>.before-upgrade-<time>-from-<version>`, which stays there. The caller
 * holds the data folder, and no other connection is open. Returns what was done as a line for the log, or undefined if nothing was.
 * @throws UpgradeError if there is no room for the copy, or a step failed: the database is as it was.
 */
export function upgrade(connection: DatabaseSync, path: string): string | undefined {
  const version = schemaVersion(connection);
  if (version === 0 || version >= SCHEMA_VERSION) {
    migrate(connection);
    return undefined;
  }
  const steps = `from version ${version} to ${SCHEMA_VERSION} of the tables`;
  const kept = keepCopy(connection, path, version);
  try {
    migrate(connection);
  } catch (error) {
    rmSync(kept, { force: true });
    throw new UpgradeError(
      `${path} could not be brought ${steps} (${(error as Error).message}). It is as it was: go on with the Alcove that wrote it, ` +
        'or restore a backup into another data folder.',
      { cause: error },
    );
  }
  prune(path);
  return `the database was brought ${steps}; the one of before is kept as ${kept}`;
}

/** The whole database is in the one file after a checkpoint, and so a copy of the file is a copy of it. */
function keepCopy(connection: DatabaseSync, path: string, version: number): string {
  const time = new Date().toISOString().replaceAll(':', '-');
  const kept = `${path}${BACKUP_INFIX}${time}-from-${version}`;
  const partial = `${kept}${PARTIAL_SUFFIX}`;
  removePartial(path);
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    // Where the file system can, the copy shares its blocks with the original and takes no time.
    copyFileSync(path, partial, constants.COPYFILE_FICLONE);
    flush(partial);
    renameSync(partial, kept);
    flush(dirname(path));
    return kept;
  } catch (error) {
    rmSync(partial, { force: true });
    throw new UpgradeError(
      `${path} is of version ${version} of the tables, and no copy of it could be made before it is brought to version ` +
        `${SCHEMA_VERSION} (${(error as Error).message}). Make room in its folder for as much as it takes.`,
      { cause: error },
    );
  }
}

function copiesOf(path: string): string[] {
  const prefix = `${basename(path)}${BACKUP_INFIX}`;
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(dirname(path), name));
}

/** What a killed process has left. */
function removePartial(path: string): void {
  for (const name of copiesOf(path)) if (name.endsWith(PARTIAL_SUFFIX)) rmSync(name, { force: true });
}

/** Their names ascend by time. */
function prune(path: string): void {
  for (const name of copiesOf(path).slice(0, -KEPT_BACKUPS)) rmSync(name, { force: true });
}
