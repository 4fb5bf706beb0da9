import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/store/Database.ts';
import { writeRevision } from '../../src/store/meta.ts';
import { beginSession, includesCommit, lastCommit } from '../../src/store/sessions.ts';

describe('the sessions of a database', () => {
  let folder: string;
  let database: Database;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-sessions-'));
    database = Database.open(join(folder, 'alcove.db'), 'READ_WRITE');
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });
  const copy = (): Database => {
    const path = join(folder, `${randomUUID()}.db`);
    database.run('VACUUM INTO ?', path);
    return Database.open(path, 'READ_WRITE');
  };
  const write = (target: Database, revision: number) => {
    writeRevision(target, revision);
    return lastCommit(target);
  };

  it('tell the commits before a copy, which both have, from those after it, which one has', () => {
    const shared = write(database, 5);
    const other = copy();
    const goneOn = write(database, 8);
    beginSession(other, randomUUID(), 5);
    const written = write(other, 9);
    expect([database, other].map((one) => includesCommit(one, shared))).toEqual([true, true]);
    expect([database, other].map((one) => includesCommit(one, goneOn))).toEqual([true, false]);
    expect([database, other].map((one) => includesCommit(one, written))).toEqual([false, true]);
    other.close();
  });

  it('know no commit that has not been made, and no session of elsewhere', () => {
    const { session, revision } = write(database, 5);
    expect(includesCommit(database, { session, revision: revision + 1 })).toBe(false);
    expect(includesCommit(database, { session: randomUUID(), revision: 1 })).toBe(false);
  });
});
