import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RefusalPace } from '../../../src/server/admission/RefusalPace.ts';

/** A pace whose clock is moved by hand, and the numbers of the refusals that were answered, in order. */
function paced() {
  const clock = { now: 0 };
  const pace = new RefusalPace(() => clock.now);
  const answered: number[] = [];
  const refuse = async (number: number, isWanted?: () => boolean) => {
    await pace.turn(isWanted);
    answered.push(number);
  };
  return { clock, pace, answered, refuse };
}

describe('the pace of refusals', () => {
  it('answers a few at once', async () => {
    const { pace, answered, refuse } = paced();
    await Promise.all(Array.from({ length: 20 }, (_, number) => refuse(number)));
    expect(answered).toHaveLength(20);
    expect(pace.held).toBe(0);
  });

  it('holds many back, answers them in order as time goes by, and all in the end', async () => {
    const { clock, pace, answered, refuse } = paced();
    const all = Array.from({ length: 300 }, (_, number) => refuse(number));
    await sleep(60);
    const burst = answered.length;
    expect(burst).toBeLessThan(100);
    expect(pace.held).toBe(300 - burst);
    clock.now += 100;
    await expect.poll(() => answered.length).toBe(burst + 25);
    while (pace.held > 0) {
      clock.now += 100;
      await sleep(5);
    }
    await Promise.all(all);
    expect(answered).toEqual(Array.from({ length: 300 }, (_, number) => number));
  });

  it('spends nothing on those whose clients have gone', async () => {
    const { pace, answered, refuse } = paced();
    const first = Array.from({ length: 50 }, (_, number) => refuse(number));
    const gone = Array.from({ length: 1_000 }, (_, number) => refuse(50 + number, () => false));
    await Promise.all([...first, ...gone]);
    expect(pace.held).toBe(0);
    expect(answered).toHaveLength(1_050);
  });
});
