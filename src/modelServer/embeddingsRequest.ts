import { z } from 'zod';
import type { Embedded } from '../embedding/Embedder.ts';
import { OpenAiError } from './OpenAiError.ts';

/** Texts of one request, as OpenAI has it. */
export const MAX_INPUTS = 2_048;

/** Fields of OpenAI's that mean nothing here (`user`) are passed over. */
const REQUEST = z.object({
  model: z.string('expected the name of a model, as GET /v1/models lists them').min(1),
  input: z.union(
    [z.string(), z.array(z.string()).min(1).max(MAX_INPUTS)],
    `expected a string, or an array of 1 to ${MAX_INPUTS} strings`,
  ),
  encoding_format: z.enum(['float', 'base64'], 'expected "float" or "base64"').default('float'),
  dimensions: z.int('expected a whole number').min(1).max(16_384).nullish(),
});

/** What is asked for. */
export interface EmbeddingsRequest {
  readonly model: string;
  readonly texts: readonly string[];
  readonly encoding: 'float' | 'base64';
  /** Numbers in a vector, if that is said. */
  readonly dimension: number | null;
}

/** @throws OpenAiError 400 naming the field, what it held and what it takes. */
export function parseEmbeddingsRequest(body: string): EmbeddingsRequest {
  const parsed = REQUEST.safeParse(parseJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = String(issue?.path[0] ?? '');
    throw new OpenAiError(
      400,
      param === '' ? 'The body is not a JSON object.' : `${param}: ${issue?.message}`,
      {
        ...(param === '' ? {} : { param }),
      },
    );
  }
  const { model, input, encoding_format: encoding, dimensions } = parsed.data;
  return {
    model,
    texts: typeof input === 'string' ? [input] : input,
    encoding,
    dimension: dimensions ?? null,
  };
}

function parseJson(body: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new OpenAiError(400, 'The body is not JSON.');
  }
  if (typeof value === 'object' && value !== null && 'input' in value && hasTokens(value.input)) {
    throw new OpenAiError(
      400,
      'input: got arrays of tokens; expected text. Tokens are numbers of a vocabulary that these models do not have.',
      { param: 'input', code: 'tokens_not_supported' },
    );
  }
  return value;
}

/** Whether an input is `[1, 2]` or `[[1, 2], [3]]`. */
function hasTokens(input: unknown): boolean {
  const [first] = Array.isArray(input) ? input.flat() : [];
  return typeof first === 'number';
}

/**
 * The answer's body. Beside what OpenAI has, `truncated` lists the indices of texts of which the model read the beginning
 * alone. Tokens are those that the model read; where it reads words, these and the marks between them.
 */
export function embeddingsAnswer(request: EmbeddingsRequest, model: string, embedded: Embedded): object {
  const { vectors, dimension, truncated, tokens } = embedded;
  const counted = tokens ?? request.texts.map(wordsAndMarks);
  const total = counted.reduce((sum, count) => sum + count, 0);
  return {
    object: 'list',
    data: request.texts.map((_, index) => ({
      object: 'embedding',
      index,
      embedding: encoded(vectors.subarray(index * dimension, (index + 1) * dimension), request.encoding),
    })),
    model,
    usage: { prompt_tokens: total, total_tokens: total },
    ...(truncated.length === 0 ? {} : { truncated }),
  };
}

function wordsAndMarks(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu)) count += 1;
  return count;
}

/** Base64 is of float32, little-endian. */
function encoded(vector: Float32Array, encoding: EmbeddingsRequest['encoding']): number[] | string {
  if (encoding === 'float') return Array.from(vector);
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
}
