import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { flush } from './flush.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from './migrations.ts';
import { PAGE_BYTES } from './pages/PageFile.ts';
import { pageSumsPath } from './pages/PageSums.ts';
import { WrittenPages } from './pages/WrittenPages.ts';

/**
 * Makes a new database of one of which pages are damaged that hold nothing but what can be made of others: indexes, the values that filters compare, the
 * words of texts, free pages. It is never mended in its place: a tree whose pages point anywhere would take others along when it is cleared.
 */

const SUFFIX = '.remade';
const DAMAGED_INFIX = '.damaged-';
/** Tables that are made of others, and those in which FTS5 keeps words. */
const DERIVED = [
  'chunk_values',
  'document_values',
  'chunk_lengths',
  'word_blocks',
  'word_tasks',
  'chunk_words',
  'chunk_trigrams',
];

/** The name under which a database is made that is to take the place of another. */
export function remadePath(path: string): string {
  return path + SUFFIX;
}

/** Whether every page of what cannot be made of others is none of these; false, too, where that cannot be told. */
export function isOnlyDerived(path: string, damaged: readonly number[]): boolean {
  let old: DatabaseSync | undefined;
  try {
    old = new DatabaseSync(path, { readOnly: true });
    if (schemaVersion(old) !== SCHEMA_VERSION) return false;
    const pagesOf = old.prepare('SELECT pageno FROM dbstat WHERE name = ?');
    const found = new Set(damaged);
    return ['sqlite_schema', 'sqlite_sequence', ...keptTables(old)].every((table) =>
      pagesOf.all(table).every(({ pageno }) => !found.has(Number(pageno))),
    );
  } catch {
    return false;
  } finally {
    old?.close();
  }
}

/**
 * Copies what cannot be made of others to a new database at {@link remadePath}, in which everything else is empty, and words wait to be indexed. Before that the log
 * of the old one is copied into it.
 */
export function copyKept(path: string): void {
  const target = remadePath(path);
  discardRemade(path);
  WrittenPages.takeInLog(path);
  const remade = new DatabaseSync(target);
  try {
    remade.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA foreign_keys = OFF`);
    migrate(remade);
    const old = pathToFileURL(path);
    old.search = '?mode=ro';
    remade.prepare('ATTACH ? AS old').run(old.href);
    remade.exec('BEGIN');
    for (const table of keptTables(remade)) {
      const columns = remade.prepare(`SELECT name FROM pragma_table_info(?)`).all(table);
      const names = columns.map(({ name }) => `"${name}"`).join(', ');
      remade.exec(`DELETE FROM main.${table};
        INSERT INTO main.${table} (${names}) SELECT ${names} FROM old.${table} NOT INDEXED`);
    }
    remade.exec(`DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM old.sqlite_sequence;
      INSERT INTO main.word_tasks (library_key, kind, after, up_to)
        SELECT key, 'FILL', 0, next_ordinal - 1 FROM main.libraries WHERE chunk_count > 0;
      COMMIT; DETACH old`);
  } finally {
    remade.close();
  }
}

/**
 * Puts the database at {@link remadePath}, which is closed, in the place of the old one. Returns the name under which that is kept. Killed at any moment, it leaves the
 * old one with its sums, or the new one, whose sums {@link finishRemade} takes up. @throws if some of the new one is in its log alone
 */
export function takeRemade(path: string): string {
  const kept = `${path}${DAMAGED_INFIX}${new Date().toISOString().replaceAll(':', '-')}`;
  // SQLite closes without an error what it could not copy from the log, as on a full disk.
  if ((statSync(`${remadePath(path)}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new Error(`the log of ${remadePath(path)} could not be copied into it`);
  flush(remadePath(path));
  flush(pageSumsPath(remadePath(path)));
  linkOrCopy(path, kept);
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  flush(dirname(path));
  renameSync(remadePath(path), path);
  finishRemade(path);
  return kept;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // Some file systems have no links.
    copyFileSync(from, to);
  }
}

/** Takes up the sums of a database that has taken the place of another, and removes one that was left before it could. */
export function finishRemade(path: string): void {
  if (existsSync(remadePath(path))) discardRemade(path);
  const sums = pageSumsPath(remadePath(path));
  if (!existsSync(sums)) return;
  flush(dirname(path));
  renameSync(sums, pageSumsPath(path));
  flush(dirname(path));
}

/** Its sums go first: without it they would be taken up. */
function discardRemade(path: string): void {
  const target = remadePath(path);
  for (const name of [pageSumsPath(target), `${target}-wal`, `${target}-shm`, `${target}-journal`, target])
    rmSync(name, { force: true });
}

/** Tables whose rows are nowhere else. */
function keptTables(connection: DatabaseSync): string[] {
  const rows = connection
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rootpage`,
    )
    .all();
  return rows
    .map(({ name }) => String(name))
    .filter((name) => !DERIVED.some((derived) => name === derived || name.startsWith(`${derived}_`)));
}
