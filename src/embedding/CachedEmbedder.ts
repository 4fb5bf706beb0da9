import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Embedded, Embedder, EmbedOptions } from './Embedder.ts';
import { type CachedEmbedding, type EmbeddingCache, embeddingKey } from './EmbeddingCache.ts';
import { checkPatience } from './patience.ts';

/** Texts that are looked up, embedded and kept together: what fails later does not take along what has been paid for. */
const TEXTS_PER_STEP = 1_024;

/** Grows when embeddings made before must not be used any more. */
const KEY_VERSION = 1;

/** An embedder that asks a cache first, and keeps there what it had to make. */
export class CachedEmbedder implements Embedder {
  readonly provider: Embedder['provider'];
  readonly model: string;
  readonly normalized: boolean;
  readonly maxTokens: number | null;
  readonly #embedder: Embedder;
  readonly #cache: EmbeddingCache;
  readonly #identity: readonly (string | number | null)[];

  /**
   * `identity` is what decides the vectors besides provider, model, dimension, mode and text: where the model is served,
   * a digest of its files.
   */
  constructor(embedder: Embedder, cache: EmbeddingCache, identity: readonly (string | number | null)[]) {
    this.provider = embedder.provider;
    this.model = embedder.model;
    this.normalized = embedder.normalized;
    this.maxTokens = embedder.maxTokens;
    this.#embedder = embedder;
    this.#cache = cache;
    this.#identity = identity;
  }

  get dimension(): number | null {
    return this.#embedder.dimension;
  }

  /** {@inheritDoc Embedder.embed} */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
    const embeddings: CachedEmbedding[] = [];
    for (let start = 0; start < texts.length; start += TEXTS_PER_STEP) {
      checkPatience(options);
      embeddings.push(...(await this.#step(texts.slice(start, start + TEXTS_PER_STEP), options)));
      await nextTurn();
    }
    const dimension = embeddings[0]?.vector.length ?? this.dimension ?? 0;
    // Of two dimensions: the model was replaced under its name, and what the cache has is of the old one.
    return embeddings.every(({ vector }) => vector.length === dimension)
      ? joined(embeddings, dimension)
      : this.#embedder.embed(texts, options);
  }

  async #step(texts: readonly string[], options: EmbedOptions): Promise<CachedEmbedding[]> {
    const found = this.#find(texts, options);
    const missing = [...found.keys()].filter((row) => found[row] === undefined);
    if (missing.length > 0) {
      const made = await this.#embedder.embed(
        missing.map((row) => texts[row] ?? ''),
        options,
      );
      const truncated = new Set(made.truncated);
      const entries = missing.map((row, at) => {
        const vector = made.vectors.slice(at * made.dimension, (at + 1) * made.dimension);
        const embedding = { vector, truncated: truncated.has(at) };
        found[row] = embedding;
        return { key: this.#key(texts[row] ?? '', made.dimension, options), embedding };
      });
      this.#cache.put(entries);
    }
    return found.filter((embedding) => embedding !== undefined);
  }

  /** None as long as nobody knows of which dimension they would be: until the first vector of a model that is not known. */
  #find(texts: readonly string[], options: EmbedOptions): (CachedEmbedding | undefined)[] {
    const { dimension } = this;
    if (dimension === null) {
      this.#cache.missed(texts.length);
      return texts.map(() => undefined);
    }
    return this.#cache.get(texts.map((text) => this.#key(text, dimension, options)));
  }

  #key(text: string, dimension: number, { mode }: EmbedOptions): Uint8Array {
    const { provider, model } = this;
    return embeddingKey([KEY_VERSION, provider, model, ...this.#identity, dimension, mode, text]);
  }
}

function joined(embeddings: readonly CachedEmbedding[], dimension: number): Embedded {
  const vectors = new Float32Array(embeddings.length * dimension);
  const truncated: number[] = [];
  for (const [row, embedding] of embeddings.entries()) {
    vectors.set(embedding.vector, row * dimension);
    if (embedding.truncated) truncated.push(row);
  }
  return { vectors, dimension, truncated };
}
