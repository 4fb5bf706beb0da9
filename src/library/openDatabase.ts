import { verifyBackup } from '../store/backup.ts';
import { Database, DatabaseOpenError } from '../store/Database.ts';
import { fieldsOf, readLibraries } from '../store/libraries.ts';
import type { CheckOptions } from '../store/pages/checkPages.ts';
import { PageDamageError } from '../store/pages/PagePatrol.ts';
import { forgetPageSums } from '../store/pages/PageSums.ts';
import { copyKept, isOnlyDerived, remadePath, takeRemade } from '../store/remake.ts';
import { fileValues } from './applyFields.ts';
import { derivedDamageIn } from './findDerivedDamage.ts';

/**
 * Opens a database to write in it, as {@link Database.open} does. Where nothing but what is made of rows is damaged, that is made anew in a new
 * file: the database was closed when it was found out, and nobody has been answered from it. Pages that another program has written after a crash are
 * believed when all of the database is found sound. `remade` is a line for the log that says what was done.
 * @throws DatabaseOpenError
 */
export function openDatabase(
  path: string,
  options?: CheckOptions,
): {
  readonly database: Database;
  readonly remade: string | undefined;
} {
  try {
    return { database: Database.open(path, 'READ_WRITE', options), remade: undefined };
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof PageDamageError)) throw error;
    if (cause.mayBeNewer && isSound(path)) {
      forgetPageSums(path);
      const line =
        `${cause.message}, but another program has copied the log into the database that a killed process left: ` +
        'all of it was verified, and its checksums were made anew';
      return { database: Database.open(path, 'READ_WRITE'), remade: line };
    }
    if (!isOnlyDerived(path, cause.pages)) throw error;
    const kept = remake(path, cause);
    const line =
      `${cause.message}: only indexes, filter values or words were lost, and were made anew from the rows (words are being indexed). ` +
      `The damaged file is kept as ${kept}; remove it when the disk has been looked at`;
    return { database: Database.open(path, 'READ_WRITE'), remade: line };
  }
}

/** Whether no damage is found in a database by reading all of it, and making once more what is made of rows. */
function isSound(path: string): boolean {
  try {
    verifyBackup(path);
    return derivedDamageIn(path) === undefined;
  } catch {
    return false;
  }
}

/** Returns the name of what was there. */
function remake(path: string, damage: PageDamageError): string {
  try {
    copyKept(path);
    fileAllValues(path);
    return takeRemade(path);
  } catch (error) {
    throw new DatabaseOpenError(
      `${damage.message}. It could be made anew, since only indexes, filter values or words are lost, but not here (${(error as Error).message}). ` +
        'Make room in its folder for as much as it takes, or restore a backup.',
      { cause: error },
    );
  }
}

function fileAllValues(path: string): void {
  const remade = Database.open(remadePath(path), 'READ_WRITE');
  try {
    remade.run('BEGIN IMMEDIATE');
    for (const library of readLibraries(remade, 'ORDER BY l.key'))
      for (const field of fieldsOf(library))
        if (field.filterable === 1) fileValues(remade, library.key, field);
    remade.run('COMMIT');
  } finally {
    remade.close();
  }
}
