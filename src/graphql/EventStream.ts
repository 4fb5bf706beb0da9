/** The failure that ends a stream of events; the resolver of its field throws what it holds. */
class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/**
 * What a subscription's field subscribes to: the events of a source, after the one that comes first if there is one. A source that fails in
 * mid-stream fails as one last event with an error in it, which every transport knows how to send. Returning it returns
 * the source at once, also while an event is awaited.
 */
export class EventStream<Event> implements AsyncIterableIterator<Event | Failure> {
  readonly #source: AsyncIterableIterator<Event>;
  readonly #isKnown: (event: Event) => boolean;
  #first: Event | undefined;
  #hasFailed = false;

  /** With `first`, that event comes first, and events of the source that it makes known are left out. */
  constructor(
    source: AsyncIterableIterator<Event>,
    options: { readonly first?: Event; readonly isKnown?: (event: Event) => boolean } = {},
  ) {
    this.#source = source;
    this.#first = options.first;
    this.#isKnown = options.isKnown ?? (() => false);
  }

  /** The event as its field resolves it. @throws what the source failed with */
  static resolve<Event>(event: Event | Failure): Event {
    if (event instanceof Failure) throw event.error;
    return event;
  }

  async next(): Promise<IteratorResult<Event | Failure>> {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) return { done: false, value: first };
    if (this.#hasFailed) return { done: true, value: undefined };
    try {
      let result = await this.#source.next();
      while (!result.done && this.#isKnown(result.value)) result = await this.#source.next();
      return result;
    } catch (error) {
      this.#hasFailed = true;
      return { done: false, value: new Failure(error) };
    }
  }

  async return(): Promise<IteratorResult<Event | Failure>> {
    this.#first = undefined;
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
