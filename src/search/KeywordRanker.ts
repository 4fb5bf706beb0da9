import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Library } from '../library/types.ts';
import type { WordList } from '../store/WordLists.ts';
import { BLOCK_SIZE, type Sought, type WordBlock } from '../store/words.ts';
import type { QueryTerm } from '../words/question.ts';
import { BestOrdinals, type RankedOrdinal } from './BestOrdinals.ts';
import { BlockScores } from './BlockScores.ts';
import { MAX_SATURATION, termWeight } from './bm25.ts';
import type { Deadline } from './Deadline.ts';
import { PartFinder, type PartReader } from './PartFinder.ts';

/** Others have their turn after so long. */
const SLICE_MS = 4;
/** Lists of a block that are read in one go: of the most frequent words a millisecond or two. */
const LISTS_AT_ONCE = 8;

/** What the store is asked for here. */
export type WordReader = PartReader & Pick<LibraryReader, 'wordBlocks' | 'wordLists' | 'wordLengths'>;

/** What words are looked for in. */
export interface KeywordQuestion {
  readonly library: Library;
  readonly terms: readonly QueryTerm[];
  /** Says of ascending ordinals which of them the filter lets through. Absent: all. */
  readonly allowed?: (ordinals: readonly number[]) => (at: number) => boolean;
  /** How many of the best. */
  readonly depth: number;
}

export interface KeywordRanking {
  /** Best first, equals by ordinal; their scores are BM25's. */
  readonly best: readonly RankedOrdinal[];
  /** Terms of the question that occur in the library. */
  readonly known: number;
  /** Terms so common that, in parts of the library at least, they were looked up for chunks alone that have a rarer one. */
  readonly deferred: number;
  /** Entries in the lists of terms that were looked at. */
  readonly occurrences: number;
  /** Chunks that were scored. */
  readonly scored: number;
}

/** A term that occurs, with what is known of it. */
interface WeighedTerm {
  readonly term: QueryTerm;
  readonly weight: number;
  /** Chunks that have it, by block. */
  readonly chunks: ReadonlyMap<number, number>;
}

/**
 * Ranks a library's chunks by the words of a question: BM25, with the statistics of this library alone. It goes through the
 * library block by block, and gives way between them. In each block the terms that could not lift a chunk among the best even all
 * together are not looked through, but looked up for the chunks that have one of the others (MaxScore: Turtle and Flood, 1995);
 * and a block whose terms are all like that is passed over. So `the` costs next to nothing beside `theremin`, and nothing is lost.
 */
export class KeywordRanker {
  readonly #reader: WordReader;
  readonly #question: KeywordQuestion;
  readonly #deadline: Deadline;
  readonly #best: BestOrdinals;
  readonly #parts: PartFinder;
  readonly #deferred = new Set<WeighedTerm>();
  #occurrences = 0;
  #scored = 0;
  #sliceStart = performance.now();

  constructor(question: KeywordQuestion, reader: WordReader, deadline: Deadline) {
    this.#question = question;
    this.#reader = reader;
    this.#deadline = deadline;
    this.#best = new BestOrdinals(question.depth);
    this.#parts = new PartFinder(question.library, reader, () => this.#giveWay());
  }

  /** @throws AlcoveError TimeoutError and CancelledError of the deadline. */
  async rank(): Promise<KeywordRanking> {
    const { library, terms: asked } = this.#question;
    const blocks = this.#reader.wordBlocks(library.id);
    const terms = await this.#weigh(blocks);
    const isRequired = (term: QueryTerm) => term.kind === 'PHRASE' && term.isRequired;
    const required = terms.filter(({ term }) => isRequired(term));
    if (required.length === asked.filter(isRequired).length) {
      const words = blocks.reduce((sum, block) => sum + block.words, 0);
      const chunks = blocks.reduce((sum, block) => sum + block.chunks, 0);
      const scores = new BlockScores(Math.max(1, words / Math.max(1, chunks)));
      for (const block of blocks) await this.#rankBlock(block, terms, required, scores);
    }
    return {
      best: this.#best.ranked(),
      known: terms.length,
      deferred: this.#deferred.size,
      occurrences: this.#occurrences,
      scored: this.#scored,
    };
  }

  /** The terms that occur, those that are worth least first. */
  async #weigh(blocks: readonly WordBlock[]): Promise<WeighedTerm[]> {
    const { terms } = this.#question;
    const chunks = terms.map(() => new Map<number, number>());
    for (const block of blocks) {
      const lists = await this.#lists(block, terms);
      for (const [at, { places }] of lists.entries()) {
        if (places.length > 0) chunks[at]?.set(block.block, places.length);
      }
    }
    const total = blocks.reduce((sum, block) => sum + block.chunks, 0);
    const weighed = terms.map((term, at): WeighedTerm => {
      const inBlocks = chunks[at] ?? new Map<number, number>();
      const containing = [...inBlocks.values()].reduce((sum, count) => sum + count, 0);
      return { term, chunks: inBlocks, weight: termWeight(total, containing) };
    });
    return weighed.filter((one) => one.chunks.size > 0).sort((a, b) => a.weight - b.weight);
  }

  /** The lists of terms in a block, in their order. */
  async #lists(block: WordBlock, terms: readonly QueryTerm[]): Promise<WordList[]> {
    const { library } = this.#question;
    const lists: WordList[] = [];
    for (let from = 0; from < terms.length; from += LISTS_AT_ONCE) {
      const some = terms.slice(from, from + LISTS_AT_ONCE);
      const sought = some.filter((term): term is Sought & QueryTerm => term.kind !== 'SUBSTRING');
      const found = this.#reader.wordLists(library.id, block, sought).values();
      for (const term of some) {
        const list =
          term.kind === 'SUBSTRING' ? await this.#parts.find(term.text, block) : found.next().value;
        if (list !== undefined) lists.push(list);
      }
      await this.#giveWay();
    }
    return lists;
  }

  async #rankBlock(
    block: WordBlock,
    terms: readonly WeighedTerm[],
    required: readonly WeighedTerm[],
    scores: BlockScores,
  ): Promise<void> {
    const here = terms.filter(({ chunks }) => chunks.has(block.block));
    if (required.some((one) => !here.includes(one))) return;
    // Terms at the front that could not, all together, lift a chunk among the best.
    let spared = 0;
    for (let most = 0; spared < here.length; spared++) {
      most += (here[spared] as WeighedTerm).weight * MAX_SATURATION;
      if (most > this.#best.threshold) break;
    }
    if (spared === here.length) return;
    for (const one of here.slice(0, spared)) this.#deferred.add(one);
    const lists = await this.#lists(
      block,
      here.map(({ term }) => term),
    );
    const lengths = this.#reader.wordLengths(this.#question.library.id, block);
    await this.#giveWay();
    scores.begin(
      lengths,
      required.map((one) => lists[here.indexOf(one)] as WordList),
    );
    for (let at = here.length - 1; at >= 0; at--) {
      const [{ weight }, list] = [here[at] as WeighedTerm, lists[at] as WordList];
      if (at >= spared) this.#occurrences += scores.add(list, weight);
      else this.#occurrences += scores.addToThose(list, weight);
      await this.#giveWay();
    }
    this.#offer(block.block * BLOCK_SIZE, scores);
  }

  #offer(first: number, scores: BlockScores): void {
    const places = scores.above(this.#best.threshold);
    this.#scored += scores.size;
    const ordinals = Array.from(places, (place) => first + place);
    const isAllowed = this.#question.allowed?.(ordinals);
    for (const [at, ordinal] of ordinals.entries()) {
      if (isAllowed?.(at) !== false) this.#best.offer(ordinal, scores.of(ordinal - first));
    }
  }

  async #giveWay(): Promise<void> {
    this.#deadline.check('while words were looked up');
    if (performance.now() - this.#sliceStart < SLICE_MS) return;
    await nextTurn();
    this.#sliceStart = performance.now();
  }
}
