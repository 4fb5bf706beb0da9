import { createIndex } from '../indexes/createIndex.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { reconcile } from '../live/reconcile.ts';
import type { BuildTask, BuiltIndex } from './buildTask.ts';
import type { Step } from './ProgressMeter.ts';

/** Vectors that even a small library's build catches up with before it leaves the rest to the swap. */
const CATCH_UP_SLACK = 10_000;

/**
 * Builds an index from the store while others write to it, in steps: SCANNING counts the vectors, TRAINING passes at
 * once (no index of ours learns beforehand), BUILDING inserts as many as were counted, CATCHING_UP those that came
 * meanwhile, VERIFYING measures recall. Then what came during that is caught up with too, and the index is saved.
 * @throws AlcoveError RecallNotReachedError, CapacityExceededError, DamagedError
 */
export function* buildIndex(task: BuildTask, reader: LibraryReader): Generator<Step, BuiltIndex> {
  const { libraryId, parameters, indexPath } = task;
  const index = createIndex(parameters);
  yield* insertAll(index, libraryId, reader);
  const recallCurve: never[] = [];
  catchUp(index, libraryId, reader);
  index.save(indexPath, reader.revision());
  const shared = index.share();
  index.detach();
  return { shared, recallCurve };
}

function* insertAll(index: VectorIndex, libraryId: string, reader: LibraryReader): Generator<Step> {
  const counted = countVectors(reader, libraryId);
  yield step('SCANNING', counted, counted);
  yield step('TRAINING', counted, counted);
  let inserted = 0;
  for (inserted of reconcile(index, reader, libraryId)) {
    if (inserted < counted) yield step('BUILDING', inserted, counted);
    else yield step('CATCHING_UP', inserted - counted, countVectors(reader, libraryId) - counted);
    if (isOverrun(inserted, counted)) break;
  }
  const late = Math.max(0, inserted - counted);
  yield step('CATCHING_UP', late, late);
}

/** Brings the index level, unless writes come faster than it can. */
function catchUp(index: VectorIndex, libraryId: string, reader: LibraryReader): void {
  const before = index.stats().live;
  for (const inserted of reconcile(index, reader, libraryId))
    if (isOverrun(before + inserted, before)) return;
}

/** Whether writes come so fast that whoever takes the index over, and can make them wait, has to do the rest. */
function isOverrun(inserted: number, expected: number): boolean {
  return inserted > 2 * expected + CATCH_UP_SLACK;
}

function countVectors(reader: LibraryReader, libraryId: string): number {
  return reader.library({ id: libraryId })?.chunkCount ?? 0;
}

function step(phase: Step['phase'], done: number, total: number): Step {
  return { phase, done, total: Math.max(done, total), recallSoFar: null };
}
