import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from './TestApi.ts';

const DIMENSION = 256;
const COUNT = 600;

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
  const chunks = Array.from({ length: COUNT }, (_, i) => ({ text: `chunk ${i}`, embedding: vectorOf(i) }));
  const { createLibrary, createDocument } = await api.data(
    /* GraphQL */ `
      mutation ($chunks: [DocumentChunkInput!]!) {
        createLibrary(input: { name: "waves", embedding: { provider: EXTERNAL, metric: COSINE } }) { __typename }
        createDocument(input: { library: { name: "waves" }, title: "Waves", content: { chunks: $chunks } }) {
          __typename
          ... on Error { message }
        }
      }
    `,
    { chunks },
  );
  expect([createLibrary.__typename, createDocument.__typename]).toEqual(['LibraryResult', 'DocumentResult']);
});
afterAll(() => api.close());

/** Twenty waves, each a little different in every chunk. */
function vectorOf(chunk: number): number[] {
  return Array.from(
    { length: DIMENSION },
    (_, at) => Math.sin((chunk % 20) * 7 + at * at) + 0.3 * Math.sin(chunk * 3 + at * at * at),
  );
}

const library = async (fields: string) =>
  (await api.data(`{ library(by: { name: "waves" }) { ${fields} } }`)).library;

describe('binary codes', () => {
  it('take an eighth of the memory of the others, as is estimated before', async () => {
    const { scalar, binary } = await library(/* GraphQL */ `
      scalar: indexEstimate(settings: { type: HNSW, vectors: ON_DISK }) { memoryBytes }
      binary: indexEstimate(settings: { type: HNSW, vectors: ON_DISK, codes: BINARY }) { memoryBytes }
    `);
    expect(scalar.memoryBytes - binary.memoryBytes).toBeGreaterThan(COUNT * DIMENSION * 0.8);
  });

  it.each(['FLAT', 'KD_TREE', 'LSH'])('are refused for %s, which has none', async (type) => {
    const { reindex } = await api.data(/* GraphQL */ `
      mutation {
        reindex(input: { library: { name: "waves" }, settings: { type: ${type}, codes: BINARY } }) {
          __typename
          ... on InvalidArgumentError { message path }
        }
      }
    `);
    expect(reindex).toEqual({
      __typename: 'InvalidArgumentError',
      message: `Got BINARY with ${type} as the codes; expected SCALAR, or one of the types HNSW, AUTO.`,
      path: ['input', 'settings', 'codes'],
    });
  });

  it('are what a graph is built with that asks for them, which then finds what there is', async () => {
    const { reindex } = await api.data(/* GraphQL */ `
      mutation {
        reindex(input: { library: { name: "waves" }, settings: { type: HNSW, vectors: ON_DISK, codes: BINARY } }) {
          __typename
          ... on Error { message }
        }
      }
    `);
    expect(reindex.__typename).toBe('JobResult');
    const fields =
      'index { type state settings { vectors codes } memoryBytes recallCurve { effort recall } }';
    let { index } = await library(fields);
    while (index.type !== 'HNSW') {
      await new Promise((resolve) => setTimeout(resolve, 20));
      index = (await library(fields)).index;
    }
    expect(index).toMatchObject({ state: 'READY', settings: { vectors: 'ON_DISK', codes: 'BINARY' } });
    expect(index.recallCurve.at(-1).recall).toBeGreaterThan(0.95);
    const { knnSearch } = await api.data(
      /* GraphQL */ `
        query ($vector: Vector!) {
          knnSearch(
            input: { library: { name: "waves" }, query: { vector: $vector }, k: 1, accuracy: { effort: 100 } }
          ) {
            ... on KnnConnection { edges { node { text } distance } plan { strategy } }
          }
        }
      `,
      { vector: vectorOf(123) },
    );
    expect(knnSearch).toEqual({
      edges: [{ node: { text: 'chunk 123' }, distance: expect.closeTo(0, 5) }],
      plan: { strategy: 'GRAPH' },
    });
  });
});
