import { existsSync, mkdirSync } from 'node:fs';
import { type ApiKey, isUsable, KeyStore } from '../access/KeyStore.ts';
import type { Role } from '../access/Principal.ts';
import { parseConfig } from '../config.ts';
import { findByIdOrName } from '../library/lookup.ts';
import { Database } from '../store/Database.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { findLibrary } from '../store/libraries.ts';
import { CommandError } from './CommandError.ts';

export interface KeyOptions {
  readonly role: Lowercase<Role>;
  readonly library?: readonly string[];
  readonly expires?: string;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const ROLES: Readonly<Record<KeyOptions['role'], Role>> = { read: 'READ', write: 'WRITE', admin: 'ADMIN' };

/** Makes a key. Standard output has the key alone, so that it can be put into a variable; the rest is said beside it. */
export function createKey(
  environment: NodeJS.ProcessEnv,
  name: string,
  { role, library, expires }: KeyOptions,
): void {
  const { dataPath } = parseConfig(environment);
  const libraries = library === undefined ? null : librariesNamed(dataPath, library);
  const expiresAt = expires === undefined ? null : endOf(expires, Date.now());
  mkdirSync(dataPath, { recursive: true });
  const { key, text } = withStore(dataPath, (store) =>
    store.create({ name, role: ROLES[role], libraries, expiresAt }),
  );
  process.stdout.write(`${text}\n`);
  process.stderr.write(
    `the key ${key.id} (${name}): ${scopeOf(key)}; ends ${timeOf(key.expiresAt) ?? 'never'}. It is not shown again.\n`,
  );
}

/** Prints all keys, the oldest first. */
export function listKeys(environment: NodeJS.ProcessEnv, asJson: boolean): void {
  const keys = withStore(folderWithKeys(environment), (store) => store.list());
  if (asJson) return void process.stdout.write(`${JSON.stringify(keys, null, 2)}\n`);
  const rows = keys.map((key) => [key.id, key.name, scopeOf(key), stateOf(key)]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  '));
  process.stdout.write(lines.length === 0 ? 'no keys\n' : `${lines.join('\n')}\n`);
}

export function revokeKey(environment: NodeJS.ProcessEnv, idOrName: string): void {
  const key = withStore(folderWithKeys(environment), (store) => store.revoke(idOrName));
  process.stdout.write(`the key ${key.id} (${key.name}) is revoked\n`);
}

/** @throws CommandError */
function folderWithKeys(environment: NodeJS.ProcessEnv): string {
  const { dataPath } = parseConfig(environment);
  if (!existsSync(dataFolder.keys(dataPath))) {
    throw new CommandError(`no keys in ${dataPath}; name the data folder by --data or ALCOVE_DATA`);
  }
  return dataPath;
}

function withStore<T>(dataPath: string, use: (store: KeyStore) => T): T {
  const store = KeyStore.open(dataFolder.keys(dataPath));
  try {
    return use(store);
  } finally {
    store.close();
  }
}

/** Their ids. A key keeps to ids: a library that is renamed is still its own, another of its name is not. */
function librariesNamed(dataPath: string, names: readonly string[]): string[] {
  const path = dataFolder.database(dataPath);
  const missing = (name: string) =>
    new CommandError(`there is no library ${name} in ${dataPath}; make it first, or see --data`);
  if (!existsSync(path)) throw missing(names[0] ?? '');
  const database = Database.open(path, 'READ_ONLY');
  try {
    const ids = names.map((name) => {
      const found = findByIdOrName(name, (by) => findLibrary(database, by));
      if (found === undefined) throw missing(name);
      return found.id;
    });
    return [...new Set(ids)];
  } finally {
    database.close();
  }
}

/** Milliseconds since the epoch. @throws CommandError */
function endOf(text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return now + Number(count) * (UNIT_MS[unit] ?? 0);
  const date = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date)) {
    throw new CommandError(`--expires ${text}: expected 30m, 12h, 90d, or a date such as 2027-01-31`);
  }
  return date;
}

function scopeOf({ role, libraries }: ApiKey): string {
  return `${role.toLowerCase()}, ${libraries === null ? 'all libraries' : libraries.join(' ')}`;
}

function stateOf(key: ApiKey): string {
  if (key.revokedAt !== null) return `revoked ${timeOf(key.revokedAt)}`;
  const end = timeOf(key.expiresAt);
  if (!isUsable(key, Date.now())) return `expired ${end}`;
  return end === undefined ? 'good' : `good until ${end}`;
}

function timeOf(at: number | null): string | undefined {
  return at === null ? undefined : new Date(at).toISOString();
}
