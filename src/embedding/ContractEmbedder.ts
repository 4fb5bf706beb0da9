import type { EmbeddingContract } from '../library/types.ts';
import type { Embedded, Embedder, EmbedOptions } from './Embedder.ts';
import { embedderError } from './embedderError.ts';

/** An embedder as one contract wants it: with its prefixes before the texts, and its vectors scaled to norm 1. */
export class ContractEmbedder implements Embedder {
  readonly provider: Embedder['provider'];
  readonly model: string;
  readonly normalized: boolean;
  readonly maxTokens: number | null;
  readonly #embedder: Embedder;
  readonly #prefixes: Readonly<Record<EmbedOptions['mode'], string>>;

  constructor(embedder: Embedder, contract: EmbeddingContract) {
    this.provider = embedder.provider;
    this.model = embedder.model;
    this.normalized = embedder.normalized || contract.normalized;
    this.maxTokens = embedder.maxTokens;
    this.#embedder = embedder;
    this.#prefixes = { DOCUMENT: contract.documentPrefix ?? '', QUERY: contract.queryPrefix ?? '' };
  }

  get dimension(): number | null {
    return this.#embedder.dimension;
  }

  /** {@inheritDoc Embedder.embed} */
  async embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded> {
    const prefix = this.#prefixes[options.mode];
    const embedded = await this.#embedder.embed(
      prefix === '' ? texts : texts.map((text) => prefix + text),
      options,
    );
    if (this.normalized && !this.#embedder.normalized) this.#normalize(embedded);
    return embedded;
  }

  /** Scales every row to norm 1, in place. @throws AlcoveError EmbedderError for a row of norm 0. */
  #normalize({ vectors, dimension }: Embedded): void {
    for (let start = 0; start < vectors.length; start += dimension) {
      const vector = vectors.subarray(start, start + dimension);
      let squares = 0;
      for (const value of vector) squares += value * value;
      if (squares === 0) {
        const what =
          'made a vector of nothing but zeros; expected one with a direction, to be scaled to norm 1.';
        throw embedderError(this, { what, got: 'a zero vector', retryable: false });
      }
      const scale = 1 / Math.sqrt(squares);
      vector.forEach((value, at) => {
        vector[at] = value * scale;
      });
    }
  }
}
