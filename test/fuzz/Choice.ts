import { randomNumbers } from '../../src/training/random.ts';

/** Choices that are the same for the same seed: all that is random in a run comes from here. */
export class Choice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomNumbers(seed);
  }

  /** The choices of one operation of a run, whatever the ones before it took. */
  static ofOperation(seed: number, index: number): Choice {
    return new Choice(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35));
  }

  /** From 0 to `max`, without `max`. */
  below(max: number): number {
    return Math.floor(this.#next() * max);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  from<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError('there is nothing to choose from');
    return list[this.below(list.length)] as T;
  }

  /** Up to `max` of a list, each once, in its order. */
  some<T>(list: readonly T[], max: number): T[] {
    const share = Math.min(1, max / Math.max(1, list.length));
    const taken = list.filter(() => this.chance(share));
    return taken.length === 0 && list.length > 0 ? [this.from(list)] : taken;
  }

  /** One of several ways to go on, each as often as its weight says. */
  weighted<T>(ways: readonly (readonly [weight: number, way: T])[]): T {
    let left = this.#next() * ways.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, way] of ways) {
      left -= weight;
      if (left < 0) return way;
    }
    return (ways.at(-1) as readonly [number, T])[1];
  }
}
