import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failing, ProviderServer } from '../embedding/ProviderServer.ts';
import { TestApi } from './TestApi.ts';

const KEY = 'test-key-1234567890';

const ERROR = '... on Error { message code retryable path } ... on EmbedderError { provider model got }';
const CREATE_LIBRARY = `mutation ($input: CreateLibraryInput!) { createLibrary(input: $input) {
  __typename ... on LibraryResult { library { name embedding { provider model dimension normalized documentPrefix queryPrefix frozen } } }
  ... on Error { message path } } }`;
const CREATE_DOCUMENT = `mutation ($input: CreateDocumentInput!) { createDocument(input: $input) {
  __typename ... on DocumentResult { truncatedCount document { id chunks(first: 9) { edges { node { isTruncated } } } } } ${ERROR} } }`;
const SEARCH = `query ($text: String!) { knnSearch(input: { library: { name: "l" }, query: { text: $text }, k: 1 }) {
  __typename ... on KnnConnection { edges { node { text } } } ${ERROR} } }`;
const COUNTS =
  '{ library(by: { name: "l" }) { counts { documents chunks } embedding { dimension frozen } revision } }';

let server: ProviderServer;
let api: TestApi;
afterEach(async () => {
  await api.close();
  await server.close();
});

const createLibrary = async (embedding: object) =>
  (await api.data(CREATE_LIBRARY, { input: { name: 'l', embedding } })).createLibrary;
const createDocument = async (...texts: string[]) => {
  const content = { chunks: texts.map((text) => ({ text })) };
  const input = { library: { name: 'l' }, title: 'd', content };
  return (await api.data(CREATE_DOCUMENT, { input })).createDocument;
};

describe('a library whose texts a provider embeds', () => {
  beforeEach(async () => {
    server = await ProviderServer.start('OPENAI');
    api = await TestApi.start({ ...server.environment, ALCOVE_EMBEDDING_RETRIES: '0' });
  });

  it('gets its contract completed by the model, and fixed by the first vector', async () => {
    const { library } = await createLibrary({
      provider: 'OPENAI',
      model: 'some-model',
      queryPrefix: 'query: ',
    });
    expect(library.embedding).toEqual({
      provider: 'OPENAI',
      model: 'some-model',
      dimension: null,
      normalized: true,
      documentPrefix: null,
      queryPrefix: 'query: ',
      frozen: false,
    });
    await createDocument('apples and pears', 'zzz zzz');
    const { embedding } = (await api.data(COUNTS)).library;
    expect(embedding).toEqual({ dimension: 8, frozen: true });
    const update = `mutation { updateLibrary(input: { library: { name: "l" }, embedding: {
      provider: OPENAI, model: "some-model", queryPrefix: "ask: " } }) { __typename ... on Error { message } } }`;
    const { updateLibrary } = await api.data(update);
    expect(updateLibrary.__typename).toBe('ContractFrozenError');
    expect(updateLibrary.message).toContain(
      'got OPENAI some-model, 8 dimensions, COSINE, normalized, "ask: " before queries',
    );
  });

  it('knows the prefixes and the dimension of models that are known', async () => {
    const { library } = await createLibrary({ provider: 'OPENAI', model: 'nomic-ai/nomic-embed-text-v1.5' });
    expect(library.embedding).toMatchObject({
      dimension: 768,
      documentPrefix: 'search_document: ',
      queryPrefix: 'search_query: ',
    });
  });

  it('finds by what the model makes of a question, which is told from a document', async () => {
    await createLibrary({ provider: 'OPENAI', model: 'some-model', queryPrefix: 'g', documentPrefix: 'g' });
    await createDocument('aaab', 'bbba', 'cccc');
    const { knnSearch } = await api.data(SEARCH, { text: 'abbb' });
    expect(knnSearch.edges).toEqual([{ node: { text: 'bbba' } }]);
    expect(server.requests.map(({ texts }) => texts)).toEqual([['gaaab', 'gbbba', 'gcccc'], ['gabbb']]);
  });

  it('says of which chunks the model read the beginning alone, with the mutation and ever after', async () => {
    await createLibrary({ provider: 'OPENAI', model: 'some-model' });
    const long = 'b'.repeat(3 * 512);
    const { truncatedCount, document } = await createDocument('short', long);
    expect(truncatedCount).toBe(1);
    expect(
      document.chunks.edges.map((edge: { node: { isTruncated: boolean } }) => edge.node.isTruncated),
    ).toEqual([false, true]);

    const upsert = `mutation ($text: String!) { upsertChunks(input: { library: { name: "l" }, chunks: [
      { id: "chk_1", documentId: "${document.id}", text: $text } { id: "chk_2", documentId: "${document.id}", text: "short" } ] }) {
      ... on ChunkBatchResult { createdCount unchangedCount updatedCount truncatedCount items { chunk { isTruncated } } } } }`;
    const counts = async (text: string) => {
      const { items, ...rest } = (await api.data(upsert, { text })).upsertChunks;
      return {
        ...rest,
        cut: items.map((item: { chunk: { isTruncated: boolean } }) => item.chunk.isTruncated),
      };
    };
    const before = {
      createdCount: 2,
      unchangedCount: 0,
      updatedCount: 0,
      truncatedCount: 1,
      cut: [true, false],
    };
    expect(await counts(long)).toEqual(before);
    expect(await counts(long)).toEqual({ ...before, createdCount: 0, unchangedCount: 2 });
    expect(await counts('brief')).toEqual({
      createdCount: 0,
      unchangedCount: 1,
      updatedCount: 1,
      truncatedCount: 0,
      cut: [false, false],
    });

    const update = `mutation ($text: String!) { updateChunk(input: { id: "chk_2", text: $text }) {
      ... on ChunkResult { truncatedCount chunk { isTruncated } } } }`;
    expect((await api.data(update, { text: long })).updateChunk).toEqual({
      truncatedCount: 1,
      chunk: { isTruncated: true },
    });
    expect((await api.data(update, { text: 'cut' })).updateChunk).toEqual({
      truncatedCount: 0,
      chunk: { isTruncated: false },
    });
  });

  it('writes nothing while the provider is down, says so, and takes the document when it is back', async () => {
    await createLibrary({ provider: 'OPENAI', model: 'some-model' });
    const before = await api.data(COUNTS);
    // The second of two batches fails.
    const texts = Array.from({ length: 40 }, (_, at) => `Text ${at}`);
    server.faults.push(undefined, failing(503, { error: { message: `Overloaded, ${KEY}` } }));
    const error = await createDocument(...texts);
    expect(error).toMatchObject({
      __typename: 'EmbedderError',
      code: 'UNAVAILABLE',
      retryable: true,
      provider: 'OPENAI',
      model: 'some-model',
      got: 'HTTP 503',
    });
    expect(JSON.stringify(error)).not.toContain(KEY);
    expect(await api.data(COUNTS)).toEqual(before);

    server.faults.push(failing(401, { error: { message: `Incorrect API key provided: ${KEY}` } }));
    const refused = await createDocument('Press the green button.');
    expect(refused).toMatchObject({ __typename: 'EmbedderError', retryable: false, got: 'HTTP 401' });
    expect(refused.message).toContain('check ALCOVE_OPENAI_API_KEY');
    expect(JSON.stringify(refused)).not.toContain(KEY);

    expect((await createDocument(...texts)).__typename).toBe('DocumentResult');
    expect((await api.data(COUNTS)).library.counts).toEqual({ documents: 1, chunks: 40 });
    server.faults.push(failing(500));
    expect((await api.data(SEARCH, { text: 'button' })).knnSearch).toMatchObject({
      __typename: 'EmbedderError',
      retryable: true,
    });
  });

  it('leaves no key in the data folder', async () => {
    await createLibrary({ provider: 'OPENAI', model: 'some-model' });
    await createDocument('Press the red button.');
    server.faults.push(failing(401, { error: { message: `Incorrect API key provided: ${KEY}` } }));
    const input = {
      library: { name: 'l' },
      title: 'd',
      content: { text: 'Wait.' },
      whenEmbedderFails: 'WAIT',
    };
    await api.data(CREATE_DOCUMENT, { input });
    server.faults.push(failing(503, { error: { message: `Later, ${KEY}` } }));
    await api.data(CREATE_DOCUMENT, { input });
    const { dataPath } = api.context.config;
    const files = readdirSync(dataPath, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const contents = files.map(({ parentPath, name }) =>
      readFileSync(join(parentPath, name)).toString('latin1'),
    );
    expect(contents.some((content) => content.includes('Press the red button.'))).toBe(true);
    expect(contents.some((content) => content.includes('HTTP 503'))).toBe(true);
    expect(contents.filter((content) => content.includes(KEY) || content.includes(KEY.slice(0, 8)))).toEqual(
      [],
    );
  });

  it('is not made where its provider is not configured; the answer says what to set', async () => {
    const error = await createLibrary({ provider: 'COHERE', model: 'embed-v4.0' });
    expect(error).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'embedding', 'provider'],
    });
    expect(error.message).toContain('set ALCOVE_COHERE_API_KEY');
    const nameless = await createLibrary({ provider: 'OPENAI' });
    expect(nameless).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'embedding', 'model'],
    });
  });

  it('costs a text once: the server says what it keeps, and what can embed here', async () => {
    await createLibrary({ provider: 'OPENAI', model: 'some-model' });
    await createDocument('once', 'twice');
    await createDocument('twice', 'once');
    expect(server.requests).toHaveLength(1);
    const { server: facts } = await api.data(`{ server { embeddingCache { hits misses entries limitBytes }
      embedders { provider isConfigured missingVariable } } }`);
    expect(facts.embeddingCache).toEqual({ hits: 2, misses: 2, entries: 2, limitBytes: 536_870_912 });
    expect(facts.embedders).toContainEqual({ provider: 'OPENAI', isConfigured: true, missingVariable: null });
    expect(facts.embedders).toContainEqual({
      provider: 'COHERE',
      isConfigured: false,
      missingVariable: 'ALCOVE_COHERE_API_KEY',
    });
  });
});
