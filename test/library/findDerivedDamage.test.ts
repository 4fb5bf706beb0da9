import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findDerivedDamage } from '../../src/library/findDerivedDamage.ts';
import { Database } from '../../src/store/Database.ts';
import { chunk, createDocument, createLibrary, rows, TestStore, writeChunks } from './TestStore.ts';

const CHUNKS = 40;
const WORDS = ['button', 'lever', 'wheel', 'lamp', 'fuse'];

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  const metadataFields = [
    { name: 'year', type: 'NUMBER', description: null, filterable: true },
    { name: 'tags', type: 'STRING_LIST', description: null, filterable: true },
    { name: 'note', type: 'STRING', description: null, filterable: false },
  ] as const;
  for (const library of ['lib_a', 'lib_b']) {
    const keywords = { language: 'ENGLISH', substrings: library === 'lib_a' } as const;
    await store.submit(createLibrary(library, { metadataFields, keywords }));
    const documentId = `doc_${library}`;
    await store.submit(createDocument(library, documentId, { metadata: { year: 1999, note: 'n' } }));
    const items = Array.from({ length: CHUNKS }, (_, at) => ({
      ...chunk(`chk_${library}${at}`, at, {
        text: `Press the ${WORDS[at % 5]} and the ${WORDS[(at * 3) % 5]}, then wait.`,
        metadata: { year: 2000 + at, tags: at % 3 === 0 ? [] : [`t${at % 3}`, 'all'] },
      }),
      documentId,
    }));
    await store.submit(writeChunks(library, items, rows(...items.map((_, at) => [at, 1]))));
  }
  await store.submit({
    type: 'deleteChunks',
    library: { id: 'lib_b' },
    at: 5,
    by: { ids: ['chk_lib_b3', 'chk_lib_b4'] },
  });
});
afterEach(() => store.close());

function found(): string | undefined {
  const database = Database.open(store.path, 'BACKUP');
  try {
    return database.snapshot(() => findDerivedDamage(database));
  } finally {
    database.close();
  }
}

/** Changes the file as damage does: nothing follows. */
function damage(sql: string): void {
  const raw = new DatabaseSync(store.path);
  raw.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
  raw.close();
}

describe('what is made of rows', () => {
  it('is found sound where it is', () => {
    expect(found()).toBeUndefined();
  });

  it.each([
    [
      'a value',
      'UPDATE chunk_values SET value = 1 WHERE value = 2003',
      'what filters compare of chunk number 4',
    ],
    [
      'a value',
      "UPDATE chunk_values SET value = 't0' WHERE value = 't1' AND chunk_key = 2",
      'chunk number 2',
    ],
    ['a value', 'DELETE FROM chunk_values WHERE chunk_key = 7', 'chunk number 7'],
    ['a value', "DELETE FROM chunk_values WHERE value = x'' AND chunk_key = 4", 'chunk number 4'],
    ['a value', 'UPDATE document_values SET document_key = 3', 'document number 1'],
    ['a count', 'UPDATE chunk_lengths SET words = words + 1 WHERE place & 15 = 9', 'words of block 0'],
    ['a count', 'DELETE FROM chunk_lengths WHERE place & 15 = 9', 'words of block 0'],
    ['a count', 'UPDATE word_blocks SET words = words - 1 WHERE library_key = 2', 'block 0 of library lib_b'],
    ['a block', 'UPDATE word_blocks SET block = 1 WHERE library_key = 2', 'words of block'],
    ['words', 'DELETE FROM chunk_words WHERE rowid & 15 = 9', 'words of block 0'],
    [
      'words',
      "INSERT INTO chunk_words (rowid, words) VALUES ((2 << 32) | 77, '2.0_fuse')",
      'block 0 of library lib_b',
    ],
    ['trigrams', 'DELETE FROM chunk_trigrams WHERE rowid & 15 = 9', 'the trigrams of library lib_a'],
    ['the list of chunks', 'DELETE FROM chunks WHERE key = 9', 'the count of chunks'],
  ])('is found damaged: %s (%s)', (_, sql, message) => {
    damage(sql);
    expect(found()).toContain(message);
  });
});
