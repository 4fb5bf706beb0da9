import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Library } from '../../src/library/types.ts';
import { saturation, termWeight } from '../../src/search/bm25.ts';
import { Deadline } from '../../src/search/Deadline.ts';
import { KeywordRanker, type WordReader } from '../../src/search/KeywordRanker.ts';
import { BLOCK_SIZE, insertWords } from '../../src/store/words.ts';
import { type QueryTerm, readQuestion } from '../../src/words/question.ts';
import { createLibrary, TestStore } from '../library/TestStore.ts';

const CHUNKS = 20_000;
const VOCABULARY = 400;

let store: TestStore;
let library: Library;
let texts: (readonly string[])[];
beforeAll(async () => {
  store = new TestStore();
  await store.submit(createLibrary('lib_a', { keywords: { language: 'NONE', substrings: false } }));
  library = store.reader.library({ id: 'lib_a' }) as Library;
  // Words as frequent as those of a language, in three blocks with gaps between the ordinals.
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const word = () => `w${Math.floor(VOCABULARY ** uniform()) - 1}`;
  texts = Array.from({ length: CHUNKS }, (_, at) =>
    at % 3 === 0 ? [] : Array.from({ length: 1 + Math.floor(uniform() * 12) }, word),
  );
  const key = store.reader.libraryKey('lib_a') as number;
  store.database.run('BEGIN');
  insertWords(
    store.database,
    key,
    texts.flatMap((words, ordinal) =>
      words.length === 0
        ? []
        : [{ ordinal, words: words.join(' '), count: words.length, trigrams: undefined }],
    ),
  );
  store.database.run('COMMIT');
});
afterAll(() => store.close());

const deadline = () => new Deadline(60_000, Date.now);
const ranked = (terms: readonly QueryTerm[], depth: number, allowed?: (ordinal: number) => boolean) =>
  new KeywordRanker(
    {
      library,
      terms,
      depth,
      ...(allowed && { allowed: (ordinals) => (at) => allowed(ordinals[at] as number) }),
    },
    store.reader,
    deadline(),
  ).rank();

function countIn(words: readonly string[], term: QueryTerm): number {
  if (term.kind === 'WORD') return words.filter((word) => word === term.word).length;
  if (term.kind === 'PREFIX') return words.filter((word) => word.startsWith(term.prefix)).length;
  if (term.kind === 'SUBSTRING') throw new Error('The texts of these chunks are not there.');
  return words.filter((_word, at) => term.words.every((one, offset) => words[at + offset] === one)).length;
}

/** BM25 of every chunk, one after the other. */
function scores(terms: readonly QueryTerm[], allowed: (ordinal: number) => boolean): Map<number, number> {
  const live = texts.filter((words) => words.length > 0);
  const average = live.reduce((sum, words) => sum + words.length, 0) / live.length;
  const weights = terms.map((term) =>
    termWeight(live.length, live.filter((words) => countIn(words, term) > 0).length),
  );
  const all = texts.map((words, ordinal): [number, number] => {
    const counts = terms.map((term) => countIn(words, term));
    const isHit = terms.every(
      (term, at) => term.kind !== 'PHRASE' || !term.isRequired || (counts[at] as number) > 0,
    );
    const score = counts.reduce(
      (sum, count, at) =>
        sum + (count === 0 ? 0 : (weights[at] as number) * saturation(count, words.length, average)),
      0,
    );
    return [ordinal, isHit && allowed(ordinal) ? score : 0];
  });
  return new Map(all.filter(([, score]) => score > 0));
}

describe('ranking by words', () => {
  it('gives the best of BM25 and no others, though it passes over most of the common words', async () => {
    const word = fc.integer({ min: 0, max: VOCABULARY + 5 }).map((at) => `w${at}`);
    const common = fc.integer({ min: 0, max: 4 }).map((at) => `w${at}`);
    const piece = fc.oneof(
      word,
      common,
      fc.tuple(common, common).map(([one, other]) => `"${one} ${other}"`),
      word.map((one) => `${one}*`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(1, 2, 500),
        async (pieces, depth, step) => {
          const terms = readQuestion(pieces.join(' '), 'NONE');
          const allowed = (ordinal: number) => ordinal % step === 0;
          const expected = [...scores(terms, allowed).values()].sort((one, other) => other - one);
          const { best } = await ranked(terms, depth, allowed);
          expect(best).toHaveLength(Math.min(depth, expected.length));
          const truth = scores(terms, allowed);
          for (const [at, { ordinal, score }] of best.entries()) {
            expect(score).toBeCloseTo(expected[at] as number, 9);
            expect(truth.get(ordinal)).toBeCloseTo(score, 9);
          }
        },
      ),
      { seed: 5, numRuns: 25 },
    );
  });

  it('gives equals by their ordinals', async () => {
    const { best } = await ranked([{ kind: 'WORD', word: 'w0' }], 2_000);
    for (let at = 1; at < best.length; at++) {
      const [one, other] = [best[at - 1], best[at]];
      if (one?.score === other?.score) expect(one?.ordinal).toBeLessThan(other?.ordinal as number);
    }
  });

  it('looks a common word up for those chunks alone that have a rare one', async () => {
    const terms = readQuestion('w0 w20', 'NONE');
    const alone = await ranked([terms[0] as QueryTerm], 10);
    const beside = await ranked(terms, 10);
    expect(beside.deferred).toBe(1);
    expect(beside.scored).toBeLessThan(alone.scored);
  });
});

describe('the thread that ranks', () => {
  /** The store's reader, which takes longer than a turn may for everything, and knows in which turn it was asked. */
  function slow(): { reader: WordReader; turns: number[]; sizes: number[]; end: () => void } {
    const [turns, sizes] = [[] as number[], [] as number[]];
    let turn = 0;
    let isOver = false;
    const count = async () => {
      for (; !isOver; turn++) await nextTurn();
    };
    void count();
    const real = store.reader;
    const reader: WordReader = {
      wordBlocks: (id) => real.wordBlocks(id),
      wordLengths: (id, block) => real.wordLengths(id, block),
      ordinalsMatching: (id, predicate, among) => real.ordinalsMatching(id, predicate, among),
      ordinalsThatMayContain: (id, part, block) => real.ordinalsThatMayContain(id, part, block),
      wordLists: (id, block, sought) => {
        const until = performance.now() + 8;
        const lists = real.wordLists(id, block, sought);
        while (performance.now() < until);
        turns.push(turn);
        sizes.push(lists.reduce((sum, { places }) => sum + places.length, 0));
        return lists;
      },
    };
    return { reader, turns, sizes, end: () => (isOver = true) };
  }

  const question = (count: number) =>
    readQuestion(Array.from({ length: count }, (_, at) => `w${at}`).join(' '), 'NONE');

  it('reads some lists of one block in one piece, and gives way after it', async () => {
    const { reader, turns, sizes, end } = slow();
    await new KeywordRanker({ library, terms: question(20), depth: 5_000 }, reader, deadline()).rank();
    end();
    expect(turns.length).toBeGreaterThanOrEqual(2 * 3 * 3);
    expect(new Set(turns).size).toBe(turns.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * BLOCK_SIZE);
  });

  it('stops in the middle when nobody waits any more', async () => {
    const { reader, turns, end } = slow();
    const controller = new AbortController();
    const patience = new Deadline(60_000, Date.now, controller.signal);
    const ranking = new KeywordRanker({ library, terms: question(20), depth: 5 }, reader, patience).rank();
    setTimeout(() => controller.abort(), 5);
    await expect(ranking).rejects.toMatchObject({ kind: 'CancelledError' });
    end();
    expect(turns.length).toBeLessThan(9);
  });
});
