import { setImmediate as nextTurn } from 'node:timers/promises';
import { foldCase } from '../store/foldCase.ts';
import type { IndexedText } from '../store/words.ts';
import { wordsOf } from '../words/tokens.ts';
import { trigramsOf } from '../words/trigrams.ts';
import type { KeywordSettings } from './types.ts';

/** How words are indexed when nobody says. */
export const DEFAULT_KEYWORDS: KeywordSettings = { language: 'ENGLISH', substrings: false };

/** Others have their turn after so long. */
const SLICE_MS = 4;

/** The words of a text as they are indexed under a language. */
export interface CutText {
  readonly language: KeywordSettings['language'];
  /** In order, one space between two. */
  readonly words: string;
  readonly count: number;
}

export function cutText(text: string, language: KeywordSettings['language']): CutText {
  const words = wordsOf(text, language);
  return { language, words: words.join(' '), count: words.length };
}

/** The words of texts, in order; others have their turn in between. It takes longer than all else of writing a chunk. */
export async function cutTexts(
  texts: readonly string[],
  language: KeywordSettings['language'],
): Promise<CutText[]> {
  const cuts: CutText[] = [];
  let sliceStart = performance.now();
  for (const text of texts) {
    cuts.push(cutText(text, language));
    if (performance.now() - sliceStart < SLICE_MS) continue;
    await nextTurn();
    sliceStart = performance.now();
  }
  return cuts;
}

/**
 * A chunk's text as it is indexed under its library's settings.
 * @param cut its words, if they are known; those of another language do not count.
 */
export function indexedText(
  ordinal: number,
  text: string,
  { language, substrings }: KeywordSettings,
  cut?: CutText,
): IndexedText {
  const { words, count } = cut?.language === language ? cut : cutText(text, language);
  return { ordinal, words, count, trigrams: substrings ? trigramsOf(foldCase(text)) : undefined };
}
