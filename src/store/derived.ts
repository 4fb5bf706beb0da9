import type { Database } from './Database.ts';
import { ROW_CHECKSUM, rowChecksum } from './rowChecksum.ts';
import { BLOCK_SIZE, blockOf, type IndexedText, trigramPrefix, wordPrefix } from './words.ts';

/**
 * What is made of rows, as it is stored, in a form that it can be compared in with the same made once more: as numbers of entries with sums of their
 * checksums, in which the order of entries does not matter.
 */

/** Sorts after every character that a term can begin with. */
const AFTER_ALL = '\u{10FFFF}';

/** Entries of a list: how many, and the sum of their checksums, modulo 2 ** 32. */
export interface EntrySum {
  readonly entries: number;
  readonly sum: number;
}

/** The words of a block of chunks. */
export interface BlockSums {
  readonly words: EntrySum;
  readonly trigrams: EntrySum;
  readonly lengths: EntrySum;
}

/** Adds up {@link BlockSums} from texts. */
export class BlockSummer {
  readonly #libraryKey: number;
  readonly #sums = { words: newSum(), trigrams: newSum(), lengths: newSum() };

  constructor(libraryKey: number) {
    this.#libraryKey = libraryKey;
  }

  add({ ordinal, words, count, trigrams }: IndexedText): void {
    const prefix = wordPrefix(this.#libraryKey, blockOf(ordinal));
    const terms = count === 0 ? [] : words.split(' ');
    for (const [offset, word] of terms.entries())
      add(this.#sums.words, [prefix + word, this.#libraryKey, ordinal, offset]);
    const trigramsPrefix = trigramPrefix(this.#libraryKey);
    for (const trigram of new Set(trigrams))
      add(this.#sums.trigrams, [trigramsPrefix + trigram, this.#libraryKey, ordinal]);
    add(this.#sums.lengths, [ordinal, count]);
  }

  get sums(): BlockSums {
    return this.#sums;
  }
}

function newSum(): { entries: number; sum: number } {
  return { entries: 0, sum: 0 };
}

function add(to: { entries: number; sum: number }, values: readonly (string | number)[]): void {
  to.entries += 1;
  to.sum = (to.sum + rowChecksum(values)) >>> 0;
}

/** Tables that show what is in an index of words, of this connection alone. */
export function openWordLists(database: Database): void {
  database.run(
    'CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_entries USING fts5vocab (main, chunk_words, instance)',
  );
  database.run(
    'CREATE VIRTUAL TABLE IF NOT EXISTS temp.trigram_entries USING fts5vocab (main, chunk_trigrams, instance)',
  );
}

/** The words of one block of a library, and how many they are by the sums that are kept of them, as they are stored. */
export function storedWords(
  database: Database,
  libraryKey: number,
  block: number,
): Omit<BlockSums, 'trigrams'> & { readonly chunks: number; readonly total: number } {
  const prefix = wordPrefix(libraryKey, block);
  const words = sumOf(
    database,
    `term, doc >> 32, doc & 0xffffffff, "offset"`,
    'temp.word_entries WHERE term >= ? AND term < ?',
    prefix,
    prefix + AFTER_ALL,
  );
  const first = block * BLOCK_SIZE;
  const lengths = sumOf(
    database,
    'place & 0xffffffff, words',
    `chunk_lengths WHERE place BETWEEN (?1 << 32) + ?2 AND (?1 << 32) + ?2 + ${BLOCK_SIZE - 1}`,
    libraryKey,
    first,
  );
  const kept = database.get<{ chunks: number; total: number }>(
    'SELECT chunks, words AS total FROM word_blocks WHERE library_key = ? AND block = ?',
    libraryKey,
    block,
  );
  return { words, lengths, chunks: kept?.chunks ?? 0, total: kept?.total ?? 0 };
}

/** The trigrams of a library, as they are stored. */
export function storedTrigrams(database: Database, libraryKey: number): EntrySum {
  const prefix = trigramPrefix(libraryKey);
  return sumOf(
    database,
    'term, doc >> 32, doc & 0xffffffff',
    'temp.trigram_entries WHERE term >= ? AND term < ?',
    prefix,
    prefix + AFTER_ALL,
  );
}

/** Chunks and documents of a library, as they are in their tables. */
export function countedRows(
  database: Database,
  libraryKey: number,
): { readonly documents: number; readonly chunks: number } {
  const row = database.get<{ documents: number; chunks: number }>(
    `SELECT (SELECT count(*) FROM documents NOT INDEXED WHERE library_key = ?1) AS documents,
       (SELECT count(*) FROM chunks NOT INDEXED WHERE library_key = ?1) AS chunks`,
    libraryKey,
  );
  return row ?? { documents: 0, chunks: 0 };
}

/** The values that filters compare of documents or chunks with keys in (after, upTo], as JSON texts by key. */
export function storedValues(
  database: Database,
  owner: 'chunk' | 'document',
  after: number,
  upTo: number,
): Map<number, string[]> {
  const rows = database.all<{ key: number; field: number; value: string | number | Uint8Array }>(
    `SELECT ${owner}_key AS key, field_key AS field, value FROM ${owner}_values WHERE ${owner}_key > ? AND ${owner}_key <= ?`,
    after,
    upTo,
  );
  const values = new Map<number, string[]>();
  for (const { key, field, value } of rows) {
    const list = values.get(key) ?? [];
    list.push(valueText(field, value));
    values.set(key, list);
  }
  return values;
}

/** A value under its field, as a text that no other has. */
export function valueText(field: number, value: string | number | Uint8Array): string {
  return JSON.stringify([field, value instanceof Uint8Array ? { bytes: value.length } : value]);
}

function sumOf(
  database: Database,
  columns: string,
  from: string,
  ...parameters: (string | number)[]
): EntrySum {
  const row = database.get<EntrySum>(
    `SELECT count(*) AS entries, coalesce(sum(${ROW_CHECKSUM}(${columns})), 0) & 0xffffffff AS sum FROM ${from}`,
    ...parameters,
  );
  // A plain object, to be compared with others.
  return { entries: row?.entries ?? 0, sum: row?.sum ?? 0 };
}
