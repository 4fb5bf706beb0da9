import { timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';
import { AlcoveError } from '../errors.ts';
import { type ApiKey, isUsable, type KeyStore } from './KeyStore.ts';
import { hashOf, parseKey } from './keyText.ts';
import { ANYONE, type Principal } from './Principal.ts';

/** Who may come in. */
export interface Access {
  /**
   * Who sends these credentials: what an `Authorization` header holds, or undefined without one.
   * @throws AlcoveError UnauthenticatedError
   */
  principalOf(authorization: string | undefined): Principal;
  /** Whether somebody who was let in may stay: their key has neither been revoked nor expired. */
  mayStay(principal: Principal): boolean;
}

/** For servers that ask nobody for a key, and know none. */
export const OPEN_ACCESS: Access = { principalOf: () => ANYONE, mayStay: () => true };

/** The key that comes from the environment. */
const ENVIRONMENT_KEY: Principal = {
  keyId: 'environment',
  name: 'ALCOVE_ADMIN_KEY',
  role: 'ADMIN',
  libraries: 'ALL',
};
/** Stands in for the hash of a key that there is not, so that it is answered as late as a wrong secret. */
const NO_HASH = Buffer.alloc(32);
const BEARER = /^Bearer +(\S+) *$/i;

export interface AuthenticatorOptions {
  readonly auth: Config['auth'];
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Verifies keys against the store, at every request. A key that is presented has to be right, also where none is asked for. */
export class Authenticator implements Access {
  readonly #store: Pick<KeyStore, 'find'>;
  readonly #isRequired: boolean;
  readonly #adminHash: Buffer | undefined;
  readonly #clock: () => number;
  readonly #principals = new Map<string, Principal>();

  constructor(store: Pick<KeyStore, 'find'>, { auth, clock = Date.now }: AuthenticatorOptions) {
    this.#store = store;
    this.#isRequired = auth.isRequired;
    this.#adminHash = auth.adminKey === undefined ? undefined : hashOf(auth.adminKey);
    this.#clock = clock;
  }

  principalOf(authorization: string | undefined): Principal {
    if (authorization === undefined) {
      if (!this.#isRequired) return ANYONE;
      throw refused('This server asks for a key: send the header "Authorization: Bearer KEY".');
    }
    const [, text] = BEARER.exec(authorization) ?? [];
    if (text === undefined) throw refused('Got credentials of another form; expected "Bearer KEY".');
    const parts = parseKey(text);
    const hash = hashOf(parts?.secret ?? text);
    const isAdmin = this.#adminHash !== undefined && timingSafeEqual(hashOf(text), this.#adminHash);
    const found = parts && this.#find(parts.id);
    const isRight = timingSafeEqual(hash, found?.hash ?? NO_HASH);
    if (isAdmin) return ENVIRONMENT_KEY;
    if (!found || !isRight)
      throw refused('This key is not known here; alcove keys list shows those that are.');
    const { key } = found;
    if (!isUsable(key, this.#clock())) throw refused(endOf(key));
    return this.#principal(key);
  }

  mayStay({ keyId }: Principal): boolean {
    if (keyId === null || keyId === ENVIRONMENT_KEY.keyId) return true;
    const found = this.#find(keyId);
    return found !== undefined && isUsable(found.key, this.#clock());
  }

  #find(id: string): ReturnType<KeyStore['find']> {
    try {
      return this.#store.find(id);
    } catch (cause) {
      const message = 'The keys cannot be read, so nobody is let in. The log says more.';
      throw new AlcoveError('StoreUnavailableError', message, { cause });
    }
  }

  #principal(key: ApiKey): Principal {
    const known = this.#principals.get(key.id);
    if (known) return known;
    const { id: keyId, name, role, libraries } = key;
    const principal: Principal = { keyId, name, role, libraries: libraries ? new Set(libraries) : 'ALL' };
    this.#principals.set(keyId, principal);
    return principal;
  }
}

/** What is told to somebody whose key has ended while they were served. */
export function keyEnded(): AlcoveError {
  return refused('The key was revoked, or has expired. Ask for another.');
}

function endOf({ id, revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== null) return `The key ${id} was revoked. Ask for another.`;
  return `The key ${id} expired at ${new Date(expiresAt ?? 0).toISOString()}. Ask for another.`;
}

function refused(message: string): AlcoveError {
  return new AlcoveError('UnauthenticatedError', message);
}
