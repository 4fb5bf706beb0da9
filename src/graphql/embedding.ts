import { BUILTIN_MODEL } from '../embedding/BuiltinEmbedder.ts';
import { knownModel } from '../embedding/knownModels.ts';
import { AlcoveError } from '../errors.ts';
import { invalidArgument, quote } from '../library/checks.ts';
import type { EmbeddingContract as EmbeddingContractShape } from '../library/types.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { given } from './given.ts';
import { placedLater } from './placed.ts';

/** What a library's vectors are when nobody says: embedded here, compared by angle, as long as the model has them. */
const DEFAULT_EMBEDDING = { provider: 'BUILTIN', metric: 'COSINE', dimension: null } as const;

export const Metric = builder.enumType('Metric', {
  description: `How near two vectors are, as a distance (smaller is nearer) and a similarity from 0 to 1 (more is nearer).`,
  values: {
    COSINE: {
      description: 'By angle: distance 1 − cos(q, x), similarity (1 + cos) / 2. For text embeddings.',
    },
    DOT: {
      description:
        'By inner product: distance −⟨q, x⟩, similarity 1 / (1 + e^−⟨q, x⟩). For models trained for it, where length matters.',
    },
    EUCLIDEAN: {
      description:
        'By straight line: distance ‖q − x‖, similarity 1 / (1 + distance). For coordinates and measurements.',
    },
  },
});

export const EmbeddingProvider = builder.enumType('EmbeddingProvider', {
  description: 'Who turns text into vectors.',
  values: {
    BUILTIN: {
      description: 'This server, with the model that it carries. Works with no network and no key.',
    },
    TRAINED: {
      description:
        "A model that was learned from texts of the operator's own by `alcove model build`. Its name becomes `name@fingerprint`, so that it is never mistaken for a later one.",
    },
    LOCAL: {
      description:
        'A sentence-transformer in ONNX on the server, as `alcove model pull` fetches it: `all-MiniLM-L6-v2`.',
    },
    COHERE: {
      description:
        'Cohere, with `embed-english-v3.0` or later. Documents and queries are told apart by its input types.',
    },
    OPENAI: {
      description:
        "OpenAI, or a server that speaks as it does (vLLM, Text Embeddings Inference, LM Studio …): wherever the operator's base URL leads.",
    },
    OLLAMA: { description: "The operator's Ollama." },
    EXTERNAL: { description: 'The caller, who gives a vector with every chunk and with every search.' },
  },
});

export const EmbeddingContract = builder.objectRef<EmbeddingContractShape>('EmbeddingContract').implement({
  description: 'What every vector of a library has in common. Fixed when the first vector goes in.',
  fields: (t) => ({
    provider: t.expose('provider', {
      type: EmbeddingProvider,
      description: 'Who makes the vectors. Example: `BUILTIN`',
    }),
    model: t.exposeString('model', {
      description:
        'The model\'s name; for EXTERNAL a note of the caller\'s. Example: `"text-embedding-3-small"`',
    }),
    dimension: t.exposeInt('dimension', {
      nullable: true,
      description: 'How many numbers a vector has; null until the first vector says so. Example: `384`',
    }),
    metric: t.expose('metric', { type: Metric, description: 'How near is measured. Example: `COSINE`' }),
    normalized: t.exposeBoolean('normalized', {
      description: 'Whether every vector has norm 1, as the model promises.',
    }),
    documentPrefix: t.exposeString('documentPrefix', {
      nullable: true,
      description:
        'What is put before every text to be found, if the model wants something there. Example: `"search_document: "`',
    }),
    queryPrefix: t.exposeString('queryPrefix', {
      nullable: true,
      description:
        'What is put before every text to find with, if the model wants something there. Example: `"search_query: "`',
    }),
    frozen: t.exposeBoolean('frozen', {
      description: 'Whether the first vector is in, so that this is fixed.',
    }),
  }),
});

export const EmbeddingContractInput = builder.inputType('EmbeddingContractInput', {
  description: `What every vector of the library will have in common.
Example, for vectors made elsewhere: \`{ provider: EXTERNAL, model: "text-embedding-3-small", dimension: 1536, metric: COSINE }\``,
  fields: (t) => ({
    provider: t.field({
      type: EmbeddingProvider,
      description: 'Who makes the vectors; BUILTIN if left out. Example: `EXTERNAL`',
    }),
    model: t.string({
      description:
        'The model. For BUILTIN one that the server has (its own if left out); for COHERE, OPENAI and OLLAMA one that they have; for EXTERNAL any note. Example: `"text-embedding-3-small"`',
    }),
    dimension: t.int({
      description:
        'How many numbers a vector has. For BUILTIN 64 to 4,096, 384 if left out; for COHERE, OPENAI and OLLAMA one that the model can make, its own if left out; for EXTERNAL 1 to 16,384, and if left out the first vector says it. Example: `1536`',
    }),
    metric: t.field({
      type: Metric,
      description: 'How near is measured; COSINE if left out. Example: `DOT`',
    }),
    normalized: t.boolean({
      description:
        'Whether every vector will have norm 1. For EXTERNAL the callers see to it, false if left out; for COHERE, OPENAI and OLLAMA the server scales them, true if left out; those of BUILTIN always have it. Example: `true`',
    }),
    documentPrefix: t.string({
      description:
        'What the server puts before every text to be found; as its card wants it for a model that is known, and nothing otherwise, if left out. Example: `"passage: "`',
    }),
    queryPrefix: t.string({
      description:
        'What the server puts before every text to find with; as its card wants it for a model that is known, and nothing otherwise, if left out. Example: `"query: "`',
    }),
  }),
});

/**
 * The contract that an input asks for, completed from the embedder that will keep it.
 * @throws AlcoveError InvalidArgumentError for a model or dimension that there is not.
 */
export async function contractFrom(
  input: typeof EmbeddingContractInput.$inferInput,
  context: Context,
): Promise<Omit<EmbeddingContractShape, 'frozen'>> {
  const { provider, metric, dimension } = { ...DEFAULT_EMBEDDING, ...given(input) };
  if (provider === 'EXTERNAL') {
    checkNoPrefix(input);
    return { provider, metric, dimension, model: input.model ?? '', normalized: input.normalized ?? false };
  }
  const model = input.model ?? defaultModel(provider);
  const normalized = input.normalized ?? true;
  const prefixes = prefixesFrom(input, model);
  const asked = { provider, metric, dimension, model, normalized, ...prefixes, frozen: false };
  const embedder = await placedLater(['embedding'], () => context.embedderFor(asked));
  return {
    provider,
    metric,
    model: embedder.model,
    dimension: embedder.dimension,
    normalized: embedder.normalized,
    ...prefixes,
  };
}

/** @throws AlcoveError InvalidArgumentError for a prefix that nobody would put before anything. */
function checkNoPrefix(input: typeof EmbeddingContractInput.$inferInput): void {
  for (const name of ['documentPrefix', 'queryPrefix'] as const) {
    if (input[name])
      throw invalidArgument('a prefix', quote(input[name]), 'none: the callers embed the texts (EXTERNAL)', [
        'embedding',
        name,
      ]);
  }
}

/** The prefixes asked for, or else those that the model is known to want; an empty one is none. */
function prefixesFrom(
  input: typeof EmbeddingContractInput.$inferInput,
  model: string,
): Pick<EmbeddingContractShape, 'documentPrefix' | 'queryPrefix'> {
  const known = knownModel(model);
  const { documentPrefix, queryPrefix } = {
    documentPrefix: input.documentPrefix ?? known?.documentPrefix,
    queryPrefix: input.queryPrefix ?? known?.queryPrefix,
  };
  return {
    ...(documentPrefix ? { documentPrefix } : {}),
    ...(queryPrefix ? { queryPrefix } : {}),
  };
}

/** @throws AlcoveError InvalidArgumentError where a provider has no model of its own. */
function defaultModel(provider: EmbeddingContractShape['provider']): string {
  if (provider === 'BUILTIN') return BUILTIN_MODEL;
  const names =
    provider === 'TRAINED' || provider === 'LOCAL' ? 'alcove model list prints them' : 'it calls them';
  throw new AlcoveError(
    'InvalidArgumentError',
    `The provider ${provider} has no model of its own: name one, as ${names}.`,
    { path: ['embedding', 'model'], detail: { got: null, expected: 'a model' } },
  );
}
