import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientRequest, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ObservedServer } from './ObservedServer.ts';

const REGISTERED = 'query WhichVersion { server { version } }';
const BODY = JSON.stringify({ query: '{ server { version } }' });
/** More than the rate lets through, however slow the machine is. */
const CROWD = 40;

vi.setConfig({ testTimeout: 90_000 });

let observed: ObservedServer;
let folder: string;

const headers = { 'content-type': 'application/json', 'content-length': String(BODY.length) };
const begin = (): ClientRequest => request(`${observed.server.url}/graphql`, { method: 'POST', headers });
const statusOf = async (asked: ClientRequest): Promise<number | undefined> => {
  const answered = once(asked, 'response');
  asked.end(BODY);
  const [response] = await answered;
  response.resume();
  await once(response, 'close');
  return response.statusCode;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-registered-'));
  const operations = join(folder, 'operations.json');
  writeFileSync(operations, JSON.stringify({ one: REGISTERED }));
  observed = await ObservedServer.start({
    ALCOVE_THREADS: '1',
    ALCOVE_METRICS_PORT: '0',
    ALCOVE_OPERATIONS_FILE: operations,
    ALCOVE_MAX_RUNNING: '1',
    ALCOVE_MAX_QUEUED: '0',
    ALCOVE_RATE_PER_SECOND: '1',
    ALCOVE_RATE_BURST: '12',
  });
}, 90_000);
afterAll(async () => {
  await observed.close();
  rmSync(folder, { recursive: true });
});

describe('operations that the operator has registered', () => {
  it('are measured by their names, whichever way they go; those of callers are not', async () => {
    // Yoga answers what comes first, the short way what comes again.
    for (let times = 0; times < 3; times++) await observed.ask(REGISTERED);
    await observed.ask('query OfACaller { server { version } }');
    const scrape = await observed.scrape();
    expect(scrape.value('alcove_requests_total', { operation: 'WhichVersion', outcome: 'ok' })).toBe(3);
    expect(scrape.value('alcove_requests_total', { operation: 'server', outcome: 'ok' })).toBe(1);
    expect(scrape.text).not.toContain('OfACaller');
  });
});

describe('what is refused before it is read', () => {
  it('is counted where there is no room, and is no fault of the server', async () => {
    // It has been admitted, and its body is waited for.
    const first = begin();
    first.flushHeaders();
    await expect
      .poll(async () => (await observed.scrape()).value('alcove_admission_requests', { state: 'running' }))
      .toBe(1);
    expect(await statusOf(begin())).toBe(503);
    expect(await statusOf(first)).toBe(200);
    const scrape = await observed.scrape();
    expect(scrape.value('alcove_admission_refused_total', { reason: 'queue' })).toBe(1);
    expect(scrape.value('alcove_http_responses_total', { status: '503' })).toBe(1);
    expect(scrape.value('alcove_errors_total', { kind: 'OverloadedError' })).toBe(1);
    expect(scrape.value('alcove_requests_total', { outcome: 'refused' })).toBe(1);
    expect(scrape.value('alcove_requests_total', { outcome: 'failed' })).toBe(0);
  });

  it('is counted where a caller comes too often', async () => {
    const statuses = await Promise.all(Array.from({ length: CROWD }, () => statusOf(begin())));
    const limited = statuses.filter((status) => status === 429).length;
    expect(limited).toBeGreaterThan(0);
    const scrape = await observed.scrape();
    expect(scrape.value('alcove_admission_refused_total', { reason: 'rate' })).toBe(limited);
    expect(scrape.value('alcove_http_responses_total', { status: '429' })).toBe(limited);
    expect(scrape.value('alcove_errors_total', { kind: 'RateLimitedError' })).toBe(limited);
    expect(scrape.value('alcove_requests_total', { outcome: 'failed' })).toBe(0);
  });
});
