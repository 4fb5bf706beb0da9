import { isDeepStrictEqual } from 'node:util';
import { chunksAfter } from '../store/chunks.ts';
import { Database } from '../store/Database.ts';
import {
  BlockSummer,
  countedRows,
  openWordLists,
  storedTrigrams,
  storedValues,
  storedWords,
  valueText,
} from '../store/derived.ts';
import { type FieldRow, fieldsOf, type LibraryRow, readLibraries } from '../store/libraries.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';
import { metadataAfter } from '../store/values.ts';
import { blockOf, wordBlocks, wordTaskOf } from '../store/words.ts';
import { indexedText } from './indexedText.ts';
import { filterValues } from './metadata.ts';
import { toKeywords } from './records.ts';
import type { Metadata } from './types.ts';

/** Rows that are read at a time. */
const BATCH = 1_000;

/**
 * Makes everything once more that is made of rows (the values that filters compare, lists of words, counts), and compares it with what is stored.
 * Returns the first thing that differs, in words, or undefined. Words that wait to be indexed are passed over. The caller has found
 * the rows themselves sound, and sees all as of one moment ({@link Database.snapshot}). The tables are of the present version.
 */
export function findDerivedDamage(database: Database): string | undefined {
  openWordLists(database);
  for (const library of readLibraries(database, 'ORDER BY l.key')) {
    const found =
      findWrongCount(database, library) ??
      findWrongValue(database, library, 'document') ??
      findWrongValue(database, library, 'chunk') ??
      findWrongWords(database, library);
    if (found !== undefined) return `${found} of library ${library.id}`;
  }
  return undefined;
}

/** The same of the database in a file, as of one moment; of one with older tables nothing is found. */
export function derivedDamageIn(path: string): string | undefined {
  const database = Database.open(path, 'BACKUP');
  try {
    const isPresent = database.schemaVersion() === SCHEMA_VERSION;
    return isPresent ? database.snapshot(() => findDerivedDamage(database)) : undefined;
  } finally {
    database.close();
  }
}

function findWrongCount(database: Database, library: LibraryRow): string | undefined {
  const { documents, chunks } = countedRows(database, library.key);
  if (documents !== library.documentCount)
    return `the count of documents (${library.documentCount}, and there are ${documents})`;
  return chunks === library.chunkCount
    ? undefined
    : `the count of chunks (${library.chunkCount}, and there are ${chunks})`;
}

function findWrongValue(
  database: Database,
  library: LibraryRow,
  owner: 'chunk' | 'document',
): string | undefined {
  const fields = fieldsOf(library).filter(({ filterable }) => filterable === 1);
  for (let after = 0; ; ) {
    const rows = metadataAfter(database, owner, library.key, after, BATCH);
    const last = rows.at(-1)?.key;
    if (last === undefined) return undefined;
    const stored = storedValues(database, owner, after, last);
    for (const { key, metadata } of rows) {
      const expected = valueTexts(fields, JSON.parse(metadata) as Metadata);
      const found = stored.get(key) ?? [];
      if (!isDeepStrictEqual(found.toSorted(), expected.toSorted()))
        return `what filters compare of ${owner} number ${key}`;
    }
    after = last;
  }
}

function valueTexts(fields: readonly FieldRow[], metadata: Metadata): string[] {
  const values = fields.flatMap((field) => {
    const value = Object.hasOwn(metadata, field.name) ? metadata[field.name] : undefined;
    return value === undefined ? [] : filterValues(field, value);
  });
  return values.map(({ fieldKey, value }) => valueText(fieldKey, value));
}

function findWrongWords(database: Database, library: LibraryRow): string | undefined {
  if (wordTaskOf(database, library.key) !== undefined) return undefined;
  const keywords = toKeywords(library);
  const trigrams = { entries: 0, sum: 0 };
  const kept = new Set(wordBlocks(database, library.key).map(({ block }) => block));
  let summer = new BlockSummer(library.key);
  let block = 0;
  let chunks = 0;
  let total = 0;
  /** Compares the block that has been summed. */
  const isWrong = (): boolean => {
    const stored = storedWords(database, library.key, block);
    const { words, lengths } = summer.sums;
    trigrams.entries += summer.sums.trigrams.entries;
    trigrams.sum = (trigrams.sum + summer.sums.trigrams.sum) >>> 0;
    kept.delete(block);
    return !isDeepStrictEqual(stored, { words, lengths, chunks, total });
  };
  for (let after = 0; ; ) {
    const rows = chunksAfter(database, library.key, { after, limit: BATCH });
    for (const { ordinal, text } of rows) {
      if (blockOf(ordinal) !== block) {
        if (isWrong()) return `the words of block ${block}`;
        summer = new BlockSummer(library.key);
        block = blockOf(ordinal);
        chunks = 0;
        total = 0;
      }
      const indexed = indexedText(ordinal, text, keywords);
      summer.add(indexed);
      chunks += 1;
      total += indexed.count;
      after = ordinal;
    }
    if (rows.length < BATCH) break;
  }
  if (isWrong()) return `the words of block ${block}`;
  for (const left of kept) return `the words of block ${left}`;
  return keywords.substrings && !isDeepStrictEqual(storedTrigrams(database, library.key), trigrams)
    ? 'the trigrams'
    : undefined;
}
