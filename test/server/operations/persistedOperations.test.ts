import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import { readRegisteredOperations } from '../../../src/server/operations/registeredOperations.ts';
import { type Serving, serve } from '../serving.ts';
import { tinySchema } from '../tinySchema.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

async function post(server: Serving, body: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

const codeOf = ({ answer }: { answer: unknown }) =>
  (answer as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

async function overSocket(server: Serving, payload: object): Promise<unknown> {
  const socket = createSocketClient({ url: `${server.url.replace('http', 'ws')}/graphql`, retryAttempts: 0 });
  try {
    for await (const result of socket.iterate({ query: '', ...payload })) return result;
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await socket.dispose();
  }
}

describe('automatic persisted operations', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serve({ schema: tinySchema() });
  });
  afterAll(() => server.close());

  it('are told to be unknown, taken with their text once, and then answered by their hash alone', async () => {
    const query = 'query ($n: Int!) { twice(n: $n) }';
    const hash = sha256(query);
    expect(await post(server, { ...byHash(hash), variables: { n: 1 } })).toEqual({
      status: 200,
      answer: {
        errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
      },
    });
    const first = await post(server, { query, ...byHash(hash), variables: { n: 1 } });
    expect(first).toEqual({ status: 200, answer: { data: { twice: 2 } } });
    for (const n of [2, 3])
      expect((await post(server, { ...byHash(hash), variables: { n } })).answer).toEqual({
        data: { twice: 2 * n },
      });
    expect((await post(server, { ...byHash(hash.toUpperCase()), variables: { n: 4 } })).answer).toEqual({
      data: { twice: 8 },
    });
    expect(await overSocket(server, { ...byHash(hash), variables: { n: 5 } })).toEqual({
      data: { twice: 10 },
    });
  });

  it('come by GET, as caches like them', async () => {
    const query = '{ hello }';
    await post(server, { query, ...byHash(sha256(query)) });
    const extensions = JSON.stringify(byHash(sha256(query)).extensions);
    const response = await fetch(`${server.url}/graphql?${new URLSearchParams({ extensions })}`, {
      headers: { accept: 'application/json' },
    });
    expect(await response.json()).toEqual({ data: { hello: 'hello world' } });
  });

  it('that come with the hash of another text are refused, and nothing is remembered', async () => {
    const hash = sha256('{ box { id } }');
    const refused = await post(server, { query: '{ hello }', ...byHash(hash) });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.answer)).toContain('is not the SHA-256');
    expect(codeOf(await post(server, byHash(hash)))).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it.each([
    ['another version', { persistedQuery: { version: 2, sha256Hash: 'a' } }],
    ['no hash', { persistedQuery: { version: 1 } }],
    ['no object', { persistedQuery: 'hash' }],
  ])('with %s are bad input', async (_what, extensions) => {
    expect((await post(server, { query: '{ hello }', extensions })).status).toBe(400);
  });
});

describe('registered operations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alcove-operations-'));
  const file = (content: string) => {
    const path = join(folder, 'operations.json');
    writeFileSync(path, content);
    return path;
  };
  const read = (content: string, more: Record<string, string> = {}) =>
    readRegisteredOperations(parseConfig({ ALCOVE_OPERATIONS_FILE: file(content), ...more }));
  afterAll(() => rmSync(folder, { recursive: true }));

  const hello = 'query Hello { hello }';
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'hello-1', name: 'Hello', type: 'query', body: hello }],
  };

  it('are known from the start, by the id of their file and by their hash, whoever wrote it', async () => {
    for (const content of [{ 'hello-1': hello }, manifest]) {
      const server = await serve({ schema: tinySchema(), registered: read(JSON.stringify(content)) });
      for (const id of ['hello-1', sha256(hello)])
        expect((await post(server, byHash(id))).answer).toEqual({ data: { hello: 'hello world' } });
      expect((await post(server, { query: '{ box { id } }' })).status).toBe(200);
      await server.close();
    }
  });

  it('are all that is answered where no others are to be, by whichever way they come', async () => {
    const only = await serve({
      schema: tinySchema(),
      registered: read(JSON.stringify({ 'hello-1': hello })),
      config: { operations: 'registered' },
    });
    const other = '{ box { id } }';
    expect((await post(only, byHash('hello-1'))).status).toBe(200);
    expect((await post(only, { query: hello })).status).toBe(200);
    for (const body of [
      { query: other },
      byHash(sha256(other)),
      { query: other, ...byHash(sha256(other)) },
      { query: other, ...byHash('hello-1') },
    ]) {
      const refused = await post(only, body);
      expect([refused.status, codeOf(refused)]).toEqual([403, 'FORBIDDEN']);
    }
    const url = `${only.url}/graphql?${new URLSearchParams({ query: other })}`;
    expect((await fetch(url, { headers: { accept: 'application/json' } })).status).toBe(403);
    expect(await overSocket(only, { query: hello })).toEqual({ data: { hello: 'hello world' } });
    expect(JSON.stringify(await overSocket(only, { query: other }))).toContain('only registered operations');
    await only.close();
  });

  it.each([
    [
      'a file that is not there',
      () => readRegisteredOperations(parseConfig({ ALCOVE_OPERATIONS_FILE: join(folder, 'none') })),
      'cannot read',
    ],
    ['no JSON', () => read('{'), 'cannot read'],
    ['another form', () => read('[1]'), 'expected'],
    ['what is no GraphQL', () => read('{"a":"query {"}'), 'the operation "a" is Syntax Error'],
    [
      'no file where only registered ones are answered',
      () => readRegisteredOperations(parseConfig({ ALCOVE_OPERATIONS: 'registered' })),
      'needs ALCOVE_OPERATIONS_FILE',
    ],
  ])('%s stops the start with a line that says so', (_what, start, message) => {
    expect(start).toThrow(message);
  });
});
