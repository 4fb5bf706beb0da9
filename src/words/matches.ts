import type { QueryTerm } from './question.ts';
import { type Token, tokensOf, type WordLanguage } from './tokens.ts';

/** A place in a text where a term of the question stands; UTF-16 code units, `end` exclusive. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** What of a question stands in a text. */
export interface TextMatches {
  /** How often each term occurs, in the order of the question's terms. */
  readonly counts: readonly number[];
  /** Words of the text. */
  readonly length: number;
  /** Where they stand, in order, none within another. */
  readonly matches: readonly Match[];
}

/** Looks for the terms of a question in texts, word by word. */
export class TextMatcher {
  readonly #language: WordLanguage;
  readonly #terms: readonly QueryTerm[];
  readonly #words = new Map<string, number>();
  readonly #phrasesByFirst = new Map<string, number[]>();
  readonly #prefixes: (readonly [index: number, prefix: string])[] = [];
  readonly #substrings: (readonly [index: number, text: string])[] = [];

  constructor(terms: readonly QueryTerm[], language: WordLanguage) {
    this.#language = language;
    this.#terms = terms;
    for (const [index, term] of terms.entries()) {
      if (term.kind === 'WORD') this.#words.set(term.word, index);
      else if (term.kind === 'PREFIX') this.#prefixes.push([index, term.prefix]);
      else if (term.kind === 'SUBSTRING') this.#substrings.push([index, term.text.toLowerCase()]);
      else {
        const first = term.words[0] ?? '';
        this.#phrasesByFirst.set(first, [...(this.#phrasesByFirst.get(first) ?? []), index]);
      }
    }
  }

  find(text: string): TextMatches {
    const tokens = tokensOf(text, this.#language);
    const counts = new Array<number>(this.#terms.length).fill(0);
    const found: Match[] = [];
    const count = (index: number | undefined, start: number, end: number): void => {
      if (index === undefined) return;
      counts[index] = (counts[index] ?? 0) + 1;
      found.push({ start, end });
    };
    for (const [at, { word, start, end }] of tokens.entries()) {
      count(this.#words.get(word), start, end);
      for (const [index, prefix] of this.#prefixes) if (word.startsWith(prefix)) count(index, start, end);
      for (const index of this.#phrasesByFirst.get(word) ?? []) {
        const last = this.#phraseEnd(index, tokens, at);
        if (last !== undefined) count(index, start, last.end);
      }
    }
    this.#countSubstrings(text, count);
    return { counts, length: tokens.length, matches: joined(found) };
  }

  /** The last token of a phrase that begins at one. */
  #phraseEnd(index: number, tokens: readonly Token[], at: number): Token | undefined {
    const term = this.#terms[index];
    if (term?.kind !== 'PHRASE') return undefined;
    const isThere = term.words.every((word, offset) => tokens[at + offset]?.word === word);
    return isThere ? tokens[at + term.words.length - 1] : undefined;
  }

  #countSubstrings(text: string, count: (index: number, start: number, end: number) => void): void {
    if (this.#substrings.length === 0) return;
    const lower = lowerInPlace(text);
    for (const [index, part] of this.#substrings) {
      for (let at = lower.indexOf(part); at >= 0; at = lower.indexOf(part, at + part.length))
        count(index, at, at + part.length);
    }
  }
}

/** A text in lower case, each place in which is that of the text: what would change its length ('İ') stays as it is. */
function lowerInPlace(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (character) => {
    const folded = character.toLowerCase();
    return folded.length === character.length ? folded : character;
  }).join('');
}

/** In order, those that overlap made one. */
function joined(matches: readonly Match[]): Match[] {
  const ordered = matches.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of ordered) {
    const last = result.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
