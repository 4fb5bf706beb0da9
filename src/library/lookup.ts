import { AlcoveError } from '../errors.ts';
import type { Database } from '../store/Database.ts';
import { findLibrary, type LibraryRow } from '../store/libraries.ts';
import { quote } from './checks.ts';
import type { LibraryBy } from './commands.ts';
import { kindOfId } from './ids.ts';

/** The library that is meant. @throws AlcoveError LibraryNotFoundError naming what was looked for. */
export function requireLibrary(database: Database, by: LibraryBy): LibraryRow {
  return findLibrary(database, by) ?? libraryNotFound(by);
}

/** @throws AlcoveError LibraryNotFoundError, always. */
export function libraryNotFound(by: LibraryBy): never {
  const [what, got] = by.id === undefined ? ['name', by.name] : ['id', by.id];
  throw new AlcoveError(
    'LibraryNotFoundError',
    `No library has the ${what} ${quote(got)}. Expected an existing one; the query \`libraries\` lists them.`,
    { path: ['library', what], detail: { [what]: got } },
  );
}

/** What people call a library, its id or its name: whatever `find` finds by either. */
export function findByIdOrName<Found>(
  text: string,
  find: (by: LibraryBy) => Found | undefined,
): Found | undefined {
  const byId = kindOfId(text) === 'library' ? find({ id: text }) : undefined;
  return byId ?? find({ name: text });
}

/** A refusal because no document, chunk or job has the id. */
export function nodeNotFound(what: string, id: string, path: readonly string[] = ['id']): AlcoveError {
  return new AlcoveError('NodeNotFoundError', `No ${what} has the id ${quote(id)}.`, {
    path,
    detail: { id },
  });
}
