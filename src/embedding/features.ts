import { FUNCTION_WORDS } from './functionWords.ts';
import { finish, mix } from './murmur3.ts';

/** How often each feature of a text occurs, by the feature's hash: whole words, and character n-grams. */
export interface Features {
  readonly words: Map<number, number>;
  readonly grams: Map<number, number>;
}

/** A function word counts as this part of an occurrence, so that it decides only where nothing else does. */
const FUNCTION_WORD_WEIGHT = 0.1;

/** Lengths of character n-grams, the word's two borders included: `<word>` as in fastText (Bojanowski et al., 2017). */
const GRAM_LENGTHS = { min: 3, max: 5 };

/** Scripts that put no spaces between words: there an n-gram of one to three characters is what a word is elsewhere. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const UNSPACED_GRAM_LENGTHS = { min: 1, max: 3 };

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const SYMBOLS = /[^\s\p{Cc}]+/gu;

/** Seeds keep a word apart from an n-gram of the same characters. */
const WORD_SEED = 0x9747b28c;
const GRAM_SEED = 0x3c6ef372;

export function emptyFeatures(): Features {
  return { words: new Map(), grams: new Map() };
}

/** Adds the words and n-grams of `text` (folded by NFKC and to lower case) to `features`. */
export function countWords(text: string, features: Features): void {
  for (const [word] of fold(text).matchAll(WORD)) {
    if (FUNCTION_WORDS.has(word)) {
      count(features.words, wordHash(word), FUNCTION_WORD_WEIGHT);
      continue;
    }
    count(features.words, wordHash(word), 1);
    if (UNSPACED.test(word)) countGrams(word, UNSPACED_GRAM_LENGTHS, features.grams);
    else countGrams(` ${word} `, GRAM_LENGTHS, features.grams);
  }
}

/** Adds what a text without words is made of: its runs of symbols, and their n-grams of one to three characters. */
export function countSymbols(text: string, features: Features): void {
  for (const [run] of fold(text).matchAll(SYMBOLS)) {
    count(features.words, wordHash(run), 1);
    countGrams(run, UNSPACED_GRAM_LENGTHS, features.grams);
  }
}

/** The one feature of a text in which there is nothing at all. */
export function countNothing(features: Features): void {
  count(features.words, wordHash(''), 1);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

export function wordHash(word: string): number {
  let hash = WORD_SEED;
  for (let at = 0; at < word.length; at++) hash = mix(hash, word.charCodeAt(at));
  return finish(hash, word.length);
}

/** Visits the hash of every n-gram of a word, its borders included. */
export function eachGram(word: string, visit: (hash: number) => void): void {
  hashGrams(` ${word} `, GRAM_LENGTHS, visit);
}

function countGrams(text: string, lengths: typeof GRAM_LENGTHS, grams: Map<number, number>): void {
  hashGrams(text, lengths, (hash) => count(grams, hash, 1));
}

function hashGrams(text: string, { min, max }: typeof GRAM_LENGTHS, visit: (hash: number) => void): void {
  for (let start = 0; start + min <= text.length; start++) {
    let hash = GRAM_SEED;
    const longest = Math.min(max, text.length - start);
    for (let length = 1; length <= longest; length++) {
      hash = mix(hash, text.charCodeAt(start + length - 1));
      if (length >= min) visit(finish(hash, length));
    }
  }
}

function count(counts: Map<number, number>, hash: number, weight: number): void {
  counts.set(hash, (counts.get(hash) ?? 0) + weight);
}
