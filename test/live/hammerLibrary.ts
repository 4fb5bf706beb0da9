import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { randomFrom } from '../indexes/data.ts';
import { AUTO, eventsOf, HNSW, type RunningWriter } from '../writer/RunningWriter.ts';
import {
  HAMMER_DIMENSION,
  type HammerBoard,
  type HammerReport,
  type HammerTask,
  MAX_ORDINAL,
  vectorOf,
} from './hammer.ts';

const BATCH = 50;

const words = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

async function search(writer: RunningWriter, task: Omit<HammerTask, 'port'>): Promise<HammerReport> {
  const port = writer.thread.connect();
  const workerTask: HammerTask = { ...task, port };
  const worker = new Worker(new URL('./hammer.ts', import.meta.url), {
    workerData: workerTask,
    transferList: [port],
  });
  const [report] = (await once(worker, 'message')) as [HammerReport];
  await worker.terminate();
  return report;
}

/**
 * One library that is written to, deleted from, rebuilt and swapped, while threads search it and hold every answer against what they
 * know to have been answered by then.
 */
export async function hammerLibrary(
  writer: RunningWriter,
  {
    readers,
    batches,
    rebuilds,
  }: { readonly readers: number; readonly batches: number; readonly rebuilds: number },
): Promise<{ readonly libraryId: string; readonly reports: readonly HammerReport[] }> {
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

  const searching = Array.from({ length: readers }, (_, seed) =>
    search(writer, { libraryId, board, seed: seed + 1 }),
  );
  const writing = (async () => {
    const random = randomFrom(5);
    for (let deletions = 0; batch < 30 + batches; batch++) {
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
  for (let rebuild = 0; rebuild < rebuilds; rebuild++) {
    const settings = rebuild % 2 === 0 ? HNSW : ({ ...AUTO, type: 'FLAT' } as const);
    const jobId = await writer.reindex(libraryId, { settings });
    const state = (await eventsOf(writer.client, jobId)).at(-1)?.job.state;
    if (state !== 'SUCCEEDED') throw new Error(`expected a build that succeeds; it is ${state}`);
  }
  await writing;
  Atomics.store(clock, 2, 1);
  return { libraryId, reports: await Promise.all(searching) };
}
