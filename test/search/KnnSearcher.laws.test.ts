import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import type { MetadataField } from '../../src/library/types.ts';
import type { ChunkFilterInput } from '../../src/search/filter/input.ts';
import type { KnnAnswer, KnnRequest } from '../../src/search/KnnSearch.ts';
import { clustered } from '../indexes/data.ts';
import { type Item, idsOf, TestSearch, WALK_ALWAYS } from './TestSearch.ts';

const DIMENSION = 24;
const COUNT = 3_000;
const FIELDS: MetadataField[] = [{ name: 'share', type: 'NUMBER', description: null, filterable: true }];

/** Random chunks; some vectors occur several times, so that distances tie. `share` is uniform in 0..1. */
function randomItems(seed: number): Item[] {
  const vectors = clustered({ count: COUNT, dimension: DIMENSION, seed, clusters: 20, latent: 8 });
  return Array.from({ length: COUNT }, (_, at) => {
    const from = at % 10 === 9 ? at - (at % 100) : at;
    return {
      id: `chk_${at}`,
      documentId: `doc_${Math.floor(Math.sqrt(at * 7)) % 40}`,
      vector: vectors.slice(from * DIMENSION, (from + 1) * DIMENSION),
      metadata: { share: ((at * 7_919) % COUNT) / COUNT },
    };
  });
}

function distance(metric: Metric, a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, x, at) => sum + x * (b[at] as number), 0);
  if (metric === 'DOT') return -dot;
  if (metric === 'EUCLIDEAN') return Math.hypot(...a.map((x, at) => x - (b[at] as number)));
  return 1 - dot / (Math.hypot(...a) * Math.hypot(...b));
}

interface Case {
  readonly query: number;
  readonly k: number;
  readonly share: readonly [number, number] | undefined;
  readonly hitsPerGroup: number | undefined;
}

/** What the answer must be: every match, nearest first, cut by group. */
function truth(
  items: readonly Item[],
  metric: Metric,
  { query, share, hitsPerGroup }: Case,
): { id: string; distance: number }[] {
  const { vector } = items[query] as Item;
  const counts = new Map<string, number>();
  return items
    .filter(
      ({ metadata }) =>
        !share || ((metadata.share as number) >= share[0] && (metadata.share as number) < share[1]),
    )
    .map((item) => ({ item, distance: distance(metric, vector, item.vector) }))
    .sort((a, b) => a.distance - b.distance)
    .filter(({ item: { documentId } }) => {
      counts.set(documentId, (counts.get(documentId) ?? 0) + 1);
      return (counts.get(documentId) ?? 0) <= (hitsPerGroup ?? Number.POSITIVE_INFINITY);
    })
    .map(({ item, distance: far }) => ({ id: item.id, distance: far }));
}

function requestOf(
  items: readonly Item[],
  { query, k, share, hitsPerGroup }: Case,
): Pick<KnnRequest, 'query' | 'k'> & Partial<KnnRequest> {
  const filter: ChunkFilterInput | undefined = share && {
    metadata: [{ field: 'share', is: { number: { gte: share[0], lt: share[1] } } }],
  };
  return {
    query: { vector: (items[query] as Item).vector },
    k,
    ...(filter && { filter }),
    ...(hitsPerGroup && { groupBy: { by: 'DOCUMENT', hitsPerGroup } }),
  };
}

const someCase: fc.Arbitrary<Case> = fc.record({
  query: fc.nat(COUNT - 1),
  k: fc.constantFrom(1, 3, 10, 57, 400),
  share: fc.option(
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    { nil: undefined },
  ),
  hitsPerGroup: fc.option(fc.constantFrom(1, 2, 30), { nil: undefined }),
});

const SLACK = 1e-4;

describe.each([
  ['FLAT', 'COSINE'],
  ['FLAT', 'DOT'],
  ['FLAT', 'EUCLIDEAN'],
  ['HNSW', 'COSINE'],
  ['HNSW', 'EUCLIDEAN'],
  ['KD_TREE', 'EUCLIDEAN'],
  ['LSH', 'COSINE'],
] as const)('a search of %s under %s', (type, metric) => {
  const items = randomItems(11);
  let search: TestSearch;

  beforeAll(async () => {
    search = new TestSearch(type, { costs: WALK_ALWAYS });
    await search.fill(metric, items, { metadataFields: FIELDS });
    search.rebuild();
  });
  afterAll(() => search.close());

  async function allPages(
    request: Pick<KnnRequest, 'query' | 'k'> & Partial<KnnRequest>,
    pages: number,
  ): Promise<KnnAnswer['hits']> {
    const hits = [];
    let after: string | undefined;
    for (let page = 0; page < pages; page++) {
      const answer = await search.ask({ ...request, ...(after && { after }) });
      hits.push(...answer.hits);
      after = answer.hits.at(-1)?.cursor;
      expect(answer.hasPreviousPage).toBe(page > 0);
      if (!answer.hasNextPage) break;
    }
    return hits;
  }

  it('is the truth when it is exact, page after page', async () => {
    await fc.assert(
      fc.asyncProperty(someCase, fc.integer({ min: 1, max: 4 }), async (some, pages) => {
        const expected = truth(items, metric, some).slice(0, some.k * pages);
        const hits = await allPages({ ...requestOf(items, some), accuracy: { exact: true } }, pages);
        expect(new Set(hits.map(({ chunk }) => chunk.id)).size).toBe(hits.length);
        expect(hits.length).toBe(expected.length);
        hits.forEach((hit, at) => {
          expect(Math.abs(hit.distance - (expected[at]?.distance as number))).toBeLessThan(SLACK);
        });
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it('finds nearly all of the truth when it is not, and never fewer hits than exist', async () => {
    let found = 0;
    let wanted = 0;
    await fc.assert(
      fc.asyncProperty(someCase, async (some) => {
        const expected = truth(items, metric, some).slice(0, some.k);
        const { hits } = await search.ask(requestOf(items, some));
        expect(hits.length).toBe(expected.length);
        const farthest = (expected.at(-1)?.distance ?? 0) + SLACK;
        found += hits.filter(({ distance: far }) => far <= farthest).length;
        wanted += expected.length;
      }),
      { numRuns: 60, seed: 5 },
    );
    expect(found / wanted).toBeGreaterThanOrEqual(0.95);
  });
});

describe('the last pages', () => {
  it('leave out no chunk of the library, far beyond what one search of an index can answer', async () => {
    const search = new TestSearch('FLAT');
    const count = 40_000;
    const items = Array.from({ length: count }, (_, at) => ({
      id: `chk_${at}`,
      documentId: 'doc_1',
      vector: Float32Array.of(Math.floor(at / 50), 1),
      metadata: {},
    }));
    await search.fill('EUCLIDEAN', items.slice(0, 10_000));
    for (let start = 10_000; start < count; start += 10_000)
      await search.write(items.slice(start, start + 10_000));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const answer = await search.ask({
        query: { vector: Float32Array.of(0, 1) },
        k: 9_999,
        ...(after && { after }),
      });
      seen.push(...idsOf(answer));
      after = answer.hasNextPage ? answer.hits.at(-1)?.cursor : undefined;
    } while (after);
    expect(seen).toEqual(items.map(({ id }) => id));
    await search.close();
  });
});
