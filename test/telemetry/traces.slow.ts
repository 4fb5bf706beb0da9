import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderServer } from '../embedding/ProviderServer.ts';
import { Collector, type ReceivedSpan } from './Collector.ts';
import { ObservedServer } from './ObservedServer.ts';

const TEXT = 'the-words-of-a-caller';
const KEY = 'sk-the-key-of-the-operator';
const COLLECTOR_KEY = 'the-key-of-the-collector';

let collector: Collector;
let provider: ProviderServer;
let observed: ObservedServer;

/** Another service that has begun a trace, and a span within it that asks us. */
const traceOf = (number: number) => ({
  traceId: number.toString(16).padStart(32, 'a'),
  header: `00-${number.toString(16).padStart(32, 'a')}-00f067aa0ba902b7-01`,
});

/** The names on the way from a span up to where the trace came in. */
function wayTo(name: string, spans: readonly ReceivedSpan[]): string[] {
  const way: string[] = [];
  for (let span = spans.find((each) => each.name === name); span !== undefined; ) {
    way.unshift(span.name);
    const { parentSpanId } = span;
    span = spans.find(({ spanId }) => spanId === parentSpanId);
  }
  return way;
}

const received = async (traceId: string, name: string): Promise<ReceivedSpan[]> => {
  await expect
    .poll(() => collector.of(traceId).map((span) => span.name), { timeout: 20_000, interval: 200 })
    .toContain(name);
  return collector.of(traceId);
};

beforeAll(async () => {
  collector = await Collector.start();
  provider = await ProviderServer.start('OPENAI');
  observed = await ObservedServer.start({
    ALCOVE_THREADS: '1',
    ALCOVE_OTLP_ENDPOINT: collector.url,
    ALCOVE_OTLP_HEADERS: `x-collector-key=${COLLECTOR_KEY}`,
    ALCOVE_OPENAI_BASE_URL: `${provider.origin}/v1`,
    ALCOVE_OPENAI_API_KEY: KEY,
  });
  await observed.ask(
    `mutation { createLibrary(input: { name: "traced", embedding: { provider: OPENAI, model: "letters" } }) { __typename } }`,
  );
});
afterAll(async () => {
  await observed.close();
  await provider.close();
  collector.close();
});

describe('the trace of a write', () => {
  it('goes from the request to the embedder, the writer, the store and the index', async () => {
    const { traceId, header } = traceOf(1);
    await observed.ask(
      `mutation($text: String!) { createDocument(input: { library: { name: "traced" }, title: "One", content: { text: $text } }) { __typename } }`,
      { text: TEXT },
      { traceparent: header },
    );
    const spans = await received(traceId, 'POST /graphql');
    await received(traceId, 'index apply');
    const all = collector.of(traceId);
    expect(wayTo('model request', spans)).toEqual(['POST /graphql', 'graphql execute', 'model request']);
    expect(wayTo('store commit', all).slice(0, 2)).toEqual(['POST /graphql', 'graphql execute']);
    expect(wayTo('store commit', all).slice(2)).toEqual(['writer submit', 'writer submit', 'store commit']);
    expect(
      all
        .filter(({ name }) => name === 'writer submit')
        .map(({ thread }) => thread)
        .sort(),
    ).toEqual(['server-1', 'writer']);
    expect(all.find(({ name }) => name === 'POST /graphql')?.parentSpanId).toBe('00f067aa0ba902b7');
  });

  it('is told to the provider of embeddings, as the parent of whatever it does', async () => {
    const { traceId } = traceOf(1);
    const asked = collector.of(traceId).find(({ attributes }) => attributes['url.path'] === '/v1/embeddings');
    const sent = provider.requests.map(({ headers }) => headers.traceparent);
    expect(sent).toContain(`00-${traceId}-${asked?.spanId}-01`);
    expect(asked?.attributes).toMatchObject({ 'http.response.status_code': 200 });
  });
});

describe('the trace of a search', () => {
  it('goes from the request down to the phases, the kernel and the store', async () => {
    const { traceId, header } = traceOf(2);
    const { headers } = await observed.ask(
      `query { knnSearch(input: { library: { name: "traced" }, query: { text: "${TEXT} anew" }, k: 1, filter: { position: { lt: 9 } } }) { __typename } }`,
      {},
      { traceparent: header, 'x-request-id': 'of-the-caller' },
    );
    expect(headers.get('x-request-id')).toBe('of-the-caller');
    const spans = await received(traceId, 'POST /graphql');
    const above = ['POST /graphql', 'graphql execute', 'knn search'];
    expect(wayTo('embed query', spans)).toEqual([...above, 'embed query']);
    expect(wayTo('model request', spans)).toEqual([...above, 'embed query', 'model request']);
    for (const phase of ['filter', 'kernel search', 'store fetch'])
      expect(wayTo(phase, spans)).toEqual([...above, phase]);
    const search = spans.find(({ name }) => name === 'knn search');
    expect(search?.attributes).toMatchObject({
      strategy: 'FILTERED_SCAN',
      'alcove.library': expect.stringMatching(/^lib_/),
    });
    const root = spans.find(({ name }) => name === 'POST /graphql');
    expect(root?.attributes).toMatchObject({
      'alcove.request_id': 'of-the-caller',
      'alcove.operation': 'knnSearch',
      'alcove.outcome': 'ok',
    });
  });

  it('begins here where the caller has none, or sends what is none', async () => {
    const before = new Set(collector.spans.map(({ traceId }) => traceId));
    await observed.ask('{ server { version } }', {}, { traceparent: '00-not-a-trace-01' });
    await expect
      .poll(
        () =>
          collector.spans.filter(({ traceId, name }) => !before.has(traceId) && name === 'POST /graphql')
            .length,
        {
          timeout: 20_000,
        },
      )
      .toBe(1);
  });

  it('is not made where the caller has decided that it is not', async () => {
    const { traceId, header } = traceOf(3);
    await observed.ask('{ server { version } }', {}, { traceparent: header.replace(/01$/, '00') });
    const { traceId: marker, header: traced } = traceOf(4);
    await observed.ask('{ server { version } }', {}, { traceparent: traced });
    await received(marker, 'POST /graphql');
    expect(collector.of(traceId)).toEqual([]);
  });
});

describe('the trace of a job', () => {
  it('is one of its own, with what the writer did for it', async () => {
    const { traceId: ofRequest, header } = traceOf(5);
    await observed.ask(
      `mutation { reindex(input: { library: { name: "traced" } }) { __typename } }`,
      {},
      { traceparent: header },
    );
    await expect
      .poll(
        () => collector.spans.filter(({ name }) => name === 'job').map(({ attributes }) => attributes.kind),
        {
          timeout: 20_000,
          interval: 200,
        },
      )
      .toContain('INDEX');
    const job = collector.spans.find(({ name }) => name === 'job');
    expect(job?.traceId).not.toBe(ofRequest);
    expect(job?.parentSpanId).toBeUndefined();
    expect(job?.thread).toBe('writer');
    expect(job?.attributes).toMatchObject({
      'alcove.job': expect.stringMatching(/^job_/),
      'alcove.library': expect.stringMatching(/^lib_/),
    });
    const within = collector.of(job?.traceId ?? '').map(({ name }) => name);
    expect(within).toContain('store commit');
  });
});

describe('what a collector is told', () => {
  it('has no texts, vectors or keys in it, and comes with the headers it asks for', () => {
    const all = collector.bodies.join('\n');
    expect(all).not.toContain(TEXT);
    expect(all).not.toContain(KEY);
    expect(all).not.toContain(COLLECTOR_KEY);
    expect(collector.headers[0]).toMatchObject({ 'x-collector-key': COLLECTOR_KEY });
  });
});
