export interface RankedOrdinal {
  readonly ordinal: number;
  /** More is better. */
  readonly score: number;
}

/** The best few of many ordinals that are offered in ascending order: of equals the lower ones. A heap, the least on top. */
export class BestOrdinals {
  readonly #capacity: number;
  readonly #scores: Float64Array;
  readonly #ordinals: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#scores = new Float64Array(capacity);
    this.#ordinals = new Float64Array(capacity);
  }

  /** What is worth no more is not taken any more. */
  get threshold(): number {
    return this.#size < this.#capacity ? Number.NEGATIVE_INFINITY : (this.#scores[0] as number);
  }

  offer(ordinal: number, score: number): void {
    if (score <= this.threshold) return;
    if (this.#size < this.#capacity) this.#rise(this.#size++, ordinal, score);
    else this.#sink(ordinal, score);
  }

  /** Best first, equals by ordinal. */
  ranked(): RankedOrdinal[] {
    const ranked = Array.from({ length: this.#size }, (_, at) => ({
      ordinal: this.#ordinals[at] as number,
      score: this.#scores[at] as number,
    }));
    return ranked.sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
  }

  #rise(from: number, ordinal: number, score: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isWorse(ordinal, score, this.#ordinals[parent] as number, this.#scores[parent] as number)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, ordinal, score);
  }

  /** Puts an entry in place of the one on top. */
  #sink(ordinal: number, score: number): void {
    let at = 0;
    for (let child = 1; child < this.#size; child = 2 * at + 1) {
      if (child + 1 < this.#size && this.#isWorseAt(child + 1, child)) child++;
      if (!isWorse(this.#ordinals[child] as number, this.#scores[child] as number, ordinal, score)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, ordinal, score);
  }

  #isWorseAt(one: number, other: number): boolean {
    const [scores, ordinals] = [this.#scores, this.#ordinals];
    return isWorse(
      ordinals[one] as number,
      scores[one] as number,
      ordinals[other] as number,
      scores[other] as number,
    );
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#ordinals[from] as number, this.#scores[from] as number);
  }

  #put(at: number, ordinal: number, score: number): void {
    this.#ordinals[at] = ordinal;
    this.#scores[at] = score;
  }
}

function isWorse(ordinal: number, score: number, otherOrdinal: number, otherScore: number): boolean {
  return score < otherScore || (score === otherScore && ordinal > otherOrdinal);
}
