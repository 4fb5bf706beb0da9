import { createRequire } from 'node:module';

type Tokenizer = typeof import('gpt-tokenizer/encoding/o200k_base');

/** Text that looks like a control token is text. */
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
/** Byte pair encoding takes time in the square of a word's length, so longer words are counted in parts. */
const MAX_WORD_PART = 32;
/** Words remembered: a vocabulary. */
const MAX_REMEMBERED = 100_000;
/** V8 copies parts of a text up to here; a longer part would hold on to the text as long as it is remembered. */
const MAX_COPIED = 12;

/** By short words, without the space before them; and by what is counted as it is. */
const beginnings = new Map<string, number>();
const parts = new Map<string, number>();

/** The vocabulary takes some 75 MB and most of a second, so it is there only where tokens are counted. */
let tokenizer: Tokenizer | undefined;

/**
 * How many tokens of the o200k_base vocabulary a text has, word by word: what the tokenizer itself says but for the
 * seams, where it may save a token. Sizes add up (white space ends a word), and time is in proportion to length.
 */
export function tokenCount(text: string): number {
  // Between most words.
  if (text === ' ') return 0;
  let count = 0;
  for (const [run] of text.matchAll(/\s+|\S+/g)) {
    if (run !== ' ') count += /\s/.test(run[0] ?? '') ? partsCount(run, 0) : wordTokenCount(run);
  }
  return count;
}

/** The tokens of one word, which has no white space in it, with the space before it. */
export function wordTokenCount(word: string): number {
  if (word.length > MAX_COPIED) {
    return countOf(` ${word.slice(0, MAX_WORD_PART)}`) + partsCount(word, MAX_WORD_PART);
  }
  const known = beginnings.get(word);
  if (known !== undefined) return known;
  const count = tokensOf(` ${word}`);
  remember(beginnings, word, count);
  return count;
}

function partsCount(run: string, from: number): number {
  let count = 0;
  for (let at = from; at < run.length; at += MAX_WORD_PART)
    count += countOf(run.slice(at, at + MAX_WORD_PART));
  return count;
}

function countOf(part: string): number {
  const known = parts.get(part);
  if (known !== undefined) return known;
  const count = tokensOf(part);
  // What was joined with a space is a text of its own, however long.
  if (part.length <= MAX_COPIED || /^ \S/.test(part)) remember(parts, part, count);
  return count;
}

function tokensOf(text: string): number {
  tokenizer ??= loadTokenizer();
  return tokenizer.countTokens(text, AS_TEXT);
}

function remember(counts: Map<string, number>, text: string, count: number): void {
  if (counts.size >= MAX_REMEMBERED) counts.clear();
  counts.set(text, count);
}

function loadTokenizer(): Tokenizer {
  return createRequire(import.meta.url)('gpt-tokenizer/encoding/o200k_base');
}
