import { Bitmap } from './Bitmap.ts';
import { createIndex } from './createIndex.ts';
import { layoutOf } from './layout.ts';
import { addMemory, type MemoryUse, NO_MEMORY } from './memoryUse.ts';
import { concatenate, mergeResults } from './mergeResults.ts';
import { MAX_SLOTS } from './parameters.ts';
import { isReplaced, type SegmentIndex } from './SegmentIndex.ts';
import type { SharedSegments } from './segment.ts';
import { segmentPath } from './segmentPath.ts';
import type {
  ImageOrigin,
  IndexParameters,
  IndexStats,
  Moment,
  SearchOptions,
  SearchResult,
  VectorIndex,
} from './VectorIndex.ts';

/** The slots of each segment begin at a multiple of this, so that its part of a bitmap is a view of whole words. */
const BASE_STEP = 1_024;

/** A sealed segment's file is written again when so many of its slots have become tombstones since. */
const SEALED_TOMBSTONES = 0.05;

/** How much smaller the next guess is of the tables that fit into a memory with what they are built over. */
const TABLED_SHRINK = 0.95;

/** How an index of segments goes on beyond the first. */
export interface SegmentedIndexOptions {
  /** A segment is full with so many slots, if its memory is not before. */
  readonly segmentSlots?: number | undefined;
  /** Where its first segment will be saved; for vectors that are kept on disk. */
  readonly path?: string | undefined;
}

/** What a segment's file holds. */
interface Saved {
  readonly slots: number;
  readonly tombstones: number;
}

/**
 * An index of any size: a list of segments, each one memory of at most 4 GiB. Vectors are added to the last one; when it
 * is full, it is sealed and another is begun. Since ordinals ascend, each segment holds a range of them. A slot is the
 * slot in its segment plus the segment's base: the sizes of those before it, rounded up to {@link BASE_STEP}. Slots in
 * between belong to no vector.
 *
 * A search asks every segment and merges what they answer: O(segments) times the work of one, so segments are as large
 * as a memory allows. With one segment everything is handed straight to it.
 */
export class SegmentedIndex implements VectorIndex, Disposable {
  readonly parameters: IndexParameters;
  readonly #segments: SegmentIndex[];
  /** The first slot of each segment. */
  readonly #bases: number[];
  readonly #segmentSlots: number;
  readonly #path: string | undefined;
  readonly #saved = new WeakMap<SegmentIndex, Saved>();

  /**
   * `segments`: at least one, in the order of their ordinals, all with the dimension and metric of `parameters`, and
   * none but the last of which anybody will add to.
   */
  constructor(
    parameters: IndexParameters,
    segments: readonly SegmentIndex[],
    { segmentSlots = Number.POSITIVE_INFINITY, path }: SegmentedIndexOptions = {},
  ) {
    this.parameters = parameters;
    this.#segments = [];
    this.#bases = [];
    for (const segment of segments) this.#begin(segment);
    this.#segmentSlots = segmentSlots;
    this.#path = path;
  }

  /**
   * A new, empty index.
   * @throws AlcoveError InvalidArgumentError for parameters out of range.
   */
  static create(parameters: IndexParameters, options: SegmentedIndexOptions = {}): SegmentedIndex {
    const first = segmentParameters(parameters, 0, options.segmentSlots);
    return new SegmentedIndex(parameters, [createIndex(first, options.path)], options);
  }

  /** All but the last are sealed. */
  get segments(): readonly SegmentIndex[] {
    return this.#segments;
  }

  /** When any thread last said that it uses the index, in milliseconds since the epoch, to the second. */
  get usedAt(): number {
    return this.#segments[0]?.usedAt ?? 0;
  }

  /** Says that the index is used now. */
  touch(): void {
    this.#segments[0]?.touch();
  }

  get isOutgrown(): boolean {
    return this.#last.isOutgrown;
  }

  moment(): Moment {
    const all = this.#segments.map((segment) => segment.moment());
    const total = (field: keyof Moment) => all.reduce((sum, one) => sum + one[field], 0);
    return { removals: total('removals'), additions: total('additions') };
  }

  hasReplacedSince(moment: Moment): boolean {
    return isReplaced(moment, this.moment());
  }

  append(ordinals: Uint32Array, vectors: Float32Array): void {
    this.#fill(ordinals, vectors, 'append');
  }

  *build(): Generator<number> {
    let before = 0;
    for (const segment of this.#segments) {
      for (const done of segment.build()) yield before + done;
      before += segment.stats().slots;
    }
  }

  /**
   * Adds vectors as the port says; when memory is used up in the middle, what came before stays.
   * @throws AlcoveError CapacityExceededError
   */
  insert(ordinals: Uint32Array, vectors: Float32Array): void {
    this.#fill(ordinals, vectors, 'insert');
  }

  remove(ordinals: Uint32Array): number {
    if (this.#segments.length === 1) return this.#last.remove(ordinals);
    const shares = this.#segments.map((): number[] => []);
    for (const ordinal of ordinals) shares[this.#segmentOf(ordinal)]?.push(ordinal);
    return this.#sum((segment, at) => segment.remove(Uint32Array.from(shares[at] ?? [])));
  }

  consolidationDue(): boolean {
    return this.#segments.some((segment) => segment.consolidationDue());
  }

  *consolidate(): Generator<number> {
    for (const segment of this.#segments) {
      if (segment.consolidationDue()) yield* segment.consolidate();
    }
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    if (this.#segments.length === 1) return this.#last.search(query, options);
    const results = this.#shares(options).map(([segment, share]) => segment.search(query, share));
    return mergeResults(results, options.k);
  }

  *searchInSteps(query: Float32Array, options: SearchOptions): Generator<void, SearchResult> {
    if (this.#segments.length === 1) return yield* this.#last.searchInSteps(query, options);
    const results: SearchResult[] = [];
    for (const [segment, share] of this.#shares(options)) {
      if (results.length > 0) yield;
      results.push(yield* segment.searchInSteps(query, share));
    }
    return mergeResults(results, options.k);
  }

  /** What each segment is asked, without those in which nothing is allowed. */
  #shares(options: SearchOptions): (readonly [SegmentIndex, SearchOptions])[] {
    const { allowed } = options;
    return this.#segments.flatMap((segment, at): (readonly [SegmentIndex, SearchOptions])[] => {
      if (allowed === undefined) return [[segment, options]];
      const part = partOf(allowed, this.#bases[at] ?? 0, this.#bases[at + 1]);
      return part.slots === 0 ? [] : [[segment, { ...options, allowed: part }]];
    });
  }

  ordinals(): Uint32Array {
    if (this.#segments.length === 1) return this.#last.ordinals();
    return concatenate(this.#segments.map((segment) => segment.ordinals()));
  }

  slotsOf(ordinals: Uint32Array): Uint32Array {
    if (this.#segments.length === 1) return this.#last.slotsOf(ordinals);
    const firsts = this.#firsts();
    const parts = this.#segments.map((segment, at) => {
      const from = at === 0 ? 0 : countBelow(ordinals, firsts[at] ?? Number.POSITIVE_INFINITY);
      const to = countBelow(ordinals, firsts[at + 1] ?? Number.POSITIVE_INFINITY);
      const base = this.#bases[at] ?? 0;
      return segment.slotsOf(ordinals.subarray(from, to)).map((slot) => base + slot);
    });
    return concatenate(parts);
  }

  vector(ordinal: number): Float32Array | undefined {
    return this.#segments[this.#segmentOf(ordinal)]?.vector(ordinal);
  }

  stats(): IndexStats {
    if (this.#segments.length === 1) return this.#last.stats();
    const all = this.#segments.map((segment) => segment.stats());
    const total = (field: 'live' | 'tombstones' | 'tail' | 'bytes') =>
      all.reduce((sum, one) => sum + one[field], 0);
    const slots = (this.#bases.at(-1) ?? 0) + (all.at(-1)?.slots ?? 0);
    const [live, tombstones] = [total('live'), total('tombstones')];
    return { slots, live, tombstones, tail: total('tail'), bytes: total('bytes') };
  }

  /** What the memory of all segments is used for. */
  memory(): MemoryUse {
    return this.#segments.map((segment) => segment.memory()).reduce(addMemory, NO_MEMORY);
  }

  share(): SharedSegments {
    return {
      parameters: this.parameters,
      segmentSlots: this.#segmentSlots,
      path: this.#path,
      segments: this.#segments.map((segment) => segment.share()),
    };
  }

  /**
   * Writes the first segment to `path` and the others beside it ({@link segmentPath}), in their order, so that a file
   * never holds ordinals of which those before lack some; an empty one is written only if it is alone. A sealed segment
   * that has a file is written again only if many of its vectors have been removed since. Returns bytes written.
   */
  save(path: string, origin: ImageOrigin): number {
    return this.#sum((segment, at) => {
      if (!this.#isWorthSaving(segment)) return 0;
      const { slots, tombstones } = segment.stats();
      const bytes = segment.save(segmentPath(path, at), origin);
      this.#saved.set(segment, { slots, tombstones });
      return bytes;
    });
  }

  /**
   * Writes what {@link save} does, one segment after the other, each as it is when its turn comes, while the thread
   * serves others and the index may change. Ends early when it is not wanted any more; the answer is whether it is.
   */
  async saveAside(path: string, origin: ImageOrigin, isWanted: () => boolean): Promise<boolean> {
    for (const [at, segment] of [...this.#segments].entries()) {
      if (!this.#isWorthSaving(segment)) continue;
      const { slots, tombstones } = segment.stats();
      if (!(await segment.saveAside(segmentPath(path, at), origin, isWanted))) return false;
      this.#saved.set(segment, { slots, tombstones });
    }
    return isWanted();
  }

  /** Notes that a segment is as its file says. */
  wasSaved(segment: SegmentIndex): void {
    const { slots, tombstones } = segment.stats();
    this.#saved.set(segment, { slots, tombstones });
  }

  /** Gives this thread's scratch back in all segments. */
  detach(): void {
    for (const segment of this.#segments) segment.detach();
  }

  /** Lets go of what this thread can have again in a fraction of a millisecond, and may not need. */
  rest(): void {
    for (const segment of this.#segments) segment.rest();
  }

  [Symbol.dispose](): void {
    this.detach();
  }

  get #last(): SegmentIndex {
    return this.#segments.at(-1) as SegmentIndex;
  }

  #fill(ordinals: Uint32Array, vectors: Float32Array, how: 'insert' | 'append'): void {
    const { dimension } = this.parameters;
    if (vectors.length !== ordinals.length * dimension)
      throw new RangeError(
        `vectors: got ${vectors.length} floats, expected ${ordinals.length} × ${dimension}`,
      );
    for (let at = 0; at < ordinals.length; ) {
      const last = this.#last;
      const room = Math.min(this.#segmentSlots, last.capacity) - last.stats().slots;
      if (room <= 0) {
        const before = this.#sum((segment) => segment.stats().slots);
        const path = this.#path && segmentPath(this.#path, this.#segments.length);
        this.#begin(createIndex(segmentParameters(this.parameters, before, this.#segmentSlots), path));
        continue;
      }
      const to = Math.min(at + room, ordinals.length);
      last[how](ordinals.subarray(at, to), vectors.subarray(at * dimension, to * dimension));
      at = to;
    }
  }

  /** Seals the segment before, whose size never changes from now on. */
  #begin(segment: SegmentIndex): void {
    const end = (this.#bases.at(-1) ?? 0) + (this.#segments.at(-1)?.stats().slots ?? 0);
    const before = this.#segments.at(-1);
    this.#bases.push(Math.ceil(end / BASE_STEP) * BASE_STEP);
    this.#segments.push(segment);
    before?.seal();
  }

  /** The first ordinal of each segment; infinite for one that is empty, as the last may be. */
  #firsts(): number[] {
    return this.#segments.map((segment) => segment.range()?.first ?? Number.POSITIVE_INFINITY);
  }

  /** The place of the segment that holds an ordinal if any does. */
  #segmentOf(ordinal: number): number {
    const after = this.#firsts().findIndex((first) => first > ordinal);
    return after < 0 ? this.#segments.length - 1 : Math.max(0, after - 1);
  }

  #isWorthSaving(segment: SegmentIndex): boolean {
    const { slots, tombstones } = segment.stats();
    const saved = this.#saved.get(segment);
    if (this.#segments.length > 1 && slots === 0) return false;
    if (segment === this.#last || saved === undefined) return true;
    return saved.slots !== slots || tombstones - saved.tombstones > slots * SEALED_TOMBSTONES;
  }

  #sum(of: (segment: SegmentIndex, at: number) => number): number {
    return this.#segments.reduce((sum, segment, at) => sum + of(segment, at), 0);
  }
}

/**
 * What a segment is created with, after `before` slots in others: tables for as many vectors as are expected beyond those,
 * and as fit into its memory.
 */
function segmentParameters(
  parameters: IndexParameters,
  before: number,
  segmentSlots = Number.POSITIVE_INFINITY,
): IndexParameters {
  if (parameters.expected === undefined) return parameters;
  const left = Math.max(0, parameters.expected - before);
  let expected = Math.min(left, segmentSlots, MAX_SLOTS);
  while (layoutOf({ ...parameters, expected }).capacity < expected)
    expected = Math.floor(expected * TABLED_SHRINK);
  return { ...parameters, expected };
}

/** The part of a bitmap that speaks of the slots from `base` to `end` (absent: to its own end); shares its words. */
function partOf(allowed: Bitmap, base: number, end = allowed.slots): Bitmap {
  const slots = Math.max(0, Math.min(allowed.slots, end) - base);
  const from = base / 32;
  return new Bitmap(slots, allowed.words.subarray(from, from + Math.ceil(slots / 32)));
}

/** How many of these ascending numbers are below a limit. */
function countBelow(ascending: Uint32Array, limit: number): number {
  let low = 0;
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
