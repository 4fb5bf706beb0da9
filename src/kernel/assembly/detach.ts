/**
 * The first half of a consolidation: takes tombstones out of the spanning tree and out of the lists of twins, one by one.
 * After each the graph is whole: whatever is not detached can be reached. What is detached keeps its links, so that a walk
 * that is at it finds its way on; the second half, repair.ts, sees to it that nothing leads there any more.
 */
import { putWord, wordIn } from './list';
import { addLink, takesChildren } from './neighbours';
import { DETACHED_ROLE, ENTRY_AT, RECORD_PARENT, RECORD_ROLE, RECORD_TWIN } from './offsets';
import { firstChild } from './parents';
import { isDetached, isTwin } from './roles';
import { frontier as own, isLive, lastTwinAt, levelOf, linksAt, none, publishedCount, recordAt } from './segment';

/** Moves the entry from a tombstone to a live node of the highest layer there is, if any lives. */
export function moveEntry(): void {
  if (isLive(load<u32>(ENTRY_AT))) return;
  const count = publishedCount();
  let best = none();
  for (let slot: u32 = 0; slot < count; slot++) {
    if (isLive(slot) && !isTwin(slot) && (best == none() || levelOf(slot) > levelOf(best))) best = slot;
  }
  if (best != none()) atomic.store<u32>(ENTRY_AT, best);
}

/** Takes the dead out of a node's list of twins. A walk that is at one of them goes on from there. */
function dropDeadTwins(head: u32): void {
  let before = head;
  let twin = load<u32>(recordAt(head), RECORD_TWIN);
  while (twin != none()) {
    if (isLive(twin)) {
      if (load<u32>(recordAt(before), RECORD_TWIN) != twin) store<u32>(recordAt(before), twin, RECORD_TWIN);
      before = twin;
    } else {
      store<u32>(recordAt(twin), <u32>DETACHED_ROLE, RECORD_ROLE);
    }
    twin = load<u32>(recordAt(twin), RECORD_TWIN);
  }
  store<u32>(recordAt(before), none(), RECORD_TWIN);
  store<u32>(lastTwinAt(head), before == head ? none() : before);
}

/** Lists the children of a node; returns their number. They are in its links, as tree edges are never dropped. */
function listChildren(slot: u32): u32 {
  const links = linksAt(slot, 0);
  const count = load<u32>(links);
  let listed: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const child = wordIn(links + 4, i);
    if (load<u32>(recordAt(child), RECORD_PARENT) == slot) putWord(own, listed++, child);
  }
  return listed;
}

/** Makes sure of a link of a tree edge, in the place of the one to a node that goes, or else beside the others. */
function linkInstead(owner: u32, target: u32, gone: u32): void {
  const links = linksAt(owner, 0);
  const count = load<u32>(links);
  let place = none();
  for (let i: u32 = 0; i < count; i++) {
    const link = wordIn(links + 4, i);
    if (link == target) return;
    if (link == gone) place = i;
  }
  if (place == none()) addLink(owner, target, 0);
  else putWord(links + 4, place, target);
}

/** Hangs an orphan of `gone` below a node that takes it. */
function hang(orphan: u32, parent: u32, gone: u32): void {
  store<u32>(recordAt(orphan), parent, RECORD_PARENT);
  store<u32>(recordAt(parent), load<u32>(recordAt(parent), RECORD_ROLE) + 1, RECORD_ROLE);
  linkInstead(parent, orphan, gone);
  linkInstead(orphan, parent, gone);
}

/**
 * A node for the orphan at `index` of the list: the grandparent, else a sibling that was hung before it, else a node
 * below the first of these. None of them lies below the orphan, so no circle comes to be.
 */
function findFoster(grandparent: u32, index: u32): u32 {
  if (grandparent != none() && takesChildren(grandparent)) return grandparent;
  for (let i: u32 = 0; i < index; i++) {
    if (takesChildren(wordIn(own, i))) return wordIn(own, i);
  }
  let slot = wordIn(own, 0);
  while (!takesChildren(slot)) slot = firstChild(slot);
  return slot;
}

/** Makes a child of the root that goes the new root: a live one if there is any. It comes first in the list. */
function crown(children: u32): void {
  let heir: u32 = 0;
  while (heir + 1 < children && !isLive(wordIn(own, heir))) heir++;
  if (!isLive(wordIn(own, heir))) heir = 0;
  const root = wordIn(own, heir);
  putWord(own, heir, wordIn(own, 0));
  putWord(own, 0, root);
  store<u32>(recordAt(root), none(), RECORD_PARENT);
}

/** Takes a tombstone out of the tree: its children go to its parent, or to each other. */
function detach(slot: u32): void {
  const record = recordAt(slot);
  const parent = load<u32>(record, RECORD_PARENT);
  const children = listChildren(slot);
  if (parent == none() && children == 0) return;
  store<u32>(record, <u32>DETACHED_ROLE, RECORD_ROLE);
  store<u32>(record, none(), RECORD_PARENT);
  let next: u32 = 0;
  if (parent == none()) {
    crown(children);
    next = 1;
  } else {
    store<u32>(recordAt(parent), load<u32>(recordAt(parent), RECORD_ROLE) - 1, RECORD_ROLE);
  }
  for (; next < children; next++) hang(wordIn(own, next), findFoster(parent, next), slot);
}

/**
 * Detaches the tombstones among the slots from `from` up to `end`, but for those that stand for live twins, the entry, and
 * the last node of all. Returns how many tombstones there are, detached or not.
 */
export function detachSlots(from: u32, end: u32): u32 {
  let dead: u32 = 0;
  for (let slot = from; slot < end; slot++) {
    const live = isLive(slot);
    if (!live) dead++;
    if (isDetached(slot) || isTwin(slot)) continue;
    if (load<u32>(recordAt(slot), RECORD_TWIN) != none()) dropDeadTwins(slot);
    const isAlone = load<u32>(recordAt(slot), RECORD_TWIN) == none();
    if (!live && isAlone && slot != load<u32>(ENTRY_AT)) detach(slot);
  }
  return dead;
}
