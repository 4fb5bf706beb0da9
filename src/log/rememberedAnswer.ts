import type { Database } from '../store/Database.ts';
import { findAnswer, ownedKey } from '../store/idempotency.ts';
import type { Entry } from './CommandLog.ts';
import { idempotencyConflict, invalidKey, MAX_IDEMPOTENCY_KEY_LENGTH } from './refusals.ts';

/**
 * The answer that an idempotency key already has, or undefined. `now` is in milliseconds since the epoch.
 * @throws AlcoveError InvalidArgumentError for what is no key, IdempotencyConflictError where it stands for another command.
 */
export function rememberedAnswer<Result>(
  database: Database,
  { key, fingerprint, owner }: NonNullable<Entry<unknown>['idempotency']>,
  now: number,
): Result | undefined {
  if (key.length === 0 || key.length > MAX_IDEMPOTENCY_KEY_LENGTH || !key.isWellFormed()) {
    throw invalidKey(key);
  }
  const answer = findAnswer(database, ownedKey(key, owner), now);
  if (answer === undefined) return undefined;
  if (answer.fingerprint !== fingerprint) throw idempotencyConflict(key);
  return JSON.parse(answer.result) as Result;
}
