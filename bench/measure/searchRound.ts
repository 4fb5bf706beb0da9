import type { Found, Search } from '../engines/Engine.ts';

/** What one round of queries gave. */
export interface Round {
  readonly found: readonly Found[];
  readonly rate: number;
  /** Milliseconds of each query. */
  readonly latenciesMs: readonly number[];
}

/** Runs all queries one after the other. Engines that answer at once are not made to wait for a promise. */
export async function searchRound(search: Search, queries: number): Promise<Round> {
  const found: Found[] = [];
  const latenciesMs: number[] = [];
  const began = performance.now();
  let last = began;
  for (let query = 0; query < queries; query++) {
    const answer = search(query);
    found.push(answer instanceof Promise ? await answer : answer);
    const now = performance.now();
    latenciesMs.push(now - last);
    last = now;
  }
  return { found, rate: queries / ((last - began) / 1_000), latenciesMs };
}
