import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRICS } from '../../src/telemetry/metrics.ts';
import { eventually, ObservedServer } from './ObservedServer.ts';

const SEARCHES = 24;
const VECTORS = 1_200;

const KNN = `query Named($vector: Vector!) {
  knnSearch(input: { library: { name: "figures" }, query: { vector: $vector }, k: 3 }) {
    __typename
    ... on KnnConnection { edges { node { id } } }
  }
}`;

let observed: ObservedServer;

const vectorOf = (seed: number): number[] =>
  Array.from({ length: 8 }, (_, at) => Math.sin(seed * 7 + at * 3));

const jobEnded = async (id: string): Promise<void> => {
  await eventually(async () => {
    const { data } = await observed.ask(`{ job(id: "${id}") { state } }`);
    const { state } = (data as unknown as { job: { state: string } }).job;
    if (state === 'FAILED') throw new Error(`job ${id} failed`);
    return state === 'SUCCEEDED' ? true : undefined;
  });
};

beforeAll(async () => {
  observed = await ObservedServer.start({ ALCOVE_THREADS: '2', ALCOVE_METRICS_PORT: '0' });
  await observed.ask(
    `mutation { createLibrary(input: { name: "figures", embedding: { provider: EXTERNAL, model: "none", dimension: 8 } }) { __typename } }`,
  );
  const rows = Array.from({ length: VECTORS }, (_, at) =>
    JSON.stringify({ id: `chk_${at}`, document: 'Figures', text: `figure ${at}`, embedding: vectorOf(at) }),
  ).join('\n');
  const imported = await fetch(`${observed.server.url}/libraries/figures/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: rows,
  });
  expect(await imported.text()).toContain(`"written":${VECTORS},"unchanged":0,"failed":0`);
  const reindexed = await observed.ask(
    `mutation { reindex(input: { library: { name: "figures" }, settings: { type: HNSW } }) { __typename ... on JobResult { job { id } } } }`,
  );
  await jobEnded((reindexed.data as unknown as { reindex: { job: { id: string } } }).reindex.job.id);
  for (let at = 0; at < SEARCHES; at++) await observed.ask(KNN, { vector: vectorOf(at) });
}, 120_000);
afterAll(() => observed.close());

describe('a scrape of the metrics port', () => {
  it('adds up what all threads have answered, by field and never by the names of callers', async () => {
    const scrape = await observed.scrape();
    expect(
      scrape.value('alcove_requests_total', { operation: 'knnSearch', kind: 'query', outcome: 'ok' }),
    ).toBe(SEARCHES);
    expect(scrape.value('alcove_request_duration_seconds_count', { operation: 'knnSearch' })).toBe(SEARCHES);
    expect(
      scrape.value('alcove_request_duration_seconds_bucket', { operation: 'knnSearch', le: '+Inf' }),
    ).toBe(SEARCHES);
    expect(scrape.value('alcove_http_responses_total', { route: '/libraries', status: '200' })).toBe(1);
    expect(scrape.text).not.toContain('Named');
  });

  it('says what searches did and what their phases took', async () => {
    const scrape = await observed.scrape();
    const strategies = scrape.labelsOf('alcove_searches_total', 'strategy');
    expect(strategies.length).toBeGreaterThan(0);
    expect(scrape.value('alcove_searches_total')).toBe(SEARCHES);
    for (const phase of ['EMBED', 'FILTER', 'SEARCH', 'FETCH'])
      expect(scrape.value('alcove_search_phase_seconds_count', { phase })).toBe(SEARCHES);
    expect(scrape.value('alcove_search_compared_total')).toBeGreaterThan(SEARCHES);
  });

  it('says how large the indexes are, and what recall was last measured', async () => {
    const scrape = await observed.scrape();
    expect(scrape.value('alcove_index_vectors', { library: 'figures' })).toBe(VECTORS);
    expect(scrape.value('alcove_index_tombstones', { library: 'figures' })).toBe(0);
    expect(scrape.value('alcove_index_bytes', { library: 'figures' })).toBeGreaterThan(VECTORS * 8 * 4);
    expect(scrape.value('alcove_index_recall', { library: 'figures' })).toBeGreaterThan(0.9);
    expect(
      scrape.value('alcove_index_recall_measured_timestamp_seconds', { library: 'figures' }),
    ).toBeLessThanOrEqual(Date.now() / 1_000);
  });

  it('knows jobs, the writer and its queue', async () => {
    const scrape = await observed.scrape();
    expect(
      scrape.value('alcove_jobs_finished_total', { kind: 'INDEX', state: 'SUCCEEDED' }),
    ).toBeGreaterThanOrEqual(1);
    expect(scrape.value('alcove_job_duration_seconds_count', { kind: 'INDEX' })).toBeGreaterThanOrEqual(1);
    expect(scrape.value('alcove_writer_queue_commands')).toBe(0);
    expect(scrape.value('alcove_commands_total', { outcome: 'done' })).toBeGreaterThan(1);
    expect(scrape.value('alcove_commit_duration_seconds_count')).toBeGreaterThan(1);
    expect(scrape.value('alcove_revision')).toBeGreaterThan(1);
    expect(scrape.value('alcove_libraries')).toBe(1);
  });

  it('knows every thread, and how late its event loop is', async () => {
    const scrape = await observed.scrape();
    expect(scrape.value('alcove_threads', { kind: 'SERVER', state: 'SERVING' })).toBe(2);
    expect(scrape.value('alcove_threads', { kind: 'WRITER', state: 'SERVING' })).toBe(1);
    const threads = scrape.labelsOf('alcove_event_loop_delay_seconds', 'thread').sort();
    expect(threads).toEqual(['ingester', 'server-1', 'server-2', 'writer']);
    expect(scrape.value('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  });

  it('counts errors by kind, whether they are in a payload or beside the data', async () => {
    await observed.ask(
      `{ knnSearch(input: { library: { name: "absent" }, query: { vector: [1] }, k: 1 }) { __typename } }`,
    );
    await observed.ask(`{ nothingOfTheKind }`);
    await observed.ask(`{ server {`);
    await observed.ask(`{ server { version } }`, {}, { authorization: 'Bearer of-nobody' });
    const scrape = await observed.scrape();
    expect(scrape.value('alcove_errors_total', { kind: 'LibraryNotFoundError' })).toBe(1);
    expect(scrape.value('alcove_errors_total', { kind: 'GRAPHQL_VALIDATION_FAILED' })).toBe(1);
    expect(scrape.value('alcove_errors_total', { kind: 'GRAPHQL_PARSE_FAILED' })).toBe(1);
    expect(scrape.value('alcove_errors_total', { kind: 'UNAUTHENTICATED' })).toBe(1);
    expect(scrape.value('alcove_requests_total', { operation: '(unread)', outcome: 'refused' })).toBe(3);
  });

  it('stays small, whatever callers make up', async () => {
    const before = (await observed.scrape()).samples.length;
    for (let at = 0; at < 40; at++) {
      await observed.ask(`query Made${at} { server { version } alias${at}: __typename }`);
      await fetch(`${observed.server.url}/made/up/${at}`);
    }
    const scrape = await observed.scrape();
    expect(scrape.labelsOf('alcove_http_responses_total', 'route').sort()).toEqual([
      '(other)',
      '/graphql',
      '/libraries',
    ]);
    expect(scrape.text).not.toMatch(/Made\d|alias\d|made\/up/);
    // One more operation, one more route: each a histogram at most.
    expect(scrape.samples.length - before).toBeLessThan(40);
  });

  it('has no metric that is not declared, and each with its help and type', async () => {
    const { samples, text } = await observed.scrape();
    const declared = Object.keys(METRICS);
    const base = (name: string) =>
      declared.includes(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    expect(
      [...new Set(samples.map(({ name }) => base(name)))].filter((name) => !declared.includes(name)),
    ).toEqual([]);
    for (const name of new Set(samples.map(({ name }) => base(name)))) {
      expect(text).toContain(`# HELP ${name} `);
      expect(text).toContain(`# TYPE ${name} ${METRICS[name as keyof typeof METRICS].type}`);
    }
  });

  it('is all that the port serves', async () => {
    for (const path of ['/', '/graphql', '/health/live', '/libraries/figures/export'])
      expect((await fetch(`${observed.metricsUrl}${path}`)).status).toBe(404);
    expect((await fetch(`${observed.metricsUrl}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${observed.server.url}/metrics`)).status).toBe(404);
  });
});

describe('server { load }', () => {
  it('tells of all threads at a glance', async () => {
    const { data } = await observed.ask(
      `{ server { load { requestsPerSecond requestsInProgress subscriptions connections writesWaiting jobsRunning jobsQueued
         residentBytes threads { name kind state startedAt requestsPerSecond eventLoopDelayMs busy heapBytes } } } }`,
    );
    const { load } = (data as unknown as { server: { load: Record<string, unknown> } }).server;
    expect(load).toMatchObject({ subscriptions: 0, writesWaiting: 0, jobsRunning: 0, jobsQueued: 0 });
    expect(load.requestsInProgress).toBeGreaterThanOrEqual(1);
    expect(load.connections).toBeGreaterThanOrEqual(1);
    const threads = load.threads as { name: string; kind: string; state: string; busy: number }[];
    expect(threads.map(({ name, kind, state }) => [name, kind, state]).sort()).toEqual([
      ['ingester', 'INGESTER', 'SERVING'],
      ['server-1', 'SERVER', 'SERVING'],
      ['server-2', 'SERVER', 'SERVING'],
      ['writer', 'WRITER', 'SERVING'],
    ]);
    for (const { busy } of threads) expect(busy).toBeLessThanOrEqual(1);
  });
});
