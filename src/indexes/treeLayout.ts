import { LEAF_POINTS, NODE_CHILDREN, TREE_HEAD_BYTES } from '../kernel/assembly/offsets.ts';

/** Up to this dimension a tree beats a scan; see docs/indexes.md for the figures. Beyond it there are no tables. */
export const MAX_TREE_DIMENSION = 24;

/** Whether a KD_TREE of this dimension has a tree. */
export function isTreeDimension(dimension: number): boolean {
  return dimension <= MAX_TREE_DIMENSION;
}

/** Nodes above so many leaves, on all levels; at least a root. */
function nodesAbove(leaves: number): number {
  let nodes = 0;
  let level = leaves;
  do {
    level = Math.ceil(level / NODE_CHILDREN);
    nodes += level;
  } while (level > 1);
  return nodes;
}

/** Bytes of the tables over `expected` points; grows with them. assembly/tree.ts says what lies where. */
export function treeBytes(dimension: number, expected: number): number {
  if (expected === 0) return 0;
  const leaves = Math.ceil(expected / LEAF_POINTS);
  const orderBytes = Math.ceil((TREE_HEAD_BYTES + 4 * expected) / 64) * 64;
  const leafBytes = LEAF_POINTS * dimension * 4;
  const nodeBytes = 2 * NODE_CHILDREN * dimension * 4;
  return orderBytes + leaves * leafBytes + nodesAbove(leaves) * nodeBytes;
}

/** Bytes of scratch for one leaf, and for the keys of its points. */
export function treeScratchBytes(dimension: number): number {
  return isTreeDimension(dimension) ? LEAF_POINTS * 4 * dimension : 0;
}

/** Bytes of the heap of branches that wait. None of them is within another, so there are no more than leaves. */
export function treeBranchBytes(expected: number): number {
  return 8 * (Math.ceil(expected / LEAF_POINTS) + NODE_CHILDREN);
}
