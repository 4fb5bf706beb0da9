import { Bitmap } from '../indexes/Bitmap.ts';
import { reserveArray, SharedArray } from './SharedArray.ts';

const COUNT_AT = 0;
const LIVE_VERSION_AT = 1;
const CLOSED_AT = 2;
const HEADER_WORDS = 4;

/** What another thread needs to read a slot table. */
export interface SharedSlotTable {
  readonly header: SharedArrayBuffer;
  readonly level: SharedArrayBuffer;
  readonly ordinals: SharedArrayBuffer;
  readonly live: SharedArrayBuffer;
}

/**
 * Which slots of an index the columns cover, which ordinal lies in each, and which of them are live. Everything of a
 * slot is written before the count that covers it is published.
 */
export class SlotTable {
  readonly #words: Int32Array;
  readonly #level: BigInt64Array;
  /** Ascending; where nothing lived when the table was made, the ordinal before. */
  readonly #ordinals: SharedArray<Uint32Array<SharedArrayBuffer>>;
  readonly #live: SharedArray<Uint32Array<SharedArrayBuffer>>;
  readonly #shared: SharedSlotTable;

  constructor(shared: SharedSlotTable) {
    this.#shared = shared;
    this.#words = new Int32Array(shared.header);
    this.#level = new BigInt64Array(shared.level);
    this.#ordinals = new SharedArray<Uint32Array<SharedArrayBuffer>>(Uint32Array, shared.ordinals);
    this.#live = new SharedArray<Uint32Array<SharedArrayBuffer>>(Uint32Array, shared.live);
  }

  static create(maxSlots: number): SlotTable {
    return new SlotTable({
      header: new SharedArrayBuffer(HEADER_WORDS * Int32Array.BYTES_PER_ELEMENT),
      level: new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT),
      ordinals: reserveArray(Uint32Array, maxSlots),
      live: reserveArray(Uint32Array, Math.ceil(maxSlots / 32)),
    });
  }

  share(): SharedSlotTable {
    return this.#shared;
  }

  get bytes(): number {
    return this.#shared.ordinals.byteLength + this.#shared.live.byteLength;
  }

  /** Slots that the columns cover. */
  get count(): number {
    return Atomics.load(this.#words, COUNT_AT);
  }

  /** Another one whenever a slot has died. */
  get liveVersion(): number {
    return Atomics.load(this.#words, LIVE_VERSION_AT);
  }

  /** The last revision of the library whose every change is in the columns; parts of later ones may be. */
  get level(): number {
    return Number(Atomics.load(this.#level, 0));
  }

  set level(revision: number) {
    Atomics.store(this.#level, 0, BigInt(revision));
  }

  /** Whether nobody keeps the columns level any more. */
  get isClosed(): boolean {
    return Atomics.load(this.#words, CLOSED_AT) === 1;
  }

  close(): void {
    Atomics.store(this.#words, CLOSED_AT, 1);
  }

  /** Bit by bit, the slots that are live; those from the count on are not told. */
  get live(): Uint32Array {
    return this.#live.view;
  }

  /** The ordinals in these slots. */
  ordinalsOf(slots: Uint32Array): Uint32Array {
    const ordinals = this.#ordinals.view;
    return slots.map((slot) => ordinals[slot] as number);
  }

  /** The greatest ordinal that is covered; 0 without any. */
  get lastOrdinal(): number {
    const { count } = this;
    return count === 0 ? 0 : (this.#ordinals.view[count - 1] as number);
  }

  /** The slot of an ordinal among the first `count`; undefined if none holds it. */
  slotOf(ordinal: number, count = this.count): number | undefined {
    const ordinals = this.#ordinals.view;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ordinals[middle] as number) < ordinal) low = middle + 1;
      else high = middle;
    }
    return low < count && ordinals[low] === ordinal ? low : undefined;
  }

  /** Notes live ordinals and their slots, both ascending and above all so far; {@link publish} makes them count. Writer only. */
  write(ordinals: Uint32Array, slots: Uint32Array, count: number): void {
    this.#ordinals.reserve(count);
    this.#live.reserve(Math.ceil(count / 32));
    const { view } = this.#ordinals;
    const live = this.#live.view;
    let last = this.lastOrdinal;
    let next = this.count;
    slots.forEach((slot, at) => {
      view.fill(last, next, slot);
      last = ordinals[at] as number;
      view[slot] = last;
      live[slot >>> 5] = (live[slot >>> 5] as number) | (1 << (slot & 31));
      next = slot + 1;
    });
    view.fill(last, next, count);
  }

  /** The columns cover the slots below `count` from now on. Writer only. */
  publish(count: number): void {
    Atomics.store(this.#words, COUNT_AT, count);
  }

  /** These ordinals are not live any more. Writer only. */
  bury(ordinals: Uint32Array): void {
    const live = this.#live.view;
    for (const ordinal of ordinals) {
      const slot = this.slotOf(ordinal);
      if (slot !== undefined) live[slot >>> 5] = (live[slot >>> 5] as number) & ~(1 << (slot & 31));
    }
    Atomics.add(this.#words, LIVE_VERSION_AT, 1);
  }

  /** The live ones among the members of `words` below `count`. */
  among(words: Uint32Array, count: number): Bitmap {
    const live = this.#live.view;
    const length = Math.ceil(count / 32);
    const members = new Uint32Array(length);
    for (let at = 0; at < length; at++) members[at] = (words[at] as number) & (live[at] as number);
    const rest = count % 32;
    if (rest > 0) members[length - 1] = (members[length - 1] as number) & (2 ** rest - 1);
    return new Bitmap(count, members);
  }
}
