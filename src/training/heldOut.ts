import { randomNumbers } from './random.ts';

/** Passages that are asked about after training, at most. */
export const MAX_HELD_OUT = 400;
/** Of a corpus no more than one passage in so many is kept from the model for that. */
const HELD_OUT_PART = 20;

/** A passage and its number. */
export interface Sampled {
  readonly passage: number;
  readonly text: string;
}

/**
 * Draws passages at random while they pass by, each as likely as any other (reservoir sampling, Vitter's algorithm R,
 * 1985).
 */
export class Sample {
  readonly #random: () => number;
  readonly #sampled: Sampled[] = [];
  #offered = 0;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  offer(passage: number, text: string): void {
    this.#offered += 1;
    if (this.#sampled.length < MAX_HELD_OUT) {
      this.#sampled.push({ passage, text });
      return;
    }
    const at = Math.floor(this.#random() * this.#offered);
    if (at < MAX_HELD_OUT) this.#sampled[at] = { passage, text };
  }

  /** What a corpus of this size can spare: none of a small one, which is measured on what it has seen. */
  spared(): { readonly sample: readonly Sampled[]; readonly isHeldOut: boolean } {
    const spare = Math.floor(this.#offered / HELD_OUT_PART);
    const isHeldOut = spare >= MAX_HELD_OUT / 4;
    return { sample: isHeldOut ? this.#sampled.slice(0, spare) : this.#sampled, isHeldOut };
  }
}
