/**
 * Searches of LSH. A rotated query has a value on each axis of each hash; a bucket is the more likely to hold near vectors,
 * the greater the value at its end of its axis, so buckets are looked into in the order of these, over all hashes at once
 * (the query-directed probing of Lv et al. 2007; FALCONN, arXiv 1509.02897, section 5, orders by the distance to the
 * greatest value of each hash instead: that took a tenth to a half more candidates for the same recall). What is found is
 * compared by code, and the nearest of it by row.
 */
import { bucketCount, centreAt, layVector, rotatedAt, rotateFor, slotsOf, startsAt, tiers, tierWeight } from './buckets';
import { report } from './exact';
import { entryAt, entryOf, pushEntry, replaceGreatest, slotOfEntry, sortHeap } from './heap';
import { clearBits, floatIn, hasBit, putWord, setBit, wordIn } from './list';
import { BAND_ENTRIES, BATCH_SLOTS, RECORD_TWIN, TABLED_AT } from './offsets';
import { clearCompared, measure, probeQueryCode, probeQueryRow } from './probe';
import { beginScan, endScan, keptCount, scanFrom, scanSlots } from './scan';
import {
  allowedBits, axes, branches, codeOf, hashes, isLive, keys, NO_MASK, none, pool, publishedCount, query, recordAt, slots,
  visitedBits,
} from './segment';

/** Buckets are put in order in bands of their values, which have a deviation of 1: those above 4, above 3.5, and so on. */
const FIRST_BAND: f32 = 4;
const BAND: f32 = 0.5;

/** Candidates that are compared in one go, after the first line of each has been asked for. */
const GATHERED: u32 = 64;

let allowedEnd: u32 = NO_MASK;
/** The `depth` nearest by code so far lie in the pool, as a max-heap. */
let pooled: u32 = 0;
let depth: u32 = 0;
let gathered: u32 = 0;
/** Slots looked at in buckets, and how many may be. */
let looked: u32 = 0;
let budget: u32 = 0;
let opened: u32 = 0;
/** Takes what is loaded only to be in the cache, so that no compiler drops the loads. */
let sink: u32 = 0;

@inline
function mayReturn(slot: u32): bool {
  return (allowedEnd == NO_MASK || (slot < allowedEnd && hasBit(allowedBits, slot))) && isLive(slot);
}

/** The first of a slot and its twins that may be returned, or NO_SLOT. */
function firstOf(slot: u32): u32 {
  let twin = slot;
  while (twin != none() && !mayReturn(twin)) twin = load<u32>(recordAt(twin), RECORD_TWIN);
  return twin;
}

function compareGathered(): void {
  measure(slots, gathered, keys);
  for (let i: u32 = 0; i < gathered; i++) {
    const entry = entryOf(floatIn(keys, i), wordIn(slots, i));
    if (pooled < depth) pushEntry(pool, pooled++, entry);
    else if (entry < load<u64>(pool)) replaceGreatest(pool, depth, entry);
  }
  gathered = 0;
}

/** Looks at the slots of a bucket, as far as the budget goes. */
function openBucket(hash: u32, bucket: u32): void {
  const starts = startsAt(hash);
  const line = slotsOf(hash);
  const from = wordIn(starts, bucket);
  const end = min(wordIn(starts, bucket + 1), from + budget - looked);
  opened++;
  looked += end - from;
  for (let i = from; i < end; i++) {
    const slot = wordIn(line, i);
    if (!setBit(visitedBits, slot) || firstOf(slot) == none()) continue;
    sink ^= load<u32>(codeOf(recordAt(slot)));
    putWord(slots, gathered++, slot);
    if (gathered == GATHERED) compareGathered();
  }
}

/** Puts the buckets whose values are from `low` up to `high` (not included) in order; returns how many there are. */
function gatherBand(low: f32, high: f32): u32 {
  const buckets = bucketCount();
  const each = tiers();
  let listed: u32 = 0;
  for (let tier: u32 = 0; tier < each; tier++) {
    const weight = tierWeight(tier);
    const least = f32x4.splat(low / weight);
    const most = f32x4.splat(high / weight);
    for (let hash: u32 = 0; hash < hashes; hash++) {
      const rotated = rotatedAt(hash);
      const starts = startsAt(hash);
      for (let axis: u32 = 0; axis < axes; axis += 4) {
        const values = f32x4.abs(v128.load(rotated + (<usize>axis << 2)));
        let found = i32x4.bitmask(v128.and(f32x4.ge(values, least), f32x4.lt(values, most)));
        for (; found != 0; found &= found - 1) {
          const place = axis + ctz<i32>(found);
          const value = floatIn(rotated, place);
          const bucket = (2 * place + <u32>(value < 0)) * each + tier;
          if (wordIn(starts, bucket) == wordIn(starts, bucket + 1) || listed == <u32>BAND_ENTRIES) continue;
          pushEntry(branches, listed++, entryOf(-abs<f32>(value) * weight, hash * buckets + bucket));
        }
      }
    }
  }
  sortHeap(branches, listed);
  return listed;
}

@inline
function isEnough(k: u32): bool {
  return looked >= budget && pooled + gathered + keptCount() >= k;
}

/** Looks into buckets in the order of their values until the budget is used up; beyond it as long as there are too few hits. */
function probe(k: u32): void {
  const buckets = bucketCount();
  let high: f32 = Infinity;
  for (let low = FIRST_BAND; high > 0; low -= BAND) {
    const listed = gatherBand(max<f32>(low, 0), high);
    for (let i: u32 = 0; i < listed; i++) {
      if (isEnough(k)) return;
      if (looked >= budget) budget += BATCH_SLOTS;
      const place = slotOfEntry(load<u64>(entryAt(branches, i)));
      openBucket(place / buckets, place % buckets);
    }
    high = low;
  }
}

/** Compares the pool by row, with the twins of each: as many as may be needed. */
function rerank(k: u32): u32 {
  let listed: u32 = 0;
  let all: u32 = 0;
  for (let i: u32 = 0; i < pooled; i++) {
    let twin = firstOf(slotOfEntry(load<u64>(entryAt(pool, i))));
    for (let taken: u32 = 0; taken < k && twin != none(); taken++) {
      putWord(slots, listed++, twin);
      all++;
      if (listed == <u32>BATCH_SLOTS) {
        scanSlots(listed);
        listed = 0;
      }
      twin = firstOf(load<u32>(recordAt(twin), RECORD_TWIN));
    }
  }
  scanSlots(listed);
  return all;
}

/**
 * The search for the `k` nearest to the query row, masked as searchExactly is, looking at `slotLimit` slots in buckets and
 * comparing the `rerankDepth` nearest by row. Slots that the tables do not cover are compared by row first. Leaves the
 * results in the zone's output and returns their number, which can be less than there are.
 */
export function searchBuckets(k: u32, rerankDepth: u32, mask: u32, slotLimit: u32): u32 {
  const tabled = atomic.load<u32>(TABLED_AT);
  clearCompared();
  probeQueryRow();
  probeQueryCode();
  beginScan(k);
  scanFrom(tabled, min(publishedCount(), mask), mask != NO_MASK);
  allowedEnd = mask;
  depth = rerankDepth;
  pooled = 0;
  gathered = 0;
  looked = 0;
  opened = 0;
  budget = slotLimit;
  clearBits(visitedBits, tabled);
  if (tabled > 0) {
    budget = tabled;
    openBucket(0, bucketCount());
    budget = looked + slotLimit;
    if (layVector(query, 1)) {
      for (let hash: u32 = 0; hash < hashes; hash++) rotateFor(hash);
      probe(k);
    }
    compareGathered();
  }
  report(opened, rerank(k));
  return endScan();
}
