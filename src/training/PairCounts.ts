/** Slots of the largest table: 12 bytes each, three quarters of them used. */
const MAX_SLOTS = 2 ** 24;
const FIRST_SLOTS = 2 ** 16;
const FULL = 0.75;

/** Golden ratio in 32 bits (Knuth, multiplicative hashing). */
const SPREAD = 0x9e3779b1;

/**
 * Weights of unordered pairs of rows, summed up: an open-addressing table in typed arrays. It is bounded: where it would
 * outgrow its limit, the lightest pairs are forgotten, and the floor below which that happens rises (lossy counting,
 * Manku and Motwani, 2002).
 */
export class PairCounts {
  readonly #rows: number;
  readonly #maxSlots: number;
  #keys = new Float64Array(FIRST_SLOTS);
  #weights = new Float32Array(FIRST_SLOTS);
  #used = 0;
  #floor = 0;

  constructor(rows: number, maxSlots: number = MAX_SLOTS) {
    this.#rows = rows;
    this.#maxSlots = maxSlots;
  }

  /** Different pairs that are counted. */
  get size(): number {
    return this.#used;
  }

  /** Below this weight pairs may have been forgotten; 0 where none was. */
  get floor(): number {
    return this.#floor;
  }

  add(one: number, other: number, weight: number): void {
    const low = Math.min(one, other);
    const high = Math.max(one, other);
    // Zero marks a free slot.
    const key = low * this.#rows + high + 1;
    const slot = this.#slotOf(key, low, high);
    if (this.#keys[slot] === 0) {
      this.#keys[slot] = key;
      this.#used += 1;
    }
    this.#weights[slot] = (this.#weights[slot] as number) + weight;
    if (this.#used > FULL * this.#keys.length) this.#makeRoom();
  }

  /** Every pair once, `low <= high`, in no order that means anything (but the same each time). */
  forEach(visit: (low: number, high: number, weight: number) => void): void {
    for (let slot = 0; slot < this.#keys.length; slot++) {
      const key = this.#keys[slot] as number;
      if (key === 0) continue;
      const low = Math.floor((key - 1) / this.#rows);
      visit(low, key - 1 - low * this.#rows, this.#weights[slot] as number);
    }
  }

  #slotOf(key: number, low: number, high: number): number {
    const mask = this.#keys.length - 1;
    let hash = Math.imul(low ^ Math.imul(high, SPREAD), SPREAD);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #makeRoom(): void {
    if (this.#keys.length < this.#maxSlots) return this.#rehash(2 * this.#keys.length);
    while (this.#used > (FULL / 2) * this.#keys.length) {
      this.#floor = this.#floor === 0 ? 1 : 2 * this.#floor;
      this.#rehash(this.#keys.length);
    }
  }

  #rehash(slots: number): void {
    const kept = { keys: this.#keys, weights: this.#weights };
    this.#keys = new Float64Array(slots);
    this.#weights = new Float32Array(slots);
    this.#used = 0;
    for (const [from, key] of kept.keys.entries()) {
      const weight = kept.weights[from] as number;
      if (key === 0 || weight < this.#floor) continue;
      const low = Math.floor((key - 1) / this.#rows);
      const slot = this.#slotOf(key, low, key - 1 - low * this.#rows);
      this.#keys[slot] = key;
      this.#weights[slot] = weight;
      this.#used += 1;
    }
  }
}
