import type { ChunkingSettings } from '../library/types.ts';
import { lastGrapheme, type Range, splitWords } from './splitText.ts';
import { tokenCount, wordTokenCount } from './tokenCount.ts';

/** A range with its size, in a measure's unit. */
export interface Sized extends Range {
  readonly size: number;
}

/** What sizes are counted in. Sizes are of ranges that begin and end without white space. */
export interface Measure {
  sizeOf(text: string, range: Range): number;
  /** The size from the start of one range to the end of another after it. */
  joined(text: string, one: Sized, other: Sized): number;
  /** A range in parts of at most `max`: cut at white space where it can be, or else between two graphemes. */
  split(text: string, range: Range, max: number): Iterable<Range>;
}

const CHARACTERS: Measure = {
  sizeOf: (_text, { start, end }) => end - start,
  joined: (_text, one, other) => other.end - one.start,
  split: splitWords,
};

const TOKENS: Measure = {
  sizeOf: (text, { start, end }) => tokenCount(text.slice(start, end)),
  joined(text, one, other) {
    const between = text.slice(one.end, other.start);
    if (between === '') return tokenCount(text.slice(one.start, other.end));
    return one.size + tokenCount(between) + other.size;
  },
  split: splitTokens,
};

export const MEASURES: Readonly<Record<ChunkingSettings['unit'], Measure>> = { CHARACTERS, TOKENS };

/** The words of a range, each in parts of at most `max` tokens, filled up to `max`. */
function* splitTokens(text: string, range: Range, max: number): Generator<Range> {
  let part: Sized | undefined;
  for (const word of wordsOf(text, range, max)) {
    const size = part ? TOKENS.joined(text, part, word) : word.size;
    if (part && size > max) {
      yield part;
      part = word;
    } else {
      part = { start: part?.start ?? word.start, end: word.end, size };
    }
  }
  if (part) yield part;
}

/** Words and what is between them apart; a word above `max` tokens comes in parts. */
export function* wordsOf(text: string, { start, end }: Range, max: number): Generator<Sized> {
  for (const match of text.slice(start, end).matchAll(/\S+/g)) {
    let at = start + match.index;
    const [word] = match;
    const wordEnd = at + word.length;
    const size = wordTokenCount(word);
    if (size <= max) {
      yield { start: at, end: wordEnd, size };
      continue;
    }
    while (at < wordEnd) {
      const partEnd = at + fitting(text.slice(at, wordEnd), max);
      yield { start: at, end: partEnd, size: tokenCount(text.slice(at, partEnd)) };
      at = partEnd;
    }
  }
}

/** How much of a word, in whole graphemes where one fits at all, has at most `max` tokens. */
function fitting(word: string, max: number): number {
  // No token is longer than what a word is counted in at a time, so this window never hides what would fit.
  const window = word.slice(0, max * MAX_TOKEN_CHARACTERS);
  if (tokenCount(window) <= max)
    return window.length === word.length ? word.length : lastGrapheme(word, window.length);
  let [fits, over] = [1, window.length];
  while (over - fits > 1) {
    const middle = (fits + over) >> 1;
    if (tokenCount(window.slice(0, middle)) <= max) fits = middle;
    else over = middle;
  }
  return lastGrapheme(word, fits);
}

const MAX_TOKEN_CHARACTERS = 32;
