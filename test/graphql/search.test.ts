import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { KnnSearcher } from '../../src/search/KnnSearcher.ts';
import { TextSearcher } from '../../src/search/TextSearcher.ts';
import { TestApi } from './TestApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
  await api.data(`mutation {
    words: createLibrary(input: { id: "lib_words", name: "words", metadataFields: [{ name: "year", type: NUMBER }] }) { __typename }
    parts: createLibrary(input: { id: "lib_parts", name: "parts", keywords: { language: NONE, substrings: true } }) { __typename }
    outside: createLibrary(input: { name: "outside", embedding: { provider: EXTERNAL, dimension: 2 } }) { __typename }
    a: createDocument(input: { library: { name: "words" }, id: "doc_a", title: "Machines", content: { chunks: [
      { id: "chk_red", text: "Press the red button to stop the machine.", metadata: { year: 2026 } }
      { id: "chk_green", text: "The green button starts machines; a button that is red stops them.", metadata: { year: 2025 } }
      { id: "chk_key", text: "The chunk_key column holds the key of a chunk.", metadata: { year: 2025 } }
    ] } }) { __typename }
    b: createDocument(input: { library: { name: "words" }, id: "doc_b", title: "Garden", content: { chunks: [
      { id: "chk_tea", text: "Tea is served at four in the garden, for every guest." }
      { id: "chk_html", text: "<b>Bold</b> gardeners & <script>alert(1)</script> roses" }
    ] } }) { __typename }
    c: createDocument(input: { library: { name: "parts" }, title: "Teile", content: { chunks: [
      { id: "chk_part", text: "Donaudampfschifffahrt auf der Donau" } { id: "chk_other", text: "Ein Zug fährt" }
    ] } }) { __typename }
    d: createDocument(input: { library: { name: "outside" }, title: "Zahlen", content: { chunks: [
      { id: "chk_x", text: "eins", embedding: [1, 0] } { id: "chk_y", text: "zwei", embedding: [0, 1] }
    ] } }) { __typename }
  }`);
});
afterAll(() => api.close());

const SEARCH = `query ($input: SearchInput!) { search(input: $input) {
  __typename
  ... on SearchConnection {
    edges {
      cursor score matchedTerms node { id text document { title } }
      semantic { rank distance similarity } keyword { rank score }
      highlights { text start matches { start end } }
    }
    pageInfo { hasNextPage endCursor }
    matchCount revision tookMs
    plan { mode reason depth phases { name ms } semantic { strategy } keyword { terms known deferred occurrences scored pendingChunks } }
  }
  ... on Error { code message path }
} }`;

const search = async (text: string, more: object = {}, library = 'words') =>
  (await api.data(SEARCH, { input: { library: { name: library }, query: { text }, ...more } })).search;
const byWords = (text: string, more: object = {}, library?: string) =>
  search(text, { mode: 'KEYWORD', ...more }, library);
const ids = (answer: { edges: { node: { id: string } }[] }) => answer.edges.map(({ node }) => node.id);

describe('search by words', () => {
  it('finds words in every form, the chunk that says most of it first, and says why', async () => {
    const answer = await byWords('stopping machines');
    expect(ids(answer)).toEqual(['chk_red', 'chk_green']);
    expect(answer.edges[0]).toMatchObject({
      matchedTerms: ['stop', 'machine'],
      semantic: null,
      keyword: { rank: 1 },
    });
    expect(answer.plan).toMatchObject({ mode: 'KEYWORD', semantic: null, keyword: { terms: 2, known: 2 } });
  });

  it('holds to a phrase in quotes, and finds beginnings and parts', async () => {
    expect(ids(await byWords('"red button"'))).toEqual(['chk_red']);
    expect(ids(await byWords('gard*')).toSorted()).toEqual(['chk_html', 'chk_tea']);
    expect(ids(await byWords('*dampfschiff*', {}, 'parts'))).toEqual(['chk_part']);
    expect(ids(await byWords('*utto*')).toSorted()).toEqual(['chk_green', 'chk_red']);
  });

  it('finds an identifier whole before its words apart', async () => {
    expect(ids(await byWords('chunk_key'))[0]).toBe('chk_key');
  });

  it('takes the syntax of FTS for words', async () => {
    for (const text of [
      'red AND NOT button',
      'NEAR("red" button, 2)',
      'words : red',
      '{red} ^button',
      "red' OR 1=1 --",
      '"red',
    ]) {
      expect(ids(await byWords(text))).toContain('chk_red');
    }
    expect(ids(await byWords('"""'))).toEqual([]);
    expect(ids(await byWords('( ) ; %'))).toEqual([]);
  });

  it('answers with offsets and never with markup', async () => {
    const [hit] = (await byWords('gardeners')).edges;
    const [{ text, matches }] = hit.highlights;
    expect(text).toBe('<b>Bold</b> gardeners & <script>alert(1)</script> roses');
    expect(matches.map(({ start, end }: { start: number; end: number }) => text.slice(start, end))).toEqual([
      'gardeners',
    ]);
  });

  it('keeps to a filter, and counts what it lets through', async () => {
    const filter = { metadata: [{ field: 'year', is: { number: { gte: 2026 } } }] };
    for (let again = 0; again < 2; again++) {
      const answer = await byWords('button', { filter });
      expect(ids(answer)).toEqual(['chk_red']);
      expect(answer.matchCount).toBe(1);
    }
  });

  it('knows nothing of other libraries', async () => {
    expect(ids(await byWords('button', {}, 'parts'))).toEqual([]);
  });

  it('needs no vector where the vectors come from outside', async () => {
    expect(ids(await byWords('zwei', {}, 'outside'))).toEqual(['chk_y']);
    expect(await search('zwei', {}, 'outside')).toMatchObject({
      __typename: 'InvalidArgumentError',
      message: expect.stringContaining('EXTERNAL'),
    });
    for (const [vector, refusal] of [
      [[1, 0, 0], 'DimensionMismatchError'],
      [[0, 0], 'InvalidVectorError'],
    ])
      expect(await search('zwei', { vector }, 'outside')).toMatchObject({
        __typename: refusal,
        path: ['input', 'vector'],
      });
    const both = await search('zwei', { vector: [1, 0.1] }, 'outside');
    expect(ids(both)).toHaveLength(2);
    expect(both.edges.map(({ semantic }: { semantic: object }) => semantic !== null)).toEqual([true, true]);
  });

  it('finds what was just written, and not what was just deleted or changed', async () => {
    const { written } =
      await api.data(`mutation { written: createDocument(input: { library: { name: "words" }, title: "Sounds", content: {
      chunks: [{ id: "chk_new", text: "A theremin hums." }, { id: "chk_gone", text: "Another theremin." }] } }) { ... on DocumentResult { revision } } }`);
    const minRevision = written.revision;
    expect(ids(await byWords('theremin', { minRevision })).toSorted()).toEqual(['chk_gone', 'chk_new']);
    await api.data(`mutation {
      deleteChunks(input: { library: { name: "words" }, by: { ids: ["chk_gone"] } }) { __typename }
      updateChunk(input: { id: "chk_new", text: "An organ hums." }) { __typename }
    }`);
    expect(ids(await byWords('theremin'))).toEqual([]);
    expect(ids(await byWords('organ'))).toEqual(['chk_new']);
  });
});

describe('search by words and meaning', () => {
  it('finds both ways, and says of each hit where it was in either', async () => {
    const answer = await search('press the red button');
    expect(answer.edges[0]).toMatchObject({
      node: { id: 'chk_red', document: { title: 'Machines' } },
      semantic: { rank: 1 },
      keyword: { rank: 1 },
    });
    expect(answer.edges[0].score).toBeCloseTo(1);
    expect(answer.plan.phases.map(({ name }: { name: string }) => name)).toEqual([
      ...['SEMANTIC', 'KEYWORD', 'FUSE', 'FETCH'],
    ]);
  });

  it('finds a misspelt word by meaning where its letters fail', async () => {
    expect(ids(await byWords('butttons'))).toEqual([]);
    expect(ids(await search('butttons', { k: 2 })).toSorted()).toEqual(['chk_green', 'chk_red']);
  });

  it('goes on page by page without repeating a hit', async () => {
    const whole = ids(await search('the red button'));
    const pages: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof search>> = await search('the red button', {
        k: 2,
        ...(after && { after }),
      });
      pages.push(...ids(page));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(pages).toEqual(whole);
  });

  it('refuses the cursor of another search, a page beyond its depth and what is out of range', async () => {
    const [{ cursor }] = (await search('red button')).edges;
    expect(await search('green button', { after: cursor })).toMatchObject({ path: ['input', 'after'] });
    expect(await search('red', { k: 200 })).toMatchObject({ path: ['input', 'k'] });
    expect(await search('red', { depth: 5_000 })).toMatchObject({ path: ['input', 'depth'] });
    expect(await search('  ')).toMatchObject({ path: ['input', 'query', 'text'] });
    expect(await search('red', { diversity: { lambda: 2 } })).toMatchObject({
      path: ['input', 'diversity', 'lambda'],
    });
  });

  it('adds up what the ranks are worth when asked to', async () => {
    const [hit] = (await search('press the red button', { fusion: { rrf: { k: 60 } } })).edges;
    expect(hit.score).toBeCloseTo(2 / 61);
  });

  it('weighs the ways as it is told to', async () => {
    const all = await search('red button', { fusion: { weighted: { semantic: 0 } } });
    expect(all.edges[0]).toMatchObject({ score: 1, keyword: { rank: 1 } });
  });

  it('gives one hit for each document when asked to', async () => {
    const answer = await search('button garden', { groupBy: { by: 'DOCUMENT', hitsPerGroup: 1 } });
    const titles = answer.edges.map(
      ({ node }: { node: { document: { title: string } } }) => node.document.title,
    );
    expect(titles.toSorted()).toEqual([...new Set(titles)].toSorted());
    expect(titles.slice(0, 2).toSorted()).toEqual(['Garden', 'Machines']);
  });

  it('finds more like a chunk or a document, without these themselves', async () => {
    const like = (query: object) =>
      api.data(SEARCH, { input: { library: { name: 'words' }, query } }).then((data) => data.search);
    expect(ids(await like({ chunk: 'chk_red' }))[0]).toBe('chk_green');
    expect(ids(await like({ chunk: 'chk_red' }))).not.toContain('chk_red');
    expect(ids(await like({ document: 'doc_a' }))).not.toContain('chk_red');
    expect(await like({ chunk: 'chk_part' })).toMatchObject({ __typename: 'NodeNotFoundError' });
  });
});

describe('the settings of a library', () => {
  it('can change, and its chunks are indexed anew in the background', async () => {
    const KEYWORDS = '{ library(by: { name: "words" }) { keywords { language substrings pendingChunks } } }';
    expect((await api.data(KEYWORDS)).library.keywords).toEqual({
      ...{ language: 'ENGLISH', substrings: false, pendingChunks: 0 },
    });
    await api.data(
      'mutation { updateLibrary(input: { library: { name: "words" }, keywords: { language: NONE, substrings: true } }) { __typename } }',
    );
    await expect
      .poll(async () => (await api.data(KEYWORDS)).library.keywords)
      .toEqual({
        ...{ language: 'NONE', substrings: true, pendingChunks: 0 },
      });
    expect(ids(await byWords('machines'))).toEqual(['chk_green']);
    expect(ids(await byWords('machine'))).toEqual(['chk_red']);
    expect(ids(await byWords('*achine*')).toSorted()).toEqual(['chk_green', 'chk_red']);
  });
});

describe('a search that is reranked', () => {
  const RERANKED = `query ($input: SearchInput!) { search(input: $input) { __typename
    ... on SearchConnection { edges { node { id text } score reranked { score rank rankBefore } }
      plan { rerank { provider model count note } phases { name } } }
    ... on Error { code message path retryable } } }`;
  const reranked = async (rerank: object, more: object = {}, parts: object = {}) => {
    const input = { library: { name: 'words' }, query: { text: 'button' }, rerank, ...more };
    return (await api.data(RERANKED, { input }, parts)).search;
  };

  it('has the scores and ranks before and after', async () => {
    const { edges, plan } = await reranked({ provider: 'LEXICAL', depth: 2 });
    expect(plan.rerank).toEqual({ provider: 'LEXICAL', model: 'alcove-lexical-1', count: 2, note: null });
    expect(edges[0].reranked).toMatchObject({ rank: 1 });
    expect(edges[0].reranked.score).toBeGreaterThanOrEqual(edges[1].reranked.score);
    expect(edges[2].reranked).toBe(null);
  });

  it('is an error when the reranker fails, or the order before with a note if that was asked for', async () => {
    const broken = {
      provider: 'COHERE' as const,
      model: 'broken',
      rerank: async () => {
        throw new AlcoveError('RerankerError', 'The reranker COHERE broken answered with HTTP 500.');
      },
    };
    const knn = new KnnSearcher(api.searching);
    const parts = { textSearch: new TextSearcher(api.searching, knn, { rerankerFor: () => broken }) };
    expect(await reranked({ provider: 'COHERE' }, {}, parts)).toMatchObject({
      ...{ __typename: 'RerankerError', code: 'UNAVAILABLE', retryable: true },
    });
    const kept = await reranked({ provider: 'COHERE', ifUnavailable: 'KEEP_ORDER' }, {}, parts);
    expect(ids(kept)).toEqual(ids(await search('button')));
    expect(kept.plan.rerank).toMatchObject({ count: 0, note: expect.stringContaining('HTTP 500') });
  });

  it('refuses a provider that is not set up, and what is out of range', async () => {
    expect(await reranked({ provider: 'COHERE' })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'rerank', 'provider'],
    });
    expect(await reranked({ provider: 'LEXICAL', model: 'x' })).toMatchObject({
      path: ['input', 'rerank', 'model'],
    });
    expect(await reranked({ provider: 'LEXICAL', depth: 500 })).toMatchObject({
      path: ['input', 'rerank', 'depth'],
    });
  });

  it('refuses such a provider before it looks for anything', async () => {
    expect(await reranked({ provider: 'COHERE' }, { library: { name: 'absent' } })).toMatchObject({
      __typename: 'InvalidArgumentError',
    });
  });

  it('can be diverse besides', async () => {
    const answer = await reranked({ provider: 'LEXICAL' }, { diversity: { lambda: 0.5 } });
    expect(answer.plan.phases.map(({ name }: { name: string }) => name).slice(-2)).toEqual([
      'RERANK',
      'DIVERSIFY',
    ]);
  });
});

describe('similar documents', () => {
  it('are those whose chunks are nearest to the chunks of one, without itself', async () => {
    await api.data(`mutation {
      createDocument(input: { library: { name: "words" }, id: "doc_like", title: "Other machines", content: { chunks: [
        { text: "Press the red button to stop the engine." } { text: "The green button starts the engine." } ] } }) { __typename } }`);
    const SIMILAR = `query ($k: Int) { node(id: "doc_a") { ... on Document {
      similarDocuments(k: $k) { score chunkCount document { id } } } } }`;
    const { similarDocuments } = (await api.data(SIMILAR, { k: 3 })).node;
    expect(similarDocuments[0]).toMatchObject({ document: { id: 'doc_like' }, chunkCount: 3 });
    const scores = similarDocuments.map(({ score }: { score: number }) => score);
    expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a));
    expect(Math.max(...scores)).toBeLessThanOrEqual(1);
    const others = similarDocuments.map(({ document }: { document: { id: string } }) => document.id);
    expect(others).not.toContain('doc_a');
    const { errors } = await api.run(SIMILAR, { k: 0 });
    expect(errors[0]?.message).toContain('1 to 100');
  });
});
