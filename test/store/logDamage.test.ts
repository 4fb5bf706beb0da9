import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../../src/store/Database.ts';
import { readRevision, writeRevision } from '../../src/store/meta.ts';

const COMMITS = 20;
const HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 8_192;

let folder: string;
let path: string;
let log: Buffer;
/** A database that a killed process has left: one page is written anew by each commit, and all of it is in the log. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-log-'));
  path = join(folder, 'killed.db');
  const original = join(folder, 'alcove.db');
  const database = Database.open(original, 'READ_WRITE');
  database.get('PRAGMA wal_checkpoint(TRUNCATE)');
  for (let revision = 1; revision <= COMMITS; revision++) writeRevision(database, revision);
  copyFileSync(original, path);
  log = readFileSync(`${original}-wal`);
  database.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The revision that a database with this log opens at. */
function revisionWith(bytes: Buffer): number {
  writeFileSync(`${path}-wal`, bytes);
  const database = Database.open(path, 'READ_WRITE');
  try {
    return readRevision(database);
  } finally {
    database.close();
  }
}

function flipped(at: number): Buffer {
  const bytes = Buffer.from(log);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

it('a log that was left whole is read to its end', () => {
  expect(revisionWith(log)).toBe(COMMITS);
});

it.each([0, 9, 20, 31])(
  'a log with a wrong bit in byte %i of its header is refused, not passed over',
  (at) => {
    expect(() => revisionWith(flipped(at))).toThrow(/log of the database, is damaged \(its header\)/);
  },
);

it.each([0, 4, 8, 16, 20, 24, 5_000])(
  'so is one with a wrong bit in byte %i of a frame that others follow',
  (at) => {
    expect(() => revisionWith(flipped(HEADER_BYTES + 7 * FRAME_BYTES + at))).toThrow(
      /damaged \(frame 8, after which more was committed\)/,
    );
  },
);

it('a log whose last transaction is torn ends before it, as after a power failure', () => {
  const lastFrame = HEADER_BYTES + (COMMITS - 1) * FRAME_BYTES;
  expect(revisionWith(flipped(lastFrame + 100))).toBe(COMMITS - 1);
  expect(revisionWith(log.subarray(0, lastFrame + 100))).toBe(COMMITS - 1);
});

it('a log that was begun, and no more, is none', () => {
  expect(revisionWith(Buffer.alloc(log.length))).toBe(0);
});

it('what an older log has left behind the end of a new one is no damage', () => {
  const database = Database.open(path, 'READ_WRITE');
  for (let revision = 1; revision <= COMMITS; revision++) writeRevision(database, revision);
  database.get('PRAGMA wal_checkpoint(RESTART)');
  for (let revision = 1; revision <= 3; revision++) writeRevision(database, COMMITS + revision);
  const restarted = readFileSync(`${path}-wal`);
  expect(restarted.length).toBe(log.length);
  const copy = join(folder, 'copy.db');
  copyFileSync(path, copy);
  database.close();
  path = copy;
  expect(revisionWith(restarted)).toBe(COMMITS + 3);
});
