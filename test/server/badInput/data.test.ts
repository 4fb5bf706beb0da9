import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeVector, orThrow } from '../../../src/client/index.ts';
import { type Answer, BadInputServer } from './BadInputServer.ts';

let server: BadInputServer;
beforeAll(async () => {
  server = await BadInputServer.start();
});
afterAll(() => server.close());

const search = (input: object) => server.search(input);
const near = (vector: unknown) => search({ query: { vector } });
const textSearch = (input: object) =>
  server.ask(
    `query ($input: SearchInput!) { search(input: $input) {
      __typename ... on SearchConnection { edges { node { id } } } ... on Error { code message path } } }`,
    { input: { library: server.library, query: { text: 'plain' }, ...input } },
  );
/** Writes a good chunk and another. */
const write = (chunk: object, atomicity = 'ALL_OR_NOTHING') =>
  server.ask(
    `mutation ($input: CreateChunksInput!) { createChunks(input: $input) {
      __typename ... on ChunkBatchResult { items { status error { __typename code message } } } ... on Error { code message } } }`,
    {
      input: {
        library: server.library,
        atomicity,
        chunks: [
          { documentId: server.documentId, text: 'fine', embedding: [1, 1] },
          { documentId: server.documentId, text: 'x', ...chunk },
        ],
      },
    },
  );
const createLibrary = (input: object) =>
  server.ask(
    'mutation ($input: CreateLibraryInput!) { createLibrary(input: $input) { __typename ... on Error { code message } } }',
    { input },
  );
const nested = (depth: number): object =>
  depth === 0 ? { position: { gte: 0 } } : { and: [nested(depth - 1)] };
const many = (length: number) => Array.from({ length }, (_, index) => index);

type Row = [what: string, send: () => Promise<Answer>];

describe('vectors and data', () => {
  describe('wrong dimension, NaN or Infinity, zero vector under COSINE, bad base64, a norm that overflows → BAD_USER_INPUT', () => {
    badUserInput([
      ['a vector of the wrong dimension', () => near([1, 0, 0])],
      ['a vector without numbers', () => near([])],
      ['NaN inside base64', () => near(encodeVector([Number.NaN, 1]))],
      ['Infinity inside base64', () => near(encodeVector([Number.POSITIVE_INFINITY, 1]))],
      ['a number beyond float32', () => near([1e39, 1])],
      ['a zero vector under COSINE', () => near([0, 0])],
      ['base64 whose length is not a multiple of four', () => near(encodeVector([1, 0]).slice(0, -1))],
      ['base64 of three bytes', () => near('AAAA')],
      ['a text that is no base64', () => near('!!!')],
      ['a norm that overflows', () => near([3e38, 3e38])],
      ['a vector of texts', () => near(['1', '0'])],
      ['a vector of nulls', () => near([null, null])],
      ['a zero vector to be written', () => write({ embedding: [0, 0] })],
      ['a vector of the wrong dimension in a batch', () => write({ embedding: [1] })],
    ]);
  });

  describe('k of 0, −1 or 1e9 → BAD_USER_INPUT', () => {
    badUserInput([
      ['k of 0', () => search({ k: 0 })],
      ['k of -1', () => search({ k: -1 })],
      ['k of 1e9', () => search({ k: 1e9 })],
      ['k of 1e9, by words', () => textSearch({ k: 1e9 })],
      ['a recall above 1', () => search({ accuracy: { recall: 1.1 } })],
      ['a deadline of 0', () => search({ timeoutMs: 0 })],
      ['a revision that is none', () => search({ minRevision: 'soon' })],
      [
        'a search of a batch that is null',
        () =>
          server.ask(
            'query ($input: KnnSearchBatchInput!) { knnSearchBatch(input: $input) { __typename } }',
            {
              input: { searches: [null] },
            },
          ),
      ],
    ]);
  });

  describe('filter nested 1,000 deep or IN with a million values → BAD_USER_INPUT', () => {
    badUserInput([
      ['a filter nested 1,000 deep', () => search({ filter: nested(1_000) })],
      ['a filter deeper than is looked at', () => search({ filter: nested(120) })],
      ['IN with a million values', () => search({ filter: { position: { in: many(1_000_000) } } })],
      ['IN with a million ids', () => search({ filter: { id: { in: many(1_000_000).map(String) } } })],
      [
        'a field that is not declared',
        () => search({ filter: { metadata: [{ field: 'month', is: { number: { eq: 1 } } }] } }),
      ],
      [
        'a field of another type',
        () => search({ filter: { metadata: [{ field: 'year', is: { string: { eq: 'x' } } }] } }),
      ],
    ]);
  });

  describe('`(a+)+$` is text, never a regular expression; SQL and FTS metacharacters are literal', () => {
    it('where a filter looks for them', async () => {
      const matching = async (contains: string) => {
        const found = await server.client.chunks({
          library: server.library,
          filter: { text: { contains } },
        });
        return found?.edges.map(({ node }) => node.id);
      };
      for (const text of ['(a+)+$', "'; DROP TABLE chunks; --", '%_*', '%', '"quoted"'])
        expect([text, await matching(text)]).toEqual([text, ['chk_b']]);
    });

    it.each([
      '(a+)+$',
      "'; DROP TABLE chunks; --",
      '"',
      'NEAR(plain text, 2)',
      'title: plain',
      'plain AND NOT text',
      '^plain* -text + {a b}',
      '*',
      'a'.repeat(10_000),
      '("'.repeat(2_000),
      '\0',
    ])('where words are looked for: %j', async (text) => {
      await server.expectRefused(() => textSearch({ query: { text }, mode: 'KEYWORD' }), {});
    });
  });

  describe('a batch whose last item is bad → that item’s error, and the rest as the caller asked', () => {
    const count = async () => (await server.client.chunks({ library: server.library }))?.totalCount ?? 0;

    it('all-or-nothing: none is written', async () => {
      await server.expectRefused(() => write({ embedding: [0, 0] }), {
        code: 'BAD_USER_INPUT',
        says: /"status":"NOT_WRITTEN".*"status":"FAILED"/,
      });
    });

    it('each: the others are', async () => {
      const before = await count();
      const { text } = await write({ embedding: [1] }, 'EACH');
      expect(text).toMatch(/"status":"CREATED".*"status":"FAILED","error":\{[^}]*"code":"BAD_USER_INPUT"/);
      expect(await count()).toBe(before + 1);
    });
  });

  it('the same idempotency key with another body → CONFLICT', async () => {
    const create = (title: string) =>
      server.client.createDocument({ library: server.library, title, idempotencyKey: 'once' });
    const first = orThrow(await create('one'));
    expect(orThrow(await create('one')).document.id).toBe(first.document.id);
    await server.expectRefused(async () => ({ status: 200, text: JSON.stringify(await create('two')) }), {
      code: 'CONFLICT',
    });
  });

  describe('ids with NUL or a lone surrogate → BAD_USER_INPUT', () => {
    badUserInput([
      ['an id with NUL', () => write({ id: 'chk_\0' })],
      ['an id with a lone surrogate', () => write({ id: 'chk_\ud800' })],
      ['an id of another kind', () => write({ id: 'doc_x' })],
      ['an id that is a path', () => write({ id: 'chk_../../x' })],
      ['a text with a lone surrogate', () => write({ text: '\ud800' })],
      ['a name with a lone surrogate', () => createLibrary({ name: '\ud800' })],
      ['a name with NUL', () => createLibrary({ name: 'a\0b' })],
      ['a metadata value of the wrong type', () => write({ metadata: { year: 'soon' } })],
      ['metadata that is a list', () => write({ metadata: [1] })],
    ]);
  });

  it('names equal but for Unicode normalisation stay distinct', async () => {
    const composed = 'caf\u00e9';
    const decomposed = 'cafe\u0301';
    for (const name of [composed, decomposed]) orThrow(await server.client.createLibrary({ name }));
    expect((await server.client.library({ name: decomposed }))?.name).toBe(decomposed);
    expect((await server.client.library({ name: composed }))?.name).toBe(composed);
  });

  describe('a tampered cursor → BAD_USER_INPUT', () => {
    const page = (after: string) =>
      server.ask(`{ libraries(first: 1, after: ${JSON.stringify(after)}) { totalCount } }`);
    // The first character: of the last, not every bit is of the cursor.
    const tampered = (cursor: string) => `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`;
    badUserInput([
      ['of a search, made up', () => search({ after: 'AAAAAAAAAAAAAAAAAAAAAAAA' })],
      [
        'of a search, changed',
        async () => {
          const first = orThrow(
            await server.client.knnSearch({ library: server.library, query: { vector: [1, 0] }, k: 1 }),
          );
          return search({ after: tampered(first.edges[0]?.cursor ?? '') });
        },
      ],
      [
        'of a search, for another question',
        async () => {
          const first = orThrow(
            await server.client.knnSearch({ library: server.library, query: { vector: [1, 0] }, k: 1 }),
          );
          return search({ after: first.edges[0]?.cursor, query: { vector: [0, 1] } });
        },
      ],
      ['of a list, made up', () => page('nothing of ours')],
      ['of a list, with NUL', () => page(Buffer.from('["a\\u0000"]').toString('base64').slice(1))],
      ['of a list, empty', () => page('')],
    ]);
  });

  it('a deadline that passes → TIMEOUT, and the work stops', async () => {
    const began = performance.now();
    await server.expectRefused(() => search({ minRevision: '0000000999999999', timeoutMs: 20 }), {
      code: 'TIMEOUT',
    });
    // It would wait for that revision far longer.
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

/** A test for each way in which a client may go wrong: an error says what was got and what was expected. */
function badUserInput(rows: readonly Row[]): void {
  it.each(rows)('%s', (_what, send) =>
    server.expectRefused(send, {
      code: 'BAD_USER_INPUT',
      says: /got|expect|at most|must|not |cannot|needs|no |deeper than/i,
    }),
  );
}
