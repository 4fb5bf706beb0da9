import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AlcoveError } from '../errors.ts';
import type { Embedded, Embedder, EmbedOptions } from './Embedder.ts';
import { decodeModelFile } from './modelFile.ts';
import { FINGERPRINT_MARK, MODEL_FILES, modelPath } from './modelFolder.ts';
import { slices } from './slices.ts';
import { type LearnedWords, TrainedModel } from './TrainedModel.ts';
import { Turns } from './Turns.ts';

/** A text is read up to here, in UTF-16 code units; what comes after does not count. */
export const MAX_TRAINED_CHARACTERS = 32_768;

/**
 * A model that was learned from texts of the user's own, in this thread: see TrainedModel. It is told by its name and a
 * fingerprint of its file, `handbook@1f0c9a7b`, so that vectors of one model are never compared with those of another that
 * has taken its name.
 */
export class TrainedEmbedder implements Embedder {
  readonly provider = 'TRAINED';
  readonly normalized = true;
  /** It reads characters: {@link MAX_TRAINED_CHARACTERS}. */
  readonly maxTokens = null;
  readonly model: string;
  readonly dimension: number;
  readonly #model: TrainedModel;

  constructor(model: string, learned: LearnedWords) {
    this.model = model;
    this.#model = new TrainedModel(learned);
    this.dimension = this.#model.dimension;
  }

  /**
   * Opens a model of the folder, by its name or by name and fingerprint.
   * @throws AlcoveError InvalidArgumentError when there is none of that name, or it is of another dimension than is
   *   asked for; EmbedderError when its file is damaged, or is another than the fingerprint says.
   */
  static async open(model: string, dimension: number | null, modelsPath: string): Promise<TrainedEmbedder> {
    const [name = '', wanted] = model.split(FINGERPRINT_MARK, 2);
    const path = join(modelPath(modelsPath, name, 'TRAINED'), MODEL_FILES.trained);
    const { learned, fingerprint } = decodeModelFile(await readFile(path), name);
    if (wanted !== undefined && wanted !== fingerprint) throw rebuilt(name, fingerprint, wanted);
    const embedder = new TrainedEmbedder(`${name}${FINGERPRINT_MARK}${fingerprint}`, learned);
    if (dimension === null || dimension === embedder.dimension) return embedder;
    throw new AlcoveError(
      'InvalidArgumentError',
      `The model ${name} makes vectors of dimension ${embedder.dimension}, not ${dimension}: leave the dimension out, or build a model with --dimension ${dimension}.`,
      { path: ['dimension'], detail: { got: dimension, expected: embedder.dimension } },
    );
  }

  /** {@inheritDoc Embedder.embed} Documents and queries are embedded alike. */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
    const { dimension } = this;
    const vectors = new Float32Array(texts.length * dimension);
    const truncated: number[] = [];
    const turns = new Turns(options);
    for (const [row, text] of texts.entries()) {
      const counts = new Map<string, number>();
      for (const slice of slices(text, MAX_TRAINED_CHARACTERS)) {
        this.#model.count(slice, counts);
        if (turns.due()) await turns.next();
      }
      const read = text.length > MAX_TRAINED_CHARACTERS ? text.slice(0, MAX_TRAINED_CHARACTERS) : text;
      this.#model.project(counts, read, vectors.subarray(row * dimension, (row + 1) * dimension));
      if (read.length < text.length) truncated.push(row);
      if (turns.due()) await turns.next();
    }
    return { vectors, dimension, truncated };
  }
}

function rebuilt(name: string, got: string, expected: string): AlcoveError {
  return new AlcoveError(
    'EmbedderError',
    `The model ${name} has been built anew (${got}), and vectors of ${expected} cannot be compared with its own: put ` +
      'the former file back, or make a library with the new model.',
    { retryable: false, path: ['model'], detail: { got, expected } },
  );
}
