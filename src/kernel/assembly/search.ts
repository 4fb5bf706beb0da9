/** Searches of the graph: a walk over codes, or a scan of some of them, then the final order by float32. */
import { admits } from './admission';
import { report } from './exact';
import { expanded, scanAdmitted, scanSketches, walkTwoHops } from './filtered';
import { entryAt, entryOf, popGreatest, pushEntry, replaceGreatest, slotOfEntry, sortHeap } from './heap';
import { clearBits, floatIn, setBit, wordIn } from './list';
import { FRONTIER_ENTRIES, METRIC_DOT, RECORD_TWIN } from './offsets';
import { clearCompared, measure, probeQueryCode, probeQueryRow, squareOf } from './probe';
import { rerank } from './rerank';
import { endScan } from './scan';
import { frontier, isBinary, isLive, keys, metric, pool, recordAt, slots, visitedBits } from './segment';
import {
  beginWalk, descend, horizon, keyOfSlot, listUnvisited, pooledCount, pooledKey, pooledSlot, startWalk, visited, walkLayer,
  walkOn,
} from './walk';

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
 * Walks the graph towards the query row with a beam of `breadth` nodes, of which the dead drop out afterwards. The
 * `depth` nearest that are left are put in their float32 order. Leaves the first `k` in the zone's output and returns their
 * number.
 */
export function searchWalk(k: u32, breadth: u32, depth: u32): u32 {
  begin();
  const pooled = walkLayer(descend(0), 0, breadth, true);
  return finish(k, depth, keepLive(pooled), visited);
}

/** As {@link searchWalk}, but the walk goes on until the beam of `breadth` holds none but live nodes. */
export function searchThrough(k: u32, breadth: u32, depth: u32): u32 {
  begin();
  const pooled = walkCollecting(descend(0), breadth);
  return finish(k, depth, pooled, visited);
}

/** Begins a walk towards the query row that passes through every node, for {@link walkTo} to go on with. */
export function beginPassing(): void {
  begin();
  startWalk(descend(0), true);
  report(0, 0);
}

/**
 * Goes on with the walk until the nearest `breadth` nodes that are known, of which `limit` are kept, are expanded. Returns
 * how many of these are admitted.
 */
export function walkTo(breadth: u32, limit: u32): u32 {
  const pooled = min(breadth, walkOn(0, breadth, limit, true, 0, 0xffffffff));
  let admitted: u32 = 0;
  for (let i: u32 = 0; i < pooled; i++) admitted += <u32>admits(pooledSlot(i));
  report(visited, 0, pooled);
  return admitted;
}

/**
 * Whether the walk, whose nearest `breadth` nodes are expanded, is as far past the `k`-th nearest admitted one as a walk
 * without a filter, with a beam of `effort`, is past the `k`-th of all at its end: by the same factor in the distance.
 * Never under DOT, whose keys are no distances, nor by binary codes, whose error is greater than that.
 */
export function hasMargin(k: u32, effort: u32, breadth: u32): bool {
  if (metric == METRIC_DOT || isBinary || breadth < effort || pooledCount() < breadth) return false;
  const nearest = pooledSquare(k - 1);
  if (!(nearest > 0)) return false;
  const bound = pooledSquare(breadth - 1) * nearest / pooledSquare(effort - 1);
  let admitted: u32 = 0;
  for (let i: u32 = 0; i < breadth && admitted < k; i++) {
    if (pooledSquare(i) > bound) return false;
    admitted += <u32>admits(pooledSlot(i));
  }
  return admitted == k;
}

/** In proportion to the squared distance of the pool's entry at `index`. Not under DOT. */
@inline
function pooledSquare(index: u32): f32 {
  return squareOf(pooledKey(index));
}

/** Ends the walk: puts the nearest `depth` of the admitted nodes that it has met in order, as {@link searchWalk} does. */
export function endPassing(k: u32, depth: u32): u32 {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < pooledCount() && kept < depth; i++) {
    const entry = load<u64>(entryAt(pool, i));
    if (admits(slotOfEntry(entry))) store<u64>(entryAt(pool, kept++), entry);
  }
  return finish(k, depth, kept, visited);
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

/** Compares the codes of at most about `shortlist` admitted slots, chosen by their sketches; otherwise as {@link searchWalk}. */
export function searchSketches(k: u32, depth: u32, shortlist: u32): u32 {
  begin();
  return finish(k, depth, scanSketches(k, depth, shortlist), 0);
}

/** Leaves in the pool, in its order, what is live; returns how many those are. */
function keepLive(pooled: u32): u32 {
  let kept: u32 = 0;
  for (let i: u32 = 0; i < pooled; i++) {
    const entry = load<u64>(entryAt(pool, i));
    if (isLive(slotOfEntry(entry))) store<u64>(entryAt(pool, kept++), entry);
  }
  return kept;
}

/** Collected entries in the pool (a max-heap), and nodes to expand in the frontier (a max-heap of complements). */
let collected: u32 = 0;
let waiting: u32 = 0;

/** Takes a node that has been measured into the frontier, and into the pool whatever of it and its twins is live. */
function meet(entry: u64, limit: u32): void {
  if (collected == limit && entry >= load<u64>(pool)) return;
  if (waiting < <u32>FRONTIER_ENTRIES) pushEntry(frontier, waiting++, ~entry);
  let slot = slotOfEntry(entry);
  while (slot < horizon) {
    const candidate = (entry & 0xffffffff00000000) | (<u64>slot << 1);
    if (collected == limit && candidate >= load<u64>(pool)) return;
    if (isLive(slot)) {
      if (collected < limit) pushEntry(pool, collected++, candidate);
      else replaceGreatest(pool, limit, candidate);
    }
    slot = load<u32>(recordAt(slot), RECORD_TWIN);
  }
}

/**
 * As walkLayer on level 0, but it walks through every node and collects only the live ones, so the walk grows as they get
 * rarer: it ends when nothing waits that is nearer than the farthest of `limit` collected.
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
