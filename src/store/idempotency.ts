import type { Database } from './Database.ts';

/** How long an idempotency key is remembered. */
export const IDEMPOTENCY_TTL_MS = 24 * 60 * 60 * 1_000;
/** Expired keys that one transaction forgets, so that it stays short. */
const MAX_PURGED_KEYS = 1_000;

/** What was answered to the first command with a key; `result` is JSON. */
interface RememberedAnswer {
  readonly fingerprint: string;
  readonly result: string;
}

/** A key as it is kept. The ids of owners are of one length, so that no two of them can mean the same. */
export function ownedKey(key: string, owner: string | undefined): string {
  return owner === undefined ? key : `${owner}\0${key}`;
}

/** What a key stands for, unless it is older than {@link IDEMPOTENCY_TTL_MS}. */
export function findAnswer(database: Database, key: string, now: number): RememberedAnswer | undefined {
  return database.get<RememberedAnswer>(
    'SELECT fingerprint, result FROM idempotency WHERE key = ? AND created_at > ?',
    key,
    now - IDEMPOTENCY_TTL_MS,
  );
}

/** Remembers an answer; an expired one under the same key gives way. */
export function rememberAnswer(database: Database, key: string, answer: RememberedAnswer, now: number): void {
  database.run(
    'INSERT OR REPLACE INTO idempotency (key, fingerprint, result, created_at) VALUES (?, ?, ?, ?)',
    key,
    answer.fingerprint,
    answer.result,
    now,
  );
}

/** Forgets some of the expired keys. */
export function purgeAnswers(database: Database, now: number): void {
  database.run(
    `DELETE FROM idempotency WHERE key IN
       (SELECT key FROM idempotency WHERE created_at <= ? ORDER BY created_at LIMIT ${MAX_PURGED_KEYS})`,
    now - IDEMPOTENCY_TTL_MS,
  );
}
