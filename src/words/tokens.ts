import { stem } from './stem.ts';

/** What words are reduced to: English words to their stems, or nothing beyond case and accents. */
export type WordLanguage = 'ENGLISH' | 'NONE';

/** A word of a text: its indexed form, and where it stands (UTF-16 code units, `end` exclusive). */
export interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Code units of a word that are kept: what is longer is data, and its beginning tells it apart. */
const MAX_WORD_LENGTH = 64;
const LAST_ASCII = 0x7f;

/** In these scripts nothing stands between words, so each character is a word, and a longer word is a phrase of them. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const WORD = new RegExp(
  `[[${UNSPACED}]&&\\p{L}]\\p{M}*|[[\\p{L}\\p{N}\\p{M}]--[[${UNSPACED}]&&\\p{L}]]+`,
  'gv',
);
const NOT_INDEXED = /[^\p{L}\p{N}]/gu;

/**
 * The words of a text in order: runs of letters and digits, as FTS5's `unicode61 remove_diacritics 2` cuts them, in lower
 * case and without accents, under ENGLISH stemmed (Porter). `snake_case` and `v1.2` are several words.
 */
export function tokensOf(text: string, language: WordLanguage): Token[] {
  const tokens: Token[] = [];
  eachRun(text, (start, end) => {
    const word = indexedForm(text.slice(start, end), language);
    if (word !== '') tokens.push({ word, start, end });
  });
  return tokens;
}

/** The indexed forms of {@link tokensOf}, without their places. */
export function wordsOf(text: string, language: WordLanguage): string[] {
  const words: string[] = [];
  eachRun(text, (start, end) => {
    const word = indexedForm(text.slice(start, end), language);
    if (word !== '') words.push(word);
  });
  return words;
}

function eachRun(text: string, visit: (start: number, end: number) => void): void {
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > LAST_ASCII) {
      eachUnicodeRun(text, Math.max(0, start < 0 ? at : start), visit);
      return;
    }
    if (isAsciiWord(unit)) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      visit(start, at);
      start = -1;
    }
  }
  if (start >= 0) visit(start, text.length);
}

/** The runs of a text from a place on that begins one, or lies between two. */
function eachUnicodeRun(text: string, from: number, visit: (start: number, end: number) => void): void {
  WORD.lastIndex = from;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    visit(match.index, match.index + match[0].length);
  }
}

function isAsciiWord(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57);
}

function indexedForm(run: string, language: WordLanguage): string {
  const word = isAscii(run) ? run.toLowerCase() : folded(run);
  const kept = word.length > MAX_WORD_LENGTH ? word.slice(0, MAX_WORD_LENGTH).toWellFormed() : word;
  return language === 'ENGLISH' ? stem(kept) : kept;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > LAST_ASCII) return false;
  return true;
}

function folded(run: string): string {
  return run.toLowerCase().normalize('NFKD').toLowerCase().replace(NOT_INDEXED, '');
}
