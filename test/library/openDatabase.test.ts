import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tendWords } from '../../src/library/applyWords.ts';
import { findDerivedDamage } from '../../src/library/findDerivedDamage.ts';
import { openDatabase } from '../../src/library/openDatabase.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { Database } from '../../src/store/Database.ts';
import { findDamage } from '../../src/store/findDamage.ts';
import { pageSumsPath } from '../../src/store/pages/PageSums.ts';
import { copyKept, remadePath, takeRemade } from '../../src/store/remake.ts';
import { chunk, createDocument, createLibrary, rows, TestStore, writeChunks } from './TestStore.ts';

const PAGE_BYTES = 8_192;
const CHUNKS = 300;

let store: TestStore;
let path: string;
beforeEach(async () => {
  store = new TestStore();
  const metadataFields = [{ name: 'year', type: 'NUMBER', description: null, filterable: true }] as const;
  const keywords = { language: 'ENGLISH', substrings: true } as const;
  await store.submit(createLibrary('lib_gone'));
  await store.submit({ type: 'deleteLibrary', library: { id: 'lib_gone' }, at: 1 });
  await store.submit(createLibrary('lib_a', { metadataFields, keywords }));
  await store.submit(createDocument('lib_a', 'doc_a', { metadata: { year: 1999 } }));
  const items = Array.from({ length: CHUNKS }, (_, at) => ({
    ...chunk(`chk_${at}`, at, {
      text: `Press button number ${at} and wait.`.padEnd(400, ' and wait'),
      metadata: { year: at },
    }),
    documentId: 'doc_a',
  }));
  await store.submit(writeChunks('lib_a', items, rows(...items.map((_, at) => [at, 1]))));
  // A folder of its own, closed as a server leaves it.
  path = join(store.folder, 'served', 'alcove.db');
  const folder = join(store.folder, 'served');
  await store.log.close();
  store.readDatabase.close();
  store.database.close();
  mkdirSync(folder);
  for (const suffix of ['', '-sums']) copyFileSync(store.path + suffix, path + suffix);
});
afterEach(() => rmSync(store.folder, { recursive: true }));

function pagesOf(name: string): number[] {
  const raw = new DatabaseSync(store.path, { readOnly: true });
  const pages = raw.prepare('SELECT pageno FROM dbstat WHERE name = ?').all(name);
  raw.close();
  return pages.map(({ pageno }) => Number(pageno));
}

function spoil(page: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, (page - 1) * PAGE_BYTES + 8, (page - 1) * PAGE_BYTES + 200);
  writeFileSync(path, bytes);
}

/** What can be read of the library, and found by words and filters. */
function contentOf(database: Database) {
  while (tendWords(database, 0).outcome.written);
  expect(findDamage(database) ?? findDerivedDamage(database)).toBeUndefined();
  const reader = new StoredLibraryReader(database);
  const chunks = reader.chunks({ libraryId: 'lib_a' }, { first: 1_000 });
  return {
    revision: reader.revision(),
    library: reader.library({ id: 'lib_a' }),
    chunks: chunks.edges.map(({ node }) => node),
    vectors: reader.vectorsAfter('lib_a', 0, 1_000),
    sequences: database.all('SELECT * FROM sqlite_sequence ORDER BY name'),
    meta: database.all('SELECT * FROM meta ORDER BY name'),
    sessions: database.all('SELECT * FROM sessions ORDER BY number'),
  };
}

function opened() {
  const { database, remade } = openDatabase(path);
  try {
    return { remade, content: contentOf(database) };
  } finally {
    database.close();
  }
}

/** Without those that come and go with connections. */
const files = (): string[] =>
  readdirSync(join(store.folder, 'served'))
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort();

describe('a database in which a page is damaged', () => {
  it.each([
    'chunks_by_ordinal',
    'chunks_in_order',
    'sqlite_autoindex_chunks_1',
    'chunk_values',
    'chunk_values_by_value',
    'chunk_words_data',
    'chunk_trigrams_data',
    'chunk_lengths',
    'word_blocks',
  ])('of %s is made anew, says so, and holds what it held', (name) => {
    const before = opened();
    expect(before.remade).toBeUndefined();
    const pages = pagesOf(name);
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) spoil(page);

    const { remade, content } = opened();
    expect(remade).toMatch(/were made anew from the rows.*kept as .*alcove\.db\.damaged-/);
    expect(content).toEqual(before.content);
    expect(opened().remade).toBeUndefined();
    expect(files()).toEqual(['alcove.db', 'alcove.db-sums', expect.stringMatching(/^alcove.db.damaged-/)]);
  });

  it.each(['chunks', 'documents', 'libraries', 'vectors', 'meta', 'sqlite_schema', 'idempotency', 'jobs'])(
    'of %s, which nothing else tells, is refused and left as it is',
    (name) => {
      spoil(pagesOf(name).at(-1) ?? 0);
      const before = readFileSync(path);
      expect(opened).toThrow(/is not what was written there\. Restore a backup/);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(files()).toEqual(['alcove.db', 'alcove.db-sums']);
    },
  );

  it('and of which the log has more than the file, is made anew with that', () => {
    const { database } = openDatabase(path);
    database.run("UPDATE documents SET title = title WHERE id = 'doc_a'");
    database.run("UPDATE meta SET value = 77 WHERE name = 'revision'");
    const killed = join(store.folder, 'killed.db');
    for (const suffix of ['', '-wal', '-sums']) copyFileSync(path + suffix, killed + suffix);
    database.close();
    path = killed;
    spoil(pagesOf('chunks_by_ordinal')[0] ?? 0);
    expect(opened().content.revision).toBe(77);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});

describe('making a database anew', () => {
  it('takes nothing whose log could not be copied, as on a full disk, and leaves the old one', () => {
    const { content } = opened();
    copyKept(path);
    const remade = Database.open(remadePath(path), 'READ_WRITE');
    const reader = new DatabaseSync(remadePath(path), { readOnly: true });
    reader.prepare('SELECT * FROM meta').all();
    remade.run("UPDATE meta SET value = 77 WHERE name = 'revision'");
    remade.close();
    expect(() => takeRemade(path)).toThrow(/the log of .*alcove\.db\.remade could not be copied into it/);
    reader.close();
    expect(opened()).toEqual({ content, remade: undefined });
    expect(files()).toEqual(['alcove.db', 'alcove.db-sums']);
  });

  it('waits until no other program keeps the log of the old one, and then has what that holds', () => {
    const database = Database.open(path, 'READ_WRITE');
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM meta').all();
    database.run("UPDATE meta SET value = 77 WHERE name = 'revision'");
    database.close();
    spoil(pagesOf('chunks_by_ordinal')[0] ?? 0);
    expect(opened).toThrow(/but not here \(another program reads the database/);
    expect(readFileSync(`${path}-wal`).length).toBeGreaterThan(PAGE_BYTES);
    reader.close();
    expect(opened().content.revision).toBe(77);
  });
});

describe('making a database anew, killed', () => {
  it('before the new one has taken the place of the old, is begun once more', () => {
    const { content } = opened();
    spoil(pagesOf('chunks_by_ordinal')[0] ?? 0);
    writeFileSync(remadePath(path), 'half of it');
    writeFileSync(pageSumsPath(remadePath(path)), 'half of it');
    expect(opened().content).toEqual(content);
  });

  it('between the new one and its sums, is finished', () => {
    const { content } = opened();
    spoil(pagesOf('chunks_by_ordinal')[0] ?? 0);
    const oldSums = readFileSync(pageSumsPath(path));
    expect(opened().content).toEqual(content);
    renameSync(pageSumsPath(path), pageSumsPath(remadePath(path)));
    writeFileSync(pageSumsPath(path), oldSums);
    const again = opened();
    expect(again).toEqual({ content, remade: undefined });
  });
});

describe('a database that a killed process left, and another program was the last to close', () => {
  /** SQLite copies the log into the database then, and removes it. */
  const takenIn = (): void => {
    const { database } = openDatabase(path);
    database.run("UPDATE meta SET value = 77 WHERE name = 'revision'");
    const killed = join(store.folder, 'killed.db');
    for (const suffix of ['', '-wal', '-sums']) copyFileSync(path + suffix, killed + suffix);
    database.close();
    path = killed;
    const other = new DatabaseSync(path);
    other.prepare('SELECT * FROM meta').all();
    other.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  };

  it('is verified, and served with what that program has copied', () => {
    takenIn();
    const { remade, content } = opened();
    expect(content.revision).toBe(77);
    expect(remade).toMatch(/another program has copied the log .* all of it was verified/);
    expect(opened().remade).toBeUndefined();
    expect(files()).toEqual(['alcove.db', 'alcove.db-sums']);
  });

  it('is refused where it is damaged besides', () => {
    takenIn();
    spoil(pagesOf('documents').at(-1) ?? 0);
    expect(opened).toThrow(/is not what was written there/);
  });

  it('is refused, though it looks sound, where the process was not killed', () => {
    openDatabase(path).database.close();
    const other = new DatabaseSync(path);
    other.exec("UPDATE meta SET value = 78 WHERE name = 'revision'");
    other.close();
    expect(opened).toThrow(/is not what was written there/);
  });
});
