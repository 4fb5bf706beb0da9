import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import type { Embedded } from './Embedder.ts';
import type { Pooling, SentenceModelFiles } from './sentenceModelFiles.ts';
import type { Model, Tensor, Tokenizer, Transformers } from './transformers.ts';

/** What a model reads at once: texts, and tokens with the padding that makes them equally long. */
const BATCH_TEXTS = 32;
const BATCH_TOKENS = 8_192;

/** What is asked to find out how long the vectors are. */
const PROBE = 'a';

/**
 * A sentence-transformer in ONNX: tokens, the model, pooling, norm 1. It works in the thread that calls it and blocks it
 * for a batch at a time.
 */
export class SentenceModel {
  readonly #tokenizer: Tokenizer;
  readonly #model: Model;
  readonly #pooling: Pooling;
  readonly maxTokens: number | null;
  /** Numbers in a vector. */
  readonly dimension: number;

  private constructor(
    { tokenizer, model }: { readonly tokenizer: Tokenizer; readonly model: Model },
    { pooling, maxTokens }: SentenceModelFiles,
    dimension: number,
  ) {
    this.#tokenizer = tokenizer;
    this.#model = model;
    this.#pooling = pooling;
    this.maxTokens = maxTokens;
    this.dimension = dimension;
  }

  /**
   * Reads a model's folder. `threads` is how many threads of its own ONNX Runtime may use.
   * @throws AlcoveError EmbedderError when the folder has no model that can be run.
   */
  static async open(
    transformers: Transformers,
    files: SentenceModelFiles,
    threads: number,
  ): Promise<SentenceModel> {
    const { path, subfolder, variant } = files;
    try {
      const tokenizer = await transformers.AutoTokenizer.from_pretrained(path, { local_files_only: true });
      const model = await transformers.AutoModel.from_pretrained(path, {
        local_files_only: true,
        subfolder,
        dtype: variant,
        device: 'cpu',
        session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
      });
      const probe = new SentenceModel({ tokenizer, model }, files, 0);
      const [vector] = await probe.#embedBatch([PROBE]);
      return new SentenceModel({ tokenizer, model }, files, (vector as Float32Array).length);
    } catch (error) {
      if (error instanceof AlcoveError) throw error;
      throw new AlcoveError(
        'EmbedderError',
        `The model ${basename(path)} could not be opened: ${messageOf(error).replaceAll(path, basename(path))}`,
        {
          cause: error,
        },
      );
    }
  }

  /**
   * The vectors of `texts`, each of norm 1. Texts of like length are read together; between two batches `stop` is asked
   * whether to go on, and thrown is what it throws.
   * @throws AlcoveError EmbedderError when the model answers nothing that is a vector.
   */
  async embed(texts: readonly string[], stop: () => void): Promise<Embedded> {
    const { dimension, maxTokens } = this;
    const lengths: number[] = [];
    for (const text of texts) {
      lengths.push(this.#tokenizer.encode(text).length);
      if (lengths.length % BATCH_TEXTS > 0) continue;
      await nextTurn();
      stop();
    }
    const vectors = new Float32Array(texts.length * dimension);
    for (const rows of batches(lengths, maxTokens ?? Number.POSITIVE_INFINITY)) {
      const answered = await this.#embedBatch(rows.map((row) => texts[row] as string));
      for (const [at, row] of rows.entries()) vectors.set(answered[at] as Float32Array, row * dimension);
      await nextTurn();
      stop();
    }
    const truncated = [...lengths.keys()].filter(
      (row) => maxTokens !== null && (lengths[row] as number) > maxTokens,
    );
    const tokens = lengths.map((length) => Math.min(length, maxTokens ?? length));
    return { vectors, dimension, truncated, tokens };
  }

  async #embedBatch(texts: string[]): Promise<Float32Array[]> {
    const inputs = this.#tokenizer(texts, {
      padding: true,
      truncation: this.maxTokens !== null,
      ...(this.maxTokens === null ? {} : { max_length: this.maxTokens }),
    });
    const outputs = await this.#model(inputs);
    const tokens = outputs.last_hidden_state ?? outputs.token_embeddings;
    const mask = inputs.attention_mask;
    if (tokens?.dims.length === 3 && mask !== undefined) {
      return texts.map((_, row) => normalized(pooled(tokens, mask, row, this.#pooling)));
    }
    const whole = outputs.sentence_embedding ?? outputs.pooler_output;
    if (whole?.dims.length === 2) return texts.map((_, row) => normalized(rowOf(whole, row)));
    throw new AlcoveError(
      'EmbedderError',
      `The model answers ${Object.keys(outputs).join(', ')}; expected last_hidden_state, token_embeddings or sentence_embedding: it is no model for embeddings.`,
    );
  }
}

/** Rows by their length, in batches that stay within what a model reads at once. */
function batches(lengths: readonly number[], maxTokens: number): number[][] {
  const read = lengths.map((length) => Math.min(length, maxTokens));
  const order = [...lengths.keys()].sort((one, other) => (read[one] as number) - (read[other] as number));
  const found: number[][] = [];
  let batch: number[] = [];
  for (const row of order) {
    const isFull = batch.length === BATCH_TEXTS || (batch.length + 1) * (read[row] as number) > BATCH_TOKENS;
    if (isFull && batch.length > 0) {
      found.push(batch);
      batch = [];
    }
    batch.push(row);
  }
  return batch.length === 0 ? found : [...found, batch];
}

/** One text's vector of its tokens' vectors (`texts × tokens × dimension`), padding left out. */
function pooled(tokens: Tensor, mask: Tensor, row: number, pooling: Pooling): Float64Array {
  const [, length = 0, dimension = 0] = tokens.dims;
  const isRead = Array.from({ length }, (_, at) => Number(mask.data[row * length + at]) !== 0);
  const chosen = {
    MEAN: [...isRead.keys()].filter((at) => isRead[at]),
    CLS: [isRead.indexOf(true)],
    LAST: [isRead.lastIndexOf(true)],
  }[pooling];
  const sums = new Float64Array(dimension);
  for (const at of chosen) {
    const start = (row * length + at) * dimension;
    for (let to = 0; to < dimension; to++) sums[to] = (sums[to] as number) + Number(tokens.data[start + to]);
  }
  return sums;
}

function rowOf(tensor: Tensor, row: number): Float64Array {
  const dimension = tensor.dims[1] ?? 0;
  return Float64Array.from({ length: dimension }, (_, at) => Number(tensor.data[row * dimension + at]));
}

/** @throws AlcoveError EmbedderError for NaN, infinities and nothing but zeros. */
function normalized(values: Float64Array): Float32Array {
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  if (!(norm > 0 && Number.isFinite(norm))) {
    throw new AlcoveError(
      'EmbedderError',
      `The model answered a vector of norm ${norm}; expected a direction.`,
    );
  }
  return Float32Array.from(values, (value) => value / norm);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
