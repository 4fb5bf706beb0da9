import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Search } from '../../src/graphql/Context.ts';
import { TestApi } from './TestApi.ts';

const QUERY = `{ knnSearch(input: { library: { id: "lib_a" }, query: { vector: [0, 0] }, k: 2 }) {
  __typename
  ... on KnnConnection { edges { ...Hit } }
  ... on Error { code message }
} }
fragment Hit on KnnEdge { node { id document { title library { name } } } }`;

describe('the documents of hits', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await TestApi.start();
    await api.data(`mutation {
      createLibrary(input: {
        id: "lib_a", name: "A", embedding: { provider: EXTERNAL, dimension: 2, metric: EUCLIDEAN }
      }) { __typename }
      one: createDocument(input: { library: { id: "lib_a" }, id: "doc_1", title: "One", content: { chunks: [
        { id: "chk_1", text: "one", embedding: [1, 0] }
      ] } }) { __typename }
      two: createDocument(input: { library: { id: "lib_a" }, id: "doc_2", title: "Two", content: { chunks: [
        { id: "chk_2", text: "two", embedding: [2, 0] }, { id: "chk_3", text: "three", embedding: [3, 0] }
      ] } }) { __typename }
    }`);
  });
  afterEach(() => api.close());

  /** The searcher, with something that happens in the moment between its first answer and what is made of it. */
  const searchBefore = (mutation: string): Search => {
    let isDone = false;
    return {
      search: async (request, signal) => {
        const answer = await api.context.search.search(request, signal);
        if (!isDone) await api.data(`mutation { ${mutation} { __typename } }`);
        isDone = true;
        return answer;
      },
    };
  };

  it('come with the hits, and their library with them', async () => {
    const { knnSearch } = await api.data(QUERY);
    expect(knnSearch.edges.map((edge: { node: unknown }) => edge.node)).toEqual([
      { id: 'chk_1', document: { title: 'One', library: { name: 'A' } } },
      { id: 'chk_2', document: { title: 'Two', library: { name: 'A' } } },
    ]);
  });

  it('are an error of the payload when the library is deleted in that very moment', async () => {
    const search = searchBefore('deleteLibrary(input: { library: { id: "lib_a" } })');
    const { data, errors } = await api.run(QUERY, {}, { search });
    expect(errors).toEqual([]);
    expect(data?.knnSearch).toMatchObject({ __typename: 'LibraryNotFoundError', code: 'NOT_FOUND' });
  });

  it('are those of other hits when one is deleted in that very moment', async () => {
    const search = searchBefore('deleteDocument(input: { id: "doc_1" })');
    const { data, errors } = await api.run(QUERY, {}, { search });
    expect(errors).toEqual([]);
    expect(data?.knnSearch.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual([
      'chk_2',
      'chk_3',
    ]);
  });
});
