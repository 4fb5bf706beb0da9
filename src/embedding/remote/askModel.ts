import { type EmbeddingModel, embedMany } from 'ai';

/** What {@link embedMany} takes besides the model, its texts and the signal. */
type ProviderOptions = NonNullable<Parameters<typeof embedMany>[0]['providerOptions']>;

// What the SDK warns of would go to the console.
globalThis.AI_SDK_LOG_WARNINGS = false;

/** One request by the AI SDK, which is to do nothing else: batches, retries and limits are RemoteEmbedder's. */
export async function askModel(
  model: EmbeddingModel,
  texts: readonly string[],
  options: { readonly providerOptions: ProviderOptions; readonly signal: AbortSignal },
): Promise<{ readonly vectors: readonly (readonly number[])[]; readonly body: unknown }> {
  const { embeddings, responses } = await embedMany({
    model,
    values: [...texts],
    maxRetries: 0,
    abortSignal: options.signal,
    providerOptions: options.providerOptions,
  });
  return { vectors: embeddings, body: responses?.[0]?.body };
}
