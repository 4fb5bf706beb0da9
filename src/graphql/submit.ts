import { isReembedded } from '../library/vectorSet.ts';
import type { Entry } from '../log/CommandLog.ts';
import type { Command, CommandOutcome } from '../writer/Writer.ts';
import type { Context } from './Context.ts';
import { fingerprint } from './fingerprint.ts';

/** How often a command is made while its library changes its model. */
const MAX_ATTEMPTS = 5;

/** What `idempotencyKey` means, said the same way on every mutation. */
export const IDEMPOTENCY_KEY =
  'Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"`';

/**
 * Sends a mutation's command to the writer, under the caller's idempotency key if there is one. A key that has been
 * answered is answered again before anything is looked up or embedded, since the first time may have changed what it
 * would find. Commands name their parts as inputs do, so paths of errors are right as seen from the input.
 * @throws AlcoveError the command's refusal, or what `makeCommand` throws.
 */
export async function submit(
  context: Context,
  operation: string,
  input: { readonly idempotencyKey?: string | null | undefined },
  makeCommand: () => Command | Promise<Command>,
): Promise<CommandOutcome> {
  const { idempotencyKey: key, ...rest } = input;
  if (key === null || key === undefined) return submitMade(context, makeCommand, {});
  const idempotency = { key, fingerprint: await fingerprint(operation, rest) };
  const remembered = context.rememberedOutcome(idempotency);
  // An outcome that is not searchable yet is answered in its turn, by the log.
  if (remembered && remembered.revision <= context.writer.appliedRevision()) return remembered;
  return submitMade(context, makeCommand, { idempotency });
}

/** What was embedded by a model that its library has changed from meanwhile is embedded again. */
async function submitMade(
  { writer }: Context,
  makeCommand: () => Command | Promise<Command>,
  entry: Omit<Entry<Command>, 'command'>,
): Promise<CommandOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writer.submit({ ...entry, command: await makeCommand() });
    } catch (error) {
      if (!isReembedded(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
