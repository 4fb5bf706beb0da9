/** What checks and tests look at. */
import { isDetached, isTwin } from './roles';
import { putWord, wordIn } from './list';
import { RECORD_PARENT, RECORD_TWIN } from './offsets';
import { levelOf, linksAt, recordAt, slots } from './segment';

/** Leaves the links of a slot on a layer in the zone's list and returns their number. */
export function linksOf(slot: u32, level: u32): u32 {
  const links = linksAt(slot, level);
  const count = load<u32>(links);
  for (let i: u32 = 0; i < count; i++) {
    putWord(slots, i, wordIn(links + 4, i));
  }
  return count;
}

/** The next node with the same code, or NO_SLOT. */
export function twinOf(slot: u32): u32 {
  return load<u32>(recordAt(slot), RECORD_TWIN);
}

/** The node whose link keeps this one reachable, or NO_SLOT. */
export function parentOf(slot: u32): u32 {
  return load<u32>(recordAt(slot), RECORD_PARENT);
}

/** The highest layer of a slot. */
export function layerOf(slot: u32): u32 {
  return levelOf(slot);
}

/** 0 for a tombstone that a consolidation has taken out of the graph. */
export function isAttached(slot: u32): u32 {
  return isDetached(slot) ? 0 : 1;
}

/** 1 for a node that stands behind another one of equal code. */
export function isHidden(slot: u32): u32 {
  return isTwin(slot) ? 1 : 0;
}
