import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomFrom } from '../indexes/data.ts';
import { AUTO, eventsOf, HNSW, RunningWriter } from '../writer/RunningWriter.ts';
import {
  HAMMER_DIMENSION,
  type HammerBoard,
  type HammerReport,
  type HammerTask,
  MAX_ORDINAL,
  vectorOf,
} from './hammer.ts';

const SEGMENT_SLOTS = 500;
const BATCH = 50;
const BATCHES = 30;
const REBUILDS = 2;

const words = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

describe('a library of several small segments', () => {
  let writer: RunningWriter;
  beforeEach(async () => {
    writer = await RunningWriter.start(undefined, 1, { segmentSlots: SEGMENT_SLOTS });
  });
  afterEach(() => writer.stopAndRemove());

  const search = async (task: Omit<HammerTask, 'port'>): Promise<HammerReport> => {
    const port = writer.thread.connect();
    const workerTask: HammerTask = { ...task, port };
    const worker = new Worker(new URL('./hammer.ts', import.meta.url), {
      workerData: workerTask,
      transferList: [port],
    });
    const [report] = (await once(worker, 'message')) as [HammerReport];
    await worker.terminate();
    return report;
  };

  it('answers truly while it is written to, deleted from, rebuilt and swapped', {
    timeout: 120_000,
  }, async () => {
    const libraryId = await writer.createLibrary({ ...AUTO, type: 'FLAT' });
    const board: HammerBoard = { clock: words(4), removedAt: words(MAX_ORDINAL) };
    const { clock, removedAt } = board;
    const add = async (batch: number): Promise<void> => {
      const first = batch * BATCH + 1;
      const values = new Float32Array(BATCH * HAMMER_DIMENSION);
      for (let row = 0; row < BATCH; row++) values.set(vectorOf(first + row), row * HAMMER_DIMENSION);
      const { revision } = await writer.createDocument(libraryId, values, HAMMER_DIMENSION, `b${batch}`);
      Atomics.store(clock, 3, revision);
      Atomics.store(clock, 0, first + BATCH - 1);
    };
    let batch = 0;
    for (; batch < 30; batch++) await add(batch);

    const searching = [1, 2].map((seed) => search({ libraryId, board, seed }));
    const writing = (async () => {
      const random = randomFrom(5);
      for (let deletions = 0; batch < 30 + BATCHES; batch++) {
        await add(batch);
        const doomed = Array.from({ length: 5 }, () => 1 + Math.floor(random() * batch * BATCH)).filter(
          (ordinal, at, all) => Atomics.load(removedAt, ordinal) === 0 && all.indexOf(ordinal) === at,
        );
        for (const ordinal of doomed) Atomics.store(removedAt, ordinal, -1);
        const ids = doomed.map((ordinal) => {
          const row = ordinal - 1;
          return `chk_b${Math.floor(row / BATCH)}-${row % BATCH}`;
        });
        await writer.deleteChunks(libraryId, ids);
        deletions += 1;
        for (const ordinal of doomed) Atomics.store(removedAt, ordinal, deletions);
        Atomics.store(clock, 1, deletions);
        await delay(20);
      }
    })();
    for (let rebuild = 0; rebuild < REBUILDS; rebuild++) {
      const settings = rebuild % 2 === 0 ? HNSW : ({ ...AUTO, type: 'FLAT' } as const);
      const jobId = await writer.reindex(libraryId, { settings });
      expect((await eventsOf(writer.client, jobId)).at(-1)?.job.state).toBe('SUCCEEDED');
    }
    await writing;
    Atomics.store(clock, 2, 1);
    for (const { faults, searches, asked, hits, generations, mostSegments } of await Promise.all(searching)) {
      expect(faults).toEqual([]);
      expect(searches).toBeGreaterThan(100);
      expect(hits / asked).toBeGreaterThan(0.97);
      expect(generations).toBeGreaterThan(1);
      expect(mostSegments).toBeGreaterThan(2);
    }
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
    expect(index.segments.length).toBeGreaterThan(3);
    expect(writer.troubles).toEqual([]);
  });
});
