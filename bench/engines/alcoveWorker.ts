/** A thread of a bench that is attached to an index of ours. */
import { parentPort, workerData } from 'node:worker_threads';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { SharedSegment } from '../../src/indexes/segment.ts';
import type { IndexParameters } from '../../src/indexes/VectorIndex.ts';
import { ordinalsFrom } from '../data/ordinals.ts';

/** Vectors that are appended between two looks at the board. */
const APPEND_BATCH = 1_000;

/** Takes part in a build. */
interface BuildTask {
  readonly do: 'build';
  readonly shared: SharedSegment;
}

/** Searches for the queries (`n × dimension`, in shared memory) over and over, between two moments. */
interface SearchTask {
  readonly do: 'search';
  readonly shared: SharedSegment;
  readonly queries: SharedArrayBuffer;
  readonly k: number;
  readonly effort: number;
  /** Word 0: threads that are ready; word 1: 1 from the common start, 2 from the end on. */
  readonly board: Int32Array<SharedArrayBuffer>;
}

/** Builds indexes of the same vectors (`n × dimension`), one after the other, until word 0 of the board is not 0. */
interface ReindexTask {
  readonly do: 'reindex';
  readonly parameters: IndexParameters;
  readonly vectors: SharedArrayBuffer;
  readonly board: Int32Array<SharedArrayBuffer>;
}

export type WorkerTask = BuildTask | SearchTask | ReindexTask;

/** Milliseconds of every search. */
export type SearchReport = readonly number[];

function search({ shared, queries, k, effort, board }: SearchTask): SearchReport {
  using index = attachIndex(shared);
  const { dimension } = index.parameters;
  const values = new Float32Array(queries);
  const rows = Array.from({ length: values.length / dimension }, (_, row) =>
    values.slice(row * dimension, (row + 1) * dimension),
  );
  for (const row of rows.slice(0, 200)) index.search(row, { k, effort });
  Atomics.add(board, 0, 1);
  Atomics.notify(board, 0);
  Atomics.wait(board, 1, 0);
  const latenciesMs: number[] = [];
  let last = performance.now();
  for (let i = 0; Atomics.load(board, 1) === 1; i++) {
    index.search(rows[i % rows.length] as Float32Array, { k, effort });
    const now = performance.now();
    latenciesMs.push(now - last);
    last = now;
  }
  return latenciesMs;
}

function build({ shared }: BuildTask): SearchReport {
  using index = attachIndex(shared);
  for (const _ of index.build()) {
    // The work is in asking for the next step.
  }
  return [];
}

function reindex({ parameters, vectors, board }: ReindexTask): SearchReport {
  const { dimension } = parameters;
  const values = new Float32Array(vectors);
  const count = values.length / dimension;
  while (Atomics.load(board, 0) === 0) {
    using index = createIndex(parameters);
    for (let first = 0; first < count && Atomics.load(board, 0) === 0; first += APPEND_BATCH) {
      const end = Math.min(count, first + APPEND_BATCH);
      index.append(ordinalsFrom(first, end - first), values.subarray(first * dimension, end * dimension));
    }
    for (const _ of index.build()) if (Atomics.load(board, 0) !== 0) break;
  }
  return [];
}

function run(task: WorkerTask): SearchReport {
  if (task.do === 'build') return build(task);
  return task.do === 'search' ? search(task) : reindex(task);
}

parentPort?.postMessage(run(workerData as WorkerTask));
