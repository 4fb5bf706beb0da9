import { buildSchema, getIntrospectionQuery, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT_LIMITS, parseWithinLimits } from '../../../src/server/operations/documentLimits.ts';
import { type Serving, serve } from '../serving.ts';
import { tinySchema } from '../tinySchema.ts';

let open: Serving;
let closed: Serving;

beforeAll(async () => {
  open = await serve({ schema: tinySchema(), config: { introspection: true, suggestions: true } });
  closed = await serve({ schema: tinySchema(), config: { introspection: false, suggestions: false } });
});
afterAll(async () => {
  await open.close();
  await closed.close();
});

async function ask(query: string, variables?: object, { url } = closed) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, text: await response.text() };
}

const times = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ');
const nested = (depth: number) => `${'{ box '.repeat(depth - 1)}{ box { id } }${'}'.repeat(depth - 1)}`;

describe('bad GraphQL documents', () => {
  const doubling = (levels: number) =>
    `{ box { ...F0 } } ${times(levels, (level) => `fragment F${level} on Box { ${level + 1 < levels ? `a: box { ...F${level + 1} } b: box { ...F${level + 1} }` : 'id'} }`)}`;
  const rows: [what: string, query: string, variables?: object][] = [
    ['braces 10,000 deep', '{ box '.repeat(10_000)],
    ['brackets 10,000 deep', `{ hello(name: ${'['.repeat(10_000)}`],
    ['types 10,000 deep', `query ($a: ${'['.repeat(10_000)}`],
    ['one field deeper than the limit', nested(DOCUMENT_LIMITS.depth)],
    ['10,000 aliases', `{ ${times(10_000, (index) => `a${index}: hello`)} }`],
    [
      'one alias more than the limit',
      `{ ${times(DOCUMENT_LIMITS.aliases + 1, (index) => `a${index}: hello`)} }`,
    ],
    ['10,000 directives', `{ hello ${times(10_000, () => '@skip(if: true)')} }`],
    ['10,000 unknown directives', `{ hello ${times(10_000, (index) => `@x${index}`)} }`],
    ['a million comments', `${'#\n'.repeat(1_000_000)}{ hello }`],
    ['100,000 comments', `${'#\n'.repeat(100_000)}{ nothing }`],
    ['a million fields', `{ ${'hello '.repeat(1_000_000)} }`],
    ['a fragment in itself', '{ box { ...A } } fragment A on Box { ...A }'],
    ['fragments in a circle', '{ box { ...A } } fragment A on Box { ...B } fragment B on Box { id ...A }'],
    ['fragments that double at each level', doubling(30)],
    ['a field repeated once more than the limit', `{ ${'hello '.repeat(DOCUMENT_LIMITS.repeats + 2)} }`],
    ['overlapping fields', `{ ${'box { id } '.repeat(900)} }`],
    ['overlapping fields with arguments', `{ ${'hello(name: "x") '.repeat(1_900)} }`],
    [
      'overlapping fragments',
      `{ ${times(900, (index) => `...F${index}`)} } ${times(900, (index) => `fragment F${index} on Query { hello }`)}`,
    ],
    ['a misspelt field', '{ hullo }'],
    ['a misspelt argument', '{ hello(nam: "x") }'],
    ['no operation', 'fragment A on Box { id }'],
    ['a syntax error', '{ hello'],
    ['a NUL', '{ hel\0lo }'],
    ['an Int of 2^31', '{ twice(n: 2147483648) }'],
    ['an Int of 2^31 as a variable', 'query ($n: Int!) { twice(n: $n) }', { n: 2_147_483_648 }],
    ['1e400', '{ twice(n: 1e400) }'],
    ['a missing variable', 'query ($n: Int!) { twice(n: $n) }'],
    ['two keys of a @oneOf', 'mutation ($by: By!) { choose(by: $by) }', { by: { id: '1', name: 'x' } }],
    ['null in a @oneOf', 'mutation { choose(by: { id: null }) }'],
    ['introspection where it is off', '{ __schema { types { name } } }'],
    ['the introspection of GraphiQL where it is off', getIntrospectionQuery()],
  ];
  it.each(rows)(
    '%s is answered with 400 and no suggestion, and the next request is served',
    async (_what, query, variables) => {
      const { status, text } = await ask(query, variables);
      expect({ status, text: text.slice(0, 300) }).toMatchObject({ status: 400 });
      expect(text).toContain('"errors"');
      expect(text).not.toContain('Did you mean');
      expect((await ask('{ hello }')).text).toBe('{"data":{"hello":"hello world"}}');
    },
  );

  it('1e400 in variables is no number', async () => {
    const response = await fetch(`${closed.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"query ($n: Int!) { twice(n: $n) }","variables":{"n":1e400}}',
    });
    expect(response.status).toBe(400);
  });
});

describe('good GraphQL documents', () => {
  it('may be as deep as the limit and have as many aliases', async () => {
    expect(() => parseWithinLimits(nested(DOCUMENT_LIMITS.depth - 1))).not.toThrow();
    expect((await ask(`{ ${times(DOCUMENT_LIMITS.aliases, (index) => `a${index}: hello`)} }`)).status).toBe(
      200,
    );
  });

  it('may introspect and get suggestions where that is on', async () => {
    expect((await ask(getIntrospectionQuery(), undefined, open)).status).toBe(200);
    expect((await ask('{ hullo }', undefined, open)).text).toContain('Did you mean');
  });

  it('are validated to the end where they overlap as far as the limit lets them', () => {
    const schema = buildSchema('type Query { a(x: Int): Int q: Query }');
    const overlapping = (times: number) => `{ ${'q { a(x: 1) a(x: 1) } '.repeat(times)} }`;
    const atTheLimit = Math.floor(DOCUMENT_LIMITS.repeats / 3);
    expect(validate(schema, parseWithinLimits(overlapping(atTheLimit)))).toEqual([]);
    expect(() => parseWithinLimits(overlapping(atTheLimit + 2))).toThrow('for its repeats');
  });
});
