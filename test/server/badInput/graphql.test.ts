import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orThrow } from '../../../src/client/index.ts';
import { DOCUMENT_LIMITS } from '../../../src/server/operations/documentLimits.ts';
import { BadInputServer } from './BadInputServer.ts';

/** A production server: it gives nothing of its schema away. */
let server: BadInputServer;
beforeAll(async () => {
  server = await BadInputServer.start({ ALCOVE_INTROSPECTION: 'false', ALCOVE_SUGGESTIONS: 'false' });
});
afterAll(() => server.close());

const times = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ');

/** A document of fields inside one another, so many of them. */
function deep(depth: number): string {
  const path = ['library(by: { name: "whole" })', 'documents(first: 1)', 'edges', 'node', 'library'];
  const fields = Array.from(
    { length: depth - 1 },
    (_, index) => path[index < 5 ? index : 1 + ((index - 1) % 4)],
  );
  return `{ ${fields.join(' { ')} { __typename ${'}'.repeat(depth)}`;
}
const doubling = (levels: number) =>
  `{ library(by: { name: "whole" }) { ...F0 } } ${times(levels, (level) => {
    const next = (alias: string) =>
      `${alias}: documents(first: 1) { edges { node { library { ...F${level + 1} } } } }`;
    return `fragment F${level} on Library { ${level + 1 < levels ? `${next('a')} ${next('b')}` : 'id'} }`;
  })}`;
const twice = 'query ($n: Int!) { libraries(first: $n) { totalCount } }';

interface Chunks {
  readonly chunks: { readonly edges: readonly { readonly cursor: string }[] };
}
type Row = [what: string, query: string, variables?: object];

describe('GraphQL', () => {
  describe('braces 10,000 deep, depth limit + 1, 10,000 aliases, 10,000 directives, a million comments → 400', () => {
    refused([
      ['braces 10,000 deep', '{ a '.repeat(10_000)],
      ['brackets 10,000 deep', `{ node(id: ${'['.repeat(10_000)}`],
      ['types 10,000 deep', `query ($a: ${'['.repeat(10_000)}`],
      ['one field deeper than the limit', deep(DOCUMENT_LIMITS.depth + 1)],
      ['10,000 aliases', `{ ${times(10_000, (index) => `a${index}: __typename`)} }`],
      [
        'one alias more than the limit',
        `{ ${times(DOCUMENT_LIMITS.aliases + 1, (index) => `a${index}: __typename`)} }`,
      ],
      ['10,000 directives', `{ __typename ${times(10_000, () => '@skip(if: true)')} }`],
      ['10,000 unknown directives', `{ __typename ${times(10_000, (index) => `@x${index}`)} }`],
      ['a million comments', `${'#\n'.repeat(1_000_000)}{ __typename }`],
      ['100,000 comments', `${'#\n'.repeat(100_000)}{ nothing }`],
      ['a million fields', `{ ${'__typename '.repeat(1_000_000)} }`],
    ]);

    it('while a document at the limits is answered', async () => {
      expect((await server.ask(deep(DOCUMENT_LIMITS.depth))).status).toBe(200);
      const aliases = times(DOCUMENT_LIMITS.aliases, (index) => `a${index}: __typename`);
      expect((await server.ask(`{ ${aliases} }`)).status).toBe(200);
    });
  });

  describe('fragment cycles and amplification → 400', () => {
    refused([
      ['a fragment in itself', '{ server { ...A } } fragment A on Server { ...A }'],
      [
        'fragments in a circle',
        '{ server { ...A } } fragment A on Server { ...B } fragment B on Server { version ...A }',
      ],
      ['fragments that double at each level', doubling(30)],
      [
        'pages within pages within pages',
        '{ libraries(first: 1000) { edges { node { documents(first: 1000) { edges { node { id } } } } } } }',
      ],
    ]);
  });

  // As graphql-js's CVE-2026-75507 and CVE-2026-75508 were: fields and tokens that are compared each with each.
  describe('overlapping fragments → 400 in under 100 ms', () => {
    const overlapping: Row[] = [
      [
        'a field repeated once more than the limit',
        `{ ${'__typename '.repeat(DOCUMENT_LIMITS.repeats + 2)} }`,
      ],
      ['overlapping fields', `{ ${'server { version } '.repeat(900)} }`],
      ['overlapping fields with arguments', `{ ${'node(id: "x") { id } '.repeat(600)} }`],
      [
        'overlapping fragments',
        `{ ${times(900, (index) => `...F${index}`)} } ${times(900, (index) => `fragment F${index} on Query { __typename }`)}`,
      ],
      [
        'overlapping inline fragments',
        `{ ${times(900, (index) => `... on Query { server { a${index % 9}: version } }`)} }`,
      ],
      ['as many tokens as one document may not have', `{ ${'a '.repeat(DOCUMENT_LIMITS.tokens)} }`],
      ['a string of many escapes', `{ node(id: "${'\\u0041'.repeat(40_000)}") { nothing } }`],
      ['a block string of many lines', `{ node(id: """${'\n  x'.repeat(60_000)}""") { nothing } }`],
    ];
    refused(overlapping);

    it.each(overlapping)('%s takes next to nothing', async (_what, query) => {
      // The quickest of several: the machine may be busy with something else, the server may be warming up.
      const took: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const began = performance.now();
        await server.ask(query);
        took.push(performance.now() - began);
      }
      expect(Math.min(...took)).toBeLessThan(100);
    });
  });

  describe('a misspelt field → 400 without suggestions in production', () => {
    refused([
      ['a misspelt field', '{ librarys { totalCount } }'],
      ['a misspelt argument', '{ libraries(frist: 1) { totalCount } }'],
      ['a misspelt type', '{ node(id: "x") { ... on Chunks { id } } }'],
      ['a misspelt value of an enum', '{ jobs(state: [QUEUD]) { totalCount } }'],
      [
        'a misspelt field of an input',
        'query ($input: KnnSearchInput!) { knnSearch(input: $input) { __typename } }',
        { input: { library: { name: 'whole' }, query: { vektor: [1, 0] } } },
      ],
      ['no operation', 'fragment A on Server { version }'],
      ['a syntax error', '{ libraries'],
      ['a NUL', '{ libr\0aries }'],
      ['two keys of a @oneOf', '{ library(by: { id: "x", name: "whole" }) { id } }'],
      ['no key of a @oneOf', 'query ($by: LibraryBy!) { library(by: $by) { id } }', { by: {} }],
      ['null in a @oneOf', '{ library(by: { id: null }) { id } }'],
    ]);
  });

  describe('Int 2^31 or 1e400 → 400', () => {
    refused([
      ['an Int of 2^31', '{ libraries(first: 2147483648) { totalCount } }'],
      ['an Int of 2^31 as a variable', twice, { n: 2_147_483_648 }],
      ['1e400 for an Int', '{ libraries(first: 1e400) { totalCount } }'],
      [
        '1e400 for a Float',
        '{ knnSearch(input: { library: { name: "whole" }, query: { vector: [1, 0] }, within: { maxDistance: 1e400 } }) { __typename } }',
      ],
      ['a missing variable', twice],
      ['a variable that is no number', twice, { n: '1' }],
    ]);

    it('1e400 in variables is no number', async () => {
      const body = JSON.stringify({ query: twice, variables: { n: 0 } }).replace('"n":0', '"n":1e400');
      await server.expectRefused(() => server.post(body), { status: 400 });
    });
  });

  it('items of one list that go wrong, one at once and one later → each error in its answer, and the thread lives', async () => {
    orThrow(await server.client.createLibrary({ name: 'zoo' }));
    const first = await server.ask(
      '{ libraries(first: 1) { edges { node { chunks(first: 1) { edges { cursor } } } } } }',
    );
    const { data } = JSON.parse(first.text) as { data: { libraries: { edges: [{ node: Chunks }] } } };
    const cursor = data.libraries.edges[0].node.chunks.edges[0]?.cursor;
    expect(cursor).toBeDefined();
    // The cursor is the first library's: there the index is waited for when the page of jobs is refused, in the second all ends at once.
    const query = `{ libraries { edges { node { chunks(after: "${cursor}") { totalCount }
      index { state segments { memoryBytes } } jobs(first: 1, last: 1) { totalCount } } } } }`;
    for (const again of ['', ' ', '  ']) {
      const answer = await server.ask(query + again);
      expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('"BAD_USER_INPUT"') });
      await server.expectWhole();
    }
  });

  describe('introspection off by policy → 400', () => {
    refused([
      ['introspection', '{ __schema { types { name } } }'],
      ['of one type', '{ __type(name: "Query") { name } }'],
      ['of GraphiQL', getIntrospectionQuery()],
    ]);
  });
});

function refused(rows: readonly Row[]): void {
  it.each(rows)('%s', async (_what, query, variables) => {
    await server.expectRefused(
      async () => {
        const answer = await server.ask(query, variables);
        expect(answer.text).toContain('"errors"');
        expect(answer.text).not.toMatch(/Did you mean/i);
        return answer;
      },
      { status: 400 },
    );
  });
}
