/** How a subscription treats what its reader has not taken yet. */
export interface SubscriptionOptions<Item> {
  /** The place of the waiting item that need not be told any more because the next says it all; -1 if there is none. */
  readonly outdatedBy: (waiting: readonly Item[], next: Item) => number;
  /** Items that may wait. */
  readonly limit: number;
  /** The error that ends a subscription whose reader has fallen behind; `last` is the last item it will be given. */
  readonly onOverflow: (last: Item) => Error;
  /** Called once, when it has ended from either side. */
  readonly onEnd: () => void;
}

/**
 * A bounded queue between what happens and one reader. The reader iterates; returning the iterator unsubscribes. What
 * waits is still delivered after the end, unless the reader itself has ended it.
 */
export class Subscription<Item> implements AsyncIterableIterator<Item> {
  readonly #options: SubscriptionOptions<Item>;
  readonly #waiting: Item[] = [];
  readonly #readers: PromiseWithResolvers<IteratorResult<Item>>[] = [];
  #hasEnded = false;
  #error: unknown;

  constructor(options: SubscriptionOptions<Item>) {
    this.#options = options;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  push(item: Item): void {
    if (this.#hasEnded) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: item });
      return;
    }
    const outdated = this.#options.outdatedBy(this.#waiting, item);
    if (outdated >= 0) this.#waiting.splice(outdated, 1);
    const last = this.#waiting.at(-1);
    if (last !== undefined && this.#waiting.length >= this.#options.limit)
      this.end(this.#options.onOverflow(last));
    else this.#waiting.push(item);
  }

  /** No more will come; with an error, reading on past what waits throws it. */
  end(error?: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
    for (const reader of this.#readers.splice(0)) {
      if (error === undefined) reader.resolve({ done: true, value: undefined });
      else reader.reject(this.#takeError());
    }
    this.#options.onEnd();
  }

  next(): Promise<IteratorResult<Item>> {
    const item = this.#waiting.shift();
    if (item !== undefined) return Promise.resolve({ done: false, value: item });
    if (this.#error !== undefined) return Promise.reject(this.#takeError());
    if (this.#hasEnded) return Promise.resolve({ done: true, value: undefined });
    const reader = Promise.withResolvers<IteratorResult<Item>>();
    this.#readers.push(reader);
    return reader.promise;
  }

  return(): Promise<IteratorResult<Item>> {
    this.#waiting.length = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The error, told once; afterwards the iteration is simply over. */
  #takeError(): unknown {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }
}
