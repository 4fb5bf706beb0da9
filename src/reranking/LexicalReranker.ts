import { setImmediate as nextTurn } from 'node:timers/promises';
import { tokensOf, wordsOf } from '../words/tokens.ts';
import type { Reranker } from './Reranker.ts';

export const LEXICAL_MODEL = 'alcove-lexical-1';

/** What the parts of the score weigh: how much of the question a text has, and how near together. They add up to 1. */
const COVERAGE_WEIGHT = 0.75;
const PROXIMITY_WEIGHT = 0.25;
/** Words of a question and of a text that are looked at. */
const MAX_QUERY_WORDS = 64;
const MAX_TEXT_WORDS = 2_000;
/** From this likeness on two words are forms, or misspellings, of one. */
const MIN_LIKENESS = 0.5;
/** Others have their turn after so many texts. */
const TEXTS_PER_TURN = 8;

/**
 * A rule instead of a model: the part of the question's words that a text has, each weighed by how few of the texts have it,
 * and how near together they stand there. A misspelt word counts for as much as it is like one of the text's (Dice's
 * coefficient over pairs of letters). Works with no network and no key, in the same way every time; English stems.
 */
export class LexicalReranker implements Reranker {
  readonly provider = 'LEXICAL';
  readonly model = LEXICAL_MODEL;

  async rerank(
    query: string,
    texts: readonly string[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<readonly number[]> {
    const asked = [...new Set(wordsOf(query, 'ENGLISH'))].slice(0, MAX_QUERY_WORDS);
    if (asked.length === 0) return texts.map(() => 0);
    const seen: Likeness[] = [];
    for (const [at, text] of texts.entries()) {
      if (at % TEXTS_PER_TURN === TEXTS_PER_TURN - 1) await nextTurn();
      signal.throwIfAborted();
      seen.push(likenessOf(asked, text));
    }
    const weights = asked.map((_word, at) => {
      const having = seen.filter(({ best }) => (best[at] ?? 0) > 0).length;
      return Math.log(1 + (texts.length - having + 0.5) / (having + 0.5));
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return seen.map(({ best, span }) => {
      const covered = weights.reduce((sum, weight, at) => sum + weight * (best[at] ?? 0), 0) / total;
      const found = best.filter((likeness) => likeness > 0).length;
      const proximity = found < 2 ? 0 : found / span;
      return COVERAGE_WEIGHT * covered + PROXIMITY_WEIGHT * covered * proximity;
    });
  }
}

/** What a text has of a question: how like the most like word is to each asked for, and in how many words all of them stand. */
interface Likeness {
  readonly best: readonly number[];
  readonly span: number;
}

function likenessOf(asked: readonly string[], text: string): Likeness {
  const words = tokensOf(text, 'ENGLISH')
    .slice(0, MAX_TEXT_WORDS)
    .map(({ word }) => word);
  const different = new Set(words);
  const best: number[] = [];
  const stand = new Map<string, number>();
  for (const [at, word] of asked.entries()) {
    const [likest, likeness] = likestOf(word, different);
    best.push(likeness);
    if (likest !== undefined) stand.set(likest, at);
  }
  return { best, span: shortestSpan(words, stand) };
}

/** The word that is most like one, and how like; none below {@link MIN_LIKENESS}. */
function likestOf(word: string, among: ReadonlySet<string>): readonly [string | undefined, number] {
  if (among.has(word)) return [word, 1];
  let likest: string | undefined;
  let most = 0;
  const pairs = pairsOf(word);
  for (const other of among) {
    // No two words can be alike enough whose lengths differ by more.
    if (Math.min(word.length, other.length) * 3 < Math.max(word.length, other.length)) continue;
    const likeness = dice(pairs, pairsOf(other));
    if (likeness > most) [likest, most] = [other, likeness];
  }
  return most < MIN_LIKENESS ? [undefined, 0] : [likest, most];
}

const remembered = new Map<string, ReadonlySet<string>>();
const MAX_REMEMBERED = 20_000;

/** Pairs of letters that follow each other, with both ends marked. */
function pairsOf(word: string): ReadonlySet<string> {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const marked = `^${word}$`;
  const pairs = new Set<string>();
  for (let at = 0; at + 1 < marked.length; at++) pairs.add(marked.slice(at, at + 2));
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(word, pairs);
  return pairs;
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared++;
  return (2 * shared) / (a.size + b.size);
}

/** Words of the shortest stretch that has each of the words that stand in a text; all of them, if none stands there. */
function shortestSpan(words: readonly string[], stand: ReadonlyMap<string, number>): number {
  const last = new Map<string, number>();
  let shortest = Math.max(1, words.length);
  for (const [at, word] of words.entries()) {
    if (!stand.has(word)) continue;
    last.set(word, at);
    if (last.size === stand.size) shortest = Math.min(shortest, at - Math.min(...last.values()) + 1);
  }
  return shortest;
}
