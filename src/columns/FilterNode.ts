/** A part of a filter over columns. */
export interface FilterNode {
  /** Sets the bits of the slots for which it holds: `out.length` words of them, from a word on. */
  fill(out: Uint32Array, fromWord: number): void;
}

/** All of them hold; of none, that is always. */
export class AndNode implements FilterNode {
  readonly #parts: readonly FilterNode[];

  constructor(parts: readonly FilterNode[]) {
    this.#parts = parts;
  }

  fill(out: Uint32Array, fromWord: number): void {
    out.fill(0xffff_ffff);
    const words = new Uint32Array(out.length);
    for (const [place, part] of this.#parts.entries()) {
      if (place === 0) {
        part.fill(out, fromWord);
        continue;
      }
      if (part instanceof StoreNode) part.fillAmong(out, words, fromWord);
      else part.fill(words, fromWord);
      for (let at = 0; at < out.length; at++) out[at] = (out[at] as number) & (words[at] as number);
    }
  }
}

/** At least one of them holds. */
export class OrNode implements FilterNode {
  readonly #parts: readonly FilterNode[];

  constructor(parts: readonly FilterNode[]) {
    this.#parts = parts;
  }

  fill(out: Uint32Array, fromWord: number): void {
    out.fill(0);
    const words = new Uint32Array(out.length);
    for (const [place, part] of this.#parts.entries()) {
      if (place === 0) {
        part.fill(out, fromWord);
        continue;
      }
      part.fill(words, fromWord);
      for (let at = 0; at < out.length; at++) out[at] = (out[at] as number) | (words[at] as number);
    }
  }
}

export class NotNode implements FilterNode {
  readonly #that: FilterNode;

  constructor(that: FilterNode) {
    this.#that = that;
  }

  fill(out: Uint32Array, fromWord: number): void {
    this.#that.fill(out, fromWord);
    for (let at = 0; at < out.length; at++) out[at] = ~(out[at] as number);
  }
}

/** So few candidates are looked up one by one in the store: a look takes 3 µs, a scan of all texts 2 µs for each. */
const FEW_CANDIDATES = 2_000;

/** Slots for which a predicate holds, as the store says; among some of them where those are given. */
export type AskStore = (candidates?: Uint32Array) => Uint32Array;

/** A part that only the store can answer. */
export class StoreNode implements FilterNode {
  readonly #ask: AskStore;

  constructor(ask: AskStore) {
    this.#ask = ask;
  }

  fill(out: Uint32Array, fromWord: number): void {
    this.#put(this.#ask(), out, fromWord);
  }

  /** The same, right at least for the slots in `candidates`. */
  fillAmong(candidates: Uint32Array, out: Uint32Array, fromWord: number): void {
    const slots = fewIn(candidates, fromWord);
    this.#put(slots === undefined ? this.#ask() : this.#ask(slots), out, fromWord);
  }

  #put(slots: Uint32Array, out: Uint32Array, fromWord: number): void {
    out.fill(0);
    for (const slot of slots) {
      const at = (slot >>> 5) - fromWord;
      if (at >= 0 && at < out.length) out[at] = (out[at] as number) | (1 << (slot & 31));
    }
  }
}

/** The slots of a bitmap, ascending, unless there are many. */
function fewIn(words: Uint32Array, fromWord: number): Uint32Array | undefined {
  const slots: number[] = [];
  for (let at = 0; at < words.length; at++) {
    for (let bits = words[at] as number; bits !== 0; bits &= bits - 1) {
      if (slots.length === FEW_CANDIDATES) return undefined;
      slots.push((fromWord + at) * 32 + (31 - Math.clz32(bits & -bits)));
    }
  }
  return Uint32Array.from(slots);
}
