/**
 * The exact scan: float32 keys of live slots against the query, the k nearest kept in a max-heap. Full scans, scans
 * of allowed slots and the rerank after a walk are all this.
 */
import { entryAt, entryOf, keyOf, pushEntry, replaceGreatest, slotOfEntry, sortHeap } from './heap';
import { floatIn, putFloat, putWord, wordIn } from './list';
import { BLOCK_SLOTS } from './offsets';
import { measureRows } from './probe';
import { frontier, isLive, keys, ordinalAt, output, slotOf, holds, slots, tombstonesAt } from './segment';

/** The heap of a scan lies in the frontier's place, for a rerank reads from the pool. */
let size: u32 = 0;
let limit: u32 = 0;
/** The key of the farthest kept once the heap is full; what is above it needs no entry. */
let farthest: f32 = Infinity;

export function beginScan(k: u32): void {
  size = 0;
  limit = k;
  farthest = Infinity;
}

@inline
function offer(key: f32, slot: u32): void {
  if (key > farthest) return;
  const entry = entryOf(key, slot);
  if (size < limit) pushEntry(frontier, size++, entry);
  else if (entry < load<u64>(frontier)) replaceGreatest(frontier, limit, entry);
  if (size == limit) farthest = keyOf(load<u64>(frontier));
}

/** Compares the first `count` slots (u32) of the zone's list, which the caller knows to be live. */
export function scanSlots(count: u32): void {
  if (limit == 0) return;
  measureRows(slots, count, keys);
  for (let i: u32 = 0; i < count; i++) offer(floatIn(keys, i), wordIn(slots, i));
}

/** Lists the live slots from `from` up to `end` (not included) in the zone's list. Returns how many there are. */
export function listLive(from: u32, end: u32): u32 {
  let listed: u32 = 0;
  let slot = from;
  while (slot < end) {
    const tombstones = load<u32>(tombstonesAt(slot)) >> (slot & 31);
    const last = min(end, (slot | 31) + 1);
    for (let bits = tombstones; slot < last; slot++, bits >>= 1) {
      if ((bits & 1) == 0) putWord(slots, listed++, slot);
    }
  }
  return listed;
}

/** Compares every live slot below `count`. */
export function scanAll(count: u32): void {
  for (let from: u32 = 0; from < count; from += BLOCK_SLOTS) scanSlots(listLive(from, min(from + BLOCK_SLOTS, count)));
}

/**
 * Replaces `length` ascending ordinals in the zone's list by the live slots that hold them; unknown and removed ones
 * fall out. `from` is a slot that is not behind the first of them. Returns how many are left.
 */
export function listAllowed(length: u32, from: u32, count: u32): u32 {
  let listed: u32 = 0;
  let slot = from;
  for (let i: u32 = 0; i < length; i++) {
    const ordinal = wordIn(slots, i);
    slot = slotOf(ordinal, slot, count);
    if (holds(slot, ordinal, count) && isLive(slot)) putWord(slots, listed++, slot);
  }
  return listed;
}

/** Ends the scan: writes ordinals (u32), then keys (f32) of the `k` nearest, ascending, and returns their number. */
export function endScan(): u32 {
  sortHeap(frontier, size);
  const keysOut = output + (<usize>limit << 2);
  for (let i: u32 = 0; i < size; i++) {
    const entry = load<u64>(entryAt(frontier, i));
    putWord(output, i, load<u32>(ordinalAt(slotOfEntry(entry))));
    putFloat(keysOut, i, keyOf(entry));
  }
  return size;
}
