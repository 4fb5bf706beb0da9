import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, encodeVector, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

let folder: string;
let server: RunningServer;
let alcove: AlcoveClient;
const library = { name: 'cosines' };
let documentId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-bad-data-'));
  server = await startServer(
    parseConfig({ ALCOVE_PORT: '0', ALCOVE_DATA: folder, ALCOVE_THREADS: '1', ALCOVE_LOG: 'error' }),
  );
  alcove = createClient({ url: server.url });
  orThrow(
    await alcove.createLibrary({
      ...library,
      embedding: { provider: 'EXTERNAL', model: 'test', dimension: 2, metric: 'COSINE' },
      metadataFields: [{ name: 'year', type: 'NUMBER' }],
    }),
  );
  const { document } = orThrow(
    await alcove.createDocument({
      library,
      title: 'all',
      content: {
        chunks: [
          { id: 'chk_a', text: 'a plain text', embedding: [1, 0], metadata: { year: 2024 } },
          { id: 'chk_b', text: '(a+)+$ %_* "quoted" \'; DROP TABLE chunks; --', embedding: [0, 1] },
        ],
      },
    }),
  );
  documentId = document.id;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The whole answer to variables that no typed client would send. */
async function ask(query: string, variables: object): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, text: await response.text() };
}
const search = (input: object) =>
  ask(
    `query ($input: KnnSearchInput!) { knnSearch(input: $input) {
      __typename ... on KnnConnection { edges { node { id } } } ... on Error { code message path retryable } } }`,
    { input: { library, query: { vector: [1, 0] }, ...input } },
  );
const write = (chunk: object, atomicity = 'ALL_OR_NOTHING') =>
  ask(
    `mutation ($input: CreateChunksInput!) { createChunks(input: $input) {
      __typename ... on ChunkBatchResult { items { status error { __typename code message } } } ... on Error { code message } } }`,
    {
      input: {
        library,
        atomicity,
        chunks: [
          { documentId, text: 'fine', embedding: [1, 1] },
          { documentId, text: 'x', ...chunk },
        ],
      },
    },
  );
const nested = (depth: number): object =>
  depth === 0 ? { position: { gte: 0 } } : { and: [nested(depth - 1)] };

describe('bad vectors and data', () => {
  const rows: [what: string, send: () => Promise<{ status: number; text: string }>][] = [
    ['a vector of the wrong dimension', () => search({ query: { vector: [1, 0, 0] } })],
    ['NaN inside base64', () => search({ query: { vector: encodeVector([Number.NaN, 1]) } })],
    [
      'Infinity inside base64',
      () => search({ query: { vector: encodeVector([Number.POSITIVE_INFINITY, 1]) } }),
    ],
    ['a number beyond float32', () => search({ query: { vector: [1e39, 1] } })],
    ['a zero vector under COSINE', () => search({ query: { vector: [0, 0] } })],
    ['base64 of three bytes', () => search({ query: { vector: 'AAAA' } })],
    ['a text that is no base64', () => search({ query: { vector: '!!!' } })],
    ['a norm that overflows', () => search({ query: { vector: [3e38, 3e38] } })],
    ['a vector of texts', () => search({ query: { vector: ['1', '0'] } })],
    ['k of 0', () => search({ k: 0 })],
    ['k of -1', () => search({ k: -1 })],
    ['k of 1e9', () => search({ k: 1e9 })],
    ['a filter 20 deep in every way it can be', () => search({ filter: nested(120) })],
    ['a filter nested 1,000 deep', () => search({ filter: nested(1_000) })],
    [
      'IN with a million values',
      () => search({ filter: { position: { in: Array.from({ length: 1_000_000 }, (_, i) => i) } } }),
    ],
    [
      'a field that is not declared',
      () => search({ filter: { metadata: [{ field: 'month', is: { number: { eq: 1 } } }] } }),
    ],
    [
      'a field of another type',
      () => search({ filter: { metadata: [{ field: 'year', is: { string: { eq: 'x' } } }] } }),
    ],
    ['a tampered cursor', () => search({ after: 'AAAAAAAAAAAAAAAAAAAAAAAA' })],
    ['an id with NUL', () => write({ id: 'chk_\0' })],
    ['an id with a lone surrogate', () => write({ id: 'chk_\ud800' })],
    ['a text with a lone surrogate', () => write({ text: '\ud800' })],
    ['a vector of the wrong dimension in a batch', () => write({ embedding: [1] })],
    ['a vector of the wrong dimension in a batch, each by itself', () => write({ embedding: [1] }, 'EACH')],
    ['a metadata value of the wrong type', () => write({ metadata: { year: 'soon' } })],
    [
      'pages within pages within pages',
      () =>
        ask(
          '{ libraries(first: 1000) { edges { node { documents(first: 1000) { edges { node { id } } } } } } }',
          {},
        ),
    ],
    ['a recall above 1', () => search({ accuracy: { recall: 1.1 } })],
    ['a deadline of 0', () => search({ timeoutMs: 0 })],
    ['a revision that is none', () => search({ minRevision: 'soon' })],
  ];
  it.each(rows)('%s: BAD_USER_INPUT, never 5xx, and the next search is served', async (_what, send) => {
    const { status, text } = await send();
    expect({ status, text: text.slice(0, 500) }).toMatchObject({
      text: expect.stringContaining('"BAD_USER_INPUT"'),
    });
    expect(status).toBeLessThan(500);
    expect((await search({})).text).toContain('chk_a');
  });

  it('a deadline that passes is TIMEOUT', async () => {
    const { text } = await search({ minRevision: '0000000999999999', timeoutMs: 20 });
    expect(text).toContain('"TIMEOUT"');
  });

  it('a batch whose last item is bad writes nothing, or the rest, as the caller asked', async () => {
    const count = async () => (await alcove.chunks({ library }))?.totalCount ?? 0;
    const before = await count();
    await write({ embedding: [0, 0] });
    expect(await count()).toBe(before);
    await write({ embedding: [0, 0] }, 'EACH');
    expect(await count()).toBe(before + 1);
  });

  it('the same idempotency key answers the same, and with another body CONFLICT', async () => {
    const create = (title: string) => alcove.createDocument({ library, title, idempotencyKey: 'once' });
    const first = orThrow(await create('one'));
    expect(orThrow(await create('one')).document.id).toBe(first.document.id);
    expect(await create('two')).toMatchObject({ __typename: 'IdempotencyConflictError', code: 'CONFLICT' });
  });

  it('what SQL, LIKE and regular expressions mean something by is text', async () => {
    const matching = async (contains: string) =>
      (await alcove.chunks({ library, filter: { text: { contains } } }))?.edges.map(({ node }) => node.id);
    expect(await matching('(a+)+$')).toEqual(['chk_b']);
    expect(await matching("'; DROP TABLE chunks; --")).toEqual(['chk_b']);
    expect(await matching('%_*')).toEqual(['chk_b']);
    expect(await matching('%')).toEqual(['chk_b']);
    expect(await matching('"quoted"')).toEqual(['chk_b']);
  });

  it('names that are equal but for Unicode normalisation are distinct', async () => {
    const composed = 'caf\u00e9';
    const decomposed = 'cafe\u0301';
    for (const name of [composed, decomposed]) orThrow(await alcove.createLibrary({ name }));
    expect((await alcove.library({ name: decomposed }))?.name).toBe(decomposed);
    expect((await alcove.library({ name: composed }))?.name).toBe(composed);
  });
});
