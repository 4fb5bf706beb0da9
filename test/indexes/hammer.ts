/**
 * What the threads of threads.slow.ts do: one writes, some read, all on the same memory without locks. Vectors follow
 * from their ordinals, so every thread knows what each answer must be.
 */
import { parentPort, threadId, workerData } from 'node:worker_threads';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { SharedSegment } from '../../src/indexes/segment.ts';
import { randomFrom } from './data.ts';

export const MAX_ORDINAL = 400_000;
const BATCH = 40;
const K = 10;

/** What the threads know of each other, in shared words. */
export interface HammerBoard {
  /** [0] ordinals whose insert has begun, [1] has returned, [2] removals that have returned. */
  readonly clock: Int32Array;
  /** Per ordinal, which removal (from 1) removed it. */
  readonly removedAt: Int32Array;
}

export interface HammerTask {
  readonly role: 'write' | 'read';
  readonly shared: SharedSegment;
  readonly board: HammerBoard;
  readonly forMs: number;
}

export interface HammerReport {
  readonly role: 'write' | 'read';
  readonly threadId: number;
  /** Inserted vectors, or answers. */
  readonly done: number;
  /** Of the answers that must have one particular ordinal first, how many did. */
  readonly hits: number;
  readonly asked: number;
  readonly faults: readonly string[];
}

/** Clustered: 64 centres, each vector near one of them. */
export function vectorOf(ordinal: number, dimension: number): Float32Array {
  const centre = randomFrom(ordinal % 64);
  const own = randomFrom(1_000 + ordinal);
  return Float32Array.from({ length: dimension }, () => centre() + 0.3 * own());
}

function euclidean(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, x, i) => sum + (x - (b[i] ?? 0)) ** 2, 0));
}

function write(index: SegmentIndex, { clock, removedAt }: HammerBoard, deadline: number): HammerReport {
  const random = randomFrom(1);
  const { dimension } = index.parameters;
  let next = Atomics.load(clock, 1);
  let removals = 0;
  const faults: string[] = [];
  let consolidation: Generator<number> | undefined;
  while (performance.now() < deadline && next + BATCH < MAX_ORDINAL) {
    consolidation ??= index.consolidationDue() ? index.consolidate() : undefined;
    if (consolidation?.next().done === true) consolidation = undefined;
    const ordinals = Uint32Array.from({ length: BATCH }, (_, i) => next + i);
    const vectors = Float32Array.from([...ordinals].flatMap((ordinal) => [...vectorOf(ordinal, dimension)]));
    Atomics.store(clock, 0, next + BATCH);
    index.insert(ordinals, vectors);
    next += BATCH;
    Atomics.store(clock, 1, next);
    for (let i = 0; i < BATCH / 8; i++) {
      const ordinal = Math.floor(random() * next);
      const removed = index.remove(Uint32Array.of(ordinal));
      if (removed !== (removedAt[ordinal] === 0 ? 1 : 0))
        faults.push(`remove(${ordinal}) returned ${removed}`);
      if (removed === 0) continue;
      Atomics.store(removedAt, ordinal, ++removals);
      Atomics.store(clock, 2, removals);
    }
  }
  const { live, tombstones } = index.stats();
  if (live + tombstones !== next || tombstones !== removals) faults.push(`stats: ${live} + ${tombstones}`);
  return { role: 'write', threadId, done: next, hits: 0, asked: 0, faults };
}

/** What is wrong with one answer, given the clock before the search; nothing if all is well. */
function faultsOf(
  answer: { ordinals: Uint32Array; distances: Float32Array },
  query: Float32Array,
  { clock, removedAt }: HammerBoard,
  removalsBefore: number,
): string[] {
  const faults: string[] = [];
  const begun = Atomics.load(clock, 0);
  answer.ordinals.forEach((ordinal, i) => {
    const distance = answer.distances[i] ?? Number.NaN;
    const removal = Atomics.load(removedAt, ordinal);
    if (ordinal >= begun) faults.push(`${ordinal} was never inserted`);
    if (removal !== 0 && removal <= removalsBefore) faults.push(`${ordinal} was removed before`);
    if (!(Math.abs(distance - euclidean(query, vectorOf(ordinal, query.length))) < 1e-4))
      faults.push(`${ordinal}: ${distance}`);
    if (i > 0 && !(distance >= (answer.distances[i - 1] ?? Number.NaN))) faults.push(`order at ${i}`);
  });
  if (new Set(answer.ordinals).size !== answer.ordinals.length) faults.push('an ordinal twice');
  return faults;
}

/** Slots are ordinals here. */
function everySecond(index: SegmentIndex): Bitmap {
  const words = Math.floor(index.stats().slots / 32);
  return new Bitmap(words * 32, new Uint32Array(words).fill(0x5555_5555));
}

function read(index: SegmentIndex, board: HammerBoard, deadline: number): HammerReport {
  const { clock, removedAt } = board;
  const random = randomFrom(threadId);
  const faults: string[] = [];
  let done = 0;
  let hits = 0;
  let asked = 0;
  while (performance.now() < deadline && faults.length < 10) {
    const removalsBefore = Atomics.load(clock, 2);
    for (let look = 0; look < 100; look++) {
      const { live, tombstones } = index.stats();
      if (tombstones < 0) faults.push(`${live} live and ${tombstones} tombstones`);
    }
    const ordinal = Math.floor(random() * Atomics.load(clock, 1));
    const query = vectorOf(ordinal, index.parameters.dimension);
    const exact = done % 16 === 0;
    const allowed = done % 3 === 0 ? everySecond(index) : undefined;
    const answer = index.search(query, { k: K, exact, ...(allowed && { allowed }) });
    if (allowed && answer.ordinals.some((found) => !allowed.has(found))) faults.push('barred by the filter');
    if (answer.ordinals.length < K) faults.push(`${answer.ordinals.length} hits`);
    faults.push(...faultsOf(answer, query, board, removalsBefore));
    const removal = Atomics.load(removedAt, ordinal);
    if (removal === 0 && (allowed?.has(ordinal) ?? true)) {
      asked++;
      if (answer.ordinals[0] === ordinal) hits++;
      else if (exact) faults.push(`${ordinal} was not found by an exact search`);
      const own = index.vector(ordinal);
      if (Atomics.load(removedAt, ordinal) === 0 && own?.some((x, i) => x !== query[i]))
        faults.push('vector differs');
    }
    if (done % 64 === 0 && index.ordinals().some((o, i, all) => i > 0 && o <= (all[i - 1] ?? 0))) {
      faults.push('ordinals do not ascend');
    }
    done++;
  }
  return { role: 'read', threadId, done, hits, asked, faults };
}

if (parentPort !== null) {
  const { role, shared, board, forMs } = workerData as HammerTask;
  const index = attachIndex(shared);
  const deadline = performance.now() + forMs;
  const report = role === 'write' ? write(index, board, deadline) : read(index, board, deadline);
  index.detach();
  parentPort.postMessage(report);
}
