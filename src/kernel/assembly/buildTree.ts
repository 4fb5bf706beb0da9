/**
 * Building a KD_TREE (Friedman, Bentley and Finkel, 1977): points are halved at the median of the axis on which they
 * extend the farthest, until 32 are left. One thread gathers the points and splits the uppermost levels; the subtrees
 * below are shared by all that come.
 */
import { boxLeaf, boxNode, transposeLeaf } from './leaf';
import { floatIn, putWord } from './list';
import {
  LEAF_POINTS, METRIC_COSINE, NODE_CHILDREN, TABLED_AT, TREE_DONE, TREE_PEAK, TREE_POINTS, TREE_SHARED,
  TREE_SPLITTING, TREE_STATE, TREE_TAKEN, TREE_TASK_LEVEL, TREE_UNTOUCHED,
} from './offsets';
import { dimension, metric, normAt, rowAt, scratch, tables } from './segment';
import { selectPoints, widestAxis } from './select';
import { layNodes, leafAt, leaves, nodeAt, nodesOn, order, pointBytes, points, readTree, top } from './tree';

/** Components of a greater magnitude, and NaN, keep a vector out of the leaves: float32 sums of them could overflow. */
const LARGEST_COMPONENT: f32 = 1e15;

/** A subtree that threads share has 4⁵ leaves at most, and there are 16 of them where there are as many leaves. */
const TASK_LEVEL: u32 = 5;
const FEWEST_TASKS: u32 = 16;

/** Takes the part of the one thread that begins. Returns false if another has. */
export function beginTree(): bool {
  return atomic.cmpxchg<u32>(tables, TREE_UNTOUCHED, TREE_SPLITTING, TREE_STATE) == TREE_UNTOUCHED;
}

/** Whether subtrees are there to be taken. */
export function isTreeShared(): bool {
  return atomic.load<u32>(tables, TREE_STATE) == TREE_SHARED;
}

/** Whether a point can lie in a leaf. Notes the largest component if so. */
function isTame(point: usize): bool {
  let largest: f32 = 0;
  for (let i: u32 = 0; i < dimension; i++) {
    const magnitude = abs<f32>(floatIn(point, i));
    if (!(magnitude <= LARGEST_COMPONENT)) return false;
    largest = max<f32>(largest, magnitude);
  }
  if (largest > load<f32>(tables, TREE_PEAK)) store<f32>(tables, largest, TREE_PEAK);
  return true;
}

/**
 * Copies the rows from the slot `from` up to `end` (not included), of `tabled` that the tree is to cover, behind the
 * points that it has; under COSINE normalised. Those that cannot be in leaves are listed at the end of the order.
 */
export function gatherPoints(from: u32, end: u32, tabled: u32): void {
  readTree(tabled);
  let taken = points;
  const line = leafAt(0);
  for (let slot = from; slot < end; slot++) {
    const point = line + <usize>taken * pointBytes;
    const row = rowAt(slot);
    const factor: f32 = metric == METRIC_COSINE ? load<f32>(normAt(slot)) : 1;
    for (let at: usize = 0; at < pointBytes; at += 4) store<f32>(point + at, load<f32>(row + at) * factor);
    if (isTame(point)) putWord(order, taken++, slot);
    else putWord(order, tabled - 1 - (slot - taken), slot);
  }
  store<u32>(tables, taken, TREE_POINTS);
}

/** Lays the nodes out when all points have been gathered. Returns the level of the subtrees that are to be shared. */
export function layTree(tabled: u32): u32 {
  layNodes(tabled);
  let level = min<u32>(TASK_LEVEL, top);
  while (level > 1 && nodesOn(level) < FEWEST_TASKS) level--;
  store<u32>(tables, level, TREE_TASK_LEVEL);
  return level;
}

/** Opens the subtrees to all threads. */
export function shareTree(): void {
  atomic.store<u32>(tables, TREE_SHARED, TREE_STATE);
}

/** Halves the points of some leaves, so that the first of them belong to the leaves below `middle`. */
function splitLeaves(first: u32, middle: u32, end: u32): void {
  if (middle >= end) return;
  const from = first * LEAF_POINTS;
  const until = min(end * LEAF_POINTS, points);
  const line = leafAt(0);
  const axis = widestAxis(line, pointBytes, dimension, from, until);
  selectPoints(line, order, pointBytes, from, until, middle * LEAF_POINTS, axis);
}

/** Distributes the points of a node over its children. */
export function splitNode(level: u32, index: u32): void {
  const quarter: u32 = 1 << ((level - 1) << 1);
  const first = index * NODE_CHILDREN * quarter;
  const end = min(first + NODE_CHILDREN * quarter, leaves);
  const middle = min(first + 2 * quarter, end);
  splitLeaves(first, middle, end);
  splitLeaves(first, min(first + quarter, middle), middle);
  splitLeaves(middle, min(middle + quarter, end), end);
}

/** Draws the boxes around a node's children, which are complete. */
export function boxChildren(level: u32, index: u32): void {
  const node = nodeAt(level, index);
  const first = index * NODE_CHILDREN;
  const end = min(first + NODE_CHILDREN, nodesOn(level - 1));
  for (let child = first; child < end; child++) {
    if (level == 1) boxLeaf(leafAt(child), node, child - first, dimension);
    else boxNode(nodeAt(level - 1, child), node, child - first, dimension);
  }
}

/** Completes the subtree of a node whose points lie together. As deep as the tree. */
function completeNode(level: u32, index: u32): void {
  if (level == 0) {
    transposeLeaf(leafAt(index), dimension, min<u32>(LEAF_POINTS, points - index * LEAF_POINTS), scratch);
    return;
  }
  splitNode(level, index);
  const first = index * NODE_CHILDREN;
  const end = min(first + NODE_CHILDREN, nodesOn(level - 1));
  for (let child = first; child < end; child++) completeNode(level - 1, child);
  boxChildren(level, index);
}

/** Takes one of the shared subtrees and completes it. Returns how many leaves are done in all, or 0 if none was left. */
export function completeSubtree(tabled: u32): u32 {
  readTree(tabled);
  const level = load<u32>(tables, TREE_TASK_LEVEL);
  const task = atomic.add<u32>(tables, 1, TREE_TAKEN);
  if (task >= nodesOn(level)) return 0;
  completeNode(level, task);
  const leavesOf = min(leaves, (task + 1) << (level << 1)) - (task << (level << 1));
  return atomic.add<u32>(tables, leavesOf, TREE_DONE) + leavesOf;
}

/** Whether the subtrees of all threads are complete. */
export function areSubtreesDone(): bool {
  return atomic.load<u32>(tables, TREE_DONE) == leaves;
}

/** Publishes tables that cover the first `tabled` slots. */
export function publishTables(tabled: u32): void {
  atomic.store<u32>(TABLED_AT, tabled);
}

/** Nodes of a level of the tree, or its leaves. */
export function treeNodes(level: u32): u32 {
  return nodesOn(level);
}
