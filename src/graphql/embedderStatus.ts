import type { CacheFigures } from '../embedding/EmbeddingCache.ts';
import type { ProviderStatus } from '../embedding/providers.ts';
import { builder } from './builder.ts';
import { EmbeddingProvider } from './embedding.ts';

export const EmbedderStatus = builder.objectRef<ProviderStatus>('EmbedderStatus').implement({
  description:
    'Whether libraries can use a provider of embeddings. Nothing of a key is said but whether there is one.',
  fields: (t) => ({
    provider: t.expose('provider', {
      type: EmbeddingProvider,
      description: 'Which one. Example: `COHERE`',
    }),
    isConfigured: t.exposeBoolean('isConfigured', {
      description:
        'Whether the operator has set what it needs; for TRAINED and LOCAL, whether there is a model in their folder. Nobody has asked whether it is up.',
    }),
    missingVariable: t.exposeString('missingVariable', {
      nullable: true,
      description:
        'The variable that the operator has to set; null if none is missing. Example: `"ALCOVE_COHERE_API_KEY"`',
    }),
    models: t.exposeStringList('models', {
      description:
        'Models that are known to be offered; a provider that is reached over the network may have others. Example: `["embed-v4.0"]`',
    }),
  }),
});

export const EmbeddingCacheFigures = builder.objectRef<CacheFigures>('EmbeddingCache').implement({
  description:
    'What is kept of the work of remote models, so that the same text is not embedded twice. Counted over all threads.',
  fields: (t) => ({
    hits: t.exposeFloat('hits', { description: 'Texts that were found in it. Example: `98000`' }),
    misses: t.exposeFloat('misses', { description: 'Texts that had to be embedded. Example: `12000`' }),
    entries: t.exposeFloat('entries', { description: 'Vectors that it holds. Example: `12000`' }),
    bytes: t.exposeFloat('bytes', { description: 'What it takes on disk. Example: `25165824`' }),
    limitBytes: t.exposeFloat('limitBytes', {
      description: 'How large it may become; then the vectors used least lately go. Example: `536870912`',
    }),
  }),
});
