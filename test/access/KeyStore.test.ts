import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Authenticator } from '../../src/access/Authenticator.ts';
import { type KeyDraft, KeyStore } from '../../src/access/KeyStore.ts';
import { parseConfig } from '../../src/config.ts';
import { AlcoveError } from '../../src/errors.ts';

const NOW = 1_800_000_000_000;
const DRAFT: KeyDraft = { name: 'website', role: 'READ', libraries: null, expiresAt: null };
const ADMIN_KEY = '0123456789abcdef0123456789abcdef';

let folder: string;
let path: string;
let store: KeyStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-keys-'));
  path = join(folder, 'keys.db');
  store = KeyStore.open(path);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function refusal(work: () => unknown): AlcoveError {
  try {
    work();
  } catch (error) {
    if (error instanceof AlcoveError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the keys of a data folder', () => {
  it('are kept without their secrets, in a file that its owner alone may read', () => {
    const { text } = store.create(DRAFT);
    const secret = text.split('_').slice(2).join('_');
    store.close();
    expect(readFileSync(path).includes(secret)).toBe(false);
    expect(statSync(path).mode & 0o077).toBe(0);
    store = KeyStore.open(path);
    expect(JSON.stringify(store.list())).not.toContain(secret);
    expect(store.list()).toMatchObject([{ ...DRAFT, revokedAt: null }]);
  });

  it('are all different, also those of one name that was given up', () => {
    const first = store.create(DRAFT);
    expect(refusal(() => store.create(DRAFT)).kind).toBe('NameTakenError');
    store.revoke('website');
    const second = store.create(DRAFT);
    expect(second.text).not.toBe(first.text);
    expect(store.list().map(({ revokedAt }) => revokedAt !== null)).toEqual([true, false]);
  });

  it('are revoked by id or name, once; what is not there cannot be', () => {
    const { key } = store.create(DRAFT);
    expect(store.revoke(key.id, NOW).revokedAt).toBe(NOW);
    expect(store.revoke(key.id, NOW + 1).revokedAt).toBe(NOW);
    expect(refusal(() => store.revoke('website')).kind).toBe('NodeNotFoundError');
  });

  it('need a name, and an end that is to come', () => {
    expect(refusal(() => store.create({ ...DRAFT, name: '' })).kind).toBe('InvalidArgumentError');
    expect(refusal(() => store.create({ ...DRAFT, expiresAt: NOW }, NOW)).kind).toBe('InvalidArgumentError');
  });

  it('are not looked for in a file of something else', () => {
    const other = join(folder, 'other.db');
    const database = new DatabaseSync(other);
    database.exec('PRAGMA application_id = 7; CREATE TABLE t (x)');
    database.close();
    expect(() => KeyStore.open(other)).toThrow(/no file of keys/);
  });
});

describe('who presents a key', () => {
  const authenticator = (environment: Record<string, string> = { ALCOVE_AUTH: 'required' }, now = NOW) =>
    new Authenticator(store, { ...parseConfig(environment), clock: () => now });
  const said = (authorization: string | undefined, now = NOW) =>
    refusal(() => authenticator(undefined, now).principalOf(authorization)).message;

  it('is its holder, with its role and libraries', () => {
    const { key, text } = store.create({ ...DRAFT, role: 'WRITE', libraries: ['lib_a'] }, NOW);
    const found = authenticator().principalOf(`Bearer ${text}`);
    expect(found).toEqual({ keyId: key.id, name: 'website', role: 'WRITE', libraries: new Set(['lib_a']) });
  });

  it('is refused with another secret, id or form, and without one', () => {
    const { text } = store.create(DRAFT, NOW);
    const { text: other } = store.create({ ...DRAFT, name: 'other' }, NOW);
    const mixed = `${text.slice(0, 20)}${other.slice(20)}`;
    for (const wrong of [mixed, `${text}x`, text.slice(0, -1), text.toUpperCase(), 'alcove_', 'secret']) {
      expect(said(`Bearer ${wrong}`)).toContain('not known here');
    }
    for (const form of ['', text, `Basic ${text}`, `Bearer ${text} ${text}`])
      expect(said(form)).toContain('Bearer');
    expect(said(undefined)).toContain('asks for a key');
  });

  it('is refused from the moment it is revoked or expires, and may not stay', () => {
    const { key, text } = store.create({ ...DRAFT, expiresAt: NOW + 10 }, NOW);
    const principal = authenticator().principalOf(`Bearer ${text}`);
    expect(said(`Bearer ${text}`, NOW + 10)).toContain('expired');
    expect(authenticator(undefined, NOW + 10).mayStay(principal)).toBe(false);
    expect(authenticator().mayStay(principal)).toBe(true);
    const elsewhere = KeyStore.open(path);
    elsewhere.revoke(key.id);
    elsewhere.close();
    expect(said(`Bearer ${text}`)).toContain('revoked');
    expect(authenticator().mayStay(principal)).toBe(false);
  });

  it('is refused also where none is asked for, if it is wrong', () => {
    const open = authenticator({});
    expect(open.principalOf(undefined)).toMatchObject({ keyId: null, role: 'ADMIN' });
    expect(refusal(() => open.principalOf('Bearer secret')).kind).toBe('UnauthenticatedError');
  });

  it('may present the one of the environment', () => {
    const admin = authenticator({ ALCOVE_AUTH: 'required', ALCOVE_ADMIN_KEY: ADMIN_KEY });
    const principal = admin.principalOf(`Bearer ${ADMIN_KEY}`);
    expect(principal).toMatchObject({ role: 'ADMIN', libraries: 'ALL' });
    expect(admin.mayStay(principal)).toBe(true);
    expect(refusal(() => admin.principalOf(`Bearer ${ADMIN_KEY}0`)).kind).toBe('UnauthenticatedError');
  });
});

describe('the key of the environment', () => {
  it.each(['secret', 'changeme', 'a'.repeat(64), 'secretsecretsecretsecretsecretsecret'])(
    'is not %s',
    (key) => {
      expect(() => parseConfig({ ALCOVE_ADMIN_KEY: key })).toThrow(
        /ALCOVE_ADMIN_KEY=…: expected at least 32/,
      );
    },
  );
});
