/** Insertion of rows; the row to insert lies in the zone's query area. By one thread, but for {@link linkNodes}. */
import { putWord, wordIn } from './list';
import { lockNode, shareLinking, unlockNode } from './lock';
import { addLink, chooseNeighbours, storeLinks } from './neighbours';
import {
  BUILD_AT, BUILD_FIRST, BUILD_SIGNED, BUILD_UNLINKED, BUILD_WORDS, ENTRY_AT, RECORD_BASE, RECORD_PARENT,
} from './offsets';
import { noteBase, probeNodeByRow } from './probe';
import {
  efConstruction, frontier as own, levelOf, linksAt, m, none, order, publish, publishedCount, recordAt, starts,
} from './segment';
import { admitSigns, hasSigns, isCentreDueWithin, moveCentre } from './signs';
import { encodeNode, storeNode, storeRow, storeSigned, storeBits } from './store';
import { findParent } from './parents';
import { appendTwin, findTwin } from './twins';
import { beginWalk, descend, entry, pooledSlot, walkLayer, walkUntilSettled } from './walk';

/**
 * Rounds of four expansions after which a walk to a new node's place ends, if they found nothing among its 2 m nearest:
 * in clustered data half of the beam's breadth is spent on proving what is known. At equal effort recall@10 falls by
 * .000 to .003 and the comparisons of a search by 3 to 15 %, so that at equal work it is the same or better; a build
 * takes 7 % (one cloud of 64 dimensions) to 40 % less time. Half of that comes from {@link CANDIDATES}.
 */
const PATIENCE: u32 = 6;

/** So many times m of the nearest found are candidates for the new node's links. */
const CANDIDATES: u32 = 4;

/** How many appended nodes are not linked yet. */
const UNLINKED_AT: usize = BUILD_AT + (BUILD_UNLINKED << 2);

/** The first of them. */
const FIRST_AT: usize = BUILD_AT + (BUILD_FIRST << 2);

/** The first slot whose signs are to be written. */
const SIGNED_AT: usize = BUILD_AT + (BUILD_SIGNED << 2);

/** Adds the row to a FLAT index. */
export function insertRow(ordinal: u32): void {
  const slot = publishedCount();
  storeRow(slot, ordinal);
  storeSigned(slot);
  publish();
}

/** Links a node from its first `count` own neighbours on a layer, too; `but` one has such a link. */
function linkBack(slot: u32, level: u32, count: u32, but: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const neighbour = wordIn(own, i);
    if (neighbour == but) continue;
    lockNode(neighbour);
    addLink(neighbour, slot, level);
    unlockNode(neighbour);
  }
}

/** Copies a node's links: once it can be met, others may add to them. Returns their number. */
function copyLinks(slot: u32, level: u32): u32 {
  const links = linksAt(slot, level);
  const count = load<u32>(links);
  for (let i: u32 = 0; i < count; i++) putWord(own, i, wordIn(links + 4, i));
  return count;
}

/** Makes a node of a layer above all others the entry, if no other thread has been quicker. */
function raiseEntry(slot: u32, level: u32): void {
  let current = atomic.load<u32>(ENTRY_AT);
  while (levelOf(current) < level) {
    const found = atomic.cmpxchg<u32>(ENTRY_AT, current, slot);
    if (found == current) return;
    current = found;
  }
}

/**
 * Links a stored node into the graph (Malkov & Yashunin 2016, algorithm 1): walks to its place on each of its layers,
 * chooses its neighbours, and only then lets others link to it. So whatever a walk meets has links of its own. The walk
 * on the node's highest layer begins at `start`, or, if that is NO_SLOT, where a greedy walk from the entry ends.
 */
export function linkNode(slot: u32, start: u32): void {
  beginWalk();
  probeNodeByRow(slot);
  const level = levelOf(slot);
  const top = levelOf(entry);
  let near = start == none() ? descend(level) : start;
  for (let layer = min(level, top); layer > 0; layer--) {
    const pooled = walkLayer(near, layer, efConstruction, false);
    near = pooledSlot(0);
    storeLinks(slot, layer, chooseNeighbours(pooled, m, none()));
    probeNodeByRow(slot);
  }
  const pooled = walkUntilSettled(near, 0, efConstruction, false, 2 * m, PATIENCE);
  const original = findTwin(slot, pooled);
  if (original != none()) {
    appendTwin(original, slot);
    return;
  }
  storeLinks(slot, 0, chooseNeighbours(min(pooled, CANDIDATES * m), m, none()));
  const count = findParent(slot, own, copyLinks(slot, 0));
  linkBack(slot, 0, count, load<u32>(recordAt(slot), RECORD_PARENT));
  for (let layer: u32 = 1; layer <= min(level, top); layer++) linkBack(slot, layer, copyLinks(slot, layer), none());
  if (level > top) raiseEntry(slot, level);
}

/** Clears what the threads of the build before left, for one that begins with this slot. */
function beginBuild(slot: u32): void {
  memory.fill(BUILD_AT, 0, BUILD_WORDS << 2);
  atomic.store<u32>(FIRST_AT, slot);
}

/**
 * Writes the query row into the next slot and publishes it: exact scans see it, comparing rows alone until the build is
 * done. The build makes a node of it, which walks see once it is linked, since nothing leads to it before.
 */
export function appendNode(ordinal: u32): void {
  const slot = publishedCount();
  storeRow(slot, ordinal);
  if (load<u32>(UNLINKED_AT) == 0) beginBuild(slot);
  atomic.add<u32>(UNLINKED_AT, 1);
  publish();
}

/** Before the appended rows up to `end` are encoded: moves the centre, of sketches or binary codes, if that is due. */
export function beginEncoding(end: u32): void {
  const first = load<u32>(FIRST_AT);
  const isMoved = hasSigns(end) && isCentreDueWithin(first, end);
  if (isMoved) moveCentre(end);
  atomic.store<u32>(SIGNED_AT, isMoved ? 0 : first);
}

/** Makes nodes of the appended rows among those from `from` to `to`, and writes signs; of `end` rows in all. */
export function encodeNodes(from: u32, to: u32, end: u32): void {
  const first = load<u32>(FIRST_AT);
  const isSigned = hasSigns(end);
  for (let slot = from; slot < to; slot++) {
    if (slot >= first) encodeNode(slot);
    if (isSigned) storeBits(slot);
  }
}

/**
 * After all appended rows up to `end` have been encoded: notes what linking has to know of all of them. The first node of
 * an index needs no links: it is the root of the tree and the entry.
 */
export function settleEncoding(end: u32): void {
  const first = load<u32>(FIRST_AT);
  for (let slot = first; slot < end; slot++) noteBase(load<f32>(recordAt(slot), RECORD_BASE), slot);
  admitSigns(end);
  if (first > 0) return;
  atomic.store<u32>(ENTRY_AT, 0);
  atomic.sub<u32>(UNLINKED_AT, 1);
}

/** Adds the row to an HNSW index in which every node is linked. */
export function insertNode(ordinal: u32): void {
  const slot = publishedCount();
  storeNode(slot, ordinal);
  if (slot == 0) atomic.store<u32>(ENTRY_AT, 0);
  publish();
  if (slot > 0) linkNode(slot, none());
}

/**
 * Links the nodes at places `from` to `end` of the build's order, beside other threads that link those at other places.
 */
export function linkNodes(from: u32, end: u32): void {
  shareLinking(true);
  for (let at = from; at < end; at++) {
    const slot = wordIn(order, at);
    linkNode(slot, wordIn(starts, slot));
    atomic.sub<u32>(UNLINKED_AT, 1);
  }
  shareLinking(false);
}

/** Notes for the slots from `from` to `end` where a walk to them on their highest layer should begin. */
export function placeNodes(from: u32, end: u32): void {
  beginWalk();
  for (let slot = from; slot < end; slot++) {
    probeNodeByRow(slot);
    putWord(starts, slot, descend(levelOf(slot)));
  }
}
