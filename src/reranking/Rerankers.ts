import { AlcoveError } from '../errors.ts';
import { LEXICAL_MODEL, LexicalReranker } from './LexicalReranker.ts';
import type { Reranker, RerankProvider } from './Reranker.ts';
import { SdkReranker } from './SdkReranker.ts';

/** Where Cohere's reranker answers and what it must be shown; the operator's, never a caller's. */
export interface RerankersOptions {
  readonly cohere: {
    readonly baseUrl: string;
    readonly apiKey: string | undefined;
    /** In place of the global one. */
    readonly fetch?: typeof globalThis.fetch;
  };
}

const DEFAULT_COHERE_MODEL = 'rerank-v3.5';
const MAX_MODEL_LENGTH = 256;

/** The rerankers that the operator has set up. */
export class Rerankers {
  readonly #cohere: RerankersOptions['cohere'];

  constructor({ cohere }: RerankersOptions) {
    this.#cohere = cohere;
  }

  /** @throws AlcoveError InvalidArgumentError for a provider that is not set up, or a model that it cannot have. */
  rerankerFor(provider: RerankProvider, model?: string): Reranker {
    if (provider === 'LEXICAL') {
      if (model === undefined || model === LEXICAL_MODEL) return new LexicalReranker();
      throw invalid(['rerank', 'model'], model.slice(0, MAX_MODEL_LENGTH), `none, or ${LEXICAL_MODEL}`);
    }
    const { baseUrl, apiKey, fetch } = this.#cohere;
    if (apiKey === undefined) {
      const expected = "LEXICAL, or ALCOVE_COHERE_API_KEY in the server's environment";
      throw invalid(['rerank', 'provider'], 'COHERE without a key', expected);
    }
    const named = model ?? DEFAULT_COHERE_MODEL;
    if (named === '' || named.length > MAX_MODEL_LENGTH) {
      throw invalid(['rerank', 'model'], `${named.length} characters`, `1 to ${MAX_MODEL_LENGTH}`);
    }
    const openModel = async () => {
      const { createCohere } = await import('@ai-sdk/cohere');
      return createCohere({ baseURL: baseUrl, apiKey, ...(fetch && { fetch }) }).reranking(named);
    };
    return new SdkReranker({ provider, model: named, openModel });
  }
}

function invalid(path: readonly string[], got: string, expected: string): AlcoveError {
  return new AlcoveError('InvalidArgumentError', `Got ${got} for ${path.join('.')}; expected ${expected}.`, {
    path,
    detail: { got, expected },
  });
}
