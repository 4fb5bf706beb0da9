/**
 * What the threads of hammer.slow.ts do: each asks the writer for the library's index before every search, as a server
 * thread does, and holds the answer against what it knows. A vector follows from its ordinal.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { WriterClient } from '../../src/writer/WriterClient.ts';
import { randomFrom } from '../indexes/data.ts';

export const HAMMER_DIMENSION = 12;
export const MAX_ORDINAL = 100_000;

/** What the threads know of each other, in shared words. */
export interface HammerBoard {
  /**
   * [0] the greatest ordinal whose write has been answered, [1] deletions that have been answered, [2] 1: stop, [3] the
   * revision of that write.
   */
  readonly clock: Int32Array;
  /** Per ordinal: 0 while it lives, −1 from when its deletion is asked for, then which deletion (from 1) it was. */
  readonly removedAt: Int32Array;
}

export interface HammerTask {
  readonly port: MessagePort;
  readonly libraryId: string;
  readonly board: HammerBoard;
  readonly seed: number;
}

export interface HammerReport {
  readonly searches: number;
  /** Of the searches by effort for a vector that was there: how many, and how many had it first. */
  readonly asked: number;
  readonly hits: number;
  readonly generations: number;
  readonly mostSegments: number;
  readonly faults: readonly string[];
}

export function vectorOf(ordinal: number): Float32Array {
  const centre = randomFrom(ordinal % 50);
  const own = randomFrom(1_000 + ordinal);
  return Float32Array.from({ length: HAMMER_DIMENSION }, () => centre() + 0.3 * own());
}

function distanceTo(query: Float32Array, ordinal: number): number {
  const vector = vectorOf(ordinal);
  return Math.sqrt(query.reduce((sum, x, i) => sum + (x - (vector[i] ?? 0)) ** 2, 0));
}

async function search({ port, libraryId, board, seed }: HammerTask): Promise<HammerReport> {
  const { clock, removedAt } = board;
  const client = await WriterClient.connect(port);
  const random = randomFrom(seed);
  const faults: string[] = [];
  const generations = new Set<number>();
  let searches = 0;
  let asked = 0;
  let hits = 0;
  let mostSegments = 0;
  for (; Atomics.load(clock, 2) === 0 && faults.length < 10; searches++) {
    const deletionsBefore = Atomics.load(clock, 1);
    const ordinal = 1 + Math.floor(random() * Atomics.load(clock, 0));
    const isLive = Atomics.load(removedAt, ordinal) === 0;
    const revision = Atomics.load(clock, 3);
    await nextTurn();
    await client.waitForRevision(revision, { deadline: Date.now() + 60_000 });
    const { index, generation } = await client.openIndex(libraryId);
    generations.add(generation);
    mostSegments = Math.max(mostSegments, index.segments.length);
    const query = vectorOf(ordinal);
    const exact = searches % 8 === 0;
    const { ordinals, distances } = index.search(query, { k: 5, exact });
    ordinals.forEach((found, at) => {
      const removal = Atomics.load(removedAt, found);
      if (removal > 0 && removal <= deletionsBefore) faults.push(`${found} was deleted before`);
      const off = Math.abs((distances[at] ?? Number.NaN) - distanceTo(query, found));
      if (!(off < 1e-4)) faults.push(`${found} is ${distances[at]} away`);
      if (at > 0 && !((distances[at - 1] ?? 0) <= (distances[at] ?? 0))) faults.push(`order at ${at}`);
    });
    if (new Set(ordinals).size !== ordinals.length) faults.push('an ordinal twice');
    // What was answered before the index was asked for, and was not being deleted when the search ended, must be there.
    if (!isLive || Atomics.load(removedAt, ordinal) !== 0) continue;
    asked += 1;
    if (ordinals[0] === ordinal) hits += 1;
    else if (exact) faults.push(`${ordinal} was not found by an exact search of generation ${generation}`);
  }
  await client.close();
  return { searches, asked, hits, generations: generations.size, mostSegments, faults };
}

if (parentPort !== null) parentPort.postMessage(await search(workerData as HammerTask));
