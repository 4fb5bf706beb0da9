import { cutByEstimate, estimateTokens } from '../estimateTokens.ts';

/** A run without a space that is longer than this is estimated: to merge its pairs would take its square. */
const MAX_TOKENIZED_RUN = /\S{4096}/;

/** As much of a text as its model reads. */
export interface FittedText {
  readonly text: string;
  readonly truncated: boolean;
}

/** Fits texts into `maxTokens`: exactly by a tokenizer, or by estimate. */
export type TokenFit = (text: string) => FittedText;

export function fitByEstimate(maxTokens: number): TokenFit {
  return (text) => {
    const cut = cutByEstimate(text, maxTokens);
    return { text: cut, truncated: cut.length < text.length };
  };
}

/** By the tokenizer of OpenAI's embedding models, which is loaded now (some 45 MB). */
export async function fitByTokenizer(maxTokens: number): Promise<TokenFit> {
  const { encodeGenerator, decode } = await import('gpt-tokenizer/encoding/cl100k_base');
  const estimated = fitByEstimate(maxTokens);
  return (text) => {
    // A token is at least one byte, so most texts need not be tokenized.
    if (Buffer.byteLength(text) <= maxTokens) return { text, truncated: false };
    if (MAX_TOKENIZED_RUN.test(text)) return estimated(text);
    let tokens = 0;
    let length = 0;
    // Names of special tokens are text here, as any other.
    for (const piece of encodeGenerator(text, { disallowedSpecial: new Set() })) {
      tokens += piece.length;
      if (tokens > maxTokens) return { text: text.slice(0, length), truncated: true };
      length += decode(piece).length;
    }
    return { text, truncated: false };
  };
}

/** Neighbouring items in groups of at most `maxTexts` texts and, unless one alone has more, `maxTokens` estimated tokens. */
export function batchesOf<T extends { readonly text: string }>(
  items: readonly T[],
  { maxTexts, maxTokens }: { readonly maxTexts: number; readonly maxTokens: number },
): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let tokens = 0;
  for (const item of items) {
    const cost = estimateTokens(item.text);
    if (batch.length > 0 && (batch.length === maxTexts || tokens + cost > maxTokens)) {
      batches.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(item);
    tokens += cost;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
