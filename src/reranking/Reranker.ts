/** Who puts hits in a better order: LEXICAL is a rule of our own, COHERE a model of Cohere's. */
export type RerankProvider = 'LEXICAL' | 'COHERE';

/** Judges how well texts answer a question, looking at both together. */
export interface Reranker {
  readonly provider: RerankProvider;
  readonly model: string;

  /**
   * A score for each of the texts, in their order: more is better, comparable within one answer only.
   * @throws AlcoveError RerankerError when the provider fails; what `signal` aborts with.
   */
  rerank(
    query: string,
    texts: readonly string[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly number[]>;
}
