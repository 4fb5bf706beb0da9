import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { AlcoveError } from '../../src/errors.ts';
import { Rerankers } from '../../src/reranking/Rerankers.ts';
import { startServer } from '../../src/server/supervisor.ts';
import { byNumber, CohereServer, json } from './CohereServer.ts';

const KEY = 'secret-key-of-the-operator';
const TEXTS = ['number 3', 'number 70', 'number 12'];
const signal = new AbortController().signal;

let server: CohereServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const cohere = async (answer: Parameters<typeof CohereServer.start>[0]) => {
  server = await CohereServer.start(answer);
  return new Rerankers({ cohere: { baseUrl: server.url, apiKey: KEY } }).rerankerFor('COHERE', 'rerank-v3.5');
};

async function failure(work: Promise<unknown>): Promise<AlcoveError> {
  const error = await work.then(
    () => new Error('Expected a failure.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AlcoveError)) throw error;
  return error;
}

describe("Cohere's reranker", () => {
  it('is asked in its own words, and scores the texts in their order', async () => {
    const reranker = await cohere(byNumber);
    expect(await reranker.rerank('the greatest', TEXTS, { signal })).toEqual([0.03, 0.7, 0.12]);
    expect(server?.bodies).toEqual([
      expect.objectContaining({ model: 'rerank-v3.5', query: 'the greatest' }),
    ]);
    expect(server?.authorizations).toEqual([`Bearer ${KEY}`]);
  });

  it('is asked again when it has too much to do, after the time that it asks for', async () => {
    const reranker = await cohere((body, response, attempt) => {
      if (attempt === 1) json(response, 429, { message: 'slow down' }, { 'retry-after-ms': '20' });
      else byNumber(body, response);
    });
    expect(await reranker.rerank('q', TEXTS, { signal })).toHaveLength(3);
    expect(server?.bodies).toHaveLength(2);
  });

  it.each([
    ['refuses the key', 401, { message: `invalid api token ${KEY}` }, 'HTTP 401'],
    ['answers what is no JSON', 200, 'not what was agreed', 'could not be'],
    [
      'leaves a text out',
      200,
      { id: 'x', results: [{ index: 0, relevance_score: 0.5 }], meta: {} },
      'do not fit',
    ],
    [
      'scores a text that there is not',
      200,
      { id: 'x', results: [0, 1, 9].map((index) => ({ index, relevance_score: 0.5 })), meta: {} },
      '',
    ],
    [
      'scores one text twice',
      200,
      { id: 'x', results: [0, 1, 1].map((index) => ({ index, relevance_score: 0.5 })), meta: {} },
      'do not fit',
    ],
  ])('is a typed error when it %s, and the key is nowhere in it', async (_what, status, body, expected) => {
    const reranker = await cohere((_body, response) => json(response, status, body));
    const error = await failure(reranker.rerank('q', TEXTS, { signal }));
    expect(error).toMatchObject({ kind: 'RerankerError', code: 'UNAVAILABLE' });
    expect(error.message).toContain(expected);
    expect(JSON.stringify([error.toRecord(), String(error.cause), error.stack])).not.toContain(KEY);
  });

  it('is a typed error when the connection is cut', async () => {
    const reranker = await cohere((_body, response) => response.socket?.destroy());
    expect(await failure(reranker.rerank('q', TEXTS, { signal }))).toMatchObject({ kind: 'RerankerError' });
  }, 20_000);

  it('is left when the search is', async () => {
    const controller = new AbortController();
    const reranker = await cohere(() => controller.abort(new Error('gone')));
    await expect(reranker.rerank('q', TEXTS, { signal: controller.signal })).rejects.toThrow('gone');
  });

  it('is reached by a base URL with a user and a password in it', async () => {
    server = await CohereServer.start(byNumber);
    const folder = mkdtempSync(join(tmpdir(), 'alcove-rerank-'));
    const alcove = await startServer(
      parseConfig({
        ALCOVE_DATA: folder,
        ALCOVE_PORT: '0',
        ALCOVE_LOG: 'silent',
        ALCOVE_THREADS: '1',
        ALCOVE_COHERE_API_KEY: KEY,
        ALCOVE_COHERE_BASE_URL: server.url.replace('//', '//somebody:open-sesame@'),
      }),
    );
    const client = createClient({ url: alcove.url });
    try {
      orThrow(await client.createLibrary({ name: 'numbers' }));
      const chunks = TEXTS.map((text) => ({ text }));
      orThrow(
        await client.createDocument({ library: { name: 'numbers' }, title: 'Numbers', content: { chunks } }),
      );
      const query = { text: 'number' };
      const found = orThrow(
        await client.search({ library: { name: 'numbers' }, query, rerank: { provider: 'COHERE' } }),
      );
      expect(found.edges[0]?.node.text).toBe('number 70');
      expect(server.authorizations).toEqual([`Basic ${btoa('somebody:open-sesame')}`]);
    } finally {
      await client.close();
      await alcove.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is refused without a key of the operator', () => {
    const rerankers = new Rerankers({ cohere: { baseUrl: 'http://127.0.0.1:1', apiKey: undefined } });
    expect(() => rerankers.rerankerFor('COHERE')).toThrow(/ALCOVE_COHERE_API_KEY/);
  });
});

describe('the lexical reranker', () => {
  const { rerankerFor } = {
    rerankerFor: () => new Rerankers({ cohere: { baseUrl: '', apiKey: undefined } }).rerankerFor('LEXICAL'),
  };
  const best = async (query: string, texts: readonly string[]) => {
    const scores = await rerankerFor().rerank(query, texts, { signal });
    return scores.indexOf(Math.max(...scores));
  };
  const PASSAGES = [
    'The garden has a red gate; somewhere else stands a machine, and its button is grey.',
    'Press the red button of the machine to stop it.',
    'Tea is served at four in the garden.',
  ];

  it('prefers what has more of the question, nearer together', async () => {
    expect(await best('red button machine', PASSAGES)).toBe(1);
  });

  it('forgives a misspelt word', async () => {
    expect(await best('servd tea in the gardn', PASSAGES)).toBe(2);
  });

  it('scores from 0 to 1, the same every time, and nothing for a question without words', async () => {
    const scores = await rerankerFor().rerank('red button', PASSAGES, { signal });
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(await rerankerFor().rerank('red button', PASSAGES, { signal })).toEqual(scores);
    expect(await rerankerFor().rerank('!?', PASSAGES, { signal })).toEqual([0, 0, 0]);
  });
});
