import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { TestApi } from './TestApi.ts';

let api: TestApi;
let lastRevision: string;
beforeAll(async () => {
  api = await TestApi.start();
  const { written } = await api.data(`mutation {
    plane: createLibrary(input: {
      id: "lib_plane", name: "plane"
      embedding: { provider: EXTERNAL, dimension: 2, metric: EUCLIDEAN }
      metadataFields: [{ name: "even", type: BOOLEAN }, { name: "tags", type: STRING_LIST }]
    }) { __typename }
    angles: createLibrary(input: { id: "lib_angles", name: "angles", embedding: { provider: EXTERNAL, dimension: 2, metric: COSINE } }) { __typename }
    words: createLibrary(input: { id: "lib_words", name: "words" }) { __typename }
    left: createDocument(input: { library: { name: "plane" }, id: "doc_left", title: "The xyz guide", content: { chunks: [
      { id: "chk_0", text: "zero", embedding: [0, 0], metadata: { even: true } }
      { id: "chk_1", text: "one", embedding: [1, 0], metadata: { even: false, tags: ["a"] } }
    ] } }) { __typename }
    right: createDocument(input: { library: { name: "plane" }, id: "doc_right", title: "Another", content: { chunks: [
      { id: "chk_2", text: "two", embedding: [2, 0], metadata: { even: true, tags: ["a", "b"] } }
      { id: "chk_3", text: "three", embedding: [3, 0], metadata: { even: false } }
    ] } }) { __typename }
    written: createDocument(input: { library: { name: "words" }, id: "doc_words", title: "Buttons", content: { chunks: [
      { id: "chk_red", text: "Press the red button to stop the machine." }
      { id: "chk_tea", text: "Tea is served at four in the garden." }
    ] } }) { ... on DocumentResult { revision } }
  }`);
  lastRevision = written.revision;
});
afterAll(() => api.close());

const PAYLOAD = `
  __typename
  ... on KnnConnection {
    edges { cursor distance similarity node { id document { title } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    matchCount generation revision tookMs
    plan { strategy reason selectivity effort expectedRecall visited compared reranked phases { name ms } }
  }
  ... on Error { code message path retryable }
  ... on InvalidFilterError { field got expected }
  ... on DimensionMismatchError { got expected }
`;
const SEARCH = `query ($input: KnnSearchInput!) { knnSearch(input: $input) { ${PAYLOAD} } }`;

const search = async (input: object) => (await api.data(SEARCH, { input })).knnSearch;
const near = (vector: unknown, more: object = {}) =>
  search({ library: { name: 'plane' }, query: { vector }, ...more });
const ids = (answer: { edges: { node: { id: string } }[] }) => answer.edges.map(({ node }) => node.id);

describe('knnSearch', () => {
  it('finds the nearest to a vector, nearest first, and says what it did', async () => {
    const answer = await near([0.9, 0], { k: 3 });
    expect(ids(answer)).toEqual(['chk_1', 'chk_0', 'chk_2']);
    expect(answer.edges[0].distance).toBeCloseTo(0.1);
    expect(answer.edges[0].similarity).toBeCloseTo(1 / 1.1);
    expect(answer).toMatchObject({ matchCount: 4, generation: 1, revision: lastRevision });
    expect(answer.plan).toMatchObject({ strategy: 'EXACT_SCAN', selectivity: null, expectedRecall: 1 });
    expect(answer.plan.reason).toMatch(/\.$/);
  });

  it('takes vectors as literals, as lists and as base64, for the same answer', async () => {
    const literal = await api.data(
      `{ knnSearch(input: { library: { name: "plane" }, query: { vector: [1, 0.25] } }) { ${PAYLOAD} } }`,
    );
    const base64 = Buffer.from(Float32Array.of(1, 0.25).buffer).toString('base64');
    const expected = (await near([1, 0.25])).edges;
    expect(literal.knnSearch.edges).toEqual(expected);
    expect((await near(base64)).edges).toEqual(expected);
  });

  it('finds the nearest to a text, by the words that they share', async () => {
    const answer = await search({
      library: { name: 'words' },
      query: { text: 'how do I stop the machine?' },
      k: 1,
    });
    expect(ids(answer)).toEqual(['chk_red']);
  });

  it('finds more like a chunk or a document, which are themselves left out', async () => {
    expect(ids(await search({ library: { name: 'plane' }, query: { chunk: 'chk_1' }, k: 2 }))).not.toContain(
      'chk_1',
    );
    const likeLeft = await search({ library: { name: 'plane' }, query: { document: 'doc_left' } });
    expect(ids(likeLeft)).toEqual(['chk_2', 'chk_3']);
  });

  it('finds chunks created after a date in documents whose title contains a text', async () => {
    const filter = {
      createdAt: { gt: '2020-01-01T00:00:00Z' },
      document: { title: { contains: 'XYZ' } },
    };
    const answer = await near([3, 0], { filter });
    expect(ids(answer)).toEqual(['chk_1', 'chk_0']);
    expect(answer).toMatchObject({ matchCount: 2, plan: { selectivity: 0.5 } });
    const { library } = await api.data(
      `query ($filter: ChunkFilter) { library(by: { name: "plane" }) { chunks(filter: $filter) { totalCount edges { node { id } } } } }`,
      { filter },
    );
    expect(library.chunks.totalCount).toBe(2);
    expect(ids(library.chunks)).toEqual(['chk_0', 'chk_1']);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(ids(await near([3, 0], { filter: { ...filter, createdAt: { gt: tomorrow } } }))).toEqual([]);
  });

  it('filters by metadata of each kind, and combines filters', async () => {
    const byMetadata = (field: string, is: object) => near([0, 0], { filter: { metadata: [{ field, is }] } });
    expect(ids(await byMetadata('even', { boolean: true }))).toEqual(['chk_0', 'chk_2']);
    expect(ids(await byMetadata('tags', { list: { containsAll: ['a', 'b'] } }))).toEqual(['chk_2']);
    expect(ids(await byMetadata('tags', { exists: false }))).toEqual(['chk_0', 'chk_3']);
    const filter = { or: [{ text: { startsWith: 'Z' } }, { not: { position: { eq: 0 } } }] };
    expect(ids(await near([0, 0], { filter }))).toEqual(['chk_0', 'chk_1', 'chk_3']);
  });

  it('pages with cursors, and groups by document', async () => {
    const first = await near([0, 0], { k: 3 });
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await near([0, 0], { k: 3, after: first.pageInfo.endCursor });
    expect(ids(second)).toEqual(['chk_3']);
    expect(ids(await near([0, 0], { groupBy: { by: 'DOCUMENT' } }))).toEqual(['chk_0', 'chk_2']);
  });

  it('keeps within a bound, and is as accurate as asked', async () => {
    expect(ids(await near([0, 0], { within: { maxDistance: 1 } }))).toEqual(['chk_0', 'chk_1']);
    expect(ids(await near([0, 0], { within: { minSimilarity: 0.9 } }))).toEqual(['chk_0']);
    for (const accuracy of [{ exact: true }, { recall: 0.99 }, { effort: 50 }]) {
      expect((await near([0, 0], { accuracy })).edges).toHaveLength(4);
    }
  });

  it('waits for a revision, up to its time', async () => {
    expect((await near([0, 0], { minRevision: lastRevision })).__typename).toBe('KnnConnection');
    expect(await near([0, 0], { minRevision: '0000000999999999', timeoutMs: 20 })).toMatchObject({
      __typename: 'TimeoutError',
      code: 'TIMEOUT',
      retryable: true,
    });
  });

  it('refuses bad vectors with what is wrong with them', async () => {
    const bytes = (...numbers: number[]) => Buffer.from(Float32Array.from(numbers).buffer).toString('base64');
    const vectors = [
      'AAAA',
      'not base64!',
      '',
      [],
      {},
      true,
      7,
      [1, '2'],
      bytes(Number.NaN, 1),
      bytes(1, Number.POSITIVE_INFINITY),
    ];
    for (const vector of vectors) {
      expect(await near(vector), JSON.stringify(vector)).toMatchObject({
        __typename: 'InvalidVectorError',
        code: 'BAD_USER_INPUT',
        path: ['input', 'query', 'vector'],
      });
    }
    expect(await near([1, 2, 3])).toMatchObject({
      __typename: 'DimensionMismatchError',
      got: '3',
      expected: '2',
    });
    expect(await search({ library: { name: 'angles' }, query: { vector: [0, 0] } })).toMatchObject({
      __typename: 'InvalidVectorError',
    });
  });

  it('refuses bad arguments, each with its place', async () => {
    const cases = [
      [{ k: 0 }, 'k'],
      [{ k: -1 }, 'k'],
      [{ k: 1e9 }, 'k'],
      [{ accuracy: { recall: 1.5 } }, 'accuracy.recall'],
      [{ within: { minSimilarity: 2 } }, 'within.minSimilarity'],
      [{ groupBy: { by: 'DOCUMENT', hitsPerGroup: 0 } }, 'groupBy.hitsPerGroup'],
      [{ timeoutMs: 0 }, 'timeoutMs'],
      [{ after: 'forged' }, 'after'],
    ] as const;
    for (const [more, at] of cases) {
      expect(await near([0, 0], more)).toMatchObject({
        __typename: 'InvalidArgumentError',
        code: 'BAD_USER_INPUT',
        path: ['input', ...at.split('.')],
      });
    }
    expect(await search({ library: { name: 'plane' }, query: { text: 'x' } })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'query', 'text'],
    });
  });

  it('refuses filters that do not fit the declared fields', async () => {
    expect(
      await near([0, 0], { filter: { metadata: [{ field: 'year', is: { exists: true } }] } }),
    ).toMatchObject({
      __typename: 'InvalidFilterError',
      path: ['input', 'filter', 'metadata', '0', 'field'],
      field: 'year',
    });
    expect(
      await near([0, 0], { filter: { metadata: [{ field: 'even', is: { number: { eq: 1 } } }] } }),
    ).toMatchObject({
      __typename: 'InvalidFilterError',
      field: 'even',
    });
  });

  it('does not find libraries, chunks and documents that are not there, or elsewhere', async () => {
    expect(await search({ library: { name: 'none' }, query: { text: 'x' } })).toMatchObject({
      __typename: 'LibraryNotFoundError',
      path: ['input', 'library', 'name'],
    });
    for (const query of [{ chunk: 'chk_red' }, { document: 'doc_none' }]) {
      expect(await search({ library: { name: 'plane' }, query })).toMatchObject({
        __typename: 'NodeNotFoundError',
        code: 'NOT_FOUND',
      });
    }
  });

  it('says so when the model fails', async () => {
    const failing = {
      search: () =>
        Promise.reject(
          new AlcoveError('EmbedderError', 'The model does not answer.', { path: ['query', 'text'] }),
        ),
    };
    const { knnSearch } = await api.data(
      SEARCH,
      { input: { library: { name: 'words' }, query: { text: 'x' } } },
      { search: failing },
    );
    expect(knnSearch).toMatchObject({
      __typename: 'EmbedderError',
      code: 'UNAVAILABLE',
      path: ['input', 'query', 'text'],
      retryable: true,
    });
  });

  it('needs exactly one kind of query', async () => {
    const { errors } = await api.run(
      `{ knnSearch(input: { library: { name: "plane" }, query: { text: "x", chunk: "chk_1" } }) { __typename } }`,
    );
    expect(errors[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});

describe('knnSearchBatch', () => {
  const batch = async (searches: object[]) =>
    (
      await api.data(
        `query ($searches: [KnnSearchInput!]!) { knnSearchBatch(input: { searches: $searches }) {
          __typename
          ... on KnnSearchBatchResult { results { ${PAYLOAD} } }
          ... on Error { code path }
        } }`,
        { searches },
      )
    ).knnSearchBatch;

  it('answers each search, with an error of its own where there is one', async () => {
    const { results } = await batch([
      { library: { name: 'plane' }, query: { vector: [0, 0] }, k: 1 },
      { library: { name: 'plane' }, query: { vector: 'AAAA' } },
      { library: { name: 'words' }, query: { text: 'tea' }, k: 1 },
    ]);
    expect(ids(results[0])).toEqual(['chk_0']);
    expect(results[1]).toMatchObject({
      __typename: 'InvalidVectorError',
      path: ['input', 'searches', '1', 'query', 'vector'],
    });
    expect(ids(results[2])).toEqual(['chk_tea']);
  });

  it('answers what each search would be answered by itself', async () => {
    const plane = { name: 'plane' };
    const first = await near([0, 0], { k: 1 });
    const searches = [
      { library: plane, query: { vector: [0.9, 0] }, k: 3 },
      { library: plane, query: { vector: [0, 0] }, k: 1, after: first.edges[0].cursor },
      {
        library: plane,
        query: { vector: [3, 0] },
        filter: { metadata: [{ field: 'even', is: { boolean: true } }] },
      },
      { library: plane, query: { chunk: 'chk_1' }, groupBy: { by: 'DOCUMENT' } },
      { library: plane, query: { vector: [9, 9] }, timeoutMs: 900 },
      { library: plane, query: { vector: [2, 0] }, within: { maxDistance: 1 } },
      { library: { name: 'angles' }, query: { vector: [1, 0] } },
      { library: { name: 'nowhere' }, query: { vector: [1, 0] } },
      { library: { name: 'words' }, query: { text: 'button' }, k: 2 },
    ];
    const { results } = await batch(searches);
    const alone = await Promise.all(searches.map(search));
    // But for what differs from time to time, and where in the input an error is.
    const stripped = ({ tookMs: _tookMs, path: _path, plan, ...answer }: Record<string, never>) => ({
      ...answer,
      plan: plan && { ...(plan as object), phases: undefined },
    });
    expect(results.map(stripped)).toEqual(alone.map(stripped));
    expect(results.map(({ __typename }: { __typename: string }) => __typename)).toContain(
      'LibraryNotFoundError',
    );
  });

  it('takes 1 to 100 searches', async () => {
    expect(await batch([])).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'searches'],
    });
  });
});

describe('similar documents', () => {
  it('are searched for from a document', async () => {
    const { node } = await api.data(
      `{ node(id: "doc_left") { ... on Document { similar(k: 1) { ... on KnnConnection { edges { node { id } } } } } } }`,
    );
    expect(ids(node.similar)).toEqual(['chk_2']);
    const bad = await api.data(
      `{ node(id: "doc_left") { ... on Document { similar(k: 0) { ... on InvalidArgumentError { path } } } } }`,
    );
    expect(bad.node.similar.path).toEqual(['k']);
  });
});

describe('a library that is empty', () => {
  it('answers searches with nothing', async () => {
    const answer = await search({ library: { name: 'angles' }, query: { vector: [1, 0] } });
    expect(answer).toMatchObject({ edges: [], plan: { strategy: 'EMPTY' }, pageInfo: { startCursor: null } });
  });
});
