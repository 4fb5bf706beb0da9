import { countSymbols, countWords, eachGram, emptyFeatures, wordHash } from './features.ts';
import { addFeature, addWord, projectFeatures, sublinear } from './hashing.ts';
import { contentWords } from './words.ts';

/** What a text's meaning weighs in a similarity; the rest goes by its spelling. docs/decisions/0017 has the figures. */
const MEANING_SHARE = 0.7;

/** What an n-gram weighs beside its word in the part that goes by spelling. */
const SPELLING_GRAM_WEIGHT = 0.5;

/** What the guess of an unknown word's vector weighs beside a vector that was learned. */
const GUESS_WEIGHT = 0.5;

/** What was learned of a corpus: see modelFile.ts for how it is kept, and docs/decisions/0017 for how it comes to be. */
export interface LearnedWords {
  /** Numbers of a vector that say what a text means. */
  readonly meaning: number;
  /** Numbers of a vector that say how it is spelt. */
  readonly spelling: number;
  /** Passages that were learned from. */
  readonly passages: number;
  /** The known words, the commonest first: `n`. */
  readonly words: readonly string[];
  /** In how many of the passages each was found: `n`. */
  readonly passageCounts: Uint32Array;
  /** Their vectors, `n × meaning`, each as bytes times its scale; of norm 1, but 0 for a word without company. */
  readonly vectors: Int8Array;
  readonly scales: Float32Array;
  /** Vectors of character n-grams by the hash of the n-gram, `2^b × meaning`: the means of the words that have it. */
  readonly gramVectors: Int8Array;
  readonly gramScales: Float32Array;
}

/**
 * Makes a vector of words: the mean of what its words mean, weighted by how rare they are in the corpus, beside its words
 * and their n-grams hashed. Either part has norm 1, so that a similarity is the weighted mean of the two.
 */
export class TrainedModel {
  readonly #learned: LearnedWords;
  readonly #rows: Map<string, number>;
  readonly dimension: number;

  constructor(learned: LearnedWords) {
    this.#learned = learned;
    this.#rows = new Map(learned.words.map((word, row) => [word, row]));
    this.dimension = learned.meaning + learned.spelling;
  }

  /** Adds a part of a text to `counts`. */
  count(text: string, counts: Map<string, number>): void {
    for (const word of contentWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }

  /** Writes the unit vector of a text into `vector`: of its counted words, or if there are none, of how it is written. */
  project(counts: ReadonlyMap<string, number>, text: string, vector: Float32Array): void {
    const { meaning, spelling } = this.#learned;
    if (counts.size === 0) return projectWriting(text, vector.subarray(meaning));
    const meanings = new Float64Array(meaning);
    const spellings = new Float64Array(spelling);
    for (const [word, count] of counts) {
      const row = this.#rows.get(word);
      const weight = sublinear(count) * this.#rarity(row);
      if (row === undefined) this.#addGuess(word, GUESS_WEIGHT * weight, meanings);
      else this.#addMeaning(row, weight, meanings);
      addSpelling(word, weight, spellings);
    }
    const meaningNorm = normOf(meanings);
    const spellingNorm = normOf(spellings);
    if (meaningNorm === 0 && spellingNorm === 0) {
      // Features that cancelled each other out leave no direction: take the first axis of spelling.
      vector[meaning] = 1;
      return;
    }
    const share = spellingNorm === 0 ? 1 : meaningNorm === 0 ? 0 : MEANING_SHARE;
    writeScaled(meanings, Math.sqrt(share) / (meaningNorm || 1), vector);
    writeScaled(spellings, Math.sqrt(1 - share) / (spellingNorm || 1), vector.subarray(meaning));
  }

  /** Inverse passage frequency; an unknown word is as rare as can be. */
  #rarity(row: number | undefined): number {
    const passages = row === undefined ? 1 : (this.#learned.passageCounts[row] as number);
    return Math.log(1 + this.#learned.passages / Math.max(1, passages));
  }

  #addMeaning(row: number, weight: number, sums: Float64Array): void {
    const { vectors, scales } = this.#learned;
    addBytes(sums, vectors, row, weight * (scales[row] as number));
  }

  /**
   * An unknown word means what the known ones mean that are written in part like it (Zhao, Mudgal and Liang,
   * "Generalizing word embeddings using bag of subwords", 2018): the sum of its n-grams' means. Those that say little,
   * because their words have little in common, are short.
   */
  #addGuess(word: string, weight: number, sums: Float64Array): void {
    const { gramVectors, gramScales, meaning } = this.#learned;
    const guess = new Float64Array(meaning);
    const mask = gramScales.length - 1;
    eachGram(word, (hash) => addBytes(guess, gramVectors, hash & mask, gramScales[hash & mask] as number));
    const norm = normOf(guess);
    if (norm === 0) return;
    for (let at = 0; at < meaning; at++) {
      sums[at] = (sums[at] as number) + (weight / norm) * (guess[at] as number);
    }
  }
}

function addSpelling(word: string, weight: number, sums: Float64Array): void {
  addWord(sums, wordHash(word), weight);
  eachGram(word, (hash) => addFeature(sums, hash, SPELLING_GRAM_WEIGHT * weight));
}

/** A text without words that say something: its function words or, failing these, its symbols. */
function projectWriting(text: string, vector: Float32Array): void {
  const features = emptyFeatures();
  countWords(text, features);
  if (features.words.size === 0) countSymbols(text, features);
  projectFeatures(features, vector);
}

function addBytes(sums: Float64Array, bytes: Int8Array, row: number, scale: number): void {
  const start = row * sums.length;
  for (let at = 0; at < sums.length; at++) {
    sums[at] = (sums[at] as number) + scale * (bytes[start + at] as number);
  }
}

function writeScaled(values: Float64Array, scale: number, vector: Float32Array): void {
  for (const [at, value] of values.entries()) vector[at] = scale * value;
}

function normOf(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
