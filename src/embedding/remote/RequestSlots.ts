import type { EmbeddingMode } from '../Embedder.ts';

interface Waiting {
  readonly start: () => void;
}

/** So many requests may be under way at a provider at once. Others wait in their order, queries before documents. */
export class RequestSlots {
  readonly #queues: Readonly<Record<EmbeddingMode, Set<Waiting>>> = { QUERY: new Set(), DOCUMENT: new Set() };
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** Does `work` when there is a slot for it. @throws the signal's reason if it aborts before that. */
  async run<T>(mode: EmbeddingMode, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#take(mode, signal);
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  async #take(mode: EmbeddingMode, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { start: resolve };
    const queue = this.#queues[mode];
    const onAbort = () => {
      queue.delete(waiting);
      reject(signal.reason);
    };
    queue.add(waiting);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Hands the slot to the next in line. */
  #release(): void {
    for (const queue of [this.#queues.QUERY, this.#queues.DOCUMENT]) {
      for (const next of queue) {
        queue.delete(next);
        next.start();
        return;
      }
    }
    this.#free++;
  }
}
