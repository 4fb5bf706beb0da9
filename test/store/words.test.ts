import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CutText, cutText } from '../../src/library/indexedText.ts';
import { migrate, SCHEMA_VERSION } from '../../src/store/migrations.ts';
import { BLOCK_SIZE } from '../../src/store/words.ts';
import { wordsOf } from '../../src/words/tokens.ts';
import { chunk, createDocument, createLibrary, rows, TestStore, writeChunks } from '../library/TestStore.ts';

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store.close());

const write = (
  libraryId: string,
  texts: Readonly<Record<string, string>>,
  documentId = `doc_${libraryId.slice(4)}`,
) =>
  store.submit(
    writeChunks(
      libraryId,
      Object.entries(texts).map(([id, text], row) => ({ ...chunk(id, row), text, documentId })),
      rows(...Object.keys(texts).map((_id, row) => [row, 1])),
      { mode: 'UPSERT' },
    ),
  );

/** The ids of the chunks of a library that have a word, by its index. */
function having(libraryId: string, word: string): string[] {
  const ids = store.reader.wordBlocks(libraryId).flatMap((block) => {
    const [list] = store.reader.wordLists(libraryId, block, [{ kind: 'WORD', word }]);
    const ordinals = Uint32Array.from(list?.places ?? [], (place) => block.block * BLOCK_SIZE + place);
    return store.reader.chunksByOrdinal(libraryId, ordinals).map((found) => found?.id ?? 'gone');
  });
  return ids.toSorted();
}

async function tend(): Promise<number> {
  let steps = 0;
  while ((await store.submit({ type: 'tendWords' })).written) steps++;
  return steps;
}

/** What is indexed of a library, by its own account. */
const indexed = (libraryId: string) =>
  store.reader.wordBlocks(libraryId).reduce((sum, { chunks }) => sum + chunks, 0);

describe('the index of words', () => {
  it('follows what is written, changed and deleted, in the same transaction', async () => {
    await store.submit(createLibrary('lib_a'));
    await store.submit(createDocument('lib_a', 'doc_a'));
    await write('lib_a', { chk_1: 'red tea', chk_2: 'green tea', chk_3: 'coffee' });
    expect(having('lib_a', 'tea')).toEqual(['chk_1', 'chk_2']);
    await write('lib_a', { chk_1: 'red wine' });
    expect(having('lib_a', 'tea')).toEqual(['chk_2']);
    expect(having('lib_a', 'red')).toEqual(['chk_1']);
    await store.submit({ type: 'updateChunk', id: 'chk_3', at: 9, text: 'black tea' });
    expect(having('lib_a', 'tea')).toEqual(['chk_2', 'chk_3']);
    await store.submit({ type: 'deleteChunks', library: { id: 'lib_a' }, at: 9, by: { ids: ['chk_2'] } });
    expect(having('lib_a', 'tea')).toEqual(['chk_3']);
    await store.submit({ type: 'deleteDocument', id: 'doc_a', at: 9 });
    expect(having('lib_a', 'tea')).toEqual([]);
    expect(store.reader.wordBlocks('lib_a')).toEqual([]);
  });

  it('takes words that were cut before, unless the library has another language by now', async () => {
    await store.submit(createLibrary('lib_a', { keywords: { language: 'NONE', substrings: false } }));
    await store.submit(createDocument('lib_a', 'doc_a'));
    const cuts = [cutText('red teas', 'NONE'), cutText('green teas', 'ENGLISH')];
    const items = ['red teas', 'green teas'].map((text, row) => ({
      ...chunk(`chk_${row}`, row),
      text,
      documentId: 'doc_a',
      words: cuts[row] as CutText,
    }));
    await store.submit(writeChunks('lib_a', items, rows([0, 1], [1, 1])));
    expect(having('lib_a', 'teas')).toEqual(['chk_0', 'chk_1']);
    expect(having('lib_a', 'tea')).toEqual([]);
  });

  it('keeps libraries apart, in what is found and in what is counted', async () => {
    for (const id of ['lib_a', 'lib_b']) {
      await store.submit(createLibrary(id));
      await store.submit(createDocument(id, `doc_${id.slice(4)}`));
    }
    await write('lib_a', { chk_1: 'tea' });
    const before = [store.reader.wordBlocks('lib_a'), having('lib_a', 'tea')];
    await write('lib_b', { chk_2: 'tea tea tea', chk_3: 'tea and a very long chunk' });
    expect([store.reader.wordBlocks('lib_a'), having('lib_a', 'tea')]).toEqual(before);
    expect(having('lib_b', 'tea')).toEqual(['chk_2', 'chk_3']);
  });

  it('lets go of the words of a deleted library bit by bit', async () => {
    await store.submit(createLibrary('lib_a'));
    await store.submit(createDocument('lib_a', 'doc_a'));
    for (let batch = 0; batch < 3; batch++) {
      await write(
        'lib_a',
        Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`chk_${batch}-${at}`, 'tea'])),
      );
    }
    await store.submit({ type: 'deleteLibrary', library: { id: 'lib_a' }, at: 9 });
    expect(await tend()).toBeGreaterThan(2);
    for (const table of ['chunk_lengths', 'word_blocks', 'word_tasks', 'chunk_words_docsize']) {
      expect(store.database.get(`SELECT count(*) AS count FROM ${table}`)).toEqual({ count: 0 });
    }
  });

  it('agrees with the texts after any writes', async () => {
    const WORDS = ['tea', 'red', 'wine', 'été'];
    const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((words) => words.join(' '));
    const change = fc.oneof(
      fc.record({ id: fc.constantFrom('chk_1', 'chk_2', 'chk_3'), text }),
      fc.record({ deleted: fc.constantFrom('chk_1', 'chk_2', 'chk_3') }),
    );
    await store.submit(createLibrary('lib_a', { keywords: { language: 'NONE', substrings: true } }));
    await store.submit(createDocument('lib_a', 'doc_a'));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        for (const one of changes) {
          if ('id' in one) await write('lib_a', { [one.id]: one.text });
          else
            await store.submit({
              type: 'deleteChunks',
              library: { id: 'lib_a' },
              at: 9,
              by: { ids: [one.deleted] },
            });
        }
        const texts = new Map(
          store.reader.chunks({ libraryId: 'lib_a' }, {}, {}).edges.map(({ node }) => [node.id, node.text]),
        );
        for (const word of ['tea', 'red', 'wine', 'ete']) {
          const expected = [...texts]
            .filter(([, one]) => wordsOf(one, 'NONE').includes(word))
            .map(([id]) => id);
          expect(having('lib_a', word)).toEqual(expected.toSorted());
        }
        for (const part of ['tea', 'ed w', 'INE']) {
          const predicate = { kind: 'chunk', column: 'text', test: { op: 'contains', value: part } } as const;
          const expected = [...texts.values()].filter((one) => one.includes(part.toLowerCase()));
          expect(store.reader.chunkCount({ libraryId: 'lib_a' }, predicate)).toBe(expected.length);
        }
        expect(indexed('lib_a')).toBe(texts.size);
      }),
      { seed: 11, numRuns: 30 },
    );
  });
});

describe('a data folder of the version before', () => {
  it('is migrated at once, loses nothing, and has its words indexed step by step', async () => {
    await store.goBackTo(beforeWords(600));
    expect(store.database.get('PRAGMA user_version')).toEqual({ user_version: SCHEMA_VERSION });
    expect(store.reader.pendingWords('lib_a')).toBe(600);
    expect(having('lib_a', 'tea')).toEqual([]);
    await store.submit({ type: 'tendWords' });
    const left = store.reader.pendingWords('lib_a');
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(600);
    // What is written meanwhile is not indexed twice.
    await write('lib_a', { chk_0: 'tea for two', chk_599: 'tea for one' });
    await tend();
    expect(store.reader.pendingWords('lib_a')).toBe(0);
    expect(indexed('lib_a')).toBe(600);
    expect(having('lib_a', 'tea')).toHaveLength(301);
    expect(store.reader.chunk('chk_1')?.text).toBe('wine');
  });
});

/** The version of the tables that brought words. */
const WORDS_VERSION = 5;

/** A database as it was before words: `lib_a` of so many chunks in `doc_a`, every second of them `tea`, the others `wine`. */
function beforeWords(chunks: number): string {
  const path = join(store.folder, 'before.db');
  const raw = new DatabaseSync(path);
  raw.exec('PRAGMA journal_mode = WAL');
  migrate(raw, WORDS_VERSION - 1);
  raw.exec(`
    INSERT INTO libraries (key, id, name, provider, model, dimension, metric, normalized, frozen, index_settings,
      index_record, next_ordinal, document_count, chunk_count, bytes, revision, created_at, updated_at)
    VALUES (1, 'lib_a', 'a', 'EXTERNAL', 'test', 2, 'EUCLIDEAN', 0, 1, '{"type":"AUTO","m":16,"efConstruction":200}',
      '{"type":"FLAT"}', ${chunks + 1}, 1, ${chunks}, 0, 1, 1, 1);
    INSERT INTO documents (key, id, library_key, title, content_type, metadata, created_at, updated_at)
    VALUES (1, 'doc_a', 1, 'A', 'text/plain', '{}', 1, 1);
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${chunks - 1})
    INSERT INTO chunks (key, id, library_key, document_key, position, ordinal, text, metadata, created_at, updated_at)
    SELECT i + 1, 'chk_' || i, 1, 1, i, i + 1, iif(i % 2 = 0, 'tea', 'wine'), '{}', 1, 1 FROM n;
    INSERT INTO vectors (chunk_key, checksum, data) SELECT key, 0, zeroblob(8) FROM chunks;
    UPDATE meta SET value = 1 WHERE name = 'revision';
  `);
  raw.close();
  return path;
}
