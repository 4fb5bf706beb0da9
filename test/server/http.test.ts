import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { GraphQLClient } from 'graphql-request';
import { createClient as createSseClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestScope } from '../../src/server/RequestScope.ts';
import { type Serving, sendRaw, serve } from './serving.ts';
import { tinySchema } from './tinySchema.ts';

const LIMIT_BYTES = 4_096;
let serving: Serving;
const live = { count: 0 };

beforeAll(async () => {
  serving = await serve({
    schema: tinySchema(),
    contextFor: ({ signal }) => ({ signal, total: { value: 0 }, live }),
    config: { maxBodyBytes: LIMIT_BYTES, allowedOrigins: ['https://app.example'] },
  });
});
afterAll(() => serving.close());

const JSON_HEADERS = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: { ...JSON_HEADERS, ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? (body as string) : JSON.stringify(body),
  });
const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${serving.url}/graphql?${new URLSearchParams({ query })}`, { headers });
const rawPost = (headers: string, body: string) =>
  `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\n${headers}\r\n${body}`;

// Bad ones: badInput/http.test.ts.
describe('good HTTP requests', () => {
  it('answer by POST and by GET in application/graphql-response+json unless asked otherwise', async () => {
    const byPost = await post({ query: '{ hello }' });
    expect(byPost.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    const byGet = await get('{ hello }', { accept: 'application/json' });
    expect(byGet.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await byGet.json()).toEqual({ data: { hello: 'hello world' } });
    expect((await get('{ hello }', { 'x-alcove-csrf': '1' })).status).toBe(200);
    for (const [accept, type] of [
      ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
      ['application/json;q=1, application/graphql-response+json;q=0.9', 'application/json'],
      ['application/json, text/plain, */*', 'application/json'],
      ['application/*', 'application/graphql-response+json'],
    ] as const) {
      const response = await post({ query: '{ hello }' }, { accept });
      expect([accept, response.headers.get('content-type')]).toEqual([accept, `${type}; charset=utf-8`]);
    }
  });

  it('are served to a client that was not written here', async () => {
    const client = new GraphQLClient(`${serving.url}/graphql`);
    const document = 'query Twice($n: Int!) { twice(n: $n) }';
    expect(await client.request(document, { n: 21 })).toEqual({ twice: 42 });
  });

  it('may be gzipped, and may ask before they send', async () => {
    const body = gzipSync(JSON.stringify({ query: '{ hello }' }));
    expect((await post(body, { 'content-encoding': 'gzip' })).status).toBe(200);
    const asking = rawPost('content-length: 19\r\nexpect: 100-continue\r\n', '{"query":"{hello}"}');
    expect(await sendRaw(serving.port, asking)).toMatch(/^HTTP\/1\.1 100 Continue[\s\S]*HTTP\/1\.1 200 OK/);
  });

  it('of allowed and of loopback origins can be read by their pages', async () => {
    for (const origin of ['https://app.example', 'http://localhost:3000', serving.url]) {
      const response = await post({ query: '{ hello }' }, { origin });
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    }
    const preflight = await fetch(`${serving.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-headers': 'content-type' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
  });

  it('deliver @defer and @stream by multipart', async () => {
    const deferred = await post(
      { query: '{ box { id ... @defer { late } } }' },
      { accept: 'multipart/mixed' },
    );
    expect(await deferred.text()).toMatch(/"data":\{"box":\{"id":"1"\}\}[\s\S]*"late":"late"/);
    const streamed = await post(
      { query: '{ boxes @stream(initialCount: 1) { id } }' },
      { accept: 'multipart/mixed' },
    );
    expect(await streamed.text()).toMatch(/"boxes":\[\{"id":"1"\}\]\}[\s\S]*"path":\["boxes",1\]/);
  });

  it('follow a subscription as server-sent events', async () => {
    const client = createSseClient({ url: `${serving.url}/graphql` });
    const counts = [];
    for await (const result of client.iterate({ query: 'subscription { count(to: 3) }' }))
      counts.push(result.data);
    expect(counts).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
    client.dispose();
  });

  it('follow a subscription as server-sent events whatever they accept, if that is one of them', async () => {
    for (const accept of ['*/*', 'application/json, */*', 'text/event-stream']) {
      const response = await post({ query: 'subscription { count(to: 1) }' }, { accept });
      expect([accept, response.headers.get('content-type')]).toEqual([accept, 'text/event-stream']);
      expect(await response.text()).toContain('event: complete');
    }
    const unheard = await post({ query: 'subscription { forever }' }, { accept: 'application/json' });
    expect(unheard.status).toBe(406);
    expect(live.count).toBe(0);
  });

  it('are told as an event why a subscription was refused', async () => {
    const response = await post({ query: 'subscription { refused }' }, { accept: 'text/event-stream' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const text = await response.text();
    expect(text).toContain('event: next');
    expect(text).toContain('"code":"NOT_FOUND"');
    expect(text).not.toContain('"http"');
    expect(text).toContain('event: complete');
    const broken = await post({ query: 'subscription { broken }' }, { accept: 'text/event-stream' });
    expect(await broken.text()).not.toContain('secret');
  });

  it('abort the work of a query when they hang up', async () => {
    const controller = new AbortController();
    const hungUp = fetch(`${serving.url}/graphql`, {
      method: 'POST',
      headers: JSON_HEADERS,
      body: JSON.stringify({ query: '{ untilAborted }' }),
      signal: controller.signal,
    }).catch(({ name }) => name);
    await expect.poll(() => live.count).toBe(1);
    controller.abort();
    expect(await hungUp).toBe('AbortError');
    await expect.poll(() => live.count).toBe(0);
  });

  it('end what they subscribed to when they hang up', async () => {
    const controller = new AbortController();
    const response = await fetch(`${serving.url}/graphql`, {
      method: 'POST',
      headers: { ...JSON_HEADERS, accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { forever }' }),
      signal: controller.signal,
    });
    await response.body?.getReader().read();
    expect(live.count).toBe(1);
    controller.abort();
    await expect.poll(() => live.count).toBe(0);
  });
});

describe('errors', () => {
  it('of ours say their kind, code and path', async () => {
    const response = await post({ query: '{ refused }' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: { refused: null },
      errors: [
        {
          message: 'got "x", expected the name of a library',
          extensions: { code: 'NOT_FOUND', kind: 'LibraryNotFoundError', path: ['by'], retryable: false },
        },
      ],
    });
  });

  it('that are bugs say nothing but an id, under which they are logged', async () => {
    const text = await (await post({ query: '{ broken }' })).text();
    expect(text).not.toContain('secret');
    const { requestId } = JSON.parse(text).errors[0].extensions;
    expect(serving.logs).toContainEqual(expect.objectContaining({ event: 'internal error', requestId }));
  });
});

describe('connections', () => {
  it('over the limit are closed as they come, and served again when there is room', async () => {
    const small = await serve({ schema: tinySchema(), config: { maxConnections: 2 } });
    const open = async () => {
      const socket = connect(small.port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const [first] = [await open(), await open()];
    await once(await open(), 'close');
    first.destroy();
    await expect
      .poll(() =>
        fetch(`${small.url}/health/live`).then(
          ({ status }) => status,
          () => 'refused',
        ),
      )
      .toBe(200);
    await small.close();
  });
});

describe('health', () => {
  it('says live always and ready only when it is', async () => {
    let ready = false;
    const starting = await serve({
      schema: tinySchema(),
      readiness: () => ({ ready, reason: 'opening the store' }),
    });
    const status = async (path: string) => (await fetch(`${starting.url}/health/${path}`)).status;
    expect([await status('live'), await status('ready')]).toEqual([200, 503]);
    ready = true;
    expect(await status('ready')).toBe(200);
    await starting.close();
  });
});

describe('stopping', () => {
  it('lets a running request finish, ends event streams, and refuses new connections', async () => {
    let arrived = 0;
    const contextFor = ({ signal }: RequestScope) => {
      arrived += 1;
      return { signal, total: { value: 0 }, live: { count: 0 } };
    };
    const stopping = await serve({ schema: tinySchema(), contextFor });
    const send = (query: string, accept: string) =>
      fetch(`${stopping.url}/graphql`, {
        method: 'POST',
        headers: { ...JSON_HEADERS, accept },
        body: JSON.stringify({ query }),
      });
    const stream = await send('subscription { forever }', 'text/event-stream');
    const slow = send('{ box { late } }', 'application/json');
    await expect.poll(() => arrived, { interval: 1 }).toBe(2);
    const closed = stopping.close();
    expect(await (await slow).json()).toEqual({ data: { box: { late: 'late' } } });
    expect(await stream.text()).toContain('"forever":1');
    await closed;
    await expect(fetch(stopping.url)).rejects.toThrow();
  });
});

describe("GraphiQL's page", () => {
  const visit = (headers: Record<string, string> = {}) =>
    fetch(`${serving.url}/graphql`, { headers: { accept: 'text/html', ...headers } });

  it('is sent compressed, and as it is to those who do not take that', async () => {
    const [compressed, plain] = await Promise.all([visit(), visit({ 'accept-encoding': 'identity' })]);
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const page = await plain.text();
    expect(page).toContain('<title>Alcove GraphiQL</title>');
    expect(page).toMatch(/<\/html>\s*$/);
    expect(await compressed.text()).toBe(page);
  });
});
