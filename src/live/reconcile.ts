import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';

/** Vectors read from the store at a time. */
export const READ_BATCH = 256;

/** Vectors inserted between two looks at the clock: some 15 ms of HNSW at 384 dimensions. */
export const INSERT_STEP = 64;

/** The ordinal of the first vector that a library is ever given. */
export const FIRST_ORDINAL = 1;

/** Below every ordinal. */
export const NO_ORDINAL = FIRST_ORDINAL - 1;

/** How long a thread that serves others works before it gives way to its messages. */
const SLICE_MS = 10;

/**
 * Makes an index hold exactly the live ordinals of the store, which are the truth: what is missing is inserted, what
 * is too many is removed. Since ordinals ascend with time, all that can be missing is above all that the index holds.
 * Yields the count of vectors inserted so far after every step, so that the caller may pause in between; the index is
 * level at the very moment of return.
 * @throws AlcoveError DamagedError when the index lacks a vector below its greatest, or the store's own is damaged;
 *   CapacityExceededError when the index is full, after what is too many has been removed all the same.
 */
export function* reconcile(
  index: VectorIndex,
  reader: Pick<LibraryReader, 'vectorsAfter' | 'ordinals'>,
  libraryId: string,
): Generator<number> {
  let full: unknown;
  try {
    yield* insertMissing(index, reader, libraryId);
  } catch (error) {
    if (!isCapacityExceeded(error)) throw error;
    full = error;
  }
  const held = index.ordinals();
  const { surplus, missing } = compare(held, reader.ordinals(libraryId));
  if (missing !== undefined)
    throw new AlcoveError(
      'DamagedError',
      `The index of library ${libraryId} lacks vector ${missing}, though it holds later ones; expected every live vector of the store.`,
      { detail: { libraryId, ordinal: missing } },
    );
  index.remove(surplus);
  if (full !== undefined) throw full;
}

/** Whether an index refused vectors because its memory is used up. */
export function isCapacityExceeded(error: unknown): boolean {
  return error instanceof AlcoveError && error.kind === 'CapacityExceededError';
}

function* insertMissing(
  index: VectorIndex,
  reader: Pick<LibraryReader, 'vectorsAfter'>,
  libraryId: string,
): Generator<number> {
  let inserted = 0;
  let greatest = index.ordinals().at(-1) ?? NO_ORDINAL;
  for (;;) {
    const batch = reader.vectorsAfter(libraryId, greatest, READ_BATCH);
    if (batch.ordinals.length === 0) return;
    for (const count of insertInSteps(index, batch.ordinals, batch.vectors)) {
      inserted += count;
      yield inserted;
    }
    greatest = batch.ordinals.at(-1) as number;
  }
}

/** Inserts in steps that are short enough to pause between; yields how many each step added. */
export function* insertInSteps(
  index: VectorIndex,
  ordinals: Uint32Array,
  vectors: Float32Array,
): Generator<number> {
  const { dimension } = index.parameters;
  for (let from = 0; from < ordinals.length; from += INSERT_STEP) {
    const to = Math.min(from + INSERT_STEP, ordinals.length);
    index.insert(ordinals.subarray(from, to), vectors.subarray(from * dimension, to * dimension));
    yield to - from;
  }
}

/** Runs steps to their end, giving way to the thread's messages after every few milliseconds. */
export async function inSlices(steps: Iterable<unknown>): Promise<void> {
  let sliceStart = performance.now();
  for (const _step of steps) {
    if (performance.now() - sliceStart < SLICE_MS) continue;
    await nextTurn();
    sliceStart = performance.now();
  }
}

/** A merge walk over two ascending lists: what only the index holds, and the first that it lacks below its greatest. */
function compare(
  held: Uint32Array,
  live: Uint32Array,
): { surplus: Uint32Array; missing: number | undefined } {
  const surplus: number[] = [];
  let missing: number | undefined;
  let at = 0;
  for (const ordinal of held) {
    while (at < live.length && (live[at] as number) < ordinal) missing ??= live[at++];
    if (live[at] === ordinal) at += 1;
    else surplus.push(ordinal);
  }
  return { surplus: Uint32Array.from(surplus), missing };
}
