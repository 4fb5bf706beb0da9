/**
 * The exact scan: float32 keys of live slots against the query, the k nearest kept in a max-heap. Full scans, scans
 * of allowed slots and the rerank after a walk are all this.
 */
import { entryAt, entryOf, keyOf, pushEntry, replaceGreatest, slotOfEntry, sortHeap } from './heap';
import { floatIn, putFloat, putWord, wordIn } from './list';
import { BLOCK_SLOTS } from './offsets';
import { measureLine, measureRows } from './probe';
import { allowedWord, frontier, keys, ordinalAt, output, slots, tombstonesAt } from './segment';

/** The heap of a scan lies in the frontier's place, for a rerank reads from the pool. */
let size: u32 = 0;
let limit: u32 = 0;
/** The key of the farthest kept once the heap is full; what is above it needs no entry. */
export let farthest: f32 = Infinity;

export function beginScan(k: u32): void {
  size = 0;
  limit = k;
  farthest = Infinity;
}

/** How many are kept; their entries lie in the frontier, as a max-heap. */
export function keptCount(): u32 {
  return size;
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

/**
 * Lists the live slots from `from`, a multiple of 32, up to `end` (not included) in the zone's list; with `masked`,
 * those alone that the zone's bitmap allows. Returns how many there are.
 */
export function listLive(from: u32, end: u32, masked: bool): u32 {
  let listed: u32 = 0;
  for (let first = from; first < end; first += 32) {
    let bits = ~load<u32>(tombstonesAt(first));
    if (masked) bits &= allowedWord(first);
    if (end - first < 32) bits &= (1 << (end - first)) - 1;
    for (; bits != 0; bits &= bits - 1) putWord(slots, listed++, first + ctz<u32>(bits));
  }
  return listed;
}

/** Whether no slot from `from`, a multiple of 32, up to `end` is a tombstone. */
export function areLive(from: u32, end: u32): bool {
  let bits: u32 = 0;
  for (let first = from; first < end; first += 32) bits |= load<u32>(tombstonesAt(first));
  return bits == 0;
}

/** Compares live slots, as {@link scanSlots} does, in a line of one block: nothing is listed, so the memory streams. */
function scanLine(from: u32, end: u32): void {
  if (limit == 0) return;
  measureLine(from, end - from, keys);
  for (let slot = from; slot < end; slot++) offer(floatIn(keys, slot - from), slot);
}

/**
 * Compares every live slot from `from`, a multiple of 32, up to `count`; with `masked`, those alone that the zone's bitmap
 * allows.
 */
export function scanFrom(from: u32, count: u32, masked: bool): void {
  for (let first = from; first < count; first += BLOCK_SLOTS) {
    const end = min(first + BLOCK_SLOTS, count);
    if (!masked && areLive(first, end)) scanLine(first, end);
    else scanSlots(listLive(first, end, masked));
  }
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
