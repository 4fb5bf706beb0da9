import { createCohere } from '@ai-sdk/cohere';
import { askModel } from './askModel.ts';
import type { Endpoint } from './Endpoint.ts';
import type { RemoteModel } from './RemoteModel.ts';

/** As many as Cohere takes. */
const MAX_TEXTS = 96;
const MAX_TOKENS = 100_000;

/**
 * A model of Cohere, embed-english-v3.0 or later (POST /embed of its API v2): documents and queries are told apart by
 * `input_type`, and what is too long is refused unless `truncate` says otherwise.
 */
export function cohereModel(model: string, endpoint: Endpoint): RemoteModel {
  const { baseUrl, fetch } = endpoint;
  // The key is put in by the endpoint's fetch; without one here the SDK would look for it in the environment.
  const embedding = createCohere({ baseURL: baseUrl, apiKey: 'in-fetch', fetch }).embeddingModel(model);
  return {
    provider: 'COHERE',
    model,
    endpoint,
    keyVariable: 'ALCOVE_COHERE_API_KEY',
    maxTexts: MAX_TEXTS,
    maxTokens: MAX_TOKENS,
    cutsOnDemand: true,
    tokenFit: async () => undefined,
    request: async (texts, { mode, dimension, mayCut, signal }) => {
      const cohere = {
        inputType: mode === 'QUERY' ? 'search_query' : 'search_document',
        truncate: mayCut ? 'END' : 'NONE',
        ...(dimension === undefined ? {} : { outputDimension: dimension }),
      };
      return (await askModel(embedding, texts, { providerOptions: { cohere }, signal })).vectors;
    },
  };
}
