import { Database, DatabaseOpenError } from '../store/Database.ts';
import { fieldsOf, readLibraries } from '../store/libraries.ts';
import { PageDamageError } from '../store/PagePatrol.ts';
import { copyKept, isOnlyDerived, remadePath, takeRemade } from '../store/remake.ts';
import { fileValues } from './applyFields.ts';

/**
 * Opens a database to write in it, as {@link Database.open} does. Where nothing but what is made of rows is damaged, that is made anew in a new
 * file: the database was closed when it was found out, and nobody has been answered from it. `remade` is a line for the log that says so.
 * @throws DatabaseOpenError
 */
export function openDatabase(path: string): {
  readonly database: Database;
  readonly remade: string | undefined;
} {
  try {
    return { database: Database.open(path, 'READ_WRITE'), remade: undefined };
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof PageDamageError) || !isOnlyDerived(path, cause.pages)) throw error;
    const kept = remake(path, cause);
    const line =
      `${cause.message}: only indexes, filter values or words were lost, and were made anew from the rows (words are being indexed). ` +
      `The damaged file is kept as ${kept}; remove it when the disk has been looked at`;
    return { database: Database.open(path, 'READ_WRITE'), remade: line };
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
