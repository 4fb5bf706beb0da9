import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { AlcoveError } from '../errors.ts';
import { checkText, invalidArgument } from '../library/checks.ts';
import { formatKey, hashOf, newKey } from './keyText.ts';
import type { Role } from './Principal.ts';

const APPLICATION_ID = 0x414c_4b59;
const VERSION = 1;
/** A request must not wait long for the one who makes or revokes a key. */
const BUSY_TIMEOUT_MS = 1_000;
const MAX_NAME_LENGTH = 100;
/** Read by its owner alone. */
const FILE_MODE = 0o600;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('READ', 'WRITE', 'ADMIN')),
    libraries TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS keys_by_name ON keys (name) WHERE revoked_at IS NULL`;
const COLUMNS = `id, name, role, libraries, created_at AS createdAt, expires_at AS expiresAt, revoked_at AS revokedAt`;

/** A key as it is kept: all of it but the secret. Of what it says only `revokedAt` ever changes. */
export interface ApiKey {
  readonly id: string;
  /** Unique among those that are not revoked. */
  readonly name: string;
  readonly role: Role;
  /** Ids of the libraries that it is limited to; null: all. */
  readonly libraries: readonly string[] | null;
  /** Milliseconds since the epoch, as the others. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** Of a key that is to be. */
export interface KeyDraft extends Pick<ApiKey, 'name' | 'role' | 'libraries' | 'expiresAt'> {}

interface Row extends Omit<ApiKey, 'libraries'> {
  /** JSON. */
  readonly libraries: string | null;
}

/** The file of keys is not one, or of a newer Alcove. */
export class KeyStoreError extends Error {
  override readonly name = 'DatabaseOpenError';
}

/**
 * The keys of a data folder, in a file of their own: the command line changes it whether a server runs or not, and
 * servers read it at every request, so that what is revoked is refused from the next request on.
 */
export class KeyStore {
  readonly #connection: DatabaseSync;
  readonly #find: StatementSync;

  private constructor(connection: DatabaseSync) {
    this.#connection = connection;
    this.#find = connection.prepare(`SELECT ${COLUMNS}, hash FROM keys WHERE id = ?`);
  }

  /** Opens the file, or makes it. @throws KeyStoreError */
  static open(path: string): KeyStore {
    let connection: DatabaseSync | undefined;
    try {
      if (!existsSync(path)) closeSync(openSync(path, 'a', FILE_MODE));
      connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
      connection.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
      prepareFile(connection, path);
      return new KeyStore(connection);
    } catch (error) {
      connection?.close();
      if (error instanceof KeyStoreError) throw error;
      throw new KeyStoreError(`${path}, the file of keys, cannot be opened: ${String(error)}`, {
        cause: error,
      });
    }
  }

  /**
   * Makes a key. `text` is the only copy of its secret that there will ever be.
   * @throws AlcoveError NameTakenError, InvalidArgumentError
   */
  create(draft: KeyDraft, now: number = Date.now()): { readonly key: ApiKey; readonly text: string } {
    const { name, role, libraries, expiresAt } = draft;
    checkText('the name of a key', name, { minLength: 1, maxLength: MAX_NAME_LENGTH }, ['name']);
    if (expiresAt !== null && expiresAt <= now) {
      const got = new Date(expiresAt).toISOString();
      throw invalidArgument('the end of a key', got, 'a time to come', ['expires']);
    }
    if (this.#usableByName(name)) throw nameTaken(name);
    const parts = newKey();
    const key: ApiKey = {
      id: parts.id,
      name,
      role,
      libraries,
      createdAt: now,
      expiresAt,
      revokedAt: null,
    };
    this.#connection
      .prepare(
        'INSERT INTO keys (id, name, hash, role, libraries, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(key.id, name, hashOf(parts.secret), role, libraries && JSON.stringify(libraries), now, expiresAt);
    return { key, text: formatKey(parts) };
  }

  /** All keys, revoked and expired ones, too; the oldest first. */
  list(): ApiKey[] {
    return this.#connection
      .prepare(`SELECT ${COLUMNS} FROM keys ORDER BY created_at, id`)
      .all()
      .map((row) => toKey(row as unknown as Row));
  }

  /** Revokes a key by its id, or by the name of one that is not revoked. @throws AlcoveError NodeNotFoundError */
  revoke(idOrName: string, now: number = Date.now()): ApiKey {
    const found = this.find(idOrName)?.key ?? this.#usableByName(idOrName);
    if (!found) {
      const message = `No key has the id or name ${JSON.stringify(idOrName)}; alcove keys list shows them.`;
      throw new AlcoveError('NodeNotFoundError', message, { detail: { id: idOrName } });
    }
    this.#connection
      .prepare('UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?')
      .run(now, found.id);
    return this.find(found.id)?.key ?? found;
  }

  /** A key and the SHA-256 of its secret. */
  find(id: string): { readonly key: ApiKey; readonly hash: Uint8Array } | undefined {
    const row = this.#find.get(id);
    if (!row || !(row.hash instanceof Uint8Array)) return undefined;
    return { key: toKey(row as unknown as Row), hash: row.hash };
  }

  close(): void {
    this.#connection.close();
  }

  #usableByName(name: string): ApiKey | undefined {
    const row = this.#connection
      .prepare(`SELECT ${COLUMNS} FROM keys WHERE name = ? AND revoked_at IS NULL`)
      .get(name);
    return row && toKey(row as unknown as Row);
  }
}

/** Whether a key lets anybody in. */
export function isUsable({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

function prepareFile(connection: DatabaseSync, path: string): void {
  const version = pragma(connection, 'user_version');
  const applicationId = pragma(connection, 'application_id');
  if (version === VERSION && applicationId === APPLICATION_ID) return;
  if (version > VERSION || (applicationId !== APPLICATION_ID && applicationId !== 0)) {
    throw new KeyStoreError(
      `${path} is no file of keys of this version of Alcove; update Alcove, or move it away.`,
    );
  }
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  connection.exec(
    `BEGIN IMMEDIATE; ${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}; COMMIT`,
  );
}

function pragma(connection: DatabaseSync, name: string): number {
  return Number(connection.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function toKey({ libraries, id, name, role, createdAt, expiresAt, revokedAt }: Row): ApiKey {
  const limits = libraries === null ? null : (JSON.parse(libraries) as string[]);
  return { id, name, role, libraries: limits, createdAt, expiresAt, revokedAt };
}

function nameTaken(name: string): AlcoveError {
  const message = `A key named ${JSON.stringify(name)} exists already. Choose another name, or revoke that one first.`;
  return new AlcoveError('NameTakenError', message, { path: ['name'], detail: { name } });
}
