/** Events as they arrive. Breaking off the loop, or calling `return` at any time, unsubscribes. */
export type Events<Event> = AsyncIterableIterator<Event, undefined, undefined>;

/** The events of `source`, each turned by `map`; what the source throws is turned by `explain`. */
export function mapEvents<From, To>(
  source: AsyncIterator<From>,
  map: (event: From) => To,
  explain: (error: unknown) => unknown = (error) => error,
): Events<To> {
  const next = async (): Promise<IteratorResult<From>> => {
    try {
      return await source.next();
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      const { done, value } = await next();
      return done ? { done, value: undefined } : { done: false, value: map(value) };
    },
    return: async () => {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
