import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type KeyDraft, KeyStore } from '../../src/access/KeyStore.ts';
import { AlcoveRequestError, createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { socketClosing } from './socketClosing.ts';

/** How long what a revoked key has begun may go on at most. */
const REVOKED_WITHIN_MS = 5_000;

let dataPath: string;
let server: RunningServer;
let keys: KeyStore;
let names = 0;

const key = (draft: Partial<KeyDraft> = {}) => {
  names += 1;
  return keys.create({ name: `key ${names}`, role: 'ADMIN', libraries: null, expiresAt: null, ...draft });
};
const client = (apiKey?: string) =>
  createClient({ url: server.url, ...(apiKey ? { apiKey } : {}), webSocket: WebSocket });
const post = (authorization: string | undefined, body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    },
    body,
  });

beforeAll(async () => {
  dataPath = mkdtempSync(join(tmpdir(), 'alcove-keys-'));
  keys = KeyStore.open(dataFolder.keys(dataPath));
  const { text } = key();
  server = await startServer(
    parseConfig({
      ALCOVE_DATA: dataPath,
      ALCOVE_PORT: '0',
      ALCOVE_THREADS: '2',
      ALCOVE_LOG: 'error',
      ALCOVE_AUTH: 'required',
    }),
  );
  const admin = client(text);
  for (const name of ['mine', 'theirs']) {
    orThrow(await admin.createLibrary({ id: `lib_${name}`, name }));
    const content = { chunks: [{ id: `chk_${name}`, text: `what is ${name}` }] };
    orThrow(await admin.createDocument({ id: `doc_${name}`, library: { name }, title: name, content }));
  }
}, 120_000);
afterAll(async () => {
  await server.close();
  keys.close();
  rmSync(dataPath, { recursive: true });
});

describe('a server that asks for keys', () => {
  it('leaves health, the first page and the page of GraphiQL open, and nothing else', async () => {
    const statusOf = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${server.url}${path}`, init)).status;
    for (const path of ['/health/live', '/health/ready', '/'])
      expect([path, await statusOf(path)]).toEqual([path, 200]);
    expect(await statusOf('/graphql', { headers: { accept: 'text/html' } })).toBe(200);
    expect(await statusOf('/graphql?query={__typename}', { headers: { accept: 'application/json' } })).toBe(
      401,
    );
    expect(await statusOf('/graphql', { method: 'OPTIONS', headers: { origin: server.url } })).toBe(204);
    for (const library of ['mine', 'absent']) {
      expect(await statusOf(`/libraries/${library}/export?format=ndjson`)).toBe(401);
      expect(await statusOf(`/libraries/${library}/import`, { method: 'POST', body: '{}' })).toBe(401);
    }
  });

  it('takes a key from the next request on, and refuses it from the next one after it was revoked', async () => {
    const { key: made, text } = key({ role: 'READ' });
    const statuses = async () =>
      Promise.all(
        Array.from(
          { length: 8 },
          async () => (await post(`Bearer ${text}`, '{"query":"{ server { version } }"}')).status,
        ),
      );
    expect(new Set(await statuses())).toEqual(new Set([200]));
    keys.revoke(made.id);
    expect(new Set(await statuses())).toEqual(new Set([401]));
  });

  it('takes the key of a WebSocket from where clients put it in the first message', async () => {
    const letIn = (connectionParams: Record<string, unknown>) =>
      new Promise<number>((resolve) => {
        void socketClosing(server.url, connectionParams, () => resolve(0)).then(resolve);
      });
    const { text } = key({ role: 'READ' });
    for (const good of [
      { authorization: `Bearer ${text}` },
      { Authorization: `Bearer ${text}` },
      { headers: { authorization: `Bearer ${text}` } },
    ])
      expect(await letIn(good)).toBe(0);
  });

  it('refuses an upgrade whose header has a wrong key with 401, and takes a good one', async () => {
    const opened = (authorization: string) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
          headers: { authorization },
        });
        socket.on('unexpected-response', (_request, { statusCode }) => resolve(`refused ${statusCode}`));
        socket.on('open', () => socket.send('{"type":"connection_init"}'));
        socket.on('message', (data) => {
          resolve(String(data));
          socket.close();
        });
      });
    expect(await opened('Bearer secret')).toBe('refused 401');
    expect(await opened(`Bearer ${key().text}`)).toBe('{"type":"connection_ack"}');
  });
});

describe('a key that ends while it is used', () => {
  it('ends its subscriptions over WebSocket with 4403, and the client does not come back', async () => {
    const { key: made, text } = key({ role: 'READ' });
    const other = client(key({ role: 'READ' }).text);
    const others = other.libraryEvents({ name: 'mine' });
    await others.next();
    const events = client(text).libraryEvents({ name: 'mine' });
    expect((await events.next()).value).toMatchObject({ __typename: 'LibrarySnapshot' });
    const revokedAt = Date.now();
    keys.revoke(made.id);
    const error = await events.next().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(Date.now() - revokedAt).toBeLessThan(REVOKED_WITHIN_MS);
    expect(error).toBeInstanceOf(AlcoveRequestError);
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
    const next = others.next();
    const writer = client(key({ role: 'WRITE' }).text);
    orThrow(await writer.updateDocument({ id: 'doc_mine', title: `mine at ${revokedAt}` }));
    expect((await next).value).toMatchObject({ __typename: 'DocumentUpdated' });
    await other.close();
  }, 30_000);

  it('ends its server-sent events with an error that says so, when it expires', async () => {
    const { text } = key({ role: 'READ', expiresAt: Date.now() + 2_000 });
    const query = 'subscription { libraryEvents(library: { name: "mine" }) { revision } }';
    const response = await post(`Bearer ${text}`, JSON.stringify({ query }), { accept: 'text/event-stream' });
    expect(response.status).toBe(200);
    const events = await response.text();
    expect(events).toContain('"revision"');
    expect(events).toContain('UNAUTHENTICATED');
  }, 30_000);
});

describe('a key that is limited to a library', () => {
  it('has rows in and out of it by the bulk routes, and of no other', async () => {
    const limited = (role: KeyDraft['role']) => client(key({ role, libraries: ['lib_mine'] }).text);
    const rows = async (library: string) =>
      new Response(await limited('READ').exportRows(library, { format: 'ndjson' })).text();
    expect(await rows('mine')).toContain('what is mine');
    const importing = async (role: KeyDraft['role'], library: string) => {
      const row = `${JSON.stringify({ id: `chk_${role}`, text: 'a row', document: 'rows' })}\n`;
      const events = [];
      for await (const event of limited(role).importRows(library, row, { format: 'ndjson' }))
        events.push(event);
      return events.at(-1);
    };
    expect(await importing('WRITE', 'mine')).toMatchObject({ summary: { written: 1 } });
    await expect(importing('READ', 'mine')).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN' });
    for (const theirs of ['theirs', 'lib_theirs']) {
      const absent = theirs.replace('theirs', 'absent');
      const seen = await rows(theirs).catch((error: AlcoveRequestError) => error);
      const missing = await rows(absent).catch((error: AlcoveRequestError) => error);
      expect(seen).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      expect((seen as Error).message.replaceAll('theirs', 'absent')).toBe((missing as Error).message);
      await expect(importing('WRITE', theirs)).rejects.toMatchObject({ status: 404 });
    }
  });

  it('imports files into it by a multipart request, and into no other', async () => {
    const writer = client(key({ role: 'WRITE', libraries: ['lib_mine'] }).text);
    const files = [new File(['some words'], 'words.txt')];
    orThrow(await writer.importFiles({ library: { name: 'mine' }, files }));
    const refused = await writer.importFiles({ library: { name: 'theirs' }, files });
    expect(refused).toMatchObject({ __typename: 'LibraryNotFoundError' });
    const reader = client(key({ role: 'READ', libraries: ['lib_mine'] }).text);
    await expect(reader.importFiles({ library: { name: 'mine' }, files })).rejects.toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
    });
  });

  it('remembers idempotency keys of its own alone', async () => {
    const idempotencyKey = 'one for all';
    const [one, other] = [key(), key()].map(({ text }) => client(text));
    const create = (from: typeof one, name: string) =>
      from?.createDocument({
        library: { name: 'theirs' },
        title: name,
        content: { chunks: [] },
        idempotencyKey,
      });
    const first = orThrow((await create(one, 'first'))!);
    const second = orThrow((await create(other, 'second'))!);
    expect(second.document.id).not.toBe(first.document.id);
    expect(orThrow((await create(one, 'first'))!).document.id).toBe(first.document.id);
  });
});
