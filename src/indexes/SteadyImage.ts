import { type ImageRange, imageRanges } from './layout.ts';
import type { Segment } from './segment.ts';

/**
 * A segment's image as it was at one moment, while the segment goes on changing. What may change of published slots
 * (tombstones, links, sketches: some 250 bytes a vector) is copied at that moment, at about a nanosecond per word; vectors and
 * codes never change, and so can be read later, a little at a time.
 */
export class SteadyImage {
  readonly #words: Uint32Array;
  readonly #ranges: readonly ImageRange[];
  /** The changing words of all ranges, one after another. */
  readonly #held: Uint32Array;

  /** `count`: slots of the image, all published. */
  constructor(segment: Segment, count: number) {
    this.#words = new Uint32Array(segment.memory.buffer);
    this.#ranges = [...imageRanges(segment.layout, count)];
    this.#held = new Uint32Array(this.#ranges.reduce((sum, range) => sum + changingWords(range), 0));
    let at = 0;
    for (const range of this.#ranges) at = hold(this.#words, range, this.#held, at);
  }

  /** The image, one range after another, each in memory of its own. */
  *parts(): Generator<Uint8Array<ArrayBuffer>> {
    let at = 0;
    for (const range of this.#ranges) {
      const part = this.#words.slice(range.start / 4, range.end / 4) as Uint32Array<ArrayBuffer>;
      at = restore(part, range, this.#held, at);
      yield new Uint8Array(part.buffer);
    }
  }
}

/** How many words of a range may change. */
function changingWords({ start, end, stride, changing }: ImageRange): number {
  const slots = (end - start) / stride;
  return changing.reduce((sum, [from, to]) => sum + ((to - from) / 4) * slots, 0);
}

/** Copies what may change of a range to `held`, from the place `at` on; returns the place after it. */
function hold(
  words: Uint32Array,
  { start, end, stride, changing }: ImageRange,
  held: Uint32Array,
  at: number,
) {
  let next = at;
  for (const [from, to] of changing) {
    for (let slot = start; slot < end; slot += stride) {
      const last = (slot + to) / 4;
      for (let word = (slot + from) / 4; word < last; word++) held[next++] = words[word] as number;
    }
  }
  return next;
}

/** Puts what {@link hold} copied into a copy of the same range. */
function restore(
  part: Uint32Array,
  { start, end, stride, changing }: ImageRange,
  held: Uint32Array,
  at: number,
) {
  let next = at;
  for (const [from, to] of changing) {
    for (let slot = 0; slot < end - start; slot += stride) {
      const last = (slot + to) / 4;
      for (let word = (slot + from) / 4; word < last; word++) part[word] = held[next++] as number;
    }
  }
  return next;
}
