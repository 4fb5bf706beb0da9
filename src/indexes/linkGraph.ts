import {
  BUILD_AT,
  BUILD_CENTRED,
  BUILD_ENCODED,
  BUILD_FIRST,
  BUILD_LISTED,
  BUILD_LOWER,
  BUILD_PLACED,
  BUILD_SETTLED,
  BUILD_SIGNED,
  BUILD_SORTED,
  BUILD_UPPER,
  BUILD_UPPER_NODES,
  BUILD_WORDS,
  NO_SLOT,
} from '../kernel/assembly/offsets.ts';
import { MAX_SLOTS, MIN_M } from './parameters.ts';
import { pause } from './pause.ts';
import type { Segment } from './segment.ts';

/** After so much work a thread tells how far the build is. */
const SLICE_MS = 5;

/** How long a thread that waits for the others sleeps, in milliseconds: some links take that long. */
const PAUSE_MS = 0.2;

/** Nodes taken at once: few of the upper layers, where the graph is small; else so many that threads do not meet. */
const UPPER_STEP = 4;
const LOWER_STEP = 64;
const PLACE_STEP = 256;
const ENCODE_STEP = 256;

/** What of the work on a node is done when it has a code. */
const ENCODED_SHARE = 0.25;

/** As many regions as there can be: every other node, where m is 2. */
const MAX_RANKS = MAX_SLOTS / MIN_M;

/**
 * Each round but the first doubles the density of the graph everywhere, as chance does; region by region at once,
 * queries from outside the data found 1.4 of 100 neighbours less (effort 64; with four rounds .7 less, within the
 * spread of the seeds), while queries from within found all the same.
 */
const LAST_ROUND = 3;

/** What the threads of a build know of each other, in words of the shared memory; the kernel's append clears them. */
interface Board {
  readonly segment: Segment;
  readonly words: Int32Array;
  /** In which order nodes are linked: those of the upper layers, then the others. */
  readonly order: Uint32Array;
  /** By slot: the node on the layer above that is nearest to it, as far as a greedy walk finds out. */
  readonly starts: Uint32Array;
}

/**
 * Makes nodes of the rows that were appended to an HNSW index and links them, beside all other threads that do so at the
 * same time. Codes come first. Links are not made in the order of slots, but
 *
 * 1. those of the nodes of the upper layers, from the top down: they then lead the walks of all others to the right region, even
 *    if vectors come sorted by cluster, where a graph that grew in that order would lose whole clusters;
 * 2. the others, in four rounds, region by region in each: a walk begins at the node above that is nearest to its aim,
 *    and those with the same one follow each other, so that what a walk reads is still in the cache from those before.
 *
 * Yields, every few milliseconds, how many slots are done. One thread alone makes the same graph of the same vectors.
 */
export function* linkGraph(segment: Segment): Generator<number> {
  if (segment.unlinked === 0) return;
  const { kernel, layout } = segment;
  const { buffer } = segment.memory;
  const board = {
    segment,
    words: new Int32Array(buffer, BUILD_AT, BUILD_WORDS),
    order: new Uint32Array(buffer, layout.orderAt, layout.capacity),
    starts: new Uint32Array(buffer, layout.orderAt + 4 * layout.capacity, layout.capacity),
  };
  yield* encode(board);
  // The first slot of all is the root, and has no links of its own to begin with.
  const first = Math.max(1, Atomics.load(board.words, BUILD_FIRST));
  const slots = segment.count - first;
  yield* alone(board, BUILD_LISTED, () => listUpper(board, first));
  const upper = Atomics.load(board.words, BUILD_UPPER_NODES);
  yield* shared(board, BUILD_UPPER, { total: upper, step: UPPER_STEP }, (from, to) =>
    kernel.linkNodes(from, to),
  );
  yield* shared(board, BUILD_PLACED, { total: slots, step: PLACE_STEP }, (from, to) =>
    kernel.placeNodes(first + from, first + to),
  );
  yield* alone(board, BUILD_SORTED, () => listLower(board, first));
  yield* shared(board, BUILD_LOWER, { total: slots - upper, step: LOWER_STEP }, (from, to) =>
    kernel.linkNodes(upper + from, upper + to),
  );
}

/** Writes codes and sketches. */
function* encode(board: Board): Generator<number> {
  const { kernel, count } = board.segment;
  yield* alone(board, BUILD_CENTRED, () => kernel.beginEncoding(count));
  const from = Atomics.load(board.words, BUILD_SIGNED);
  yield* shared(board, BUILD_ENCODED, { total: count - from, step: ENCODE_STEP }, (begin, end) =>
    kernel.encodeNodes(from + begin, from + end, count),
  );
  yield* alone(board, BUILD_SETTLED, () => kernel.settleEncoding(count));
}

/** Work that the first thread to come does, while the others wait. */
function* alone(board: Board, word: number, work: () => void): Generator<number> {
  const { words } = board;
  if (Atomics.compareExchange(words, word, 0, 1) === 0) {
    work();
    Atomics.store(words, word, 2);
  }
  while (Atomics.load(words, word) < 2) yield pause(done(board), PAUSE_MS);
}

/** Work on numbers below `total` that all threads share; `word` counts what has been taken, the next what is done. */
function* shared(
  board: Board,
  word: number,
  { total, step }: { readonly total: number; readonly step: number },
  work: (from: number, to: number) => void,
): Generator<number> {
  const { words } = board;
  let until = performance.now() + SLICE_MS;
  for (let from = Atomics.add(words, word, step); from < total; from = Atomics.add(words, word, step)) {
    const to = Math.min(from + step, total);
    work(from, to);
    Atomics.add(words, word + 1, to - from);
    if (performance.now() < until) continue;
    yield done(board);
    until = performance.now() + SLICE_MS;
  }
  while (Atomics.load(words, word + 1) < total) yield pause(done(board), PAUSE_MS);
  yield done(board);
}

/** Puts the nodes of the upper layers first, from the top layer down. */
function listUpper({ segment, words, order, starts }: Board, first: number): void {
  const { kernel, count } = segment;
  const upper: { slot: number; layer: number }[] = [];
  for (let slot = first; slot < count; slot++) {
    const layer = kernel.layerOf(slot);
    if (layer === 0) continue;
    upper.push({ slot, layer });
    starts[slot] = NO_SLOT;
  }
  upper.sort((a, b) => b.layer - a.layer || a.slot - b.slot);
  for (const [at, { slot }] of upper.entries()) order[at] = slot;
  Atomics.store(words, BUILD_UPPER_NODES, upper.length);
}

/** Puts the other nodes behind them. */
function listLower({ segment, words, order, starts }: Board, first: number): void {
  const { kernel, count } = segment;
  const upper = Atomics.load(words, BUILD_UPPER_NODES);
  const lower: number[] = [];
  for (let slot = first; slot < count; slot++) if (kernel.layerOf(slot) === 0) lower.push(slot);
  order.set(byRegion(starts, lower, first), upper);
}

/** Slots of the bottom layer by their rounds; in each by their starts, and these in turn by theirs. */
function byRegion(starts: Uint32Array, lower: readonly number[], first: number): number[] {
  const used = [...new Set(lower.map((slot) => starts[slot] as number))];
  const above = (slot: number): number => (slot < first ? slot : (starts[slot] as number));
  const ranks = new Map(sorted(used, above).map((slot, rank) => [slot, rank]));
  return sorted(lower, (slot) => roundOf(slot) * MAX_RANKS + (ranks.get(starts[slot] as number) as number));
}

/** Of all slots an eighth are in round 0, another in 1, a quarter in 2, a half in 3; which, their numbers decide. */
function roundOf(slot: number): number {
  return LAST_ROUND - Math.min(LAST_ROUND, Math.clz32(Math.imul(slot, 0x9e37_79b1)));
}

/** Slots by a number below 2³⁰, equals by slot: no slot is as large as MAX_SLOTS, so that the keys are exact and sort by rank first. */
function sorted(slots: readonly number[], rank: (slot: number) => number): number[] {
  const keys = Float64Array.from(slots, (slot) => rank(slot) * MAX_SLOTS + slot).sort();
  return Array.from(keys, (key) => key % MAX_SLOTS);
}

/** How many slots are done, with a share for those that have a code but no links. */
function done({ segment, words }: Board): number {
  const { count, unlinked } = segment;
  const toEncode = count - Atomics.load(words, BUILD_SIGNED) - Atomics.load(words, BUILD_ENCODED + 1);
  return Math.floor(count - unlinked * (1 - ENCODED_SHARE) - Math.min(toEncode, unlinked) * ENCODED_SHARE);
}
