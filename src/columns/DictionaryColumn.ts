import { ColumnHeader } from './ColumnHeader.ts';
import type { ColumnSpec } from './ColumnSpec.ts';
import { Dictionary, type SharedDictionary } from './Dictionary.ts';
import { reserveArray, SharedArray } from './SharedArray.ts';

/** What another thread needs to read a column of texts, lists or booleans. */
export interface SharedDictionaryColumn {
  readonly spec: ColumnSpec;
  readonly header: SharedArrayBuffer;
  readonly codes: SharedArrayBuffer;
  readonly postings: SharedArrayBuffer;
  readonly dictionary: SharedDictionary;
}

/** So many distinct values have a bitmap each, beside the codes: eight bytes for a slot if there are that many. */
const MAX_POSTINGS = 64;
/** Bitmaps lie in blocks of so many slots, all values of a block together, so that they grow by blocks. */
const BLOCK_SLOTS = 4_096;
const BLOCK_WORDS = BLOCK_SLOTS / 32;
/** A scan of the codes costs as much as the bitmaps of about so many values: 65 µs and 3 µs at 100,000 slots. */
const MAX_JOINED_POSTINGS = 16;
/** Address space for the texts of a column. Most take far less; beyond it the column cannot be kept. */
const BYTES_PER_SLOT = 1_024;
const MAX_BYTES = 2 ** 32 - 4_096;

/**
 * A column of texts, string lists or booleans: for each slot the number of its value in a dictionary, plus one, and 0
 * where there is none. A list's entry is the list as JSON, sorted and each value once; a boolean's is `0` or `1`.
 * So whatever a test asks is asked once of each distinct value.
 */
export class DictionaryColumn {
  readonly spec: ColumnSpec;
  readonly header: ColumnHeader;
  readonly #dictionary: Dictionary;
  readonly #codes: SharedArray<Uint32Array<SharedArrayBuffer>>;
  readonly #postings: SharedArray<Uint32Array<SharedArrayBuffer>>;

  constructor(shared: SharedDictionaryColumn) {
    this.spec = shared.spec;
    this.header = new ColumnHeader(shared.header);
    this.#dictionary = new Dictionary(shared.dictionary);
    this.#codes = new SharedArray<Uint32Array<SharedArrayBuffer>>(Uint32Array, shared.codes);
    this.#postings = new SharedArray<Uint32Array<SharedArrayBuffer>>(Uint32Array, shared.postings);
  }

  static create(spec: ColumnSpec, maxSlots: number): DictionaryColumn {
    const maxBytes = Math.min(maxSlots * BYTES_PER_SLOT, MAX_BYTES);
    return new DictionaryColumn({
      spec,
      header: new ColumnHeader().buffer,
      codes: reserveArray(Uint32Array, maxSlots),
      postings: reserveArray(Uint32Array, postingWords(maxSlots)),
      dictionary: Dictionary.create(maxSlots, maxBytes).share(),
    });
  }

  share(): SharedDictionaryColumn {
    const { spec, header } = this;
    return {
      spec,
      header: header.buffer,
      codes: this.#codes.buffer,
      postings: this.#postings.buffer,
      dictionary: this.#dictionary.share(),
    };
  }

  get bytes(): number {
    return this.#codes.buffer.byteLength + this.#postings.buffer.byteLength + this.#dictionary.bytes;
  }

  /** Makes room for slots below `slots`; the new ones have no value. @throws RangeError beyond its greatest size. */
  reserve(slots: number): void {
    this.#codes.reserve(slots);
    if (this.#dictionary.size <= MAX_POSTINGS) this.#postings.reserve(postingWords(slots));
  }

  /** Writer only, as {@link reserve} is. @throws RangeError when the dictionary is full. */
  set(slot: number, value: string | undefined): void {
    const codes = this.#codes.view;
    const before = codes[slot] as number;
    const code = value === undefined ? 0 : this.#dictionary.add(value) + 1;
    if (code === before) return;
    const { size } = this.#dictionary;
    if (this.header.entries !== size) this.header.entries = size;
    codes[slot] = code;
    if (size > MAX_POSTINGS) return;
    const postings = this.#postings.view;
    const bit = 1 << (slot & 31);
    if (before > 0) {
      const at = postingAt(slot, before);
      postings[at] = (postings[at] as number) & ~bit;
    }
    if (code > 0) {
      const at = postingAt(slot, code);
      postings[at] = (postings[at] as number) | bit;
    }
  }

  /** The dictionary, with all that is published of it. */
  get dictionary(): Dictionary {
    this.#dictionary.readTo(this.header.entries);
    return this.#dictionary;
  }

  /**
   * Sets the bits of slots whose code is among the true ones of `isTrue` (by code, 0 for no value): `out.length` words
   * of them, from a word on. `trueCodes` lists them, and may leave out all beyond the first few.
   */
  fill(isTrue: Uint8Array, trueCodes: readonly number[], out: Uint32Array, fromWord: number): void {
    const hasPostings = isTrue.length - 1 <= MAX_POSTINGS;
    if (trueCodes.length === 0) out.fill(0);
    else if (hasPostings && isTrue[0] === 0 && trueCodes.length <= MAX_JOINED_POSTINGS)
      this.#joinPostings(trueCodes, out, fromWord);
    else if (trueCodes.length === 1) this.#scanForOne(trueCodes[0] as number, out, fromWord);
    else this.#scan(isTrue, out, fromWord);
  }

  #joinPostings(codes: readonly number[], out: Uint32Array, fromWord: number): void {
    const postings = this.#postings.view;
    const end = fromWord + out.length;
    for (const [place, code] of codes.entries()) {
      for (let word = fromWord; word < end; ) {
        const blockEnd = Math.min(end, word - (word % BLOCK_WORDS) + BLOCK_WORDS);
        const shift = postingAt(word * 32, code) - word;
        if (place === 0) out.set(postings.subarray(word + shift, blockEnd + shift), word - fromWord);
        else
          for (let at = word; at < blockEnd; at++) {
            const into = at - fromWord;
            out[into] = (out[into] as number) | (postings[at + shift] as number);
          }
        word = blockEnd;
      }
    }
  }

  #scanForOne(wanted: number, out: Uint32Array, fromWord: number): void {
    const codes = this.#codes.view;
    for (let word = 0, slot = fromWord * 32; word < out.length; word++, slot += 32) {
      let bits = 0;
      for (let bit = 31; bit >= 0; bit--) bits = (bits << 1) | Number(codes[slot + bit] === wanted);
      out[word] = bits;
    }
  }

  #scan(isTrue: Uint8Array, out: Uint32Array, fromWord: number): void {
    const codes = this.#codes.view;
    for (let word = 0, slot = fromWord * 32; word < out.length; word++, slot += 32) {
      let bits = 0;
      for (let bit = 31; bit >= 0; bit--)
        bits = (bits << 1) | (isTrue[codes[slot + bit] as number] as number);
      out[word] = bits;
    }
  }
}

function postingWords(slots: number): number {
  return Math.ceil(slots / BLOCK_SLOTS) * BLOCK_WORDS * MAX_POSTINGS;
}

/** The word of a value's bitmap in which a slot has its bit. */
function postingAt(slot: number, code: number): number {
  const block = Math.floor(slot / BLOCK_SLOTS);
  return (block * MAX_POSTINGS + code - 1) * BLOCK_WORDS + ((slot % BLOCK_SLOTS) >>> 5);
}
