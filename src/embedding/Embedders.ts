import { AlcoveError } from '../errors.ts';
import type { EmbeddingContract } from '../library/types.ts';
import { BUILTIN_DIMENSION, BUILTIN_MODEL, BuiltinEmbedder } from './BuiltinEmbedder.ts';
import type { Embedder } from './Embedder.ts';
import { LocalEmbedder, type ModelOptions } from './LocalEmbedder.ts';
import { FINGERPRINT_MARK } from './modelFolder.ts';
import { TrainedEmbedder } from './TrainedEmbedder.ts';

/** What decides which model is opened; the rest of a contract says how its vectors are compared. */
type OpenedBy = Pick<EmbeddingContract, 'provider' | 'model' | 'dimension'>;

export interface EmbeddersOptions {
  /** For the providers TRAINED and LOCAL; without it they have no models. */
  readonly models?: ModelOptions;
}

const NO_MODELS: ModelOptions = { modelsPath: '', onnxThreads: 1, transformersFolder: '' };

/** The embedders of a thread, each opened when it is first asked for, once for every provider, model and dimension. */
export class Embedders {
  readonly #opened = new Map<string, Promise<Embedder>>();
  readonly #models: ModelOptions;

  constructor({ models = NO_MODELS }: EmbeddersOptions = {}) {
    this.#models = models;
  }

  /**
   * The embedder that makes a library's vectors; a contract that names no dimension yet gets the model's own. One that
   * could not be opened is tried again when it is next asked for.
   * @throws AlcoveError InvalidArgumentError when the contract has no embedder of ours (provider EXTERNAL), or names a
   *   model or dimension that the provider does not have.
   */
  readonly embedderFor = (contract: EmbeddingContract): Promise<Embedder> => {
    const { provider, model, dimension } = contract;
    const key = JSON.stringify([provider, model, dimension]);
    const opened = this.#opened.get(key);
    if (opened !== undefined) return opened;
    const opening = this.#open(contract);
    // A trained model without its fingerprint is whichever has that name today.
    if (provider === 'TRAINED' && !model.includes(FINGERPRINT_MARK)) return opening;
    this.#opened.set(key, opening);
    opening.catch(() => this.#opened.delete(key));
    return opening;
  };

  async #open(contract: OpenedBy): Promise<Embedder> {
    const { provider, model, dimension } = contract;
    switch (provider) {
      case 'BUILTIN':
        return builtinEmbedder(contract);
      case 'TRAINED':
        return TrainedEmbedder.open(model, dimension, this.#models.modelsPath);
      case 'LOCAL':
        return LocalEmbedder.open(model, dimension, this.#models);
      case 'EXTERNAL':
        throw new AlcoveError(
          'InvalidArgumentError',
          "Text cannot be embedded here: this library's vectors come from its callers (provider EXTERNAL). " +
            'Pass a vector, or create the library with provider BUILTIN.',
          { detail: { got: 'text', expected: 'vector' } },
        );
    }
  }
}

function builtinEmbedder({ model, dimension }: OpenedBy): Embedder {
  if (model !== BUILTIN_MODEL) {
    throw new AlcoveError(
      'InvalidArgumentError',
      `The provider BUILTIN has no model ${JSON.stringify(model)}: its model is ${BUILTIN_MODEL}.`,
      { path: ['model'], detail: { got: model, expected: BUILTIN_MODEL } },
    );
  }
  return new BuiltinEmbedder(dimension ?? BUILTIN_DIMENSION);
}
