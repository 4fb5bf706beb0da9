import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { KnnSearcher } from '../../src/search/KnnSearcher.ts';
import { TestApi } from '../graphql/TestApi.ts';
import { type Serving, serve } from './serving.ts';

const SEARCHES = 100;
const REQUEST_TIMEOUT_MS = 300;
const BATCH = `query ($searches: [KnnSearchInput!]!) {
  knnSearchBatch(input: { searches: $searches }) { __typename ... on KnnSearchBatchResult { results { __typename } } ... on Error { code message } }
}`;

let api: TestApi;
let serving: Serving;
/** Searches whose index has been opened, and what is done at each. */
let begun: number;
let atSearch: (number: number) => void;

beforeEach(async () => {
  begun = 0;
  atSearch = () => {};
  api = await TestApi.start();
  const embedding = '{ provider: EXTERNAL, model: "test", dimension: 2, metric: EUCLIDEAN }';
  await api.data(
    `mutation { createLibrary(input: { name: "line", embedding: ${embedding} }) { __typename } }`,
  );
  const chunks = Array.from({ length: 50 }, (_, at) => ({ text: `chunk ${at}`, embedding: [at, 0] }));
  await api.data(
    `mutation ($chunks: [DocumentChunkInput!]!) {
      createDocument(input: { library: { name: "line" }, title: "Numbers", content: { chunks: $chunks } }) { __typename }
    }`,
    { chunks },
  );
  const { indexes } = api.searching;
  const search = new KnnSearcher({
    ...api.searching,
    indexes: {
      ...indexes,
      open: (libraryId) => {
        begun += 1;
        atSearch(begun);
        return indexes.open(libraryId);
      },
    },
  });
  serving = await serve({
    schema,
    contextFor: ({ signal, principal, requestId }) => ({
      ...api.context,
      search,
      signal,
      principal,
      requestId,
    }),
    config: { requestTimeoutMs: REQUEST_TIMEOUT_MS },
  });
});
afterEach(async () => {
  await serving.close();
  await api.close();
});

const ask = (count: number, signal?: AbortSignal) =>
  fetch(`${serving.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: BATCH,
      variables: {
        searches: Array.from({ length: count }, (_, at) => ({
          library: { name: 'line' },
          query: { vector: [at, 1] },
        })),
      },
    }),
    signal: signal ?? null,
  });

describe('a batch of searches', () => {
  it('stops when its client hangs up, and the next is answered', async () => {
    const gone = new AbortController();
    atSearch = (number) => {
      if (number === 3) gone.abort();
    };
    await expect(ask(SEARCHES, gone.signal)).rejects.toThrow();
    const stoppedAt = async () => {
      const before = begun;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return begun === before ? begun : 0;
    };
    await expect.poll(stoppedAt).toBeGreaterThan(0);
    expect(begun).toBeLessThan(SEARCHES);
    expect(await (await ask(2)).json()).toMatchObject({
      data: { knnSearchBatch: { __typename: 'KnnSearchBatchResult' } },
    });
  });

  it('stops at the deadline of requests, with a TimeoutError', async () => {
    atSearch = (number) => {
      const until = performance.now() + REQUEST_TIMEOUT_MS;
      while (number === 3 && performance.now() < until);
    };
    const late = await ask(SEARCHES);
    expect(JSON.stringify(await late.json())).toContain('TIMEOUT');
    const stopped = begun;
    expect(stopped).toBeLessThan(SEARCHES);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(begun).toBe(stopped);
  });
});
