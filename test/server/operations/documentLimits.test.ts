import { buildSchema, getIntrospectionQuery, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENT_LIMITS, parseWithinLimits } from '../../../src/server/operations/documentLimits.ts';
import { type Serving, serve } from '../serving.ts';
import { tinySchema } from '../tinySchema.ts';

let open: Serving;
beforeAll(async () => {
  open = await serve({ schema: tinySchema(), config: { introspection: true, suggestions: true } });
});
afterAll(() => open.close());

async function ask(query: string) {
  const response = await fetch(`${open.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, text: await response.text() };
}

// Bad ones: ../badInput/graphql.test.ts.
describe('good GraphQL documents', () => {
  it('may introspect and get suggestions where that is on', async () => {
    expect((await ask(getIntrospectionQuery())).status).toBe(200);
    expect((await ask('{ hullo }')).text).toContain('Did you mean');
  });

  it('are validated to the end where they overlap as far as the limit lets them', () => {
    const schema = buildSchema('type Query { a(x: Int): Int q: Query }');
    const overlapping = (times: number) => `{ ${'q { a(x: 1) a(x: 1) } '.repeat(times)} }`;
    const atTheLimit = Math.floor(DOCUMENT_LIMITS.repeats / 3);
    expect(validate(schema, parseWithinLimits(overlapping(atTheLimit)))).toEqual([]);
    expect(() => parseWithinLimits(overlapping(atTheLimit + 2))).toThrow('for its repeats');
  });
});
