/** Refusals that one thread answers at once, after a rest. */
const BURST = 50;
/** And in the long run: at some 0.2 ms each, from the bytes of the request to those of the answer, a twentieth of its time. */
const PER_SECOND = 250;
const MS_PER_REFUSAL = 1_000 / PER_SECOND;
/** While some wait, so often the next are answered. */
const TICK_MS = 20;

interface Held {
  readonly isWanted: () => boolean;
  readonly answer: () => void;
}

/**
 * Holds back the answers to refused requests, so that refusing takes a small part of a thread's time however many are to be refused.
 * A client that waits for its answer before it asks again is thereby slowed down, which costs the server nothing; answered at
 * once, a few hundred of them would keep the thread at work on refusals alone.
 */
export class RefusalPace {
  readonly #clock: () => number;
  readonly #held: Held[] = [];
  /** How many may be answered at once, at `#at`. */
  #free = BURST;
  #at: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param clock milliseconds, never going back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#at = clock();
  }

  /** Refusals that wait to be answered. */
  get held(): number {
    return this.#held.length;
  }

  /** Resolves when a refusal may be answered: at once where there are few, or where nobody waits for it any more. */
  turn(isWanted: () => boolean = () => true): void | Promise<void> {
    if (this.#held.length === 0 && this.#take()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held.push({ isWanted, answer: resolve });
    this.#timer ??= setTimeout(() => this.#answer(), TICK_MS);
    return promise;
  }

  #take(): boolean {
    const now = this.#clock();
    this.#free = Math.min(BURST, this.#free + (now - this.#at) / MS_PER_REFUSAL);
    this.#at = now;
    if (this.#free < 1) return false;
    this.#free -= 1;
    return true;
  }

  #answer(): void {
    this.#timer = undefined;
    let answered = 0;
    for (const { isWanted, answer } of this.#held) {
      if (isWanted() && !this.#take()) break;
      answer();
      answered += 1;
    }
    this.#held.splice(0, answered);
    if (this.#held.length > 0) this.#timer = setTimeout(() => this.#answer(), TICK_MS);
  }
}
