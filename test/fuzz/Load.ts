import type { Answer } from './Case.ts';

/** How long a server may be at work on what nobody waits for any more. */
const LEFT_MS = 3_000;
/** How long ago something may have been answered to tell how long answers take. */
const RECENT_MS = 5_000;

/** What a server has been given to do while one case was under way. */
export interface LoadThen {
  /** Operations at once, at most: those that are waited for, and those that were left. */
  readonly operations: number;
  /** How long this one took, in milliseconds. */
  readonly ms: number;
  /** How long the slowest took, or has taken so far, of those beside it and shortly before it. */
  readonly slowestMs: number;
}

interface UnderWay {
  readonly operations: number;
  readonly since: number;
  most: number;
}

/** Keeps count of what a server has been given to do, to hold against what it says when it turns something away. */
export class Load {
  readonly #clock: () => number;
  readonly #underWay = new Set<UnderWay>();
  #left: { readonly operations: number; readonly until: number }[] = [];
  readonly #recent: { readonly ms: number; readonly at: number }[] = [];

  /** @param clock milliseconds, never going back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Something is sent. To be called with its answer: what there was to do meanwhile. */
  begin(operations: number): (answer: Answer) => LoadThen {
    const begun: UnderWay = { operations, since: this.#clock(), most: 0 };
    this.#underWay.add(begun);
    const now = this.#operations();
    for (const each of this.#underWay) each.most = Math.max(each.most, now);
    return ({ isLeft }) => {
      const at = this.#clock();
      const ms = at - begun.since;
      this.#underWay.delete(begun);
      if (isLeft) this.#left.push({ operations, until: at + LEFT_MS });
      while ((this.#recent[0]?.at ?? at) < at - RECENT_MS) this.#recent.shift();
      let slowestMs = 0;
      for (const { since } of this.#underWay) slowestMs = Math.max(slowestMs, at - since);
      for (const answered of this.#recent) slowestMs = Math.max(slowestMs, answered.ms);
      this.#recent.push({ ms, at });
      return { operations: begun.most, ms, slowestMs };
    };
  }

  #operations(): number {
    const now = this.#clock();
    this.#left = this.#left.filter(({ until }) => until > now);
    return [...this.#underWay, ...this.#left].reduce((sum, { operations }) => sum + operations, 0);
  }
}
