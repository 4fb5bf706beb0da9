import type { Command, CommandOutcome } from '../writer/Writer.ts';
import type { Context } from './Context.ts';
import { fingerprint } from './fingerprint.ts';

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
  if (key === null || key === undefined) return context.writer.submit({ command: await makeCommand() });
  const idempotency = { key, fingerprint: await fingerprint(operation, rest) };
  const remembered = context.rememberedOutcome(idempotency);
  // An outcome that is not searchable yet is answered in its turn, by the log.
  if (remembered && remembered.revision <= context.writer.appliedRevision()) return remembered;
  return context.writer.submit({ command: await makeCommand(), idempotency });
}
