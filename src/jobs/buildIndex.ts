import { AlcoveError } from '../errors.ts';
import { measureRecall } from '../indexes/measureRecall.ts';
import { SegmentedIndex } from '../indexes/SegmentedIndex.ts';
import type { RecallPoint, VectorIndex } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import { reconcile } from '../live/reconcile.ts';
import type { BuildTask, BuiltIndex } from './buildTask.ts';
import type { Step } from './ProgressMeter.ts';

/** Vectors that even a small library's build catches up with before it leaves the rest to the swap. */
const CATCH_UP_SLACK = 10_000;

/**
 * Builds an index from the store while others write to it, in steps: SCANNING counts the vectors, TRAINING passes at
 * once (no index of ours learns beforehand), BUILDING inserts as many as were counted, CATCHING_UP those that came
 * meanwhile, VERIFYING measures recall. Then what came during that is caught up with too, and the index is saved.
 * @throws AlcoveError LibraryNotFoundError, RecallNotReachedError, CapacityExceededError, DamagedError
 */
export function* buildIndex(task: BuildTask, reader: LibraryReader): Generator<Step, BuiltIndex> {
  const { libraryId, parameters, indexPath } = task;
  const libraryKey = reader.libraryKey(libraryId) ?? libraryNotFound({ id: libraryId });
  const index = SegmentedIndex.create(parameters, task.segmentSlots);
  yield* insertAll(index, libraryId, reader);
  const recallCurve = yield* verify(index, task.minRecall);
  catchUp(index, libraryId, reader);
  index.save(indexPath, { ...reader.lastCommit(), libraryKey });
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

/**
 * Measures the curve from effort to recall. An exact index has none, nor has an empty one: its recall is 1.
 * @throws AlcoveError RecallNotReachedError
 */
function* verify(index: VectorIndex, minRecall: number | null): Generator<Step, RecallPoint[]> {
  const { type, seed } = index.parameters;
  if (type === 'FLAT' || index.stats().live === 0) return [];
  const measuring = measureRecall(index, { seed });
  let next = measuring.next();
  for (; !next.done; next = measuring.next()) yield { phase: 'VERIFYING', ...next.value };
  const curve = next.value;
  const best = Math.max(...curve.map(({ recall }) => recall));
  if (minRecall !== null && best < minRecall)
    throw new AlcoveError(
      'RecallNotReachedError',
      `Got a recall of ${best} at best; expected ${minRecall} or more. The index before it goes on serving: reindex with a greater m or efConstruction, or ask for less.`,
      { detail: { got: best, expected: minRecall } },
    );
  return curve;
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
