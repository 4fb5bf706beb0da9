/** The choice of neighbours, and the links between nodes. Only who writes calls these; {@link addLink} under a lock. */
import { entryAt, entryOf, keyOf, slotOfEntry } from './heap';
import { floatIn, putWord, wordIn } from './list';
import { LOCKED_ROLE, RECORD_PARENT, RECORD_ROLE } from './offsets';
import { measure, probeNode } from './probe';
import { chosen, keys, linksAt, m, none, pool, recordAt, slots } from './segment';

/** The most links that a node can have on a layer. */
@inline
function linkLimit(level: u32): u32 {
  return level == 0 ? 2 * m : m;
}

/**
 * Whether one of the two nodes is the other's parent. Every node but the first has a parent; the links of that tree,
 * in both directions, are never dropped, so that on level 0 every node can be reached from every other. A node has at
 * most m children, which leaves room for m links of its own choice (and one of them to its parent).
 */
@inline
function isTreeEdge(a: u32, b: u32): bool {
  return load<u32>(recordAt(a), RECORD_PARENT) == b || load<u32>(recordAt(b), RECORD_PARENT) == a;
}

/** Whether the node may have one more child. */
@inline
export function takesChildren(slot: u32): bool {
  return (load<u32>(recordAt(slot), RECORD_ROLE) & ~(<u32>LOCKED_ROLE)) < m;
}

/** Whether a node chosen before is nearer to the probe, a candidate at distance `key`, than the candidate's owner is. */
export function isCovered(picked: u32, key: f32): bool {
  for (let from: u32 = 0; from < picked; from += 4) {
    const count = min<u32>(4, picked - from);
    measure(chosen + (<usize>from << 2), count, keys);
    for (let i: u32 = 0; i < count; i++) {
      if (floatIn(keys, i) < key) return true;
    }
  }
  return false;
}

/**
 * Chooses at most `limit` of the pool's first `count` entries, whose keys are distances to one owner, into the zone's
 * chosen list: from near to far, each that is nearer to the owner than to any chosen before (Malkov & Yashunin 2016,
 * algorithm 4, without extension and without filling up). With `owner`, tree edges are chosen in any case.
 * Returns how many were chosen. Changes the probe.
 */
export function chooseNeighbours(count: u32, limit: u32, owner: u32): u32 {
  let reserved: u32 = 0;
  if (owner != none()) {
    for (let i: u32 = 0; i < count; i++) {
      if (isTreeEdge(owner, slotOfEntry(load<u64>(entryAt(pool, i))))) reserved++;
    }
  }
  let picked: u32 = 0;
  for (let i: u32 = 0; i < count && picked < limit; i++) {
    const entry = load<u64>(entryAt(pool, i));
    const slot = slotOfEntry(entry);
    if (reserved > 0 && isTreeEdge(owner, slot)) {
      reserved--;
    } else {
      if (picked + reserved >= limit) continue;
      if (picked > 0) {
        probeNode(slot);
        if (isCovered(picked, keyOf(entry))) continue;
      }
    }
    putWord(chosen, picked++, slot);
  }
  return picked;
}

/** Sorts slots of the zone's list with their keys into the pool, ascending. */
function poolSlots(count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const entry = entryOf(floatIn(keys, i), wordIn(slots, i));
    let at = entryAt(pool, i);
    for (; at > pool && load<u64>(at - 8) > entry; at -= 8) store<u64>(at, load<u64>(at - 8));
    store<u64>(at, entry);
  }
}

/**
 * Writes the chosen list as the links of a slot: each an aligned store, so a reader sees old or new neighbours. The
 * store of the count is atomic, and readers load it so: they never look at a place that no link was written to yet.
 */
export function storeLinks(slot: u32, level: u32, count: u32): void {
  const links = linksAt(slot, level);
  for (let i: u32 = 0; i < count; i++) {
    putWord(links + 4, i, wordIn(chosen, i));
  }
  atomic.store<u32>(links, count);
}

/**
 * Adds a link from `owner`, whose lock the thread holds, to `target`; a full list is chosen anew from its links and the
 * target. Changes the probe, the pool and the chosen list.
 */
export function addLink(owner: u32, target: u32, level: u32): void {
  const links = linksAt(owner, level);
  const count = load<u32>(links);
  const limit = linkLimit(level);
  if (count < limit) {
    putWord(links + 4, count, target);
    atomic.store<u32>(links, count + 1);
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    putWord(slots, i, wordIn(links + 4, i));
  }
  putWord(slots, count, target);
  probeNode(owner);
  measure(slots, count + 1, keys);
  poolSlots(count + 1);
  storeLinks(owner, level, chooseNeighbours(count + 1, limit, level == 0 ? owner : none()));
}
