/** A command that cannot be carried out; the message is the one line to print. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
