import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import { readUntil } from '../store/readUntil.ts';

/** A caller's patience: a time that runs out, or a client that goes away. */
export class Deadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly #timeoutMs: number;
  readonly #clock: () => number;
  readonly #signal: AbortSignal | undefined;

  constructor(timeoutMs: number, clock: () => number, signal?: AbortSignal) {
    this.at = clock() + timeoutMs;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** @throws AlcoveError TimeoutError when the time is over, CancelledError when the client is gone. */
  check(doing: string): void {
    if (this.#signal?.aborted) throw this.#cancelled(doing);
    if (this.#clock() >= this.at) throw this.#timedOut(doing);
  }

  /** What `work` resolves to, or the error of {@link check} as soon as it is due; `work` is told by its signal. */
  async bound<T>(doing: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.check(doing);
    const controller = new AbortController();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const end = (error: AlcoveError) => {
      reject(error);
      controller.abort(error);
    };
    const timer = setTimeout(() => end(this.#timedOut(doing)), this.at - this.#clock());
    const onAbort = () => end(this.#cancelled(doing));
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work(controller.signal), ended]);
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Reads from the store, not beyond the time. @throws AlcoveError as {@link check} does */
  read<T>(doing: string, read: () => T): T {
    this.check(doing);
    return readUntil(this.at, () => this.#timedOut(doing), read);
  }

  /** Lets others have their turn, and hears whether the client has gone. @throws AlcoveError as {@link check} does */
  async giveWay(doing: string): Promise<void> {
    await nextTurn();
    this.check(doing);
  }

  #timedOut(doing: string): AlcoveError {
    return new AlcoveError(
      'TimeoutError',
      `The search was stopped ${doing}, after ${this.#timeoutMs} ms: try again, or allow more time with timeoutMs.`,
      { detail: { got: `more than ${this.#timeoutMs} ms`, expected: `${this.#timeoutMs} ms`, phase: doing } },
    );
  }

  #cancelled(doing: string): AlcoveError {
    // What aborts may be the time that the server gives to a whole request.
    const { reason } = this.#signal ?? {};
    if (reason instanceof AlcoveError && reason.kind === 'TimeoutError') return reason;
    return new AlcoveError('CancelledError', `The search was cancelled ${doing}.`, {
      cause: reason,
    });
  }
}
