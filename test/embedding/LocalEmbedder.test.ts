import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Embedders } from '../../src/embedding/Embedders.ts';
import { LocalEmbedder, type ModelOptions } from '../../src/embedding/LocalEmbedder.ts';
import { loadTransformers } from '../../src/embedding/transformers.ts';
import { refusal } from '../library/TestStore.ts';
import { TINY_DIMENSION, TINY_MAX_TOKENS, writeTinyModel } from './tinyModel.ts';
import { sayThatTransformersIsAbsent, transformersFolder } from './transformersFolder.ts';

const found = transformersFolder();
if (found === undefined) sayThatTransformersIsAbsent('The provider LOCAL');

let modelsPath: string;
beforeAll(() => {
  modelsPath = mkdtempSync(join(tmpdir(), 'alcove-local-'));
  writeTinyModel(join(modelsPath, 'tiny'));
});
afterAll(() => rmSync(modelsPath, { recursive: true, force: true }));

const options = (): ModelOptions => ({ modelsPath, onnxThreads: 1, transformersFolder: found ?? '' });

describe('the package that runs sentence-transformers', () => {
  it.runIf(found === undefined || found !== join(import.meta.dirname, '..', '..'))(
    'is named with the command that installs it, where it is absent',
    async () => {
      const error = await refusal(loadTransformers(''), 'EmbedderError');
      expect(error.message).toContain('npm install --ignore-scripts @huggingface/transformers@4');
      expect(error.message).toContain('ALCOVE_TRANSFORMERS_FOLDER');
      // A document does not wait for what somebody has to install.
      expect(error.retryable).toBe(false);
      const elsewhere = await refusal(loadTransformers(modelsPath), 'EmbedderError');
      expect(elsewhere.message).toContain('is not installed');
      await refusal(
        LocalEmbedder.open('tiny', null, { ...options(), transformersFolder: '' }),
        'EmbedderError',
      );
    },
  );

  it('is refused in another version', async () => {
    const folder = join(modelsPath, 'node_modules', '@huggingface', 'transformers');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: '@huggingface/transformers', main: 'main.cjs' }),
    );
    writeFileSync(join(folder, 'main.cjs'), 'exports.pipeline = () => {};');
    const error = await refusal(loadTransformers(modelsPath), 'EmbedderError');
    expect(error.message).toContain('install version 4');
  });
});

describe.runIf(found !== undefined)('a sentence-transformer in ONNX', () => {
  let embedder: LocalEmbedder;
  beforeAll(async () => {
    embedder = await LocalEmbedder.open('tiny', null, options());
  });
  afterAll(() => embedder.close());

  const vectorsOf = async (texts: readonly string[]) => {
    const { vectors, dimension } = await embedder.embed(texts, { mode: 'DOCUMENT' });
    return texts.map((_, row) => vectors.slice(row * dimension, (row + 1) * dimension));
  };
  const dot = (left: Float32Array, right: Float32Array) =>
    left.reduce((sum, value, at) => sum + value * (right[at] as number), 0);

  it('knows its dimension and its limit, and fetches nothing', async () => {
    expect(embedder).toMatchObject({
      provider: 'LOCAL',
      model: 'tiny',
      dimension: TINY_DIMENSION,
      maxTokens: TINY_MAX_TOKENS,
      normalized: true,
    });
    const { env } = await loadTransformers(found ?? '');
    expect(env.allowRemoteModels).toBe(false);
  });

  it('gives unit vectors in which words of one meaning are one', async () => {
    const [doctor, physician, car] = await vectorsOf(['the doctor', 'a physician', 'the car']);
    expect(dot(doctor as Float32Array, physician as Float32Array)).toBeCloseTo(1, 5);
    expect(dot(doctor as Float32Array, car as Float32Array)).toBeLessThan(0.2);
  });

  it('takes the mean of the tokens that are there, whatever stands beside them in a batch', async () => {
    const alone = (await vectorsOf(['bread']))[0];
    const [padded, long] = await vectorsOf(['bread', `car ${'river '.repeat(9)}`]);
    expect(padded).toEqual(alone);
    expect(Math.hypot(...(long as Float32Array))).toBeCloseTo(1, 5);
    // [CLS] and [SEP] lie on the last axis with 0.1 each, "bread" on the fifth with 1: the mean's direction.
    expect((alone as Float32Array)[7]).toBeCloseTo(0.2 / Math.hypot(1, 0.2), 5);
  });

  it('keeps the order of many texts of all lengths, and says which it cut', async () => {
    const words = ['doctor', 'car', 'rain', 'bread', 'river'];
    const texts = Array.from({ length: 100 }, (_, at) =>
      `${words[at % 5]} `.repeat(1 + ((at * 7) % 40)).trim(),
    );
    const { vectors, truncated } = await embedder.embed(texts, { mode: 'DOCUMENT' });
    const axes = texts.map((_, row) => {
      const vector = vectors.subarray(row * TINY_DIMENSION, (row + 1) * TINY_DIMENSION - 1);
      return vector.indexOf(Math.max(...vector));
    });
    expect(axes).toEqual(texts.map((_, at) => (at % 5) + 1));
    const limit = TINY_MAX_TOKENS - 2;
    expect(truncated).toEqual(
      [...texts.keys()].filter((at) => (texts[at]?.split(' ').length as number) > limit),
    );
    expect(await embedder.embed([], { mode: 'QUERY' })).toMatchObject({ truncated: [] });
  });

  it('leaves the thread that asks free to do other things', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await embedder.embed(
      Array.from({ length: 3_000 }, (_, at) => `rain ${at} on the river`),
      { mode: 'DOCUMENT' },
    );
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it('stops when its caller goes away or its time is up, and serves the next one', async () => {
    const texts = Array.from({ length: 5_000 }, () => 'rain on the river');
    const controller = new AbortController();
    const cancelled = embedder.embed(texts, { mode: 'DOCUMENT', signal: controller.signal });
    const late = embedder.embed(texts, { mode: 'DOCUMENT', deadline: Date.now() + 5 });
    setTimeout(() => controller.abort(), 1);
    await refusal(cancelled, 'CancelledError');
    await refusal(late, 'TimeoutError');
    expect((await vectorsOf(['car'])).length).toBe(1);
  });

  it('answers requests of many callers, each its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => vectorsOf([at % 2 === 0 ? 'doctor' : 'car'])),
    );
    for (const [at, [vector]] of answers.entries()) {
      expect((vector as Float32Array).indexOf(Math.max(...(vector as Float32Array)))).toBe(
        at % 2 === 0 ? 1 : 2,
      );
    }
  });

  it('is opened by its contract, also by the name that its hub has for it', async () => {
    const { embedderFor } = new Embedders({ models: options() });
    const contract = {
      provider: 'LOCAL',
      dimension: null,
      metric: 'COSINE',
      normalized: true,
      frozen: false,
    } as const;
    const opened = await embedderFor({ ...contract, model: 'sentence-transformers/tiny' });
    expect(opened.dimension).toBe(TINY_DIMENSION);
    // Each would be a thread with the model in its memory.
    for (const model of ['tiny', 'somebody/tiny', 'sentence-transformers/tiny'])
      expect(await embedderFor({ ...contract, model, dimension: TINY_DIMENSION })).toBe(opened);
    expect(opened.model).toBe('tiny');
    await refusal(embedderFor({ ...contract, model: 'tiny', dimension: 7 }), 'InvalidArgumentError');
    const absent = await refusal(
      embedderFor({ ...contract, model: 'all-MiniLM-L6-v2' }),
      'InvalidArgumentError',
    );
    expect(absent.message).toContain('alcove model pull all-MiniLM-L6-v2');
  });

  it('reads a variant, and a model that lies beside its configuration', async () => {
    for (const onnx of ['onnx/model_quantized.onnx', 'model.onnx']) {
      const name = onnx.replaceAll('/', '-');
      writeTinyModel(join(modelsPath, name), { onnx });
      const variant = await LocalEmbedder.open(name, null, options());
      expect(variant.dimension).toBe(TINY_DIMENSION);
      await variant.close();
    }
  });

  it.each([
    ['config.json', 'not JSON'],
    ['tokenizer.json', '{}'],
    ['onnx/model.onnx', 'not a graph'],
    ['1_Pooling/config.json', '{"pooling_mode_max_tokens": true, "pooling_mode_mean_tokens": false}'],
  ])('is refused with one typed error when its %s is broken', async (file, content) => {
    writeTinyModel(join(modelsPath, 'broken'));
    writeFileSync(join(modelsPath, 'broken', file), content);
    const error = await refusal(LocalEmbedder.open('broken', null, options()), 'EmbedderError');
    expect(error.message).toContain('The model broken');
    expect(error.message).not.toContain(modelsPath);
    rmSync(join(modelsPath, 'broken'), { recursive: true });
  });

  it('refuses to pass NaN on for a vector', async () => {
    writeTinyModel(join(modelsPath, 'poisoned'), { poison: Number.NaN });
    const poisoned = await LocalEmbedder.open('poisoned', null, options());
    await refusal(poisoned.embed(['storm'], { mode: 'DOCUMENT' }), 'EmbedderError');
    await poisoned.close();
  });

  it('fails what waits when its thread dies, and starts another for the next', async () => {
    const mortal = await LocalEmbedder.open('tiny', null, options());
    const waiting = mortal.embed(
      Array.from({ length: 5_000 }, () => 'rain'),
      { mode: 'DOCUMENT' },
    );
    const dying = refusal(waiting, 'EmbedderError');
    await mortal.close();
    await dying;
    const { dimension } = await mortal.embed(['rain'], { mode: 'DOCUMENT' });
    expect(dimension).toBe(TINY_DIMENSION);
    await mortal.close();
  });

  it('runs in a server thread, too, which ends while the model is open', async () => {
    const worker = new Worker(new URL('./localInThread.ts', import.meta.url), { workerData: options() });
    const [dimension, status] = await new Promise<[number, number]>((resolve, reject) => {
      let answered = 0;
      worker.once('message', (value: number) => {
        answered = value;
      });
      worker.once('error', reject);
      worker.once('exit', (code) => resolve([answered, code]));
    });
    expect([dimension, status]).toEqual([TINY_DIMENSION, 0]);
  });
});
