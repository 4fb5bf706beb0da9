import type { Database } from './Database.ts';

/** The revision of the last applied command; 0 for a new database. */
export function readRevision(database: Database): number {
  return readMeta<number>(database, 'revision');
}

export function writeRevision(database: Database, revision: number): void {
  database.run("UPDATE meta SET value = ? WHERE name = 'revision'", revision);
}

/** 32 random bytes, drawn when the database was created: the key that signs cursors. */
export function readSecret(database: Database): Uint8Array {
  return readMeta<Uint8Array>(database, 'secret');
}

/** A UUID, drawn when the database was created; a restored backup keeps it. */
export function readDatabaseId(database: Database): string {
  return readMeta<string>(database, 'databaseId');
}

function readMeta<Value>(database: Database, name: string): Value {
  const row = database.get<{ value: Value }>('SELECT value FROM meta WHERE name = ?', name);
  if (row === undefined) throw new Error(`The database has no ${name}.`);
  return row.value;
}
