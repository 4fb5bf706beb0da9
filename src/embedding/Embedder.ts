/** Turns texts into vectors of one model. */
export interface Embedder {
  readonly provider: string;
  readonly model: string;
  readonly dimension: number;
  /** Whether every vector it answers has norm 1. */
  readonly normalized: boolean;

  /**
   * Vectors of `texts` in their order (`n × dimension`). Long work gives way to the event loop.
   * @throws AlcoveError EmbedderError when the provider fails, CancelledError when `signal` aborts.
   */
  embed(
    texts: readonly string[],
    options: { readonly mode: 'DOCUMENT' | 'QUERY'; readonly signal?: AbortSignal },
  ): Promise<Float32Array>;
}
