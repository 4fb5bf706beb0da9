import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from './TestApi.ts';

const DIMENSION = 48;
const COUNT = 200;

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
  const chunks = Array.from({ length: COUNT }, (_, i) => ({
    text: `chunk ${i}`,
    embedding: Array.from({ length: DIMENSION }, (_, at) => Math.sin(i * 7 + at)),
  }));
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

const library = async (fields: string) =>
  (await api.data(`{ library(by: { name: "waves" }) { ${fields} } }`)).library;

describe('the memory of indexes', () => {
  it('is told by what it is used for, and for the server as a whole', async () => {
    const { index } = await library('index { memoryBytes memory { vectors graph tables scratch } }');
    const { vectors, graph, tables, scratch } = index.memory;
    expect(vectors).toBeGreaterThan(COUNT * DIMENSION * 4);
    expect([graph, tables]).toEqual([0, 0]);
    expect(vectors + scratch).toBeLessThanOrEqual(index.memoryBytes);
    const { server } = await api.data('{ server { memory { limit used setAside indexCount } } }');
    expect(server.memory).toMatchObject({ indexCount: 1 });
    expect(server.memory.used).toBeGreaterThanOrEqual(vectors);
  });

  it('is estimated before anything is built, for each type and place of the vectors', async () => {
    const estimates = await library(/* GraphQL */ `
      own: indexEstimate { type reason memoryBytes }
      graph: indexEstimate(settings: { type: HNSW }) { type reason memoryBytes }
      wide: indexEstimate(settings: { type: HNSW, m: 64 }) { memoryBytes }
      onDisk: indexEstimate(settings: { type: HNSW, vectors: ON_DISK }) { memoryBytes }
    `);
    expect(estimates.own).toMatchObject({ type: 'FLAT', reason: expect.stringContaining('AUTO chose FLAT') });
    expect(estimates.graph).toMatchObject({ type: 'HNSW', reason: 'The settings ask for HNSW.' });
    expect(estimates.wide.memoryBytes).toBeGreaterThan(estimates.graph.memoryBytes);
    expect(estimates.graph.memoryBytes - estimates.onDisk.memoryBytes).toBeGreaterThan(COUNT * DIMENSION * 3);
  });
});

it('a reindex moves the vectors to disk, and the library says so', async () => {
  const { reindex } = await api.data(/* GraphQL */ `
    mutation {
      reindex(input: { library: { name: "waves" }, settings: { type: HNSW, vectors: ON_DISK } }) {
        __typename
        ... on Error { message }
      }
    }
  `);
  expect(reindex.__typename).toBe('JobResult');
  const fields = 'index { type settings { vectors } memory { vectors } }';
  let { index } = await library(fields);
  while (index.type !== 'HNSW') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    index = (await library(fields)).index;
  }
  expect(index.settings).toEqual({ vectors: 'ON_DISK' });
  expect(index.memory?.vectors ?? 0).toBeLessThan(COUNT * 8);
  const { knnSearch } = await api.data(
    /* GraphQL */ `
      query ($vector: Vector!) {
        knnSearch(input: { library: { name: "waves" }, query: { vector: $vector }, k: 1 }) {
          ... on KnnConnection { edges { node { text } distance } }
        }
      }
    `,
    { vector: Array.from({ length: DIMENSION }, (_, at) => Math.sin(21 + at)) },
  );
  expect(knnSearch.edges).toEqual([{ node: { text: 'chunk 3' }, distance: expect.closeTo(0, 5) }]);
});
