import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { LibraryReader } from '../../src/library/LibraryReader.ts';
import { KnnSearcher } from '../../src/search/KnnSearcher.ts';
import { sealLibrary } from '../../src/store/libraries.ts';
import { refusal } from '../library/TestStore.ts';
import { at, item, LINE } from './line.ts';
import { idsOf, SECRET, TestSearch } from './TestSearch.ts';

let search: TestSearch;
beforeEach(async () => {
  search = new TestSearch();
  await search.fill('EUCLIDEAN', LINE);
});
afterEach(() => search.close());

/** A searcher over the same store and indexes, with some of its parts replaced. */
function searcherWith(options: Partial<ConstructorParameters<typeof KnnSearcher>[0]>): KnnSearcher {
  const { reader } = search.store;
  return new KnnSearcher({
    reader,
    indexes: { open: async (libraryId) => ({ index: search.index(libraryId), generation: 1 }) },
    embedderFor: () => {
      throw new Error('There is no text here.');
    },
    cursorSecret: SECRET,
    appliedRevision: () => reader.revision(),
    waitForRevision: async () => {},
    ...options,
  });
}

/** The reader, with some of its calls replaced. */
function readerWith(calls: Partial<LibraryReader>): LibraryReader {
  return new Proxy<LibraryReader>(search.store.reader, {
    get: (reader, name) => {
      const call = calls[name as keyof LibraryReader] ?? reader[name as keyof LibraryReader];
      return typeof call === 'function' ? call.bind(reader) : call;
    },
  });
}

describe('while others write', () => {
  const request = { library: { id: 'lib_a' }, ...at(0, 0), k: 2 };

  it('a hit that has gone gives way to the next', async () => {
    const { reader } = search.store;
    const gone = reader.chunk('chk_0')?.ordinal;
    const chunksByOrdinal: LibraryReader['chunksByOrdinal'] = (libraryId, ordinals) =>
      reader
        .chunksByOrdinal(libraryId, ordinals)
        .map((chunk) => (chunk?.ordinal === gone ? undefined : chunk));
    const searcher = searcherWith({ reader: readerWith({ chunksByOrdinal }) });
    expect(idsOf(await searcher.search(request))).toEqual(['chk_1', 'chk_2']);
    const all = await searcher.search({ ...request, k: 100 });
    expect(idsOf(all)).toEqual(['chk_1', 'chk_2', 'chk_3', 'chk_4']);
  });

  it('a chunk that is replaced after the filter was asked is found by asking again', async () => {
    const { reader } = search.store;
    let asked = 0;
    const stale = reader.ordinalsMatching('lib_a', { kind: 'and', all: [] });
    await search.write([item('chk_1', [1.1, 0])]);
    const ordinalsMatching: LibraryReader['ordinalsMatching'] = (libraryId, predicate) =>
      asked++ === 0 ? stale : reader.ordinalsMatching(libraryId, predicate);
    // When it is first searched, the index has not heard of the removal yet.
    const index = search.index('lib_a');
    const current = index.search.bind(index);
    const removed = stale[1] as number;
    index.searchInSteps = function* (query, options) {
      yield;
      const found = current(query, options);
      if (asked > 1) return found;
      const ordinals = Uint32Array.of(...found.ordinals, removed);
      return { ...found, ordinals, distances: Float32Array.of(...found.distances, 1) };
    };
    const answer = await searcherWith({ reader: readerWith({ ordinalsMatching }) }).search({
      ...request,
      filter: {},
      k: 100,
    });
    expect(idsOf(answer)).toEqual(['chk_0', 'chk_1', 'chk_2', 'chk_3', 'chk_4']);
    expect(asked).toBe(2);
  });

  it.each([
    ['without a filter', {}],
    ['with one', { filter: {} }],
  ])(
    'a chunk that goes on in a segment which has just been begun is found there, %s',
    async (_what, more) => {
      const { reader } = search.store;
      const parameters = { type: 'FLAT', dimension: 2, metric: 'EUCLIDEAN', seed: 1 } as const;
      const written = SegmentedIndex.create(parameters, { segmentSlots: LINE.length });
      const { ordinals, vectors } = reader.vectorsAfter('lib_a', 0, LINE.length);
      written.insert(ordinals, vectors);
      const attached: SegmentedIndex[] = [];
      const open = async () => {
        const index = attachIndex(written.share());
        // The chunk is replaced after the search was given its index.
        if (attached.push(index) === 1) {
          const replaced = reader.chunk('chk_1')?.ordinal as number;
          await search.write([item('chk_1', [1.1, 0])]);
          const added = reader.vectorsAfter('lib_a', ordinals.at(-1) as number, 1);
          written.insert(added.ordinals, added.vectors);
          written.remove(Uint32Array.of(replaced));
        }
        return { index, generation: 1 };
      };
      const answer = await searcherWith({ indexes: { open } }).search({ ...request, ...more, k: 100 });
      expect(idsOf(answer)).toEqual(['chk_0', 'chk_1', 'chk_2', 'chk_3', 'chk_4']);
      expect(attached.map((index) => index.segments.length)).toEqual([1, 2]);
    },
  );

  it('a chunk that goes on in a slot which the filter did not know of is found there', async () => {
    const { reader } = search.store;
    const index = SegmentedIndex.create({ type: 'FLAT', dimension: 2, metric: 'EUCLIDEAN', seed: 1 });
    const { ordinals, vectors } = reader.vectorsAfter('lib_a', 0, LINE.length);
    index.insert(ordinals, vectors);
    const replaced = reader.chunk('chk_1')?.ordinal as number;
    await search.write([item('chk_1', [1.1, 0])]);
    const added = reader.vectorsAfter('lib_a', ordinals.at(-1) as number, 1);
    // The commit comes into the index when the filter has been answered.
    const current = index.search.bind(index);
    let asked = 0;
    index.searchInSteps = function* (query, options) {
      yield;
      if (asked++ === 0) {
        index.insert(added.ordinals, added.vectors);
        index.remove(Uint32Array.of(replaced));
      }
      return current(query, options);
    };
    const open = async () => ({ index, generation: 1 });
    const answer = await searcherWith({ indexes: { open } }).search({ ...request, filter: {}, k: 100 });
    expect(idsOf(answer)).toEqual(['chk_0', 'chk_1', 'chk_2', 'chk_3', 'chk_4']);
  });

  it('a search beside which vectors are replaced all the time comes to an end', async () => {
    const index = search.index('lib_a');
    const current = index.search.bind(index);
    let last = search.store.reader.ordinals('lib_a').at(-1) as number;
    index.searchInSteps = function* (query, options) {
      yield;
      index.insert(Uint32Array.of(last + 1), Float32Array.of(100, 100));
      index.remove(Uint32Array.of(++last));
      return current(query, options);
    };
    expect(idsOf(await searcherWith({}).search(request))).toEqual(['chk_0', 'chk_1']);
  });

  it('a chunk that does not match any more when it is fetched is no hit', async () => {
    const { reader } = search.store;
    const revision = reader.libraryRevision('lib_a');
    const all = reader.ordinals('lib_a');
    const libraryRevision: LibraryReader['libraryRevision'] = () => revision + 1;
    // The filter is asked before the last commit, the chunks are fetched after it.
    const ordinalsMatching: LibraryReader['ordinalsMatching'] = (libraryId, predicate, among) =>
      among === undefined ? all : reader.ordinalsMatching(libraryId, predicate, among);
    const searcher = searcherWith({ reader: readerWith({ libraryRevision, ordinalsMatching }) });
    const filter = { document: { id: { eq: 'doc_2' } } };
    expect(idsOf(await searcher.search({ ...request, filter }))).toEqual(['chk_3', 'chk_4']);
  });

  it('a search waits for the revision that it asks for, and answers with one at least as new', async () => {
    let applied = 0;
    const waited: number[] = [];
    const searcher = searcherWith({
      appliedRevision: () => applied,
      waitForRevision: async (revision) => {
        waited.push(revision);
        applied = 7;
      },
    });
    expect((await searcher.search({ ...request, minRevision: 5 })).revision).toBe(7);
    expect(waited).toEqual([5]);
  });
});

describe('a search that takes too long', () => {
  const request = { library: { id: 'lib_a' }, ...at(0, 0), k: 2 };

  it('is stopped while it waits', async () => {
    const never = searcherWith({ indexes: { open: () => new Promise(() => {}) } });
    const error = await refusal(never.search({ ...request, timeoutMs: 20 }), 'TimeoutError');
    expect(error.message).toContain('20 ms');
    expect(error.retryable).toBe(true);
  });

  it('is stopped between its phases', async () => {
    let now = 1_000;
    const slow = searcherWith({
      clock: () => now,
      reader: readerWith({
        ordinalsMatching: (libraryId, predicate) => {
          now += 500;
          return search.store.reader.ordinalsMatching(libraryId, predicate);
        },
      }),
    });
    await refusal(slow.search({ ...request, filter: {}, timeoutMs: 400 }), 'TimeoutError');
    expect((await slow.search({ ...request, filter: {}, timeoutMs: 600 })).hits).toHaveLength(2);
  });

  it('gives the deadline to whom it waits for', async () => {
    const late = searcherWith({
      clock: () => 1_000,
      waitForRevision: async (_, { deadline }) => {
        throw new AlcoveError('TimeoutError', `Not by ${deadline}.`);
      },
    });
    expect((await refusal(late.search({ ...request, minRevision: 5, timeoutMs: 50 }))).message).toBe(
      'Not by 1050.',
    );
  });

  it('is stopped when its client goes away', async () => {
    await refusal(search.ask(at(0, 0), AbortSignal.abort()), 'CancelledError');
    const controller = new AbortController();
    const never = searcherWith({ indexes: { open: () => new Promise(() => {}) } });
    setTimeout(() => controller.abort(), 5);
    await refusal(never.search(request, controller.signal), 'CancelledError');
  });
});

describe('while a library changes to another model', () => {
  /** What the swap commits, but for the vectors. */
  const swap = (): void => {
    search.store.database.run(
      `UPDATE libraries SET vector_set = 1, set_generation = 2, model = 'new', revision = revision + 1,
         index_record = json_set(index_record, '$.generation', 2)`,
    );
    sealLibrary(search.store.database, 1);
  };
  const request = { library: { id: 'lib_a' }, k: 2 };

  it('a question that was embedded by the model before is embedded again', async () => {
    const askedOf: string[] = [];
    let generation = 1;
    const searcher = searcherWith({
      indexes: { open: async (libraryId) => ({ index: search.index(libraryId), generation }) },
      embedderFor: async ({ provider, model }) => ({
        ...{ provider, model, dimension: 2, normalized: false, maxTokens: null },
        embed: async () => {
          askedOf.push(model);
          if (generation === 1) swap();
          generation = 2;
          return { vectors: Float32Array.of(0, 0), dimension: 2, truncated: [] };
        },
      }),
    });
    const answer = await searcher.search({ ...request, query: { text: 'zero' } });
    expect(askedOf).toEqual(['test', 'new']);
    expect(answer).toMatchObject({ generation: 2, library: { embedding: { model: 'new' } } });
  });

  it('the index of the model before is not searched any more: the one that comes is waited for', async () => {
    swap();
    const waited: number[] = [];
    const searcher = searcherWith({
      indexes: {
        open: async (libraryId) => ({ index: search.index(libraryId), generation: waited.length + 1 }),
      },
      waitForRevision: async (revision) => void waited.push(revision),
    });
    const answer = await searcher.search({ ...request, ...at(0, 0) });
    expect(waited).toEqual([search.store.reader.library({ id: 'lib_a' })?.revision]);
    expect(answer.generation).toBe(2);
    expect(idsOf(answer)).toEqual(['chk_0', 'chk_1']);
  });

  it('vectors that were taken of the model before are not searched with', async () => {
    swap();
    const asked = { ...request, ...at(0, 0), vectorSet: 0 };
    expect(await refusal(searcherWith({}).search(asked))).toMatchObject({
      kind: 'EmbedderError',
      retryable: true,
    });
  });
});
