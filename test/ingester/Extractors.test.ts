import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Extractors } from '../../src/ingester/Extractors.ts';
import type { ReadTask } from '../../src/ingester/ReadDocument.ts';
import { DEFAULT_CHUNKING } from '../../src/library/chunkingSettings.ts';

/** What a promise rejects with. */
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error,
  );

describe('a file that breaks its reader', () => {
  let extractors: Extractors;
  afterEach(() => extractors.close());

  const open = (limits: { limitMs?: number; heapMib?: number; threads?: number } = {}): void => {
    const entry = new URL('./brokenExtractor.ts', import.meta.url);
    extractors = new Extractors({ threads: 1, entry, ...limits });
  };
  const task = (name: string): ReadTask => ({
    path: `spool/${name}`,
    name,
    contentType: null,
    chunking: DEFAULT_CHUNKING,
  });
  const read = (name: string, signal = new AbortController().signal) => extractors.read(task(name), signal);

  it.each([
    ['by never coming to an end', 'endless', 'TimeoutError', /endless was not read to its end in 2 seconds/],
    ['by filling its memory', 'greedy', 'CapacityExceededError', /greedy takes more than 32 MiB/],
    ['by ending its thread', 'deadly', 'InternalError', /deadly could not be read/],
    ['by a fault', 'faulty', 'InternalError', /faulty could not be read/],
  ])('%s is refused, and the next ones are read', async (_how, name, kind, message) => {
    open({ limitMs: name === 'endless' ? 2_000 : 20_000, heapMib: 32 });
    const [error, after] = await Promise.all([read(name).catch((refusal: unknown) => refusal), read('good')]);
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(after.title).toBe('spool/good');
    expect((await read('another')).title).toBe('spool/another');
  });

  it('after its answer keeps no other from being read', async () => {
    open({ limitMs: 5_000 });
    expect((await read('haunted')).title).toBe('spool/haunted');
    // The thread dies while nobody waits for it.
    await delay(200);
    expect((await read('good')).title).toBe('spool/good');
  });

  it('is let go of when its job is cancelled', async () => {
    open();
    const job = new AbortController();
    const reading = read('endless', job.signal);
    setTimeout(() => job.abort(), 50);
    expect(await refusal(reading)).toMatchObject({ kind: 'CancelledError' });
    expect((await read('good')).title).toBe('spool/good');
  });

  it('keeps those waiting that share its thread, and no others', async () => {
    open({ threads: 2, limitMs: 1_000 });
    const slow = read('endless').catch((refusal: unknown) => refusal);
    const others = await Promise.all(['a', 'b', 'c'].map((name) => read(name)));
    expect(others.map(({ title }) => title)).toEqual(['spool/a', 'spool/b', 'spool/c']);
    expect(await slow).toMatchObject({ kind: 'TimeoutError' });
  });
});
