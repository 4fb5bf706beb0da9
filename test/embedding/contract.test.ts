import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import type { Embedder } from '../../src/embedding/Embedder.ts';
import { Embedders } from '../../src/embedding/Embedders.ts';
import type { EmbeddingContract, EmbeddingProvider } from '../../src/library/types.ts';
import { learnModel } from '../../src/training/learnModel.ts';
import { refusal } from '../library/TestStore.ts';
import { corpusPassages } from '../training/synonymCorpus.ts';
import { type Format, ProviderServer } from './ProviderServer.ts';
import { writeTinyModel } from './tinyModel.ts';
import { sayThatTransformersIsAbsent, transformersFolder } from './transformersFolder.ts';

/** An embedder of one provider, and what ends what it needs. */
interface Subject {
  readonly embedder: Embedder;
  readonly close: () => Promise<void>;
}

const TEXTS = ['Readers take no locks.', 'Backups are made while the server runs.', 'ö 東京 🦉', ''];

function contract(provider: EmbeddingProvider, model: string): EmbeddingContract {
  return { provider, model, dimension: null, metric: 'COSINE', normalized: true, frozen: false };
}

/** A remote provider's model, behind a cache of its own. */
async function remote(format: Format): Promise<Subject> {
  const server = await ProviderServer.start(format);
  const folder = mkdtempSync(join(tmpdir(), 'alcove-embedding-'));
  const { embedding: config } = parseConfig(server.environment);
  const embedders = new Embedders({ config, cachePath: join(folder, 'embeddings.db') });
  return {
    embedder: await embedders.embedderFor(contract(format, 'some-model')),
    close: async () => {
      embedders.close();
      rmSync(folder, { recursive: true });
      await server.close();
    },
  };
}

/** A model of the folder of models, which `write` puts there. */
async function ofFolder(
  provider: 'TRAINED' | 'LOCAL',
  write: (modelsPath: string) => Promise<void> | void,
): Promise<Subject> {
  const modelsPath = mkdtempSync(join(tmpdir(), 'alcove-models-'));
  await write(modelsPath);
  const models = { modelsPath, onnxThreads: 1, transformersFolder: transformersFolder() ?? '' };
  return {
    embedder: await new Embedders({ models }).embedderFor(contract(provider, 'model')),
    close: async () => rmSync(modelsPath, { recursive: true }),
  };
}

async function writeTrainedModel(modelsPath: string): Promise<void> {
  async function* passages() {
    yield* corpusPassages(60, 1);
  }
  const { file } = await learnModel(passages(), { dimension: 64, seed: 1 });
  mkdirSync(join(modelsPath, 'model'));
  writeFileSync(join(modelsPath, 'model', 'model.alcove'), file);
}

if (transformersFolder() === undefined) sayThatTransformersIsAbsent('The contract of the provider LOCAL');

/** Every provider whose texts are embedded here. */
const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  BUILTIN: async () => ({
    embedder: await new Embedders().embedderFor(contract('BUILTIN', 'ngram-hash-1')),
    close: async () => {},
  }),
  TRAINED: () => ofFolder('TRAINED', writeTrainedModel),
  ...(transformersFolder() === undefined
    ? {}
    : { LOCAL: () => ofFolder('LOCAL', (path) => writeTinyModel(join(path, 'model'))) }),
  COHERE: () => remote('COHERE'),
  OPENAI: () => remote('OPENAI'),
  OLLAMA: () => remote('OLLAMA'),
};

describe.each(Object.entries(SUBJECTS))('the embedder of %s', (name, open) => {
  let subject: Subject;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(() => subject.close());

  it('says whose it is, and makes one vector of norm 1 for each text, in their order', async () => {
    const { embedder } = subject;
    expect(embedder.provider).toBe(name);
    const { vectors, dimension, truncated } = await embedder.embed(TEXTS, { mode: 'DOCUMENT' });
    expect(embedder.dimension).toBe(dimension);
    expect(embedder.normalized).toBe(true);
    expect(vectors.length).toBe(TEXTS.length * dimension);
    expect(truncated).toEqual([]);
    for (const [row, text] of TEXTS.entries()) {
      const vector = vectors.slice(row * dimension, (row + 1) * dimension);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      expect((await embedder.embed([text], { mode: 'DOCUMENT' })).vectors).toEqual(vector);
    }
  });

  it('makes the same vectors when it is asked again', async () => {
    const first = await subject.embedder.embed(TEXTS, { mode: 'QUERY' });
    expect(await subject.embedder.embed(TEXTS, { mode: 'QUERY' })).toEqual(first);
  });

  it('makes nothing of no texts', async () => {
    const { vectors, truncated } = await subject.embedder.embed([], { mode: 'DOCUMENT' });
    expect([vectors.length, truncated.length]).toEqual([0, 0]);
  });

  it('leaves the texts as they are given', async () => {
    const texts = Object.freeze([...TEXTS]);
    await subject.embedder.embed(texts, { mode: 'DOCUMENT' });
    expect(texts).toEqual(TEXTS);
  });

  it('makes thousands at once', async () => {
    const texts = Array.from({ length: 2_500 }, (_, at) => `Text ${at} of many, ${'abcdefg'.slice(at % 7)}`);
    const { vectors, dimension } = await subject.embedder.embed(texts, { mode: 'DOCUMENT' });
    expect(vectors.length).toBe(2_500 * dimension);
    const last = await subject.embedder.embed([texts[2_499] as string], { mode: 'DOCUMENT' });
    expect(vectors.slice(2_499 * dimension)).toEqual(last.vectors);
  });

  it('ends when its caller has gone or has no more time', async () => {
    const texts = Array.from({ length: 20_000 }, (_, at) => `Text number ${at}. `.repeat(10));
    const controller = new AbortController();
    const work = subject.embedder.embed(texts, { mode: 'DOCUMENT', signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await refusal(work, 'CancelledError');
    const gone = { mode: 'QUERY', signal: AbortSignal.abort() } as const;
    await refusal(subject.embedder.embed(TEXTS, gone), 'CancelledError');
    await refusal(subject.embedder.embed(TEXTS, { mode: 'QUERY', deadline: Date.now() - 1 }), 'TimeoutError');
    await refusal(subject.embedder.embed(texts, { mode: 'QUERY', deadline: Date.now() + 5 }), 'TimeoutError');
  });
});
