/**
 * The second half of a consolidation (FreshDiskANN: Singh et al. 2021, arXiv 2105.09613, section 4.2): a node that has
 * links to detached ones drops them, and takes links from theirs instead. Links that stay are not chosen anew: they were
 * chosen against each other before. New links are linked back, as in an insertion: without that recall@10 at effort 16 is .010
 * to .014 lower after ten turnovers of 5,000 × 64.
 */
import { isDetached, isTwin } from './roles';
import { entryAt, entryOf, keyOf, slotOfEntry } from './heap';
import { floatIn, putWord, setBit, wordIn } from './list';
import { addLink, isCovered, storeLinks } from './neighbours';
import { insertEntry } from './pool';
import { measure, probeNode, probeNodeByRow } from './probe';
import {
  chosen, efConstruction, frontier as own, isLive, keys, levelOf, linksAt, m, pool, slots, visitedBits,
} from './segment';
import { beginWalk, descend, entry, pooledSlot, walkLayer } from './walk';

/** Candidates measured for one node and layer, and the nearest of them that are looked at. */
const MOST_MEASURED: u32 = 1024;
const MOST_CANDIDATES: u32 = 64;

/** Repairs the links of all nodes from `from` up to `end`, on all of their layers. */
export function repairSlots(from: u32, end: u32): void {
  for (let slot = from; slot < end; slot++) {
    if (!isLive(slot) && isDetached(slot)) continue;
    if (isTwin(slot)) continue;
    const top = levelOf(slot);
    for (let level: u32 = 0; level <= top; level++) repairLayer(slot, level);
  }
}

@inline
function isGone(slot: u32): bool {
  return !isLive(slot) && isDetached(slot);
}

function repairLayer(slot: u32, level: u32): void {
  const links = linksAt(slot, level);
  const count = load<u32>(links);
  let kept: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const link = wordIn(links + 4, i);
    if (!isGone(link)) putWord(chosen, kept++, link);
  }
  if (kept == count) return;
  const limit = level == 0 ? 2 * m : m;
  const pooled = poolListed(slot, listBeyond(slot, level, kept));
  const picked = choose(pooled, kept, limit);
  linkChosen(slot, level, kept, picked);
  if (picked < min(count, (m + 1) >>> 1)) linkAnew(slot, level);
}

/** Forgets that a slot and its neighbours in the bitmap's word have been visited. */
@inline
function forget(slot: u32): void {
  store<u32>(visitedBits + (<usize>(slot >>> 5) << 2), 0);
}

/** Lists the live neighbours of the node's lost neighbours, without itself and what it is linked to; each once. */
function listBeyond(slot: u32, level: u32, kept: u32): u32 {
  let listed: u32 = 0;
  for (let round = 0; round < 2; round++) {
    if (round == 1) {
      setBit(visitedBits, slot);
      for (let i: u32 = 0; i < kept; i++) setBit(visitedBits, wordIn(chosen, i));
    } else {
      forget(slot);
      for (let i: u32 = 0; i < kept; i++) forget(wordIn(chosen, i));
    }
    const links = linksAt(slot, level);
    const count = load<u32>(links);
    for (let i: u32 = 0; i < count; i++) {
      const lost = wordIn(links + 4, i);
      if (!isGone(lost)) continue;
      const beyond = linksAt(lost, level);
      const ends = load<u32>(beyond);
      for (let j: u32 = 0; j < ends; j++) {
        const candidate = wordIn(beyond + 4, j);
        if (!isLive(candidate)) continue;
        if (round == 0) forget(candidate);
        else if (listed < MOST_MEASURED && setBit(visitedBits, candidate)) putWord(slots, listed++, candidate);
      }
    }
  }
  return listed;
}

/** Puts the nearest of the listed slots into the pool; returns their number. Makes the node the probe. */
function poolListed(slot: u32, listed: u32): u32 {
  probeNode(slot);
  measure(slots, listed, keys);
  let pooled: u32 = 0;
  for (let i: u32 = 0; i < listed; i++) {
    const place = insertEntry(pooled, MOST_CANDIDATES, entryOf(floatIn(keys, i), wordIn(slots, i)));
    if (place < MOST_CANDIDATES && pooled < MOST_CANDIDATES) pooled++;
  }
  return pooled;
}

/**
 * Adds pooled nodes, from near to far, to the `kept` chosen ones until there are `limit`: each that is nearer to the node
 * than to any chosen before. Returns how many there are.
 */
function choose(pooled: u32, kept: u32, limit: u32): u32 {
  let picked = kept;
  for (let i: u32 = 0; i < pooled && picked < limit; i++) {
    const candidate = load<u64>(entryAt(pool, i));
    probeNode(slotOfEntry(candidate));
    if (picked > 0 && isCovered(picked, keyOf(candidate))) continue;
    putWord(chosen, picked++, slotOfEntry(candidate));
  }
  return picked;
}

function hasLink(owner: u32, target: u32, level: u32): bool {
  const links = linksAt(owner, level);
  const count = load<u32>(links);
  for (let i: u32 = 0; i < count; i++) {
    if (wordIn(links + 4, i) == target) return true;
  }
  return false;
}

/** Writes the chosen list as the node's links, and links back from those after the first `kept`. */
function linkChosen(slot: u32, level: u32, kept: u32, picked: u32): void {
  storeLinks(slot, level, picked);
  for (let i = kept; i < picked; i++) putWord(own, i, wordIn(chosen, i));
  for (let i = kept; i < picked; i++) {
    if (!hasLink(wordIn(own, i), slot, level)) addLink(wordIn(own, i), slot, level);
  }
}

/** Where a node has lost nearly all around it: looks for more neighbours by a walk, as an insertion does. */
function linkAnew(slot: u32, level: u32): void {
  beginWalk();
  if (level > levelOf(entry)) return;
  probeNodeByRow(slot);
  const walked = walkLayer(descend(level), level, efConstruction, false);
  let pooled: u32 = 0;
  for (let i: u32 = 0; i < walked; i++) {
    const candidate = pooledSlot(i);
    if (candidate == slot || !isLive(candidate) || isTwin(candidate) || hasLink(slot, candidate, level)) continue;
    store<u64>(entryAt(pool, pooled++), load<u64>(entryAt(pool, i)));
  }
  const links = linksAt(slot, level);
  const kept = load<u32>(links);
  for (let i: u32 = 0; i < kept; i++) putWord(chosen, i, wordIn(links + 4, i));
  linkChosen(slot, level, kept, choose(pooled, kept, m));
}
