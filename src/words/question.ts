import { tokensOf, type WordLanguage, wordsOf } from './tokens.ts';
import { TRIGRAM_LENGTH } from './trigrams.ts';

/** What a text is searched for by. */
export type QueryTerm =
  | { readonly kind: 'WORD'; readonly word: string }
  /** Words that begin so. */
  | { readonly kind: 'PREFIX'; readonly prefix: string }
  /** Words that follow each other. `isRequired`: what does not have them is no hit. */
  | { readonly kind: 'PHRASE'; readonly words: readonly string[]; readonly isRequired: boolean }
  /** A part of the text, whatever its words; any case. */
  | { readonly kind: 'SUBSTRING'; readonly text: string };

/** Different terms of one question that are looked at: those of a long paragraph. */
const MAX_TERMS = 128;
/** Words of a phrase. */
const MAX_PHRASE_WORDS = 16;
/** Shorter beginnings have too many words. */
const MIN_PREFIX_LENGTH = 2;
/** `"…"`, or anything without spaces. A quote without its partner belongs to the latter. */
const PIECE = /"([^"]*)"|\S+/g;

/**
 * Reads what a user has typed. Everything is words, except for
 * - `"red button"`: these words in this order, without which nothing is a hit;
 * - `butt*`: words that begin so;
 * - `*utto*`: texts in which this stands anywhere.
 *
 * A piece of several words such as `chunk_key` or `v1.2.3` is its words, and their order counts in favour of a text. There
 * is no other syntax, and nothing is malformed: what is not one of these forms is read as words.
 */
export function readQuestion(text: string, language: WordLanguage): QueryTerm[] {
  const terms = new Map<string, QueryTerm>();
  for (const match of text.matchAll(PIECE)) {
    const [piece, quoted] = match;
    const read = quoted === undefined ? readPiece(piece, language) : readQuoted(quoted, language);
    for (const term of read) {
      if (terms.size >= MAX_TERMS) return [...terms.values()];
      terms.set(JSON.stringify(term), term);
    }
  }
  return [...terms.values()];
}

function readQuoted(quoted: string, language: WordLanguage): QueryTerm[] {
  const words = wordsOf(quoted, language).slice(0, MAX_PHRASE_WORDS);
  return words.length === 0 ? [] : [...asWords(words), { kind: 'PHRASE', words, isRequired: true }];
}

function readPiece(piece: string, language: WordLanguage): QueryTerm[] {
  const part = /^\*([^*]+)\*$/.exec(piece)?.[1];
  if (part !== undefined && part.length >= TRIGRAM_LENGTH) return [{ kind: 'SUBSTRING', text: part }];
  const words = wordsOf(piece, language);
  const prefix = /^[^*]+\*$/.test(piece) ? prefixOf(piece) : undefined;
  if (prefix !== undefined) return [...asWords(words.slice(0, -1)), { kind: 'PREFIX', prefix }];
  const isPhrase = words.length > 1 && words.length <= MAX_PHRASE_WORDS;
  return [...asWords(words), ...(isPhrase ? [{ kind: 'PHRASE', words, isRequired: false } as const] : [])];
}

/**
 * What the last word of a piece such as `condition*` begins with, in every form: the part that it shares with its stem.
 * Undefined if the star does not follow a word, or hardly anything is left.
 */
function prefixOf(piece: string): string | undefined {
  const last = tokensOf(piece, 'NONE').at(-1);
  if (last === undefined || last.end !== piece.length - 1) return undefined;
  const [stem = ''] = wordsOf(last.word, 'ENGLISH');
  let length = 0;
  while (length < stem.length && stem[length] === last.word[length]) length++;
  return length < MIN_PREFIX_LENGTH ? undefined : last.word.slice(0, length);
}

function asWords(words: readonly string[]): QueryTerm[] {
  return words.map((word) => ({ kind: 'WORD', word }));
}
