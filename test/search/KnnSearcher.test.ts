import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BUILTIN_MODEL } from '../../src/embedding/BuiltinEmbedder.ts';
import { Embedders } from '../../src/embedding/Embedders.ts';
import type { ErrorKind } from '../../src/errors.ts';
import type { KnnRequest } from '../../src/search/KnnSearch.ts';
import { createDocument, createLibrary, refusal, rows } from '../library/TestStore.ts';
import { at, item, LINE } from './line.ts';
import { idsOf, TestSearch, WALK_ALWAYS } from './TestSearch.ts';

let search: TestSearch;
beforeEach(async () => {
  search = new TestSearch();
  await search.fill('EUCLIDEAN', LINE);
});
afterEach(() => search.close());

describe('a search', () => {
  it('answers the nearest first, with distance, similarity, plan and times', async () => {
    const answer = await search.ask({ ...at(1.2, 0), k: 2 });
    expect(idsOf(answer)).toEqual(['chk_1', 'chk_2']);
    expect(answer.hits[0]?.chunk).toMatchObject({ documentId: 'doc_1', text: 'Text of chk_1' });
    expect(answer.hits[0]?.distance).toBeCloseTo(0.2);
    expect(answer.hits[0]?.similarity).toBeCloseTo(1 / 1.2);
    expect(answer).toMatchObject({ hasNextPage: true, hasPreviousPage: false, generation: 1 });
    expect(answer.revision).toBe(search.store.reader.revision());
    expect(answer.library.id).toBe('lib_a');
    expect(answer.plan).toMatchObject({
      strategy: 'EXACT_SCAN',
      selectivity: null,
      expectedRecall: 1,
      compared: 5,
    });
    expect(answer.plan.phases.map(({ name }) => name)).toEqual(['EMBED', 'FILTER', 'SEARCH', 'FETCH']);
    expect(answer.tookMs).toBeGreaterThan(0);
    expect(answer.matchCount()).toBe(5);
  });

  it('finds a library by its name too', async () => {
    expect(idsOf(await search.ask({ library: { name: 'Library lib_a' }, ...at(4, 0), k: 1 }))).toEqual([
      'chk_4',
    ]);
  });

  it('answers what is there, where that is less than was asked for', async () => {
    const answer = await search.ask({ ...at(0, 0), k: 10_000 });
    expect(answer.hits).toHaveLength(5);
    expect(answer.hasNextPage).toBe(false);
  });

  it('keeps to its filter, and says how much that lets through', async () => {
    const answer = await search.ask({ ...at(0, 0), filter: { document: { id: { eq: 'doc_2' } } } });
    expect(idsOf(answer)).toEqual(['chk_3', 'chk_4']);
    expect(answer.plan.selectivity).toBeCloseTo(0.4);
    expect(answer.matchCount()).toBe(2);
    const none = await search.ask({ ...at(0, 0), filter: { or: [] } });
    expect(none).toMatchObject({ hits: [], plan: { strategy: 'EMPTY', selectivity: 0 } });
    expect(none.matchCount()).toBe(0);
  });

  it('keeps within a distance or similarity', async () => {
    expect(idsOf(await search.ask({ ...at(0, 0), within: { maxDistance: 2 } }))).toEqual([
      'chk_0',
      'chk_1',
      'chk_2',
    ]);
    const answer = await search.ask({ ...at(0, 0), within: { minSimilarity: 0.5 }, k: 2 });
    expect(idsOf(answer)).toEqual(['chk_0', 'chk_1']);
    expect(answer.hasNextPage).toBe(false);
  });

  it('gives each document no more than its share', async () => {
    const groupBy = { by: 'DOCUMENT', hitsPerGroup: 1 } as const;
    expect(idsOf(await search.ask({ ...at(0, 0), k: 2, groupBy }))).toEqual(['chk_0', 'chk_3']);
    const first = await search.ask({ ...at(0, 0), k: 1, groupBy });
    expect(first.hasNextPage).toBe(true);
    const second = await search.ask({ ...at(0, 0), k: 1, groupBy, after: first.hits[0]?.cursor as string });
    expect(idsOf(second)).toEqual(['chk_3']);
    expect(second.hasNextPage).toBe(false);
  });

  it('finds the other documents behind a huge one', async () => {
    await search.write(
      Array.from({ length: 3_000 }, (_, place) => item(`chk_huge_${place}`, [0.1, place / 1e6])),
    );
    const answer = await search.ask({ ...at(0, 0), k: 2, groupBy: { by: 'DOCUMENT', hitsPerGroup: 1 } });
    expect(idsOf(answer)).toEqual(['chk_0', 'chk_3']);
  });
});

describe('more like this', () => {
  it('leaves the chunk itself out', async () => {
    expect(idsOf(await search.ask({ query: { chunk: 'chk_2' }, k: 2 }))).toEqual(['chk_1', 'chk_3']);
  });

  it('takes the middle of a document, and leaves its chunks out however many they are', async () => {
    expect(idsOf(await search.ask({ query: { document: 'doc_1' } }))).toEqual(['chk_3', 'chk_4']);
    await search.write(
      Array.from({ length: 200 }, (_, place) => item(`chk_more_${place}`, [place / 100, 1])),
    );
    expect(idsOf(await search.ask({ query: { document: 'doc_1' } }))).toEqual(['chk_3', 'chk_4']);
  });

  it('has nothing to go by in a document without chunks', async () => {
    await search.submit(createDocument('lib_a', 'doc_empty'));
    expect(await search.ask({ query: { document: 'doc_empty' } })).toMatchObject({
      hits: [],
      plan: { strategy: 'EMPTY' },
    });
  });

  it('takes chunks and documents of this library only', async () => {
    await search.submit(createLibrary('lib_b'));
    await search.submit(
      createDocument('lib_b', 'doc_b', {
        chunks: [{ id: 'chk_b', text: 'b', metadata: {}, row: 0 }],
        vectors: rows([1, 1]),
      }),
    );
    for (const query of [
      { chunk: 'chk_b' },
      { chunk: 'chk_none' },
      { document: 'doc_b' },
      { document: 'doc_none' },
    ]) {
      expect((await refusal(search.ask({ query }), 'NodeNotFoundError')).path[0]).toBe('query');
    }
  });
});

describe('a search by text', () => {
  it("is embedded with the library's model", async () => {
    const embedder = {
      provider: 'BUILTIN',
      model: BUILTIN_MODEL,
      dimension: null,
      metric: 'COSINE',
      normalized: true,
    } as const;
    await search.submit(createLibrary('lib_text', { embedding: embedder }));
    const library = { id: 'lib_text' };
    expect(await search.ask({ library, query: { text: 'locks' } })).toMatchObject({
      hits: [],
      plan: { strategy: 'EMPTY' },
    });

    const texts = ['Readers take no locks.', 'Backups are made while the server runs.'];
    const opened = await new Embedders().embedderFor({ ...embedder, frozen: false });
    const { vectors: values } = await opened.embed(texts, { mode: 'DOCUMENT' });
    const chunks = texts.map((text, row) => ({ id: `chk_t${row}`, text, metadata: {}, row }));
    await search.submit(
      createDocument('lib_text', 'doc_t', {
        chunks,
        vectors: { values, offsets: Uint32Array.of(0, 384, 768) },
      }),
    );
    expect(idsOf(await search.ask({ library, query: { text: 'How do I make a backup?' }, k: 1 }))).toEqual([
      'chk_t1',
    ]);
    expect(
      (await refusal(search.ask({ library, query: { text: ' ' } }), 'InvalidArgumentError')).path,
    ).toEqual(['query', 'text']);
  });

  it('is refused where the callers bring the vectors', async () => {
    const error = await refusal(search.ask({ query: { text: 'locks' } }), 'InvalidArgumentError');
    expect(error.path).toEqual(['query', 'text']);
    expect(error.message).toContain('EXTERNAL');
  });
});

describe('a library', () => {
  it('that is empty answers nothing, whether its dimension is known or not', async () => {
    const unknown = {
      provider: 'EXTERNAL',
      model: '',
      dimension: null,
      metric: 'COSINE',
      normalized: false,
    } as const;
    await search.submit(createLibrary('lib_new', { embedding: unknown }));
    await search.submit(createLibrary('lib_empty'));
    for (const id of ['lib_new', 'lib_empty']) {
      const answer = await search.ask({ library: { id }, ...at(1, 2) });
      expect(answer).toMatchObject({ hits: [], hasNextPage: false, plan: { strategy: 'EMPTY' } });
      expect(answer.matchCount()).toBe(0);
    }
  });

  it('that is not there is an error', async () => {
    await refusal(search.ask({ library: { name: 'none' }, ...at(1, 2) }), 'LibraryNotFoundError');
  });
});

describe('a refused search', () => {
  it.each<[string, Partial<KnnRequest>, ErrorKind, string]>([
    ['k of 0', { k: 0 }, 'InvalidArgumentError', 'k'],
    ['k below 0', { k: -1 }, 'InvalidArgumentError', 'k'],
    ['a huge k', { k: 1e9 }, 'InvalidArgumentError', 'k'],
    ['k that is no whole number', { k: 1.5 }, 'InvalidArgumentError', 'k'],
    ['too long a time', { timeoutMs: 60_001 }, 'InvalidArgumentError', 'timeoutMs'],
    ['a recall of 0', { accuracy: { recall: 0 } }, 'InvalidArgumentError', 'accuracy.recall'],
    ['a recall above 1', { accuracy: { recall: 1.1 } }, 'InvalidArgumentError', 'accuracy.recall'],
    ['no effort', { accuracy: { effort: 0 } }, 'InvalidArgumentError', 'accuracy.effort'],
    [
      'groups of nothing',
      { groupBy: { by: 'DOCUMENT', hitsPerGroup: 0 } },
      'InvalidArgumentError',
      'groupBy.hitsPerGroup',
    ],
    [
      'a bound that is no number',
      { within: { maxDistance: Number.NaN } },
      'InvalidArgumentError',
      'within.maxDistance',
    ],
    [
      'a similarity above 1',
      { within: { minSimilarity: 2 } },
      'InvalidArgumentError',
      'within.minSimilarity',
    ],
    ['a cursor of nobody', { after: 'AAAA' }, 'InvalidArgumentError', 'after'],
    [
      'an undeclared field',
      { filter: { metadata: [{ field: 'x', is: { exists: true } }] } },
      'InvalidFilterError',
      'filter.metadata.0.field',
    ],
    ['another dimension', at(1, 2, 3), 'DimensionMismatchError', 'query.vector'],
    ['NaN', at(Number.NaN, 1), 'InvalidVectorError', 'query.vector'],
    ['an infinity', at(1, Number.POSITIVE_INFINITY), 'InvalidVectorError', 'query.vector'],
    ['a norm that overflows', at(3e38, 3e38), 'InvalidVectorError', 'query.vector'],
  ])('has %s', async (_, request, kind, path) => {
    const error = await refusal(search.ask({ ...at(0, 0), ...request }), kind);
    expect(error.path.join('.')).toBe(path);
    expect(error.detail).toHaveProperty('got');
    expect(error.detail).toHaveProperty('expected');
  });

  it('has no direction, where the metric is COSINE', async () => {
    const embedding = {
      provider: 'EXTERNAL',
      model: '',
      dimension: 2,
      metric: 'COSINE',
      normalized: false,
    } as const;
    await search.submit(createLibrary('lib_cosine', { embedding }));
    await refusal(search.ask({ library: { id: 'lib_cosine' }, ...at(0, 0) }), 'InvalidVectorError');
  });
});

describe('pages', () => {
  it('hold while chunks come and go', async () => {
    const first = await search.ask({ ...at(0, 0), k: 2 });
    const after = first.hits.at(-1)?.cursor as string;
    await search.submit({ type: 'deleteChunks', library: { id: 'lib_a' }, at: 9, by: { ids: ['chk_0'] } });
    await search.write([item('chk_before', [0.5, 0]), item('chk_next', [1.5, 0])]);
    expect(idsOf(await search.ask({ ...at(0, 0), k: 2, after }))).toEqual(['chk_next', 'chk_2']);
  });

  it('may differ in size and accuracy, but not in the question', async () => {
    const first = await search.ask({ ...at(0, 0), k: 2 });
    const after = first.hits.at(-1)?.cursor as string;
    expect(idsOf(await search.ask({ ...at(0, 0), k: 9, after, accuracy: { exact: true } }))).toEqual([
      'chk_2',
      'chk_3',
      'chk_4',
    ]);
    for (const other of [
      at(0, 1),
      { ...at(0, 0), filter: {} },
      { ...at(0, 0), within: { maxDistance: 9 } },
      { ...at(0, 0), groupBy: { by: 'DOCUMENT', hitsPerGroup: 1 } as const },
      { query: { chunk: 'chk_1' } },
    ]) {
      await refusal(search.ask({ ...other, after }), 'InvalidArgumentError');
    }
  });
});

describe('a graph', () => {
  it('that comes back short is followed by a scan', async () => {
    const graph = new TestSearch('HNSW', { costs: WALK_ALWAYS });
    await graph.fill(
      'EUCLIDEAN',
      Array.from({ length: 500 }, (_, place) => item(`chk_${place}`, [place, 0])),
    );
    const index = graph.index('lib_a');
    const original = index.search.bind(index);
    index.search = (query, options) =>
      options.exact ? original(query, options) : original(query, { ...options, k: 1 });
    const answer = await graph.ask({ ...at(0, 0), k: 5 });
    expect(idsOf(answer)).toEqual(['chk_0', 'chk_1', 'chk_2', 'chk_3', 'chk_4']);
    expect(answer.plan).toMatchObject({ strategy: 'GRAPH_THEN_SCAN', expectedRecall: 1 });
    expect(answer.plan.reason).toContain('came back with too few');
    await graph.close();
  });

  it('is walked with the effort that was measured', async () => {
    const graph = new TestSearch('HNSW', { costs: WALK_ALWAYS });
    await graph.fill(
      'EUCLIDEAN',
      Array.from({ length: 2_000 }, (_, place) => item(`chk_${place}`, [place, place % 7])),
    );
    await graph.measure([{ effort: 48, recall: 0.98, latencyMs: 0.1 }]);
    const { plan } = await graph.ask({ ...at(700, 3), k: 5 });
    expect(plan).toMatchObject({ strategy: 'GRAPH', effort: 48, expectedRecall: 0.98 });
    expect(plan.visited).toBeGreaterThan(0);
    await graph.close();
  });
});
