/** Walks on one layer of the graph, towards the probe. Readers and the writer use the same ones. */
import { entryAt, entryOf, keyOf, slotOfEntry } from './heap';
import { ENTRY_AT, RECORD_TWIN } from './offsets';
import { clearBits, floatIn, putWord, setBit, wordIn } from './list';
import { insertEntry } from './pool';
import { measure } from './probe';
import { codeOf, keys, levelOf, linksAt, pool, publishedCount, recordAt, slots, visitedBits } from './segment';

/** Slots at or above were not published when the operation began and are passed over. */
export let horizon: u32 = 0;
/** Nodes expanded since {@link beginWalk}. */
export let visited: u32 = 0;
/** The entry point of this operation. */
export let entry: u32 = 0;

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

/** As {@link listNeighbours}, but only those not yet visited in this walk; marks them as visited. */
export function listUnvisited(slot: u32, level: u32): u32 {
  const links = linksAt(slot, level);
  const end = links + 4 + (<usize>atomic.load<u32>(links) << 2);
  let listed: u32 = 0;
  for (let at = links + 4; at < end; at += 4) {
    const neighbour = load<u32>(at);
    if (neighbour >= horizon || !setBit(visitedBits, neighbour)) continue;
    putWord(slots, listed++, neighbour);
    sink ^= load<u32>(codeOf(recordAt(neighbour)));
  }
  visited++;
  return listed;
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
    const place = insertEntry(pooled, limit, (node & 0xffffffff00000000) | (<u64>twin << 1) | 1);
    if (place == limit) break;
    if (pooled < limit) pooled++;
    twin = load<u32>(recordAt(twin), RECORD_TWIN);
  }
  return pooled;
}

/**
 * The best-first search of one layer (Malkov & Yashunin, algorithm 2) with the pool as both candidates and results.
 * Leaves the `limit` nearest found in the pool, ascending, and returns their number. With `withTwins`, nodes of equal
 * code count as well; else one node stands for them.
 */
export function walkLayer(start: u32, level: u32, limit: u32, withTwins: bool): u32 {
  clearBits(visitedBits, horizon);
  setBit(visitedBits, start);
  store<u64>(pool, entryOf(keyOfSlot(start), start));
  let size: u32 = 1;
  let current: u32 = 0;
  while (current < size) {
    const node = load<u64>(entryAt(pool, current));
    store<u64>(entryAt(pool, current), node | 1);
    let next = current + 1;
    const count = listUnvisited(slotOfEntry(node), level);
    measure(slots, count, keys);
    for (let i: u32 = 0; i < count; i++) {
      const place = insertEntry(size, limit, entryOf(floatIn(keys, i), wordIn(slots, i)));
      if (place == limit) continue;
      if (size < limit) size++;
      if (place < next) next = place;
    }
    if (withTwins) size = insertTwins(node, size, limit);
    current = next;
    while (current < size && (load<u64>(entryAt(pool, current)) & 1) != 0) current++;
  }
  return size;
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
