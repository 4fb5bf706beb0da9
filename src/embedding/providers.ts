import type { EmbeddingConfig } from '../config.ts';
import { AlcoveError } from '../errors.ts';
import type { EmbeddingContract, EmbeddingProvider } from '../library/types.ts';
import { BUILTIN_MODEL } from './BuiltinEmbedder.ts';
import { type FoundModel, modelsIn } from './modelFolder.ts';

/** Those whose models are reached over the network. */
export type RemoteProvider = 'COHERE' | 'OPENAI' | 'OLLAMA';

/** Whether libraries can use a provider, and what is missing. */
export interface ProviderStatus {
  readonly provider: EmbeddingProvider;
  readonly isConfigured: boolean;
  /** The variable to set before it can be used; null where nothing is missing. */
  readonly missingVariable: string | null;
  /** Models that are known to be there, or to be offered; a remote provider may have others. */
  readonly models: readonly string[];
}

const OPENAI_HOST = 'api.openai.com';

/** Models of Cohere's that do not tell documents from queries. */
const BEFORE_INPUT_TYPES = /-v2\.0$/;

/** Every provider. Those whose models lie in the folder of models can be used when there is one. */
export function providerStatuses(config: EmbeddingConfig, modelsPath: string): ProviderStatus[] {
  const found = modelsIn(modelsPath);
  const remote = (provider: RemoteProvider, models: readonly string[]): ProviderStatus => {
    const missingVariable = missingVariableOf(provider, config);
    return { provider, isConfigured: missingVariable === null, missingVariable, models };
  };
  const always = (provider: EmbeddingProvider, models: readonly string[]): ProviderStatus => {
    return { provider, isConfigured: true, missingVariable: null, models };
  };
  const inFolder = (provider: FoundModel['provider']): ProviderStatus => {
    const models = found.filter((model) => model.provider === provider).map(({ name }) => name);
    return { provider, isConfigured: models.length > 0, missingVariable: null, models };
  };
  return [
    always('BUILTIN', [BUILTIN_MODEL]),
    inFolder('TRAINED'),
    inFolder('LOCAL'),
    remote('COHERE', ['embed-v4.0', 'embed-multilingual-v3.0', 'embed-english-v3.0']),
    remote('OPENAI', isOpenai(config) ? ['text-embedding-3-small', 'text-embedding-3-large'] : []),
    remote('OLLAMA', []),
    always('EXTERNAL', []),
  ];
}

/**
 * Whether a remote model can be opened.
 * @throws AlcoveError InvalidArgumentError that says which variable to set, or which models there are.
 */
export function checkRemote(
  provider: RemoteProvider,
  { model }: Pick<EmbeddingContract, 'model'>,
  config: EmbeddingConfig,
): void {
  const variable = missingVariableOf(provider, config);
  if (variable !== null) {
    throw new AlcoveError(
      'InvalidArgumentError',
      `The provider ${provider} is not configured here: set ${variable} in the server's environment${orElse(provider)} and start it again.`,
      {
        path: ['provider'],
        detail: { got: `${provider} without ${variable}`, expected: `${variable} to be set` },
      },
    );
  }
  if (model === '') throw badModel(`no model for the provider ${provider}`, 'the name of one');
  if (provider === 'COHERE' && BEFORE_INPUT_TYPES.test(model)) {
    throw badModel(JSON.stringify(model), 'embed-english-v3.0 or later, which tells documents from queries');
  }
}

/** The other way to have it configured. */
function orElse(provider: RemoteProvider): string {
  return provider === 'OPENAI' ? ' (or ALCOVE_OPENAI_BASE_URL to a server that speaks as OpenAI does)' : '';
}

function missingVariableOf(provider: RemoteProvider, config: EmbeddingConfig): string | null {
  switch (provider) {
    case 'COHERE':
      return config.cohere.apiKey === undefined ? 'ALCOVE_COHERE_API_KEY' : null;
    case 'OPENAI':
      return isOpenai(config) && config.openai.apiKey === undefined ? 'ALCOVE_OPENAI_API_KEY' : null;
    case 'OLLAMA':
      return config.ollama.baseUrl === undefined ? 'ALCOVE_OLLAMA_BASE_URL' : null;
  }
}

/** Whether it is OpenAI itself, which wants a key, and not a server that speaks as it does. */
function isOpenai({ openai }: EmbeddingConfig): boolean {
  return new URL(openai.baseUrl).hostname === OPENAI_HOST;
}

function badModel(got: string, expected: string): AlcoveError {
  return new AlcoveError('InvalidArgumentError', `Got ${got}; expected ${expected}.`, {
    path: ['model'],
    detail: { got, expected },
  });
}
