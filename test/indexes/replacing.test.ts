import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import { ordinalsFrom, randomFrom } from './data.ts';
import {
  ITEMS,
  MAX_ORDINAL,
  type ReplacingBoard,
  type ReplacingReport,
  type ReplacingTask,
  vectorOf,
} from './replacing.ts';

const SOURCE = new URL('./replacing.ts', import.meta.url);
const DIMENSION = 40;
const SEARCHES = 1_200;
const WRITES_PER_SEARCH = 4;

const words = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

async function search(index: SegmentedIndex, board: ReplacingBoard, seed: number): Promise<ReplacingReport> {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', () => port1.postMessage(index.share()));
  const task: ReplacingTask = { port: port2, shared: index.share(), board, seed };
  const worker = new Worker(SOURCE, { workerData: task, transferList: [port2] });
  const [report] = (await once(worker, 'message')) as [ReplacingReport];
  await worker.terminate();
  port1.close();
  return report;
}

describe.each(['FLAT', 'HNSW'] as const)('%s', (type) => {
  it.each([
    ['a segment', MAX_ORDINAL],
    ['segments that are begun all the time', 400],
  ])('misses no vector for its being replaced meanwhile, in %s', async (_where, segmentSlots) => {
    const parameters = { type, metric: 'EUCLIDEAN', dimension: DIMENSION, seed: 1, m: 8 } as const;
    const index = SegmentedIndex.create(parameters, { segmentSlots });
    const board = { itemOf: words(MAX_ORDINAL), ordinalOf: words(ITEMS), state: words(2) };
    const { itemOf, ordinalOf, state } = board;
    const put = (ordinal: number, item: number): void => {
      itemOf[ordinal] = item;
      index.insert(Uint32Array.of(ordinal), vectorOf(item, ordinal, DIMENSION));
    };
    for (const item of ordinalsFrom(0, ITEMS)) {
      put(item, item);
      ordinalOf[item] = item;
    }
    const searching = [1, 2].map((seed) => search(index, board, seed));
    const random = randomFrom(3);
    for (let ordinal = ITEMS; Atomics.load(state, 1) < SEARCHES; await nextTurn()) {
      // So that there are no more segments than it takes.
      if (ordinal > WRITES_PER_SEARCH * (100 + Atomics.load(state, 1))) continue;
      const item = Math.floor(random() * ITEMS);
      put(ordinal, item);
      index.remove(Uint32Array.of(ordinalOf[item] ?? -1));
      Atomics.store(ordinalOf, item, ordinal);
      ordinal += 1;
      if (index.consolidationDue()) for (const _step of index.consolidate());
    }
    Atomics.store(state, 0, 1);
    const searched = await Promise.all(searching);
    expect(searched.flatMap(({ faults }) => faults)).toEqual([]);
    // Of both threads together: one may begin when the other is nearly through.
    const total = (figure: 'asked' | 'hits' | 'outgrown' | 'repeated') =>
      searched.reduce((sum, searcher) => sum + searcher[figure], 0);
    expect(total('hits') / total('asked')).toBeGreaterThan(0.97);
    expect(total('repeated')).toBeGreaterThan(0);
    expect(total('outgrown')).toBeGreaterThan(segmentSlots < MAX_ORDINAL ? 0 : -1);
    expect(index.ordinals()).toEqual(Uint32Array.from(ordinalOf).sort());
  });
});
