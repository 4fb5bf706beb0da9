import { AlcoveError } from '../errors.ts';
import { measureRecall } from '../indexes/measureRecall.ts';
import { isExactType } from '../indexes/parameters.ts';
import { SegmentedIndex } from '../indexes/SegmentedIndex.ts';
import type { RecallPoint, VectorIndex } from '../indexes/VectorIndex.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { BuildReader } from '../library/NextSetReader.ts';
import { NO_ORDINAL, READ_BATCH, reconcile } from '../live/reconcile.ts';
import { BuildCrew } from './BuildCrew.ts';
import type { BuildTask, BuiltIndex } from './buildTask.ts';
import type { Step } from './ProgressMeter.ts';

/** Vectors that even a small library's build catches up with before it leaves the rest to the swap. */
const CATCH_UP_SLACK = 10_000;

/** Fewer vectors are built by one thread: it links them in the time that another takes to start. */
const CREW_VECTORS = 2_000;

/**
 * Builds an index from the store while others write to it, in steps: SCANNING reads as many vectors as were counted
 * at its beginning, TRAINING passes at once (no index of ours learns beforehand), BUILDING makes them findable, in several
 * threads, CATCHING_UP inserts what came meanwhile, VERIFYING measures recall. Then what came during that is caught up
 * with too, and the index is saved.
 * @throws AlcoveError LibraryNotFoundError, RecallNotReachedError, CapacityExceededError, DamagedError
 */
export async function* buildIndex(task: BuildTask, reader: BuildReader): AsyncGenerator<Step, BuiltIndex> {
  const { libraryId, parameters, indexPath } = task;
  const libraryKey = reader.libraryKey(libraryId) ?? libraryNotFound({ id: libraryId });
  const counted = countVectors(reader, libraryId);
  const index = SegmentedIndex.create(
    { ...parameters, expected: counted },
    { segmentSlots: task.segmentSlots, path: indexPath },
  );
  const crew = new BuildCrew(counted < CREW_VECTORS ? 0 : task.threads - 1);
  try {
    yield* append(index, libraryId, reader, counted);
    yield* build(index, crew);
  } finally {
    await crew.stop();
  }
  yield* insertLate(index, libraryId, reader);
  const recallCurve = yield* verify(index, task.minRecall);
  catchUp(index, libraryId, reader);
  index.save(indexPath, { ...reader.lastCommit(), libraryKey });
  const shared = index.share();
  index.detach();
  return { shared, recallCurve };
}

/** Reads vectors from the store into the index: as many as were counted, or a few more. */
function* append(
  index: SegmentedIndex,
  libraryId: string,
  reader: BuildReader,
  counted: number,
): Generator<Step> {
  let appended = 0;
  for (let greatest = NO_ORDINAL; appended < counted; ) {
    const { ordinals, vectors } = reader.vectorsAfter(libraryId, greatest, READ_BATCH);
    if (ordinals.length === 0) break;
    index.append(ordinals, vectors);
    appended += ordinals.length;
    greatest = ordinals.at(-1) as number;
    yield step('SCANNING', appended, counted);
  }
  yield step('SCANNING', appended, appended);
  yield step('TRAINING', appended, appended);
}

/** Builds in this thread and the crew. Progress is what all of them have done. */
async function* build(index: SegmentedIndex, crew: BuildCrew): AsyncGenerator<Step> {
  const { slots } = index.stats();
  crew.begin(index.share());
  for (const done of index.build()) {
    crew.check();
    yield step('BUILDING', done, slots);
  }
  await crew.ended();
  yield step('BUILDING', slots, slots);
}

/** Inserts what has been written since the vectors were read, and removes what has been deleted. */
function* insertLate(index: SegmentedIndex, libraryId: string, reader: BuildReader): Generator<Step> {
  const { live } = index.stats();
  let inserted = 0;
  for (inserted of reconcile(index, reader, libraryId)) {
    yield step('CATCHING_UP', inserted, countVectors(reader, libraryId) - live);
    if (isOverrun(inserted, live)) break;
  }
  yield step('CATCHING_UP', inserted, inserted);
}

/**
 * Measures the curve from effort to recall. An exact index has none, nor has an empty one: its recall is 1.
 * @throws AlcoveError RecallNotReachedError
 */
function* verify(index: VectorIndex, minRecall: number | null): Generator<Step, RecallPoint[]> {
  const { type, seed } = index.parameters;
  if (isExactType(type) || index.stats().live === 0) return [];
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
function catchUp(index: VectorIndex, libraryId: string, reader: BuildReader): void {
  const before = index.stats().live;
  for (const inserted of reconcile(index, reader, libraryId)) if (isOverrun(inserted, before)) return;
}

/** Whether writes come so fast that whoever takes the index over, and can make them wait, has to do the rest. */
function isOverrun(inserted: number, before: number): boolean {
  return inserted > before + CATCH_UP_SLACK;
}

function countVectors(reader: BuildReader, libraryId: string): number {
  return reader.library({ id: libraryId })?.chunkCount ?? 0;
}

function step(phase: Step['phase'], done: number, total: number): Step {
  return { phase, done, total: Math.max(done, total), recallSoFar: null };
}
