import { trigramsOf } from '../words/trigrams.ts';
import type { Database } from './Database.ts';
import { foldCase } from './foldCase.ts';

/**
 * The words of all chunks, in one FTS5 table that keeps libraries apart by its terms: a term is the library, a block of
 * ordinals and the word. So what a search costs, and what its statistics count, is of one library alone, and its longest
 * list is as long as a block. Rows are known by their place: the library's key and the chunk's ordinal in one number.
 */

const BLOCK_BITS = 13;
/** Ordinals of one block: the most chunks that a search looks through before others have their turn. */
export const BLOCK_SIZE = 2 ** BLOCK_BITS;
/** Chunks whose words one step of background work writes or takes away: some tens of milliseconds of the writer's. */
export const STEP_CHUNKS = 250;
const DIGITS = 36;
/** Trigrams of a needle that are looked for: more would leave hardly fewer texts. */
const MAX_TRIGRAMS = 24;
/** Sorts after every character that a word can begin with. */
const AFTER_ALL = '\u{10FFFF}';

/** A chunk's words as they are indexed; and its trigrams' numbers, unless its library indexes no substrings. */
export interface IndexedText {
  readonly ordinal: number;
  /** In order, one space between two. */
  readonly words: string;
  readonly count: number;
  readonly trigrams: readonly string[] | undefined;
}

/** The chunks of one block of a library and how many words they have together. */
export interface WordBlock {
  readonly block: number;
  readonly chunks: number;
  readonly words: number;
  /** Greater after each write of words of this block. */
  readonly version: number;
}

/** What to look for in a block: a word, words that begin so, or words that follow each other. */
export type Sought =
  | { readonly kind: 'WORD'; readonly word: string }
  | { readonly kind: 'PREFIX'; readonly prefix: string }
  | { readonly kind: 'PHRASE'; readonly words: readonly string[] };

/** FILL: chunks with ordinals in (after, upTo] are to be indexed anew. SWEEP: the library is gone, its words are to go. */
export interface WordTask {
  readonly libraryKey: number;
  readonly kind: 'FILL' | 'SWEEP';
  readonly after: number;
  readonly upTo: number;
}

export function blockOf(ordinal: number): number {
  return Math.floor(ordinal / BLOCK_SIZE);
}

/** Indexes texts whose ordinals have none yet. */
export function insertWords(database: Database, libraryKey: number, texts: readonly IndexedText[]): void {
  const added = new Map<number, { chunks: number; words: number }>();
  for (const { ordinal, words, count, trigrams } of texts) {
    const block = blockOf(ordinal);
    const prefix = wordPrefix(libraryKey, block);
    database.run(
      'INSERT INTO chunk_words (rowid, words) VALUES ((? << 32) | ?, ?)',
      libraryKey,
      ordinal,
      count === 0 ? '' : prefix + words.replaceAll(' ', ` ${prefix}`),
    );
    if (trigrams !== undefined) insertTrigrams(database, libraryKey, ordinal, trigrams);
    const sum = added.get(block) ?? { chunks: 0, words: 0 };
    added.set(block, { chunks: sum.chunks + 1, words: sum.words + count });
  }
  for (const { ordinal, count } of texts) {
    database.run(
      'INSERT INTO chunk_lengths (place, words) VALUES ((? << 32) | ?, ?)',
      libraryKey,
      ordinal,
      count,
    );
  }
  for (const [block, { chunks, words }] of added) {
    database.run(
      `INSERT INTO word_blocks (library_key, block, chunks, words) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET chunks = chunks + excluded.chunks, words = words + excluded.words, version = version + 1`,
      libraryKey,
      block,
      chunks,
      words,
    );
  }
}

function insertTrigrams(
  database: Database,
  libraryKey: number,
  ordinal: number,
  trigrams: readonly string[],
): void {
  if (trigrams.length === 0) return;
  const prefix = trigramPrefix(libraryKey);
  database.run(
    'INSERT INTO chunk_trigrams (rowid, trigrams) VALUES ((? << 32) | ?, ?)',
    libraryKey,
    ordinal,
    `${prefix}${trigrams.join(` ${prefix}`)}`,
  );
}

/** Forgets the words of chunks; what has none is passed over. */
export function deleteWords(database: Database, libraryKey: number, ordinals: readonly number[]): void {
  if (ordinals.length === 0) return;
  const places = `SELECT (?1 << 32) | j.value FROM json_each(?2) j`;
  const list = `[${ordinals.join(',')}]`;
  const lost = database.all<Omit<WordBlock, 'version'>>(
    `SELECT (l.place & 0xffffffff) >> ${BLOCK_BITS} AS block, count(*) AS chunks, sum(l.words) AS words
     FROM chunk_lengths l WHERE l.place IN (${places}) GROUP BY 1`,
    libraryKey,
    list,
  );
  if (lost.length === 0) return;
  for (const table of ['chunk_words', 'chunk_trigrams']) {
    database.run(`DELETE FROM ${table} WHERE rowid IN (${places})`, libraryKey, list);
  }
  database.run(`DELETE FROM chunk_lengths WHERE place IN (${places})`, libraryKey, list);
  for (const { block, chunks, words } of lost) {
    database.run(
      `UPDATE word_blocks SET chunks = chunks - ?, words = words - ?, version = version + 1
       WHERE library_key = ? AND block = ?`,
      chunks,
      words,
      libraryKey,
      block,
    );
  }
}

/** The blocks of a library that hold words, ascending. An emptied block stays, so that its version is never given out again. */
export function wordBlocks(database: Database, libraryKey: number): WordBlock[] {
  return database.all<WordBlock>(
    'SELECT block, chunks, words, version FROM word_blocks WHERE library_key = ? AND chunks > 0 ORDER BY block',
    libraryKey,
  );
}

/** Ascending ordinals of the chunks of a block in which something occurs, and how often; of a phrase always 1. */
export function placesOf(
  database: Database,
  libraryKey: number,
  block: number,
  sought: Sought,
): { readonly places: readonly number[]; readonly counts: readonly number[] } {
  const { condition, parameters } = soughtCondition(libraryKey, block, sought);
  const [places = [], counts = []] = numbers(
    database,
    ['place & 0xffffffff', 'count'],
    `(${condition} ORDER BY place)`,
    parameters,
  );
  return { places, counts };
}

/** How many words the chunks of a block have, by ordinal. */
export function wordCount(
  database: Database,
  libraryKey: number,
  block: number,
): { readonly ordinals: readonly number[]; readonly words: readonly number[] } {
  const [ordinals = [], words = []] = numbers(
    database,
    ['place & 0xffffffff', 'words'],
    `chunk_lengths WHERE place BETWEEN (?1 << 32) + ?2 AND (?1 << 32) + ?2 + ${BLOCK_SIZE - 1}`,
    [libraryKey, block * BLOCK_SIZE],
  );
  return { ordinals, words };
}

/** Ascending ordinals of the chunks of a block whose trigrams are those of a part of a text; without trigrams, of all of them. */
export function ordinalsThatMayContain(
  database: Database,
  libraryKey: number,
  block: number,
  part: string,
): Uint32Array {
  const match = hasTrigrams(database, libraryKey)
    ? trigramMatch(libraryKey, trigramsOf(foldCase(part)))
    : undefined;
  const first = block * BLOCK_SIZE;
  const [ordinals = []] =
    match === undefined
      ? numbers(database, ['ordinal'], 'chunks WHERE library_key = ? AND ordinal BETWEEN ? AND ?', [
          libraryKey,
          first,
          first + BLOCK_SIZE - 1,
        ])
      : numbers(
          database,
          ['rowid & 0xffffffff'],
          `chunk_trigrams WHERE chunk_trigrams MATCH ?1
             AND rowid BETWEEN (?2 << 32) + ?3 AND (?2 << 32) + ?3 + ${BLOCK_SIZE - 1}`,
          [match, libraryKey, first],
        );
  return Uint32Array.from(ordinals).sort();
}

/** Columns of numbers, each as one list: JSON texts cross the border faster than as many rows. */
function numbers(
  database: Database,
  columns: readonly string[],
  from: string,
  parameters: readonly (string | number)[],
): number[][] {
  const lists = columns.map((column, at) => `json_group_array(${column}) AS list${at}`);
  const row = database.get<Record<string, string>>(`SELECT ${lists.join(', ')} FROM ${from}`, ...parameters);
  return columns.map((_column, at) => JSON.parse(row?.[`list${at}`] ?? '[]') as number[]);
}

/** The next background work there is to do on words, that on the lowest key first. */
export function nextWordTask(database: Database): WordTask | undefined {
  return database.get<WordTask>(
    `SELECT library_key AS libraryKey, kind, after, up_to AS upTo FROM word_tasks ORDER BY library_key LIMIT 1`,
  );
}

/** The filling that a library waits for, or undefined. */
export function wordTaskOf(database: Database, libraryKey: number): WordTask | undefined {
  return database.get<WordTask>(
    'SELECT library_key AS libraryKey, kind, after, up_to AS upTo FROM word_tasks WHERE library_key = ?',
    libraryKey,
  );
}

/** Puts the words of all chunks of a library up to ordinal `upTo` on the list of what is to be indexed anew. */
export function requestFill(database: Database, libraryKey: number, upTo: number): void {
  database.run(
    `INSERT INTO word_tasks (library_key, kind, after, up_to) VALUES (?, 'FILL', 0, ?)
     ON CONFLICT DO UPDATE SET after = 0, up_to = excluded.up_to`,
    libraryKey,
    upTo,
  );
}

/** Puts the words of a library that is deleted on the list of what is to go. Its key is never given out again. */
export function requestSweep(database: Database, libraryKey: number): void {
  database.run('DELETE FROM word_tasks WHERE library_key = ?', libraryKey);
  database.run(
    `INSERT INTO word_tasks (library_key, kind, after, up_to)
     SELECT ?1, 'SWEEP', 0, 0 WHERE EXISTS (SELECT 1 FROM word_blocks WHERE library_key = ?1)`,
    libraryKey,
  );
}

/** Notes that a task has come as far as `after`. */
export function advanceFill(database: Database, libraryKey: number, after: number): void {
  database.run('UPDATE word_tasks SET after = ? WHERE library_key = ?', after, libraryKey);
}

export function endWordTask(database: Database, { libraryKey, kind }: WordTask): void {
  database.run('DELETE FROM word_tasks WHERE library_key = ?', libraryKey);
  if (kind === 'SWEEP') database.run('DELETE FROM word_blocks WHERE library_key = ?', libraryKey);
}

/** Forgets the words of some chunks of a library that is gone. Returns whether there were any. */
export function sweepWords(database: Database, libraryKey: number): boolean {
  const rows = database.all<{ ordinal: number }>(
    `SELECT place & 0xffffffff AS ordinal FROM chunk_lengths
     WHERE place >= (?1 << 32) AND place <= ((?1 << 32) | 0xffffffff) LIMIT ${STEP_CHUNKS}`,
    libraryKey,
  );
  deleteWords(
    database,
    libraryKey,
    rows.map(({ ordinal }) => ordinal),
  );
  return rows.length > 0;
}

/**
 * What to match `chunk_trigrams` with for the chunks of a library that have all of a needle's trigrams (of a long needle,
 * some of them); undefined when the needle is too short to have any.
 */
export function trigramMatch(libraryKey: number, trigrams: readonly string[]): string | undefined {
  if (trigrams.length === 0) return undefined;
  const prefix = trigramPrefix(libraryKey);
  const step = Math.ceil(trigrams.length / MAX_TRIGRAMS);
  return trigrams
    .filter((_trigram, at) => at % step === 0)
    .map((trigram) => `"${prefix}${trigram}"`)
    .join(' AND ');
}

/** Whether the trigrams of every chunk of a library are indexed. */
export function hasTrigrams(database: Database, libraryKey: number): boolean {
  const row = database.get<{ has: number }>(
    `SELECT l.keywords ->> 'substrings' AND NOT EXISTS (SELECT 1 FROM word_tasks t WHERE t.library_key = l.key) AS has
     FROM libraries l WHERE l.key = ?`,
    libraryKey,
  );
  return row?.has === 1;
}

/** Chunks of a library that wait for their words to be indexed. */
export function pendingWords(database: Database, libraryKey: number): number {
  const task = wordTaskOf(database, libraryKey);
  if (task === undefined) return 0;
  const row = database.get<{ count: number }>(
    'SELECT count(*) AS count FROM chunks WHERE library_key = ? AND ordinal > ? AND ordinal <= ?',
    libraryKey,
    task.after,
    task.upTo,
  );
  return row?.count ?? 0;
}

/** Letters, digits, `.` and `_` only, as the table's tokenizer takes them for one term with the word behind it. */
export function wordPrefix(libraryKey: number, block: number): string {
  return `${libraryKey.toString(DIGITS)}.${block.toString(DIGITS)}_`;
}

/** The same for trigrams, whose lists are not in blocks. */
export function trigramPrefix(libraryKey: number): string {
  return `${libraryKey.toString(DIGITS)}_`;
}

/** The rows (place, count) of what is sought. */
function soughtCondition(
  libraryKey: number,
  block: number,
  sought: Sought,
): { readonly condition: string; readonly parameters: string[] } {
  const prefix = wordPrefix(libraryKey, block);
  if (sought.kind === 'PHRASE') {
    const phrase = sought.words.map((word) => `${prefix}${word}`).join(' ');
    const condition = 'SELECT rowid AS place, 1 AS count FROM chunk_words WHERE chunk_words MATCH ?';
    return { condition, parameters: [`"${phrase}"`] };
  }
  const from = prefix + (sought.kind === 'WORD' ? sought.word : sought.prefix);
  const isOne = sought.kind === 'WORD';
  return {
    condition: `SELECT i.doc AS place, count(*) AS count FROM chunk_words_instances i
      WHERE ${isOne ? 'term = ?' : 'term >= ? AND term < ?'} GROUP BY i.doc`,
    parameters: isOne ? [from] : [from, `${from}${AFTER_ALL}`],
  };
}
