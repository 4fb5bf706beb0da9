/** A thread that shares in the building of an index: runs build() to its end. */
import { workerData } from 'node:worker_threads';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import type { SharedSegment } from '../../src/indexes/segment.ts';

const index = attachIndex(workerData as SharedSegment);
for (const _ of index.build());
index.detach();
