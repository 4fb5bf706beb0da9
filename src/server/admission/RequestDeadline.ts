import { AlcoveError } from '../../errors.ts';
import { readUntil } from '../../store/readUntil.ts';

/** How long one operation may take, and the signal by which whatever works for it learns that it is over, or that the client has gone. */
export class RequestDeadline {
  readonly #timeoutMs: number;
  readonly #controller = new AbortController();
  readonly #at: number;
  #isPassed = false;

  /** @param client aborts when the client goes away */
  constructor(timeoutMs: number, client: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#at = Date.now() + timeoutMs;
    if (client.aborted) this.#controller.abort(clientGone());
    // Both signals are of this request alone and go with it. (A listener that another signal removes is held weakly by
    // Node, and doubles what a request leaves to the garbage collector.)
    else client.addEventListener('abort', () => this.#controller.abort(clientGone()), { once: true });
  }

  /** Aborts when time is up, with the TimeoutError as its reason, or when the client goes away, with a CancelledError. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** @throws AlcoveError TimeoutError; also while a busy event loop has kept the signal from being told. */
  check(): void {
    if (this.#isPassed || Date.now() >= this.#at) throw this.#timedOut();
  }

  /** Runs what reads from the store, which ends when time is up. @throws AlcoveError TimeoutError */
  read<T>(read: () => T): T {
    this.check();
    return readUntil(this.#at, () => this.#timedOut(), read);
  }

  /**
   * What `work` resolves to, if it does in time.
   * @throws AlcoveError TimeoutError as soon as time is up; the work is told by the signal.
   */
  bound<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const error = this.#timedOut();
        this.#isPassed = true;
        reject(error);
        this.#controller.abort(error);
      }, this.#at - Date.now());
      this.#inTime(work).then(
        (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        (error) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  }

  async #inTime<T>(work: () => T | Promise<T>): Promise<T> {
    const result = await work();
    this.check();
    return result;
  }

  #timedOut(): AlcoveError {
    return new AlcoveError(
      'TimeoutError',
      `The request was stopped after ${this.#timeoutMs} ms, which is as long as this server works on one. Ask for less at once.`,
      { detail: { got: `more than ${this.#timeoutMs} ms`, expected: `${this.#timeoutMs} ms` } },
    );
  }
}

/** What work is ended by, and may throw: no fault of ours that the log should tell. */
function clientGone(): AlcoveError {
  return new AlcoveError('CancelledError', 'The client went away before it had its answer.');
}
