/**
 * What the searching threads of replacing.test.ts do: each looks, again and again, for one of the items whose vectors are
 * being replaced, as a server thread does: when the index is found outgrown it asks for the index as it is by now, and when
 * vectors were replaced meanwhile it begins again. An item is never without a vector, so no search may miss it.
 */
import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import type { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SharedSegments } from '../../src/indexes/segment.ts';
import { randomFrom } from './data.ts';

export const ITEMS = 150;
export const MAX_ORDINAL = 200_000;
const K = 3;

/** What the threads know of each other, in shared words. */
export interface ReplacingBoard {
  /** Of each ordinal, whose vector it is. */
  readonly itemOf: Int32Array;
  /** Of each item, the ordinal that has replaced all before, since these were removed. */
  readonly ordinalOf: Int32Array;
  /** [0] 1: stop, [1] searches that have ended. */
  readonly state: Int32Array;
}

export interface ReplacingTask {
  readonly port: MessagePort;
  readonly shared: SharedSegments;
  readonly board: ReplacingBoard;
  readonly seed: number;
}

export interface ReplacingReport {
  readonly searches: number;
  /** Of those by effort, how many found the item. */
  readonly asked: number;
  readonly hits: number;
  /** Searches that began again on an index with a segment more, or beside which vectors were replaced. */
  readonly outgrown: number;
  readonly repeated: number;
  readonly faults: readonly string[];
}

/** Items lie far apart, the vectors that an item has in the course of time close together. */
export function vectorOf(item: number, ordinal: number, dimension: number): Float32Array {
  const place = randomFrom(item);
  const own = randomFrom(1_000 + ordinal);
  return Float32Array.from({ length: dimension }, () => 10 * place() + 0.1 * own());
}

/** What is wrong with an answer to the question for an item. */
function faultsOf(
  { ordinals, distances }: { ordinals: Uint32Array; distances: Float32Array },
  query: Float32Array,
  item: number,
  before: number,
  { itemOf }: ReplacingBoard,
): string[] {
  const faults: string[] = [];
  const own = [...ordinals].filter((ordinal) => itemOf[ordinal] === item);
  for (const [at, ordinal] of ordinals.entries()) {
    const vector = vectorOf(itemOf[ordinal] ?? -1, ordinal, query.length);
    const distance = Math.hypot(...query.map((x, i) => x - (vector[i] ?? 0)));
    if (!(Math.abs(distance - (distances[at] ?? Number.NaN)) < 1e-3))
      faults.push(`${ordinal} is ${distance} away`);
  }
  if (own.some((ordinal) => ordinal < before))
    faults.push(`item ${item}: ${own} had been replaced by ${before}`);
  return faults;
}

async function search({ port, shared, board, seed }: ReplacingTask): Promise<ReplacingReport> {
  const random = randomFrom(seed);
  const faults: string[] = [];
  let index: SegmentedIndex = attachIndex(shared);
  const { dimension } = index.parameters;
  let [searches, asked, hits, outgrown, repeated] = [0, 0, 0, 0, 0];
  for (; Atomics.load(board.state, 0) === 0 && faults.length < 10; searches++) {
    const item = Math.floor(random() * ITEMS);
    const query = vectorOf(item, 0, dimension);
    const exact = searches % 2 === 0;
    for (;;) {
      const before = Atomics.load(board.ordinalOf, item);
      const moment = index.moment();
      const result = index.search(query, { k: K, exact });
      if (index.isOutgrown) {
        outgrown += 1;
        port.postMessage('ask');
        const [anew] = (await once(port, 'message')) as [SharedSegments];
        index = attachIndex(anew, index);
        continue;
      }
      if (index.hasReplacedSince(moment)) {
        repeated += 1;
        continue;
      }
      faults.push(...faultsOf(result, query, item, before, board));
      const isFound = result.ordinals.some((ordinal) => board.itemOf[ordinal] === item);
      if (exact && !isFound) faults.push(`item ${item} was missed`);
      if (!exact) asked += 1;
      if (!exact && isFound) hits += 1;
      break;
    }
    Atomics.add(board.state, 1, 1);
  }
  index.detach();
  port.close();
  return { searches, asked, hits, outgrown, repeated, faults };
}

if (parentPort !== null) parentPort.postMessage(await search(workerData as ReplacingTask));
