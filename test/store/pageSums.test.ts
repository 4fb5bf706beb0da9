import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { backupDatabase } from '../../src/store/backup.ts';
import { Database } from '../../src/store/Database.ts';
import { findDamage } from '../../src/store/findDamage.ts';
import { writeRevision } from '../../src/store/meta.ts';
import { PageSums, pageSumsPath } from '../../src/store/pages/PageSums.ts';
import { thrown } from '../library/TestStore.ts';
import { lookThrough, openedAt, writeRevisions } from './revisions.ts';

const PAGE_BYTES = 8_192;
const HEADER_BYTES = 36;
const ENTRY_BYTES = 8;
const CHILD = join(import.meta.dirname, 'pageSumsChild.ts');

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-pages-'));
  path = join(folder, 'alcove.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (upTo: number): Database => writeRevisions(path, upTo);
const opened = () => openedAt(path);

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 16;
  writeFileSync(file, bytes);
}

describe('a database of which one bit is wrong', () => {
  it('is refused, whichever page it is in, with the number of the page', () => {
    write(9).close();
    const whole = readFileSync(path);
    const pages = whole.length / PAGE_BYTES;
    expect(pages).toBeGreaterThan(20);
    for (let page = 1; page <= pages; page++) {
      flip(path, (page - 1) * PAGE_BYTES + ((page * 577) % PAGE_BYTES));
      expect(opened).toThrow(new RegExp(`^page ${page} of .*alcove.db is not what was written there`));
      writeFileSync(path, whole);
    }
    expect(opened()).toEqual({ revision: 9, notices: [] });
  });

  it('is refused, too, where it is cut, also to nothing', () => {
    write(9).close();
    for (const bytes of [30 * PAGE_BYTES, 30 * PAGE_BYTES + 100, PAGE_BYTES, 1, 0]) {
      truncateSync(path, bytes);
      expect(opened).toThrow(/is not what was written there/);
    }
  });

  it('is noticed while it is open, also where a reader keeps older pages in it', () => {
    const database = write(9);
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM meta').all();
    for (let revision = 10; revision < 20; revision++) writeRevision(database, revision);
    database.checkpointIfDue(1);
    lookThrough(database);
    reader.close();
    database.checkpointIfDue(1);
    lookThrough(database);
    flip(path, 11 * PAGE_BYTES + 40);
    expect(() => lookThrough(database)).toThrow(/page 12 of/);
    database.close();
  });

  it('is noticed while it is open, by whoever looks through it', () => {
    const database = write(9);
    database.checkpointIfDue(1);
    lookThrough(database);
    flip(path, 11 * PAGE_BYTES + 40);
    expect(() => lookThrough(database)).toThrow(/page 12 of/);
    database.close();
  });
});

describe('a page that is newer than its sum says, or older', () => {
  it('is none after a kill between sums and checkpoint: the log has it', () => {
    const database = write(9);
    const killed = join(folder, 'killed.db');
    const sums = PageSums.open(path);
    const frames = Number(database.get<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')?.log);
    expect(frames).toBeGreaterThan(9);
    sums?.cover(frames);
    sums?.close();
    for (const suffix of ['', '-wal', '-sums']) copyFileSync(path + suffix, killed + suffix);
    database.close();
    path = killed;
    expect(opened()).toEqual({ revision: 9, notices: [] });
    expect(opened()).toEqual({ revision: 9, notices: [] });
  });

  it('is found where the log ends before what was copied from it', () => {
    const database = write(9);
    const stale = readFileSync(`${path}-wal`);
    const frames = stale.length - (stale.length % (PAGE_BYTES + 24));
    const sums = PageSums.open(path);
    sums?.cover(Number(database.get<{ log: number }>('PRAGMA wal_checkpoint(PASSIVE)')?.log));
    sums?.close();
    const killed = join(folder, 'killed.db');
    for (const suffix of ['', '-sums']) copyFileSync(path + suffix, killed + suffix);
    writeFileSync(`${killed}-wal`, stale.subarray(0, frames - 3 * PAGE_BYTES));
    database.close();
    path = killed;
    expect(opened).toThrow(/log of the database, holds \d+ of the \d+ frames/);
  });

  it.each(['exit', 'terminate', 'kill', 'throw'])(
    'is none after the process ended by %s without closing it',
    (end) => {
      for (const upTo of [350, 650]) {
        const { stdout } = spawnSync(process.execPath, [CHILD, path, String(upTo), end], {
          encoding: 'utf8',
        });
        expect(stdout).toBe('written');
        expect(opened()).toEqual({ revision: upTo, notices: [] });
      }
    },
  );

  it('is none after any number of checkpoints, with readers that hold them up', () => {
    write(1).close();
    for (let round = 1; round <= 6; round++) {
      const database = write(round * 40);
      const reader = new DatabaseSync(path, { readOnly: true });
      reader.exec('BEGIN');
      reader.prepare('SELECT * FROM meta').all();
      for (let revision = round * 40 + 1; revision <= round * 40 + 20; revision++) {
        writeRevision(database, revision);
        if (revision % 7 === round) database.checkpointIfDue(1);
        if (revision % 11 === round) reader.exec('COMMIT; BEGIN');
      }
      if (round % 2 === 0) reader.close();
      database.close();
      if (round % 2 === 1) reader.close();
      expect(opened()).toEqual({ revision: round * 40 + 20, notices: [] });
    }
  });
});

describe('the sums themselves', () => {
  it('fit a backup from its first start on, which comes without a log', async () => {
    write(9).close();
    const backup = join(folder, 'backup.db');
    await backupDatabase(path, backup);
    path = backup;
    for (let start = 0; start < 3; start++) expect(opened()).toEqual({ revision: 9, notices: [] });
  });

  it('do not keep a database from being made whose first making was killed', () => {
    const raw = new DatabaseSync(path);
    raw.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA cache_size = 1; BEGIN; CREATE TABLE much (bytes)`);
    for (let row = 0; row < 100; row++) raw.exec('INSERT INTO much VALUES (zeroblob(8000))');
    const killed = join(folder, 'killed.db');
    PageSums.make(killed, PAGE_BYTES).close();
    for (const suffix of ['', '-journal']) copyFileSync(path + suffix, killed + suffix);
    raw.close();
    expect(readFileSync(killed).length).toBeGreaterThan(PAGE_BYTES);
    path = killed;
    expect(opened()).toEqual({ revision: 0, notices: [] });
    write(9).close();
    expect(opened()).toEqual({ revision: 9, notices: [] });
  });

  it('fit a database that an empty file becomes, as one that was only begun', () => {
    writeFileSync(path, '');
    const database = write(9);
    expect(database.get('PRAGMA page_size')).toEqual({ page_size: PAGE_BYTES });
    database.close();
    expect(opened()).toEqual({ revision: 9, notices: [] });
  });

  it('are made for a database that has none', () => {
    write(9).close();
    rmSync(pageSumsPath(path));
    expect(opened().revision).toBe(9);
    flip(path, 5 * PAGE_BYTES);
    expect(opened).toThrow(/page 6 of/);
  });

  it('are made anew where they are damaged, one or all, and say so', () => {
    write(9).close();
    flip(pageSumsPath(path), HEADER_BYTES + 7 * ENTRY_BYTES + 2);
    expect(opened().notices.join()).toMatch(/^1 checksums of pages .* were made anew/);
    expect(opened().notices).toEqual([]);
    flip(pageSumsPath(path), 18);
    expect(opened().notices.join()).toMatch(/checksums .* were made anew/);
    expect(opened().notices).toEqual([]);
  });

  it('are made anew for a database that an older program has written since', () => {
    write(9).close();
    const raw = new DatabaseSync(path);
    raw.exec(`PRAGMA user_version = 10; UPDATE meta SET value = 12 WHERE name = 'revision'`);
    raw.close();
    expect(opened().revision).toBe(12);
    expect(opened()).toEqual({ revision: 12, notices: [] });
  });

  it('do not outlive a database that was moved away', () => {
    write(9).close();
    rmSync(path);
    expect(opened().revision).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['alcove.db', 'alcove.db-sums']);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});

describe('a database without sums, in whose list of tables a name is wrong', () => {
  it('is damaged, and not a statement that is wrong', () => {
    write(9).close();
    const raw = new DatabaseSync(path, { defensive: false });
    raw.exec(`PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'chunk_count', 'chunk_bount') WHERE name = 'libraries'`);
    raw.close();
    rmSync(pageSumsPath(path));
    const database = Database.open(path, 'READ_WRITE');
    expect(thrown(() => new StoredLibraryReader(database).libraries({}))).toMatchObject({
      kind: 'DamagedError',
    });
    expect(findDamage(database)).toBe('what it says of libraries');
    database.close();
  });
});
