import fs, { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { LocalLog, MAX_GROUP_COMMANDS } from '../../src/log/LocalLog.ts';
import { Database } from '../../src/store/Database.ts';
import { IDEMPOTENCY_TTL_MS } from '../../src/store/idempotency.ts';
import { readRevision } from '../../src/store/meta.ts';

/** Writes a note into the jobs table, and then does as told. */
interface Note {
  readonly id: string;
  readonly then?: 'refuse' | 'break' | 'nothing' | 'fail' | 'fill';
}
interface Noted {
  readonly outcome: { readonly revision: number; readonly written: boolean; readonly id: string };
}

let folder: string;
let database: Database;
let committed: string[][];
let fatal: unknown[];
let now: number;
let applications: number;
let logs: LocalLog<Note, Noted['outcome'], Noted>[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-log-'));
  database = Database.open(join(folder, 'alcove.db'), 'READ_WRITE');
  committed = [];
  fatal = [];
  now = 1_000_000_000;
  applications = 0;
  logs = [];
});
afterEach(async () => {
  for (const log of logs) await log.close();
  database.close();
  rmSync(folder, { recursive: true });
});

function apply(target: Database, note: Note, revision: number): Noted {
  applications += 1;
  const record = note.then === 'fill' ? 'x'.repeat(1_000_000) : '';
  target.run(
    "INSERT INTO jobs (id, library_id, state, created_at, record) VALUES (?, '', '', 0, ?)",
    note.id,
    record,
  );
  if (note.then === 'refuse') throw new AlcoveError('InvalidArgumentError', 'Refused.');
  if (note.then === 'break') throw new TypeError('A bug.');
  if (note.then === 'fail') throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
  if (note.then === 'nothing') return { outcome: { revision: revision - 1, written: false, id: note.id } };
  return { outcome: { revision, written: true, id: note.id } };
}

function openLog(onCommitted?: (changes: readonly Noted[]) => void | Promise<void>) {
  const log = new LocalLog<Note, Noted['outcome'], Noted>({
    database,
    apply,
    onCommitted: onCommitted ?? ((changes) => void committed.push(changes.map(({ outcome }) => outcome.id))),
    onFatal: (error) => void fatal.push(error),
    now: () => now,
  });
  logs.push(log);
  return log;
}

function notes(): string[] {
  return database.all<{ id: string }>('SELECT id FROM jobs ORDER BY rowid').map(({ id }) => id);
}

describe('group commit', () => {
  it('puts the commands of one turn into one transaction, in order, each with a revision of its own', async () => {
    const log = openLog();
    const results = await Promise.all(['a', 'b', 'c'].map((id) => log.submit({ command: { id } })));
    expect(results.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(committed).toEqual([['a', 'b', 'c']]);
    expect(notes()).toEqual(['a', 'b', 'c']);
    expect(readRevision(database)).toBe(3);
  });

  it('gathers what arrives while a group is being committed', async () => {
    const late: Promise<unknown>[] = [];
    const log = openLog((changes) => {
      committed.push(changes.map(({ outcome }) => outcome.id));
      if (committed.length === 1) {
        late.push(log.submit({ command: { id: 'b' } }), log.submit({ command: { id: 'c' } }));
      }
    });
    await log.submit({ command: { id: 'a' } });
    await Promise.all(late);
    expect(committed).toEqual([['a'], ['b', 'c']]);
  });

  it('keeps a group within its bound', async () => {
    const log = openLog();
    const count = MAX_GROUP_COMMANDS + 10;
    await Promise.all(
      Array.from({ length: count }, (_, index) => log.submit({ command: { id: `n${index}` } })),
    );
    expect(committed.flat()).toHaveLength(count);
    expect(Math.max(...committed.map((group) => group.length))).toBeLessThanOrEqual(MAX_GROUP_COMMANDS);
  });

  it('answers only when the commit is done and the owner has heard of it', async () => {
    const order: string[] = [];
    const log = openLog(async () => {
      order.push(`committed ${readRevision(database)}, open ${database.inTransaction}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push('owner ready');
    });
    await log.submit({ command: { id: 'a' } });
    order.push('answered');
    expect(order).toEqual(['committed 1, open false', 'owner ready', 'answered']);
  });
});

describe('a command that is not applied', () => {
  it('leaves nothing and harms no other when it is refused', async () => {
    const log = openLog();
    const [first, refused, last] = await Promise.allSettled([
      log.submit({ command: { id: 'a' } }),
      log.submit({ command: { id: 'b', then: 'refuse' } }),
      log.submit({ command: { id: 'c' } }),
    ]);
    expect(first).toMatchObject({ value: { revision: 1 } });
    expect(refused).toMatchObject({ reason: { kind: 'InvalidArgumentError' } });
    expect(last).toMatchObject({ value: { revision: 2 } });
    expect(notes()).toEqual(['a', 'c']);
  });

  it('is undone and rejected with the exception when the program is wrong', async () => {
    const log = openLog();
    const [broken, doubled, good] = await Promise.allSettled([
      log.submit({ command: { id: 'a', then: 'break' } }),
      log.submit({ command: { id: 'b' } }).then(() => log.submit({ command: { id: 'b' } })),
      log.submit({ command: { id: 'c' } }),
    ]);
    expect(broken).toMatchObject({ reason: { name: 'TypeError' } });
    expect(doubled).toMatchObject({ reason: { message: expect.stringMatching(/UNIQUE/) } });
    expect(good.status).toBe('fulfilled');
    expect(notes()).toEqual(['b', 'c']);
    expect(fatal).toEqual([]);
  });

  it('is undone and does not use up its revision when it wrote nothing', async () => {
    const log = openLog();
    await log.submit({ command: { id: 'a' } });
    const result = await log.submit({ command: { id: 'b', then: 'nothing' } });
    expect(result).toEqual({ revision: 1, written: false, id: 'b' });
    expect(notes()).toEqual(['a']);
    expect(committed).toEqual([['a']]);
    expect(readRevision(database)).toBe(1);
  });
});

describe('an idempotency key', () => {
  const idempotency = { key: 'k', fingerprint: 'f' };

  it('answers a second time what it answered first, without applying again', async () => {
    const log = openLog();
    const first = await log.submit({ command: { id: 'a' }, idempotency });
    await log.submit({ command: { id: 'b' } });
    expect(await log.submit({ command: { id: 'a' }, idempotency })).toEqual(first);
    expect(applications).toBe(2);
    expect(readRevision(database)).toBe(2);
  });

  it('holds within one transaction, and for answers that wrote nothing', async () => {
    const log = openLog();
    const command: Note = { id: 'a', then: 'nothing' };
    const [first, second] = await Promise.all([
      log.submit({ command, idempotency }),
      log.submit({ command, idempotency }),
    ]);
    expect(second).toEqual(first);
    expect(applications).toBe(1);
  });

  it('outlives the log', async () => {
    const first = await openLog().submit({ command: { id: 'a' }, idempotency });
    expect(await openLog().submit({ command: { id: 'a' }, idempotency })).toEqual(first);
  });

  it('refuses another request', async () => {
    const log = openLog();
    await log.submit({ command: { id: 'a' }, idempotency });
    const other = log.submit({ command: { id: 'b' }, idempotency: { key: 'k', fingerprint: 'g' } });
    await expect(other).rejects.toMatchObject({ kind: 'IdempotencyConflictError', detail: { key: 'k' } });
    expect(notes()).toEqual(['a']);
  });

  it('is not used up by a refusal', async () => {
    const log = openLog();
    await expect(log.submit({ command: { id: 'a', then: 'refuse' }, idempotency })).rejects.toThrow(
      'Refused.',
    );
    expect(await log.submit({ command: { id: 'a' }, idempotency })).toMatchObject({ revision: 1 });
  });

  it('is forgotten after 24 hours', async () => {
    const log = openLog();
    await log.submit({ command: { id: 'a' }, idempotency });
    now += IDEMPOTENCY_TTL_MS - 1;
    expect(await log.submit({ command: { id: 'a' }, idempotency })).toMatchObject({ revision: 1 });
    now += 1;
    const other = { key: 'k', fingerprint: 'another' };
    expect(await log.submit({ command: { id: 'b' }, idempotency: other })).toMatchObject({ revision: 2 });
    now += IDEMPOTENCY_TTL_MS;
    await log.submit({ command: { id: 'c' } });
    expect(database.get('SELECT count(*) AS keys FROM idempotency')).toEqual({ keys: 0 });
  });

  it.each(['', 'x'.repeat(257), '\ud800'])('is refused when it is %j', async (key) => {
    const submitted = openLog().submit({ command: { id: 'a' }, idempotency: { key, fingerprint: 'f' } });
    await expect(submitted).rejects.toMatchObject({ kind: 'InvalidArgumentError', path: ['idempotencyKey'] });
  });
});

describe('a failing disk', () => {
  it('when it is full, refuses the group, writes nothing of it, and takes up again when there is room', async () => {
    const log = openLog();
    await log.submit({ command: { id: 'a' } });
    const pages = database.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
    database.get(`PRAGMA max_page_count = ${pages + 10}`);
    const group = await Promise.allSettled([
      log.submit({ command: { id: 'b' } }),
      log.submit({ command: { id: 'c', then: 'fill' } }),
    ]);
    for (const result of group) {
      expect(result).toMatchObject({
        reason: { kind: 'StoreUnavailableError', code: 'UNAVAILABLE', retryable: true },
      });
    }
    expect(notes()).toEqual(['a']);
    expect(readRevision(database)).toBe(1);
    database.get('PRAGMA max_page_count = 1000000');
    expect(await log.submit({ command: { id: 'c', then: 'fill' } })).toMatchObject({ revision: 2 });
    expect(fatal).toEqual([]);
  });

  it('when it is too long and no file can be opened to look at it, goes on, and is looked at later', async () => {
    const { openSync } = fs;
    const log = openLog();
    database.run('CREATE TABLE much (bytes)');
    database.run('INSERT INTO much VALUES (zeroblob(20000000))');
    let refused = 0;
    fs.openSync = () => {
      refused += 1;
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    };
    syncBuiltinESMExports();
    await log.submit({ command: { id: 'a' } });
    while (refused === 0) await delay(1);
    fs.openSync = openSync;
    syncBuiltinESMExports();
    await log.submit({ command: { id: 'b' } });
    await log.close();
    expect(fatal).toEqual([]);
    const { checkpointed } = database.get<{ checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)') ?? {};
    expect(checkpointed).toBeGreaterThan(2_000);
  });

  it('when it fails, rejects everything, tells the owner once and takes nothing more', async () => {
    const log = openLog();
    const results = await Promise.allSettled([
      log.submit({ command: { id: 'a' } }),
      log.submit({ command: { id: 'b', then: 'fail' } }),
      log.submit({ command: { id: 'c' } }),
    ]);
    results.push(...(await Promise.allSettled([log.submit({ command: { id: 'd' } })])));
    for (const result of results) {
      expect(result).toMatchObject({
        reason: { kind: 'StoreUnavailableError', detail: { reason: 'FAILED' } },
      });
    }
    expect(fatal).toMatchObject([{ errcode: 10 }]);
    expect(committed).toEqual([]);
    await log.close();
  });

  it('when the owner cannot follow a commit, that is fatal too', async () => {
    const log = openLog(() => {
      throw new Error('The index is broken.');
    });
    await expect(log.submit({ command: { id: 'a' } })).rejects.toMatchObject({
      kind: 'StoreUnavailableError',
    });
    expect(fatal).toMatchObject([{ message: 'The index is broken.' }]);
  });
});

describe('closing', () => {
  it('answers what was submitted and refuses what comes after', async () => {
    const log = openLog();
    const submitted = log.submit({ command: { id: 'a' } });
    const closed = log.close();
    await expect(log.submit({ command: { id: 'b' } })).rejects.toMatchObject({ kind: 'ShuttingDownError' });
    await closed;
    expect(await submitted).toMatchObject({ revision: 1 });
    expect(notes()).toEqual(['a']);
  });
});
