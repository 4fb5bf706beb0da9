import { AlcoveError } from '../errors.ts';
import type { Embedded, Embedder, EmbedOptions } from './Embedder.ts';
import { countNothing, countSymbols, countWords, emptyFeatures, type Features } from './features.ts';
import { projectFeatures } from './hashing.ts';
import { slices } from './slices.ts';
import { Turns } from './Turns.ts';

export const BUILTIN_MODEL = 'ngram-hash-1';
export const BUILTIN_DIMENSION = 384;
const BUILTIN_DIMENSIONS = { min: 64, max: 4_096 } as const;

/** A text is read up to here, in UTF-16 code units; as with other models, what comes after does not count. */
export const MAX_EMBEDDED_CHARACTERS = 32_768;

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
    for (const slice of slices(text, MAX_EMBEDDED_CHARACTERS)) {
      count(slice, features);
      if (turns.due()) await turns.next();
    }
    if (features.words.size > 0) return features;
  }
  countNothing(features);
  return features;
}
