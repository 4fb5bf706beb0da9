import type { Database } from './Database.ts';

/** The version of FTS5's own format that is read here, as its table of settings states it. */
const KNOWN_VERSION = 4;
/** The row of a table's data that lists its segments. */
const STRUCTURE_ROW = 10;
/** A list of segments that counts deletions begins so, behind four bytes of cookie. */
const STRUCTURE_MARK = 0xff000001;
/** Numbers that are stated of each segment: id, first and last page, origins, pages and entries of tombstones, entries. */
const SEGMENT_NUMBERS = 8;
const PAGE_BITS = 37n;
const TOMBSTONES_OF = 1 << 16;
const LEAF_HEADER_BYTES = 4;
const TOMBSTONE_HEADER_BYTES = 8;
/** Before each term of the main index. */
const MAIN_INDEX = '0';
/** Pages that are kept until the table changes, 4 KiB each. */
const MAX_KEPT_PAGES = 512;

interface Segment {
  readonly id: number;
  readonly firstPage: number;
  readonly lastPage: number;
  readonly tombstonePages: number;
  /** Its first and its last term, once they are known. */
  range?: { readonly first: Buffer; readonly last: Buffer };
}

/** A page of terms with their lists. */
interface Leaf {
  readonly bytes: Uint8Array;
  readonly page: number;
  /** Where lists and terms end. */
  readonly end: number;
  /** Where the first row number that begins on this page stands; 0: none. */
  readonly firstRow: number;
  /** Where each term stands. */
  readonly terms: readonly number[];
}

/**
 * Takes a row that a list names: the lower 32 bits of its number, how often the term occurs in it, and where: places in the row,
 * ascending, in an array that is written anew for the next row, and empty unless they were asked for.
 */
export type RowVisit = (row: number, count: number, positions: readonly number[]) => void;

/**
 * Reads the lists of an FTS5 table of one column (`contentless_delete`, `detail=full`) from the segments in which FTS5 keeps them:
 * `fts5vocab` gives each occurrence as a row of SQL, which takes several times as long. The format is told at the head of SQLite's
 * fts5_index.c: leaves of terms in order, each with its rows as differences, and each row with the places of the term in it.
 * Whoever calls keeps a transaction open, so that all pages are of one moment.
 */
export class FtsSegments {
  readonly #database: Database;
  readonly #table: string;
  readonly #pages = new Map<bigint, Uint8Array>();
  #structure = new Uint8Array();
  #segments: readonly Segment[] = [];

  /** Undefined if the table has a format that is not known here. */
  static open(database: Database, table: string): FtsSegments | undefined {
    const row = database.get<{ v: number }>(`SELECT v FROM ${table}_config WHERE k = 'version'`);
    return row?.v === KNOWN_VERSION ? new FtsSegments(database, table) : undefined;
  }

  private constructor(database: Database, table: string) {
    this.#database = database;
    this.#table = table;
  }

  /**
   * Visits the rows of terms, or of all terms that begin so; each term's by itself, a segment at a time, so that rows need not
   * come in order. A row comes once for each term of those that begin so.
   * @param library of the rows: the upper 32 bits of their numbers.
   */
  read(
    library: number,
    wanted: { readonly term: string; readonly isPrefix: boolean; readonly withPositions: boolean },
    visit: RowVisit,
  ): void {
    this.#refresh();
    const term = Buffer.from(MAIN_INDEX + wanted.term);
    for (const segment of this.#segments) {
      if (!this.#mayHave(segment, term, wanted.isPrefix)) continue;
      const page = this.#pageOf(segment, term);
      new ListCursor(segment, (number) => this.#leaf(segment, number), wanted.withPositions).read(
        page,
        term,
        wanted.isPrefix,
        segment.tombstonePages === 0
          ? visit
          : (row, count, positions) => {
              if (!this.#isDeleted(segment, library, row)) visit(row, count, positions);
            },
      );
    }
  }

  /** Reads which segments there are, if anything has changed. */
  #refresh(): void {
    const row = this.#database.get<{ block: Uint8Array<ArrayBuffer> }>(
      `SELECT block FROM ${this.#table}_data WHERE id = ${STRUCTURE_ROW}`,
    );
    const structure = row?.block ?? new Uint8Array();
    if (Buffer.compare(structure, this.#structure) === 0) return;
    this.#pages.clear();
    this.#segments = segmentsOf(structure);
    this.#structure = structure;
  }

  /** Segments of what was written together have the terms of few blocks, so most of them are told by their range alone. */
  #mayHave(segment: Segment, term: Buffer, isPrefix: boolean): boolean {
    segment.range ??= this.#rangeOf(segment);
    const { first, last } = segment.range;
    if (Buffer.compare(term, last) > 0) return false;
    return Buffer.compare(isPrefix ? first.subarray(0, term.length) : first, term) <= 0;
  }

  #rangeOf(segment: Segment): NonNullable<Segment['range']> {
    const [first = Buffer.alloc(0)] = termsOf(this.#leaf(segment, segment.firstPage));
    let last: Buffer | undefined;
    for (let page = segment.lastPage; last === undefined && page > segment.firstPage; page--) {
      last = termsOf(this.#leaf(segment, page)).at(-1);
    }
    return { first, last: last ?? termsOf(this.#leaf(segment, segment.firstPage)).at(-1) ?? first };
  }

  /** The page on which a term stands if it is in the segment. */
  #pageOf(segment: Segment, term: Uint8Array): number {
    const row = this.#database.get<{ page: number }>(
      `SELECT pgno >> 1 AS page FROM ${this.#table}_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1`,
      segment.id,
      term,
    );
    return Math.max(row?.page ?? 0, segment.firstPage);
  }

  #leaf(segment: Segment, page: number): Leaf {
    const bytes = this.#page((BigInt(segment.id) << PAGE_BITS) + BigInt(page));
    const end = bytes16(bytes, 2);
    const terms: number[] = [];
    const reader = new Varints(bytes, end);
    for (let at = 0; reader.at < bytes.length; ) {
      at += reader.next();
      terms.push(at);
    }
    return { bytes, page, end, firstRow: bytes16(bytes, 0), terms };
  }

  #page(id: bigint): Uint8Array {
    const kept = this.#pages.get(id);
    if (kept !== undefined) return kept;
    const row = this.#database.get<{ block: Uint8Array }>(
      `SELECT block FROM ${this.#table}_data WHERE id = ?`,
      id,
    );
    if (row === undefined) throw new Error(`Page ${id} of the words' index is not there.`);
    if (this.#pages.size >= MAX_KEPT_PAGES) this.#pages.clear();
    this.#pages.set(id, row.block);
    return row.block;
  }

  /** Whether a row of a segment has been deleted since: its number is then in a hash table beside the segment. */
  #isDeleted(segment: Segment, library: number, row: number): boolean {
    const number = library * 2 ** 32 + row;
    const { id, tombstonePages } = segment;
    const bytes = this.#page((BigInt(id + TOMBSTONES_OF) << PAGE_BITS) + BigInt(number % tombstonePages));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const keyBytes = bytes[0] === 4 ? 4 : 8;
    const slots = bytes.length > 16 ? Math.floor((bytes.length - TOMBSTONE_HEADER_BYTES) / keyBytes) : 1;
    let slot = Math.floor(number / tombstonePages) % slots;
    for (let tried = 0; tried < slots; tried++) {
      const at = TOMBSTONE_HEADER_BYTES + slot * keyBytes;
      const high = keyBytes === 4 ? 0 : view.getUint32(at);
      const low = view.getUint32(at + keyBytes - 4);
      if (high === 0 && low === 0) return false;
      if (high === library && low === row) return true;
      slot = (slot + 1) % slots;
    }
    return false;
  }
}

/** Goes through the lists of one segment. */
class ListCursor {
  readonly #segment: Segment;
  readonly #leafAt: (page: number) => Leaf;
  readonly #withPositions: boolean;
  readonly #positions: number[] = [];

  constructor(segment: Segment, leafAt: (page: number) => Leaf, withPositions: boolean) {
    this.#segment = segment;
    this.#leafAt = leafAt;
    this.#withPositions = withPositions;
  }

  read(page: number, wanted: Uint8Array, isPrefix: boolean, visit: RowVisit): void {
    let leaf: Leaf | undefined = this.#leafAt(page);
    while (leaf !== undefined) {
      let matched = 0;
      let following: Leaf | undefined = leaf;
      for (let place = 0; place < leaf.terms.length && following === leaf; place++) {
        const reader = new Varints(leaf.bytes, leaf.terms[place] as number);
        // All but a page's first share a beginning with the term before them.
        const kept = place === 0 ? 0 : reader.next();
        const size = reader.next();
        if (kept < matched) return;
        let at = 0;
        if (kept === matched) {
          while (at < size && matched < wanted.length && leaf.bytes[reader.at + at] === wanted[matched]) {
            at++;
            matched++;
          }
          const isPast = at < size && (leaf.bytes[reader.at + at] as number) > (wanted[matched] ?? -1);
          if (matched < wanted.length ? isPast : isPast && !isPrefix) return;
        }
        if (matched < wanted.length) continue;
        following = this.#readList(leaf, reader.at + size, leaf.terms[place + 1] ?? leaf.end, visit);
        if (!isPrefix) return;
      }
      leaf = following === leaf ? this.#after(leaf) : following;
    }
  }

  /**
   * Reads a list from its beginning to its end, `end` being that on its first page. Returns the page on which it ends: if that
   * is another than the first, the next term is the first on it; undefined: nothing comes after it.
   */
  #readList(first: Leaf, from: number, endOnFirst: number, visit: RowVisit): Leaf | undefined {
    let leaf = first;
    let end = endOnFirst;
    const reader = new Varints(leaf.bytes, from);
    let row = 0;
    let isAbsolute = true;
    for (;;) {
      while (reader.at < end) {
        row = isAbsolute ? reader.next() : (row + reader.next()) >>> 0;
        isAbsolute = false;
        let left = reader.next() >>> 1;
        let count = 0;
        let position = 0;
        this.#positions.length = 0;
        for (;;) {
          const stop = Math.min(reader.at + left, leaf.end);
          left -= stop - reader.at;
          if (this.#withPositions) {
            while (reader.at < stop) {
              position += reader.next() - 2;
              this.#positions.push(position);
              count++;
            }
          } else {
            const { bytes } = leaf;
            for (let at = reader.at; at < stop; at++) if ((bytes[at] as number) < 0x80) count++;
            reader.at = stop;
          }
          if (left === 0) break;
          // The rest of the places is on the next page, where row numbers begin anew.
          leaf = this.#after(leaf) ?? missingPage();
          end = leaf.terms[0] ?? leaf.end;
          reader.turnTo(leaf.bytes, LEAF_HEADER_BYTES);
          isAbsolute = true;
        }
        if (count > 0) visit(row, count, this.#positions);
      }
      if (end !== leaf.end) return leaf;
      const next = this.#after(leaf);
      if (next === undefined) return undefined;
      leaf = next;
      end = leaf.terms[0] ?? leaf.end;
      if (leaf.firstRow === 0 || leaf.firstRow >= end) return leaf;
      reader.turnTo(leaf.bytes, leaf.firstRow);
      isAbsolute = true;
    }
  }

  #after(leaf: Leaf): Leaf | undefined {
    return leaf.page >= this.#segment.lastPage ? undefined : this.#leafAt(leaf.page + 1);
  }
}

/** SQLite's whole numbers of 1 to 9 bytes, one after the other; of each the lower 32 bits. */
class Varints {
  at: number;
  #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  turnTo(bytes: Uint8Array, at: number): void {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.at++] as number;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let read = 1; read < 8; read++) {
      byte = bytes[this.at++] as number;
      value = (value << 7) | (byte & 0x7f);
      if (byte < 0x80) return value >>> 0;
    }
    return ((value << 8) | (bytes[this.at++] as number)) >>> 0;
  }
}

/** The terms of a page, in order. */
function termsOf({ bytes, terms }: Leaf): Buffer[] {
  let before = Buffer.alloc(0);
  return terms.map((at, place) => {
    const reader = new Varints(bytes, at);
    const kept = place === 0 ? 0 : reader.next();
    const size = reader.next();
    before = Buffer.concat([before.subarray(0, kept), bytes.subarray(reader.at, reader.at + size)]);
    return before;
  });
}

function segmentsOf(structure: Uint8Array): Segment[] {
  if (structure.length === 0) return [];
  const reader = new Varints(structure, 4);
  const view = new DataView(structure.buffer, structure.byteOffset, structure.byteLength);
  // Without the mark segments have no tombstones, and fewer numbers.
  const isMarked = structure.length >= 8 && view.getUint32(4) === STRUCTURE_MARK;
  if (isMarked) reader.at += 4;
  const levels = reader.next();
  reader.next();
  reader.next();
  const segments: Segment[] = [];
  for (let level = 0; level < levels; level++) {
    reader.next();
    const count = reader.next();
    for (let at = 0; at < count; at++) {
      const numbers = Array.from({ length: isMarked ? SEGMENT_NUMBERS : 3 }, () => reader.next());
      const [id = 0, firstPage = 0, lastPage = 0, , , tombstonePages = 0] = numbers;
      if (lastPage >= firstPage && firstPage > 0) segments.push({ id, firstPage, lastPage, tombstonePages });
    }
  }
  return segments;
}

function bytes16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function missingPage(): never {
  throw new Error("A list of the words' index ends in the middle.");
}
