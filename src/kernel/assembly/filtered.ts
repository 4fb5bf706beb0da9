/**
 * Searches among the admitted slots when these are few: a scan of their codes, and the two-hop walk.
 *
 * The walk compares admitted nodes alone, and goes from one to the next over a neighbour that is not (ACORN-1: Patel et
 * al. 2024, arXiv 2403.04871, section 5.2). It begins at many admitted nodes, spread over the bitmap, because they may
 * lie in several islands, far from where the layers above lead to (RACORN-1: Kim & Choe 2026, arXiv 2607.00768).
 * Nodes of equal code are met together: the one in the graph counts as admitted if any of them is.
 */
import { admits, admittedEnd, listAdmitted } from './admission';
import { entryAt, entryOf, keyOf, slotOfEntry } from './heap';
import { clearBits, floatIn, hasBit, putWord, setBit, wordIn } from './list';
import {
  BLOCK_SLOTS, RECORD_PARENT, RECORD_ROLE, RECORD_TWIN, TWINS_AT, TWIN_ROLE,
} from './offsets';
import { insertEntry } from './pool';
import { measure } from './probe';
import { allowedWord, chosen, keys, linksAt, m, pool, recordAt, slots, visitedBits } from './segment';
import { listNearest, orderListed, shortlisted, shortlistedKey } from './shortlist';
import { leastCodeKey, probeSketches } from './sketch';
import { horizon, keyOfSlot } from './walk';

/** Codes of a shortlist are compared so many at a time; after each group, fewer may be left to compare. */
const GROUP: u32 = 64;

/** Nodes expanded by the last two-hop walk. */
export let expanded: u32 = 0;

/** Entries in the pool, and the most of them. */
let size: u32 = 0;
let limit: u32 = 0;
/** Whether there may be nodes of equal code. */
let hasTwins: bool = false;
/** Takes what is loaded only to be in the cache, so that no compiler drops the loads. */
let sink: u32 = 0;

/** Compares the codes of all admitted slots. Leaves the `most` nearest in the pool, ascending; returns their number. */
export function scanAdmitted(most: u32): u32 {
  size = 0;
  limit = most;
  for (let from: u32 = 0; from < admittedEnd; from += BLOCK_SLOTS) {
    collectMeasured(listAdmitted(from, min(from + BLOCK_SLOTS, admittedEnd)));
  }
  return size;
}

/**
 * Compares the codes of about `shortlist` admitted slots, those whose sketches are nearest, but for those whose sketches
 * say that they are not among the `k` nearest. Leaves the `most` nearest of them in the pool, ascending; returns their
 * number. Only where there are sketches.
 */
export function scanSketches(k: u32, most: u32, shortlist: u32): u32 {
  probeSketches();
  const nearest = listNearest(shortlist);
  orderListed();
  size = 0;
  limit = most;
  for (let i: u32 = 0; i < nearest; ) {
    const bound: f32 = size == limit ? keyOf(load<u64>(entryAt(pool, k - 1))) : Infinity;
    let listed: u32 = 0;
    for (; i < nearest && listed < GROUP; i++) {
      const slot = shortlisted(i);
      if (leastCodeKey(slot, shortlistedKey(i)) > bound) continue;
      putWord(slots, listed++, slot);
    }
    collectMeasured(listed);
  }
  return size;
}

/** Puts listed slots, each for itself, into the pool. */
function collectMeasured(listed: u32): void {
  measure(slots, listed, keys);
  let farthest: f32 = size == limit ? keyOf(load<u64>(entryAt(pool, size - 1))) : Infinity;
  for (let i: u32 = 0; i < listed; i++) {
    const key = floatIn(keys, i);
    if (key > farthest) continue;
    insertEntry(size, limit, entryOf(key, wordIn(slots, i)));
    if (size < limit) size++;
    if (size == limit) farthest = keyOf(load<u64>(entryAt(pool, size - 1)));
  }
}

/**
 * The two-hop walk, from the neighbourhood of `start` and from about `seeds` admitted nodes. Leaves the `most` nearest
 * that it finds in the pool, ascending, and returns their number.
 */
export function walkTwoHops(start: u32, most: u32, seeds: u32): u32 {
  size = 0;
  limit = most;
  expanded = 0;
  hasTwins = load<u32>(TWINS_AT) != 0;
  clearBits(visitedBits, horizon);
  collectListed(listSeeds(seeds));
  if (isMember(start) && setBit(visitedBits, start)) collect(start, keyOfSlot(start));
  else collectListed(listTwoHops(start));
  let current: u32 = 0;
  while (current < size) {
    const node = load<u64>(entryAt(pool, current));
    if ((node & 1) != 0) {
      current++;
      continue;
    }
    store<u64>(entryAt(pool, current), node | 1);
    current = min(current + 1, collectListed(listTwoHops(representative(slotOfEntry(node)))));
  }
  return size;
}

/** The node that stands in the graph for a slot: itself, or the one that it is a twin of. */
@inline
function representative(slot: u32): u32 {
  if (!hasTwins) return slot;
  const record = recordAt(slot);
  return (load<u32>(record, RECORD_ROLE) & <u32>TWIN_ROLE) != 0 ? load<u32>(record, RECORD_PARENT) : slot;
}

/** Whether a node of the graph is admitted, itself or by one of its twins. */
@inline
function isMember(slot: u32): bool {
  return admits(slot) || (hasTwins && hasAdmittedTwin(slot));
}

function hasAdmittedTwin(slot: u32): bool {
  let twin = load<u32>(recordAt(slot), RECORD_TWIN);
  while (twin < horizon) {
    if (admits(twin)) return true;
    twin = load<u32>(recordAt(twin), RECORD_TWIN);
  }
  return false;
}

/** Lists unvisited nodes that stand for admitted slots, one every `admittedEnd / seeds` slots or so. */
function listSeeds(seeds: u32): u32 {
  const words = (admittedEnd + 31) >>> 5;
  const step = max<u32>(1, words / seeds);
  let listed: u32 = 0;
  for (let word: u32 = 0; word < words; word += step) {
    let at = word;
    const end = min(word + step, words);
    while (at < end && allowedWord(at << 5) == 0) at++;
    if (at == end) continue;
    const slot = representative((at << 5) + ctz<u32>(allowedWord(at << 5)));
    if (setBit(visitedBits, slot)) putWord(slots, listed++, slot);
  }
  return listed;
}

/**
 * Lists the unvisited members among a node's neighbours and, while those are fewer than a node has links, among the
 * neighbours of its other neighbours. Marks them, and the bridges it went over, as visited.
 */
function listTwoHops(slot: u32): u32 {
  expanded++;
  const links = linksAt(slot, 0);
  const end = links + 4 + (<usize>atomic.load<u32>(links) << 2);
  let listed: u32 = 0;
  let bridges: u32 = 0;
  for (let at = links + 4; at < end; at += 4) {
    const neighbour = load<u32>(at);
    if (neighbour >= horizon || hasBit(visitedBits, neighbour)) continue;
    if (isMember(neighbour)) {
      setBit(visitedBits, neighbour);
      putWord(slots, listed++, neighbour);
      sink ^= load<u32>(recordAt(neighbour));
    } else {
      putWord(chosen, bridges++, neighbour);
      sink ^= load<u32>(linksAt(neighbour, 0));
    }
  }
  for (let i: u32 = 0; i < bridges && listed < 2 * m; i++) listed = listOver(wordIn(chosen, i), listed);
  return listed;
}

/** Adds a bridge's unvisited members to `listed` ones. */
function listOver(bridge: u32, listed: u32): u32 {
  setBit(visitedBits, bridge);
  const links = linksAt(bridge, 0);
  const end = links + 4 + (<usize>atomic.load<u32>(links) << 2);
  for (let at = links + 4; at < end; at += 4) {
    const neighbour = load<u32>(at);
    if (neighbour >= horizon || !isMember(neighbour) || !setBit(visitedBits, neighbour)) continue;
    putWord(slots, listed++, neighbour);
    sink ^= load<u32>(recordAt(neighbour));
  }
  return listed;
}

/** Measures the listed nodes and collects them. Returns the first place in the pool that has changed. */
function collectListed(listed: u32): u32 {
  measure(slots, listed, keys);
  let first = limit;
  for (let i: u32 = 0; i < listed; i++) first = min(first, collect(wordIn(slots, i), floatIn(keys, i)));
  return first;
}

/** Puts the admitted of a node and its twins into the pool; the first of them is the one to expand. */
function collect(slot: u32, key: f32): u32 {
  let first = limit;
  let mark: u64 = 0;
  for (let member = slot; member < horizon; member = load<u32>(recordAt(member), RECORD_TWIN)) {
    if (!admits(member)) continue;
    const place = insertEntry(size, limit, entryOf(key, member) | mark);
    if (place == limit) break;
    if (size < limit) size++;
    first = min(first, place);
    mark = 1;
  }
  return first;
}
