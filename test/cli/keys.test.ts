import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { alcove, type Finished, type ServerProcess, serve } from './alcove.ts';

const ADMIN_KEY = 'an-admin-key-of-the-tests-0123456789';
const KEY = /^alcove_[0-9a-z]{12}_[\w-]{43}$/;

let dataPath: string;
let server: ServerProcess;
/** All that any command has printed, so that no secret is in it. */
const printed: string[] = [];

beforeAll(async () => {
  dataPath = mkdtempSync(join(tmpdir(), 'alcove-keys-cli-'));
  server = await serve([], {
    ALCOVE_DATA: dataPath,
    ALCOVE_AUTH: 'required',
    ALCOVE_ADMIN_KEY: ADMIN_KEY,
    ALCOVE_LOG: 'debug',
    ALCOVE_LOG_REQUESTS: 'all',
  });
  const client = createClient({ url: server.url, apiKey: ADMIN_KEY });
  orThrow(await client.createLibrary({ id: 'lib_manuals', name: 'manuals' }));
  const content = { chunks: [{ id: 'chk_1', text: 'how to descale the boiler' }] };
  orThrow(await client.createDocument({ library: { name: 'manuals' }, title: 'boiler', content }));
  await client.close();
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dataPath, { recursive: true, force: true });
});

/** Runs `alcove …` on the data folder, or with a key. */
async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  return alcove(args, { ALCOVE_DATA: dataPath, ...environment });
}

/** The same, and remembers what it prints. */
async function watched(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  const finished = await run(args, environment);
  printed.push(finished.out, finished.error);
  return finished;
}

const search = (environment: Record<string, string>, ...flags: string[]) =>
  watched(['search', 'manuals', 'descale', '--url', server.url, ...flags], environment);

describe('alcove keys, while the server runs', { timeout: 60_000 }, () => {
  let key = '';

  it('create prints the key alone on standard output, and beside it what it may do', async () => {
    const { status, out, error } = await run(['keys', 'create', 'website', '--library', 'manuals']);
    expect(status).toBe(0);
    key = out.trimEnd();
    expect(key).toMatch(KEY);
    expect(out).toBe(`${key}\n`);
    expect(error).toMatch(
      /^the key [0-9a-z]{12} \(website\): read, lib_manuals; ends never\. It is not shown again\.\n$/,
    );
    printed.push(error);
  });

  it('keeps nothing of its secret in the folder, in a file that others cannot read', async () => {
    const secret = key.split('_').slice(2).join('_');
    for (const name of readdirSync(dataPath, { recursive: true, encoding: 'utf8' })) {
      const path = join(dataPath, name);
      if (statSync(path).isFile())
        expect([name, readFileSync(path, 'latin1').includes(secret)]).toEqual([name, false]);
      if (name.startsWith('keys.db')) expect([name, statSync(path).mode & 0o077]).toEqual([name, 0]);
    }
  });

  it('the key is taken from ALCOVE_API_KEY and from --key, and one is needed', async () => {
    for (const { status, out } of [await search({ ALCOVE_API_KEY: key }), await search({}, '--key', key)]) {
      expect(status).toBe(0);
      expect(out).toContain('descale the boiler');
    }
    const without = await search({});
    expect(without.status).toBe(1);
    expect(without.error).toContain('This server asks for a key');
  });

  it('a key does no more than its role, and the command says so', async () => {
    const { status, error } = await watched(['reindex', 'manuals', '--url', server.url], {
      ALCOVE_API_KEY: key,
    });
    expect(status).toBe(1);
    expect(error).toContain('takes a key with the role ADMIN; got a key with the role READ');
  });

  it('create refuses a name that is taken, a library that is not there, a role and an end that are none', async () => {
    const taken = await watched(['keys', 'create', 'website']);
    expect(taken.status).toBe(1);
    expect(taken.error).toContain('A key named "website" exists already');
    const nowhere = await watched(['keys', 'create', 'other', '--library', 'novels']);
    expect(nowhere.error).toContain('there is no library novels');
    const role = await watched(['keys', 'create', 'other', '--role', 'root']);
    expect(role.error).toContain('Allowed choices are read, write, admin');
    for (const end of ['soon', '0d', '2001-01-01']) {
      const { status, error } = await watched(['keys', 'create', 'other', '--expires', end]);
      expect([end, status]).toEqual([end, 1]);
      expect(error).not.toContain('    at ');
    }
    expect((await watched(['keys', 'list'])).out).not.toContain('other');
  });

  it('list names keys, what they may do and until when, and --json gives the same to programs', async () => {
    const made = await run(['keys', 'create', 'importer', '--role', 'write', '--expires', '90d']);
    expect(made.status).toBe(0);
    const { out } = await watched(['keys', 'list']);
    expect(out).toMatch(/^[0-9a-z]{12} {2}website {3}read, lib_manuals {5}good\n/);
    expect(out).toMatch(/\n[0-9a-z]{12} {2}importer {2}write, all libraries {2}good until \d{4}-\d\d-\d\dT/);
    const listed = JSON.parse((await watched(['keys', 'list', '--json'])).out);
    expect(listed).toMatchObject([
      { name: 'website', role: 'READ', libraries: ['lib_manuals'], revokedAt: null },
      { name: 'importer', role: 'WRITE', libraries: null },
    ]);
    expect(JSON.stringify(listed)).not.toContain('hash');
    expect(JSON.stringify(listed) + out).not.toContain(made.out.trimEnd().split('_').at(-1));
  });

  it('revoke takes a name or an id, and the running server refuses the key at once', async () => {
    const { status, out } = await watched(['keys', 'revoke', 'website']);
    expect(status).toBe(0);
    expect(out).toMatch(/^the key [0-9a-z]{12} \(website\) is revoked\n$/);
    const refused = await search({ ALCOVE_API_KEY: key });
    expect(refused.status).toBe(1);
    expect(refused.error).toContain('was revoked. Ask for another.');
    expect((await watched(['keys', 'list'])).out).toMatch(/website {3}read, lib_manuals {5}revoked \d{4}-/);
    const [, id = ''] = key.split('_');
    expect((await watched(['keys', 'revoke', id])).status).toBe(0);
    const unknown = await watched(['keys', 'revoke', 'nobody']);
    expect(unknown.status).toBe(1);
    expect(unknown.error).toContain('No key has the id or name "nobody"');
  });

  it('says so where there are no keys', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'alcove-no-keys-'));
    const { status, error } = await watched(['keys', 'list', '--data', empty]);
    expect(status).toBe(1);
    expect(error).toContain('name the data folder by --data or ALCOVE_DATA');
    expect(readdirSync(empty)).toEqual([]);
    rmSync(empty, { recursive: true });
  });

  it('no key is printed a second time: not by commands, nor in their errors, nor by the server', async () => {
    const { text } = { text: key.split('_').slice(2).join('_') };
    const wrong = `${key}x`;
    const refused = await search({ ALCOVE_API_KEY: wrong });
    expect(refused.error).toContain('This key is not known here');
    await search({}, '--key', 'a key with blanks');
    await watched(['search', '--help'], { ALCOVE_API_KEY: key });
    await watched(['search', 'manuals', 'x', '--url', 'http://127.0.0.1:1', '--key', key]);
    await watched(['search', 'manuals', 'x', '--url', 'no address', '--key', key]);
    const all = [...printed, server.output.out, server.output.error].join('\n');
    expect(server.output.error + server.output.out).toContain('/graphql');
    for (const secret of [text, ADMIN_KEY, 'a key with blanks']) expect(all).not.toContain(secret);
  });
});
