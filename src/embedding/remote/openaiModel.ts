import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { z } from 'zod';
import { knownModel } from '../knownModels.ts';
import { askModel } from './askModel.ts';
import type { Endpoint } from './Endpoint.ts';
import type { RemoteModel } from './RemoteModel.ts';
import { fitByEstimate, fitByTokenizer, type TokenFit } from './tokenFit.ts';

/** What OpenAI takes by far (2,048 texts and 300,000 tokens), and what servers of one's own do (TEI: 32 texts). */
const OPENAI_LIMITS = { maxTexts: 256, maxTokens: 150_000 };
const SERVER_LIMITS = { maxTexts: 32, maxTokens: 16_000 };

/** Tokens that a model is taken to read of which nobody says it: as many as BERT and most of its kin. */
const ASSUMED_MAX_TOKENS = 512;
/** Of the tokens that a model reads, those that it needs itself. */
const SPECIAL_TOKENS = 4;

/** A server that does not list its models by then is taken not to. */
const LISTING_LIMIT_MS = 5_000;

/** What `GET /models` says of a model: vLLM and `alcove model serve` `max_model_len`, others what their names say. */
const LISTING = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_model_len: z.number().optional(),
      max_input_length: z.number().optional(),
      context_length: z.number().optional(),
    }),
  ),
});

/** What goes by the order of `data` alone would be wrong where a server answers in another one. */
const NUMBERED = z.object({ data: z.array(z.object({ index: z.number().int() })) });

/**
 * A model of OpenAI, or of a server that speaks as it does (POST /embeddings). Documents and queries are told apart by
 * prefixes at most. OpenAI's own texts are measured by its tokenizer; elsewhere a server may cut what is too long and say
 * nothing, so they are cut here, by estimate, to what the server, the operator or the model's card says that it reads.
 */
export function openaiModel(
  model: string,
  endpoint: Endpoint,
  options: { readonly maxTokens: number | undefined },
): RemoteModel {
  const { baseUrl, fetch } = endpoint;
  const known = knownModel(model);
  const embedding = createOpenAICompatible({ name: 'alcove', baseURL: baseUrl, fetch }).embeddingModel(model);
  const listed = new Listing(model, endpoint);
  return {
    provider: 'OPENAI',
    model,
    endpoint,
    keyVariable: 'ALCOVE_OPENAI_API_KEY',
    ...(known?.tokenizer === undefined ? SERVER_LIMITS : OPENAI_LIMITS),
    cutsOnDemand: false,
    tokenFit: async (signal): Promise<TokenFit> => {
      if (known?.tokenizer !== undefined) return fitByTokenizer(known.maxTokens);
      const maxTokens = (await listed.maxTokens(signal)) ?? options.maxTokens ?? known?.maxTokens;
      return fitByEstimate((maxTokens ?? ASSUMED_MAX_TOKENS) - SPECIAL_TOKENS);
    },
    request: async (texts, { dimension, signal }) => {
      const alcove = dimension === undefined ? {} : { dimensions: dimension };
      const { vectors, body } = await askModel(embedding, texts, { providerOptions: { alcove }, signal });
      return inOrder(vectors, body);
    },
  };
}

/** The vectors by the numbers that the answer gives them, where they are those of the texts; as they came otherwise. */
function inOrder(vectors: readonly (readonly number[])[], body: unknown): readonly (readonly number[])[] {
  const numbered = NUMBERED.safeParse(body);
  if (!numbered.success) return vectors;
  const places = numbered.data.data.map(({ index }) => index);
  if (new Set(places).size !== vectors.length || Math.min(...places) !== 0) return vectors;
  const ordered: (readonly number[])[] = [];
  for (const [at, place] of places.entries()) ordered[place] = vectors[at] ?? [];
  return ordered.length === vectors.length ? ordered : vectors;
}

/** Asks a server once how much its model reads. A server that could not be reached is asked again the next time. */
class Listing {
  readonly #model: string;
  readonly #endpoint: Endpoint;
  #answer: Promise<number | undefined> | undefined;

  constructor(model: string, endpoint: Endpoint) {
    this.#model = model;
    this.#endpoint = endpoint;
  }

  /** Undefined where the server does not say. */
  async maxTokens(signal: AbortSignal): Promise<number | undefined> {
    signal.throwIfAborted();
    this.#answer ??= this.#ask();
    try {
      return await this.#answer;
    } catch {
      this.#answer = undefined;
      return undefined;
    }
  }

  async #ask(): Promise<number | undefined> {
    const { baseUrl, fetch } = this.#endpoint;
    const response = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(LISTING_LIMIT_MS) });
    const listing = LISTING.safeParse(response.ok ? await response.json() : undefined);
    const entry = listing.data?.data.find(({ id }) => id === this.#model);
    const maxTokens = entry?.max_model_len ?? entry?.max_input_length ?? entry?.context_length;
    return maxTokens !== undefined && maxTokens > 2 * SPECIAL_TOKENS ? Math.floor(maxTokens) : undefined;
  }
}
