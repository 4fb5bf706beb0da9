import { BUILTIN_DIMENSION, BuiltinEmbedder } from '../embedding/BuiltinEmbedder.ts';
import { encodeModelFile, fingerprintOf } from '../embedding/modelFile.ts';
import { TrainedEmbedder } from '../embedding/TrainedEmbedder.ts';
import type { LearnedWords } from '../embedding/TrainedModel.ts';
import { Turns } from '../embedding/Turns.ts';
import { AlcoveError } from '../errors.ts';
import { associations } from './associations.ts';
import { Corpus, type VocabularyWord } from './Corpus.ts';
import { type Eigenvectors, largestEigenvectors } from './eigen.ts';
import { type Exam, inverseCloze, measureRetrieval, type Retrieval } from './evaluate.ts';
import { Sample, type Sampled } from './heldOut.ts';
import { asBytes, gramMeans, wordVectors } from './wordVectors.ts';

/** Numbers in a trained model's vector, from and to. */
const TRAINED_DIMENSIONS = { min: 64, max: 2_048 } as const;
/** Of a vector's numbers two thirds say what a text means. */
const MEANING_PART = 2 / 3;

/** Content words to each side of a word that say what it means. */
const WINDOW = 20;

const MAX_VOCABULARY = 50_000;
/** In a small corpus a word counts that comes twice; in one above so many words, three times. */
const SMALL_CORPUS_WORDS = 200_000;
/** Fewer words than this teach nothing. */
const MIN_VOCABULARY = 20;

/** What is going on, in this order. */
export type TrainingPhase = 'READING' | 'COUNTING' | 'FACTORISING' | 'SPELLING' | 'MEASURING';

export interface TrainingOptions {
  readonly dimension: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Not called for READING, whose end the caller alone knows. */
  readonly onProgress?: (phase: TrainingPhase, done: number, total: number) => void;
}

/** How a model answers questions about its own corpus, beside the built-in embedder. */
export interface Evaluation {
  /** Whether the passages were kept from the model; a small corpus cannot spare them. */
  readonly isHeldOut: boolean;
  /** Passages to choose among. */
  readonly passages: number;
  readonly sentences: { readonly trained: Retrieval; readonly builtin: Retrieval };
  readonly otherWords: { readonly trained: Retrieval; readonly builtin: Retrieval };
}

export interface LearnedModel {
  /** The model's file. */
  readonly file: Buffer;
  readonly fingerprint: string;
  readonly learned: LearnedWords;
  /** Passages and content words that were read. */
  readonly corpus: { readonly passages: number; readonly words: number; readonly isCutOff: boolean };
  readonly evaluation: Evaluation;
}

/**
 * Learns a model from passages: words that keep the same company get like vectors (docs/decisions/0017). The same passages
 * in the same order, dimension and seed make the same file.
 * @throws AlcoveError InvalidArgumentError for a dimension out of range or too little text, CancelledError when `signal`
 *   aborts; and what `passages` throws.
 */
export async function learnModel(
  passages: AsyncIterable<string>,
  options: TrainingOptions,
): Promise<LearnedModel> {
  const { dimension, seed, signal, onProgress = () => {} } = options;
  checkDimension(dimension);
  const turns = new Turns(signal === undefined ? {} : { signal });
  const sample = new Sample(seed);
  const corpus = await read(passages, sample, turns);
  const { sample: sampled, isHeldOut } = sample.spared();
  if (isHeldOut) for (const { passage } of sampled) corpus.remove(passage);

  const vocabulary = corpus.vocabulary(corpus.size < SMALL_CORPUS_WORDS ? 2 : 3, MAX_VOCABULARY);
  checkVocabulary(vocabulary, corpus);
  const matrix = await associations(corpus, vocabulary, {
    window: WINDOW,
    turns,
    onProgress: (done, total) => onProgress('COUNTING', done, total),
  });
  const meaning = Math.round(dimension * MEANING_PART);
  const eigenvectors = await largestEigenvectors(matrix, Math.min(meaning, vocabulary.length), {
    seed,
    turns,
    onProgress: (done, total) => onProgress('FACTORISING', done, total),
  });
  onProgress('SPELLING', 0, 1);
  const learned = await asLearned(eigenvectors, vocabulary, {
    meaning,
    spelling: dimension - meaning,
    passages: corpus.passages - (isHeldOut ? sampled.length : 0),
    turns,
  });
  onProgress('SPELLING', 1, 1);
  const file = encodeModelFile(learned, seed);
  const evaluation = await evaluate(learned, { sampled, isHeldOut, seed, turns, onProgress });
  return {
    file,
    fingerprint: fingerprintOf(file),
    learned,
    corpus: { passages: corpus.passages, words: corpus.size, isCutOff: corpus.isFull },
    evaluation,
  };
}

async function read(passages: AsyncIterable<string>, sample: Sample, turns: Turns): Promise<Corpus> {
  const corpus = new Corpus();
  for await (const text of passages) {
    sample.offer(corpus.add(text), text);
    if (corpus.isFull) break;
    if (turns.due()) await turns.next();
  }
  return corpus;
}

async function asLearned(
  eigenvectors: Eigenvectors,
  vocabulary: readonly VocabularyWord[],
  {
    turns,
    ...sizes
  }: {
    readonly meaning: number;
    readonly spelling: number;
    readonly passages: number;
    readonly turns: Turns;
  },
): Promise<LearnedWords> {
  const vectors = wordVectors(eigenvectors, vocabulary.length, sizes.meaning);
  const grams = asBytes(await gramMeans(vocabulary, vectors, sizes.meaning, turns), sizes.meaning);
  const words = asBytes(vectors, sizes.meaning);
  return {
    ...sizes,
    words: vocabulary.map(({ word }) => word),
    passageCounts: Uint32Array.from(vocabulary, (word) => word.passages),
    vectors: words.bytes,
    scales: words.scales,
    gramVectors: grams.bytes,
    gramScales: grams.scales,
  };
}

async function evaluate(
  learned: LearnedWords,
  {
    sampled,
    isHeldOut,
    seed,
    turns,
    onProgress,
  }: {
    readonly sampled: readonly Sampled[];
    readonly isHeldOut: boolean;
    readonly seed: number;
    readonly turns: Turns;
    readonly onProgress: NonNullable<TrainingOptions['onProgress']>;
  },
): Promise<Evaluation> {
  const exam: Exam = inverseCloze(
    sampled.map(({ text }) => text),
    seed,
  );
  const trained = new TrainedEmbedder('trained', learned);
  const builtin = new BuiltinEmbedder(BUILTIN_DIMENSION);
  const measured: Retrieval[] = [];
  for (const questions of [exam.sentences, exam.otherWords]) {
    for (const embedder of [trained, builtin]) {
      onProgress('MEASURING', measured.length, 4);
      measured.push(await measureRetrieval(embedder, exam.passages, questions, turns));
    }
  }
  onProgress('MEASURING', 4, 4);
  const [first, second, third, fourth] = measured as [Retrieval, Retrieval, Retrieval, Retrieval];
  return {
    isHeldOut,
    passages: exam.passages.length,
    sentences: { trained: first, builtin: second },
    otherWords: { trained: third, builtin: fourth },
  };
}

function checkDimension(dimension: number): void {
  const { min, max } = TRAINED_DIMENSIONS;
  if (Number.isInteger(dimension) && dimension >= min && dimension <= max) return;
  throw new AlcoveError(
    'InvalidArgumentError',
    `A model cannot have the dimension ${dimension}: choose a whole number from ${min} to ${max}.`,
    { path: ['dimension'], detail: { got: dimension, expected: `${min} to ${max}` } },
  );
}

function checkVocabulary(vocabulary: readonly VocabularyWord[], corpus: Corpus): void {
  if (vocabulary.length >= MIN_VOCABULARY) return;
  throw new AlcoveError(
    'InvalidArgumentError',
    `The corpus is too small to learn from: of its ${corpus.size} words ${vocabulary.length} come at least twice; expected ${MIN_VOCABULARY} or more.`,
    { path: ['corpus'], detail: { got: vocabulary.length, expected: MIN_VOCABULARY } },
  );
}
