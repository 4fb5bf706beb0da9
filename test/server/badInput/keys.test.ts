import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyDraft, KeyStore } from '../../../src/access/KeyStore.ts';
import { orThrow } from '../../../src/client/index.ts';
import { dataFolder } from '../../../src/store/dataFolder.ts';
import { alcove } from '../../cli/alcove.ts';
import { socketClosing } from '../socketClosing.ts';
import { BadInputServer } from './BadInputServer.ts';

const ADMIN_KEY = 'an-admin-key-of-the-tests-0123456789';
const FORBIDDEN = 4403;
const REVOKED_WITHIN_MS = 5_000;
/** Neither of them is a query, so that whatever is answered 401 has not been parsed. */
const UNPARSED = ['{"query":"{ server { version } }"}', '{"query":"{{{"}', '{{{{'];

let server: BadInputServer;
let keys: KeyStore;
let names = 0;
const key = (draft: Partial<KeyDraft> = {}, now?: number) =>
  keys.create({ name: `key ${names++}`, role: 'READ', libraries: null, expiresAt: null, ...draft }, now);
const revoked = () => {
  const made = key();
  keys.revoke(made.key.id);
  return made.text;
};
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
/** Another character at the end of a key. */
const spoiled = (text: string) => text.slice(0, -1) + (text.endsWith('A') ? 'Q' : 'A');

beforeAll(async () => {
  server = await BadInputServer.start({ ALCOVE_AUTH: 'required', ALCOVE_ADMIN_KEY: ADMIN_KEY });
  keys = KeyStore.open(dataFolder.keys(server.dataPath));
  orThrow(await server.client.createLibrary({ id: 'lib_mine', name: 'mine' }));
});
afterAll(async () => {
  keys.close();
  await server.close();
});

describe('keys', () => {
  describe('missing, expired or revoked → 401 before the query is parsed', () => {
    it.each<[string, () => string | undefined]>([
      ['missing', () => undefined],
      ['empty', () => ''],
      ['of another scheme', () => 'Basic YTpi'],
      ['not of the form of a key', () => 'Bearer secret'],
      ['unknown', () => `Bearer alcove_000000000000_${'a'.repeat(43)}`],
      ['with a wrong secret', () => `Bearer ${spoiled(key().text)}`],
      ['followed by another', () => `Bearer ${key().text} ${key().text}`],
      ['expired', () => `Bearer ${key({ expiresAt: 2 }, 1).text}`],
      ['revoked', () => `Bearer ${revoked()}`],
      ['the admin key and one character', () => `Bearer ${ADMIN_KEY}x`],
    ])('%s', async (_what, credentials) => {
      const authorization = credentials();
      for (const body of UNPARSED) {
        const headers = {
          'content-type': 'application/json',
          ...(authorization === undefined ? {} : { authorization }),
        };
        await server.expectRefused(() => server.fetch('/graphql', { method: 'POST', headers, body }), {
          status: 401,
          code: 'UNAUTHENTICATED',
        });
      }
    });

    it.each(['/libraries/whole/export', '/libraries/nowhere/export'])('rows by %s', (path) =>
      server.expectRefused(() => server.fetch(path, { headers: { 'x-alcove-csrf': '1' } }), {
        status: 401,
        code: 'UNAUTHENTICATED',
      }),
    );
  });

  describe('another library reached by nesting, cursor, node id or subscription → the same as absent', () => {
    it.each<[string, (target: string) => string]>([
      ['a name', (of) => `{ library(by: { name: "${of}" }) { id documents(first: 1) { totalCount } } }`],
      ['the id of a node', (of) => `{ node(id: "doc_${of}") { __typename id } }`],
      ['ids of nodes', (of) => `{ nodes(ids: ["doc_${of}", "lib_mine"]) { __typename id } }`],
      [
        'a search',
        (of) => `{ knnSearch(input: { library: { name: "${of}" } query: { vector: [1, 0] } }) {
          __typename ... on Error { code message } } }`,
      ],
      [
        'a document within a search of its own',
        (of) => `{ knnSearch(input: { library: { name: "mine" } query: { document: "doc_${of}" } }) {
          __typename ... on Error { code message } } }`,
      ],
      [
        'chunks that are put into a document',
        (
          of,
        ) => `mutation { createChunks(input: { library: { name: "mine" } chunks: [{ documentId: "doc_${of}" text: "a" }] }) {
          __typename ... on Error { code message } } }`,
      ],
      [
        'chunks that are deleted',
        (of) => `mutation { deleteChunks(input: { library: { name: "mine" } by: { ids: ["doc_${of}"] } }) {
          __typename ... on Error { code message } } }`,
      ],
      [
        'a document that is changed',
        (of) => `mutation { updateDocument(input: { id: "doc_${of}" title: "a" }) {
          __typename ... on Error { code message } } }`,
      ],
      ['a subscription', (of) => `subscription { libraryEvents(library: { name: "${of}" }) { revision } }`],
    ])('%s', async (_what, query) => {
      const { text } = key({ role: 'WRITE', libraries: ['lib_mine'] });
      const ask = async (target: string) => {
        const accept = query(target).startsWith('subscription') ? 'text/event-stream' : 'application/json';
        const answer = await server.post({ query: query(target) }, { ...bearer(text), accept });
        return { status: answer.status, text: answer.text.replaceAll(target, 'it') };
      };
      await server.expectRefused(
        async () => {
          // Twice: what has come before is answered by the short way.
          await ask('whole');
          const answer = await ask('whole');
          expect(answer).toEqual(await ask('absent'));
          return answer;
        },
        { status: 200 },
      );
    });

    it('and a key that may not write is refused, also by an operation that others have run before', async () => {
      const query = 'mutation { updateDocument(input: { id: "doc_whole" title: "all" }) { __typename } }';
      for (let at = 0; at < 2; at += 1)
        expect((await server.post({ query }, bearer(ADMIN_KEY))).text).toContain('DocumentResult');
      await server.expectRefused(() => server.post({ query }, bearer(key().text)), {
        status: 200,
        says: /"ForbiddenError"/,
      });
    });
  });

  it('key-timing → constant: an unknown id and a wrong secret go one way, and are told the same', async () => {
    const answers = [spoiled(key().text), spoiled(revoked()), `alcove_000000000000_${'a'.repeat(43)}`];
    const told = await Promise.all(
      answers.map((text) => server.post('{"query":"{ __typename }"}', bearer(text))),
    );
    for (const answer of told) expect(answer).toEqual(told[0]);
  });

  it.each([
    ['no key', {}],
    ['a default secret', { ALCOVE_ADMIN_KEY: 'secret' }],
    ['a long one of one letter', { ALCOVE_ADMIN_KEY: 'a'.repeat(64) }],
  ])('%s outside loopback → refuses to start', async (_what, environment) => {
    const { status, error } = await alcove(['serve'], {
      ALCOVE_HOST: '0.0.0.0',
      ALCOVE_PORT: '0',
      ALCOVE_DATA: `${server.dataPath}/another`,
      ...environment,
    });
    expect(status).toBe(1);
    expect(error).toContain('ALCOVE_ADMIN_KEY');
    expect(error).not.toContain('    at ');
  });

  describe('WebSocket', () => {
    const closing = (connectionParams: Record<string, unknown>, onConnected?: () => void) =>
      socketClosing(server.url, connectionParams, onConnected);

    it.each<[string, () => Record<string, unknown>]>([
      ['no key', () => ({})],
      ['a wrong key', () => ({ authorization: 'Bearer secret' })],
      ['a key that is no text', () => ({ authorization: { $ne: 1 } })],
      ['an expired key', () => bearer(key({ expiresAt: 2 }, 1).text)],
      ['a revoked key', () => ({ headers: bearer(revoked()) })],
    ])('%s → 4403', async (_what, parameters) => {
      expect(await closing(parameters())).toBe(FORBIDDEN);
      await server.expectWhole();
    });

    it('a key that is revoked mid-stream → 4403 within five seconds', async () => {
      const made = key();
      let revokedAt = 0;
      const code = await closing(bearer(made.text), () => {
        revokedAt = Date.now();
        keys.revoke(made.key.id);
      });
      expect(code).toBe(FORBIDDEN);
      expect(Date.now() - revokedAt).toBeLessThan(REVOKED_WITHIN_MS);
      await server.expectWhole();
    });
  });
});
