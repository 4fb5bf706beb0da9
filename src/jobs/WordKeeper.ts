import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome, TendWords } from '../library/commands.ts';

/** After each step others have the writer for as long as the step took, and for this long at the least. */
const MIN_PAUSE_MS = 2;

/** What tending works with, on the writer's thread. */
export interface WordKeeperOptions {
  readonly submit: (command: TendWords) => Promise<Outcome>;
  readonly onTrouble: (message: string) => void;
}

/**
 * Sees to it that what there is to do on the index of words is done, step by step beside everything else: chunks that came
 * before it are indexed, and the words of deleted libraries go. What is left when the process ends is found by the next.
 */
export class WordKeeper {
  readonly #options: WordKeeperOptions;
  #tending: Promise<void> | undefined;
  #isAskedAgain = false;
  #isClosed = false;

  constructor(options: WordKeeperOptions) {
    this.#options = options;
  }

  /** There may be something to do. */
  consider(): void {
    if (this.#isClosed) return;
    this.#isAskedAgain = true;
    this.#tending ??= this.#tend().finally(() => {
      this.#tending = undefined;
    });
  }

  /** Resolves when the step that is under way has been taken. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#tending;
  }

  async #tend(): Promise<void> {
    try {
      while (this.#isAskedAgain && !this.#isClosed) {
        this.#isAskedAgain = false;
        let isMore = true;
        while (isMore && !this.#isClosed) {
          const startedAt = performance.now();
          isMore = (await this.#options.submit({ type: 'tendWords' })).written;
          if (isMore) await delay(Math.max(MIN_PAUSE_MS, performance.now() - startedAt));
        }
      }
    } catch (error) {
      if (!this.#isClosed) this.#options.onTrouble(`Words could not be indexed: ${String(error)}`);
    }
  }
}
