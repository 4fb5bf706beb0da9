/** The server cannot start; the message is the one line to print, and says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
