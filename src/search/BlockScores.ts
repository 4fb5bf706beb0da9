import type { WordList } from '../store/WordLists.ts';
import { BLOCK_SIZE } from '../store/words.ts';
import { saturation } from './bm25.ts';

/** Where a list is so many times longer than what it is looked up for, each place is looked for by halving. */
const HALVING_FACTOR = 16;

/** Adds up what terms bring to the chunks of one block after the other, by their places in it. */
export class BlockScores {
  readonly #averageLength: number;
  readonly #scores = new Float64Array(BLOCK_SIZE);
  /** The places that have a score, or may have one: the first `size`. */
  readonly #places = new Uint16Array(BLOCK_SIZE);
  #size = 0;
  #isFixed = false;
  #lengths: Uint32Array = new Uint32Array(BLOCK_SIZE);

  constructor(averageLength: number) {
    this.#averageLength = averageLength;
  }

  /** Chunks that have a score. */
  get size(): number {
    return this.#size;
  }

  /** Begins a block. If there are lists that are `required`, only the chunks that are in all of these can have a score. */
  begin(lengths: Uint32Array, required: readonly WordList[]): void {
    for (let at = 0; at < this.#size; at++) this.#scores[this.#places[at] as number] = 0;
    this.#lengths = lengths;
    this.#isFixed = required.length > 0;
    this.#size = 0;
    const [first, ...others] = required;
    for (const place of first?.places ?? []) {
      if (others.every((list) => placeIn(list.places, place) >= 0)) this.#places[this.#size++] = place;
    }
  }

  /** Adds a term to all chunks that have it. Returns at how many it has looked. */
  add(list: WordList, weight: number): number {
    if (this.#isFixed) return this.addToThose(list, weight);
    const { places, counts } = list;
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number;
      const before = this.#scores[place] as number;
      if (before === 0) this.#places[this.#size++] = place;
      this.#scores[place] = before + this.#worth(place, counts[at] as number, weight);
    }
    return places.length;
  }

  /** Adds a term to the chunks that have a score already. Returns at how many it has looked. */
  addToThose(list: WordList, weight: number): number {
    const { places, counts } = list;
    if (this.#isFixed || this.#size * HALVING_FACTOR < places.length) {
      for (let candidate = 0; candidate < this.#size; candidate++) {
        const place = this.#places[candidate] as number;
        const at = placeIn(places, place);
        if (at >= 0) this.#raise(place, counts[at] as number, weight);
      }
      return this.#size;
    }
    for (let at = 0; at < places.length; at++) {
      const place = places[at] as number;
      if ((this.#scores[place] as number) > 0) this.#raise(place, counts[at] as number, weight);
    }
    return places.length;
  }

  /** The places with a score above a threshold, ascending. */
  above(threshold: number): Uint16Array {
    const places = this.#places.subarray(0, this.#size);
    return places.filter((place) => (this.#scores[place] as number) > threshold).sort();
  }

  of(place: number): number {
    return this.#scores[place] as number;
  }

  #raise(place: number, count: number, weight: number): void {
    this.#scores[place] = (this.#scores[place] as number) + this.#worth(place, count, weight);
  }

  #worth(place: number, count: number, weight: number): number {
    return weight * saturation(count, this.#lengths[place] as number, this.#averageLength);
  }
}

/** Where a place stands among ascending places; below 0: nowhere. */
function placeIn(places: Uint16Array, place: number): number {
  let [low, high] = [0, places.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = places[middle] as number;
    if (found === place) return middle;
    if (found < place) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
