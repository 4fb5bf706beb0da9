import { AlcoveError } from '../errors.ts';
import { commandVectors } from './commandVectors.ts';
import type { Command } from './Writer.ts';

/** Commands of clients that may wait or be at work at once, and the vectors in them. */
const MAX_COMMANDS = 10_000;
const MAX_VECTOR_BYTES = 512 * 2 ** 20;

/** What clients have submitted and has not been answered: bounded, so that a flood of writes costs no memory but theirs. */
export class Backlog {
  #commands = 0;
  #vectorBytes = 0;

  /** Commands that are waiting or at work. */
  get commands(): number {
    return this.#commands;
  }

  /** The vectors in them. */
  get vectorBytes(): number {
    return this.#vectorBytes;
  }

  /**
   * Takes a command in. However large one is, it is taken when nothing else waits.
   * @throws AlcoveError OverloadedError
   */
  take(command: Command): void {
    const bytes = vectorBytes(command);
    const isFull = this.#commands >= MAX_COMMANDS || this.#vectorBytes + bytes > MAX_VECTOR_BYTES;
    if (isFull && this.#commands > 0) throw this.#overloaded();
    this.#commands += 1;
    this.#vectorBytes += bytes;
  }

  /** The command has been answered. */
  giveBack(command: Command): void {
    this.#commands -= 1;
    this.#vectorBytes -= vectorBytes(command);
  }

  #overloaded(): AlcoveError {
    return new AlcoveError(
      'OverloadedError',
      `Nothing was written: ${this.#commands} writes with ${this.#vectorBytes} bytes of vectors are waiting already. ` +
        'Try again a little later, and send fewer at a time.',
      { detail: { got: this.#commands, expected: MAX_COMMANDS } },
    );
  }
}

function vectorBytes(command: Command): number {
  return commandVectors(command)?.vectors.values.byteLength ?? 0;
}
