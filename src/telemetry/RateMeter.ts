/** A rate is that of so many whole seconds. */
const SECONDS = 30;

/** How often something happens, lately. */
export class RateMeter {
  readonly #counts = new Float64Array(SECONDS + 1);
  readonly #clock: () => number;
  #second: number;

  /** `clock` in milliseconds. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#second = Math.floor(clock() / 1_000);
  }

  mark(): void {
    this.#turn();
    const at = this.#second % this.#counts.length;
    this.#counts[at] = (this.#counts[at] as number) + 1;
  }

  /** Over the last {@link SECONDS} whole seconds; the one that is under way is not counted yet. */
  get perSecond(): number {
    this.#turn();
    const all = this.#counts.reduce((sum, count) => sum + count, 0);
    return (all - (this.#counts[this.#second % this.#counts.length] as number)) / SECONDS;
  }

  #turn(): void {
    const second = Math.floor(this.#clock() / 1_000);
    const { length } = this.#counts;
    for (let passed = Math.max(this.#second + 1, second - length + 1); passed <= second; passed++)
      this.#counts[passed % length] = 0;
    this.#second = second;
  }
}
