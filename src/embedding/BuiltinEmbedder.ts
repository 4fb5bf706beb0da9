import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import type { Embedded, Embedder, EmbedOptions } from './Embedder.ts';
import { countNothing, countSymbols, countWords, emptyFeatures, type Features } from './features.ts';
import { finish, mix } from './murmur3.ts';
import { checkPatience } from './patience.ts';

export const BUILTIN_MODEL = 'ngram-hash-1';
export const BUILTIN_DIMENSION = 384;
const BUILTIN_DIMENSIONS = { min: 64, max: 4_096 } as const;

/** A text is read up to here, in UTF-16 code units; as with other models, what comes after does not count. */
export const MAX_EMBEDDED_CHARACTERS = 32_768;

/** A long text is counted in slices of about this many code units, each well under a millisecond. */
const SLICE_CHARACTERS = 4_096;
/** A word or run of characters that goes on for longer than this past a slice's end is cut there. */
const MAX_SLICE_OVERRUN = 256;

const SPACE = 0x20;

/** The event loop gets its turn after this long. */
const TURN_MS = 4;

const WORD_DIMENSIONS = 4;

/**
 * What an n-gram weighs beside a word; it is there to forgive spelling. Measured with five words of one of 3,149 chunks
 * as the query, the chunk is among the first ten for 92 % of queries, and for 47 % when every word is misspelt (0.3:
 * 92 % and 29 %).
 */
const GRAM_WEIGHT = 0.7;

/**
 * The built-in embedder: no download, no key, the same vectors on every machine, in this thread.
 *
 * It is lexical. Words and character n-grams are hashed with a sign into the dimensions (Weinberger et al., "Feature
 * hashing for large scale multitask learning", 2009), weighted 1 + log(tf), and scaled to norm 1. Texts that share
 * words, or spell them nearly alike ("organisation", "organisations", "orgnisation"), are near each other; texts that
 * say the same in other words, or in another language, are not. It knows no meaning.
 *
 * A text without letters or digits is known by its symbols, and one with nothing in it has a fixed vector of its own,
 * so every text has a vector of norm 1.
 */
export class BuiltinEmbedder implements Embedder {
  readonly provider = 'BUILTIN';
  readonly model = BUILTIN_MODEL;
  readonly normalized = true;
  /** It reads characters: {@link MAX_EMBEDDED_CHARACTERS}. */
  readonly maxTokens = null;
  readonly dimension: number;

  /** @throws AlcoveError InvalidArgumentError when `dimension` is not from 64 to 4,096. */
  constructor(dimension: number = BUILTIN_DIMENSION) {
    const { min, max } = BUILTIN_DIMENSIONS;
    if (!Number.isInteger(dimension) || dimension < min || dimension > max) {
      throw new AlcoveError(
        'InvalidArgumentError',
        `The built-in embedder cannot make vectors of dimension ${dimension}: choose a whole number from ${min} to ${max}.`,
        { path: ['dimension'], detail: { got: dimension, expected: `${min} to ${max}` } },
      );
    }
    this.dimension = dimension;
  }

  /** {@inheritDoc Embedder.embed} Documents and queries are embedded alike. */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
    const { dimension } = this;
    const vectors = new Float32Array(texts.length * dimension);
    const truncated: number[] = [];
    const turns = new Turns(options);
    for (const [row, text] of texts.entries()) {
      const features = await countFeatures(text, turns);
      projectFeatures(features, vectors.subarray(row * dimension, (row + 1) * dimension));
      if (text.length > MAX_EMBEDDED_CHARACTERS) truncated.push(row);
      if (turns.due()) await turns.next();
    }
    return { vectors, dimension, truncated };
  }
}

async function countFeatures(text: string, turns: Turns): Promise<Features> {
  const features = emptyFeatures();
  for (const count of [countWords, countSymbols]) {
    for (const slice of slices(text)) {
      count(slice, features);
      if (turns.due()) await turns.next();
    }
    if (features.words.size > 0) return features;
  }
  countNothing(features);
  return features;
}

/** The text in pieces, cut at white space where there is some near. */
function* slices(text: string): Generator<string> {
  const end = Math.min(text.length, MAX_EMBEDDED_CHARACTERS);
  for (let start = 0; start < end; ) {
    const earliest = Math.min(start + SLICE_CHARACTERS, end);
    const latest = Math.min(earliest + MAX_SLICE_OVERRUN, end);
    let stop = earliest;
    while (stop < latest && text.charCodeAt(stop) > SPACE) stop++;
    yield text.slice(start, stop);
    start = stop;
  }
}

/** Writes the unit vector of `features` into `vector`. */
function projectFeatures(features: Features, vector: Float32Array): void {
  const sums = new Float64Array(vector.length);
  for (const [hash, tf] of features.words) addWord(sums, hash, sublinear(tf));
  for (const [hash, tf] of features.grams) addFeature(sums, hash, GRAM_WEIGHT * sublinear(tf));
  const norm = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  if (norm > 0) {
    for (let at = 0; at < vector.length; at++) vector[at] = (sums[at] ?? 0) / norm;
  } else {
    // Features that cancelled each other out leave no direction: take the first axis.
    vector[0] = 1;
  }
}

/** A word goes to several dimensions, so that no single collision can make two short texts alike. */
function addWord(sums: Float64Array, hash: number, weight: number): void {
  const part = weight / Math.sqrt(WORD_DIMENSIONS);
  for (let probe = 0; probe < WORD_DIMENSIONS; probe++) {
    addFeature(sums, finish(mix(hash, probe), 1), part);
  }
}

function addFeature(sums: Float64Array, hash: number, weight: number): void {
  const at = (hash >>> 1) % sums.length;
  sums[at] = (sums[at] ?? 0) + (hash & 1 ? weight : -weight);
}

/** 1 + log(tf), and in proportion below one occurrence. */
function sublinear(tf: number): number {
  return tf < 1 ? tf : 1 + Math.log(tf);
}

/** Gives way to the event loop every few milliseconds, and notices there that the caller has gone or the time is up. */
class Turns {
  readonly #options: EmbedOptions;
  #since = performance.now();

  constructor(options: EmbedOptions) {
    this.#options = options;
    checkPatience(options);
  }

  due(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  /** @throws AlcoveError CancelledError, TimeoutError */
  async next(): Promise<void> {
    await nextTurn();
    checkPatience(this.#options);
    this.#since = performance.now();
  }
}
