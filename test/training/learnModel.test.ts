import { describe, expect, it } from 'vitest';
import { BuiltinEmbedder } from '../../src/embedding/BuiltinEmbedder.ts';
import type { Embedder } from '../../src/embedding/Embedder.ts';
import { decodeModelFile } from '../../src/embedding/modelFile.ts';
import { TrainedEmbedder } from '../../src/embedding/TrainedEmbedder.ts';
import { contentWords } from '../../src/embedding/words.ts';
import { learnModel, type TrainingPhase } from '../../src/training/learnModel.ts';
import { refusal } from '../library/TestStore.ts';
import { corpusPassages, synonymExam } from './synonymCorpus.ts';

const K = 10;

async function* each(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

const CORPUS = corpusPassages(600, 1);
const OPTIONS = { dimension: 192, seed: 1 };
const learning = learnModel(each(CORPUS), OPTIONS);

async function trained(): Promise<TrainedEmbedder> {
  const { file } = await learning;
  return new TrainedEmbedder('trained', decodeModelFile(file, 'trained').learned);
}

async function vectorsOf(embedder: Embedder, texts: readonly string[]): Promise<Float32Array[]> {
  const { vectors, dimension } = await embedder.embed(texts, { mode: 'DOCUMENT' });
  return texts.map((_, row) => vectors.subarray(row * dimension, (row + 1) * dimension));
}

const dot = (left: Float32Array, right: Float32Array) =>
  left.reduce((sum, value, at) => sum + value * (right[at] as number), 0);

/** Mean recall and nDCG among the first ten, with as many answers as fit there. */
async function answersFound(embedder: Embedder): Promise<{ recall: number; ndcg: number }> {
  const { passages, questions } = synonymExam(2);
  const found = await vectorsOf(embedder, passages);
  const asked = await vectorsOf(
    embedder,
    questions.map(({ query }) => query),
  );
  const scores = questions.map(({ answers }, row) => {
    const near = found.map((vector) => dot(vector, asked[row] as Float32Array));
    const order = [...near.keys()].sort((one, other) => (near[other] as number) - (near[one] as number));
    const ranks = order.slice(0, K).flatMap((passage, rank) => (answers.includes(passage) ? [rank] : []));
    const gain = (of: readonly number[]) => of.reduce((sum, rank) => sum + 1 / Math.log2(rank + 2), 0);
    const best = Math.min(K, answers.length);
    return { recall: ranks.length / best, ndcg: gain(ranks) / gain([...Array(best).keys()]) };
  });
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  return { recall: mean(scores.map((score) => score.recall)), ndcg: mean(scores.map((score) => score.ndcg)) };
}

describe('a model that was learned from a corpus', () => {
  it('finds passages by synonyms that are in none of them, where the built-in embedder cannot', async () => {
    const { passages, questions } = synonymExam(2);
    const said = new Set(passages.flatMap(contentWords));
    expect(questions.length).toBeGreaterThan(40);
    expect(questions.flatMap(({ query }) => contentWords(query)).filter((word) => said.has(word))).toEqual(
      [],
    );

    const own = await answersFound(await trained());
    const builtin = await answersFound(new BuiltinEmbedder(192));
    const figure = (value: number) => value.toFixed(3);
    console.log(
      `synonyms, ${questions.length} questions on ${passages.length} passages: trained recall@10 ${figure(own.recall)}, ` +
        `nDCG@10 ${figure(own.ndcg)}; built-in recall@10 ${figure(builtin.recall)}, nDCG@10 ${figure(builtin.ndcg)}`,
    );
    expect(own.recall).toBeGreaterThan(0.8);
    expect(own.ndcg).toBeGreaterThan(0.8);
    expect(own.recall).toBeGreaterThan(builtin.recall + 0.5);
    expect(own.ndcg).toBeGreaterThan(builtin.ndcg + 0.5);
  });

  it('knows a word that it never met by those that are written like it', async () => {
    const [unknown, like, unlike] = await vectorsOf(await trained(), ['physicians', 'doctor', 'harbour']);
    expect(dot(unknown as Float32Array, like as Float32Array)).toBeGreaterThan(
      dot(unknown as Float32Array, unlike as Float32Array) + 0.2,
    );
  });

  it('still goes by the words themselves: a passage is found by its own, and by a name that it alone has', async () => {
    const texts = [...CORPUS.slice(0, 50), `${CORPUS[0]} Ask for Mrs Quennell.`];
    const vectors = await vectorsOf(await trained(), [...texts, 'Quennell']);
    const asked = vectors.at(-1) as Float32Array;
    const near = vectors.slice(0, -1).map((vector) => dot(vector, asked));
    expect(near.indexOf(Math.max(...near))).toBe(texts.length - 1);
  });

  it('is the same, byte by byte, for the same passages and seed, and another for another seed', async () => {
    const { file, fingerprint } = await learning;
    const again = await learnModel(each(CORPUS), OPTIONS);
    expect(again.file.equals(file)).toBe(true);
    expect(again.fingerprint).toBe(fingerprint);
    const other = await learnModel(each(CORPUS), { ...OPTIONS, seed: 2 });
    expect(other.fingerprint).not.toBe(fingerprint);
  });

  it('is measured on passages that it has not seen, where the corpus can spare some', async () => {
    const small = (await learning).evaluation;
    expect(small.isHeldOut).toBe(false);
    const { evaluation } = await learnModel(each(corpusPassages(2_500, 3)), OPTIONS);
    expect(evaluation.isHeldOut).toBe(true);
    expect(evaluation.passages).toBeGreaterThan(100);
    for (const { trained, builtin } of [evaluation.sentences, evaluation.otherWords]) {
      expect(trained.questions).toBe(builtin.questions);
      expect(trained.questions).toBeGreaterThan(50);
    }
    expect(evaluation.otherWords.trained.recall).toBeGreaterThan(evaluation.otherWords.builtin.recall);
  });

  it('tells how far it has come, phase by phase, and stops when it is told to', async () => {
    const seen: TrainingPhase[] = [];
    const controller = new AbortController();
    const stopped = learnModel(each(CORPUS), {
      ...OPTIONS,
      signal: controller.signal,
      onProgress: (phase, done, total) => {
        expect(done).toBeLessThanOrEqual(total);
        if (seen.at(-1) !== phase) seen.push(phase);
        if (phase === 'FACTORISING') controller.abort();
      },
    });
    await refusal(stopped, 'CancelledError');
    expect(seen).toEqual(['COUNTING', 'FACTORISING']);
  });

  it('refuses a corpus that teaches nothing, and a dimension out of range', async () => {
    const small = await refusal(learnModel(each(['One sentence only.']), OPTIONS), 'InvalidArgumentError');
    expect(small.message).toContain('too small');
    await refusal(learnModel(each(CORPUS), { ...OPTIONS, dimension: 63 }), 'InvalidArgumentError');
  });

  it('takes characters for words in scripts without spaces', async () => {
    const texts = Array.from({ length: 60 }, (_, at) =>
      at % 2 === 0
        ? '東京の天気は晴れです。明日の天気も晴れです。'
        : '魚の料理は塩で焼きます。肉の料理も塩で焼きます。',
    );
    const { learned } = await learnModel(each(texts), { ...OPTIONS, dimension: 64 });
    const embedder = new TrainedEmbedder('trained', learned);
    const [weather, same, fish] = await vectorsOf(embedder, ['天気', '明日は晴れ', '魚を焼く']);
    expect(dot(weather as Float32Array, same as Float32Array)).toBeGreaterThan(
      dot(weather as Float32Array, fish as Float32Array) + 0.2,
    );
  });
});
