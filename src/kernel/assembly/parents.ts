/** The spanning tree, whose edges are links that are never dropped; see isTreeEdge in neighbours.ts. */
import { putWord, wordIn } from './list';
import { lockNode, unlockNode } from './lock';
import { addLink, takesChildren } from './neighbours';
import { ENTRY_AT, RECORD_PARENT, RECORD_ROLE } from './offsets';
import { isDetached } from './roles';
import { linksAt, recordAt } from './segment';

/**
 * Makes a node the child of another and links it from there, unless that has all the children that it may. Both are
 * done under one lock: so a node that is full has links to all of its children.
 */
function adopt(parent: u32, slot: u32): bool {
  lockNode(parent);
  const takes = takesChildren(parent);
  if (takes) {
    store<u32>(recordAt(slot), parent, RECORD_PARENT);
    const role = load<u32>(recordAt(parent), RECORD_ROLE);
    store<u32>(recordAt(parent), role + 1, RECORD_ROLE);
    addLink(parent, slot, 0);
  }
  unlockNode(parent);
  return takes;
}

/** A child of a node that has all it may; it is in the node's links, as tree edges are never dropped. */
export function firstChild(slot: u32): u32 {
  lockNode(slot);
  let at = linksAt(slot, 0) + 4;
  while (load<u32>(recordAt(load<u32>(at)), RECORD_PARENT) != slot) at += 4;
  const child = load<u32>(at);
  unlockNode(slot);
  return child;
}

/**
 * Finds the node a parent: the first of its `picked` neighbours on level 0 (at `own`, nearest first) that takes another
 * child, else one further down the tree from the nearest, which becomes a neighbour, too. From
 * here on the node can be met by walks, so its own links are complete by then. Returns the number of its neighbours.
 */
export function findParent(slot: u32, own: usize, picked: u32): u32 {
  for (let i: u32 = 0; i < picked; i++) {
    if (adopt(wordIn(own, i), slot)) return picked;
  }
  let below = firstAttached(own, picked);
  while (!adoptAsLast(below, slot, own, picked)) below = firstChild(below);
  return picked + 1;
}

/** The first of some nodes that is part of the graph; the entry, which always is, if none of them is. */
function firstAttached(own: usize, picked: u32): u32 {
  for (let i: u32 = 0; i < picked; i++) {
    if (!isDetached(wordIn(own, i))) return firstChild(wordIn(own, i));
  }
  return atomic.load<u32>(ENTRY_AT);
}

/** Writes a node behind the new one's `picked` neighbours, and tries to make it the parent. */
function adoptAsLast(parent: u32, slot: u32, own: usize, picked: u32): bool {
  putWord(own, picked, parent);
  putWord(linksAt(slot, 0) + 4, picked, parent);
  atomic.store<u32>(linksAt(slot, 0), picked + 1);
  return adopt(parent, slot);
}
