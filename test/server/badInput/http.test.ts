import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Serving, sendRaw, serve, statusOf } from '../serving.ts';
import { tinySchema } from '../tinySchema.ts';
import { type Answer, BadInputServer } from './BadInputServer.ts';

const LIMIT_BYTES = 4_096;
const GOOD = '{"query":"{ __typename }"}';
const BOMB = gzipSync(Buffer.alloc(10_000_000, ' '));
const PREFLIGHTED = { accept: 'application/json' };

let server: BadInputServer;
beforeAll(async () => {
  server = await BadInputServer.start({
    ALCOVE_MAX_BODY_BYTES: String(LIMIT_BYTES),
    ALCOVE_MAX_UPLOAD_BYTES: '65536',
  });
});
afterAll(() => server.close());

const post = (body: unknown, headers: Record<string, string> = {}) => server.post(body, headers);
const get = (query: string, headers: Record<string, string> = {}) => server.get(query, headers);
const rawPost = (headers: string, body: string) =>
  `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-type: application/json\r\n${headers}\r\n${body}`;
const raw = (headers: string, body: string) => server.raw(rawPost(headers, body));

type Row = [what: string, status: number, send: () => Promise<Answer>];

describe('HTTP', () => {
  describe('malformed JSON, empty body, invalid UTF-8 → 400', () => {
    refused([
      ['malformed JSON', 400, () => post('{"query":')],
      ['an empty body', 400, () => post('')],
      ['a body of spaces', 400, () => post('  ')],
      ['invalid UTF-8', 400, () => post(Buffer.from([0x22, 0xff, 0xfe, 0x22]))],
      ['JSON that is no object', 400, () => post('7')],
      ['gzip that is none', 400, () => post(GOOD, { 'content-encoding': 'gzip' })],
      ['gzip that is cut', 400, () => post(gzipSync(GOOD).subarray(0, -8), { 'content-encoding': 'gzip' })],
      ['two lengths', 400, () => raw('content-length: 2\r\ncontent-length: 3\r\n', '{}')],
      [
        'a length and chunks',
        400,
        () => raw('content-length: 2\r\ntransfer-encoding: chunked\r\n', '0\r\n\r\n'),
      ],
      ['no HTTP at all', 400, () => server.raw('\x16\x03\x01\x02\x00\x01\x00\r\n\r\n')],
    ]);
  });

  describe('unknown charset, form or text/plain body → 415', () => {
    refused([
      ['an unknown charset', 415, () => post(GOOD, { 'content-type': 'application/json; charset=utf-7' })],
      [
        'a form',
        415,
        () => post('query=%7Bhello%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
      ],
      ['text', 415, () => post(GOOD, { 'content-type': 'text/plain' })],
      ['an encoding other than gzip', 415, () => post(GOOD, { 'content-encoding': 'br' })],
    ]);
  });

  describe('over the size cap → 413 before buffering; gzip bomb → 413', () => {
    refused([
      ['a body over the limit', 413, () => post(`"${'x'.repeat(LIMIT_BYTES)}"`)],
      ['a gzip bomb', 413, () => post(BOMB, { 'content-encoding': 'gzip' })],
      ['a length over the limit', 413, () => raw('content-length: 99999999\r\n', '')],
      [
        'a length over the limit that asks first',
        413,
        () => raw('content-length: 99999999\r\nexpect: 100-continue\r\n', ''),
      ],
      [
        'an endless chunked body',
        413,
        () => raw('transfer-encoding: chunked\r\n', `1000\r\n${'x'.repeat(4_096)}\r\n`.repeat(20)),
      ],
      [
        'a gzip bomb of rows',
        413,
        () =>
          server.fetch(`/libraries/${server.library.name}/import`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
            body: gzipSync(Buffer.alloc(64 * 1_048_576, '\n')),
          }),
      ],
    ]);
  });

  describe('slow headers → 408', () => {
    // The limits of a server are 10 s and 2 min; this is the same layer with shorter ones.
    let hasty: Serving;
    beforeAll(async () => {
      hasty = await serve({ schema: tinySchema(), timeouts: { headersMs: 1_000, requestMs: 1_500 } });
    });
    afterAll(() => hasty.close());

    it.each([
      ['headers that never end', 'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: '],
      ['a body that never ends', rawPost('content-length: 10\r\n', '{')],
    ])('%s', async (_what, bytes) => {
      expect(statusOf(await sendRaw(hasty.port, bytes))).toBe(408);
      expect((await fetch(`${hasty.url}/health/live`)).status).toBe(200);
    });
  });

  describe('mutation by GET → 405; missing CSRF header → 403; huge headers → 431', () => {
    const mutation = 'mutation { createLibrary(input: { name: "by GET" }) { __typename } }';
    refused([
      ['a mutation by GET', 405, () => get(mutation, PREFLIGHTED)],
      ['PUT', 405, () => server.fetch('/graphql', { method: 'PUT', body: GOOD })],
      ['a GET that a page elsewhere could send', 403, () => get('{ __typename }')],
      [
        'a GET that names another site',
        403,
        () => get('{ __typename }', { ...PREFLIGHTED, 'sec-fetch-site': 'cross-site' }),
      ],
      [
        'a multipart form that any page could send',
        403,
        () => post('--x', { 'content-type': 'multipart/form-data; boundary=x' }),
      ],
      ['an export by a link', 403, () => server.fetch('/libraries/whole/export')],
      ['a foreign origin', 403, () => post(GOOD, { origin: 'https://evil.example' })],
      ['an opaque origin', 403, () => post(GOOD, { origin: 'null' })],
      [
        'a host that is not ours',
        403,
        () =>
          server.raw(
            'GET /graphql HTTP/1.1\r\nhost: rebound.example\r\naccept: application/json\r\nconnection: close\r\n\r\n',
          ),
      ],
      ['huge headers', 431, () => raw(`x-big: ${'x'.repeat(40_000)}\r\n`, '')],
      ['a media type that is not answered', 406, () => post(GOOD, { accept: 'image/png' })],
      ['a path where nothing is', 404, () => server.fetch('/nothing')],
    ]);
  });

  describe('`variables: [1337]`, `__proto__` in variables, array batch, ambiguous operation name → 400', () => {
    const query = '{ __typename }';
    refused([
      ['variables as a list', 400, () => post({ query, variables: [1337] })],
      [
        '__proto__ in variables',
        400,
        () => post('{"query":"{ __typename }","variables":{"__proto__":{"a":1}}}'),
      ],
      [
        '__proto__ deep in variables, escaped',
        400,
        () => post('{"query":"{ __typename }","variables":{"a":[{"\\u005f_proto__":1}]}}'),
      ],
      [
        'variables 1,000 deep',
        400,
        () => post(`{"query":"{ __typename }","variables":{"a":${'['.repeat(1_000)}${']'.repeat(1_000)}}}`),
      ],
      ['extensions as a number', 400, () => post({ query, extensions: 1 })],
      ['an array batch', 400, () => post([{ query }])],
      ['an empty batch', 400, () => post([])],
      ['no query', 400, () => post({ variables: {} })],
      ['a query that is no string', 400, () => post({ query: 1 })],
      ['an unknown parameter', 400, () => post({ query, id: 1 })],
      [
        'an ambiguous operation name',
        400,
        () => post({ query: 'query A { __typename } query B { __typename }' }),
      ],
      ['an unknown operation name', 400, () => post({ query: 'query A { __typename }', operationName: 'B' })],
      [
        'an operation name that is no string',
        400,
        () => post({ query: 'query A { __typename }', operationName: {} }),
      ],
    ]);
  });

  it('bodies that together would take too much memory get 429, and the room is free again afterwards', async () => {
    const begun = Array.from({ length: 6 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of begun) {
      socket.on('error', () => {});
      socket.write(rawPost('content-length: 4000\r\n', 'x'.repeat(3_900)));
    }
    const answers = await Promise.any(begun.map(async (socket) => String((await once(socket, 'data'))[0])));
    expect(statusOf(answers)).toBe(429);
    for (const socket of begun) socket.destroy();
    await expect.poll(async () => (await post(GOOD)).status).toBe(200);
  });

  it('a client that hangs up in the middle of its body harms nobody', async () => {
    await sendRaw(server.port, rawPost('content-length: 4000\r\n', '{"query":'), 100);
    await server.expectWhole();
  });

  it('every refusal is JSON in the shape of a GraphQL response', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
    expect(errors[0]?.message).toContain('not valid JSON');
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  it('memory returns to its baseline', async () => {
    const bombs = async () => {
      for (let times = 0; times < 40; times += 1) await post(BOMB, { 'content-encoding': 'gzip' });
    };
    await bombs();
    const baseline = server.memory ?? 0;
    await bombs();
    const FREE_TO_VARY_BYTES = 64 * 1_048_576;
    expect((server.memory ?? 0) - baseline).toBeLessThan(FREE_TO_VARY_BYTES);
  });
});

/** A test for each way in which a client may go wrong. */
function refused(rows: readonly Row[]): void {
  it.each(rows)('%s (%i)', (_what, status, send) => server.expectRefused(send, { status }));
}
