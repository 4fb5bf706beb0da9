import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../src/store/Database.ts';
import { type WordList, WordLists } from '../../src/store/WordLists.ts';
import { BLOCK_SIZE, deleteWords, insertWords, type Sought, wordBlocks } from '../../src/store/words.ts';
import { TestStore } from '../library/TestStore.ts';

const LIBRARY = 7;

let store: TestStore;
let database: Database;
beforeEach(() => {
  store = new TestStore();
  ({ database } = store);
});
afterEach(() => store.close());

function write(change: () => void): void {
  database.run('BEGIN');
  change();
  database.run('COMMIT');
}

const insert = (ordinal: number, text: string, library = LIBRARY) =>
  insertWords(database, library, [
    { ordinal, words: text, count: text === '' ? 0 : text.split(' ').length, trigrams: undefined },
  ]);

/** Where a thing is, by all blocks, as ordinals and counts. */
function found(lists: WordLists, sought: Sought): [ordinal: number, count: number][] {
  return wordBlocks(database, LIBRARY).flatMap((block) => {
    const [list] = lists.lists(LIBRARY, block, [sought]) as [WordList];
    return Array.from(list.places, (place, at): [number, number] => [
      block.block * BLOCK_SIZE + place,
      list.counts[at] as number,
    ]);
  });
}

/** How often a thing stands in a text. */
function countIn(text: string, sought: Sought): number {
  const words = text.split(' ');
  if (sought.kind === 'WORD') return words.filter((word) => word === sought.word).length;
  if (sought.kind === 'PREFIX') return words.filter((word) => word.startsWith(sought.prefix)).length;
  return words.filter((_word, at) => sought.words.every((one, offset) => words[at + offset] === one)).length;
}

const SOUGHT: readonly Sought[] = [
  { kind: 'WORD', word: 'a' },
  { kind: 'WORD', word: 'tea' },
  { kind: 'WORD', word: 'été' },
  { kind: 'WORD', word: 'nowhere' },
  { kind: 'PREFIX', prefix: 'te' },
  { kind: 'PREFIX', prefix: 't' },
  { kind: 'PREFIX', prefix: 'zz' },
  { kind: 'PHRASE', words: ['red', 'tea'] },
  { kind: 'PHRASE', words: ['a', 'a', 'a'] },
];

describe('lists of words', () => {
  it('are the same from the segments as by SQL, and as in the texts, after any writes', () => {
    const WORDS = ['a', 'a', 'a', 'red', 'tea', 'team', 'text', 'été', 'wine', 'zebra'];
    const ordinal = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 8_180, max: 8_200 }));
    const text = fc.oneof(
      fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }),
      // A text that takes several pages of FTS5's.
      fc
        .array(fc.constantFrom(...WORDS), { minLength: 30, maxLength: 30 })
        .map((words) => Array(300).fill(words).flat()),
      fc.array(
        fc.integer({ min: 0, max: 999 }).map((n) => `t${n}`),
        { minLength: 200, maxLength: 400 },
      ),
    );
    const batch = fc.array(fc.record({ ordinal, words: fc.option(text) }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), fc.boolean(), (batches, isMerged) => {
        const texts = new Map<number, string>();
        // What is kept from one moment must not be given for another.
        const kept = new WordLists(database);
        for (const changes of batches) {
          write(() => {
            for (const { ordinal: at, words } of changes) {
              deleteWords(database, LIBRARY, [at]);
              texts.delete(at);
              if (words === null) continue;
              texts.set(at, words.join(' '));
              insert(at, words.join(' '));
            }
          });
          found(kept, { kind: 'WORD', word: 'tea' });
        }
        if (isMerged) write(() => database.run(`INSERT INTO chunk_words (chunk_words) VALUES ('optimize')`));
        const bySql = new WordLists(database, null);
        for (const sought of SOUGHT) {
          const expected = [...texts]
            .map(([at, one]): [number, number] => [at, countIn(one, sought)])
            .filter(([, count]) => count > 0)
            .sort(([one], [other]) => one - other);
          expect(found(kept, sought)).toEqual(expected);
          const isPhrase = sought.kind === 'PHRASE';
          expect(found(bySql, sought)).toEqual(expected.map(([at, count]) => [at, isPhrase ? 1 : count]));
        }
        write(() => deleteWords(database, LIBRARY, [...texts.keys()]));
      }),
      { seed: 3, numRuns: 12 },
    );
  });

  it('say how long each chunk of a block is', () => {
    write(() => {
      insert(1, 'red tea');
      insert(BLOCK_SIZE + 3, 'tea');
    });
    const lists = new WordLists(database);
    const [first, second] = wordBlocks(database, LIBRARY);
    expect([...lists.lengths(LIBRARY, first as never).subarray(0, 3)]).toEqual([0, 2, 0]);
    expect(lists.lengths(LIBRARY, second as never)[3]).toBe(1);
  });

  it('are kept, and read again as soon as something in their block has been written, and not before', () => {
    write(() => insert(1, 'tea'));
    const reader = Database.open(database.path, 'READ_ONLY');
    const lists = new WordLists(reader);
    const block = () => wordBlocks(reader, LIBRARY)[0] as never;
    const [before] = lists.lists(LIBRARY, block(), [SOUGHT[1] as Sought]);
    write(() => insert(1, 'tea', LIBRARY + 1));
    expect(lists.lists(LIBRARY, block(), [SOUGHT[1] as Sought])[0]).toBe(before);
    write(() => insert(2, 'tea'));
    expect([...(lists.lists(LIBRARY, block(), [SOUGHT[1] as Sought])[0]?.places ?? [])]).toEqual([1, 2]);
    // A block that was empty in between is not taken for the one before.
    write(() => deleteWords(database, LIBRARY, [1, 2]));
    write(() => insert(2, 'wine'));
    expect([...(lists.lists(LIBRARY, block(), [SOUGHT[1] as Sought])[0]?.places ?? [])]).toEqual([]);
    reader.close();
  });
});
