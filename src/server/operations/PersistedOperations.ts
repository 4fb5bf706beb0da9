import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HttpError } from '../HttpError.ts';
import { BoundedCache } from './BoundedCache.ts';
import type { RegisteredOperations } from './registeredOperations.ts';

/** Texts that one thread remembers by their hash. */
const MAX_REMEMBERED = 10_000;
const REMEMBERED_BYTES = 16 * 1_024 * 1_024;
/** A character of a text, and what is kept beside it. */
const BYTES_PER_CHARACTER = 2;
const BYTES_BESIDE = 256;

/** Why a request goes without what it asks for, in the words that clients look for. */
const NOT_FOUND = { message: 'PersistedQueryNotFound', code: 'PERSISTED_QUERY_NOT_FOUND' } as const;

/** What Apollo's clients send as an extension; registered operations may have ids of other forms. */
const PERSISTED_QUERY = z.object({ version: z.literal(1), sha256Hash: z.string().min(1).max(1_024) });

/**
 * Operations that are asked for by a hash in place of their text: automatic ones, which a client sends once together with
 * their SHA-256 (https://www.apollographql.com/docs/apollo-server/performance/apq), and registered ones, which the server
 * has read from a file. One for each thread; a client whose thread does not know a hash is told so, and sends the text.
 */
export class PersistedOperations {
  readonly #registered: RegisteredOperations;
  readonly #isRegisteredOnly: boolean;
  readonly #remembered = new BoundedCache<string>({ entries: MAX_REMEMBERED, bytes: REMEMBERED_BYTES });

  constructor(registered: RegisteredOperations, isRegisteredOnly: boolean) {
    this.#registered = registered;
    this.#isRegisteredOnly = isRegisteredOnly;
  }

  /**
   * The text of the operation that a request asks for: as it was sent, or what its hash stands for. Undefined where neither
   * was sent.
   * @throws HttpError 400 for a hash of another text, 403 for what is not registered where that is needed; 200 with
   *   PERSISTED_QUERY_NOT_FOUND for a hash that is not known, as clients expect it.
   */
  textOf(query: unknown, extensions: unknown): unknown {
    const hash = hashIn(extensions);
    const text = hash === undefined || isGiven(query) ? query : this.#known(hash);
    if (this.#isRegisteredOnly && isGiven(text) && !this.#registered.texts.has(text as string))
      throw notRegistered();
    if (hash !== undefined && typeof query === 'string' && query !== '') this.#remember(hash, query);
    return text;
  }

  #known(hash: string): string {
    const text = this.#registered.byId.get(hash) ?? this.#remembered.get(hash.toLowerCase());
    if (text !== undefined) return text;
    if (this.#isRegisteredOnly) throw notRegistered();
    throw new HttpError(200, NOT_FOUND.message, { code: NOT_FOUND.code });
  }

  #remember(hash: string, text: string): void {
    if (this.#registered.byId.get(hash) === text || this.#remembered.get(hash.toLowerCase()) === text) return;
    if (createHash('sha256').update(text).digest('hex') !== hash.toLowerCase())
      throw new HttpError(400, `"sha256Hash" is ${hash.slice(0, 64)}, which is not the SHA-256 of "query"`);
    this.#remembered.set(hash.toLowerCase(), text, text.length * BYTES_PER_CHARACTER + BYTES_BESIDE);
  }
}

/** The hash that a request has among its extensions. @throws HttpError 400 */
function hashIn(extensions: unknown): string | undefined {
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions))
    return undefined;
  const parsed = PERSISTED_QUERY.safeParse(extensions.persistedQuery);
  if (parsed.success) return parsed.data.sha256Hash;
  throw new HttpError(400, '"extensions.persistedQuery" is not {"version":1,"sha256Hash":"…"}');
}

function isGiven(query: unknown): boolean {
  return query !== undefined && query !== null && query !== '';
}

function notRegistered(): HttpError {
  return new HttpError(403, 'only registered operations are answered here, and this is none of them');
}
