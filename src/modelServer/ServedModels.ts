import { statSync } from 'node:fs';
import { join } from 'node:path';
import { BUILTIN_MODEL, MAX_EMBEDDED_CHARACTERS } from '../embedding/BuiltinEmbedder.ts';
import { Embedders } from '../embedding/Embedders.ts';
import type { ModelOptions } from '../embedding/LocalEmbedder.ts';
import {
  FINGERPRINT_MARK,
  type FoundModel,
  folderName,
  MODEL_FILES,
  modelPath,
  modelsIn,
} from '../embedding/modelFolder.ts';
import { readSentenceModelFiles } from '../embedding/sentenceModelFiles.ts';
import { MAX_TRAINED_CHARACTERS } from '../embedding/TrainedEmbedder.ts';
import type { EmbeddingProvider } from '../library/types.ts';
import { Batcher } from './Batcher.ts';
import { OpenAiError } from './OpenAiError.ts';

/** A model that is open. */
export interface OpenModel {
  /** As answers name it; of a trained model with its fingerprint. */
  readonly id: string;
  readonly dimension: number;
  readonly batcher: Batcher;
}

/** A model as GET /v1/models has it. */
export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  /** Seconds since the epoch: when it was built or fetched. */
  readonly created: number;
  readonly owned_by: 'alcove';
  /** Tokens of a text that it reads, as vLLM says it; absent where its files do not tell. */
  readonly max_model_len?: number;
}

/** The fewest tokens that text of so many characters has by the estimates of clients: words of three letters. */
const CHARACTERS_PER_TOKEN = 4;

/** The models that are served, each opened when it is first asked for. */
export class ServedModels {
  readonly #options: ModelOptions;
  readonly #embedders: Embedders;
  /** Those that were named; all if none was. */
  readonly #names: readonly string[];
  readonly #open = new Map<string, Promise<OpenModel>>();

  /** `names` are of models in the folder, or the built-in one's; none means all. */
  constructor(options: ModelOptions, names: readonly string[]) {
    this.#options = options;
    this.#embedders = new Embedders({ models: options });
    this.#names = names;
  }

  list(): ListedModel[] {
    const found = [
      {
        name: BUILTIN_MODEL,
        created: 0,
        maxTokens: Math.floor(MAX_EMBEDDED_CHARACTERS / CHARACTERS_PER_TOKEN),
      },
      ...modelsIn(this.#options.modelsPath).map((model) => ({
        name: model.name,
        created: createdAt(model),
        maxTokens: maxTokensOf(model),
      })),
    ];
    return found
      .filter(({ name }) => this.#isServed(name))
      .map(({ name, created, maxTokens }) => ({
        id: name,
        object: 'model',
        created,
        owned_by: 'alcove',
        ...(maxTokens === null ? {} : { max_model_len: maxTokens }),
      }));
  }

  /** Opens the models that were named, so that a mistake is seen before anybody asks. @throws AlcoveError, OpenAiError */
  async openNamed(): Promise<void> {
    for (const name of this.#names) await this.open(name, null);
  }

  /**
   * A model, of the dimension that is asked for.
   * @throws OpenAiError 404 when it is not served; AlcoveError when it cannot be opened or has another dimension.
   */
  open(model: string, dimension: number | null): Promise<OpenModel> {
    const key = JSON.stringify([model, dimension]);
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const opening = this.#openModel(model, dimension);
    this.#open.set(key, opening);
    opening.then(
      (open) => this.#open.set(JSON.stringify([open.id, open.dimension]), opening),
      () => this.#open.delete(key),
    );
    return opening;
  }

  async #openModel(model: string, dimension: number | null): Promise<OpenModel> {
    const embedder = await this.#embedders.embedderFor({
      provider: this.#providerOf(model),
      model,
      dimension,
      metric: 'COSINE',
      normalized: true,
      frozen: false,
    });
    // Under its full name a model is one, whichever way it was asked for, and so is its queue.
    const key = JSON.stringify([embedder.model, embedder.dimension]);
    const known = this.#open.get(key);
    if (known !== undefined && embedder.model !== model) return known;
    return { id: embedder.model, dimension: embedder.dimension ?? 0, batcher: new Batcher(embedder) };
  }

  #providerOf(model: string): EmbeddingProvider {
    if (!this.#isServed(model)) throw this.#notServed(model);
    if (model === BUILTIN_MODEL) return 'BUILTIN';
    const [name = ''] = model.split(FINGERPRINT_MARK, 1);
    const found = modelsIn(this.#options.modelsPath).find((there) => there.name === folderName(name));
    if (found === undefined) throw this.#notServed(model);
    modelPath(this.#options.modelsPath, name, found.provider);
    return found.provider;
  }

  #isServed(model: string): boolean {
    const name = (named: string) => named.split(FINGERPRINT_MARK, 1)[0]?.split('/').at(-1);
    return this.#names.length === 0 || this.#names.some((served) => name(served) === name(model));
  }

  #notServed(model: string): OpenAiError {
    const served = this.list().map(({ id }) => id);
    return new OpenAiError(
      404,
      `The model ${JSON.stringify(model)} is not served; there is ${served.join(', ') || 'none'}.`,
      { param: 'model', code: 'model_not_found' },
    );
  }
}

/** Seconds since the epoch. */
function createdAt({ path, provider }: FoundModel): number {
  const file = provider === 'TRAINED' ? MODEL_FILES.trained : MODEL_FILES.config;
  return Math.floor(statSync(join(path, file)).mtimeMs / 1_000);
}

/** Null where a model's files do not say it, or cannot be read: whoever asks for its vectors is told why. */
function maxTokensOf({ path, provider }: FoundModel): number | null {
  if (provider === 'TRAINED') return Math.floor(MAX_TRAINED_CHARACTERS / CHARACTERS_PER_TOKEN);
  try {
    return readSentenceModelFiles(path).maxTokens;
  } catch {
    return null;
  }
}
