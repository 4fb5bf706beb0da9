import { AlcoveError } from '../errors.ts';

interface Waiter {
  readonly revision: number;
  settle(error?: unknown): void;
}

/** The last revision that a thread has heard of, and those who wait for a later one. */
export class RevisionClock {
  readonly #waiters = new Set<Waiter>();
  #revision: number;

  constructor(revision: number) {
    this.#revision = revision;
  }

  get revision(): number {
    return this.#revision;
  }

  advance(revision: number): void {
    this.#revision = Math.max(this.#revision, revision);
    for (const waiter of this.#waiters) if (waiter.revision <= this.#revision) waiter.settle();
  }

  /**
   * Resolves when the revision has been reached.
   * @throws AlcoveError TimeoutError when `deadline` (ms since the epoch) passes first, CancelledError on abort.
   */
  wait(
    revision: number,
    { deadline, signal }: { readonly deadline: number; readonly signal?: AbortSignal },
  ): Promise<void> {
    if (revision <= this.#revision) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => waiter.settle(aborted());
    const timer = setTimeout(() => waiter.settle(this.#timedOut(revision)), deadline - Date.now());
    const waiter: Waiter = {
      revision,
      settle: (error) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#waiters.delete(waiter);
        if (error === undefined) resolve();
        else reject(error);
      },
    };
    this.#waiters.add(waiter);
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
    return promise;
  }

  /** No revision will come any more. */
  close(error: unknown): void {
    for (const waiter of this.#waiters) waiter.settle(error);
  }

  #timedOut(revision: number): AlcoveError {
    return new AlcoveError(
      'TimeoutError',
      `Revision ${revision} was not reached in time; the last one here is ${this.#revision}. Try again later.`,
      { path: ['minRevision'], detail: { got: this.#revision, expected: revision } },
    );
  }
}

function aborted(): AlcoveError {
  return new AlcoveError('CancelledError', 'The request was cancelled while it waited for a revision.');
}
