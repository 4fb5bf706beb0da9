import type { Entry } from '../log/CommandLog.ts';
import { rememberedAnswer } from '../log/rememberedAnswer.ts';
import type { Database } from '../store/Database.ts';
import type { Command, CommandOutcome } from './Writer.ts';

/**
 * What the writer has answered to an idempotency key, read by a thread of its own accord; undefined if it has not.
 * @throws AlcoveError InvalidArgumentError for what is no key, IdempotencyConflictError where it stands for another command.
 */
export function rememberedOutcome(
  database: Database,
  idempotency: NonNullable<Entry<Command>['idempotency']>,
): CommandOutcome | undefined {
  return rememberedAnswer<CommandOutcome>(database, idempotency, Date.now());
}
