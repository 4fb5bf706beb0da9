import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AlcoveError } from '../../../src/errors.ts';
import { type Place, RequestQueue } from '../../../src/server/admission/RequestQueue.ts';

const ROOMY = { maxRunning: 100, maxQueued: 100, maxWaitMs: 60_000 };

async function refusal(place: () => Place | Promise<Place>): Promise<AlcoveError> {
  try {
    await place();
  } catch (error) {
    if (error instanceof AlcoveError) return error;
  }
  throw new Error('it was let in');
}

describe('a queue of requests', () => {
  it('begins a request at once when there is nothing else', () => {
    expect(new RequestQueue(ROOMY).enter()).not.toBeInstanceOf(Promise);
  });

  it('begins the others in the order in which they came, in the turns after', async () => {
    const queue = new RequestQueue(ROOMY);
    const begun: number[] = [];
    const all = Array.from({ length: 50 }, async (_, at) => {
      await queue.enter();
      begun.push(at);
    });
    expect(queue.figures.queued).toBe(49);
    await Promise.all(all);
    expect(begun).toEqual(Array.from({ length: 50 }, (_, at) => at));
    expect(queue.figures).toEqual({ running: 50, queued: 0, admitted: 50, refused: 0 });
  });

  it('refuses at once what finds it full, as retryable, and says when to come back', async () => {
    const queue = new RequestQueue({ ...ROOMY, maxQueued: 2 });
    const admitted = [queue.enter(), queue.enter(), queue.enter()];
    const { kind, retryable, detail } = await refusal(() => queue.enter());
    expect({ kind, retryable }).toEqual({ kind: 'OverloadedError', retryable: true });
    expect(detail.retryAfterMs).toBeGreaterThan(0);
    await Promise.all(admitted);
    expect(await queue.enter()).toBeDefined();
  });

  it('holds more requests back than may run, until one has ended', async () => {
    const queue = new RequestQueue({ ...ROOMY, maxRunning: 1 });
    const first = await queue.enter();
    let isBegun = false;
    const second = Promise.resolve(queue.enter()).then(() => {
      isBegun = true;
    });
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(isBegun).toBe(false);
    first.release();
    first.release();
    await second;
    expect(queue.figures).toMatchObject({ running: 1, queued: 0 });
  });

  it('refuses what has waited too long, although nothing moves', async () => {
    const queue = new RequestQueue({ ...ROOMY, maxRunning: 1, maxWaitMs: 20 });
    await queue.enter();
    expect((await refusal(() => queue.enter())).kind).toBe('OverloadedError');
    expect(queue.figures).toMatchObject({ running: 1, queued: 0, refused: 1 });
  });

  it('refuses at once what would wait too long by what requests take at present', async () => {
    let now = 0;
    const queue = new RequestQueue({ ...ROOMY, maxWaitMs: 100 }, () => now);
    for (let request = 0; request < 160; request++) {
      const place = await queue.enter();
      now += 50;
      place.release();
      await nextTurn();
    }
    const places = [queue.enter(), queue.enter(), queue.enter(), queue.enter()];
    expect((await refusal(async () => queue.enter())).kind).toBe('OverloadedError');
    await Promise.all(places);
    await nextTurn();
    expect(await queue.enter()).toBeDefined();
  });

  it('has patience with a thread that has only begun: what it takes while it compiles says nothing', async () => {
    let now = 0;
    const queue = new RequestQueue({ ...ROOMY, maxWaitMs: 100 }, () => now);
    const all = Array.from({ length: 90 }, async () => {
      const place = await queue.enter();
      now += 80;
      place.release();
    });
    await Promise.all(all);
    expect(queue.figures).toMatchObject({ running: 0, queued: 0, admitted: 90, refused: 0 });
  });

  it('does not take the time of refusing for that of requests', async () => {
    let now = 0;
    const queue = new RequestQueue({ maxRunning: 1_000, maxQueued: 20, maxWaitMs: 300 }, () => now);
    for (let request = 0; request < 160; request++) {
      const place = await queue.enter();
      now += 1;
      place.release();
      await nextTurn();
    }
    const places = Array.from({ length: 21 }, () => queue.enter());
    for (let refused = 0; refused < 500; refused++) await refusal(async () => queue.enter());
    now += 100;
    await nextTurn();
    places.push(queue.enter());
    await Promise.all(places);
    expect(queue.figures).toMatchObject({ running: 22, admitted: 182, refused: 500 });
  });

  it('passes over those whose clients have gone', async () => {
    const queue = new RequestQueue(ROOMY);
    await queue.enter();
    const gone = refusal(() => queue.enter(() => false));
    await queue.enter();
    expect((await gone).kind).toBe('CancelledError');
    expect(queue.figures).toMatchObject({ running: 2, queued: 0 });
  });
});
