/** A thread of parallelBuild.slow.ts: attaches to an index, says so, and builds with the others when it is told to. */
import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import type { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SharedSegments } from '../../src/indexes/segment.ts';

const SOURCE = new URL(import.meta.url);

/** Runs build() in `threads` threads at once, this one among them. */
export async function buildInThreads(index: SegmentedIndex, threads: number): Promise<void> {
  const others = Array.from({ length: threads - 1 }, () => new Worker(SOURCE, { workerData: index.share() }));
  await Promise.all(others.map((other) => once(other, 'message')));
  const ended = others.map((other) => once(other, 'exit'));
  for (const other of others) other.postMessage('build');
  for (const _done of index.build());
  await Promise.all(ended);
}

if (parentPort !== null) {
  const index = attachIndex(workerData as SharedSegments);
  parentPort.once('message', () => {
    for (const _done of index.build());
    index.detach();
    parentPort?.close();
  });
  parentPort.postMessage('attached');
}
