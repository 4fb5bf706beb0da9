import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../../../src/server/admission/RateLimiter.ts';

const SECOND = 1_000_000_000n;
const MS = 1_000_000n;

/** A limiter whose time is what the test says. */
function limiterAt(rate: { perSecond: number; burst: number }) {
  const time = { now: SECOND };
  return { time, limiter: new RateLimiter(RateLimiter.memory(), rate, () => time.now) };
}

describe('a rate limiter', () => {
  it('lets a burst through, then says when the next may come, and lets that through then', () => {
    const { time, limiter } = limiterAt({ perSecond: 10, burst: 3 });
    expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 100]);
    time.now += 99n * MS;
    expect(limiter.take('a')).toBe(1);
    time.now += 1n * MS;
    expect(limiter.take('a')).toBe(0);
    expect(limiter.take('a')).toBe(100);
  });

  it('gives each name its own', () => {
    const { limiter } = limiterAt({ perSecond: 1, burst: 1 });
    expect(limiter.take('a')).toBe(0);
    expect(limiter.take('a')).toBeGreaterThan(0);
    expect(limiter.take('b')).toBe(0);
  });

  it('never lets more through than the burst and what came to it since, and refuses none before the burst is used up', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 20 }),
        waits,
        (perSecond, burst, pauses) => {
          const { time, limiter } = limiterAt({ perSecond, burst });
          const begun = time.now;
          let admitted = 0;
          let refused = 0;
          for (const pause of pauses) {
            time.now += BigInt(pause) * MS;
            if (limiter.take('a') === 0) admitted += 1;
            else refused += 1;
            const earned = (Number(time.now - begun) / Number(SECOND)) * perSecond;
            expect(admitted).toBeLessThanOrEqual(burst + earned + 1e-3);
            if (refused > 0) expect(admitted).toBeGreaterThanOrEqual(burst);
          }
        },
      ),
      { seed: 7 },
    );
  });

  it('holds over all threads that ask at the same moment: not one too many, not one too few', async () => {
    const workerData = {
      memory: RateLimiter.memory(),
      rate: { perSecond: 1, burst: 1_000 },
      names: ['a', 'b'],
      attempts: 600,
    };
    const threads = [1, 2, 3, 4].map(
      () => new Worker(new URL('./takeAll.ts', import.meta.url), { workerData }),
    );
    const admitted = await Promise.all(threads.map(async (thread) => (await once(thread, 'message'))[0]));
    expect(admitted.reduce((sum, [a]) => sum + a, 0)).toBe(1_000);
    expect(admitted.reduce((sum, [, b]) => sum + b, 0)).toBe(1_000);
  });

  it('takes more names than it has places for, and limits those that keep coming all the same', () => {
    const { limiter } = limiterAt({ perSecond: 1, burst: 2 });
    for (let name = 0; name < 200_000; name++) limiter.take(`address ${name}`);
    const answers = [1, 2, 3, 4].map(() => limiter.take('insistent'));
    expect(answers.filter((wait) => wait === 0).length).toBeLessThanOrEqual(2);
    expect(answers[3]).toBeGreaterThan(0);
  });
});
