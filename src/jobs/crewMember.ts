import { parentPort } from 'node:worker_threads';
import { attachIndex } from '../indexes/attachIndex.ts';
import type { SharedSegments } from '../indexes/segment.ts';
import { lowerPriority } from './lowerPriority.ts';

/** The entry of a member of a builder's crew: waits for an index, shares in its building, ends. */

lowerPriority();
parentPort?.once('message', (shared: SharedSegments) => {
  const index = attachIndex(shared);
  try {
    for (const _done of index.build());
  } finally {
    index.detach();
  }
});
