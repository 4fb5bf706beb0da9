import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { alcove, serve } from './alcove.ts';

const PRELOAD = `--import=${pathToFileURL(join(import.meta.dirname, 'killBefore.mjs')).href}`;
/** More changes of files than a restore makes. */
const MANY = 40;

/** The names of the libraries in a data folder's database, as SQLite reads it. */
function librariesIn(database: string): string[] {
  const connection = new DatabaseSync(database);
  try {
    expect(connection.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    return connection
      .prepare('SELECT name FROM libraries ORDER BY name')
      .all()
      .map(({ name }) => String(name));
  } finally {
    connection.close();
  }
}

describe('alcove restore', () => {
  let folder: string;
  let backup: string;
  /** What a server that was killed leaves: most of it is in the write-ahead log still. */
  let killed: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-restore-'));
    backup = join(folder, 'first.backup');
    killed = join(folder, 'killed');
    const server = await serve();
    const client = createClient({ url: server.url });
    orThrow(await client.createLibrary({ name: 'first' }));
    await alcove(['backup', backup, '--data', server.dataPath]);
    orThrow(await client.createLibrary({ name: 'second' }));
    await server.stop('SIGKILL');
    mkdirSync(killed);
    for (const name of ['alcove.db', 'alcove.db-wal'])
      copyFileSync(join(server.dataPath, name), join(killed, name));
    rmSync(server.dataPath, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A copy of what the killed server has left. */
  function dataFolder(name: string): string {
    const data = join(folder, name);
    mkdirSync(data);
    for (const file of readdirSync(killed)) copyFileSync(join(killed, file), join(data, file));
    return data;
  }

  it('keeps all of the old database beside the new one, what was only in its log too', async () => {
    const data = dataFolder('kept');
    const { status } = await alcove(['restore', backup, '--data', data, '--replace']);
    expect(status).toBe(0);
    expect(librariesIn(join(data, 'alcove.db'))).toEqual(['first']);
    const kept = readdirSync(data).find((name) =>
      /before-restore-[^-]*-[^-]*-[^-]*-[^-]*-[^-]*Z$/.test(name),
    );
    expect(librariesIn(join(data, kept as string))).toEqual(['first', 'second']);
  });

  it('killed at any moment leaves the whole old database or the whole new one, and can be run again', async () => {
    let isDone = false;
    for (let change = 1; !isDone && change < MANY; change++) {
      const data = dataFolder(`change-${change}`);
      const args = ['restore', backup, '--data', data, '--replace'];
      const { status } = await alcove(args, { NODE_OPTIONS: PRELOAD, KILL_BEFORE: String(change) });
      isDone = status === 0;
      const found = existsSync(join(data, 'alcove.db')) ? librariesIn(join(data, 'alcove.db')) : 'none';
      expect([['first'], ['first', 'second']], `killed before change ${change}`).toContainEqual(found);
      expect(await alcove(args), `again after change ${change}`).toMatchObject({ status: 0, error: '' });
      expect(librariesIn(join(data, 'alcove.db'))).toEqual(['first']);
    }
    expect(isDone).toBe(true);
  });

  it('does not mix the log of a database that has been taken away into the new one', async () => {
    const data = dataFolder('log-only');
    rmSync(join(data, 'alcove.db'));
    expect(await alcove(['restore', backup, '--data', data])).toMatchObject({ status: 0 });
    expect(librariesIn(join(data, 'alcove.db'))).toEqual(['first']);
  });

  it('takes what is only in the log of a database file along', async () => {
    const data = join(folder, 'from-database');
    expect(await alcove(['restore', join(killed, 'alcove.db'), '--data', data])).toMatchObject({ status: 0 });
    expect(librariesIn(join(data, 'alcove.db'))).toEqual(['first', 'second']);
  });

  it('says in one line when the data folder cannot be made', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { status, error } = await alcove(['restore', backup, '--data', file]);
    expect(status).toBe(1);
    expect(error).toMatch(/^alcove: cannot write to the data folder .*\n$/);
  });
});

it('a library whose vectors are on disk is backed up with all of them, and restored over what came later', async () => {
  const server = await serve();
  const backup = join(server.dataPath, '..', `${basename(server.dataPath)}.backup`);
  const library = { name: 'shelf' };
  const texts = ['Readers take no locks.', 'Backups are made while the server runs.', 'A graph is walked.'];
  const find = async (url: string, text: string) => {
    const { edges } = orThrow(await createClient({ url }).knnSearch({ library, query: { text }, k: 1 }));
    return edges.map(({ node }) => node.text);
  };
  try {
    const client = createClient({ url: server.url });
    orThrow(await client.createLibrary({ ...library, indexSettings: { vectors: 'ON_DISK' } }));
    for (const text of texts)
      orThrow(await client.createDocument({ library, title: text, content: { text } }));
    await alcove(['backup', backup, '--data', server.dataPath]);
    // What is written afterwards lies in the places that others will have once it is gone.
    const document = { library, title: 'later', content: { text: 'Nobody has written this.' } };
    orThrow(await client.createDocument(document));
    expect(await find(server.url, 'Nobody has written this.')).toEqual(['Nobody has written this.']);
    expect(await server.stop()).toBe(0);

    const restored = await alcove(['restore', backup, '--data', server.dataPath, '--replace']);
    expect(restored).toMatchObject({ status: 0, error: '' });
    const again = await serve([], { ALCOVE_DATA: server.dataPath });
    for (const text of texts) expect(await find(again.url, text)).toEqual([text]);
    expect(await find(again.url, 'Nobody has written this.')).not.toEqual(['Nobody has written this.']);
    expect(await again.stop()).toBe(0);
    const files = readdirSync(join(server.dataPath, 'indexes'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.rows'))).toHaveLength(1);
  } finally {
    server.process.kill('SIGKILL');
    rmSync(server.dataPath, { recursive: true, force: true });
    rmSync(backup, { force: true });
  }
});
