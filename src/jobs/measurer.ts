import { parentPort, workerData } from 'node:worker_threads';
import { attachIndex } from '../indexes/attachIndex.ts';
import { measureRecall } from '../indexes/measureRecall.ts';
import { lowerPriority } from './lowerPriority.ts';
import type { MeasureTask } from './RecallKeeper.ts';

/** The entry of a measuring thread: measures one live index while it serves, tells the curve, ends. */

lowerPriority();
const { shared, seed } = workerData as MeasureTask;
const index = attachIndex(shared);
try {
  const measuring = measureRecall(index, { seed });
  let next = measuring.next();
  while (!next.done) next = measuring.next();
  parentPort?.postMessage(next.value);
} finally {
  index.detach();
}
