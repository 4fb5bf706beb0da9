import { describe, expect, it } from 'vitest';
import { Subscription } from '../../src/writer/Subscription.ts';

interface Item {
  readonly number: number;
  readonly isProgress: boolean;
}
const progress = (number: number): Item => ({ number, isProgress: true });
const state = (number: number): Item => ({ number, isProgress: false });

describe('a subscription', () => {
  let ended = 0;
  const subscribe = (limit = 3): Subscription<Item> => {
    ended = 0;
    return new Subscription<Item>({
      outdatedBy: (waiting, next) =>
        waiting.at(-1)?.isProgress && next.isProgress ? waiting.length - 1 : -1,
      limit,
      onOverflow: (last) => new Error(`too slow after ${last.number}`),
      onEnd: () => {
        ended += 1;
      },
    });
  };
  const rest = async (subscription: Subscription<Item>): Promise<number[]> => {
    const numbers: number[] = [];
    for await (const { number } of subscription) numbers.push(number);
    return numbers;
  };

  it('gives a reader that keeps up every item in its order', async () => {
    const subscription = subscribe();
    const reading = rest(subscription);
    for (let number = 0; number < 10; number++) {
      subscription.push(progress(number));
      await Promise.resolve();
    }
    subscription.end();
    const numbers = await reading;
    expect(numbers.at(-1)).toBe(9);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it('gives a slow reader the newest progress and every state change', async () => {
    const subscription = subscribe();
    for (const item of [progress(1), progress(2), state(3), progress(4), progress(5)])
      subscription.push(item);
    subscription.end();
    expect(await rest(subscription)).toEqual([2, 3, 5]);
  });

  it('ends with an error for a reader that has fallen behind, after what it can still be given', async () => {
    const subscription = subscribe(3);
    for (let number = 1; number <= 5; number++) subscription.push(state(number));
    expect(ended).toBe(1);
    expect((await subscription.next()).value?.number).toBe(1);
    expect((await subscription.next()).value?.number).toBe(2);
    expect((await subscription.next()).value?.number).toBe(3);
    await expect(subscription.next()).rejects.toThrow('too slow after 3');
    expect((await subscription.next()).done).toBe(true);
  });

  it('ends for several readers at once, and for one that returns', async () => {
    const subscription = subscribe();
    const reads = [subscription.next(), subscription.next()];
    subscription.end();
    expect((await Promise.all(reads)).map(({ done }) => done)).toEqual([true, true]);

    const returned = subscribe();
    returned.push(state(1));
    await returned.return();
    returned.push(state(2));
    expect((await returned.next()).done).toBe(true);
    expect(ended).toBe(1);
  });
});
