/** Searches of the graph: a walk over codes, or a scan of some of them, then the final order by float32. */
import { admits } from './admission';
import { report } from './exact';
import { expanded, scanAdmitted, scanSketches, walkTwoHops } from './filtered';
import { entryAt, entryOf, popGreatest, pushEntry, replaceGreatest, slotOfEntry, sortHeap } from './heap';
import { clearBits, floatIn, setBit, wordIn } from './list';
import { FRONTIER_ENTRIES, RECORD_TWIN } from './offsets';
import { clearCompared, measure, probeQueryCode, probeQueryRow } from './probe';
import { rerank } from './rerank';
import { endScan } from './scan';
import { frontier, isLive, keys, pool, recordAt, slots, visitedBits } from './segment';
import {
  beginWalk, descend, horizon, keyOfSlot, listUnvisited, visited, walkLayer,
} from './walk';

/** Whether only admitted slots are collected, or every live one. */
let isFiltered: bool = false;

@inline
function mayCollect(slot: u32): bool {
  return isFiltered ? admits(slot) : isLive(slot);
}

function begin(): void {
  beginWalk();
  clearCompared();
  probeQueryRow();
  probeQueryCode();
}

/** Puts the pool's first `depth` nodes in their float32 order. Leaves the first `k` in the zone's output. */
function finish(k: u32, depth: u32, pooled: u32, walked: u32): u32 {
  const reranked = rerank(k, min(depth, pooled));
  report(walked, reranked, pooled);
  return endScan();
}

/**
 * Walks the graph towards the query row with a beam of `breadth` nodes, of which those that may not be returned drop out
 * afterwards; with `filtered`, all but the admitted, else the dead. The `depth` nearest that are left are put in
 * their float32 order. Leaves the first `k` in the zone's output and returns their number.
 */
export function searchWalk(k: u32, breadth: u32, depth: u32, filtered: u32): u32 {
  begin();
  isFiltered = filtered != 0;
  const pooled = walkLayer(descend(0), 0, breadth, true);
  return finish(k, depth, keepCollectable(pooled), visited);
}

/**
 * As {@link searchWalk}, but the walk goes on until the beam of `breadth` holds none but those that may be returned, or
 * `most` nodes are expanded.
 */
export function searchThrough(k: u32, breadth: u32, depth: u32, filtered: u32, most: u32): u32 {
  begin();
  isFiltered = filtered != 0;
  const pooled = walkCollecting(descend(0), breadth, most);
  return finish(k, depth, pooled, visited);
}

/** Searches the admitted slots by the two-hop walk from `seeds` of them; otherwise as {@link searchWalk}. */
export function searchTwoHops(k: u32, breadth: u32, depth: u32, seeds: u32): u32 {
  begin();
  const pooled = walkTwoHops(descend(0), breadth, seeds);
  return finish(k, depth, pooled, expanded);
}

/** Compares the codes of all admitted slots; otherwise as {@link searchWalk}. */
export function searchAdmitted(k: u32, depth: u32): u32 {
  begin();
  return finish(k, depth, scanAdmitted(depth), 0);
}

/** Compares the codes of about `shortlist` admitted slots, chosen by their sketches; otherwise as {@link searchWalk}. */
export function searchSketches(k: u32, depth: u32, shortlist: u32): u32 {
  begin();
  return finish(k, depth, scanSketches(depth, shortlist), 0);
}

/** Leaves in the pool, in its order, what may be collected; returns how many those are. */
function keepCollectable(pooled: u32): u32 {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < pooled; i++) {
    const entry = load<u64>(entryAt(pool, i));
    if (mayCollect(slotOfEntry(entry))) store<u64>(entryAt(pool, kept++), entry);
  }
  return kept;
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
 * grows as they get rarer: it ends when nothing waits that is nearer than the farthest of `limit` collected, or
 * after `most` nodes.
 */
function walkCollecting(start: u32, limit: u32, most: u32): u32 {
  collected = 0;
  waiting = 0;
  const startKey = keyOfSlot(start);
  clearBits(visitedBits, horizon);
  setBit(visitedBits, start);
  meet(entryOf(startKey, start), limit);
  while (waiting > 0 && visited < most) {
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
