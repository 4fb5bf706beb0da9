/** Searches of the graph: a walk over codes, then the final order by float32. */
import { report } from './exact';
import { entryOf, popGreatest, pushEntry, replaceGreatest, slotOfEntry, sortHeap } from './heap';
import { clearBits, hasBit, floatIn, putWord, setBit, wordIn } from './list';
import { BATCH_SLOTS, FRONTIER_ENTRIES, RECORD_TWIN } from './offsets';
import { clearCompared, measure, probeQueryCode, probeQueryRow } from './probe';
import { rerank } from './rerank';
import { endScan } from './scan';
import { allowedBits, frontier, isLive, keys, NO_MASK, pool, recordAt, slots, visitedBits } from './segment';
import {
  beginWalk, descend, horizon, keyOfSlot, listUnvisited, pooledSlot, visited, walkLayer,
} from './walk';

/** Of the slots below, only those in the zone's bitmap are collected, and none from there on; or {@link NO_MASK}. */
let allowedEnd: u32 = NO_MASK;

/**
 * Searches the graph for the query row: walks with a beam of `effort`, puts the `depth` nearest in their float32 order,
 * leaves the first `k` in the zone's output and returns their number. Only slots below `mask` that the zone's bitmap
 * allows are found, unless that is NO_MASK. `plain` says that every node may be: no filter, no tombstones.
 */
export function searchGraph(k: u32, effort: u32, depth: u32, mask: u32, plain: u32): u32 {
  beginWalk();
  clearCompared();
  probeQueryRow();
  probeQueryCode();
  allowedEnd = mask;
  const start = descend(0);
  const pooled = plain != 0 ? walkLayer(start, 0, effort, true) : walkCollecting(start, effort);
  const reranked = rerank(k, min(depth, pooled));
  report(visited, reranked);
  return endScan();
}

@inline
function mayCollect(slot: u32): bool {
  return (allowedEnd == NO_MASK || (slot < allowedEnd && hasBit(allowedBits, slot))) && isLive(slot);
}

/** Collected entries in the pool (a max-heap), and nodes to expand in the frontier (a max-heap of complements). */
let collected: u32 = 0;
let waiting: u32 = 0;

/** Takes a node that has been measured into the frontier, and into the pool whatever of it and its twins may be. */
function meet(entry: u64, limit: u32): void {
  if (collected == limit && entry >= load<u64>(pool)) return;
  if (waiting < <u32>FRONTIER_ENTRIES) pushEntry(frontier, waiting++, ~entry);
  let slot = slotOfEntry(entry);
  while (slot < horizon) {
    const candidate = (entry & 0xffffffff00000000) | (<u64>slot << 1);
    if (collected == limit && candidate >= load<u64>(pool)) return;
    if (mayCollect(slot)) {
      if (collected < limit) pushEntry(pool, collected++, candidate);
      else replaceGreatest(pool, limit, candidate);
    }
    slot = load<u32>(recordAt(slot), RECORD_TWIN);
  }
}

/**
 * As walkLayer on level 0, but it walks through every node and collects only those that may be returned, so the walk
 * grows as they get rarer: it ends when nothing waits that is nearer than the farthest of `limit` collected.
 */
function walkCollecting(start: u32, limit: u32): u32 {
  collected = 0;
  waiting = 0;
  const startKey = keyOfSlot(start);
  clearBits(visitedBits, horizon);
  setBit(visitedBits, start);
  meet(entryOf(startKey, start), limit);
  while (waiting > 0) {
    const node = ~popGreatest(frontier, waiting--);
    if (collected == limit && node > load<u64>(pool)) break;
    const count = listUnvisited(slotOfEntry(node), 0);
    measure(slots, count, keys);
    for (let i: u32 = 0; i < count; i++) {
      meet(entryOf(floatIn(keys, i), wordIn(slots, i)), limit);
    }
  }
  sortHeap(pool, collected);
  return collected;
}
