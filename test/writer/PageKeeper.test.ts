import fs, { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../../src/store/Database.ts';
import { PageKeeper } from '../../src/writer/PageKeeper.ts';

const PAGE_BYTES = 8_192;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-keeper-'));
  path = join(folder, 'alcove.db');
  Database.open(path, 'READ_WRITE').close();
});
afterEach(() => rmSync(folder, { recursive: true }));

it('pages are looked at again and again, until one of them is not what was written', async () => {
  const database = Database.open(path, 'READ_WRITE');
  const damage = Promise.withResolvers<unknown>();
  let isFound = false;
  const keeper = new PageKeeper(
    database,
    (error) => {
      isFound = true;
      damage.resolve(error);
    },
    1,
  );
  await delay(200);
  expect(isFound).toBe(false);
  const file = openSync(path, 'r+');
  writeSync(file, 'x', 7 * PAGE_BYTES + 4_000);
  closeSync(file);
  expect(String(await damage.promise)).toMatch(/page 8 of .* is not what was written there/);
  keeper.close();
  database.close();
});

it('pages are looked at later, where no file can be opened to look at them', async () => {
  const database = Database.open(path, 'READ_WRITE');
  const { openSync: open } = fs;
  const damage: unknown[] = [];
  let refused = 0;
  fs.openSync = () => {
    refused += 1;
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
  };
  syncBuiltinESMExports();
  const keeper = new PageKeeper(database, (error) => damage.push(error), 1);
  while (refused < 3) await delay(1);
  fs.openSync = open;
  syncBuiltinESMExports();
  keeper.close();
  database.close();
  expect(damage).toEqual([]);
});

it('pages may be looked at while the database is served; once one was found to be wrong, they are before that', async () => {
  const spoil = (): void => {
    const file = openSync(path, 'r+');
    writeSync(file, 'x', 7 * PAGE_BYTES + 4_000);
    closeSync(file);
  };
  spoil();
  const database = Database.open(path, 'READ_WRITE', { pages: 'LATER' });
  const damage = Promise.withResolvers<unknown>();
  const keeper = new PageKeeper(database, damage.resolve);
  keeper.look();
  expect(String(await damage.promise)).toMatch(/page 8 of .* is not what was written there/);
  keeper.close();
  database.close();
  expect(() => Database.open(path, 'READ_WRITE', { pages: 'LATER' })).toThrow(/page 8 of/);
});
