import { AlcoveError } from '../errors.ts';
import { createIndex } from '../indexes/createIndex.ts';
import { openIndex } from '../indexes/openIndex.ts';
import type { ImageOrigin, IndexParameters, VectorIndex } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Library } from '../library/types.ts';
import type { IndexFiles } from './IndexFiles.ts';
import { indexParameters } from './indexChoice.ts';
import { type Condition, type LibraryIdentity, LiveIndex } from './LiveIndex.ts';
import { isCapacityExceeded, reconcile } from './reconcile.ts';

/** A graph of up to this many vectors is built on the spot when its file is missing: a quarter of a second of work. */
const BUILD_ON_THE_SPOT = 2_000;

/** What opening works with. */
export interface OpenOptions {
  readonly files: IndexFiles;
  readonly reader: LibraryReader;
  readonly onTrouble: (message: string) => void;
}

/**
 * Reads a library's index from its file and brings it level with the store, in steps that the caller may pause
 * between; it is level at the very moment of return. Where there is no file, or it is damaged, the index is made from
 * the store: of its own type where that is quick, else as a flat STAND_IN that answers by exact scan.
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
  try {
    const saved = readFile(identity, library.index.generation, parameters, options);
    if (saved !== undefined) return yield* bringLevel(saved, 'SOUND', library, identity, options.reader);
  } catch (error) {
    // Whatever is wrong with the file, the store has all that was in it.
    options.onTrouble(`The index file of library ${library.id} is made anew: ${String(error)}`);
  }
  if (type === 'FLAT' || library.chunkCount <= BUILD_ON_THE_SPOT)
    return yield* bringLevel(createIndex(parameters), 'SOUND', library, identity, options.reader);
  const { m: _m, efConstruction: _efConstruction, ...common } = parameters;
  const standIn = createIndex({ ...common, type: 'FLAT' });
  return yield* bringLevel(standIn, 'STAND_IN', library, identity, options.reader);
}

/** Inserts and removes until the index holds what the store does, or is full. Counts what the file does not hold yet. */
function* bringLevel(
  index: VectorIndex,
  condition: Condition,
  library: Library,
  identity: LibraryIdentity,
  reader: LibraryReader,
): Generator<number, LiveIndex> {
  const before = index.stats();
  let reached = condition;
  try {
    yield* reconcile(index, reader, library.id);
  } catch (error) {
    if (!isCapacityExceeded(error)) throw error;
    reached = 'FULL';
  }
  const after = index.stats();
  const removed = after.tombstones - before.tombstones;
  const inserted = after.live + removed - before.live;
  const live = new LiveIndex(identity, index, library.index.generation, reached);
  live.touched(inserted + removed);
  return live;
}

/**
 * The index in the library's file, not level yet; undefined if there is no file.
 * @throws AlcoveError DamagedError
 */
function readFile(
  identity: LibraryIdentity,
  generation: number,
  parameters: IndexParameters,
  { files, reader }: OpenOptions,
): VectorIndex | undefined {
  if (!files.has(identity.id, generation)) return undefined;
  const { index, origin } = openIndex(files.path(identity.id, generation));
  const got = JSON.stringify(Object.entries(index.parameters).sort());
  const expected = JSON.stringify(Object.entries(parameters).sort());
  if (got !== expected)
    throw new AlcoveError('DamagedError', `It was built with ${got}; expected ${expected}.`);
  checkOrigin(origin, identity, reader);
  return index;
}

/**
 * A sound file may still be another's: of a library that had the id before, or of what was written to a database that
 * this one is a copy of, after it was copied. Its ordinals would name other vectors.
 * @throws AlcoveError DamagedError
 */
function checkOrigin(origin: ImageOrigin, { key }: LibraryIdentity, reader: LibraryReader): void {
  const { session, revision, libraryKey } = origin;
  const got = `It is of revision ${revision} in session ${session}`;
  if (!reader.includes(origin))
    throw new AlcoveError('DamagedError', `${got}, which is another history than the database's.`);
  if (libraryKey !== key)
    throw new AlcoveError('DamagedError', `${got}, and of another library that had this id.`);
}
