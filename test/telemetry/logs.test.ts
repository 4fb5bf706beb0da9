import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ProviderServer } from '../embedding/ProviderServer.ts';
import { eventually } from './ObservedServer.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** What must not be found in any line, whatever way it went. */
const SECRETS = {
  providerKey: 'sk-4f0f9e1c-key-of-the-provider',
  callerKey: 'alcove_0123456789abcdef0123456789abcdef',
  text: 'words-that-are-nobodys-business',
  title: 'title-that-is-nobodys-business',
  question: 'question-that-is-nobodys-business',
  component: '0.718281828',
};

let server: ChildProcess;
let provider: ProviderServer;
let folder: string;
let url: string;
let output = '';

const lines = (): Record<string, unknown>[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

const line = (found: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> =>
  eventually(() => lines().find(found));

const ask = (query: string, variables: object = {}, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRETS.callerKey}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-logs-'));
  provider = await ProviderServer.start('OPENAI');
  server = spawn(process.execPath, ['src/main.ts', 'serve'], {
    cwd: ROOT,
    env: {
      ...process.env,
      ALCOVE_PORT: '0',
      ALCOVE_DATA: folder,
      ALCOVE_THREADS: '1',
      ALCOVE_LOG: 'debug',
      ALCOVE_ADMIN_KEY: SECRETS.callerKey,
      ALCOVE_LOG_REQUESTS: 'all',
      ALCOVE_OPENAI_BASE_URL: `${provider.origin}/v1`,
      ALCOVE_OPENAI_API_KEY: SECRETS.providerKey,
      ALCOVE_EMBEDDING_RETRIES: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server.stderr?.on('data', (data: Buffer) => {
    output += data.toString();
  });
  url = String((await line(({ event }) => event === 'serving')).url);
}, 60_000);

afterAll(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the log of a server', () => {
  it('has one line of JSON for a request, with the id that the answer carries', async () => {
    const response = await ask('{ server { version } }');
    const requestId = response.headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await line((each) => each.requestId === requestId)).toMatchObject({
      level: 'info',
      event: 'request',
      thread: 'server-1',
      route: '/graphql',
      status: 200,
      operation: 'server',
      kind: 'query',
      outcome: 'ok',
      ms: expect.any(Number),
    });
    expect(lines().filter((each) => each.requestId === requestId)).toHaveLength(1);
  });

  it('takes the id that a caller gives, and makes another in the place of what is none', async () => {
    expect((await ask('{ __typename }', {}, { 'x-request-id': 'mine:42' })).headers.get('x-request-id')).toBe(
      'mine:42',
    );
    const junk = await ask('{ __typename }', {}, { 'x-request-id': 'no id {"a":1}' });
    expect(junk.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    await line((each) => each.requestId === 'mine:42');
  });

  it('names operations over WebSocket, too', async () => {
    const client = createWebSocketClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    await new Promise<void>((resolve, reject) =>
      client.subscribe(
        { query: '{ server { version } }' },
        { next: () => {}, error: reject, complete: resolve },
      ),
    );
    await client.dispose();
    expect(await line((each) => each.route === 'websocket')).toMatchObject({
      operation: 'server',
      outcome: 'ok',
    });
  });

  it('never says what callers send or what the operator keeps secret', async () => {
    const vector = Array.from({ length: 16 }, (_, at) => Number(`${SECRETS.component}${at + 1}`));
    const { text, title, question, providerKey } = SECRETS;
    await ask(
      `mutation { createLibrary(input: { name: "kept", embedding: { provider: OPENAI, model: "letters" } }) { __typename } }`,
    );
    // A provider that refuses, and repeats what it was sent with the key.
    provider.faults.push((request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: `bad key ${providerKey} for ${request.texts.join()}` } }),
      );
    });
    const create = `mutation($text: String!) { createDocument(input: { library: { name: "kept" }, title: "${title}", content: { text: $text } }) { __typename } }`;
    await ask(create, { text });
    await ask(create, { text });
    await ask(
      `{ knnSearch(input: { library: { name: "kept" }, query: { text: "${question}" }, k: 1 }) { __typename } }`,
    );
    await ask(
      `query($v: Vector!) { knnSearch(input: { library: { name: "kept" }, query: { vector: $v }, k: 1 }) { __typename } }`,
      { v: vector },
    );
    await ask(`{ unknown(text: "${text}") }`);
    await fetch(`${url}/graphql?query=${encodeURIComponent(`{ x(text: "${text}") }`)}`, {
      headers: { 'x-requested-with': 'test' },
    });
    await fetch(`${url}/${text}?key=${SECRETS.callerKey}`);
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query": ${text}`,
    });
    await fetch(`${url}/libraries/kept/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${JSON.stringify({ id: 'chk_r', document: title, text, embedding: vector })}\n{"broken ${text}`,
    }).then((response) => response.text());
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(`{"type": ${text}`);
    await once(socket, 'close');
    await ask('{ __typename }', {}, { 'x-request-id': 'the-last-one' });
    await line((each) => each.requestId === 'the-last-one');
    for (const [name, secret] of Object.entries(SECRETS)) expect(output.includes(secret), name).toBe(false);
  });
});
