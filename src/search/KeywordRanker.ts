import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Chunk, Library } from '../library/types.ts';
import type { Occurrences, Sought } from '../store/words.ts';
import { TextMatcher } from '../words/matches.ts';
import type { QueryTerm } from '../words/question.ts';
import { MAX_SATURATION, saturation, termWeight } from './bm25.ts';
import type { Deadline } from './Deadline.ts';

/** Others have their turn after so long. */
const SLICE_MS = 5;
/** Occurrences that are looked at where rarer words have found enough already: some ten milliseconds. */
const MAX_OCCURRENCES = 40_000;
/** The best so many are scored anew by their texts where not every word was looked up: a few milliseconds. */
const RESCORED = 64;

/** What words are looked for in. */
export interface KeywordQuestion {
  readonly library: Library;
  readonly terms: readonly QueryTerm[];
  /** Says of ascending ordinals which of them the filter lets through. Absent: all. */
  readonly allowed?: (ordinals: readonly number[]) => (at: number) => boolean;
  /** How many of the best. */
  readonly depth: number;
}

export interface RankedOrdinal {
  readonly ordinal: number;
  /** BM25, more is better. */
  readonly score: number;
}

export interface KeywordRanking {
  /** Best first, equals by ordinal. */
  readonly best: readonly RankedOrdinal[];
  /** Terms of the question that occur in the library. */
  readonly known: number;
  /** Terms so common that they were counted in the texts of the best alone. */
  readonly deferred: number;
  /** Occurrences that were looked at. */
  readonly occurrences: number;
  /** Chunks that were scored. */
  readonly scored: number;
}

/** A term with what is known of it. */
interface WeighedTerm {
  readonly index: number;
  readonly term: QueryTerm;
  /** Chunks that have it; of a phrase, no more than these. */
  readonly chunks: number;
  readonly occurrences: number;
  /** By block, of those where it occurs. */
  readonly blocks: readonly number[];
  weight: number;
}

/**
 * Ranks a library's chunks by the words of a question (BM25, with the statistics of this library alone). The rarest words
 * come first. As soon as all that are left could not lift a chunk that has none of the others among the best (MaxScore: Turtle
 * and Flood, 1995), they are not looked up any more, but counted in the texts of the best: so `the` costs nothing beside
 * `theremin`.
 */
export class KeywordRanker {
  readonly #reader: LibraryReader;
  readonly #question: KeywordQuestion;
  readonly #deadline: Deadline;
  readonly #scores = new Map<number, number>();
  #chunks = 0;
  #averageLength = 1;
  #occurrences = 0;
  #sliceStart = performance.now();

  constructor(question: KeywordQuestion, reader: LibraryReader, deadline: Deadline) {
    this.#question = question;
    this.#reader = reader;
    this.#deadline = deadline;
  }

  /** @throws AlcoveError TimeoutError and CancelledError of the deadline. */
  async rank(): Promise<KeywordRanking> {
    const { library, depth } = this.#question;
    const blocks = this.#reader.wordBlocks(library.id);
    this.#chunks = blocks.reduce((sum, { chunks }) => sum + chunks, 0);
    const words = blocks.reduce((sum, block) => sum + block.words, 0);
    this.#averageLength = Math.max(1, words / Math.max(1, this.#chunks));
    const terms = await this.#weigh(blocks.map(({ block }) => block));
    const required = await this.#required(terms);
    if (required?.size === 0) return this.#ranking([], terms.length, 0);

    let deferred = 0;
    for (const [at, term] of terms.entries()) {
      const most = terms.slice(at).reduce((sum, { weight }) => sum + weight, 0) * MAX_SATURATION;
      if (this.#isDecided(most, term, depth)) {
        deferred = terms.length - at;
        break;
      }
      await this.#addTerm(term, required);
    }
    await this.#giveWay();
    const best = topOf(this.#scores, depth);
    await this.#giveWay();
    const isExact = deferred === 0 && !terms.some(({ term }) => term.kind === 'PHRASE');
    return this.#ranking(isExact ? best : this.#rescored(best, terms), terms.length, deferred);
  }

  #ranking(best: readonly RankedOrdinal[], known: number, deferred: number): KeywordRanking {
    return { best, known, deferred, occurrences: this.#occurrences, scored: this.#scores.size };
  }

  /** The terms that occur, rarest first. */
  async #weigh(blocks: readonly number[]): Promise<WeighedTerm[]> {
    const { library, terms } = this.#question;
    const weighed: WeighedTerm[] = [];
    for (const [index, term] of terms.entries()) {
      await this.#giveWay();
      if (term.kind === 'SUBSTRING') {
        weighed.push({ index, term, chunks: 0, occurrences: 0, blocks: [], weight: 0 });
        continue;
      }
      const found = blocks
        .map((block) => ({ block, ...this.#reader.wordFrequency(library.id, block, term) }))
        .filter(({ chunks }) => chunks > 0);
      if (found.length === 0) continue;
      const chunks = Math.min(this.#chunks, sumOf(found, 'chunks'));
      weighed.push({
        index,
        term,
        chunks,
        occurrences: sumOf(found, 'occurrences'),
        blocks: found.map(({ block }) => block),
        weight: termWeight(this.#chunks, chunks),
      });
    }
    return weighed.sort((a, b) => a.chunks - b.chunks || a.index - b.index);
  }

  /** The chunks that have every phrase that a hit must have; undefined if there is no such phrase. */
  async #required(terms: readonly WeighedTerm[]): Promise<Set<number> | undefined> {
    const { terms: asked } = this.#question;
    const isRequired = (term: QueryTerm) => term.kind === 'PHRASE' && term.isRequired;
    let found: Set<number> | undefined;
    for (const [index, term] of asked.entries()) {
      if (!isRequired(term)) continue;
      const weighed = terms.find((known) => known.index === index);
      const ordinals = new Set<number>();
      if (weighed !== undefined) {
        for await (const block of this.#occurrencesOf(weighed))
          for (const one of block.ordinals) ordinals.add(one);
      }
      found = found === undefined ? ordinals : new Set([...found].filter((ordinal) => ordinals.has(ordinal)));
    }
    return found;
  }

  /**
   * Whether what is left (`most` at best for a chunk that has none of the terms so far) can be left to the texts of the
   * best: it would change them by little, or cost too much.
   */
  #isDecided(most: number, { occurrences }: WeighedTerm, depth: number): boolean {
    if (this.#scores.size < depth) return false;
    if (this.#occurrences + occurrences > MAX_OCCURRENCES) return true;
    return nthGreatest(this.#scores.values(), depth) >= most;
  }

  async #addTerm(weighed: WeighedTerm, required: ReadonlySet<number> | undefined): Promise<void> {
    if (weighed.term.kind === 'SUBSTRING') {
      this.#addSubstring(weighed, weighed.term.text, required);
      return;
    }
    for await (const block of this.#occurrencesOf(weighed)) this.#add(weighed.weight, block, required);
  }

  async *#occurrencesOf({ term, blocks }: WeighedTerm): AsyncGenerator<Occurrences> {
    const { library } = this.#question;
    for (const block of blocks) {
      await this.#giveWay();
      yield this.#reader.wordOccurrences(library.id, block, term as Sought);
    }
  }

  #add(weight: number, found: Occurrences, required: ReadonlySet<number> | undefined): void {
    const { ordinals, counts, lengths } = found;
    const isAllowed = this.#question.allowed?.(ordinals);
    for (let at = 0; at < ordinals.length; at++) {
      const ordinal = ordinals[at] as number;
      const count = counts[at] as number;
      this.#occurrences += count;
      if (isAllowed?.(at) === false || required?.has(ordinal) === false) continue;
      const score = weight * saturation(count, lengths[at] as number, this.#averageLength);
      this.#scores.set(ordinal, (this.#scores.get(ordinal) ?? 0) + score);
    }
  }

  /** The filter's own way of finding parts of texts, in the store. */
  #addSubstring(weighed: WeighedTerm, part: string, required: ReadonlySet<number> | undefined): void {
    const { library } = this.#question;
    const test = { op: 'contains', value: part } as const;
    const ordinals = [...this.#reader.ordinalsMatching(library.id, { kind: 'chunk', column: 'text', test })];
    weighed.weight = termWeight(this.#chunks, ordinals.length);
    const ones = ordinals.map(() => 1);
    const lengths = ordinals.map(() => this.#averageLength);
    this.#add(weighed.weight, { ordinals, counts: ones, lengths }, required);
  }

  /** The first of them scored anew by all terms in their texts; the others follow as they are. */
  #rescored(best: readonly RankedOrdinal[], terms: readonly WeighedTerm[]): RankedOrdinal[] {
    const { library } = this.#question;
    const matcher = new TextMatcher(this.#question.terms, library.keywords.language);
    const first = best.slice(0, RESCORED);
    const chunks = this.#reader.chunksByOrdinal(
      library.id,
      Uint32Array.from(first, ({ ordinal }) => ordinal),
    );
    const scored = first.map(({ ordinal, score }, at) => ({
      ordinal,
      score: this.#scoreOf(chunks[at], matcher, terms) ?? score,
    }));
    return [...scored, ...best.slice(RESCORED)].sort(byScore);
  }

  #scoreOf(
    chunk: Chunk | undefined,
    matcher: TextMatcher,
    terms: readonly WeighedTerm[],
  ): number | undefined {
    if (chunk === undefined) return undefined;
    const { counts, length } = matcher.find(chunk.text);
    return terms.reduce((sum, { index, weight }) => {
      const count = counts[index] ?? 0;
      return count === 0 ? sum : sum + weight * saturation(count, length, this.#averageLength);
    }, 0);
  }

  async #giveWay(): Promise<void> {
    this.#deadline.check('while words were looked up');
    if (performance.now() - this.#sliceStart < SLICE_MS) return;
    await nextTurn();
    this.#sliceStart = performance.now();
  }
}

/** The best `depth`, best first. */
function topOf(scores: ReadonlyMap<number, number>, depth: number): RankedOrdinal[] {
  const floor = scores.size > depth ? nthGreatest(scores.values(), depth) : Number.NEGATIVE_INFINITY;
  const best: RankedOrdinal[] = [];
  for (const [ordinal, score] of scores) if (score >= floor) best.push({ ordinal, score });
  return best.sort(byScore).slice(0, depth);
}

/** The n-th greatest of values, of which there are as many: by a heap of the n greatest so far, the least on top. */
function nthGreatest(values: Iterable<number>, n: number): number {
  const heap = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  for (const value of values) {
    if (value <= (heap[0] as number)) continue;
    let at = 0;
    for (let child = 1; child < n; child = 2 * at + 1) {
      if (child + 1 < n && (heap[child + 1] as number) < (heap[child] as number)) child++;
      if ((heap[child] as number) >= value) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    heap[at] = value;
  }
  return heap[0] as number;
}

function byScore(a: RankedOrdinal, b: RankedOrdinal): number {
  return b.score - a.score || a.ordinal - b.ordinal;
}

function sumOf<Key extends string>(items: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return items.reduce((sum, item) => sum + item[key], 0);
}
