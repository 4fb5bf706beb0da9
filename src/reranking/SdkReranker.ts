import type { RerankingModel } from 'ai';
import { AlcoveError } from '../errors.ts';
import type { Reranker, RerankProvider } from './Reranker.ts';

type Sdk = typeof import('ai');

/** A request that fails in passing is made again so often, after the time that the provider asks for. */
const MAX_RETRIES = 2;

interface SdkRerankerOptions {
  readonly provider: RerankProvider;
  readonly model: string;
  /** Opens any reranking model of the AI SDK. */
  readonly openModel: () => Promise<RerankingModel>;
  readonly maxRetries?: number;
}

/**
 * A reranking model that is reached by the AI SDK, which is loaded by those who use it: it takes a thread some 30 MB and a third
 * of a second. Its errors name the provider and what it answered, and nothing that was sent.
 */
export class SdkReranker implements Reranker {
  readonly provider: RerankProvider;
  readonly model: string;
  readonly #openModel: SdkRerankerOptions['openModel'];
  readonly #maxRetries: number;

  constructor({ provider, model, openModel, maxRetries = MAX_RETRIES }: SdkRerankerOptions) {
    this.provider = provider;
    this.model = model;
    this.#openModel = openModel;
    this.#maxRetries = maxRetries;
  }

  async rerank(
    query: string,
    texts: readonly string[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<readonly number[]> {
    if (texts.length === 0) return [];
    const sdk = await import('ai');
    const sdkModel = await this.#openModel();
    let ranking: readonly { readonly originalIndex: number; readonly score: number }[];
    try {
      ({ ranking } = await sdk.rerank({
        model: sdkModel,
        query,
        documents: [...texts],
        maxRetries: this.#maxRetries,
        abortSignal: signal,
      }));
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failed(whatFailed(error, sdk));
    }
    const scores = new Array<number>(texts.length).fill(Number.NaN);
    for (const { originalIndex, score } of ranking) {
      if (originalIndex in scores) scores[originalIndex] = score;
    }
    if (ranking.length === texts.length && scores.every(Number.isFinite)) return scores;
    throw this.#failed(`answered with ${ranking.length} scores that do not fit the ${texts.length} texts`);
  }

  #failed(what: string): AlcoveError {
    return new AlcoveError('RerankerError', `The reranker ${this.provider} ${this.model} ${what}.`, {
      path: ['rerank'],
      detail: { provider: this.provider, model: this.model, got: what },
    });
  }
}

/** What came of a request, without its content, which may hold what is secret. */
function whatFailed(error: unknown, { APICallError, RetryError }: Sdk): string {
  const last = RetryError.isInstance(error) ? error.lastError : error;
  if (!APICallError.isInstance(last)) return 'gave an answer that could not be read';
  const { statusCode } = last;
  return statusCode === undefined || statusCode < 400
    ? 'could not be reached, or gave an answer that could not be read'
    : `answered with HTTP ${statusCode}`;
}
