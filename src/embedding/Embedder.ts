import type { EmbeddingProvider } from '../library/types.ts';

/** What a text is to the model: DOCUMENT, to be found; QUERY, to find with. Some models embed the two differently. */
export type EmbeddingMode = 'DOCUMENT' | 'QUERY';

export interface EmbedOptions {
  readonly mode: EmbeddingMode;
  readonly signal?: AbortSignal;
  /** Milliseconds since the epoch; past it the work ends with a TimeoutError. Absent: as long as the provider is given. */
  readonly deadline?: number;
}

/** What a model made of n texts. */
export interface Embedded {
  /** `n × dimension`, in the order of the texts. */
  readonly vectors: Float32Array;
  /** Numbers in a vector; may be 0 where there were no texts. */
  readonly dimension: number;
  /** The rows, ascending, of texts of which the model read the beginning alone. */
  readonly truncated: readonly number[];
  /** Tokens that the model read of each text, where it reads tokens and counts them. */
  readonly tokens?: readonly number[];
}

/** Turns texts into vectors of one model. */
export interface Embedder {
  readonly provider: EmbeddingProvider;
  readonly model: string;
  /** Numbers in a vector; null until a remote model's first answer says so. */
  readonly dimension: number | null;
  /** Whether every vector it answers has norm 1. */
  readonly normalized: boolean;
  /** Tokens of a text that the model reads; null where it is not known, or not counted in tokens. */
  readonly maxTokens: number | null;

  /**
   * The vectors of `texts`. Long work gives way to the event loop.
   * @throws AlcoveError EmbedderError when the provider fails, CancelledError when `signal` aborts, TimeoutError past
   *   `deadline`.
   */
  embed(texts: readonly string[], options: EmbedOptions): Promise<Embedded>;
}
