import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Embedders } from '../../src/embedding/Embedders.ts';
import { decodeModelFile } from '../../src/embedding/modelFile.ts';
import { folderName, modelsIn } from '../../src/embedding/modelFolder.ts';
import { MAX_TRAINED_CHARACTERS, TrainedEmbedder } from '../../src/embedding/TrainedEmbedder.ts';
import type { EmbeddingContract } from '../../src/library/types.ts';
import { learnModel } from '../../src/training/learnModel.ts';
import { refusal, thrown } from '../library/TestStore.ts';
import { corpusPassages } from '../training/synonymCorpus.ts';

const DIMENSION = 96;

let modelsPath: string;
let embedder: TrainedEmbedder;
beforeAll(async () => {
  modelsPath = mkdtempSync(join(tmpdir(), 'alcove-models-'));
  await write('plain', 1);
  embedder = await TrainedEmbedder.open('plain', null, modelsPath);
});
afterAll(() => rmSync(modelsPath, { recursive: true, force: true }));

async function write(name: string, seed: number): Promise<void> {
  async function* passages() {
    yield* corpusPassages(100, seed);
  }
  const { file } = await learnModel(passages(), { dimension: DIMENSION, seed });
  mkdirSync(join(modelsPath, name), { recursive: true });
  writeFileSync(join(modelsPath, name, 'model.alcove'), file);
}

const contract = (model: string): EmbeddingContract => ({
  provider: 'TRAINED',
  model,
  dimension: null,
  metric: 'COSINE',
  normalized: true,
  frozen: false,
});

describe('a trained model', () => {
  it('gives every text a unit vector, the same each time and wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 }),
        async (texts) => {
          const { vectors, dimension } = await embedder.embed(texts, { mode: 'DOCUMENT' });
          for (const [row, text] of texts.entries()) {
            const vector = vectors.slice(row * dimension, (row + 1) * dimension);
            expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
            expect(vector).toEqual((await embedder.embed([text], { mode: 'QUERY' })).vectors);
          }
        },
      ),
      { numRuns: 25, seed: 1 },
    );
    for (const text of ['', 'the of and', '♥♥', '\u0000', 'zzqx']) {
      const { vectors } = await embedder.embed([text], { mode: 'QUERY' });
      expect(Math.hypot(...vectors)).toBeCloseTo(1, 5);
    }
  });

  it('reads a text up to its limit, and says which it did not read to the end', async () => {
    const read = 'ship storm '.repeat(MAX_TRAINED_CHARACTERS / 11 + 1).slice(0, MAX_TRAINED_CHARACTERS);
    const { vectors, truncated } = await embedder.embed([read, `${read} doctor`], { mode: 'DOCUMENT' });
    expect(truncated).toEqual([1]);
    expect(vectors.slice(DIMENSION)).toEqual(vectors.slice(0, DIMENSION));
  });

  it('stops when its caller goes away', async () => {
    await refusal(embedder.embed(['x'], { mode: 'QUERY', signal: AbortSignal.abort() }), 'CancelledError');
    const texts = Array.from({ length: 20_000 }, (_, at) => `The sailor saw ${at} ships. `.repeat(20));
    const controller = new AbortController();
    const work = embedder.embed(texts, { mode: 'DOCUMENT', signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    await refusal(work, 'CancelledError');
  });

  it('is opened by its name, and is told by name and fingerprint from then on', async () => {
    expect(modelsIn(modelsPath)).toContainEqual(
      expect.objectContaining({ name: 'plain', provider: 'TRAINED' }),
    );
    expect(embedder.model).toMatch(/^plain@[0-9a-f]{8}$/);
    const { embedderFor } = new Embedders({ models: { modelsPath, onnxThreads: 1, transformersFolder: '' } });
    const opened = await embedderFor(contract('plain'));
    expect(opened).toMatchObject({ model: embedder.model, dimension: DIMENSION, normalized: true });
    expect(await embedderFor(contract(opened.model))).toBe(await embedderFor(contract(opened.model)));
    expect(await embedderFor(contract(`somebody/${opened.model}`))).toBe(
      await embedderFor(contract(opened.model)),
    );
  });

  it('is not taken for another that was built in its place', async () => {
    await write('changing', 1);
    const { embedderFor } = new Embedders({ models: { modelsPath, onnxThreads: 1, transformersFolder: '' } });
    const before = await embedderFor(contract('changing'));
    await write('changing', 2);
    const error = await refusal(
      new Embedders({ models: { modelsPath, onnxThreads: 1, transformersFolder: '' } }).embedderFor(
        contract(before.model),
      ),
      'EmbedderError',
    );
    expect(error.message).toContain('has been built anew');
    expect(error.retryable).toBe(false);
    expect((await embedderFor(contract('changing'))).model).not.toBe(before.model);
  });

  it('that is not there is refused with those that are', async () => {
    const error = await refusal(TrainedEmbedder.open('absent', null, modelsPath), 'InvalidArgumentError');
    expect(error.message).toContain('"absent"');
    expect(error.detail.expected).toContain('plain');
    const wrong = await refusal(TrainedEmbedder.open('plain', 50, modelsPath), 'InvalidArgumentError');
    expect(wrong.detail).toEqual({ got: 50, expected: DIMENSION });
  });

  it.each(['../plain', '..', '/etc', 'a/b/c', '', '.hidden', 'a\u0000b', 'a\\b'])(
    'is never sought outside of its folder: %j',
    async (name) => {
      expect(thrown(() => folderName(name)).kind).toBe('InvalidArgumentError');
      await refusal(TrainedEmbedder.open(name, null, modelsPath), 'InvalidArgumentError');
    },
  );
});

describe("a trained model's file", () => {
  const bytes = () => readFileSync(join(modelsPath, 'plain', 'model.alcove'));

  it('is refused when it is cut anywhere, with an error that names the model', () => {
    const file = bytes();
    const cuts = [...Array(160).keys(), file.length - 33, file.length - 1, Math.floor(file.length / 2)];
    for (const length of cuts) {
      const error = thrown(() => decodeModelFile(file.subarray(0, length), 'plain'), 'EmbedderError');
      expect(error.message).toContain('the model plain');
    }
  });

  it('is refused when any of its bits has turned', () => {
    const file = bytes();
    for (let at = 0; at < file.length; at += Math.floor(file.length / 97)) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      expect(thrown(() => decodeModelFile(damaged, 'plain')).kind).toBe('EmbedderError');
    }
    expect(decodeModelFile(file, 'plain').learned.words.length).toBeGreaterThan(50);
  });
});
