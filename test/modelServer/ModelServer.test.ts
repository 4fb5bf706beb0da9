import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { BuiltinEmbedder } from '../../src/embedding/BuiltinEmbedder.ts';
import { Embedders } from '../../src/embedding/Embedders.ts';
import { MAX_INPUTS } from '../../src/modelServer/embeddingsRequest.ts';
import {
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from '../../src/modelServer/ModelServer.ts';
import { createLogger } from '../../src/telemetry/Logger.ts';
import { learnModel } from '../../src/training/learnModel.ts';
import { alcove, startAlcove } from '../cli/alcove.ts';
import { TINY_MAX_TOKENS, writeTinyModel } from '../embedding/tinyModel.ts';
import { transformersFolder } from '../embedding/transformersFolder.ts';
import { corpusPassages } from '../training/synonymCorpus.ts';

const BUILTIN = 'ngram-hash-1';

let modelsPath: string;
let server: ModelServer;
const logged: string[] = [];
beforeAll(async () => {
  modelsPath = mkdtempSync(join(tmpdir(), 'alcove-served-'));
  async function* passages() {
    yield* corpusPassages(100, 1);
  }
  const { file } = await learnModel(passages(), { dimension: 96, seed: 1 });
  mkdirSync(join(modelsPath, 'own'));
  writeFileSync(join(modelsPath, 'own', 'model.alcove'), file);
  writeTinyModel(join(modelsPath, 'tiny'));
  server = await start();
});
afterAll(async () => {
  await server.close(1_000);
  rmSync(modelsPath, { recursive: true });
});

function start(more: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  return startModelServer({
    host: '127.0.0.1',
    port: 0,
    names: [],
    models: { modelsPath, onnxThreads: 1, transformersFolder: transformersFolder() ?? '' },
    maxBodyBytes: 1_048_576,
    logger: createLogger('error', { write: (line) => logged.push(line) }),
    ...more,
  });
}

/** What answers hold; which of it depends on what was asked. */
interface Body {
  readonly object: string;
  readonly id: string;
  readonly status: string;
  readonly model: string;
  readonly data: readonly {
    readonly id: string;
    readonly max_model_len: number;
    readonly index: number;
    readonly embedding: number[];
  }[];
  readonly usage: unknown;
  readonly truncated: unknown;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string;
    readonly code: string;
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

async function post(body: unknown, headers: Record<string, string> = {}, url = server.url): Promise<Answer> {
  const response = await fetch(`${url}/v1/embeddings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

async function get(path: string, headers: Record<string, string> = {}, url = server.url): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

async function expectedVector(text: string, dimension = 384): Promise<number[]> {
  return Array.from((await new BuiltinEmbedder(dimension).embed([text], { mode: 'DOCUMENT' })).vectors);
}

describe('the service of models', () => {
  it('lists what it serves, and is healthy', async () => {
    const { status, body } = await get('/v1/models');
    expect(status).toBe(200);
    expect(body.object).toBe('list');
    expect(body.data.map((model) => model.id)).toEqual([BUILTIN, 'own', 'tiny']);
    expect(body.data[1]).toMatchObject({ object: 'model', owned_by: 'alcove', created: expect.any(Number) });
    expect(body.data.map((model) => model.max_model_len)).toEqual([8_192, 8_192, TINY_MAX_TOKENS]);
    expect((await get('/v1/models/own')).body.id).toBe('own');
    expect((await get('/v1/models/none')).status).toBe(404);
    expect((await get('/health')).body).toEqual({ status: 'ok' });
  });

  it('has a server that asks it read as much of a text as the model does', async () => {
    const config = parseConfig({ ALCOVE_OPENAI_BASE_URL: `${server.url}/v1` }).embedding;
    const remote = await new Embedders({ config }).embedderFor({
      provider: 'OPENAI',
      model: 'own',
      dimension: null,
      metric: 'COSINE',
      normalized: true,
      frozen: false,
    });
    const long = 'Somebody drives a car through the rain. '.repeat(200);
    const { truncated } = await remote.embed([long, 'a'.repeat(40_000)], { mode: 'DOCUMENT' });
    expect(truncated).toEqual([1]);
  });

  it('answers a text and an array of texts in their order, as numbers', async () => {
    const one = await post({ model: BUILTIN, input: 'Readers take no locks.' });
    expect(one.status).toBe(200);
    expect(one.body).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: await expectedVector('Readers take no locks.') }],
      model: BUILTIN,
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
    const three = await post({ model: BUILTIN, input: ['a', 'second text', ''], user: 'someone' });
    expect(three.body.data.map((row) => row.index)).toEqual([0, 1, 2]);
    expect(three.body.data[1]?.embedding).toEqual(await expectedVector('second text'));
  });

  it('answers base64 of float32, and another dimension where the model has it', async () => {
    const { body } = await post({
      model: BUILTIN,
      input: 'a text',
      encoding_format: 'base64',
      dimensions: 64,
    });
    const bytes = Buffer.from(String(body.data[0]?.embedding), 'base64');
    const values = Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at));
    expect(values).toEqual(await expectedVector('a text', 64));
    const other = await post({ model: 'own', input: 'a text', dimensions: 64 });
    expect(other.status).toBe(400);
    expect(other.body.error).toMatchObject({ type: 'invalid_request_error', param: 'dimensions' });
  });

  it('serves a trained model, by its name with the fingerprint or without', async () => {
    const { body } = await post({ model: 'own', input: ['doctor', 'physician', 'harbour'] });
    expect(body.model).toMatch(/^own@[0-9a-f]{8}$/);
    const [doctor = [], physician = [], harbour = []] = body.data.map((row) => row.embedding);
    const dot = (left: number[], right: number[]) =>
      left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);
    expect(dot(doctor, physician)).toBeGreaterThan(dot(doctor, harbour) + 0.2);
    expect((await post({ model: body.model, input: 'doctor' })).body.data[0]?.embedding).toEqual(doctor);
  });

  it.runIf(transformersFolder() !== undefined)(
    'serves a sentence-transformer, counts its tokens, and says what it cut',
    async () => {
      const { body } = await post({ model: 'tiny', input: ['the doctor', 'rain '.repeat(40)] });
      expect(body.data[0]?.embedding).toHaveLength(8);
      expect(body.usage).toEqual({ prompt_tokens: 4 + 16, total_tokens: 4 + 16 });
      expect(body.truncated).toEqual([1]);
    },
  );

  it.each([
    ['no JSON', '{"model":', 400, null],
    ['no object', '[]', 400, null],
    ['no model', { input: 'a' }, 400, 'model'],
    ['no input', { model: BUILTIN }, 400, 'input'],
    ['an empty array', { model: BUILTIN, input: [] }, 400, 'input'],
    ['tokens', { model: BUILTIN, input: [1, 2, 3] }, 400, 'input'],
    ['arrays of tokens', { model: BUILTIN, input: [[1, 2], [3]] }, 400, 'input'],
    ['too many texts', { model: BUILTIN, input: Array(MAX_INPUTS + 1).fill('a') }, 400, 'input'],
    ['a format of its own', { model: BUILTIN, input: 'a', encoding_format: 'int8' }, 400, 'encoding_format'],
    ['half a dimension', { model: BUILTIN, input: 'a', dimensions: 1.5 }, 400, 'dimensions'],
    ['a dimension that there is not', { model: BUILTIN, input: 'a', dimensions: 8 }, 400, 'dimensions'],
    ['an unknown model', { model: 'gpt', input: 'a' }, 404, 'model'],
    ['a path for a model', { model: '../own', input: 'a' }, 400, 'model'],
    ['too much', { model: BUILTIN, input: 'a'.repeat(1_100_000) }, 413, null],
  ])('refuses %s in the shape of OpenAI', async (_what, body, status, param) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual({
      message: expect.stringMatching(/.{10,}/),
      type: 'invalid_request_error',
      param,
      code: answer.body.error.code,
    });
    expect(answer.body.error.message).not.toContain(modelsPath);
  });

  it('refuses what a browser of another origin can send unasked, and other methods and paths', async () => {
    expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await get('/v1/embeddings')).status).toBe(405);
    expect((await get('/v1/chat/completions')).status).toBe(404);
  });

  it('wants its key, if it has one, for all but its health', async () => {
    const guarded = await start({ apiKey: 'secret-key' });
    for (const authorization of ['', 'Bearer wrong', 'Bearer secret-key2', 'secret-key']) {
      const answer = await post({ model: BUILTIN, input: 'a' }, { authorization }, guarded.url);
      expect(answer.status).toBe(401);
      expect(answer.body.error.code).toBe('invalid_api_key');
      expect(JSON.stringify(answer.body)).not.toContain('secret-key');
    }
    expect((await get('/v1/models', {}, guarded.url)).status).toBe(401);
    expect((await get('/health', {}, guarded.url)).status).toBe(200);
    expect(
      (await post({ model: BUILTIN, input: 'a' }, { authorization: 'Bearer secret-key' }, guarded.url))
        .status,
    ).toBe(200);
    await guarded.close(1_000);
    expect(logged.join('')).not.toContain('secret-key');
  });

  it('serves only what it is told to, and does not start without it', async () => {
    const narrow = await start({ names: ['own'] });
    expect((await get('/v1/models', {}, narrow.url)).body.data.map(({ id }) => id)).toEqual(['own']);
    expect((await post({ model: BUILTIN, input: 'a' }, {}, narrow.url)).status).toBe(404);
    await narrow.close(1_000);
    await expect(start({ names: ['absent'] })).rejects.toThrow('absent');
  });

  it('answers many clients at once, each with its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => post({ model: BUILTIN, input: [`text ${at}`, `other ${at}`] })),
    );
    for (const [at, { status, body }] of answers.entries()) {
      expect(status).toBe(200);
      expect(body.data[1]?.embedding).toEqual(await expectedVector(`other ${at}`));
    }
  });

  it('turns clients away when too much waits, and says when to come back', async () => {
    const text = 'many words that take the model their time '.repeat(10);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post({ model: BUILTIN, input: Array(2_000).fill(text) })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(body.error.code).toBe('rate_limit_exceeded');
    }
    expect(answers.filter(({ status }) => status === 200).length).toBe(answers.length - refused.length);
    expect((await post({ model: BUILTIN, input: 'a' })).status).toBe(200);
  });

  it('forgets the texts of a client that went away', async () => {
    const body = JSON.stringify({ model: BUILTIN, input: Array(2_000).fill('words '.repeat(50)) });
    for (let time = 0; time < 8; time++) {
      const request = httpRequest(`${server.url}/v1/embeddings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      });
      request.on('error', () => {});
      request.end(body);
      await new Promise((resolve) => setTimeout(resolve, 50));
      request.destroy();
    }
    expect((await post({ model: BUILTIN, input: 'a' })).status).toBe(200);
    expect(logged).toEqual([]);
  });

  it('lets what is under way finish when it stops', async () => {
    const stopping = await start();
    const slow = post({ model: BUILTIN, input: Array(2_000).fill('words '.repeat(60)) }, {}, stopping.url);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await stopping.close(10_000);
    expect((await slow).status).toBe(200);
    await expect(get('/health', {}, stopping.url)).rejects.toThrow();
  });
});

describe('alcove model serve', () => {
  it('says where it serves, and ends cleanly on SIGTERM', async () => {
    const child = startAlcove(['model', 'serve', '--port', '0', '--models', modelsPath], {});
    let out = '';
    const url = await new Promise<string>((resolve) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        out += text;
        const address = /OpenAI's API {3}(\S+)\/v1/.exec(out)?.[1];
        if (address !== undefined) resolve(address);
      });
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await post({ model: 'own', input: 'doctor' }, {}, url)).status).toBe(200);
    child.kill('SIGTERM');
    const [status] = await once(child, 'close');
    expect(status).toBe(0);
    expect(out).toContain('ngram-hash-1, own, tiny');
  });

  it('says in one line that a port is taken or a model is not there', async () => {
    const port = new URL(server.url).port;
    const failing = [
      [alcove(['model', 'serve', '--port', port, '--models', modelsPath]), `port ${port}`],
      [alcove(['model', 'serve', '--model', 'absent', '--models', modelsPath]), '"absent" is not served'],
    ] as const;
    for (const [finished, message] of failing) {
      const { status, error } = await finished;
      expect(status).toBe(1);
      expect(error).toMatch(/^alcove: .*\n$/);
      expect(error).toContain(message);
    }
  });
});
