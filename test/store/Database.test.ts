import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database, DatabaseOpenError } from '../../src/store/Database.ts';
import { readDatabaseId, readRevision, readSecret } from '../../src/store/meta.ts';
import { SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { forgetPageSums } from '../../src/store/pages/PageSums.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-database-'));
  path = join(folder, 'alcove.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('opening a database', () => {
  it('creates it with its tables, a revision of 0, a secret and an id', () => {
    const database = Database.open(path, 'READ_WRITE');
    expect(readRevision(database)).toBe(0);
    expect(readSecret(database)).toHaveLength(32);
    expect(readDatabaseId(database)).toMatch(/^[0-9a-f-]{36}$/);
    database.close();
  });

  it('is durable: write-ahead log, full synchronous, foreign keys, no automatic checkpoints', () => {
    const database = Database.open(path, 'READ_WRITE');
    expect(database.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(database.get('PRAGMA synchronous')).toEqual({ synchronous: 2 });
    expect(database.get('PRAGMA foreign_keys')).toEqual({ foreign_keys: 1 });
    expect(database.get('PRAGMA wal_autocheckpoint')).toEqual({ wal_autocheckpoint: 0 });
    database.close();
  });

  it('keeps what is there when it is opened again', () => {
    const first = Database.open(path, 'READ_WRITE');
    const id = readDatabaseId(first);
    first.close();
    const second = Database.open(path, 'READ_WRITE');
    expect(readDatabaseId(second)).toBe(id);
    expect(second.get('PRAGMA user_version')).toEqual({ user_version: SCHEMA_VERSION });
    second.close();
  });

  it('reads beside the writer, and cannot write', () => {
    const writer = Database.open(path, 'READ_WRITE');
    const reader = Database.open(path, 'READ_ONLY');
    writer.run("UPDATE meta SET value = 7 WHERE name = 'revision'");
    expect(readRevision(reader)).toBe(7);
    expect(() => reader.run("UPDATE meta SET value = 8 WHERE name = 'revision'")).toThrow(/readonly/);
    reader.close();
    writer.close();
  });

  it('refuses a file written by a newer program', () => {
    Database.open(path, 'READ_WRITE').close();
    const raw = new DatabaseSync(path);
    raw.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    raw.close();
    forgetPageSums(path);
    expect(() => Database.open(path, 'READ_WRITE')).toThrow(/written by a newer Alcove.*Update Alcove/);
    expect(() => Database.open(path, 'READ_ONLY')).toThrow(DatabaseOpenError);
  });

  it('refuses the database of another program, and leaves it as it was', () => {
    const raw = new DatabaseSync(path);
    raw.exec('CREATE TABLE theirs (x)');
    raw.close();
    const size = statSync(path).size;
    expect(() => Database.open(path, 'READ_WRITE')).toThrow(/another program/);
    expect(statSync(path).size).toBe(size);
  });

  it('refuses what is not a database', () => {
    writeFileSync(path, 'Not a database at all, but long enough to be taken for a header. '.repeat(20));
    expect(() => Database.open(path, 'READ_WRITE')).toThrow(/damaged or not a database/);
  });

  it('refuses to read what is not there or not set up', () => {
    expect(() => Database.open(path, 'READ_ONLY')).toThrow(/cannot be opened/);
    new DatabaseSync(path).close();
    writeFileSync(path, '');
    expect(() => Database.open(path, 'READ_ONLY')).toThrow(/not been set up/);
  });

  it('refuses a folder that is not there', () => {
    expect(() => Database.open(join(folder, 'none', 'alcove.db'), 'READ_WRITE')).toThrow(DatabaseOpenError);
  });
});

describe('checkpointing', () => {
  it('copies a grown log into the database', () => {
    const database = Database.open(path, 'READ_WRITE');
    const before = statSync(path).size;
    database.run(
      "INSERT INTO idempotency (key, fingerprint, result, created_at) VALUES ('big', '', printf('%.*c', ?, 'x'), 0)",
      20_000_000,
    );
    expect(statSync(path).size).toBe(before);
    database.checkpointIfDue();
    expect(statSync(path).size).toBeGreaterThan(20_000_000);
    database.close();
  });

  it('begins a long log anew when no reader is in its middle any more, and waits for none', () => {
    const database = Database.open(path, 'READ_WRITE');
    database.run("UPDATE meta SET value = 1 WHERE name = 'revision'");
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN; SELECT value FROM meta');
    database.run("UPDATE meta SET value = 2 WHERE name = 'revision'");
    database.checkpointIfDue(1);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    reader.exec('COMMIT');
    database.checkpointIfDue(1);
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(database.get('PRAGMA busy_timeout')).toEqual({ timeout: 5_000 });
    reader.close();
    database.close();
  });

  it('leaves a short log alone', () => {
    const database = Database.open(path, 'READ_WRITE');
    database.run("UPDATE meta SET value = 1 WHERE name = 'revision'");
    database.checkpointIfDue();
    const copy = join(folder, 'without-log.db');
    copyFileSync(path, copy);
    const raw = new DatabaseSync(copy);
    expect(raw.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()).toEqual({ tables: 0 });
    raw.close();
    database.close();
  });
});

describe('text functions', () => {
  it.each([
    ['fold_contains', 'Straße in MÜNCHEN', 'münchen', 1],
    ['fold_contains', '100% of a_b', '100% of A_B', 1],
    ['fold_contains', 'abc', 'a%c', 0],
    ['fold_starts_with', 'ﬁne print', 'FI', 1],
    ['fold_ends_with', 'Ａｌｃｏｖｅ', 'cove', 1],
    ['fold_contains', null, '', 0],
    ['fold_contains', 42, '4', 0],
  ])('%s(%j, %j) is %i on both kinds of connection', (name, text, needle, expected) => {
    const writer = Database.open(path, 'READ_WRITE');
    const reader = Database.open(path, 'READ_ONLY');
    const folded = needle.normalize('NFKC').toLowerCase();
    for (const database of [writer, reader]) {
      expect(database.get(`SELECT ${name}(?, ?) AS holds`, text, folded)).toEqual({ holds: expected });
    }
    reader.close();
    writer.close();
  });
});
