import { describe, expect, it } from 'vitest';
import { EventStream } from '../../src/graphql/EventStream.ts';

/** A source that never tells anything until it is returned. */
class SilentSource implements AsyncIterableIterator<number> {
  readonly #end = Promise.withResolvers<IteratorResult<number>>();

  next(): Promise<IteratorResult<number>> {
    return this.#end.promise;
  }

  return(): Promise<IteratorResult<number>> {
    this.#end.resolve({ done: true, value: undefined });
    return this.#end.promise;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

async function* counting(upTo: number): AsyncGenerator<number, undefined> {
  for (let at = 1; at <= upTo; at++) yield at;
}

async function* failing(): AsyncGenerator<number, undefined> {
  yield 1;
  throw new Error('lost');
}

describe('an event stream', () => {
  it('tells the first event, then those of the source that it does not make known', async () => {
    const stream = new EventStream<number>(counting(4), { first: 2, isKnown: (event) => event <= 2 });
    const told = [];
    for await (const event of stream) told.push(EventStream.resolve(event));
    expect(told).toEqual([2, 3, 4]);
  });

  it('turns the failure of its source into a last event that throws', async () => {
    const stream = new EventStream(failing());
    expect(EventStream.resolve((await stream.next()).value)).toBe(1);
    const { value } = await stream.next();
    expect(() => EventStream.resolve(value)).toThrow('lost');
    expect((await stream.next()).done).toBe(true);
  });

  it('returns its source at once, also while an event is awaited', async () => {
    const stream = new EventStream(new SilentSource());
    const awaited = stream.next();
    await stream.return();
    expect((await awaited).done).toBe(true);
  });
});
