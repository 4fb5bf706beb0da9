import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PAGE_SIZE } from '../../../src/library/limits.ts';
import { operationCost } from '../../../src/server/operations/operationCost.ts';

const costOf = (query: string, variables = {}) => operationCost(parse(query), undefined, variables);

describe('the cost of an operation', () => {
  it('is one for each field where there are no pages', () => {
    expect(costOf('{ server { version threads } }')).toBe(3);
  });

  it('multiplies by pages, and by pages within pages', () => {
    expect(costOf('{ libraries(first: 10) { edges { node { id } } } }')).toBe(1 + 10 * 3);
    expect(
      costOf(
        'query ($n: Int) { libraries(first: $n) { edges { node { documents(last: $n) { edges { cursor } } } } } }',
        { n: 100 },
      ),
    ).toBe(1 + 100 * (3 + 100 * 2));
  });

  it('takes the default where no page size is asked for', () => {
    expect(costOf('{ libraries { edges { cursor } } }')).toBe(1 + 50 * 2);
  });

  it('counts hits of searches and of batches, fragments followed', () => {
    const hits = 'fragment Hits on KnnConnection { edges { distance } }';
    expect(
      costOf(`query ($input: X) { knnSearch(input: $input) { ...Hits } } ${hits}`, { input: { k: 1_000 } }),
    ).toBe(1 + 100 + 1_000 * 2);
    expect(
      costOf(
        `query ($input: X) { knnSearchBatch(input: $input) { results { ... on KnnConnection { ...Hits } } } } ${hits}`,
        {
          input: { searches: [{ k: 5 }, { k: 7 }] },
        },
      ),
    ).toBe(2 + 200 + 12 * 2);
    expect(costOf('{ nodes(ids: ["a", "b", "c"]) { id } }')).toBe(3 * 2);
  });

  it('counts what is no search as none: that it is refused is said elsewhere', () => {
    const searches = [null, 7, 'x', [], { k: null }];
    const query = 'query ($input: X) { knnSearchBatch(input: $input) { results { edges { distance } } } }';
    expect(costOf(query, { input: { searches } })).toBe(2 + (100 + DEFAULT_PAGE_SIZE * 2) * searches.length);
    for (const input of [null, 7, 'x', { searches: null }])
      expect(costOf(query, { input })).toBe(2 + DEFAULT_PAGE_SIZE * 2);
  });

  it('counts more for a search that compares with every vector, and for one that goes deep', () => {
    const query = 'query ($input: X) { knnSearch(input: $input) { generation } }';
    expect(costOf(query, { input: { accuracy: { exact: true } } })).toBe(2 + 1_000);
    expect(costOf('{ search(input: { depth: 500 }) { revision } }')).toBe(2 + 100 + 500);
  });
});
