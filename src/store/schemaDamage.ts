import { DatabaseSync } from 'node:sqlite';
import { migrate, schemaVersion } from './migrations.ts';

/** Tables that SQLite and FTS5 make for themselves have the text of the version that made them. */
const OWN = `name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'chunk\\_words\\_%' ESCAPE '\\'
  AND name NOT LIKE 'chunk\\_trigrams\\_%' ESCAPE '\\'`;
const SCHEMA = `SELECT name, type || ' ' || tbl_name || ' ' || coalesce(sql, '') AS text FROM sqlite_schema
  WHERE ${OWN} ORDER BY name, type`;

/**
 * The first table, index or column that is not as this program makes it, in words, or undefined. A name that is damaged in the database's own list of its tables makes
 * statements fail as if they were wrong.
 */
export function schemaDamage(connection: DatabaseSync): string | undefined {
  const sound = new DatabaseSync(':memory:');
  try {
    migrate(sound, schemaVersion(connection));
    const expected = schemaOf(sound);
    const found = schemaOf(connection);
    for (const name of new Set([...expected.keys(), ...found.keys()]))
      if (expected.get(name) !== found.get(name)) return `what it says of ${name}`;
    return undefined;
  } finally {
    sound.close();
  }
}

function schemaOf(connection: DatabaseSync): Map<string, string> {
  const rows = connection.prepare(SCHEMA).all();
  return new Map(rows.map(({ name, text }) => [String(name), String(text).replace(/\s+/g, ' ')]));
}
