import { createRequire } from 'node:module';

type Tokenizer = typeof import('gpt-tokenizer/encoding/o200k_base');

/** Text that looks like a control token is text. */
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };
/** Byte pair encoding takes time in the square of a word's length, so longer words are counted in parts. */
const MAX_WORD_PART = 32;
/** Words remembered: a vocabulary. */
const MAX_REMEMBERED = 100_000;

const remembered = new Map<string, number>();

/** The vocabulary takes some 75 MB and most of a second, so it is there only where tokens are counted. */
let tokenizer: Tokenizer | undefined;

/**
 * How many tokens of the o200k_base vocabulary a text has, word by word: what the tokenizer itself says but for the
 * seams, where it may save a token. Sizes add up (white space ends a word), and time is in proportion to length.
 */
export function tokenCount(text: string): number {
  let count = 0;
  for (const [run] of text.matchAll(/\s+|\S+/g)) {
    if (run === ' ') continue;
    count += /\s/.test(run[0] ?? '') ? spaceCount(run) : wordCount(run);
  }
  return count;
}

function wordCount(word: string): number {
  let count = countOf(` ${word.slice(0, MAX_WORD_PART)}`);
  for (let at = MAX_WORD_PART; at < word.length; at += MAX_WORD_PART) {
    count += countOf(word.slice(at, at + MAX_WORD_PART));
  }
  return count;
}

function spaceCount(space: string): number {
  let count = 0;
  for (let at = 0; at < space.length; at += MAX_WORD_PART)
    count += countOf(space.slice(at, at + MAX_WORD_PART));
  return count;
}

function countOf(part: string): number {
  const known = remembered.get(part);
  if (known !== undefined) return known;
  tokenizer ??= loadTokenizer();
  const count = tokenizer.countTokens(part, AS_TEXT);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(part, count);
  return count;
}

function loadTokenizer(): Tokenizer {
  return createRequire(import.meta.url)('gpt-tokenizer/encoding/o200k_base');
}
