import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient as createWebSocketClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { KeyStore } from '../../src/access/KeyStore.ts';
import { formatKey, newKey, parseKey } from '../../src/access/keyText.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { ProviderServer } from '../embedding/ProviderServer.ts';
import { Collector } from './Collector.ts';
import { eventually } from './ObservedServer.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** What must not be found in any line, whatever way it went. */
const SECRETS = {
  providerKey: 'sk-4f0f9e1c-key-of-the-provider',
  adminKey: 'Of-The-Operator.0451/open+sesame',
  /** The part of a key that is secret; the keys themselves are made before the server starts. */
  callerKey: '',
  /** Of a key that the server does not know. */
  wrongKey: '',
  text: 'words-that-are-nobodys-business',
  title: 'title-that-is-nobodys-business',
  question: 'question-that-is-nobodys-business',
  component: '0.718281828',
};

let server: ChildProcess;
let provider: ProviderServer;
let collector: Collector;
let callerKey: string;
let keyId: string;
let metricsUrl: string;
/** All that callers have been answered. */
let answers = '';
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

const ask = async (query: string, variables: object = {}, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${callerKey}`, ...headers },
    body: JSON.stringify({ query, variables }),
  });
  answers += `${JSON.stringify([...response.headers])} ${await response.text()}\n`;
  return response;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-logs-'));
  provider = await ProviderServer.start('OPENAI');
  collector = await Collector.start();
  const keys = KeyStore.open(dataFolder.keys(folder));
  const { key, text } = keys.create({ name: 'caller', role: 'ADMIN', libraries: null, expiresAt: null });
  keys.close();
  [callerKey, keyId] = [text, key.id];
  SECRETS.callerKey = parseKey(text)?.secret ?? '';
  SECRETS.wrongKey = newKey().secret;
  server = spawn(process.execPath, ['src/main.ts', 'serve'], {
    cwd: ROOT,
    env: {
      ...process.env,
      ALCOVE_PORT: '0',
      ALCOVE_DATA: folder,
      ALCOVE_THREADS: '1',
      ALCOVE_LOG: 'debug',
      ALCOVE_ADMIN_KEY: SECRETS.adminKey,
      ALCOVE_METRICS_PORT: '0',
      ALCOVE_OTLP_ENDPOINT: collector.url,
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
  metricsUrl = `http://127.0.0.1:${(await line(({ event }) => event === 'serving metrics')).port}/metrics`;
}, 60_000);

afterAll(async () => {
  server.kill('SIGTERM');
  await once(server, 'exit');
  await provider.close();
  collector.close();
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
      key: keyId,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(lines().filter((each) => each.requestId === requestId)).toHaveLength(1);
  });

  it('says what the phases of its searches took, summed where there are several', async () => {
    await ask(
      `mutation { createLibrary(input: { name: "own", embedding: { provider: EXTERNAL, model: "none", dimension: 2 } }) { __typename } }`,
    );
    const search = '{ library: { name: "own" }, query: { vector: [1, 0] }, k: 1 }';
    const one = await ask(`{ knnSearch(input: ${search}) { __typename } }`);
    const two = await ask(
      `{ a: knnSearch(input: ${search}) { __typename } b: search(input: { library: { name: "own" }, query: { text: "x" }, mode: KEYWORD }) { __typename } }`,
    );
    const lineOf = ({ headers }: Response) => line((each) => each.requestId === headers.get('x-request-id'));
    expect(await lineOf(one)).toMatchObject({ searches: 1, phases: { EMBED: expect.any(Number) } });
    expect(await lineOf(two)).toMatchObject({
      searches: 2,
      phases: { EMBED: expect.any(Number), KEYWORD: expect.any(Number) },
    });
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
    await fetch(`${url}/${text}?key=${callerKey}`);
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
    const { adminKey, callerKey: _caller, wrongKey: _wrong, ...ofCallers } = SECRETS;
    for (const [name, secret] of Object.entries({ ...ofCallers, adminKey }))
      expect(output.includes(secret), name).toBe(false);
  });

  it('knows keys by their ids alone, and so do traces, metrics and errors', async () => {
    const wrongKey = formatKey({ id: newKey().id, secret: SECRETS.wrongKey });
    for (const key of [callerKey, SECRETS.adminKey, wrongKey]) {
      const isRefused = key === wrongKey;
      const authorization = `Bearer ${key}`;
      expect((await ask('{ server { version } }', {}, { authorization })).status).toBe(isRefused ? 401 : 200);
      // Where it does not belong: an id, a trace, a name of an operation, a URL, a library that there is none of.
      const odd = {
        authorization: `Bearer ${callerKey}`,
        'x-request-id': key,
        traceparent: key,
        tracestate: `k=${key}`,
      };
      expect(
        (await ask(`query Q { library(by: { name: "none" }) { id } }`, {}, odd)).headers.get('x-request-id'),
      ).not.toBe(key);
      await fetch(`${url}/graphql?key=${key}&query=%7B__typename%7D`, {
        headers: { 'x-requested-with': 'test', authorization },
      });
      await fetch(`${url}/libraries/none/export`, { headers: { authorization, 'x-request-id': key } });
      await fetch(`${url}/graphql`, {
        headers: { authorization: `Basic ${Buffer.from(`user:${key}`).toString('base64')}` },
      });
      const client = createWebSocketClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { authorization },
        retryAttempts: 0,
      });
      await new Promise<void>((resolve) =>
        client.subscribe(
          { query: '{ server { version } }' },
          { next: () => {}, error: () => resolve(), complete: resolve },
        ),
      );
      await client.dispose();
    }
    const { headers } = await ask('{ server { version } }');
    const last = await line((each) => each.requestId === headers.get('x-request-id'));
    expect(last.key).toBe(keyId);
    await eventually(() => collector.of(String(last.traceId))[0]);
    const scraped = await (await fetch(metricsUrl)).text();
    expect(scraped).toContain('alcove_requests_total{');
    const shown = { log: output, traces: collector.bodies.join('\n'), metrics: scraped, answers };
    for (const [where, text] of Object.entries(shown))
      for (const name of ['adminKey', 'callerKey', 'wrongKey', 'providerKey'] as const)
        expect(text.includes(SECRETS[name].slice(0, 16)), `${name} in ${where}`).toBe(false);
  });
});
