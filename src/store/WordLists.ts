import type { Database } from './Database.ts';
import { FtsSegments } from './FtsSegments.ts';
import { BLOCK_SIZE, placesOf, type Sought, type WordBlock, wordCount, wordPrefix } from './words.ts';

/** Bytes of lists that are kept, of all libraries together. */
const KEPT_BYTES = 48 * 2 ** 20;
/** What an entry takes beside its arrays. */
const ENTRY_BYTES = 200;
const MAX_COUNT = 0xffff;

/** The chunks of a block in which something occurs. Arrays of one length. */
export interface WordList {
  /** Their ordinals, from the first of the block on, ascending. */
  readonly places: Uint16Array;
  /** How often it occurs in each; 65,535 stands for more, too. */
  readonly counts: Uint16Array;
}

interface Kept {
  readonly version: number;
  readonly list: WordList;
}

/**
 * The lists of an index of words, a block at a time, for one thread: read from FTS5's segments, and kept until something in
 * their block is written. They are of the moment at which they are asked for, or of a later one.
 */
export class WordLists {
  readonly #database: Database;
  readonly #segments: FtsSegments | null;
  readonly #kept = new Map<string, Kept>();
  readonly #lengths = new Map<string, { readonly version: number; readonly lengths: Uint32Array }>();
  readonly #gathered = new Uint32Array(BLOCK_SIZE);
  #bytes = 0;

  /** @param segments null: lists are read by SQL alone. So they are where FTS5 has a later format than the one known here. */
  constructor(
    database: Database,
    segments: FtsSegments | null = FtsSegments.open(database, 'chunk_words') ?? null,
  ) {
    this.#database = database;
    this.#segments = segments;
  }

  /** The lists of a block, in the order of what is sought. */
  lists(libraryKey: number, block: WordBlock, sought: readonly Sought[]): WordList[] {
    const keys = sought.map((one) => `${libraryKey}.${block.block} ${nameOf(one)}`);
    const known = keys.map((key) => this.#find(key, block.version));
    if (known.every((list) => list !== undefined)) return known as WordList[];
    return this.#database.snapshot(() =>
      sought.map((one, at) => {
        const kept = known[at];
        if (kept !== undefined) return kept;
        const list = this.#read(libraryKey, block.block, one);
        this.#keep(keys[at] as string, { version: block.version, list });
        return list;
      }),
    );
  }

  /** How many words each chunk of a block has, by its place in it; 0 where there is none. */
  lengths(libraryKey: number, block: WordBlock): Uint32Array {
    const key = `${libraryKey}.${block.block}`;
    const kept = this.#lengths.get(key);
    this.#lengths.delete(key);
    const lengths =
      kept?.version === block.version ? kept.lengths : lengthsOf(this.#database, libraryKey, block.block);
    this.#lengths.set(key, { version: block.version, lengths });
    if (this.#lengths.size * BLOCK_SIZE * Uint32Array.BYTES_PER_ELEMENT > KEPT_BYTES) {
      const [oldest] = this.#lengths.keys();
      if (oldest !== undefined) this.#lengths.delete(oldest);
    }
    return lengths;
  }

  #find(key: string, version: number): WordList | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    if (kept.version === version) this.#kept.set(key, kept);
    else this.#bytes -= bytesOf(kept);
    return kept.version === version ? kept.list : undefined;
  }

  #keep(key: string, entry: Kept): void {
    const before = this.#kept.get(key);
    if (before !== undefined) this.#bytes -= bytesOf(before);
    this.#kept.set(key, entry);
    this.#bytes += bytesOf(entry);
    for (const [oldest, kept] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytesOf(kept);
    }
  }

  #read(libraryKey: number, block: number, sought: Sought): WordList {
    const prefix = wordPrefix(libraryKey, block);
    if (this.#segments === null) return readByVocabulary(this.#database, libraryKey, block, sought);
    if (sought.kind === 'PHRASE') return this.#readPhrase(this.#segments, libraryKey, prefix, sought.words);
    const isPrefix = sought.kind === 'PREFIX';
    const term = prefix + (isPrefix ? sought.prefix : sought.word);
    const gathering = new Gathering(this.#gathered);
    this.#segments.read(libraryKey, { term, isPrefix, withPositions: false }, (ordinal, count) =>
      gathering.add(ordinal, count),
    );
    return gathering.list();
  }

  /** The chunks that have the words one after the other, and how often. */
  #readPhrase(segments: FtsSegments, libraryKey: number, prefix: string, words: readonly string[]): WordList {
    let ends: Map<number, number[]> | undefined;
    for (const word of words) {
      const before = ends;
      const next = new Map<number, number[]>();
      const wanted = { term: prefix + word, isPrefix: false, withPositions: true };
      segments.read(libraryKey, wanted, (ordinal, _count, positions) => {
        const found = before === undefined ? [...positions] : followers(before.get(ordinal) ?? [], positions);
        if (found.length > 0) next.set(ordinal, found);
      });
      ends = next;
      if (ends.size === 0) break;
    }
    const gathering = new Gathering(this.#gathered);
    for (const [ordinal, positions] of ends ?? []) gathering.add(ordinal, positions.length);
    return gathering.list();
  }
}

/** Those of `positions` right before which one of `before` stands; all ascending. */
function followers(before: readonly number[], positions: readonly number[]): number[] {
  const found: number[] = [];
  let at = 0;
  for (const position of positions) {
    while (at < before.length && (before[at] as number) < position - 1) at++;
    if (before[at] === position - 1) found.push(position);
  }
  return found;
}

/** Adds up what comes of a block's chunks in any order. */
class Gathering {
  readonly #counts: Uint32Array;
  readonly #places: number[] = [];
  #isAscending = true;

  /** @param counts of {@link BLOCK_SIZE}, all 0, and so again after {@link list}. */
  constructor(counts: Uint32Array) {
    this.#counts = counts;
  }

  add(ordinal: number, count: number): void {
    const place = ordinal % BLOCK_SIZE;
    const before = this.#counts[place] as number;
    if (before === 0) {
      if (place < (this.#places.at(-1) ?? 0)) this.#isAscending = false;
      this.#places.push(place);
    }
    this.#counts[place] = before + count;
  }

  list(): WordList {
    const places = Uint16Array.from(this.#places);
    if (!this.#isAscending) places.sort();
    const counts = new Uint16Array(places.length);
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number;
      counts[at] = Math.min(MAX_COUNT, this.#counts[place] as number);
      this.#counts[place] = 0;
    }
    return { places, counts };
  }
}

/** By what FTS5 itself offers: each occurrence is a row. Of a phrase each chunk counts as one occurrence. */
function readByVocabulary(database: Database, libraryKey: number, block: number, sought: Sought): WordList {
  const rows = placesOf(database, libraryKey, block, sought);
  return {
    places: Uint16Array.from(rows.places, (place) => place % BLOCK_SIZE),
    counts: Uint16Array.from(rows.counts, (count) => Math.min(MAX_COUNT, count)),
  };
}

function lengthsOf(database: Database, libraryKey: number, block: number): Uint32Array {
  const { ordinals, words } = wordCount(database, libraryKey, block);
  const lengths = new Uint32Array(BLOCK_SIZE);
  for (const [at, ordinal] of ordinals.entries()) lengths[ordinal % BLOCK_SIZE] = words[at] as number;
  return lengths;
}

function nameOf(sought: Sought): string {
  switch (sought.kind) {
    case 'WORD':
      return sought.word;
    case 'PREFIX':
      return `${sought.prefix}*`;
    case 'PHRASE':
      return `"${sought.words.join(' ')}"`;
  }
}

function bytesOf({ list }: Kept): number {
  return list.places.byteLength + list.counts.byteLength + ENTRY_BYTES;
}
