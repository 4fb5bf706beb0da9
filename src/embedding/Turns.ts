import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkPatience, type Patience } from './patience.ts';

/** The event loop gets its turn after this long. */
const TURN_MS = 4;

/** Gives way to the event loop every few milliseconds, and notices there that the caller has gone or the time is up. */
export class Turns {
  readonly #options: Patience;
  #since = performance.now();

  constructor(options: Patience) {
    this.#options = options;
    checkPatience(options);
  }

  due(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  /** @throws AlcoveError CancelledError, TimeoutError */
  async next(): Promise<void> {
    await nextTurn();
    checkPatience(this.#options);
    this.#since = performance.now();
  }
}
