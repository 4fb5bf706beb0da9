import { buildSchema, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, parseConfig } from '../../../src/config.ts';
import { schema } from '../../../src/graphql/schema.ts';
import type { RequestScope } from '../../../src/server/RequestScope.ts';
import { type Serving, sendRaw, serve } from '../serving.ts';
import { tinySchema } from '../tinySchema.ts';

interface Ask {
  readonly query: string;
  readonly variables?: object;
  readonly operationName?: string | null;
  readonly extensions?: object;
}

/** Two servers that differ in nothing but the way in. */
interface Ways {
  readonly short: Serving;
  readonly yoga: Serving;
}

async function bothWays(of: GraphQLSchema, config: Partial<Config> = {}, context?: object): Promise<Ways> {
  const options = {
    schema: of,
    config,
    ...(context ? { contextFor: (scope: RequestScope) => ({ ...scope, ...context }) } : {}),
  };
  return { short: await serve(options), yoga: await serve({ ...options, isShortWayOpen: false }) };
}

const close = ({ short, yoga }: Ways) => Promise.all([short.close(), yoga.close()]);

/** An answer's bytes, head and all, but for what differs from one request to the next. */
async function answerOf(port: number, ask: Ask | string, headers: Record<string, string>): Promise<string> {
  const body = typeof ask === 'string' ? ask : JSON.stringify(ask);
  const head = { accept: 'application/json', 'content-type': 'application/json', ...headers };
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  const bytes = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${length}\r\n${lines.join('')}\r\n${body}`;
  return (await sendRaw(port, Buffer.from(bytes)))
    .replace(/\r\nDate: [^\r]*/, '')
    .replace(/(\r\nx-request-id: )[^\r]*/, '$1…')
    .replace(/("requestId":)"[^"]*"/g, '$1"…"')
    .replace(/("(tookMs|uptimeSeconds)":)[\d.]+/g, '$1…');
}

/** The second time is the one that can go the short way; both are as Yoga answers. */
async function expectSame(
  ways: Ways,
  ask: Ask | string,
  headers: Record<string, string> = {},
): Promise<string> {
  const expected = await answerOf(ways.yoga.port, ask, headers);
  expect(await answerOf(ways.short.port, ask, headers)).toBe(expected);
  expect(await answerOf(ways.short.port, ask, headers)).toBe(expected);
  return expected;
}

describe('an operation that has come before', () => {
  it('goes the short way, unless it is one for Yoga', async () => {
    const of = buildSchema('type Query { way(hold: Boolean): String! } type Subscription { way: String! }');
    const way = of.getQueryType()?.getFields().way;
    if (way) way.resolve = (_root, _args, context) => ('params' in context ? 'Yoga' : 'short');
    const server = await serve({ schema: of });
    const ask = async (body: object, headers: Record<string, string> = {}, method = 'POST') => {
      const asked = method === 'GET' ? `?${new URLSearchParams(body as Record<string, string>)}` : '';
      const response = await fetch(`${server.url}/graphql${asked}`, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      });
      return /"way":"(\w+)"/.exec(await response.text())?.[1];
    };
    const twice = async (...args: Parameters<typeof ask>) => [await ask(...args), await ask(...args)];
    try {
      expect(await twice({ query: '{ way }' })).toEqual(['Yoga', 'short']);
      expect(await ask({ query: '{ way }' }, { accept: '*/*' })).toBe('short');
      expect(await ask({ query: '{ way }' }, { accept: 'application/graphql-response+json' })).toBe('short');
      expect(await ask({ query: '{ way }' }, {}, 'GET')).toBe('Yoga');
      expect(await ask({ query: '{ way }' }, { accept: 'multipart/mixed' })).toBe('Yoga');
      expect(await twice({ query: '{ way @deprecated }' })).toEqual([undefined, undefined]);
      expect(await twice({ query: '{ way __schema { queryType { name } } }' })).toEqual(['Yoga', 'Yoga']);
      expect(await twice({ query: '{ ... @defer(if: false) { way } }' })).toEqual(['Yoga', 'Yoga']);
      const held = { query: 'query ($on: Boolean!) { way @include(if: $on) }', variables: { on: true } };
      expect(await twice(held)).toEqual(['Yoga', 'short']);
    } finally {
      await server.close();
    }
  });

  const ACCEPTS = [
    'application/json',
    'application/graphql-response+json',
    '*/*',
    'application/json, text/event-stream',
  ];
  const N = 'query Twice($n: Int!) { twice(n: $n) }';
  const asks: [what: string, ask: Ask | string][] = [
    ['a field', { query: '{ hello }' }],
    [
      'characters beyond ASCII',
      { query: 'query ($name: String) { hello(name: $name) }', variables: { name: 'Zoë 🐦 \u2028"\\' } },
    ],
    ['characters beyond ASCII in the text', { query: '{ hello(name: "Zoë 🐦") }' }],
    [
      'half a character',
      { query: 'query ($name: String) { hello(name: $name) }', variables: { name: '\ud800' } },
    ],
    [
      'aliases and __typename',
      { query: '{ __typename a: hello b: hello(name: "b") box { __typename id } }' },
    ],
    ['what takes a while', { query: '{ box { late id box { id late } } boxes { late } }' }],
    [
      'a fragment twice',
      { query: '{ box { ...F ...F ... on Box { id late } } } fragment F on Box { id box { id } }' },
    ],
    ['fields merged', { query: '{ box { id } box { box { id } } }' }],
    ['a variable', { query: N, variables: { n: 21 } }],
    ['a variable too many', { query: N, variables: { n: 21, m: 1 } }],
    ['a missing variable', { query: N }],
    ['a null variable', { query: N, variables: { n: null } }],
    ['a variable of the wrong type', { query: N, variables: { n: '21' } }],
    ['a number too large', { query: N, variables: { n: 3e9 } }],
    ['an answer too large', { query: N, variables: { n: 2e9 } }],
    ['an operation by its name', { query: 'query A { hello } query B { box { id } }', operationName: 'B' }],
    ['no operation name among several', { query: 'query A { hello } query B { box { id } }' }],
    ['an operation name that is not there', { query: 'query A { hello }', operationName: 'B' }],
    ['an operation name of null', { query: 'query A { hello }', operationName: null }],
    [
      'conditions',
      {
        query: 'query ($a: Boolean!, $b: Boolean = true) { hello @skip(if: $a) box @include(if: $b) { id } }',
        variables: { a: true },
      },
    ],
    [
      'a condition of null',
      { query: 'query ($b: Boolean = true) { hello @include(if: $b) }', variables: { b: null } },
    ],
    ['nothing left', { query: '{ hello @skip(if: true) }' }],
    ['an error of ours', { query: '{ refused hello }' }],
    ['a bug', { query: '{ hello broken }' }],
    ['null where it may not be', { query: '{ hello brokenOnPurpose }' }],
    ['a mutation', { query: 'mutation ($by: By!) { choose(by: $by) }', variables: { by: { id: 'x' } } }],
    [
      'two where there is to be one',
      { query: 'mutation ($by: By!) { choose(by: $by) }', variables: { by: { id: 'x', name: 'y' } } },
    ],
    [
      'a null where there is to be one',
      { query: 'mutation ($by: By!) { choose(by: $by) }', variables: { by: { id: null } } },
    ],
    [
      'a variable within an object',
      { query: 'mutation ($id: ID!) { choose(by: { id: $id }) }', variables: { id: 7 } },
    ],
    [
      'mutations in their turn',
      { query: 'mutation { a: choose(by: { id: 1 }) b: choose(by: { name: "n" }) }' },
    ],
    ['an unknown field', { query: '{ hell }' }],
    ['no GraphQL', { query: '{ hello' }],
    ['introspection', { query: '{ __type(name: "Box") { fields { name } } }' }],
    ['extensions', { query: '{ hello }', extensions: { any: 'thing' } }],
    ['a batch', '[{"query":"{ hello }"}]'],
    ['a mark before the text', '\ufeff{"query":"{ hello }"}'],
    ['no JSON', '{"query":'],
  ];

  describe.each([
    ['as it comes', {}],
    ['without introspection and suggestions', { introspection: false, suggestions: false }],
    ['without a cache', { operationCacheBytes: 0 }],
  ])('%s', (how, config) => {
    const accepts = how === 'as it comes' ? ACCEPTS : ACCEPTS.slice(0, 1);
    let ways: Ways;
    beforeAll(async () => {
      ways = await bothWays(tinySchema(), config);
    });
    afterAll(() => close(ways));

    it.each(asks)('%s is answered with the same bytes by both ways', async (_what, ask) => {
      for (const accept of accepts) await expectSame(ways, ask, { accept });
      await expectSame(ways, ask, { origin: 'http://localhost:3000' });
    });
  });
});

describe('a search of Alcove', () => {
  it('is answered with the same bytes by both ways, its errors and limits too', async () => {
    const chunk = (id: string) => ({
      id,
      documentId: 'doc_1',
      text: `text of ${id}`,
      position: 0,
      page: null,
      headings: ['A'],
      truncated: false,
      metadata: { 2: 'b', 1: 'a', list: ['x'] },
      createdAt: 0,
      updatedAt: 1,
    });
    const hits = ['chk_1', 'chk_2'].map((id, at) => ({
      cursor: `c${at}`,
      chunk: chunk(id),
      distance: -0,
      similarity: 1e-7 * at,
    }));
    const plan = {
      strategy: 'GRAPH',
      reason: 'r',
      selectivity: null,
      effort: 64,
      expectedRecall: 0.5,
      visited: 1,
      compared: 2,
      reranked: 3,
      phases: [{ name: 'SEARCH', ms: 0.25 }],
    };
    const context = {
      config: parseConfig({}),
      signal: new AbortController().signal,
      search: {
        search: async () => ({
          hits,
          plan,
          hasNextPage: true,
          hasPreviousPage: false,
          generation: 1,
          revision: 42,
          tookMs: 0.2,
          matchCount: () => 2,
        }),
      },
    };
    const ways = await bothWays(schema, {}, context);
    const query = `query ($input: KnnSearchInput!, $count: Boolean = false) { knnSearch(input: $input) { __typename
      ... on KnnConnection { edges { cursor similarity distance node { ... on Node { id } text page headings isTruncated metadata createdAt } }
        pageInfo { hasNextPage endCursor } matchCount @include(if: $count) plan { strategy effort selectivity phases { name ms } } revision }
      ... on Error { code message path } } }`;
    const input = { library: { name: 'a' }, query: { vector: [0.5, 1] } };
    try {
      const answer = await expectSame(ways, { query, variables: { input } });
      expect(answer).toContain('"distance":0,');
      expect(answer).toContain('"metadata":{"1":"a","2":"b","list":["x"]}');
      await expectSame(ways, { query, variables: { input, count: true } });
      for (const wrong of [
        { ...input, query: { vector: 'AAA' } },
        { ...input, query: {} },
        { ...input, k: 'x' },
        { ...input, kk: 1 },
      ])
        await expectSame(ways, { query, variables: { input: wrong } });
      const searches = Array.from({ length: 101 }, () => input);
      const batch = `query ($searches: [KnnSearchInput!]!) { knnSearchBatch(input: { searches: $searches }) {
        ... on KnnSearchBatchResult { results { ... on KnnConnection { edges { node { text } } } ... on Error { message } } } ... on Error { message path } } }`;
      await expectSame(ways, { query: batch, variables: { searches: [input, input] } });
      expect(await expectSame(ways, { query: batch, variables: { searches } })).toContain(
        '1 to 100 searches',
      );
      const huge = { ...input, k: 10_000_000 };
      expect(await expectSame(ways, { query, variables: { input: huge } })).toContain(
        'the operation could cost',
      );
    } finally {
      await close(ways);
    }
  });
});
