import type { RecallPoint, VectorIndex } from './VectorIndex.ts';

export const DEFAULT_SAMPLES = 200;
export const DEFAULT_RECALL_K = 10;

/** A measurement of a large index ends after this much time, with fewer queries … */
const BUDGET_MS = 10_000;

/** … but not before so many, that tell recall to one or two points. */
const MIN_SAMPLES = 40;

/** Beams whose recall is measured; from hardly any work to more than a scan of a small index costs. */
export const DEFAULT_EFFORTS: readonly number[] = [10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

export interface RecallOptions {
  /** Queries to ask; no more than there are live vectors. */
  readonly samples?: number;
  readonly k?: number;
  /** Milliseconds after which it ends with fewer queries, if they are enough to tell something. */
  readonly budgetMs?: number;
  readonly seed: number;
  /** Ascending. */
  readonly efforts?: readonly number[];
}

/** How far a measurement has come. */
export interface RecallStep {
  readonly done: number;
  readonly total: number;
  /** At the greatest effort, over the queries so far. */
  readonly recallSoFar: number;
}

/** What one effort has reached so far. */
interface Tally {
  readonly effort: number;
  found: number;
  readonly latenciesMs: number[];
}

/**
 * Measures an index against itself: recall@k and median latency of each effort, compared with exact search. Yields
 * after every query, so that a job can report, pause or stop; returns the curve, by ascending effort. An empty index
 * has an empty curve.
 *
 * A query is a sampled stored vector, moved in a random direction by the distance to its nearest neighbour. Stored
 * vectors as they are would be too easy: the graph was built by searching for just these, and with them left out of
 * their own results the recall at small efforts comes out 1 to 4 points above that of unseen queries. Moved so far,
 * a query is as far from the data as unseen data is, and the error is about half of that.
 *
 * A hit counts when it is as near as the k-th of the truth, so that equal vectors do not count as misses.
 */
export function* measureRecall(
  index: VectorIndex,
  {
    samples = DEFAULT_SAMPLES,
    k = DEFAULT_RECALL_K,
    budgetMs = BUDGET_MS,
    seed,
    efforts = DEFAULT_EFFORTS,
  }: RecallOptions,
): Generator<RecallStep, RecallPoint[]> {
  const random = randomFrom(seed);
  const live = index.ordinals();
  const total = Math.min(samples, live.length);
  const tallies: Tally[] = efforts.map((effort) => ({ effort, found: 0, latenciesMs: [] }));
  let expected = 0;
  const deadline = performance.now() + budgetMs;
  for (let done = 1; done <= total; done++) {
    const vector = index.vector(takeRandom(live, done - 1, random));
    if (vector === undefined) continue;
    const query = moved(index, vector, random);
    const truth = index.search(query, { k, exact: true });
    const farthest = truth.distances.at(-1) ?? 0;
    expected += truth.distances.length;
    for (const tally of tallies) {
      const began = performance.now();
      const { distances } = index.search(query, { k, effort: tally.effort });
      tally.latenciesMs.push(performance.now() - began);
      tally.found += distances.filter((distance) => distance <= farthest).length;
    }
    const isOver = done >= MIN_SAMPLES && performance.now() > deadline;
    yield { done, total: isOver ? done : total, recallSoFar: share(tallies.at(-1)?.found ?? 0, expected) };
    if (isOver) break;
  }
  if (expected === 0) return [];
  return tallies.map(({ effort, found, latenciesMs }) => ({
    effort,
    recall: share(found, expected),
    latencyMs: median(latenciesMs),
  }));
}

/** The least effort on a curve that reaches the recall, or undefined if none does. */
export function effortForRecall(curve: readonly RecallPoint[], recall: number): number | undefined {
  return curve.find((point) => point.recall >= recall)?.effort;
}

/** The vector plus a random direction as long as the way to its nearest neighbour. */
function moved(index: VectorIndex, vector: Float32Array, random: () => number): Float32Array {
  const near = index.search(vector, { k: 2 });
  const neighbours = [...near.ordinals].map((ordinal) => index.vector(ordinal) ?? vector);
  const reach = Math.max(...neighbours.map((neighbour) => distanceBetween(vector, neighbour)));
  const direction = vector.map(() => random() + random() + random() - 1.5);
  const length = norm(direction);
  return length === 0 ? vector : vector.map((x, i) => x + (reach * (direction[i] ?? 0)) / length);
}

function distanceBetween(a: Float32Array, b: Float32Array): number {
  return norm(a.map((x, i) => x - (b[i] ?? 0)));
}

function norm(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}

/** One of the ordinals from `taken` on, put in front of the rest so that it is not taken again. */
function takeRandom(ordinals: Uint32Array, taken: number, random: () => number): number {
  const at = taken + Math.floor(random() * (ordinals.length - taken));
  const ordinal = ordinals[at] ?? 0;
  ordinals[at] = ordinals[taken] ?? 0;
  ordinals[taken] = ordinal;
  return ordinal;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, part / whole);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
