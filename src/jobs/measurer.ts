import { platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { attachIndex } from '../indexes/attachIndex.ts';
import { measureRecall } from '../indexes/measureRecall.ts';
import type { MeasureTask } from './RecallKeeper.ts';

/** The entry of a measuring thread: measures one live index while it serves, tells the curve, ends. */

/** As a builder's: behind everything that somebody waits for. */
const NICENESS = 5;

if (platform() === 'linux') setPriority(NICENESS);
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
