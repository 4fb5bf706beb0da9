/** Exact searches, and what else needs neither graph nor tables: for every type of index. */
import { putWord, wordIn } from './list';
import { comparedCodes, comparedRows, scanCertified } from './certified';
import {
  BUILD_AT, BUILD_UNLINKED, REMOVALS_AT, ZONE_COLLECTED, ZONE_COMPARED, ZONE_RERANKED, ZONE_VISITED,
} from './offsets';
import { clearCompared, compared, probeQueryRow } from './probe';
import { beginScan, endScan, listLive, scanFrom } from './scan';
import {
  holds, isLive, NO_MASK, ordinalAt, publishedCount, query, releaseOne, rowAt, rowBytes, slotOf, slots, tombstonesAt,
  zone,
} from './segment';

/**
 * The exact search for the `k` nearest to the query row: compares every live row, or those alone that the zone's
 * bitmap allows of the slots below `mask`; of the slots from `from`, a multiple of BLOCK_SLOTS, up to `end`. Leaves the results in the zone's output and returns their number. Compares
 * codes and then only the rows that these leave undecided where that is possible, with the same results.
 */
export function searchExactly(k: u32, mask: u32, from: u32, end: u32): u32 {
  probeQueryRow();
  if (!areAllEncoded()) return scanRows(k, mask, from, end, false);
  if (!scanCertified(k, from, min(min(publishedCount(), mask), end), mask != NO_MASK)) {
    return scanRows(k, mask, from, end, comparedCodes > 0);
  }
  report(0, comparedRows);
  store<u32>(zone, comparedCodes, ZONE_COMPARED);
  return endScan();
}

/** As {@link searchExactly}, over rows alone. */
export function searchRows(k: u32, mask: u32): u32 {
  probeQueryRow();
  return scanRows(k, mask, 0, u32.MAX_VALUE, false);
}

/** Whether there is a code for every row that has one in the end: appended rows are encoded by the build. */
function areAllEncoded(): bool {
  return atomic.load<u32>(BUILD_AT + (BUILD_UNLINKED << 2)) == 0;
}

/** Compares all rows; `again` says that their codes were compared in vain before. */
function scanRows(k: u32, mask: u32, from: u32, end: u32, again: bool): u32 {
  clearCompared();
  beginScan(k);
  scanFrom(from, min(min(publishedCount(), mask), end), mask != NO_MASK);
  report(0, again ? compared : 0);
  return endScan();
}

/** Leaves in the zone what a search took, and how many nodes it found before the last order. */
export function report(visited: u32, reranked: u32, collected: u32 = 0): void {
  store<u32>(zone, visited, ZONE_VISITED);
  store<u32>(zone, collected, ZONE_COLLECTED);
  store<u32>(zone, compared, ZONE_COMPARED);
  store<u32>(zone, reranked, ZONE_RERANKED);
}

/** Leaves the live ordinals of slots from `from` up to `end` in the zone's list and returns their number. */
export function liveOrdinals(from: u32, end: u32): u32 {
  const listed = listLive(from, min(end, publishedCount()), false);
  for (let i: u32 = 0; i < listed; i++) {
    putWord(slots, i, load<u32>(ordinalAt(wordIn(slots, i))));
  }
  return listed;
}

/**
 * Replaces `length` ascending ordinals in the zone's list by the live slots that hold them; unknown and removed ones
 * fall out. Returns how many are left.
 */
export function findSlots(length: u32): u32 {
  const count = publishedCount();
  let listed: u32 = 0;
  let slot: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    const ordinal = wordIn(slots, i);
    slot = slotOf(ordinal, slot, count);
    if (holds(slot, ordinal, count) && isLive(slot)) putWord(slots, listed++, slot);
  }
  return listed;
}

/** The ordinal of a published slot. */
export function ordinalOf(slot: u32): u32 {
  return load<u32>(ordinalAt(slot));
}

/** Copies the row of a live ordinal to the zone's query area. Returns 0 if there is none. */
export function copyRow(ordinal: u32): u32 {
  const count = publishedCount();
  const slot = slotOf(ordinal, 0, count);
  if (!holds(slot, ordinal, count) || !isLive(slot)) return 0;
  const row = rowAt(slot);
  for (let at: usize = 0; at < rowBytes; at += 16) v128.store(query + at, v128.load(row + at));
  return 1;
}

/**
 * Turns the node of an ordinal into a tombstone. Returns 0 if it was none or is unknown. Writer only. The removal is counted
 * first, so that who has not seen the count, by another read-modify-write, has not seen the tombstone (docs/concurrency.md).
 */
export function bury(ordinal: u32): u32 {
  const count = publishedCount();
  const slot = slotOf(ordinal, 0, count);
  if (!holds(slot, ordinal, count) || !isLive(slot)) return 0;
  atomic.add<u32>(REMOVALS_AT, 1);
  const at = tombstonesAt(slot);
  atomic.store<u32>(at, load<u32>(at) | (1 << (slot & 31)));
  releaseOne();
  return 1;
}
