import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../graphql/TestApi.ts';
import { type Serving, serve } from '../serving.ts';
import { tinySchema } from '../tinySchema.ts';

let serving: Serving;
beforeAll(async () => {
  serving = await serve({
    schema: tinySchema(),
    config: {
      limits: {
        document: { tokens: 40, depth: 4, aliases: 2 },
        cost: 7,
        k: 5,
        searches: 2,
        chunks: 1,
      },
    },
  });
});
afterAll(() => serving.close());

async function ask(query: string) {
  const response = await fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: (await response.json()) as { errors?: object[] } };
}

describe('limits that are configured', () => {
  it.each([
    ['depth', '{ box { box { box { box { id } } } } }', 5, 4],
    ['aliases', '{ a: hello b: hello c: hello }', 3, 2],
    ['tokens', `{ ${'hello '.repeat(41)} }`, 41, 40],
    ['cost', '{ hello box { id box { id box { __typename } } } x: hello }', 8, 7],
  ])(
    'refuse one operation beyond its %s, saying what was got and what is allowed',
    async (what, query, got, expected) => {
      const { status, body } = await ask(query);
      expect(status, JSON.stringify(body)).toBe(400);
      expect(body.errors).toMatchObject([
        { message: expect.stringContaining(what), extensions: { code: 'BAD_USER_INPUT', got, expected } },
      ]);
    },
  );

  it('refuse it again when it comes again, and answer what is within them', async () => {
    const costly = '{ hello box { id box { id box { __typename } } } }';
    for (let time = 0; time < 3; time++) expect((await ask(`${costly} # ${time % 2}`)).status).toBe(200);
    const beyond = '{ hello box { id box { id box { __typename id } } } }';
    for (let time = 0; time < 3; time++) expect((await ask(beyond)).status).toBe(400);
  });

  it('bound k, the searches of a batch and the chunks of a mutation', async () => {
    const api = await TestApi.start({
      ALCOVE_MAX_K: '5',
      ALCOVE_MAX_SEARCHES: '2',
      ALCOVE_MAX_CHUNKS: '1',
    });
    try {
      const search = { library: { name: 'none' }, query: { text: 'x' } };
      const asked = [
        [
          'query ($input: KnnSearchInput!) { answer: knnSearch(input: $input) { ... on InvalidArgumentError { message } } }',
          { ...search, k: 6 },
          'a whole number from 1 to 5',
        ],
        [
          'query ($input: SearchInput!) { answer: search(input: $input) { ... on InvalidArgumentError { message } } }',
          { ...search, k: 6 },
          'a whole number from 1 to 5',
        ],
        [
          'query ($input: KnnSearchBatchInput!) { answer: knnSearchBatch(input: $input) { ... on InvalidArgumentError { message } } }',
          { searches: [search, search, search] },
          '1 to 2 searches',
        ],
        [
          'mutation ($input: CreateChunksInput!) { answer: createChunks(input: $input) { ... on InvalidArgumentError { message } } }',
          {
            library: { name: 'none' },
            chunks: [
              { documentId: 'doc_1', text: 'a' },
              { documentId: 'doc_1', text: 'b' },
            ],
          },
          'from 1 to 1',
        ],
      ] as const;
      for (const [query, input, expected] of asked) {
        const { data, errors } = await api.run(query, { input });
        expect(errors).toEqual([]);
        expect(data.answer.message).toContain(expected);
      }
    } finally {
      await api.close();
    }
  });
});
