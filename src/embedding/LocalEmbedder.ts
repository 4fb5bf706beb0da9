import { AlcoveError } from '../errors.ts';
import type { Embedded, Embedder, EmbedOptions } from './Embedder.ts';
import { modelPath } from './modelFolder.ts';
import { SentenceModelThread } from './SentenceModelThread.ts';
import type { SentenceThreadData } from './sentenceThreadMessages.ts';

/** Where models of our own and from hubs are, and how they may be run. */
export interface ModelOptions {
  /** Folder of models: absolute path. */
  readonly modelsPath: string;
  /** Threads that ONNX Runtime may use for one model. */
  readonly onnxThreads: number;
  /** Where else than beside Alcove @huggingface/transformers may be; empty: nowhere. */
  readonly transformersFolder: string;
}

/**
 * A sentence-transformer in ONNX, run by Transformers.js on a thread of its own; see SentenceModel. It reads what
 * `alcove model pull` has put into the folder of models, and never fetches anything.
 */
export class LocalEmbedder implements Embedder {
  readonly provider = 'LOCAL';
  readonly normalized = true;
  readonly model: string;
  readonly dimension: number;
  readonly maxTokens: number | null;
  readonly #data: SentenceThreadData;
  #thread: Promise<SentenceModelThread>;

  private constructor(model: string, data: SentenceThreadData, thread: SentenceModelThread) {
    this.model = model;
    this.dimension = thread.dimension;
    this.maxTokens = thread.maxTokens;
    this.#data = data;
    this.#thread = Promise.resolve(thread);
  }

  /**
   * @throws AlcoveError InvalidArgumentError for a model that is not in the folder, or of another dimension than is
   *   asked for; EmbedderError when it or the package that runs it cannot be loaded.
   */
  static async open(model: string, dimension: number | null, options: ModelOptions): Promise<LocalEmbedder> {
    const data = {
      path: modelPath(options.modelsPath, model, 'LOCAL'),
      threads: options.onnxThreads,
      transformersFolder: options.transformersFolder,
    };
    const thread = await SentenceModelThread.start(data);
    if (dimension === null || dimension === thread.dimension) return new LocalEmbedder(model, data, thread);
    await thread.close();
    throw new AlcoveError(
      'InvalidArgumentError',
      `The model ${model} makes vectors of dimension ${thread.dimension}, not ${dimension}: leave the dimension out.`,
      { path: ['dimension'], detail: { got: dimension, expected: thread.dimension } },
    );
  }

  /** {@inheritDoc Embedder.embed} A thread that has died is started again. */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
    return (await this.#livingThread()).embed(texts, options);
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await (await this.#thread).close();
  }

  async #livingThread(): Promise<SentenceModelThread> {
    const current = this.#thread;
    const thread = await current.catch(() => undefined);
    if (thread !== undefined && !thread.isEnded) return thread;
    // Of callers that find it dead at the same time, the first starts the next one.
    if (this.#thread === current) this.#thread = SentenceModelThread.start(this.#data);
    return this.#thread;
  }
}
