import { AlcoveError } from '../errors.ts';
import { openIndex } from '../indexes/openIndex.ts';
import { SegmentedIndex } from '../indexes/SegmentedIndex.ts';
import type { SegmentIndex } from '../indexes/SegmentIndex.ts';
import type { ImageOrigin, IndexParameters } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Library } from '../library/types.ts';
import type { IndexFiles } from './IndexFiles.ts';
import type { ConditionWithRoom, LibraryIdentity } from './LiveIndex.ts';
import { insertInSteps, NO_ORDINAL, READ_BATCH } from './reconcile.ts';

/** What opening works with. */
export interface OpenOptions {
  readonly files: IndexFiles;
  readonly reader: LibraryReader;
  readonly onTrouble: (message: string) => void;
  /** See {@link SegmentedIndex}; as many as fit if absent. */
  readonly segmentSlots?: number;
}

/** An index that is not level with the store yet. */
export interface OpenedIndex {
  readonly index: SegmentedIndex;
  readonly condition: ConditionWithRoom;
}

/**
 * The index in the library's files, not level yet; undefined if there are none, or all are damaged. A damaged file
 * among sound ones costs only its own range of ordinals: that is read from the store into a segment made with
 * `fallback`, while the rest serves as it is. Vectors on disk lie beside the file of their segment, by its number, which
 * one that is made anew among them could shift: there one damaged file costs all. Yields between the files.
 * @throws AlcoveError DamagedError when a vector in the store is.
 */
export function* readSegments(
  library: Library,
  identity: LibraryIdentity,
  parameters: IndexParameters,
  fallback: IndexParameters,
  options: OpenOptions,
): Generator<number, OpenedIndex | undefined> {
  const { files, onTrouble, reader, segmentSlots } = options;
  const paths = files.segments(library.id, library.index.generation);
  const read: (SegmentIndex | undefined)[] = [];
  for (const path of paths) {
    try {
      read.push(readSegment(path, greatestOf(read), identity, parameters, reader));
    } catch (error) {
      onTrouble(`An index file of library ${library.id} is made anew: ${String(error)}`);
      read.push(undefined);
    }
    yield read.length;
  }
  const isDamaged = read.includes(undefined);
  if (read.every((segment) => segment === undefined) || (isDamaged && parameters.vectors === 'ON_DISK')) {
    detachAll(read);
    return undefined;
  }
  const segments: SegmentIndex[] = [];
  for (const [at, segment] of read.entries()) {
    if (segment !== undefined) segments.push(segment);
    // Of several damaged ones in a row, the first stands for all.
    else if (at === 0 || read[at - 1] !== undefined) {
      const next = read.slice(at).find((later) => later !== undefined);
      const before = next?.range()?.first ?? Number.POSITIVE_INFINITY;
      const range = { after: greatestOf(segments), before };
      segments.push(
        ...(yield* standIn(range, SegmentedIndex.create(fallback, { segmentSlots }), library.id, reader)),
      );
    }
  }
  const index = new SegmentedIndex(parameters, segments, { segmentSlots, path: paths[0] });
  for (const segment of read) if (segment !== undefined) index.wasSaved(segment);
  const isWhole = fallback.type === parameters.type || !isDamaged;
  return { index, condition: isWhole ? 'SOUND' : 'STAND_IN' };
}

/** Lets go of segments, so that their files are closed. */
function detachAll(segments: readonly (SegmentIndex | undefined)[]): void {
  for (const segment of segments) segment?.detach();
}

/** The segments that hold what the store does between two ordinals. */
function* standIn(
  { after, before }: { after: number; before: number },
  index: SegmentedIndex,
  libraryId: string,
  reader: LibraryReader,
): Generator<number, readonly SegmentIndex[]> {
  for (let greatest = after; ; ) {
    const { ordinals, vectors } = reader.vectorsAfter(libraryId, greatest, READ_BATCH);
    const inside = ordinals.findIndex((ordinal) => ordinal >= before);
    const count = inside < 0 ? ordinals.length : inside;
    const { dimension } = index.parameters;
    yield* insertInSteps(index, ordinals.subarray(0, count), vectors.subarray(0, count * dimension));
    if (count < READ_BATCH) return index.segments;
    greatest = ordinals[count - 1] as number;
  }
}

/** The greatest ordinal that was ever in any of these segments. */
function greatestOf(segments: readonly (SegmentIndex | undefined)[]): number {
  return Math.max(NO_ORDINAL, ...segments.map((segment) => segment?.range()?.last ?? NO_ORDINAL));
}

/** @throws AlcoveError DamagedError */
function readSegment(
  path: string,
  greatestBefore: number,
  identity: LibraryIdentity,
  parameters: IndexParameters,
  reader: LibraryReader,
): SegmentIndex {
  const { index, origin } = openIndex(path);
  try {
    checkFits(index, greatestBefore, parameters);
    checkOrigin(origin, identity, reader);
  } catch (error) {
    index.detach();
    throw error;
  }
  return index;
}

/** @throws AlcoveError DamagedError */
function checkFits(index: SegmentIndex, greatestBefore: number, parameters: IndexParameters): void {
  const got = describe(index.parameters);
  const expected = describe(parameters);
  if (got !== expected)
    throw new AlcoveError('DamagedError', `It was built with ${got}; expected ${expected}.`);
  const range = index.range();
  if (range !== undefined && range.first <= greatestBefore)
    throw new AlcoveError(
      'DamagedError',
      `It begins with ordinal ${range.first}; expected one above ${greatestBefore}, the last in the files before it.`,
    );
}

/**
 * Parameters as comparable text. How many vectors an index is laid out for, and where they are kept, may differ from
 * segment to segment.
 */
function describe({ expected: _expected, vectors: _vectors, ...parameters }: IndexParameters): string {
  return JSON.stringify(Object.entries(parameters).sort());
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
