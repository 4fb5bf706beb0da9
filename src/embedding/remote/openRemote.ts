import type { EmbeddingConfig } from '../../config.ts';
import type { EmbeddingContract } from '../../library/types.ts';
import type { RemoteProvider } from '../providers.ts';
import { cohereModel } from './cohereModel.ts';
import { type Endpoint, endpointAt } from './Endpoint.ts';
import { ollamaModel } from './ollamaModel.ts';
import { openaiModel } from './openaiModel.ts';
import { RemoteEmbedder, type RemoteEmbedderOptions } from './RemoteEmbedder.ts';
import type { RemoteModel } from './RemoteModel.ts';

/** The embedder of a remote model, whose provider is configured. Nothing is sent before the first text. */
export function openRemote(
  provider: RemoteProvider,
  { model, dimension }: Pick<EmbeddingContract, 'model' | 'dimension'>,
  config: EmbeddingConfig,
  options: Pick<RemoteEmbedderOptions, 'slots' | 'wait'>,
): { readonly embedder: RemoteEmbedder; readonly baseUrl: string } {
  const { timeoutMs, retries } = config;
  const remote = remoteModel(provider, model, config);
  const embedder = new RemoteEmbedder(remote, { dimension, timeoutMs, retries, ...options });
  return { embedder, baseUrl: remote.endpoint.baseUrl };
}

function remoteModel(provider: RemoteProvider, model: string, config: EmbeddingConfig): RemoteModel {
  const { cohere, openai, ollama } = config;
  switch (provider) {
    case 'COHERE':
      return cohereModel(model, endpointAt(cohere.baseUrl, cohere.apiKey));
    case 'OPENAI':
      return openaiModel(model, endpointAt(openai.baseUrl, openai.apiKey), openai);
    case 'OLLAMA':
      return ollamaModel(model, ollamaEndpoint(ollama.baseUrl));
  }
}

function ollamaEndpoint(baseUrl: string | undefined): Endpoint {
  if (baseUrl === undefined) throw new Error('Ollama is opened only where it is configured.');
  return endpointAt(baseUrl, undefined);
}
