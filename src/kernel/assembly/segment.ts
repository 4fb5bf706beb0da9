/** This instance's view of the segment: the layout table in globals, and the addresses that follow from it. */
import {
  BLOCK_SHIFT, BLOCK_SLOTS, CODE_OFFSET, COUNT_AT, LAYOUT_AT, LIVE_AT, NO_SLOT, RECORD_CODE, SKETCH_WORDS_AT, TOMBSTONES_AT,
  WORD_ALLOWED_AT, WORD_AXES, WORD_BINARY, WORD_BLOCKS_AT, WORD_BRANCHES_AT, WORD_BLOCK_BYTES, WORD_CHOSEN_AT, WORD_CODES_AT,
  WORD_CODE_BYTES, WORD_CODE_STRIDE, WORD_DIMENSION, WORD_EF_CONSTRUCTION, WORD_EXPECTED, WORD_FRONTIER_AT,
  WORD_HASHES, WORD_KEYS_AT, WORD_M, WORD_METRIC, WORD_NORMS_AT, WORD_NUMBERS_STRIDE, WORD_ORDER_AT, WORD_OUTPUT_AT,
  WORD_POOL_AT, WORD_QUERY_CODE_AT, WORD_RECORDS_AT, WORD_RECORD_BYTES, WORD_RESIDUALS_AT, WORD_ROWS_AT, WORD_ROW_BYTES,
  WORD_SCALES_AT, WORD_SCRATCH_AT, WORD_SEED, WORD_SKETCHES_AT, WORD_SKETCH_BYTES, WORD_SLOTS_AT, WORD_STARTS_AT,
  WORD_TABLES_AT, WORD_UPPER_AT, WORD_UPPER_BYTES, WORD_VISITED_AT, WORD_WIDE_QUERY_AT, ZONE_QUERY,
} from './offsets';

export let metric: u32 = 0;
export let dimension: u32 = 0;
export let m: u32 = 0;
export let efConstruction: u32 = 0;
export let seed: u32 = 0;
/** Bytes of a float32 row, a multiple of 16; the rest of the last 16 bytes is zero. */
export let rowBytes: usize = 0;
/** Bytes of a code, a multiple of 32 (HNSW: 64; of 16 where it is binary); 0 where rows alone are compared. */
export let codeBytes: usize = 0;
/** Bytes of a sketch, a multiple of 8; 0 where there are none. */
export let sketchBytes: usize = 0;
/** Whether codes are binary, and bytes of the signs of a row there or in sketches. */
export let isBinary: bool = false;
export let bitBytes: usize = 0;

export let query: usize = 0;
export let queryCode: usize = 0;
/** The query as 16-bit integers, for bounds. */
export let wideQuery: usize = 0;
export let slots: usize = 0;
export let keys: usize = 0;
export let chosen: usize = 0;
export let pool: usize = 0;
export let frontier: usize = 0;
export let output: usize = 0;
export let visitedBits: usize = 0;
export let allowedBits: usize = 0;
export let zone: usize = 0;
/** How many vectors the tables are laid out for; axes of a hash of LSH, and how many hashes there are. */
export let expected: u32 = 0;
export let axes: u32 = 0;
export let hashes: u32 = 0;
/** Room for one leaf of a tree, and the heap of the branches that a search of it has not taken yet. */
export let scratch: usize = 0;
export let branches: usize = 0;
/** Whether rows have records. */
export let isGraph: bool = false;
/** What the bytes of codes are too large by: codes in records are stored as 1..127. */
export let codeBias: i32 = 0;
/** In which order appended nodes are linked, and by slot where the walks to them begin; see src/indexes/linkGraph.ts. */
export let order: usize = 0;
export let starts: usize = 0;
/** The tables of the types that have some: of a size that is known when the memory is laid out. */
export let tables: usize = 0;

let blocks: usize = 0;
let blockBytes: usize = 0;
let norms: usize = 0;
let numbersStride: usize = 0;
let scales: usize = 0;
let residuals: usize = 0;
let codes: usize = 0;
let codeStride: usize = 0;
let rows: usize = 0;
/** Whether rows lie in the blocks, and not in a file. */
export let rowsInMemory: bool = true;
let records: usize = 0;
let recordBytes: usize = 0;
let upper: usize = 0;
let upperBytes: usize = 0;
let sketches: usize = 0;

@inline
function word(index: i32): u32 {
  return load<u32>(LAYOUT_AT + (index << 2));
}

/** Binds this instance to the segment in its memory and to the zone at `zoneAt`. Call once, before anything else. */
export function attach(zoneAt: usize): void {
  metric = word(WORD_METRIC);
  dimension = word(WORD_DIMENSION);
  seed = word(WORD_SEED);
  m = word(WORD_M);
  efConstruction = word(WORD_EF_CONSTRUCTION);
  blocks = word(WORD_BLOCKS_AT);
  blockBytes = word(WORD_BLOCK_BYTES);
  norms = word(WORD_NORMS_AT);
  numbersStride = word(WORD_NUMBERS_STRIDE);
  scales = word(WORD_SCALES_AT);
  residuals = word(WORD_RESIDUALS_AT);
  codes = word(WORD_CODES_AT);
  codeStride = word(WORD_CODE_STRIDE);
  rows = word(WORD_ROWS_AT);
  rowsInMemory = rows > 0;
  rowBytes = word(WORD_ROW_BYTES);
  records = word(WORD_RECORDS_AT);
  recordBytes = word(WORD_RECORD_BYTES);
  codeBytes = word(WORD_CODE_BYTES);
  isGraph = recordBytes > 0;
  codeBias = recordBytes > 0 ? CODE_OFFSET : 0;
  upper = word(WORD_UPPER_AT);
  upperBytes = word(WORD_UPPER_BYTES);
  tables = word(WORD_TABLES_AT);
  sketches = word(WORD_SKETCHES_AT);
  sketchBytes = word(WORD_SKETCH_BYTES);
  isBinary = word(WORD_BINARY) != 0;
  bitBytes = isBinary ? codeBytes : sketchBytes > 0 ? sketchBytes - SKETCH_WORDS_AT : 0;
  order = word(WORD_ORDER_AT);
  starts = word(WORD_STARTS_AT);
  zone = zoneAt;
  query = zoneAt + ZONE_QUERY;
  wideQuery = zoneAt + word(WORD_WIDE_QUERY_AT);
  queryCode = zoneAt + word(WORD_QUERY_CODE_AT);
  slots = zoneAt + word(WORD_SLOTS_AT);
  keys = zoneAt + word(WORD_KEYS_AT);
  chosen = zoneAt + word(WORD_CHOSEN_AT);
  pool = zoneAt + word(WORD_POOL_AT);
  frontier = zoneAt + word(WORD_FRONTIER_AT);
  output = zoneAt + word(WORD_OUTPUT_AT);
  visitedBits = zoneAt + word(WORD_VISITED_AT);
  allowedBits = zoneAt + word(WORD_ALLOWED_AT);
  scratch = zoneAt + word(WORD_SCRATCH_AT);
  expected = word(WORD_EXPECTED);
  axes = word(WORD_AXES);
  hashes = word(WORD_HASHES);
  branches = zoneAt + word(WORD_BRANCHES_AT);
}

/** In the place of a bitmap's size where there is no bitmap. */
export const NO_MASK: u32 = 0xffffffff;

/** The 32-slot word of the zone's bitmap that holds the slot's bit. */
@inline
export function allowedWord(slot: u32): u32 {
  return load<u32>(allowedBits + (<usize>(slot >>> 5) << 2));
}

/** Nodes published so far. Everything about slots below it may be read after this atomic load. */
@inline
export function publishedCount(): u32 {
  return atomic.load<u32>(COUNT_AT);
}

/**
 * Lets readers see the node in the next slot. The atomic store of the count is the publication. It comes first, so
 * that whoever reads the live ones before the count never finds more of them than there are slots.
 */
export function publish(): void {
  atomic.store<u32>(COUNT_AT, load<u32>(COUNT_AT) + 1);
  atomic.store<u32>(LIVE_AT, load<u32>(LIVE_AT) + 1);
}

/** Counts one live node less. */
export function releaseOne(): void {
  atomic.store<u32>(LIVE_AT, load<u32>(LIVE_AT) - 1);
}

@inline
function blockOf(slot: u32): usize {
  return blocks + <usize>(slot >> BLOCK_SHIFT) * blockBytes;
}

@inline
function within(slot: u32): usize {
  return <usize>(slot & (BLOCK_SLOTS - 1));
}

@inline
export function ordinalAt(slot: u32): usize {
  return blockOf(slot) + (within(slot) << 2);
}

// @ts-ignore: decorator
@external("env", "fetchRow")
declare function fetchRow(slot: u32): usize;

/** Where the row of a slot lies: in its block; or, where rows are kept in a file, in the zone until the next but one is asked for. */
@inline
export function rowAt(slot: u32): usize {
  return rowsInMemory ? blockOf(slot) + rows + within(slot) * rowBytes : fetchRow(slot);
}

/** Loads from a row that will be read soon, so that cache misses overlap. What it returns is of no use but to be kept. */
@inline
export function touchRow(slot: u32): u32 {
  return rowsInMemory ? load<u32>(rowAt(slot)) : 0;
}

/** Where the row's norm lies; under COSINE the inverse of it, 0 for a row that is as good as zero. */
@inline
export function normAt(slot: u32): usize {
  return blockOf(slot) + norms + within(slot) * numbersStride;
}

/** Where the scale of the row's code lies. */
@inline
export function scaleAt(slot: u32): usize {
  return blockOf(slot) + scales + within(slot) * numbersStride;
}

/** Where the residual of the row's code lies; see bound.ts. */
@inline
export function residualAt(slot: u32): usize {
  return blockOf(slot) + residuals + within(slot) * numbersStride;
}

@inline
export function codeAt(slot: u32): usize {
  return blockOf(slot) + codes + within(slot) * codeStride;
}

@inline
export function recordAt(slot: u32): usize {
  return blockOf(slot) + records + within(slot) * recordBytes;
}

/** Where a node's sketch lies; see sketch.ts. */
@inline
export function sketchAt(slot: u32): usize {
  return blockOf(slot) + sketches + within(slot) * sketchBytes;
}

@inline
export function codeOf(record: usize): usize {
  return record + RECORD_CODE;
}

/** The 32-slot word of tombstones that holds the slot's bit. */
@inline
export function tombstonesAt(slot: u32): usize {
  return blockOf(slot) + TOMBSTONES_AT + ((within(slot) >> 5) << 2);
}

@inline
export function isLive(slot: u32): bool {
  return ((load<u32>(tombstonesAt(slot)) >> (slot & 31)) & 1) == 0;
}

/**
 * The slot's place in a permutation of its block that the seed and the block decide. Every step is a bijection on
 * ten bits, so exactly one slot of a block has each rank.
 */
function rankOf(slot: u32): u32 {
  const mask: u32 = BLOCK_SLOTS - 1;
  let mix = (slot >> BLOCK_SHIFT) * 0x9e3779b9 + seed;
  mix = (mix ^ (mix >> 16)) * 0x85ebca6b;
  mix = (mix ^ (mix >> 13)) * 0xc2b2ae35;
  let rank = (slot ^ mix) & mask;
  rank = (rank * 0x2f5) & mask;
  rank ^= rank >> 5;
  rank = (rank * ((mix >> 10) | 1)) & mask;
  return rank ^ (rank >> 5);
}

/**
 * The highest layer that the slot belongs to. Of each block, exactly ⌊1024 / mˡ⌋ slots reach layer l: the same
 * geometric decay as the random levels of HNSW (Malkov & Yashunin 2016, section 4.1), but with storage known in
 * advance, so that layers need neither pointers nor allocation, and a rebuild gives every slot the same level.
 */
export function levelOf(slot: u32): u32 {
  const rank = rankOf(slot);
  let level: u32 = 0;
  let members: u32 = BLOCK_SLOTS / m;
  while (rank < members) {
    level++;
    members /= m;
  }
  return level;
}

/** Where the last of the slot's twins is named, or NO_SLOT: behind its links. */
@inline
export function lastTwinAt(slot: u32): usize {
  return linksAt(slot, 0) + 4 + (<usize>m << 3);
}

/** Where the slot's neighbours on a layer lie: a count, then slots. The slot must belong to the layer. */
export function linksAt(slot: u32, level: u32): usize {
  if (level == 0) return recordAt(slot) + RECORD_CODE + codeBytes;
  let list = rankOf(slot);
  let members: u32 = BLOCK_SLOTS / m;
  for (let below: u32 = 1; below < level; below++) {
    list += members;
    members /= m;
  }
  return blockOf(slot) + upper + <usize>list * upperBytes;
}

/**
 * The published slot that holds the ordinal, or NO_SLOT. Slots are filled in ascending order of ordinals, so this
 * gallops from `from` (a slot known not to be behind) and then halves: O(log distance).
 */
export function slotOf(ordinal: u32, from: u32, count: u32): u32 {
  let low = from;
  let step: u32 = 1;
  while (low + step < count && load<u32>(ordinalAt(low + step)) < ordinal) step <<= 1;
  let high = min(low + step + 1, count);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<u32>(ordinalAt(middle)) < ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}

@inline
export function holds(slot: u32, ordinal: u32, count: u32): bool {
  return slot < count && load<u32>(ordinalAt(slot)) == ordinal;
}

/** NO_SLOT as the unsigned number that it is on this side. */
@inline
export function none(): u32 {
  return <u32>NO_SLOT;
}
