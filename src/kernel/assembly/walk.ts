/** Walks on one layer of the graph, towards the probe. Readers and the writer use the same ones. */
import { entryAt, entryOf, keyOf, slotOfEntry } from './heap';
import { ENTRY_AT, RECORD_CODE, RECORD_TWIN } from './offsets';
import { clearBits, floatIn, putWord, setBit, wordIn } from './list';
import { keepEntry, spillInto, takeBack } from './pool';
import { measure } from './probe';
import { codeBytes, keys, levelOf, linksAt, pool, publishedCount, recordAt, slots, visitedBits } from './segment';

/** Slots at or above were not published when the operation began and are passed over. */
export let horizon: u32 = 0;
/** Nodes expanded since {@link beginWalk}. */
export let visited: u32 = 0;
/** The entry point of this operation. */
export let entry: u32 = 0;

/**
 * Nodes expanded at a time. Their neighbours' cache misses overlap, which one node's neighbours are too few for.
 */
const WIDTH: u32 = 4;

/** Nodes in the pool. */
let pooled: u32 = 0;
/** Takes what is loaded only to be in the cache, so that no compiler drops the loads. */
let sink: u32 = 0;

/** Fixes what the operation sees. The entry is read first: it was published before it became the entry. */
export function beginWalk(): void {
  entry = atomic.load<u32>(ENTRY_AT);
  horizon = publishedCount();
  visited = 0;
}

/** The key of one slot. */
export function keyOfSlot(slot: u32): f32 {
  putWord(slots, 0, slot);
  measure(slots, 1, keys);
  return floatIn(keys, 0);
}

/**
 * Lists the neighbours of a slot on a layer in the zone's list, without those beyond the horizon. Touches the first
 * line of each record, so that the cache misses of a batch overlap.
 */
function listNeighbours(slot: u32, level: u32): u32 {
  const links = linksAt(slot, level);
  const end = links + 4 + (<usize>atomic.load<u32>(links) << 2);
  let listed: u32 = 0;
  for (let at = links + 4; at < end; at += 4) {
    const neighbour = load<u32>(at);
    if (neighbour >= horizon) continue;
    putWord(slots, listed++, neighbour);
    sink ^= load<u32>(recordAt(neighbour));
  }
  return listed;
}

/**
 * Puts the neighbours of a slot on a layer that were not yet visited in this walk behind the first `listed` of the zone's
 * list, and marks them as visited. Returns how many are listed then. Without a branch on the bit, which nobody can
 * predict.
 */
function appendUnvisited(slot: u32, level: u32, listed: u32): u32 {
  const links = linksAt(slot, level);
  const end = links + 4 + (<usize>atomic.load<u32>(links) << 2);
  for (let at = links + 4; at < end; at += 4) {
    const neighbour = load<u32>(at);
    if (neighbour >= horizon) continue;
    const word = visitedBits + (<usize>(neighbour >>> 5) << 2);
    const bits = load<u32>(word);
    const shift = neighbour & 31;
    store<u32>(word, bits | (1 << shift));
    putWord(slots, listed, neighbour);
    listed += ((bits >>> shift) & 1) ^ 1;
  }
  visited++;
  return listed;
}

/** Touches all lines of the codes of the first `count` listed nodes, so that the cache misses of all overlap. */
function touchCodes(count: u32): void {
  const bytes = <usize>RECORD_CODE + codeBytes;
  let touched: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const record = recordAt(wordIn(slots, i));
    for (let at: usize = 0; at < bytes; at += 64) touched ^= load<u32>(record + at);
  }
  sink ^= touched;
}

/** Lists the unvisited neighbours of one slot, and touches their codes. */
export function listUnvisited(slot: u32, level: u32): u32 {
  const count = appendUnvisited(slot, level, 0);
  touchCodes(count);
  return count;
}

/**
 * Goes from the entry to the nearest node that it can reach greedily on each layer from the top down to, and not
 * including, `level` (Malkov & Yashunin, algorithm 5 with ef = 1).
 */
export function descend(level: u32): u32 {
  let nearest = entry;
  let nearestKey = keyOfSlot(nearest);
  for (let layer = levelOf(entry); layer > level; layer--) {
    for (let moved = true; moved; ) {
      moved = false;
      const count = listNeighbours(nearest, layer);
      measure(slots, count, keys);
      for (let i: u32 = 0; i < count; i++) {
        const key = floatIn(keys, i);
        if (key < nearestKey) {
          nearestKey = key;
          nearest = wordIn(slots, i);
          moved = true;
        }
      }
    }
  }
  return nearest;
}

/** Puts the twins of a node into the pool behind it, as entries that need no expansion. Returns the pool's size. */
function insertTwins(node: u64, size: u32, limit: u32): u32 {
  let pooled = size;
  let twin = load<u32>(recordAt(slotOfEntry(node)), RECORD_TWIN);
  while (twin < horizon) {
    const place = keepEntry(pooled, limit, (node & 0xffffffff00000000) | (<u64>twin << 1) | 1);
    if (place == limit) break;
    if (pooled < limit) pooled++;
    twin = load<u32>(recordAt(twin), RECORD_TWIN);
  }
  return pooled;
}

/**
 * Marks up to WIDTH of the nearest nodes in the pool that are not marked, from `current` on, as expanded, and lists
 * their neighbours. Returns how many are listed; the pool's size afterwards is in {@link pooled}.
 */
function expandNearest(current: u32, level: u32, limit: u32, withTwins: bool): u32 {
  let taken: u32 = 0;
  for (; current < pooled && taken < WIDTH; current++) {
    const node = load<u64>(entryAt(pool, current));
    if ((node & 1) != 0) continue;
    store<u64>(entryAt(pool, current), node | 1);
    putWord(keys, taken++, slotOfEntry(node));
    if (withTwins) pooled = insertTwins(node, pooled, limit);
  }
  let listed: u32 = 0;
  for (let i: u32 = 0; i < taken; i++) listed = appendUnvisited(wordIn(keys, i), level, listed);
  touchCodes(listed);
  return listed;
}

/**
 * The best-first search of one layer (Malkov & Yashunin, algorithm 2) with the pool as both candidates and results;
 * some nodes are expanded at a time, as in the beam search of DiskANN (Subramanya et al. 2019). Leaves the `limit`
 * nearest found in the pool, ascending, and returns their number. With `withTwins`, nodes of equal code count as well;
 * else one node stands for them.
 */
export function walkLayer(start: u32, level: u32, limit: u32, withTwins: bool): u32 {
  return walkUntilSettled(start, level, limit, withTwins, 0, 0xffffffff);
}

/**
 * As {@link walkLayer}, but ends as soon as `patience` rounds, in a row, have found nothing that is among the `nearest`
 * nearest so far.
 */
export function walkUntilSettled(
  start: u32, level: u32, limit: u32, withTwins: bool, nearest: u32, patience: u32,
): u32 {
  startWalk(start, false);
  return walkOn(level, limit, limit, withTwins, nearest, patience);
}

/**
 * Empties the pool but for the node where a walk starts. With `widening`, {@link walkOn} may be called again with greater
 * limits; the frontier holds then what the pool has no room for.
 */
export function startWalk(start: u32, widening: bool): void {
  spillInto(widening);
  clearBits(visitedBits, horizon);
  setBit(visitedBits, start);
  store<u64>(pool, entryOf(keyOfSlot(start), start));
  pooled = 1;
}

/**
 * Goes on with a walk until the first `breadth` nodes of the pool, which keeps `limit`, are expanded; otherwise as
 * {@link walkUntilSettled}.
 */
export function walkOn(
  level: u32, breadth: u32, limit: u32, withTwins: bool, nearest: u32, patience: u32,
): u32 {
  pooled = takeBack(pooled, limit);
  let current = skipExpanded(0);
  for (let idle: u32 = 0; current < min(pooled, breadth) && idle < patience; idle++) {
    const count = expandNearest(current, level, limit, withTwins);
    measure(slots, count, keys);
    for (let i: u32 = 0; i < count; i++) {
      const place = keepEntry(pooled, limit, entryOf(floatIn(keys, i), wordIn(slots, i)));
      if (place == limit) continue;
      if (pooled < limit) pooled++;
      if (place < current) current = place;
      if (place < nearest) idle = 0xffffffff;
    }
    current = skipExpanded(current);
  }
  return pooled;
}

/** The first node of the pool, from `current` on, that is not expanded. */
@inline
function skipExpanded(current: u32): u32 {
  while (current < pooled && (load<u64>(entryAt(pool, current)) & 1) != 0) current++;
  return current;
}

/** How many nodes the pool holds. */
@inline
export function pooledCount(): u32 {
  return pooled;
}

/** The key of the pool's entry at `index`. */
@inline
export function pooledKey(index: u32): f32 {
  return keyOf(load<u64>(entryAt(pool, index)));
}

@inline
export function pooledSlot(index: u32): u32 {
  return slotOfEntry(load<u64>(entryAt(pool, index)));
}
