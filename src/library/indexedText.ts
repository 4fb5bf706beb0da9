import { foldCase } from '../store/foldCase.ts';
import type { IndexedText } from '../store/words.ts';
import { wordsOf } from '../words/tokens.ts';
import { trigramsOf } from '../words/trigrams.ts';
import type { KeywordSettings } from './types.ts';

/** How words are indexed when nobody says. */
export const DEFAULT_KEYWORDS: KeywordSettings = { language: 'ENGLISH', substrings: false };

/** A chunk's text as it is indexed under its library's settings. */
export function indexedText(
  ordinal: number,
  text: string,
  { language, substrings }: KeywordSettings,
): IndexedText {
  return {
    ordinal,
    words: wordsOf(text, language),
    trigrams: substrings ? trigramsOf(foldCase(text)) : undefined,
  };
}
