import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeJobs } from '../../src/jobs/jobTable.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { backupDatabase, verifyBackup } from '../../src/store/backup.ts';
import { Database } from '../../src/store/Database.ts';
import { migrate, SCHEMA_VERSION, schemaVersion } from '../../src/store/migrations.ts';
import { forgetPageSums } from '../../src/store/pages/PageSums.ts';
import { insertVector, vectorBytes } from '../../src/store/vectors.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-migrations-'));
  path = join(folder, 'alcove.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A library with a document and a chunk, as the program of version 2 wrote them. */
const VERSION_2 = `
  INSERT INTO libraries (id, name, provider, model, metric, normalized, frozen, index_settings, index_record,
    next_ordinal, document_count, chunk_count, bytes, revision, created_at, updated_at)
  VALUES ('lib_a', 'Manuals', 'BUILTIN', 'alcove-hash-384', 'COSINE', 1, 1, '{"type":"AUTO","m":16,"efConstruction":200}',
    '{"type":"FLAT","reason":"r","settings":{"type":"AUTO","m":16,"efConstruction":200},"generation":1,"recallCurve":[],"measuredAt":null}',
    2, 1, 1, 20, 1, 1000, 1000);
  INSERT INTO documents (id, library_key, title, content_type, metadata, created_at, updated_at)
  VALUES ('doc_a', 1, 'The handbook', 'text/plain', '{}', 1000, 1000);
  INSERT INTO chunks (id, library_key, document_key, position, ordinal, text, metadata, created_at, updated_at)
  VALUES ('chk_a', 1, 1, 0, 1, 'Press the red button.', '{}', 1000, 1000);
  UPDATE meta SET value = 1 WHERE name = 'revision'`;

/** The first version that writes checksums with its rows. */
const CHECKSUMS_SINCE = 10;

/** A database as the version wrote it, with a library, a document and a chunk; all that was there from the first one on. */
function fillAsOf(version: number): void {
  const connection = new DatabaseSync(path);
  migrate(connection, Math.min(version, CHECKSUMS_SINCE - 1));
  connection.exec(`
    INSERT INTO libraries (key, id, name, description, provider, model, dimension, metric, normalized, frozen,
      index_settings, index_record, next_ordinal, document_count, chunk_count, bytes, revision, created_at, updated_at)
    VALUES (1, 'lib_a', 'manuals', NULL, 'BUILTIN', 'ngram-hash-1', 2, 'COSINE', 1, 1,
      '{"type":"AUTO","m":16,"efConstruction":200}', '{"type":"FLAT","generation":1,"recallCurve":[]}', 2, 1, 1, 9, 7, 5, 6);
    INSERT INTO documents (key, id, library_key, title, content_type, metadata, created_at, updated_at)
    VALUES (1, 'doc_a', 1, 'The handbook', 'text/plain', '{}', 5, 6);
    INSERT INTO chunks (key, id, library_key, document_key, position, ordinal, text, metadata, created_at, updated_at)
    VALUES (1, 'chk_a', 1, 1, 0, 1, 'Press the red button.', '{}', 5, 6)`);
  migrate(connection, version);
  connection.close();
}

describe('a database of an older version', () => {
  it('of before chunks had a place keeps what it has, split as it was then', () => {
    const old = new DatabaseSync(path);
    migrate(old, 2);
    expect(schemaVersion(old)).toBe(2);
    old.exec(VERSION_2);
    old.close();

    const database = Database.open(path, 'READ_WRITE');
    const reader = new StoredLibraryReader(database);
    expect(reader.library({ name: 'Manuals' })?.chunking).toEqual({
      by: 'HEADINGS',
      unit: 'CHARACTERS',
      size: 800,
      maxSize: 1_200,
      overlap: 0,
    });
    expect(reader.chunk('chk_a')).toMatchObject({ text: 'Press the red button.', page: null, headings: [] });
    database.close();
  });

  it.each(Array.from({ length: SCHEMA_VERSION - 1 }, (_, at) => at + 1))(
    'of version %i is brought forward, and nothing of it is lost',
    (version) => {
      fillAsOf(version);
      const database = Database.open(path, 'READ_WRITE');
      insertVector(database, 'vectors', 1, vectorBytes(Float32Array.of(3, 4)));
      expect(database.get('PRAGMA user_version')).toEqual({ user_version: SCHEMA_VERSION });
      const reader = new StoredLibraryReader(database);
      expect(reader.library({ name: 'manuals' })).toMatchObject({
        id: 'lib_a',
        embedding: {
          provider: 'BUILTIN',
          model: 'ngram-hash-1',
          dimension: 2,
          metric: 'COSINE',
          normalized: true,
          frozen: true,
        },
        chunkCount: 1,
        revision: 7,
      });
      expect(reader.library({ id: 'lib_a' })?.embedding).not.toHaveProperty('queryPrefix');
      expect(reader.document('doc_a')).toMatchObject({ title: 'The handbook', libraryId: 'lib_a' });
      expect(reader.chunk('chk_a')).toMatchObject({
        text: 'Press the red button.',
        ordinal: 1,
        truncated: false,
        page: null,
        headings: [],
      });
      database.close();
    },
  );

  it('of before there were imports keeps its jobs, which build indexes, and its documents are ready', () => {
    const old = new DatabaseSync(path);
    migrate(old, 2);
    old.exec(VERSION_2);
    const job = { id: 'job_a', kind: 'INDEX', libraryId: 'lib_a', state: 'QUEUED', createdAt: 1 };
    old
      .prepare('INSERT INTO jobs (id, library_id, state, created_at, record) VALUES (?, ?, ?, ?, ?)')
      .run(job.id, job.libraryId, job.state, job.createdAt, JSON.stringify(job));
    old.close();

    const database = Database.open(path, 'READ_WRITE');
    expect(activeJobs(database, { kind: 'INDEX' })).toEqual([job]);
    expect(activeJobs(database, { kind: 'IMPORT' })).toEqual([]);
    const reader = new StoredLibraryReader(database);
    expect(reader.document('doc_a')).toMatchObject({ state: 'READY', sourceHash: null });
    expect(reader.pendingCount('lib_a')).toBe(0);
    database.close();
  });
});

describe('an upgrade', () => {
  const copies = () => readdirSync(folder).filter((name) => name.includes('before-upgrade'));

  it('keeps the database of before, whole and by name, and says so', () => {
    fillAsOf(4);
    const database = Database.open(path, 'READ_WRITE');
    const [copy = ''] = copies();
    expect(copy).toMatch(/^alcove\.db\.before-upgrade-[-\dT.]+Z-from-4$/);
    expect(database.notices.join()).toContain(join(folder, copy));
    database.close();
    const old = new DatabaseSync(join(folder, copy));
    expect(schemaVersion(old)).toBe(4);
    expect(old.prepare('SELECT text FROM chunks').all()).toEqual([{ text: 'Press the red button.' }]);
    expect(old.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    old.close();
  });

  it('copies nothing of a database that is new, or of this version', () => {
    Database.open(path, 'READ_WRITE').close();
    const again = Database.open(path, 'READ_WRITE');
    expect([again.notices, copies()]).toEqual([[], []]);
    again.close();
  });

  it('keeps the two newest copies, and sweeps away what a killed one has left', () => {
    for (const year of [2021, 2022, 2023])
      writeFileSync(`${path}.before-upgrade-${year}-01-01T00-00-00.000Z-from-1`, '');
    writeFileSync(`${path}.before-upgrade-2024-01-01T00-00-00.000Z-from-1.partial`, '');
    fillAsOf(4);
    Database.open(path, 'READ_WRITE').close();
    expect(copies()).toHaveLength(2);
    expect(copies()[0]).toContain('2023');
    expect(copies()[1]).toMatch(/from-4$/);
  });

  it('that fails in any step leaves the database as it was, and says what to do', () => {
    fillAsOf(2);
    const old = new DatabaseSync(path);
    // The last but few steps make a table of this name.
    old.exec('CREATE TABLE vectors_odd (mine TEXT)');
    const before = old.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all();
    old.close();

    expect(() => Database.open(path, 'READ_WRITE')).toThrow(
      /could not be brought from version 2 to \d+ of the tables \(.*vectors_odd.*\)\. It is as it was/,
    );
    const after = new DatabaseSync(path);
    expect(schemaVersion(after)).toBe(2);
    expect(after.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all()).toEqual(before);
    expect(copies()).toEqual([]);
    after.close();
  });

  it('refuses a database of a newer version, and leaves it alone', () => {
    Database.open(path, 'READ_WRITE').close();
    const newer = new DatabaseSync(path);
    newer.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    forgetPageSums(path);
    expect(() => Database.open(path, 'READ_WRITE')).toThrow(/written by a newer Alcove/);
    expect(copies()).toEqual([]);
  });

  it.each([1, 6])(
    'can be of a backup of version %i, which is verified and restored as it is',
    async (version) => {
      fillAsOf(version);
      const target = join(folder, 'backup');
      await backupDatabase(path, target);
      expect(verifyBackup(target)).toMatchObject({ revision: 0 });
      const restored = Database.open(target, 'READ_WRITE');
      expect(new StoredLibraryReader(restored).chunk('chk_a')?.text).toBe('Press the red button.');
      restored.close();
    },
  );
});
