import type { Bitmap } from './Bitmap.ts';
import type { SharedSegment, SharedSegments } from './segment.ts';

/** How near two vectors are. Every metric is kept as a distance: smaller is nearer. */
export type Metric = 'COSINE' | 'DOT' | 'EUCLIDEAN';

/** The index types that exist; AUTO is a way to choose one, not a type. */
export type IndexType = 'FLAT' | 'HNSW' | 'KD_TREE' | 'LSH';

/** What an index is built with. Fields that a type does not use are absent. */
export interface IndexParameters {
  readonly type: IndexType;
  readonly dimension: number;
  readonly metric: Metric;
  /** Seeds everything random, so that a one-thread build is reproducible. */
  readonly seed: number;
  /** HNSW: links per node on the upper layers; the bottom layer has twice as many. */
  readonly m?: number;
  /** HNSW: breadth of the beam while inserting. */
  readonly efConstruction?: number;
  /**
   * Where the float32 vectors are kept; IN_MEMORY if absent. ON_DISK keeps only codes in memory, and reads the few
   * vectors that a search compares at the end: for types with codes, above 32 dimensions.
   */
  readonly vectors?: 'IN_MEMORY' | 'ON_DISK';
  /**
   * HNSW: what walks compare; SCALAR if absent. SCALAR is one byte a component, BINARY one bit (and four numbers), which
   * finds less at the same effort and takes an eighth of the memory: from 128 dimensions on.
   */
  readonly codes?: 'SCALAR' | 'BINARY';
  /** Types with tables: how many vectors these are laid out for; those beyond are looked at one by one. */
  readonly expected?: number;
}

export interface SearchOptions {
  readonly k: number;
  /**
   * HNSW: the breadth of the beam (efSearch). KD_TREE: leaves to look at, of 32 points each; absent: as many as it takes
   * to be exact. LSH: buckets to look into; absent: as many as the build found to be enough. FLAT ignores it.
   */
  readonly effort?: number;
  /** Compare with every (allowed) vector instead of walking the graph. */
  readonly exact?: boolean;
  /** The slots that may be returned; absent: all. */
  readonly allowed?: Bitmap;
}

/**
 * How an index that has several ways went about a search. SCAN: every live (and allowed) vector was compared; SKETCH_SCAN:
 * all allowed ones by a few bits, and the best of them again; WALK: through the graph, collecting what may be returned;
 * TWO_HOP_WALK: from allowed to allowed node; WALK_THEN_SCAN: a walk found too few, so the allowed ones were scanned.
 */
export type SearchMethod = 'SCAN' | 'SKETCH_SCAN' | 'WALK' | 'TWO_HOP_WALK' | 'WALK_THEN_SCAN';

/** The nearest vectors, nearest first, and what it took to find them. */
export interface SearchResult {
  readonly ordinals: Uint32Array;
  /** COSINE: 1 − cos; DOT: −⟨q, x⟩; EUCLIDEAN: ‖q − x‖. Computed in float32 from the stored vectors. */
  readonly distances: Float32Array;
  /** Graph nodes expanded, leaves or buckets looked into; 0 for a scan. */
  readonly visited: number;
  /** Distances computed over codes or vectors. */
  readonly compared: number;
  /** Of those, recomputed in float32 for the final order. */
  readonly reranked: number;
  /** Absent where the type of the index has but one way. */
  readonly method?: SearchMethod;
}

export interface IndexStats {
  /** One more than the last slot in use, tombstones included. */
  readonly slots: number;
  readonly live: number;
  readonly tombstones: number;
  /**
   * Types with tables: the slots that have come since these were built, which every search compares one by one. 0 where a
   * rebuild would not help: for types without tables, and where tables do not pay.
   */
  readonly tail: number;
  /** Bytes of memory in use: header, records and scratch that has been touched. */
  readonly bytes: number;
}

/** Of what an index file holds the vectors. The index only keeps it: whoever opens the file judges whether it fits. */
export interface ImageOrigin {
  /** A UUID: the session of the database that the last commit in the file was made in. */
  readonly session: string;
  /** The last commit's revision. */
  readonly revision: number;
  readonly libraryKey: number;
}

/** How many insertions into an index had ended, and how many removals had begun, at one moment; from any number on. */
export interface Moment {
  readonly additions: number;
  readonly removals: number;
}

/**
 * One index over the vectors of one library. A vector is known by its ordinal, a 32-bit number that its library gives
 * out in ascending order and never again, so an updated vector is a new ordinal and the removal of the old one. Within
 * the index it lies in a slot; slots are filled in order, so they ascend with the ordinals, and a filter is a bitmap of
 * them. A rebuilt index has other slots.
 *
 * `append`, `insert` and `remove` belong to one thread at a time; `search`, `ordinals` and `stats` may run meanwhile on any
 * number of threads that have attached to the same shared memory. None of them waits for another.
 */
export interface VectorIndex {
  readonly parameters: IndexParameters;

  /**
   * Whether vectors are being added to a segment that came after this thread attached. A search that finds it false when
   * it has ended has missed no vector for its being replaced meanwhile; else it wants the index as it is by now.
   */
  readonly isOutgrown: boolean;

  /** The moment that it is now, for {@link hasReplacedSince}: to be taken before a search, and before its filter is made. */
  moment(): Moment;

  /**
   * Whether vectors have been added and others removed since a moment. Then what has begun and ended since may have met
   * neither a vector that was removed nor the one that took its place; otherwise it has missed none in this way.
   */
  hasReplacedSince(moment: Moment): boolean;

  /**
   * Adds vectors (`n × dimension`, row after row) as {@link insert} does, but what they are to be found by is left to
   * {@link build}: until that is done a search compares them all. For filling an index that nobody searches yet.
   * @throws AlcoveError CapacityExceededError
   */
  append(ordinals: Uint32Array, vectors: Float32Array): void;

  /**
   * Makes what was appended findable by everything that the type has: links, trees, tables. Threads that have attached
   * to the same memory share the work when each of them runs this to its end; with one thread, equal seeds and vectors
   * make equal indexes. Yields, every few milliseconds, how many of the `slots` are done. Nothing may be inserted or
   * removed before all have ended.
   */
  build(): Generator<number>;

  /**
   * Adds vectors (`n × dimension`, row after row) under ascending ordinals that are greater than all before.
   * They are searchable when this returns.
   * @throws AlcoveError CapacityExceededError when memory is used up: an index of one segment has added nothing then.
   */
  insert(ordinals: Uint32Array, vectors: Float32Array): void;

  /** Marks vectors as removed. Unknown ordinals are passed over. Returns how many were live. */
  remove(ordinals: Uint32Array): number;

  /** Whether so many vectors have been removed that {@link consolidate} pays. */
  consolidationDue(): boolean;

  /**
   * Takes removed vectors out of what searches go through, so that they neither slow them nor cost recall. Yields every few
   * milliseconds how much is done. In between, the same thread may insert, remove and save; it may stop at any of these
   * points, and begin again later.
   */
  consolidate(): Generator<number>;

  /** The k nearest live (and allowed) vectors; fewer only where fewer exist or, for a graph, were found. */
  search(query: Float32Array, options: SearchOptions): SearchResult;

  /**
   * As {@link search}, in steps of some milliseconds for what takes longer: in between, the thread may do other things, this index's
   * other searches included, and whoever waits no longer may stop.
   */
  searchInSteps(query: Float32Array, options: SearchOptions): Generator<void, SearchResult>;

  /** The live ordinals, ascending. */
  ordinals(): Uint32Array;

  /** The slots that hold these ascending ordinals, without those that are unknown or removed. */
  slotsOf(ordinals: Uint32Array): Uint32Array;

  /** The stored float32 vector (`dimension`), or undefined if the ordinal is unknown or removed. */
  vector(ordinal: number): Float32Array | undefined;

  stats(): IndexStats;

  /** What another thread needs to attach to this very memory (structured-clonable). */
  share(): SharedSegment | SharedSegments;

  /** Writes the memory image to `path` (temporary file, fsync, rename), with its origin in the header. Returns bytes written. */
  save(path: string, origin: ImageOrigin): number;
}

/** One point of the curve from effort to recall, measured on this very index. */
export interface RecallPoint {
  readonly effort: number;
  readonly recall: number;
  /** Median milliseconds of one search. */
  readonly latencyMs: number;
}
