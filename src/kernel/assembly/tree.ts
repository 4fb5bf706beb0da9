/**
 * The tables of a KD_TREE. A leaf holds 32 points in vertical order, a node the boxes around its four children. The tree
 * is implicit: leaf i has the points 32 i … 32 i + 31 of the order, and node i of a level the nodes (on level 1, the
 * leaves) 4 i … 4 i + 3 of the level below. Only the last of a level may have fewer.
 */
import { LEAF_POINTS, NODE_CHILDREN, TREE_HEAD_BYTES, TREE_LEVELS, TREE_PEAK, TREE_POINTS, TREE_TOP } from './offsets';
import { dimension, tables } from './segment';

/** Points in leaves, and the leaves. */
export let points: u32 = 0;
export let leaves: u32 = 0;
/** The level of the root; leaves are level 0. */
export let top: u32 = 0;
export let peak: f32 = 0;
/** Where the slots of the points lie, in their order. */
export let order: usize = 0;
/** Bytes of a point in a leaf. */
export let pointBytes: usize = 0;
let leavesAt: usize = 0;
let nodesAt: usize = 0;

/** Nodes of a level, or the leaves. */
@inline
export function nodesOn(level: u32): u32 {
  return (leaves + (1 << (level << 1)) - 1) >> (level << 1);
}

@inline
export function leafAt(leaf: u32): usize {
  return leavesAt + <usize>leaf * (pointBytes * LEAF_POINTS);
}

@inline
export function nodeAt(level: u32, index: u32): usize {
  const first = load<u32>(tables + (<usize>level << 2), TREE_LEVELS);
  return nodesAt + <usize>(first + index) * (pointBytes * (2 * NODE_CHILDREN));
}

/** Reads the head of tables that cover the first `tabled` slots. */
export function readTree(tabled: u32): void {
  pointBytes = <usize>dimension << 2;
  points = load<u32>(tables, TREE_POINTS);
  peak = load<f32>(tables, TREE_PEAK);
  top = load<u32>(tables, TREE_TOP);
  leaves = (points + LEAF_POINTS - 1) / LEAF_POINTS;
  order = tables + TREE_HEAD_BYTES;
  leavesAt = (order + (<usize>tabled << 2) + 63) & ~63;
  nodesAt = leavesAt + <usize>leaves * (pointBytes * LEAF_POINTS);
}

/** Numbers the nodes once the points are known, marks all their children as absent, and returns how many there are. */
export function layNodes(tabled: u32): void {
  readTree(tabled);
  top = 1;
  while (nodesOn(top) > 1) top++;
  store<u32>(tables, top, TREE_TOP);
  let first: u32 = 0;
  for (let level: u32 = 1; level <= top; level++) {
    store<u32>(tables + (<usize>level << 2), first, TREE_LEVELS);
    first += nodesOn(level);
  }
  const end = nodesAt + <usize>first * (pointBytes * (2 * NODE_CHILDREN));
  for (let at = nodesAt; at < end; at += 16) v128.store(at, f32x4.splat(NaN));
}
