/**
 * Where things lie in a segment's memory. Read by both sides: the kernel (AssemblyScript) and the TypeScript that
 * lays the memory out, so this file is in the common part of the two languages.
 *
 *     0 header (saved) | 4096 control (not saved) | 8192 zones, one per attached thread (not saved) |
 *     the order in which a graph is built (not saved) | tables (saved) | blocks (saved)
 */

/** The header, which is also the first page of the file; src/indexes/header.ts has its other fields. */
export const HEADER_BYTES = 4096;

/** Header: the first slots, that the tables cover; those after them are looked at one by one. */
export const TABLED_AT = 44;
/** Header: tombstones that the last consolidation to its end has seen to. */
export const SETTLED_AT = 48;
/** Header: nodes that hang behind one of equal code, or did once. */
export const TWINS_AT = 52;
/**
 * Header: how many rows the centre in the tables is the mean of, that sketches and binary codes are about; 0 while there is
 * none, or they are written anew; see signs.ts.
 */
export const CENTRED_AT = 56;
/** Header: nodes that readers may see. The store that raises it publishes everything written before. */
export const COUNT_AT = 64;
/** Header: published nodes that are not tombstones. */
export const LIVE_AT = 68;
/** Header: the slot where every walk begins. */
export const ENTRY_AT = 72;
/** Header: the largest ½‖x‖² of all nodes, as float32; for links under DOT, so only the writer uses it. */
export const LARGEST_AT = 76;
/** Header: the mean ½‖x‖² of all nodes, as float32; likewise. */
export const MEAN_AT = 128;

/** Control page: the layout table, one 32-bit word per entry. */
export const LAYOUT_AT = 4096;
/** Control page: who holds which zone, one 32-bit word per zone, 0 for free. */
export const OWNERS_AT = 4608;
/** Control page: what the threads that link appended nodes know of each other; see src/indexes/linkGraph.ts. */
export const BUILD_AT = 6144;
export const BUILD_WORDS = 16;
/** Its words: the first appended slot; how many are not linked yet; nodes of the upper layers among them. */
export const BUILD_FIRST = 0;
export const BUILD_UNLINKED = 1;
export const BUILD_UPPER_NODES = 2;
/** What one thread does: 1 while it is being done, 2 afterwards. */
export const BUILD_LISTED = 3;
export const BUILD_SORTED = 4;
/** What all share: taken; done. */
export const BUILD_UPPER = 5;
export const BUILD_PLACED = 7;
export const BUILD_LOWER = 9;
export const BUILD_ENCODED = 11;
/** What one thread does before and after that: the centre of sketches or binary codes; what is known of all codes. */
export const BUILD_CENTRED = 13;
export const BUILD_SETTLED = 14;
/** The first slot whose signs are to be written: 0 if the centre has moved, or else the first appended one. */
export const BUILD_SIGNED = 15;
/** Most threads that can be attached at once, on any machine; see zoneCount in src/indexes/zoneLayout.ts. */
export const ZONE_COUNT = 64;
/** Control page: when the index was last used, in seconds since the epoch. */
export const USED_AT = 4864;
/** Control page: 1 once another segment has been begun after this one. */
export const SUCCEEDED_AT = 4868;
/** Control page: removals that have begun, modulo 2³²: see VectorIndex.hasReplacedSince. */
export const REMOVALS_AT = 4872;
/** Control page: insertions that have ended, likewise. */
export const ADDITIONS_AT = 4876;
export const ZONES_AT = 8192;

/** Words of the layout table. */
export const WORD_METRIC = 0;
export const WORD_DIMENSION = 1;
export const WORD_SEED = 2;
export const WORD_M = 3;
export const WORD_EF_CONSTRUCTION = 4;
export const WORD_BLOCKS_AT = 5;
export const WORD_BLOCK_BYTES = 6;
export const WORD_NORMS_AT = 7;
export const WORD_NUMBERS_STRIDE = 8;
export const WORD_ROWS_AT = 9;
export const WORD_ROW_BYTES = 10;
export const WORD_RECORDS_AT = 11;
export const WORD_RECORD_BYTES = 12;
export const WORD_CODE_BYTES = 13;
export const WORD_UPPER_AT = 14;
export const WORD_UPPER_BYTES = 15;
export const WORD_QUERY_CODE_AT = 16;
export const WORD_SLOTS_AT = 17;
export const WORD_KEYS_AT = 18;
export const WORD_CHOSEN_AT = 19;
export const WORD_POOL_AT = 20;
export const WORD_FRONTIER_AT = 21;
export const WORD_OUTPUT_AT = 22;
export const WORD_VISITED_AT = 23;
export const WORD_ALLOWED_AT = 24;
export const WORD_TABLES_AT = 25;
export const WORD_SCRATCH_AT = 26;
export const WORD_BRANCHES_AT = 27;
export const WORD_CODES_AT = 28;
export const WORD_CODE_STRIDE = 29;
export const WORD_WIDE_QUERY_AT = 30;
export const WORD_SCALES_AT = 31;
export const WORD_RESIDUALS_AT = 32;
export const WORD_EXPECTED = 33;
export const WORD_AXES = 34;
export const WORD_HASHES = 35;
export const WORD_SKETCHES_AT = 36;
export const WORD_SKETCH_BYTES = 37;
export const WORD_ORDER_AT = 38;
export const WORD_STARTS_AT = 39;
/** 1 where codes are binary. */
export const WORD_BINARY = 40;
export const WORD_COUNT = 41;

export const METRIC_COSINE = 0;
export const METRIC_DOT = 1;
export const METRIC_EUCLIDEAN = 2;

/** Nodes lie in blocks of this many slots; a memory grows by whole blocks. */
export const BLOCK_SHIFT = 10;
export const BLOCK_SLOTS = 1024;
/** Within a block: the ordinals, then one tombstone bit per slot, then what the index type needs. */
export const TOMBSTONES_AT = 4096;
export const SECTIONS_AT = 4224;

/** What is added to a signed code to make it the code of a record. */
export const CODE_OFFSET = 64;

/** Within an HNSW record: 32 bytes of numbers, the code, then the links of level 0 (a count and 2 m slots). */
export const RECORD_SCALE = 0;
export const RECORD_BASE = 4;
/** The row's norm; under COSINE the inverse of it. */
export const RECORD_NORM = 8;
export const RECORD_CODE_SUM = 12;
/** In its place beside a binary code; see binaryCode.ts. */
export const RECORD_MIDDLE = 12;
/** The tree edge that keeps the node reachable; {@link NO_SLOT} for slot 0. */
export const RECORD_PARENT = 16;
/** The next node with the same code, or {@link NO_SLOT}. */
export const RECORD_TWIN = 20;
/** How far the code can be from the row; see bound.ts. */
export const RECORD_RESIDUAL = 24;
/** In its place beside a binary code: how far the row is from the centre. */
export const RECORD_RADIUS = 24;
/** How many nodes name this one as their parent; {@link TWIN_ROLE} marks a twin. */
export const RECORD_ROLE = 28;
export const RECORD_CODE = 32;
export const TWIN_ROLE = 0x80000000;
/** In the same word while a thread that builds holds the node's lock. */
export const LOCKED_ROLE = 0x20000000;
/** The role of a tombstone that is no longer part of the graph: nothing leads to it, and it is nobody's parent. */
export const DETACHED_ROLE = 0x40000000;
export const NO_SLOT = 0xffffffff;

/**
 * Within a sketch of a row, about the centre: its norm (f32), then its squared norm over the sum of its magnitudes (f32; 0
 * for the centre itself), then its signs in words of 64 bits.
 */
export const SKETCH_SCALE = 4;
export const SKETCH_WORDS_AT = 8;
/**
 * The centre of the sketches is chosen before this slot, and anew whenever there are 2 ** NEXT_CENTRE_SHIFT times as many, up
 * to the last. Binary codes cannot wait as long: they are all that walks have.
 */
export const FIRST_CENTRE = 1024;
export const FIRST_BINARY_CENTRE = 16;
export const NEXT_CENTRE_SHIFT = 3;
/**
 * Inserting never moves the centre beyond this slot: it writes the signs of all anew, which takes some 30 ms here and seconds
 * for half a million. The mean of more rows is hardly another one, unless what comes later lies elsewhere altogether
 * (docs/decisions/0014); a build takes the mean of all.
 */
export const LAST_CENTRE = 8192;

/** Within a zone: what the last search took, then the query row. */
export const ZONE_VISITED = 0;
export const ZONE_COMPARED = 4;
export const ZONE_RERANKED = 8;
export const ZONE_COLLECTED = 12;
export const ZONE_QUERY = 64;

/** Slots or ordinals handed over in one call. */
export const BATCH_SLOTS = 4096;
/** Most results of one search, and the widest beam. */
export const POOL_ENTRIES = 16384;
/** Most nodes that wait to be expanded in a filtered walk; farther ones are forgotten. */
export const FRONTIER_ENTRIES = 16384;
/** Room for the neighbours chosen for one node: twice the largest m, and one. */
export const CHOSEN_SLOTS = 320;

/** A KD_TREE's tables: a head of numbers, the points' slots in the order of the tree, leaves, nodes. */
export const TREE_HEAD_BYTES = 128;
/** Who builds: {@link TREE_UNTOUCHED}, {@link TREE_SPLITTING} or {@link TREE_SHARED}. */
export const TREE_STATE = 0;
/** Points in leaves; the slots of those that are in none come after them in the order. */
export const TREE_POINTS = 4;
/** The largest magnitude among the points' components, as float32. */
export const TREE_PEAK = 8;
/** Levels above the leaves. */
export const TREE_TOP = 12;
/** Of the subtrees that threads share: their level, how many have been taken, and how many are done. */
export const TREE_TASK_LEVEL = 16;
export const TREE_TAKEN = 20;
export const TREE_DONE = 24;
/** The number of the first node of each level from 1 on, counted through the levels; one 32-bit word each. */
export const TREE_LEVELS = 64;
export const TREE_UNTOUCHED = 0;
export const TREE_SPLITTING = 1;
export const TREE_SHARED = 2;
/** Points of a leaf, and children of a node. */
export const LEAF_POINTS = 32;
export const NODE_CHILDREN = 4;

/** The tables of LSH: a head of numbers, the centre, where the buckets of each hash begin, and their slots. */
export const BUCKETS_HEAD_BYTES = 128;
/** Who builds: {@link BUCKETS_UNTOUCHED}, {@link BUCKETS_PREPARED} or {@link BUCKETS_SHARED}. */
export const BUCKETS_STATE = 0;
/** The effort of a search that does not say one. */
export const BUCKETS_EFFORT = 4;
/** Slots that threads have taken to hash, and that they have hashed. */
export const BUCKETS_TAKEN = 8;
export const BUCKETS_DONE = 12;
/** Of each tier, the smallest norm that belongs to it, and the mean one as a share of the first tier's; float32. */
export const TIER_FLOORS = 16;
export const TIER_WEIGHTS = 32;
export const BUCKETS_UNTOUCHED = 0;
export const BUCKETS_PREPARED = 1;
export const BUCKETS_SHARED = 2;
/** Under DOT, buckets are divided by norm into so many. */
export const DOT_TIERS = 4;
/** Most buckets that a search puts in order at once. */
export const BAND_ENTRIES = 16384;
