import { FUNCTION_WORDS } from './functionWords.ts';

/** Scripts that put no spaces between words: there a pair of neighbouring characters stands for a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** Longer runs of letters and digits are keys and hashes, of which a model learns nothing but their number. */
export const MAX_WORD_CHARACTERS = 40;

/**
 * The words of a text that say what it is about, in order, folded by NFKC and to lower case: its runs of letters and
 * digits without function words, and in scripts without spaces every pair of neighbouring characters, as search engines
 * index them (Lucene's CJKAnalyzer).
 */
export function contentWords(text: string): string[] {
  const words: string[] = [];
  for (const [run] of text.normalize('NFKC').toLowerCase().matchAll(WORD)) {
    if (UNSPACED.test(run)) addPairs(run, words);
    else if (run.length <= MAX_WORD_CHARACTERS && !FUNCTION_WORDS.has(run)) words.push(run);
  }
  return words;
}

function addPairs(run: string, words: string[]): void {
  const characters = [...run];
  if (characters.length === 1) words.push(run);
  for (let at = 0; at + 1 < characters.length; at++) words.push(`${characters[at]}${characters[at + 1]}`);
}
