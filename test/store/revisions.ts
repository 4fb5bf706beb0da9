import { Database } from '../../src/store/Database.ts';
import { readRevision, writeRevision } from '../../src/store/meta.ts';

/** Writes revisions up to one, in a transaction each, and leaves the database open. */
export function writeRevisions(path: string, upTo: number): Database {
  const database = Database.open(path, 'READ_WRITE');
  for (let revision = readRevision(database) + 1; revision <= upTo; revision++)
    writeRevision(database, revision);
  return database;
}

/** Opens the database, and says at which revision; a refusal is thrown. */
export function openedAt(path: string): { readonly revision: number; readonly notices: readonly string[] } {
  const database = Database.open(path, 'READ_WRITE');
  try {
    return { revision: readRevision(database), notices: database.notices };
  } finally {
    database.close();
  }
}

/** Compares all pages with their sums. */
export function lookThrough(database: Database): void {
  for (let isDone = false; !isDone; ) isDone = database.patrolPages();
}
