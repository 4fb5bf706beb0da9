/** Insertion of rows, by the writer alone. The row to insert lies in the zone's query area. */
import { codeSum, encodeRow, inverseNorm, sameBytes } from './encode';
import {
  ENTRY_AT, METRIC_COSINE, RECORD_BASE, RECORD_CODE_SUM, RECORD_INVERSE, RECORD_LAST_TWIN, RECORD_PARENT, RECORD_ROLE,
  RECORD_SCALE, RECORD_TWIN, TWIN_ROLE,
} from './offsets';
import { putWord, wordIn } from './list';
import { addLink, chooseNeighbours, storeLinks, takesChildren } from './neighbours';
import { baseOfCode, baseOfRow, noteBase, probeNode } from './probe';
import {
  chosen, codeBytes, codeOf, dimension, efConstruction, inverseAt, levelOf, linksAt, m, metric, none, ordinalAt, publish,
  publishedCount, query, recordAt, rowAt, rowBytes,
} from './segment';
import { beginWalk, descend, entry, keyOfSlot, pooledKey, pooledSlot, walkLayer } from './walk';

/** Writes the query row into the next slot, unpublished. */
function storeRow(slot: u32, ordinal: u32): void {
  const row = rowAt(slot);
  for (let at: usize = 0; at < rowBytes; at += 16) v128.store(row + at, v128.load(query + at));
  store<f32>(inverseAt(slot), metric == METRIC_COSINE ? inverseNorm(row, rowBytes) : 1);
  store<u32>(ordinalAt(slot), ordinal);
}

/** Adds the row to a FLAT index. */
export function insertRow(ordinal: u32): void {
  storeRow(publishedCount(), ordinal);
  publish();
}

/** Writes a node without links into the next slot. */
function storeNode(slot: u32, ordinal: u32): void {
  storeRow(slot, ordinal);
  const record = recordAt(slot);
  store<u32>(record, none(), RECORD_PARENT);
  store<u32>(record, none(), RECORD_TWIN);
  store<u32>(record, none(), RECORD_LAST_TWIN);
  store<u32>(record, 0, RECORD_ROLE);
  for (let level: u32 = 0; level <= levelOf(slot); level++) store<u32>(linksAt(slot, level), 0);
  if (codeBytes == 0) store<f32>(record, baseOfRow(rowAt(slot)), RECORD_BASE);
  else storeCode(slot, record);
  noteBase(load<f32>(record, RECORD_BASE));
}

function storeCode(slot: u32, record: usize): void {
  const code = codeOf(record);
  let scale = encodeRow(rowAt(slot), dimension, code, codeBytes);
  if (metric == METRIC_COSINE) scale *= load<f32>(record, RECORD_INVERSE);
  store<f32>(record, scale, RECORD_SCALE);
  store<f32>(record, baseOfCode(scale, code), RECORD_BASE);
  store<i32>(record, codeSum(code, codeBytes), RECORD_CODE_SUM);
}

/** Whether walks cannot tell two nodes apart. */
function areTwins(a: u32, b: u32): bool {
  const x = recordAt(a);
  const y = recordAt(b);
  if (codeBytes == 0) return sameBytes(rowAt(a), rowAt(b), rowBytes);
  return load<f32>(x, RECORD_SCALE) == load<f32>(y, RECORD_SCALE) && sameBytes(codeOf(x), codeOf(y), codeBytes);
}

/** A node among the pool's first `count` entries that is the same to walks as `slot`, the probe; or NO_SLOT. */
function findTwin(slot: u32, count: u32): u32 {
  const key = keyOfSlot(slot);
  for (let i: u32 = 0; i < count; i++) {
    if (pooledKey(i) == key && areTwins(slot, pooledSlot(i))) return pooledSlot(i);
  }
  return none();
}

/**
 * Hangs a node behind the one that it equals. Thousands of equal nodes would otherwise fill each other's lists and
 * cut themselves, and what lies behind them, off from the rest; now one of them stands in the graph for all. The
 * new one is put last, so that a reader with an older horizon still sees every twin before it.
 */
function appendTwin(original: u32, slot: u32): void {
  const head = recordAt(original);
  const record = recordAt(slot);
  store<u32>(record, original, RECORD_PARENT);
  store<u32>(record, <u32>TWIN_ROLE, RECORD_ROLE);
  const last = load<u32>(head, RECORD_LAST_TWIN);
  publish();
  store<u32>(last == none() ? head : recordAt(last), slot, RECORD_TWIN);
  store<u32>(head, slot, RECORD_LAST_TWIN);
}

/** A node that takes another child: the first such among the chosen, else further down the tree from the nearest. */
function findParent(picked: u32): u32 {
  for (let i: u32 = 0; i < picked; i++) {
    const slot = wordIn(chosen, i);
    if (takesChildren(slot)) return slot;
  }
  let slot = load<u32>(chosen);
  while (!takesChildren(slot)) slot = firstChild(slot);
  return slot;
}

/** A child of a node that has some; it is in the node's links, as tree edges are never dropped. */
function firstChild(slot: u32): u32 {
  const links = linksAt(slot, 0);
  let at = links + 4;
  while (load<u32>(recordAt(load<u32>(at)), RECORD_PARENT) != slot) at += 4;
  return load<u32>(at);
}

/** Chooses the new node's neighbours on level 0 and its parent. */
function chooseGround(slot: u32, pooled: u32): void {
  let picked = chooseNeighbours(pooled, m, none());
  const parent = findParent(picked);
  let known = false;
  for (let i: u32 = 0; i < picked; i++) known = known || wordIn(chosen, i) == parent;
  if (!known) putWord(chosen, picked++, parent);
  store<u32>(recordAt(slot), parent, RECORD_PARENT);
  const role = load<u32>(recordAt(parent), RECORD_ROLE);
  store<u32>(recordAt(parent), role + 1, RECORD_ROLE);
  storeLinks(slot, 0, picked);
}

/** Links the published node from each of its neighbours, too. */
function linkBack(slot: u32, level: u32): void {
  const links = linksAt(slot, level);
  const count = load<u32>(links);
  for (let i: u32 = 0; i < count; i++) addLink(wordIn(links + 4, i), slot, level);
}

/**
 * Adds the row to an HNSW index (Malkov & Yashunin 2016, algorithm 1): walks to its place on each of its layers,
 * chooses its neighbours, publishes it, and only then lets others link to it.
 */
export function insertNode(ordinal: u32): void {
  const slot = publishedCount();
  storeNode(slot, ordinal);
  if (slot == 0) {
    atomic.store<u32>(ENTRY_AT, 0);
    publish();
    return;
  }
  beginWalk();
  probeNode(slot);
  const level = levelOf(slot);
  const top = levelOf(entry);
  let near = descend(level);
  for (let layer = min(level, top); layer > 0; layer--) {
    const pooled = walkLayer(near, layer, efConstruction, false);
    near = pooledSlot(0);
    storeLinks(slot, layer, chooseNeighbours(pooled, m, none()));
    probeNode(slot);
  }
  const pooled = walkLayer(near, 0, efConstruction, false);
  const original = findTwin(slot, pooled);
  if (original != none()) {
    appendTwin(original, slot);
    return;
  }
  chooseGround(slot, pooled);
  publish();
  for (let layer: u32 = 0; layer <= min(level, top); layer++) linkBack(slot, layer);
  if (level > top) atomic.store<u32>(ENTRY_AT, slot);
}
