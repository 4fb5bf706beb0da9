const BITS = 32;

/**
 * A set of an index's slots, one bit each: what a filter lets through. It covers the slots below `slots`; those from
 * there on, which came after it was made, are not in it. Its words may lie in shared memory.
 */
export class Bitmap {
  /** Slots that it speaks of: 0 to `slots` − 1. */
  readonly slots: number;
  /** Bit `slot % 32` of word `slot / 32`; bits from `slots` on are zero. */
  readonly words: Uint32Array;
  #count: number | undefined;

  /** Takes the words as they are: ⌈slots / 32⌉ of them, with zeros from `slots` on. */
  constructor(slots: number, words: Uint32Array = new Uint32Array(Math.ceil(slots / BITS))) {
    this.slots = slots;
    this.words = words;
  }

  /** Exactly the given slots, in any order, all below `slots`. */
  static of(slots: number, members: Iterable<number>): Bitmap {
    const words = new Uint32Array(Math.ceil(slots / BITS));
    for (const slot of members) setBit(words, slot);
    return new Bitmap(slots, words);
  }

  /** All slots below `slots`. */
  static all(slots: number): Bitmap {
    return new Bitmap(slots).not();
  }

  has(slot: number): boolean {
    return slot < this.slots && (((this.words[slot >>> 5] ?? 0) >>> (slot & 31)) & 1) === 1;
  }

  /** How many slots are in it; counted once. */
  get count(): number {
    this.#count ??= countOnes(this.words);
    return this.#count;
  }

  and(other: Bitmap): Bitmap {
    const slots = Math.min(this.slots, other.slots);
    const words = this.words.slice(0, Math.ceil(slots / BITS));
    for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) & (other.words[i] ?? 0);
    return new Bitmap(slots, words);
  }

  or(other: Bitmap): Bitmap {
    const [longer, shorter] = this.slots >= other.slots ? [this, other] : [other, this];
    const words = longer.words.slice();
    for (let i = 0; i < shorter.words.length; i++) words[i] = (words[i] ?? 0) | (shorter.words[i] ?? 0);
    return new Bitmap(longer.slots, words);
  }

  /** The slots below `slots` that are not in it. */
  not(): Bitmap {
    const words = this.words.map((word) => ~word);
    const rest = this.slots % BITS;
    if (rest > 0) words[words.length - 1] = (words.at(-1) ?? 0) & (2 ** rest - 1);
    return new Bitmap(this.slots, words);
  }

  /** Without these slots. */
  without(members: Iterable<number>): Bitmap {
    const words = this.words.slice();
    for (const slot of members) {
      if (slot < this.slots) words[slot >>> 5] = (words[slot >>> 5] ?? 0) & ~(1 << (slot & 31));
    }
    return new Bitmap(this.slots, words);
  }

  /** Its slots, ascending. */
  toSlots(): Uint32Array {
    const slots = new Uint32Array(this.count);
    let length = 0;
    this.words.forEach((word, at) => {
      for (let bits = word; bits !== 0; bits &= bits - 1) {
        slots[length++] = at * BITS + (31 - Math.clz32(bits & -bits));
      }
    });
    return slots;
  }
}

/** Puts a slot into the words of a bitmap. */
export function setBit(words: Uint32Array, slot: number): void {
  words[slot >>> 5] = (words[slot >>> 5] ?? 0) | (1 << (slot & 31));
}

/** Bits that are set. A loop, since a callback for each word took eight times as long. */
function countOnes(words: Uint32Array): number {
  let sum = 0;
  for (let at = 0; at < words.length; at++) sum += ones(words[at] as number);
  return sum;
}

/** Bits that are set in a 32-bit word. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
