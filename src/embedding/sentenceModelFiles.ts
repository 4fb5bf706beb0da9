import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AlcoveError } from '../errors.ts';

/** How a text's vector comes of its tokens' vectors. */
export type Pooling = 'MEAN' | 'CLS' | 'LAST';

/** The variants of a model that hubs carry, by what Transformers.js calls them and what their files end in. */
export const VARIANTS = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const;
export type Variant = keyof typeof VARIANTS;

/** What a sentence-transformer's folder says of it. */
export interface SentenceModelFiles {
  readonly path: string;
  /** `onnx`, or nothing where the model lies beside its configuration. */
  readonly subfolder: string;
  readonly variant: Variant;
  readonly pooling: Pooling;
  /** Tokens that the model was trained to read; null where no file says so. */
  readonly maxTokens: number | null;
}

const POOLING = z.object({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_mean_tokens: z.boolean().default(false),
  pooling_mode_lasttoken: z.boolean().default(false),
});
const SENTENCE_CONFIG = z.object({ max_seq_length: z.number().int().positive().nullish() });
const TOKENIZER_CONFIG = z.object({ model_max_length: z.number().positive().nullish() });
const CONFIG = z.object({ max_position_embeddings: z.number().int().positive().nullish() });

/** Tokenizers without a limit say so by a number as large as this and more. */
const UNLIMITED = 1_000_000;

/**
 * Reads the small files of a sentence-transformer's folder, as sentence-transformers writes them.
 * @throws AlcoveError EmbedderError when a file is not what it should be, or there is no ONNX file.
 */
export function readSentenceModelFiles(path: string): SentenceModelFiles {
  const onnx = findOnnx(path);
  if (onnx === undefined) {
    const expected = `onnx/model.onnx or one that ends in ${Object.values(VARIANTS).slice(1).join(', ')}`;
    throw broken(path, `it has no ${expected}`);
  }
  return { path, ...onnx, pooling: poolingOf(path), maxTokens: maxTokensOf(path) };
}

function findOnnx(path: string): { readonly subfolder: string; readonly variant: Variant } | undefined {
  for (const subfolder of ['onnx', '']) {
    for (const variant of Object.keys(VARIANTS).filter(isVariant)) {
      if (existsSync(join(path, subfolder, `model${VARIANTS[variant]}.onnx`))) return { subfolder, variant };
    }
  }
  return undefined;
}

/** Whether a text names a variant. */
export function isVariant(name: string): name is Variant {
  return Object.hasOwn(VARIANTS, name);
}

function poolingOf(path: string): Pooling {
  const pooling = readJson(path, '1_Pooling/config.json', POOLING);
  if (pooling === undefined || pooling.pooling_mode_mean_tokens) return 'MEAN';
  if (pooling.pooling_mode_cls_token) return 'CLS';
  if (pooling.pooling_mode_lasttoken) return 'LAST';
  throw broken(path, '1_Pooling/config.json asks for a pooling other than mean, cls and last token');
}

/** The smallest of the limits that the files name. */
function maxTokensOf(path: string): number | null {
  const limits = [
    readJson(path, 'sentence_bert_config.json', SENTENCE_CONFIG)?.max_seq_length,
    readJson(path, 'tokenizer_config.json', TOKENIZER_CONFIG)?.model_max_length,
    readJson(path, 'config.json', CONFIG)?.max_position_embeddings,
  ].filter((limit): limit is number => typeof limit === 'number' && limit < UNLIMITED);
  return limits.length === 0 ? null : Math.min(...limits);
}

function readJson<Shape>(path: string, name: string, schema: z.ZodType<Shape>): Shape | undefined {
  const file = join(path, name);
  if (!existsSync(file)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw broken(path, `${name} cannot be read`, cause);
  }
}

function broken(path: string, what: string, cause?: unknown): AlcoveError {
  return new AlcoveError(
    'EmbedderError',
    `The model ${basename(path)} is no sentence-transformer in ONNX: ${what}. Fetch it again by alcove model pull.`,
    { retryable: false, ...(cause === undefined ? {} : { cause }) },
  );
}
