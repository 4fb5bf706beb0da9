import { createOllama } from 'ollama-ai-provider-v2';
import { askModel } from './askModel.ts';
import type { Endpoint } from './Endpoint.ts';
import type { RemoteModel } from './RemoteModel.ts';

/** It computes where it runs, often on a processor: small requests keep within their time. */
const MAX_TEXTS = 32;
const MAX_TOKENS = 16_000;

/** A model of Ollama (POST /api/embed). What is too long is refused unless `truncate` says otherwise. */
export function ollamaModel(model: string, endpoint: Endpoint): RemoteModel {
  const { baseUrl, fetch } = endpoint;
  const embedding = createOllama({ baseURL: `${baseUrl.replace(/\/api$/, '')}/api`, fetch }).embeddingModel(
    model,
  );
  return {
    provider: 'OLLAMA',
    model,
    endpoint,
    keyVariable: 'ALCOVE_OLLAMA_BASE_URL',
    maxTexts: MAX_TEXTS,
    maxTokens: MAX_TOKENS,
    cutsOnDemand: true,
    tokenFit: async () => undefined,
    request: async (texts, { dimension, mayCut, signal }) => {
      const ollama = { truncate: mayCut, ...(dimension === undefined ? {} : { dimensions: dimension }) };
      return (await askModel(embedding, texts, { providerOptions: { ollama }, signal })).vectors;
    },
  };
}
