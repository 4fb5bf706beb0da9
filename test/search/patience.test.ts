import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SearchResult } from '../../src/indexes/VectorIndex.ts';
import type { LibraryReader } from '../../src/library/LibraryReader.ts';
import type { Library } from '../../src/library/types.ts';
import { Deadline } from '../../src/search/Deadline.ts';
import { KeywordRanker, type WordReader } from '../../src/search/KeywordRanker.ts';
import { KnnSearcher, parseFilter } from '../../src/search/KnnSearcher.ts';
import { LibraryFilter } from '../../src/search/LibraryFilter.ts';
import { readQuestion } from '../../src/words/question.ts';
import { refusal } from '../library/TestStore.ts';
import { item, LINE } from './line.ts';
import { SECRET, TestSearch } from './TestSearch.ts';

const CHUNKS = 40_000;

let search: TestSearch;
let library: Library;
beforeEach(async () => {
  search = new TestSearch();
  await search.fill('EUCLIDEAN', LINE);
  library = search.store.reader.library({ id: 'lib_a' }) as Library;
});
afterEach(() => search.close());

/** An index of many small segments, and how many of them have been searched. */
function manySegments(): { readonly index: SegmentedIndex; readonly searched: () => number } {
  const index = SegmentedIndex.create(
    { type: 'FLAT', dimension: 2, metric: 'EUCLIDEAN', seed: 1 },
    { segmentSlots: 2_000 },
  );
  const ordinals = Uint32Array.from({ length: CHUNKS }, (_, at) => at);
  index.insert(
    ordinals,
    Float32Array.from({ length: 2 * CHUNKS }, (_, at) => at),
  );
  let searched = 0;
  for (const segment of index.segments) {
    const search = segment.search.bind(segment);
    segment.search = (query, options) => {
      searched += 1;
      return search(query, options);
    };
  }
  return { index, searched: () => searched };
}

function byPlace({ ordinals, distances }: SearchResult): (readonly [distance: number, ordinal: number])[] {
  return Array.from(ordinals, (ordinal, at) => [distances[at] as number, ordinal] as const).sort(
    (a, b) => a[0] - b[0] || a[1] - b[1],
  );
}

function readerWith(ordinalsMatching: LibraryReader['ordinalsMatching']): LibraryReader {
  return new Proxy<LibraryReader>(search.store.reader, {
    get: (reader, name) => {
      const call = name === 'ordinalsMatching' ? ordinalsMatching : reader[name as keyof LibraryReader];
      return typeof call === 'function' ? call.bind(reader) : call;
    },
  });
}

describe('a long scan', () => {
  const request = {
    library: { id: 'lib_a' },
    query: { vector: Float32Array.of(0, 0) },
    k: 5,
    accuracy: { exact: true },
  } as const;
  const searcherOf = (index: SegmentedIndex, clock?: () => number) =>
    new KnnSearcher({
      reader: search.store.reader,
      indexes: { open: async () => ({ index, generation: 1 }) },
      embedderFor: () => {
        throw new Error('There is no text here.');
      },
      cursorSecret: SECRET,
      appliedRevision: () => search.store.reader.revision(),
      waitForRevision: async () => {},
      ...(clock && { clock }),
    });

  it('stops at the next step when its client goes away', async () => {
    const { index, searched } = manySegments();
    const gone = new AbortController();
    const searching = searcherOf(index).search(request, gone.signal);
    setImmediate(() => gone.abort());
    await refusal(searching, 'CancelledError');
    expect(searched()).toBeLessThan(index.segments.length / 2);
  });

  it('stops at the next step when its time is over', async () => {
    const { index, searched } = manySegments();
    // Time passes with the work that is done.
    const searcher = searcherOf(index, () => 10 * searched());
    const error = await refusal(searcher.search({ ...request, timeoutMs: 35 }), 'TimeoutError');
    expect(error.message).toContain('while the index was searched');
    expect(searched()).toBeLessThan(index.segments.length / 2);
  });

  it('says that the whole request was out of time, when that is why it stops', async () => {
    const { index } = manySegments();
    const over = new AbortController();
    const searching = searcherOf(index).search(request, over.signal);
    setImmediate(() => over.abort(new AlcoveError('TimeoutError', 'The request was stopped.')));
    expect((await refusal(searching, 'TimeoutError')).message).toBe('The request was stopped.');
  });

  it('finds in steps what it finds at once, while others search the same index in between', () => {
    const dimension = 1_024;
    const rows = 8_192 * 2 + 500;
    const index = SegmentedIndex.create({ type: 'FLAT', dimension, metric: 'EUCLIDEAN', seed: 1 });
    let state = 5;
    const vectors = Float32Array.from({ length: rows * dimension }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      return state / 2 ** 31;
    });
    index.insert(
      Uint32Array.from({ length: rows }, (_, at) => at * 3),
      vectors,
    );
    const [query, other] = [vectors.slice(0, dimension), vectors.slice(-dimension)];
    for (const k of [1, 10, 3_000]) {
      const steps = index.searchInSteps(query, { k });
      let count = 0;
      let step: IteratorResult<void, SearchResult>;
      for (step = steps.next(); !step.done; step = steps.next()) {
        count += 1;
        index.search(other, { k: 7 });
      }
      expect(count).toBe(2);
      // Distances that are equal by rounding stand in any order.
      expect(byPlace(step.value)).toEqual(byPlace(index.search(query, { k })));
    }
  });
});

describe('a filter that the store answers', () => {
  const all = { kind: 'and', all: [] } as const;

  it('is asked portion by portion, and no more when the client goes away', async () => {
    const { index } = manySegments();
    const gone = new AbortController();
    const ranges: unknown[] = [];
    const reader = readerWith((_library, _predicate, among) => {
      ranges.push(among);
      gone.abort();
      return Uint32Array.of();
    });
    const filter = new LibraryFilter(all, library, { index, generation: 1 }, reader, () => 0);
    await refusal(filter.match(new Deadline(60_000, Date.now, gone.signal)), 'CancelledError');
    expect(ranges).toEqual([{ from: 0, below: 32_768 }]);
  });

  it('stops among the rows of one portion when its time is over, and the next question is answered', async () => {
    await search.write(Array.from({ length: 300 }, (_, at) => item(`chk_text_${at}`, [at, 9])));
    const predicate = parseFilter({ text: { startsWith: '' } }, library);
    if (predicate === undefined) throw new Error('There is a filter.');
    const deadline = new Deadline(1, () => 0);
    // It has begun in time, by its own clock; the store looks at the real one.
    expect(() =>
      deadline.read('here', () => search.store.reader.ordinalsMatching('lib_a', predicate)),
    ).toThrow('The search was stopped here');
    expect(search.store.reader.ordinalsMatching('lib_a', predicate)).toHaveLength(305);
  });
});

describe('a search by words', () => {
  it('stops among the words of a block when its client goes away', async () => {
    const gone = new AbortController();
    let asked = 0;
    const reader: WordReader = {
      ...search.store.reader,
      wordBlocks: () => [
        { block: 0, chunks: 10, words: 100, version: 1 },
        { block: 1, chunks: 10, words: 100, version: 1 },
      ],
      wordLists: () => {
        asked += 1;
        gone.abort();
        return [];
      },
    } as unknown as WordReader;
    const words = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ');
    const terms = readQuestion(words, 'NONE');
    const ranker = new KeywordRanker(
      { library, terms, depth: 10 },
      reader,
      new Deadline(60_000, Date.now, gone.signal),
    );
    await refusal(ranker.rank(), 'CancelledError');
    expect(asked).toBe(1);
  });
});
