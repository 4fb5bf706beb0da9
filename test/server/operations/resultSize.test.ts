import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PAGE_SIZE } from '../../../src/library/limits.ts';
import { resultSize } from '../../../src/server/operations/resultSize.ts';

const sizeOf = (query: string, variables = {}) => resultSize(parse(query), undefined, variables);

describe('the size of a result', () => {
  it('is its fields where there are no pages', () => {
    expect(sizeOf('{ server { version threads } }')).toBe(3);
  });

  it('multiplies by pages, and by pages within pages', () => {
    expect(sizeOf('{ libraries(first: 10) { edges { node { id } } } }')).toBe(1 + 10 * 3);
    expect(
      sizeOf(
        'query ($n: Int) { libraries(first: $n) { edges { node { documents(last: $n) { edges { cursor } } } } } }',
        { n: 100 },
      ),
    ).toBe(1 + 100 * (3 + 100 * 2));
  });

  it('takes the default where no page size is asked for', () => {
    expect(sizeOf('{ libraries { edges { cursor } } }')).toBe(1 + 50 * 2);
  });

  it('counts hits of searches and of batches, fragments followed', () => {
    const hits = 'fragment Hits on KnnConnection { edges { distance } }';
    expect(
      sizeOf(`query ($input: X) { knnSearch(input: $input) { ...Hits } } ${hits}`, { input: { k: 1_000 } }),
    ).toBe(1 + 1_000 * 2);
    expect(
      sizeOf(
        `query ($input: X) { knnSearchBatch(input: $input) { results { ... on KnnConnection { ...Hits } } } } ${hits}`,
        {
          input: { searches: [{ k: 5 }, { k: 7 }] },
        },
      ),
    ).toBe(2 + 12 * 2);
    expect(sizeOf('{ nodes(ids: ["a", "b", "c"]) { id } }')).toBe(3 * 2);
  });

  it('counts what is no search as none: that it is refused is said elsewhere', () => {
    const searches = [null, 7, 'x', [], { k: null }];
    const query = 'query ($input: X) { knnSearchBatch(input: $input) { results { edges { distance } } } }';
    expect(sizeOf(query, { input: { searches } })).toBe(2 + DEFAULT_PAGE_SIZE * 2 * searches.length);
    for (const input of [null, 7, 'x', { searches: null }])
      expect(sizeOf(query, { input })).toBe(2 + DEFAULT_PAGE_SIZE * 2);
  });
});
