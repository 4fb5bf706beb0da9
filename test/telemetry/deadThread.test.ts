import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Connection, ThreadedServer } from '../server/ThreadedServer.ts';
import { Scrape } from './ObservedServer.ts';

/** So many that each of two threads has some, but for one chance in thousands. */
const CONNECTIONS = 14;
/** A thread takes many seconds to start on a machine that has much else to do. */
const PATIENCE = { timeout: 40_000 };

vi.setConfig({ testTimeout: 100_000 });

let folder: string;
let server: ThreadedServer;

const scrape = async (): Promise<Scrape> => new Scrape(await (await fetch(server.metricsUrl)).text());
const versions = (): Promise<unknown> =>
  Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = new Connection(server.url);
      await connection.ask('{ server { version } }');
      connection.close();
    }),
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-dead-thread-'));
  server = await ThreadedServer.start(folder);
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

it('leaves nothing behind, however often it is scraped', async () => {
  for (let times = 0; times < 12; times++) await scrape();
  expect(server.log.join('')).not.toContain('MaxListenersExceededWarning');
});

describe('when a server thread has died', () => {
  it('what it had counted goes on counting, its end is counted, and the one in its place has its name', async () => {
    await versions();
    const before = await scrape();
    expect(before.value('alcove_requests_total', { operation: 'server' })).toBe(CONNECTIONS);
    expect(before.value('alcove_thread_ends_total', { kind: 'SERVER' })).toBe(0);
    const threads = before.labelsOf('alcove_heap_bytes', 'thread').sort();

    server.terminateOne();
    await expect.poll(async () => (await scrape()).value('alcove_thread_ends_total'), PATIENCE).toBe(1);
    const meanwhile = await scrape();
    expect(meanwhile.value('alcove_requests_total', { operation: 'server' })).toBe(CONNECTIONS);
    expect(meanwhile.value('alcove_thread_ends_total', { kind: 'SERVER' })).toBe(1);

    const serving = async () =>
      (await scrape()).value('alcove_threads', { kind: 'SERVER', state: 'SERVING' });
    await expect.poll(serving, PATIENCE).toBe(2);
    await versions();
    const after = await scrape();
    expect(after.value('alcove_requests_total', { operation: 'server' })).toBe(2 * CONNECTIONS);
    expect(after.labelsOf('alcove_heap_bytes', 'thread').sort()).toEqual(threads);
    const buckets = { operation: 'server', le: '+Inf' };
    expect(after.value('alcove_request_duration_seconds_bucket', buckets)).toBe(2 * CONNECTIONS);
  });

  it.runIf(process.platform === 'linux')(
    'its processor time stays in the sum, and that of no kind goes back',
    async () => {
      const name = 'alcove_thread_cpu_seconds_total';
      const before = await scrape();
      const kinds = before.labelsOf(name, 'kind');
      expect(kinds).toEqual(expect.arrayContaining(['main', 'server', 'writer', 'ingester']));
      expect(before.value(name, { kind: 'server' })).toBeGreaterThan(0);
      server.terminateOne();
      await expect.poll(async () => (await scrape()).value('alcove_thread_ends_total'), PATIENCE).toBe(2);
      const after = await scrape();
      for (const kind of kinds)
        expect(after.value(name, { kind }), kind).toBeGreaterThanOrEqual(before.value(name, { kind }) ?? 0);
    },
  );
});
