import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import type { Embedder } from '../../src/embedding/Embedder.ts';
import { Embedders } from '../../src/embedding/Embedders.ts';
import type { AlcoveError } from '../../src/errors.ts';
import type { EmbeddingContract } from '../../src/library/types.ts';
import { refusal } from '../library/TestStore.ts';
import { cutOff, endless, type Format, failing, ProviderServer, send, silence } from './ProviderServer.ts';

const KEY = 'test-key-1234567890';
const DOCUMENT = { mode: 'DOCUMENT' } as const;
const QUERY = { mode: 'QUERY' } as const;

let server: ProviderServer;
/** What was waited between attempts, in milliseconds; nothing is really waited. */
let waits: number[];
afterEach(() => server.close());

async function embedderOf(
  contract: Partial<EmbeddingContract> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<Embedder> {
  const { embedding: config } = parseConfig({ ...server.environment, ...environment });
  waits = [];
  const embedders = new Embedders({
    config,
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
    },
  });
  return embedders.embedderFor({
    provider: server.format,
    model: 'some-model',
    dimension: null,
    metric: 'COSINE',
    normalized: true,
    frozen: false,
    ...contract,
  });
}

/** The EmbedderError that a call ends with, which names provider and model and says no secret. */
async function failureOf(work: Promise<unknown>): Promise<AlcoveError> {
  const error = await refusal(work, 'EmbedderError');
  expect(error.detail).toMatchObject({ provider: server.format, model: 'some-model' });
  expect(error.message).toContain(`${server.format} some-model`);
  const everything = JSON.stringify([
    error.toRecord(),
    error.message,
    String(error.stack),
    error.cause ?? null,
  ]);
  expect(everything).not.toContain(KEY);
  expect(everything).not.toContain(KEY.slice(0, 10));
  return error;
}

describe.each<Format>(['COHERE', 'OPENAI', 'OLLAMA'])('a model of %s', (format) => {
  beforeEach(async () => {
    server = await ProviderServer.start(format);
  });

  it('is told documents from queries, by prefixes at least', async () => {
    const embedder = await embedderOf({ documentPrefix: 'passage: ', queryPrefix: 'query: ' });
    await embedder.embed(['a'], DOCUMENT);
    await embedder.embed(['a'], QUERY);
    expect(server.requests.map(({ texts }) => texts)).toEqual([['passage: a'], ['query: a']]);
    const types = server.requests.map(({ body }) => body.input_type);
    const isCohere = format === 'COHERE';
    expect(types).toEqual(isCohere ? ['search_document', 'search_query'] : [undefined, undefined]);
  });

  it('gets its key in a header, and nothing of it anywhere else', async () => {
    await (await embedderOf()).embed(['a'], DOCUMENT);
    const [request] = server.requests;
    expect(request?.headers.authorization).toBe(format === 'OLLAMA' ? undefined : `Bearer ${KEY}`);
    expect(JSON.stringify([request?.path, request?.body])).not.toContain(KEY);
  });

  it('gets the user, the password and the query of its base URL along with each request', async () => {
    const url = new URL(server.baseUrl);
    url.username = 'ann';
    url.password = 'open sesame';
    url.search = '?api-version=2026-01-01&code=hidden-code';
    const embedder = await embedderOf({}, { [`ALCOVE_${format}_BASE_URL`]: url.href });
    await embedder.embed(['a'], DOCUMENT);
    const [request] = server.requests;
    expect(request?.path).toContain('?api-version=2026-01-01&code=hidden-code');
    const basic = Buffer.from('ann:open sesame').toString('base64');
    expect(request?.headers.authorization).toBe(`Basic ${basic}`);

    server.faults.push(failing(400, { message: `No: open sesame, hidden-code, ${basic}, ${url.href}` }));
    const { message } = await failureOf(embedder.embed(['b'], DOCUMENT));
    expect(message).toContain('HTTP 400');
    expect(message).not.toMatch(/sesame|hidden-code|open/);
    expect(message).not.toContain(basic);
  });

  it('is sent batches, no more at once than are allowed, and each vector comes to its text', async () => {
    const embedder = await embedderOf({}, { ALCOVE_EMBEDDING_CONCURRENCY: '2' });
    const texts = Array.from({ length: 400 }, (_, at) => 'abcdefg'.repeat(at % 5) + 'b'.repeat(at));
    // The first is kept until the second is there, and whoever else would come with it.
    const second = Promise.withResolvers<void>();
    server.faults.push(
      async (request, response) => {
        await second.promise;
        server.embed(request, response);
      },
      (request, response) => {
        setTimeout(() => second.resolve(), 50);
        server.embed(request, response);
      },
    );
    const { vectors, dimension } = await embedder.embed(texts, DOCUMENT);
    for (const [row, text] of texts.entries()) {
      const raw = server.vectorOf(text);
      const norm = Math.hypot(...raw);
      const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
      expect(vector).toEqual(Float32Array.from(raw, (value) => Math.fround(value) * (1 / norm)));
    }
    expect(server.requests.length).toBeGreaterThan(4);
    expect(server.peak).toBe(2);
  });

  it('leaves vectors as long as they come where the contract does not want them scaled', async () => {
    const { vectors } = await (await embedderOf({ normalized: false })).embed(['bb'], DOCUMENT);
    expect([...vectors]).toEqual(server.vectorOf('bb'));
  });

  it('is asked again when it has too much to do, after the seconds or the date that it says', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    server.faults.push(failing(429, {}, { 'retry-after': '7' }), failing(503, {}, { 'retry-after': date }));
    const { vectors } = await (await embedderOf()).embed(['a'], DOCUMENT);
    expect(vectors).toHaveLength(8);
    expect(waits[0]).toBe(7_000);
    expect(waits[1]).toBeGreaterThan(15_000);
    expect(waits[1]).toBeLessThanOrEqual(20_000);
  });

  it('is asked again after waits that double when it says nothing, and then no more', async () => {
    server.faults.push(...Array.from({ length: 4 }, () => failing(500)));
    const error = await failureOf((await embedderOf()).embed(['a'], DOCUMENT));
    expect(error.retryable).toBe(true);
    expect(error.message).toContain('HTTP 500');
    expect(server.requests).toHaveLength(4);
    expect(waits.map((ms) => ms > 0 && ms <= 500 * 2 ** 3)).toEqual([true, true, true]);
    expect(waits[2]).toBeGreaterThan(waits[0] as number);
  });

  it('is not waited for when it asks for minutes; the error says for how long', async () => {
    server.faults.push(failing(429, {}, { 'retry-after': '3600' }));
    const error = await failureOf((await embedderOf()).embed(['a'], DOCUMENT));
    expect([error.retryable, error.detail.retryAfterMs, waits]).toEqual([true, 3_600_000, []]);
  });

  it.each([
    [401, 'refused the key'],
    [403, 'refused the key'],
    [404, "check the model's name"],
    [422, 'HTTP 422'],
  ])('is not asked again when it answers %i, and no key is repeated', async (status, words) => {
    const masked = `test-k*********7890`;
    const body = { message: `Bad: ${KEY} ${masked}`, error: { message: `Bad: Bearer ${KEY} ${masked}` } };
    server.faults.push(failing(status, body));
    const error = await failureOf((await embedderOf()).embed(['a'], DOCUMENT));
    expect(error.retryable).toBe(false);
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('7890');
    expect(server.requests).toHaveLength(1);
  });

  it('is not asked again when it wants to be paid first', async () => {
    server.faults.push(
      failing(429, { error: { message: 'Pay.', code: 'insufficient_quota' }, message: 'insufficient_quota' }),
    );
    expect((await failureOf((await embedderOf()).embed(['a'], DOCUMENT))).retryable).toBe(false);
  });

  it('is asked again when it is too slow or the connection is cut, and said to be down when that goes on', async () => {
    const embedder = await embedderOf(
      {},
      { ALCOVE_EMBEDDING_TIMEOUT_MS: '200', ALCOVE_EMBEDDING_RETRIES: '1' },
    );
    server.faults.push(silence);
    expect((await embedder.embed(['a'], DOCUMENT)).vectors).toHaveLength(8);
    server.faults.push(silence, silence);
    const slow = await failureOf(embedder.embed(['b'], DOCUMENT));
    expect([slow.retryable, slow.message]).toEqual([true, expect.stringContaining('within 200 ms')]);

    server.faults.push(cutOff);
    expect((await embedder.embed(['c'], DOCUMENT)).vectors).toHaveLength(8);
    server.faults.push(cutOff, cutOff);
    const cut = await failureOf(embedder.embed(['d'], DOCUMENT));
    expect([cut.retryable, cut.message]).toEqual([
      true,
      expect.stringMatching(/broke off|could not be reached/),
    ]);

    server.faults.push(
      (_request, response) => void response.destroy(),
      (_request, response) => void response.destroy(),
    );
    expect((await failureOf(embedder.embed(['e'], DOCUMENT))).retryable).toBe(true);
  });

  it('is not listened to without an end', async () => {
    const embedder = await embedderOf();
    server.faults.push(endless);
    const error = await failureOf(embedder.embed(['a'], DOCUMENT));
    expect([error.retryable, error.message]).toEqual([
      false,
      expect.stringMatching(/is not an embedding: more than 134217728 bytes/),
    ]);
    expect((await embedder.embed(['b'], DOCUMENT)).vectors).toHaveLength(8);
  });

  it('is said to be down when nobody listens there', async () => {
    const embedder = await embedderOf();
    await server.close();
    const error = await failureOf(embedder.embed(['a'], DOCUMENT));
    expect(error.retryable).toBe(true);
    expect(error.message).toContain('could not be reached');
    expect(waits).toHaveLength(3);
    server = await ProviderServer.start(format);
  });

  it.each<[string, (server: ProviderServer) => string, string]>([
    ['fewer vectors than texts', (of) => of.answerOf([of.vectorOf('a')]), '1'],
    ['more vectors than texts', (of) => of.answerOf([[1], [2], [3]]), '3'],
    [
      'vectors of two dimensions',
      (of) =>
        of.answerOf([
          [1, 2],
          [1, 2, 3],
        ]),
      'of 2 and of 3 numbers',
    ],
    ['vectors of no dimension', (of) => of.answerOf([[], []]), '0 numbers'],
    [
      'a number that float32 cannot hold',
      (of) =>
        of.answerOf([
          [1, 1e39],
          [1, 2],
        ]),
      '1e+39',
    ],
    [
      'NaN',
      (of) =>
        of
          .answerOf([
            [1, 2],
            [1, 2],
          ])
          .replace('2', 'NaN'),
      'not an embedding',
    ],
    [
      'null in a vector',
      (of) =>
        of
          .answerOf([
            [1, 2],
            [1, 2],
          ])
          .replace('2', 'null'),
      'not an embedding',
    ],
    ['a page', () => '<html>Welcome</html>', 'not an embedding'],
    [
      'a vector of zeros',
      (of) =>
        of.answerOf([
          [0, 0],
          [1, 2],
        ]),
      'nothing but zeros',
    ],
  ])('is not believed when it answers with %s', async (_what, answer, words) => {
    server.faults.push((_request, response) => send(response, 200, answer(server)));
    const error = await failureOf((await embedderOf()).embed(['a', 'b'], DOCUMENT));
    expect(error.retryable).toBe(false);
    expect(error.message).toContain(words);
  });

  it('is asked for the dimension of the contract when it makes another one by itself, and refused when it cannot', async () => {
    const embedder = await embedderOf({ dimension: 256 });
    expect((await embedder.embed(['a'], DOCUMENT)).dimension).toBe(256);
    await embedder.embed(['b'], DOCUMENT);
    const asked = server.requests.map(({ body }) => body.output_dimension ?? body.dimensions);
    expect(asked).toEqual([undefined, 256, 256]);

    const fixed = await embedderOf({ dimension: 512 });
    const unmoved = () => (_request: unknown, response: Parameters<typeof send>[0]) =>
      send(response, 200, server.answerOf([server.vectorOf('a')]));
    server.faults.push(unmoved(), unmoved());
    const error = await failureOf(fixed.embed(['a'], DOCUMENT));
    expect([error.retryable, error.message]).toEqual([
      false,
      expect.stringContaining('8 numbers; expected 512'),
    ]);
  });

  it('cuts a text that is too long, or has it cut, and says which one', async () => {
    server.maxWords = 50;
    const texts = Array.from({ length: 9 }, (_, at) => 'bb '.repeat(at === 4 ? 120 : 10).trim());
    const { vectors, dimension, truncated } = await (await embedderOf()).embed(texts, DOCUMENT);
    expect(truncated).toEqual([4]);
    expect(vectors.length).toBe(9 * dimension);
    const counts = vectors.subarray(4 * dimension, 5 * dimension);
    expect((counts[2] as number) / (counts[0] as number)).toBeGreaterThan(60);
  });

  it('stops in the middle when the caller goes: no request is sent any more', async () => {
    const embedder = await embedderOf({}, { ALCOVE_EMBEDDING_CONCURRENCY: '1' });
    const controller = new AbortController();
    const texts = Array.from({ length: 500 }, (_, at) => `Text ${at}`);
    server.faults.push(undefined, () => controller.abort());
    await refusal(embedder.embed(texts, { ...DOCUMENT, signal: controller.signal }), 'CancelledError');
    expect(server.requests).toHaveLength(2);
    // Its slot is free again.
    expect((await embedder.embed(['a'], DOCUMENT)).vectors).toHaveLength(8);
  });

  it('ends the whole call with the first failure that does not pass', async () => {
    const embedder = await embedderOf({}, { ALCOVE_EMBEDDING_CONCURRENCY: '1' });
    const texts = Array.from({ length: 500 }, (_, at) => `Text ${at}`);
    server.faults.push(undefined, failing(401));
    await failureOf(embedder.embed(texts, DOCUMENT));
    expect(server.requests).toHaveLength(2);
  });

  it('answers a question before the documents that wait', async () => {
    const embedder = await embedderOf({}, { ALCOVE_EMBEDDING_CONCURRENCY: '1' });
    const texts = Array.from({ length: 500 }, (_, at) => `Text ${at}`);
    const asked = Promise.withResolvers<unknown>();
    server.faults.push((request, response) => {
      asked.resolve(embedder.embed(['question'], QUERY));
      setImmediate(() =>
        send(response, 200, server.answerOf(request.texts.map((text) => server.vectorOf(text)))),
      );
    });
    await Promise.all([embedder.embed(texts, DOCUMENT), asked.promise]);
    expect(server.requests.findIndex(({ texts: [first] }) => first === 'question')).toBe(1);
  });
});

describe('a server that speaks as OpenAI does', () => {
  beforeEach(async () => {
    server = await ProviderServer.start('OPENAI');
  });

  it('may answer in another order, as long as it numbers what it answers', async () => {
    const vectors = ['aa', 'bb', 'cc'].map((text) => server.vectorOf(text));
    const data = vectors.map((embedding, index) => ({ index, embedding })).reverse();
    server.faults.push((_request, response) => send(response, 200, JSON.stringify({ data })));
    const embedded = await (await embedderOf({ normalized: false })).embed(['aa', 'bb', 'cc'], DOCUMENT);
    expect([...embedded.vectors]).toEqual(vectors.flat());
  });

  it('needs no key, and may serve OLLAMA-like names', async () => {
    const embedder = await embedderOf({ model: 'BAAI/bge-m3:latest' }, { ALCOVE_OPENAI_API_KEY: '' });
    server.dimension = 1_024;
    await embedder.embed(['a'], DOCUMENT);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
    expect([embedder.dimension, embedder.maxTokens]).toEqual([1_024, 8_192]);
  });

  it.each([
    ['what it says that its model reads', [{ id: 'some-model', max_model_len: 104 }], {}, 300],
    ['what the operator says', [], { ALCOVE_OPENAI_MAX_TOKENS: '204' }, 600],
    ['what most models read', [{ id: 'another-model', max_model_len: 9 }], {}, 1_524],
  ])(
    'gets as much of a text as %s, and the rest is said to be cut',
    async (_what, models, environment, length) => {
      server.models = models;
      const embedder = await embedderOf({}, environment);
      const fits = 'abc'.repeat(length / 3);
      const { truncated } = await embedder.embed([fits, `${fits}d`, 'short'], DOCUMENT);
      expect(truncated).toEqual([1]);
      expect(server.requests.flatMap(({ texts }) => texts)).toEqual([fits, fits, 'short']);
    },
  );

  it("measures the texts of OpenAI's own models by their tokenizer", async () => {
    server.dimension = 1_536;
    const embedder = await embedderOf({ model: 'text-embedding-3-small' });
    // Each " hello" is one token; what looks like a special token is a text like any other.
    const fits = `<|endoftext|>${' hello'.repeat(8_184)}`;
    const { truncated } = await embedder.embed([fits, `${fits} hello`.repeat(2)], DOCUMENT);
    expect(truncated).toEqual([1]);
    const sent = server.requests.flatMap(({ texts }) => texts);
    expect(sent[0]).toBe(fits);
    expect(sent[1]?.startsWith(fits)).toBe(true);
    expect((sent[1] as string).length - fits.length).toBeLessThan(20);
  });

  it('is asked for fewer numbers only where its model is known to make others', async () => {
    server.dimension = 1_536;
    await (await embedderOf({ model: 'text-embedding-3-small', dimension: 1_536 })).embed(['a'], DOCUMENT);
    await (await embedderOf({ model: 'text-embedding-3-small', dimension: 256 })).embed(['a'], DOCUMENT);
    expect(server.requests.map(({ body }) => body.dimensions)).toEqual([undefined, 256]);
    const error = await refusal(
      embedderOf({ model: 'text-embedding-ada-002', dimension: 256 }),
      'InvalidArgumentError',
    );
    expect(error.message).toContain('expected 1536');
  });
});

describe('a provider', () => {
  beforeEach(async () => {
    server = await ProviderServer.start('COHERE');
  });

  it.each([
    ['COHERE', 'ALCOVE_COHERE_API_KEY'],
    ['OPENAI', 'ALCOVE_OPENAI_API_KEY'],
    ['OLLAMA', 'ALCOVE_OLLAMA_BASE_URL'],
  ] as const)('that is not configured says what to set: %s wants %s', async (provider, variable) => {
    const unset = { ALCOVE_COHERE_API_KEY: '' };
    const error = await refusal(embedderOf({ provider }, unset), 'InvalidArgumentError');
    expect([error.path, error.message]).toEqual([['provider'], expect.stringContaining(`set ${variable}`)]);
    const status = new Embedders().statuses().find((of) => of.provider === provider);
    expect(status).toMatchObject({ isConfigured: false, missingVariable: variable });
  });

  it('is refused models that do not tell documents from queries, and none at all', async () => {
    await refusal(embedderOf({ model: 'embed-english-v2.0' }), 'InvalidArgumentError');
    await refusal(embedderOf({ model: '' }), 'InvalidArgumentError');
    const error = await refusal(embedderOf({ model: 'embed-v4.0', dimension: 100 }), 'InvalidArgumentError');
    expect(error.message).toContain('1536 or 256 or 512 or 1024');
  });
});
