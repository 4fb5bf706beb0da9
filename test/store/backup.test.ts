import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { backupDatabase, verifyBackup } from '../../src/store/backup.ts';
import { Database } from '../../src/store/Database.ts';
import { readDatabaseId } from '../../src/store/meta.ts';
import { chunk, createDocument, createLibrary, rows, TestStore, writeChunks } from '../library/TestStore.ts';

const PAGE_BYTES = 8_192;

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  await store.submit(createLibrary('lib_a'));
  await store.submit(createDocument('lib_a', 'doc_a'));
  for (let n = 0; n < 20; n++) await addChunks(n);
});
afterEach(() => store.close());

/** One revision: a hundred chunks whose number is in their text. */
function addChunks(n: number): Promise<unknown> {
  const items = Array.from({ length: 100 }, (_, row) => {
    return { ...chunk(`chk_${n}.${row}`, 0, { text: `${n}`.padEnd(2_000, '.') }), documentId: 'doc_a' };
  });
  return store.submit(writeChunks('lib_a', items, rows([n, 1])));
}

describe('a backup', () => {
  it('taken while writes go on holds everything up to its revision and nothing after', async () => {
    const target = join(store.folder, 'backup.db');
    let isDone = false;
    const backup = backupDatabase(store.path, target).finally(() => {
      isDone = true;
    });
    for (let n = 20; !isDone; n++) await addChunks(n);
    const report = await backup;
    expect(report).toMatchObject({ path: target, databaseId: readDatabaseId(store.database) });
    expect(report.bytes).toBe(statSync(target).size);

    const database = Database.open(target, 'READ_ONLY');
    const reader = new StoredLibraryReader(database);
    expect(reader.revision()).toBe(report.revision);
    const commands = report.revision - 2;
    expect(commands).toBeGreaterThanOrEqual(20);
    expect(reader.chunkCount({ libraryId: 'lib_a' })).toBe(commands * 100);
    const { vectors } = reader.vectorsAfter('lib_a', 0, 1_000_000);
    const expected = Array.from({ length: commands * 100 }, (_, row) => [Math.floor(row / 100), 1]).flat();
    expect([...vectors]).toEqual(expected);
    database.close();
    expect(readdirSync(store.folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('can be opened and written on in the place of the original', async () => {
    const target = join(store.folder, 'backup.db');
    const { revision } = await backupDatabase(store.path, target);
    const database = Database.open(target, 'READ_WRITE');
    database.run("UPDATE meta SET value = value + 1 WHERE name = 'revision'");
    expect(new StoredLibraryReader(database).revision()).toBe(revision + 1);
    database.close();
  });

  it('never overwrites a file', async () => {
    const target = join(store.folder, 'backup.db');
    copyFileSync(store.path, target);
    await expect(backupDatabase(store.path, target)).rejects.toThrow(/exists already/);
  });

  it('leaves nothing behind when it cannot be written', async () => {
    const target = join(store.folder, 'none', 'backup.db');
    await expect(backupDatabase(store.path, target)).rejects.toThrow();
    expect(existsSync(target)).toBe(false);
  });
});

describe('verifying a backup', () => {
  let target: string;
  let damaged: string;
  let bytes: number;
  beforeEach(async () => {
    target = join(store.folder, 'backup.db');
    damaged = join(store.folder, 'damaged.db');
    bytes = (await backupDatabase(store.path, target)).bytes;
    copyFileSync(target, damaged);
  });

  it.each([1, 5, 50, 120])('finds damage to the start of page %i', (page) => {
    const file = openSync(damaged, 'r+');
    writeSync(file, Buffer.alloc(64, 0xa5), 0, 64, page * PAGE_BYTES);
    closeSync(file);
    expect(() => verifyBackup(damaged)).toThrow();
  });

  it('finds a single bit that is wrong in a vector', () => {
    const raw = new DatabaseSync(damaged);
    raw.exec("UPDATE vectors SET data = x'0000803f0000803e' WHERE chunk_key = 1234");
    raw.close();
    expect(() => verifyBackup(damaged)).toThrow(/the vector of chunk chk_12\.33/);
  });

  it('finds a lost end, and an empty file', () => {
    truncateSync(damaged, bytes - 3 * PAGE_BYTES);
    expect(() => verifyBackup(damaged)).toThrow();
    truncateSync(damaged, 0);
    expect(() => verifyBackup(damaged)).toThrow(/not been set up/);
  });

  it('leaves a good one, which is a single file, as it is', () => {
    const before = readFileSync(target);
    expect(verifyBackup(target)).toMatchObject({ bytes, revision: 22 });
    expect(readFileSync(target).equals(before)).toBe(true);
    expect(readdirSync(store.folder).filter((name) => name.startsWith('backup.db'))).toEqual(['backup.db']);
  });
});
