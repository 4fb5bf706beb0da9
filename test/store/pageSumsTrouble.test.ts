import fs, { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/store/Database.ts';
import { writeRevision } from '../../src/store/meta.ts';
import { PageSums } from '../../src/store/pages/PageSums.ts';
import { lookThrough, openedAt, writeRevisions } from './revisions.ts';

const system = { openSync: fs.openSync, readSync: fs.readSync, writeSync: fs.writeSync };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-pages-'));
  path = join(folder, 'alcove.db');
});
afterEach(() => {
  withSystem(system);
  rmSync(folder, { recursive: true });
});

/** Puts calls of the system in the place of what they are; {@link system} has those. */
function withSystem(calls: Partial<Record<keyof typeof system, unknown>>): void {
  Object.assign(fs, calls);
  syncBuiltinESMExports();
}

const write = (upTo: number): Database => writeRevisions(path, upTo);
const opened = () => openedAt(path);

describe('a system that takes and gives fewer bytes at a time than it is asked to', () => {
  it('leaves sums that are of all pages, and finds all pages as they were written', () => {
    withSystem({
      readSync: (file: number, into: Uint8Array, from: number, count: number, at: number) =>
        system.readSync(file, into, from, Math.min(count, 5_000), at),
      writeSync: (file: number, bytes: Uint8Array, from: number, count: number, at: number) =>
        system.writeSync(file, bytes, from, Math.min(count, 12), at),
    });
    const database = write(9);
    database.checkpointIfDue(1);
    writeRevision(database, 10);
    database.close();
    expect(opened()).toEqual({ revision: 10, notices: [] });
    withSystem(system);
    expect(opened()).toEqual({ revision: 10, notices: [] });
  });
});

describe('a disk that is full before all sums are written', () => {
  it('has no page that counts as damaged, then and when there is room again', () => {
    const database = write(9);
    database.checkpointIfDue(1);
    for (let revision = 10; revision < 20; revision++) writeRevision(database, revision);
    withSystem({
      writeSync: (file: number, bytes: Uint8Array, from: number, count: number, at: number) => {
        if (at === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        return system.writeSync(file, bytes, from, count, at);
      },
    });
    expect(() => database.checkpointIfDue(1)).toThrow('no space');
    lookThrough(database);
    withSystem(system);
    lookThrough(database);
    database.checkpointIfDue(1);
    lookThrough(database);
    database.close();
    expect(opened()).toEqual({ revision: 19, notices: [] });
  });
});

describe('a log that had been summed, and not copied, when the process was killed', () => {
  it('is read as often for a thousand pages as for a few', () => {
    const database = write(9);
    database.run('CREATE TABLE much (bytes)');
    for (let row = 0; row < 1_000; row++) database.run('INSERT INTO much VALUES (zeroblob(8000))');
    database.checkpointIfDue(1);
    const timesRead = [10, 1_000].map((rows) => {
      database.run('UPDATE much SET bytes = randomblob(8000) WHERE rowid <= ?', rows);
      const killed = join(folder, `killed-${rows}.db`);
      const sums = PageSums.open(path);
      sums?.cover(Number(database.get<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')?.log));
      sums?.close();
      for (const suffix of ['', '-wal', '-sums']) copyFileSync(path + suffix, killed + suffix);
      let times = 0;
      withSystem({
        openSync: (name: string, ...others: [string]) => {
          if (name === `${killed}-wal`) times += 1;
          return system.openSync(name, ...others);
        },
      });
      Database.open(killed, 'READ_WRITE').close();
      withSystem(system);
      return times;
    });
    database.close();
    expect(timesRead[1]).toBe(timesRead[0]);
  });
});
