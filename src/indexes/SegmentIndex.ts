import { AlcoveError } from '../errors.ts';
import { BATCH_SLOTS, BLOCK_SLOTS, POOL_ENTRIES } from '../kernel/assembly/offsets.ts';
import { NO_MASK } from '../kernel/kernel.ts';
import type { Bitmap } from './Bitmap.ts';
import { saveImage, saveImageAside } from './image.ts';
import { imageBytes, scratchBytes, TABLED_STEP } from './layout.ts';
import { type MemoryUse, memoryUse } from './memoryUse.ts';
import { mergeResults } from './mergeResults.ts';
import { publicParameters } from './parameters.ts';
import type { Segment, SharedSegment } from './segment.ts';
import type {
  ImageOrigin,
  IndexParameters,
  IndexStats,
  Metric,
  Moment,
  SearchOptions,
  SearchResult,
  VectorIndex,
} from './VectorIndex.ts';

/** Most results of one search. */
export const MAX_RESULTS = POOL_ENTRIES;

/** About what a scan reads of codes in a millisecond or two. */
const STEP_BYTES = 8_388_608;
const ALL_SLOTS = { from: 0, end: NO_MASK };

/** How many slots are scanned in one step: whole blocks. */
function stepSlots(dimension: number): number {
  return Math.max(1, Math.floor(STEP_BYTES / dimension / BLOCK_SLOTS)) * BLOCK_SLOTS;
}

/**
 * How many of the nearest by code are compared by row: enough that the float32 order of the first k is right although
 * codes have confused some near neighbours.
 */
export function rerankDepth(k: number): number {
  return Math.max(2 * k, k + 30);
}

/**
 * What all indexes on one segment have in common: everything but how a row is added and how neighbours are found.
 * A thread that is done with an index detaches it; a searched or changed index that is detached is a bug.
 */
export abstract class SegmentIndex implements VectorIndex, Disposable {
  readonly parameters: IndexParameters;
  protected readonly segment: Segment;

  constructor(segment: Segment) {
    this.segment = segment;
    this.parameters = publicParameters(segment.layout.parameters);
  }

  /** Names the shared memory: equal for all that are attached to it. */
  get id(): number {
    return this.segment.id;
  }

  /** Most slots that fit into its memory. */
  get capacity(): number {
    return this.segment.layout.capacity;
  }

  /** When any thread last said that it uses the index, in milliseconds since the epoch, to the second. */
  get usedAt(): number {
    return this.segment.usedAt;
  }

  /** Says that the index is used now. */
  touch(): void {
    this.segment.touch();
  }

  get isOutgrown(): boolean {
    return this.segment.isSucceeded;
  }

  /** Removals are looked at first: what took the place of those that are counted has been added before. */
  moment(): Moment {
    const { removals } = this.segment;
    return { removals, additions: this.segment.additions };
  }

  hasReplacedSince(moment: Moment): boolean {
    return isReplaced(moment, this.moment());
  }

  /** Says that the writer goes on in another segment. To be called when that is there, and before it holds anything. */
  seal(): void {
    this.segment.succeed();
  }

  /** The ordinals of its first and its last slot, tombstones included; undefined while it is empty. */
  range(): { readonly first: number; readonly last: number } | undefined {
    const { count, kernel } = this.segment;
    if (count === 0) return undefined;
    return { first: kernel.ordinalOf(0) >>> 0, last: kernel.ordinalOf(count - 1) >>> 0 };
  }

  /** Adds the row in the zone's query area under an ordinal. */
  protected abstract addRow(ordinal: number): void;

  abstract search(query: Float32Array, options: SearchOptions): SearchResult;

  /** As {@link addRow}, but what the row is to be found by is left to {@link build}. Types that leave nothing do not differ. */
  protected appendRow(ordinal: number): void {
    this.addRow(ordinal);
  }

  append(ordinals: Uint32Array, vectors: Float32Array): void {
    this.#add(ordinals, vectors, (ordinal) => this.appendRow(ordinal));
  }

  /** Inserting does it all, unless a type says otherwise. */
  *build(): Generator<number> {}

  /** Never, for types whose searches do not meet tombstones. */
  consolidationDue(): boolean {
    return false;
  }

  /** Nothing to do, unless a type says otherwise. */
  *consolidate(): Generator<number> {}

  insert(ordinals: Uint32Array, vectors: Float32Array): void {
    this.#assertBuilt();
    this.#add(ordinals, vectors, (ordinal) => this.addRow(ordinal));
  }

  #add(ordinals: Uint32Array, vectors: Float32Array, addRow: (ordinal: number) => void): void {
    const { segment } = this;
    const { dimension } = this.parameters;
    this.#assertAttached();
    if (vectors.length !== ordinals.length * dimension) {
      throw new RangeError(
        `vectors: got ${vectors.length} floats, expected ${ordinals.length} × ${dimension}`,
      );
    }
    this.#assertAscending(ordinals);
    segment.reserve(ordinals.length);
    segment.rows?.append(segment.count, vectors, dimension);
    ordinals.forEach((ordinal, i) => {
      segment.query.set(vectors.subarray(i * dimension, (i + 1) * dimension));
      addRow(ordinal);
    });
    segment.wasAddedTo();
  }

  remove(ordinals: Uint32Array): number {
    this.#assertAttached();
    let removed = 0;
    for (const ordinal of ordinals) removed += this.segment.kernel.bury(ordinal);
    return removed;
  }

  ordinals(): Uint32Array {
    this.#assertAttached();
    const { segment } = this;
    const { count } = segment;
    const result = new Uint32Array(count);
    let length = 0;
    for (let from = 0; from < count; from += BATCH_SLOTS) {
      const listed = segment.kernel.liveOrdinals(from, Math.min(from + BATCH_SLOTS, count));
      result.set(segment.list.subarray(0, listed), length);
      length += listed;
    }
    return result.slice(0, length);
  }

  slotsOf(ordinals: Uint32Array): Uint32Array {
    this.#assertAttached();
    const { list, kernel } = this.segment;
    const result = new Uint32Array(ordinals.length);
    let length = 0;
    for (let at = 0; at < ordinals.length; at += BATCH_SLOTS) {
      const batch = ordinals.subarray(at, at + BATCH_SLOTS);
      list.set(batch);
      const found = kernel.findSlots(batch.length);
      result.set(list.subarray(0, found), length);
      length += found;
    }
    return result.subarray(0, length);
  }

  vector(ordinal: number): Float32Array | undefined {
    this.#assertAttached();
    if (this.segment.kernel.copyRow(ordinal) === 0) return undefined;
    return this.segment.query.slice();
  }

  stats(): IndexStats {
    // In this order: a slot counts before it counts as live, so there are never more of these.
    const { live } = this.segment;
    const { layout, count, attached } = this.segment;
    const bytes =
      layout.words.byteLength + imageBytes(layout, count) + attached * scratchBytes(layout, count);
    return { slots: count, live, tombstones: count - live, tail: this.tail(), bytes };
  }

  /** Slots that tables could cover and do not; see IndexStats. */
  protected tail(): number {
    return 0;
  }

  /** How many of the slots that there are now a build of tables would cover. */
  protected tabledWhenBuilt(): number {
    const { count, layout } = this.segment;
    const covered = layout.tableBytes === 0 ? 0 : Math.min(count, layout.parameters.expected);
    return covered - (covered % TABLED_STEP);
  }

  /** What its memory is used for. */
  memory(): MemoryUse {
    const { layout, count, attached } = this.segment;
    return memoryUse(layout, count, attached);
  }

  share(): SharedSegment {
    return this.segment.share(this.parameters);
  }

  save(path: string, origin: ImageOrigin): number {
    this.#assertBuilt();
    return saveImage(this.segment, path, origin);
  }

  /**
   * Writes the file as {@link save} does, of the moment at which it begins, while the thread serves others and the index
   * may change. It takes its place if `isWanted` when it is written; the answer is whether it did.
   */
  saveAside(path: string, origin: ImageOrigin, isWanted: () => boolean): Promise<boolean> {
    return saveImageAside(this.segment, path, origin, isWanted);
  }

  /** Gives this thread's scratch back. The index lives on in other threads, and in this one by another attach. */
  detach(): void {
    this.segment.detach();
  }

  /** Lets go of what this thread can have again in a fraction of a millisecond, and may not need. */
  rest(): void {
    this.segment.rest();
  }

  [Symbol.dispose](): void {
    this.detach();
  }

  /**
   * Compares with every live vector, or with the allowed ones alone: by code where there are codes, then by row where
   * that leaves it undecided. Time and memory traffic: O(n · dimension).
   */
  protected searchExactly(
    query: Float32Array,
    k: number,
    allowed: Bitmap | undefined,
    { from, end } = ALL_SLOTS,
  ): SearchResult {
    const { segment } = this;
    segment.query.set(query);
    return this.collect(k, segment.kernel.searchExactly(k, this.mask(allowed), from, end));
  }

  /** Only scans of all slots take so long that they are cut. Each step finds its own k nearest, with which the next has nothing to do. */
  *searchInSteps(query: Float32Array, options: SearchOptions): Generator<void, SearchResult> {
    const { exact = this.parameters.type === 'FLAT', allowed } = options;
    const end = Math.min(this.segment.count, allowed?.slots ?? Number.POSITIVE_INFINITY);
    const step = stepSlots(this.parameters.dimension);
    if (!exact || end <= step) return this.search(query, options);
    const k = this.bound(query, options);
    const results: SearchResult[] = [];
    for (let from = 0; from < end && k > 0; from += step) {
      if (from > 0) yield;
      results.push(this.searchExactly(query, k, allowed, { from, end: Math.min(from + step, end) }));
    }
    return { ...mergeResults(results, k), ...(this.parameters.type === 'HNSW' && { method: 'SCAN' }) };
  }

  /**
   * The exact search by comparing float32 rows alone: the reference that exact searches over codes are tested and
   * measured against. Same results, more time.
   */
  searchRows(query: Float32Array, options: SearchOptions): SearchResult {
    const k = this.bound(query, options);
    if (k === 0) return EMPTY_RESULT;
    const { segment } = this;
    segment.query.set(query);
    return this.collect(k, segment.kernel.searchRows(k, this.mask(options.allowed)));
  }

  /** Puts a bitmap into the zone. Returns how many slots it covers, or NO_MASK without one. */
  protected mask(allowed: Bitmap | undefined): number {
    if (allowed === undefined) return NO_MASK;
    const { segment } = this;
    const covered = Math.min(allowed.slots, segment.layout.capacity);
    segment.allowed.set(allowed.words.subarray(0, Math.ceil(covered / 32)));
    return covered;
  }

  /** How many results a search can have at most: what is asked for, what lives, what is allowed. */
  protected bound(query: Float32Array, { k, allowed }: SearchOptions): number {
    this.#assertAttached();
    if (query.length !== this.parameters.dimension) {
      throw new RangeError(`query: got ${query.length} floats, expected ${this.parameters.dimension}`);
    }
    const bounded = Math.min(k, this.segment.live, allowed?.count ?? k);
    if (bounded <= MAX_RESULTS) return bounded;
    throw new AlcoveError('InvalidArgumentError', `k: got ${k}, expected at most ${MAX_RESULTS}`, {
      path: ['k'],
      detail: { got: k, expected: MAX_RESULTS },
    });
  }

  /** Copies the kernel's results out, with distances in place of keys. */
  protected collect(k: number, found: number): SearchResult {
    const { ordinals, keys } = this.segment.results(k, found);
    return { ordinals, distances: toDistances(keys, this.parameters.metric), ...this.segment.counters() };
  }

  #assertAttached(): void {
    if (!this.segment.isAttached) throw new Error('index: used after detach()');
  }

  #assertBuilt(): void {
    const { unlinked } = this.segment;
    if (unlinked > 0) throw new Error(`index: ${unlinked} appended vectors wait for build()`);
  }

  #assertAscending(ordinals: Uint32Array): void {
    const { count, kernel } = this.segment;
    let last = count === 0 ? -1 : kernel.ordinalOf(count - 1) >>> 0;
    for (const ordinal of ordinals) {
      if (ordinal <= last) throw new RangeError(`ordinal: got ${ordinal}, expected one above ${last}`);
      last = ordinal;
    }
  }
}

/** Whether vectors were added and others removed between two moments. */
export function isReplaced(before: Moment, after: Moment): boolean {
  return after.removals !== before.removals && after.additions !== before.additions;
}

/** Nothing found. */
export const EMPTY_RESULT: SearchResult = {
  ordinals: new Uint32Array(0),
  distances: new Float32Array(0),
  visited: 0,
  compared: 0,
  reranked: 0,
};

/** Turns the kernel's float32 keys, in place, into distances as the port defines them. Keeps their order. */
function toDistances(keys: Float32Array, metric: Metric): Float32Array {
  if (metric === 'EUCLIDEAN') return keys.map(Math.sqrt);
  if (metric === 'COSINE') return keys.map((key) => Math.max(0, 1 + key));
  return keys;
}
