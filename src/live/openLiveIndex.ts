import { AlcoveError } from '../errors.ts';
import { SegmentedIndex } from '../indexes/SegmentedIndex.ts';
import type { IndexParameters } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Library } from '../library/types.ts';
import { indexParameters } from './indexChoice.ts';
import { type LibraryIdentity, LiveIndex } from './LiveIndex.ts';
import { type OpenedIndex, type OpenOptions, readSegments } from './readSegments.ts';
import { isCapacityExceeded, reconcile } from './reconcile.ts';

/** A graph of up to this many vectors is built on the spot when its file is missing: a quarter of a second of work. */
const BUILD_ON_THE_SPOT = 2_000;

/**
 * Reads a library's index from its files and brings it level with the store, in steps that the caller may pause
 * between; it is level at the very moment of return. What there is no file of, or a damaged one, is made from the store:
 * of its own type where that is quick, else as a flat STAND_IN that answers by exact scan.
 * @throws AlcoveError InvalidArgumentError while the dimension is unknown; DamagedError when a vector in the store is.
 */
export function* openLiveIndex(library: Library, options: OpenOptions): Generator<number, LiveIndex> {
  const { type, settings } = library.index;
  const parameters = indexParameters(library, type, settings);
  const identity = {
    id: library.id,
    key: options.reader.libraryKey(library.id) ?? libraryNotFound({ id: library.id }),
  };
  if (parameters === undefined)
    throw new AlcoveError(
      'InvalidArgumentError',
      `Library ${library.id} has no vectors yet, so its dimension is unknown; write chunks first.`,
      { detail: { id: library.id } },
    );
  const fallback = standInFor(library, parameters);
  try {
    const read = yield* readSegments(library, identity, parameters, fallback, options);
    if (read !== undefined) return yield* bringLevel(read, library, identity, options.reader);
  } catch (error) {
    // Whatever is wrong with the files, the store has all that was in them.
    options.onTrouble(`The index of library ${library.id} is made anew: ${String(error)}`);
  }
  const { files, segmentSlots } = options;
  const path = files.path(library.id, library.index.generation);
  const index = SegmentedIndex.create(fallback, { segmentSlots, path });
  const condition = fallback === parameters ? 'SOUND' : 'STAND_IN';
  return yield* bringLevel({ index, condition }, library, identity, options.reader);
}

/** What takes the place of an index that cannot be read: it itself where that is quick to make, else a scan. */
function standInFor(library: Library, parameters: IndexParameters): IndexParameters {
  if (parameters.type === 'FLAT' || library.chunkCount <= BUILD_ON_THE_SPOT) return parameters;
  const { dimension, metric, seed, vectors = 'IN_MEMORY' } = parameters;
  return { type: 'FLAT', dimension, metric, seed, vectors };
}

/** Inserts and removes until the index holds what the store does, or is full. Counts what the files do not hold yet. */
function* bringLevel(
  { index, condition }: OpenedIndex,
  library: Library,
  identity: LibraryIdentity,
  reader: LibraryReader,
): Generator<number, LiveIndex> {
  const before = index.stats();
  let isFull = false;
  try {
    yield* reconcile(index, reader, library.id);
  } catch (error) {
    if (!isCapacityExceeded(error)) {
      index.detach();
      throw error;
    }
    isFull = true;
  }
  const after = index.stats();
  // It is for others to search; here it may never be used again.
  index.rest();
  const removed = after.tombstones - before.tombstones;
  const inserted = after.live + removed - before.live;
  const live = new LiveIndex(identity, index, library.index.generation, condition, isFull);
  live.touched(inserted + removed);
  return live;
}
