import { type EmbeddingConfig, parseConfig } from '../config.ts';
import { AlcoveError } from '../errors.ts';
import type { EmbeddingContract, EmbeddingProvider } from '../library/types.ts';
import { BUILTIN_DIMENSION, BUILTIN_MODEL, BuiltinEmbedder } from './BuiltinEmbedder.ts';
import { CachedEmbedder } from './CachedEmbedder.ts';
import { ContractEmbedder } from './ContractEmbedder.ts';
import type { Embedder } from './Embedder.ts';
import { type CacheFigures, EmbeddingCache } from './EmbeddingCache.ts';
import { LocalEmbedder, type ModelOptions } from './LocalEmbedder.ts';
import { FINGERPRINT_MARK, type FoundModel, folderName, modelPath } from './modelFolder.ts';
import { checkRemote, type ProviderStatus, providerStatuses, type RemoteProvider } from './providers.ts';
import { RequestSlots } from './remote/RequestSlots.ts';
import type { RetryOptions } from './remote/withRetries.ts';
import { TrainedEmbedder } from './TrainedEmbedder.ts';

/** What decides which model is opened; the rest of a contract says what is done with its vectors. */
type OpenedBy = Pick<EmbeddingContract, 'provider' | 'model' | 'dimension'>;

export interface EmbeddersOptions {
  /** What the operator has set of remote providers; as in an environment where nothing is set, if absent. */
  readonly config?: EmbeddingConfig;
  /** For the providers TRAINED and LOCAL; without it they have no models. */
  readonly models?: ModelOptions;
  /** The file that keeps embeddings of remote models. Absent: none are kept. */
  readonly cachePath?: string;
  /** Waits between retries; replaced in tests. */
  readonly wait?: RetryOptions['wait'] | undefined;
}

const NO_MODELS: ModelOptions = { modelsPath: '', onnxThreads: 1, transformersFolder: '' };

/** The embedders of a thread, each opened when it is first asked for, once for every provider, model and dimension. */
export class Embedders {
  readonly #cache: EmbeddingCache | undefined;
  readonly #opened = new Map<string, Promise<Embedder>>();
  readonly #config: EmbeddingConfig;
  readonly #models: ModelOptions;
  readonly #wait: RetryOptions['wait'];
  readonly #slots = new Map<EmbeddingProvider, RequestSlots>();

  constructor({ config, models, cachePath, wait }: EmbeddersOptions = {}) {
    this.#config = config ?? parseConfig({}).embedding;
    this.#models = models ?? NO_MODELS;
    this.#wait = wait;
    if (cachePath !== undefined) this.#cache = new EmbeddingCache(cachePath, this.#config.cacheBytes);
  }

  /**
   * The embedder that makes a library's vectors as its contract says; a contract that names no dimension yet gets the
   * model's own. One that could not be opened is tried again when it is next asked for.
   * @throws AlcoveError InvalidArgumentError when the contract has no embedder of ours (provider EXTERNAL), its provider
   *   is not configured, or it names a model or dimension that the provider does not have.
   */
  readonly embedderFor = async (contract: EmbeddingContract): Promise<Embedder> => {
    const embedder = await this.#modelFor(contract);
    const { documentPrefix, queryPrefix } = contract;
    const isAsWanted =
      documentPrefix === undefined &&
      queryPrefix === undefined &&
      (embedder.normalized || !contract.normalized);
    return isAsWanted ? embedder : new ContractEmbedder(embedder, contract);
  };

  /** Which providers libraries can use here. Says nothing of keys but whether they are there. */
  statuses(): ProviderStatus[] {
    return providerStatuses(this.#config, this.#models.modelsPath);
  }

  /** Of the file that keeps embeddings of remote models; undefined where none are kept. */
  cacheFigures(): CacheFigures | undefined {
    return this.#config.cacheBytes === 0 ? undefined : this.#cache?.figures();
  }

  close(): void {
    this.#cache?.close();
  }

  #modelFor(contract: OpenedBy): Promise<Embedder> {
    const asked = byFolder(contract);
    const opened = this.#opened.get(keyOf(asked));
    if (opened !== undefined) return opened;
    const opening = this.#open(contract);
    // A trained model without its fingerprint is whichever has that name today.
    if (contract.provider === 'TRAINED' && !contract.model.includes(FINGERPRINT_MARK)) return opening;
    this.#opened.set(keyOf(asked), opening);
    opening.then(
      // Whoever has asked by its dimension from the start finds the same one.
      ({ dimension }) => isInFolder(asked) && this.#opened.set(keyOf({ ...asked, dimension }), opening),
      () => this.#opened.delete(keyOf(asked)),
    );
    return opening;
  }

  async #open(contract: OpenedBy): Promise<Embedder> {
    if (isInFolder(contract)) {
      const [name = ''] = contract.model.split(FINGERPRINT_MARK, 1);
      modelPath(this.#models.modelsPath, name, contract.provider);
    }
    const { provider, model, dimension } = byFolder(contract);
    switch (provider) {
      case 'BUILTIN':
        return builtinEmbedder(contract);
      case 'TRAINED':
        return TrainedEmbedder.open(model, dimension, this.#models.modelsPath);
      case 'LOCAL':
        return LocalEmbedder.open(model, dimension, this.#models);
      case 'COHERE':
      case 'OPENAI':
      case 'OLLAMA':
        return this.#openRemote(provider, contract);
      case 'EXTERNAL':
        throw new AlcoveError(
          'InvalidArgumentError',
          "Text cannot be embedded here: this library's vectors come from its callers (provider EXTERNAL). " +
            'Pass a vector, or create the library with provider BUILTIN.',
          { detail: { got: 'text', expected: 'vector' } },
        );
    }
  }

  async #openRemote(provider: RemoteProvider, contract: OpenedBy): Promise<Embedder> {
    checkRemote(provider, contract, this.#config);
    // The SDK is loaded by those who use it: it takes a thread some 30 MB.
    const { openRemote } = await import('./remote/openRemote.ts');
    const slots = this.#slots.get(provider) ?? new RequestSlots(this.#config.concurrency);
    this.#slots.set(provider, slots);
    const { embedder, baseUrl } = openRemote(provider, contract, this.#config, { slots, wait: this.#wait });
    return this.#cache === undefined ? embedder : new CachedEmbedder(embedder, this.#cache, [baseUrl]);
  }
}

function keyOf({ provider, model, dimension }: OpenedBy): string {
  return JSON.stringify([provider, model, dimension]);
}

function isInFolder(
  contract: OpenedBy,
): contract is OpenedBy & { readonly provider: FoundModel['provider'] } {
  return contract.provider === 'TRAINED' || contract.provider === 'LOCAL';
}

/**
 * A contract with a model of the folder named as its folder is, so that no model is in memory once for each owner that it is
 * said to have; any other contract as it is.
 * @throws AlcoveError InvalidArgumentError for what cannot be a model's name.
 */
function byFolder(contract: OpenedBy): OpenedBy {
  if (!isInFolder(contract)) return contract;
  const [name = '', ...fingerprint] = contract.model.split(FINGERPRINT_MARK);
  return { ...contract, model: [folderName(name), ...fingerprint].join(FINGERPRINT_MARK) };
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
