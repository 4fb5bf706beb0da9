/**
 * Building the tables of LSH: one thread prepares, all that come hash, and the first sorts slots into buckets by counting.
 * Equal vectors stand in the tables once: the first of them, with the others behind it in a list of twins.
 */
import {
  bucketCount, centreAt, layVector, rotateFor, slotsOf, spareAt, startsAt, tiers,
} from './buckets';
import { sameBytes } from './encode';
import { floatIn, putFloat, putWord, wordIn } from './list';
import {
  BUCKETS_DONE, BUCKETS_EFFORT, BUCKETS_PREPARED, BUCKETS_SHARED, BUCKETS_STATE, BUCKETS_TAKEN, BUCKETS_UNTOUCHED,
  METRIC_COSINE, RECORD_ROLE, RECORD_TWIN, TIER_FLOORS, TIER_WEIGHTS, TWIN_ROLE,
} from './offsets';
import { nearestAxis } from './rotate';
import {
  axes, dimension, expected, hashes, metric, none, normAt, publish, publishedCount, recordAt, rowAt, rowBytes, tables,
} from './segment';
import { storeNumbers, storeRow } from './store';

/** Slots that a thread takes at once to hash. */
const HASHED_SLOTS: u32 = 256;

/** Adds the row in the zone's query area with a code. */
export function insertCoded(ordinal: u32): void {
  const slot = publishedCount();
  storeRow(slot, ordinal);
  const record = recordAt(slot);
  store<u32>(record, none(), RECORD_TWIN);
  store<u32>(record, 0, RECORD_ROLE);
  storeNumbers(slot, record);
  publish();
}

/** Takes the part of the one thread that prepares. Returns false if another has. */
export function beginBuckets(): bool {
  return atomic.cmpxchg<u32>(tables, BUCKETS_UNTOUCHED, BUCKETS_PREPARED, BUCKETS_STATE) == BUCKETS_UNTOUCHED;
}

@inline
function factorOf(slot: u32): f32 {
  return metric == METRIC_COSINE ? load<f32>(normAt(slot)) : 1;
}

/** Adds a row to the centre, times a share; one that is not finite adds nothing. */
export function addToCentre(slot: u32, share: f32): void {
  const row = rowAt(slot);
  const centre = centreAt();
  const factor = factorOf(slot) * share;
  for (let i: u32 = 0; i < dimension; i++) {
    const sum = floatIn(centre, i) + floatIn(row, i) * factor;
    if (abs<f32>(sum) < Infinity) putFloat(centre, i, sum);
  }
}

/** The norm of a row under DOT. */
export function normOfSlot(slot: u32): f32 {
  return load<f32>(normAt(slot));
}

/** Says which norms belong to a tier, the first one the longest, and what its vectors count for. */
export function setTier(tier: u32, floor: f32, weight: f32): void {
  putFloat(tables + TIER_FLOORS, tier, floor);
  putFloat(tables + TIER_WEIGHTS, tier, weight);
}

/** A number that equal rows share. */
function fingerprintOf(row: usize): u32 {
  let sum = i32x4.splat(0x811c9dc5);
  const prime = i32x4.splat(0x01000193);
  for (let at: usize = 0; at < rowBytes; at += 16) sum = i32x4.mul(v128.xor(sum, v128.load(row + at)), prime);
  let mixed = <u32>i32x4.extract_lane(sum, 0);
  mixed = (mixed ^ (mixed >>> 15)) * 0x85ebca6b + <u32>i32x4.extract_lane(sum, 1);
  mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35 + <u32>i32x4.extract_lane(sum, 2);
  mixed = (mixed ^ (mixed >>> 15)) * 0x85ebca6b + <u32>i32x4.extract_lane(sum, 3);
  return mixed ^ (mixed >>> 13);
}

/** Clears what {@link groupEquals} looks slots up in: the room that the slots of the first two hashes will take. */
export function clearGroups(): void {
  memory.fill(slotsOf(0), 0xff, <usize>expected << 3);
}

/** Hangs each row from the slot `from` up to `end` (not included) behind the last one before that equals it. In order. */
export function groupEquals(from: u32, end: u32): void {
  const places = 2 * expected;
  const groups = slotsOf(0);
  const prints = spareAt();
  for (let slot = from; slot < end; slot++) {
    const print = fingerprintOf(rowAt(slot));
    putWord(prints, slot, print);
    let place = <u32>((<u64>print * <u64>places) >> 32);
    for (;;) {
      const other = wordIn(groups, place);
      if (other == none()) break;
      if (wordIn(prints, other) == print && sameBytes(rowAt(other), rowAt(slot), rowBytes)) {
        store<u32>(recordAt(slot), <u32>TWIN_ROLE, RECORD_ROLE);
        store<u32>(recordAt(other), slot, RECORD_TWIN);
        break;
      }
      if (++place == places) place = 0;
    }
    putWord(groups, place, slot);
  }
}

/** Opens the hashing to all threads. */
export function shareHashing(): void {
  atomic.store<u32>(tables, BUCKETS_SHARED, BUCKETS_STATE);
}

/** Whether there are slots to be hashed. */
export function isHashingShared(): bool {
  return atomic.load<u32>(tables, BUCKETS_STATE) == BUCKETS_SHARED;
}

/** The tier that a row belongs to. */
function tierOf(slot: u32): u32 {
  const last = tiers() - 1;
  if (last == 0) return 0;
  const norm = normOfSlot(slot);
  let tier: u32 = 0;
  while (tier < last && !(norm >= floatIn(tables + TIER_FLOORS, tier))) tier++;
  return tier;
}

/** Notes the bucket of a slot in each hash, or that it is in none. */
function hashSlot(slot: u32): void {
  const isTwin = (load<u32>(recordAt(slot), RECORD_ROLE) & <u32>TWIN_ROLE) != 0;
  const isPlaced = !isTwin && layVector(rowAt(slot), factorOf(slot));
  const tier = isPlaced ? tierOf(slot) : 0;
  for (let hash: u32 = 0; hash < hashes; hash++) {
    let bucket = none();
    if (isPlaced) bucket = nearestAxis(rotateFor(hash), axes) * tiers() + tier;
    else if (!isTwin && hash == 0) bucket = bucketCount();
    putWord(slotsOf(hash), slot, bucket);
  }
}

/** Hashes the next slots that nobody has taken. Returns how many are done in all, or 0 if none was left. */
export function hashSlots(tabled: u32): u32 {
  const from = atomic.add<u32>(tables, HASHED_SLOTS, BUCKETS_TAKEN);
  if (from >= tabled) return 0;
  const end = min(from + HASHED_SLOTS, tabled);
  for (let slot = from; slot < end; slot++) hashSlot(slot);
  return atomic.add<u32>(tables, end - from, BUCKETS_DONE) + end - from;
}

/** Whether the slots of all threads are hashed. */
export function areSlotsHashed(tabled: u32): bool {
  return atomic.load<u32>(tables, BUCKETS_DONE) == tabled;
}

/** Sorts the slots of a hash by bucket, ascending within each. */
export function sortSlots(hash: u32, tabled: u32): void {
  const starts = startsAt(hash);
  const line = slotsOf(hash);
  const buckets = spareAt();
  const last = bucketCount() + 1;
  memory.copy(buckets, line, <usize>tabled << 2);
  memory.fill(starts, 0, <usize>(last + 1) << 2);
  for (let slot: u32 = 0; slot < tabled; slot++) {
    const bucket = wordIn(buckets, slot);
    if (bucket != none()) putWord(starts, bucket, wordIn(starts, bucket) + 1);
  }
  let sum: u32 = 0;
  for (let bucket: u32 = 0; bucket <= last; bucket++) {
    sum += wordIn(starts, bucket);
    putWord(starts, bucket, sum);
  }
  for (let slot = tabled; slot > 0; slot--) {
    const bucket = wordIn(buckets, slot - 1);
    if (bucket == none()) continue;
    const place = wordIn(starts, bucket) - 1;
    putWord(starts, bucket, place);
    putWord(line, place, slot - 1);
  }
}

/** The effort of a search that does not say one. */
export function setDefaultEffort(effort: u32): void {
  atomic.store<u32>(tables, effort, BUCKETS_EFFORT);
}

export function defaultEffort(): u32 {
  return atomic.load<u32>(tables, BUCKETS_EFFORT);
}
