/**
 * The kernel: what is exported to TypeScript. One instance per thread and segment, over the segment's shared memory.
 * Nothing here has static data or a heap: an instantiation must not write into a memory that is in use.
 */
import * as distance from './distance';
import * as leaf from './leaf';

export { attach } from './segment';
export {
  bury, copyRow, findSlots, liveOrdinals, ordinalOf, searchExactly, searchRows,
} from './exact';
export {
  appendNode, beginEncoding, encodeNodes, insertNode, insertRow, linkNodes, placeNodes, settleEncoding,
} from './insert';
export {
  areSubtreesDone, beginTree, boxChildren, completeSubtree, gatherPoints, isTreeShared, layTree, publishTables,
  shareTree, splitNode, treeNodes,
} from './buildTree';
export { searchTree } from './searchTree';
export {
  addToCentre, areSlotsHashed, beginBuckets, clearGroups, defaultEffort, groupEquals, hashSlots, insertCoded,
  isHashingShared, normOfSlot, setDefaultEffort, setTier, shareHashing, sortSlots,
} from './buildBuckets';
export { searchBuckets } from './searchBuckets';
export { admit } from './admission';
export { detachSlots, moveEntry } from './detach';
export { repairSlots } from './repair';
export {
  beginPassing, endPassing, hasMargin, searchAdmitted, searchSketches, searchThrough, searchTwoHops, searchWalk, walkTo,
} from './search';
export { isAttached, isHidden, layerOf, linksOf, parentOf, twinOf } from './inspect';

// The building blocks, for the tests that compare them with their plain references.
export { dotCodes, dotRows, squaredRows, useQuads } from './distance';
export { differingBits, differingPlanes, writePlanes } from './binaryCode';
export { rotateRow } from './rotation';
export { leastSketched } from './sketch';
export { isCentreDue, writeSigns } from './signs';
export { codeSquares, codeSum, decodeSigned, encodeRow, inverseNorm, sameBytes } from './encode';
export { keyBounds } from './sieve';
export { dotRowCode, dotWide, encodeSigned, squaredCode, squaredResidual } from './signedCode';

export { boxLeaf, boxNode, leafDistances, leafProducts, transposeLeaf } from './leaf';
export { flipSigns, hadamard, nearestAxis, rotate } from './rotate';
export { selectPoints, widestAxis } from './select';

/** {@link leaf.boxDistances}, written to `out` (f32 × 4). */
export function boxDistances(node: usize, query: usize, dimension: u32, out: usize): void {
  v128.store(out, leaf.boxDistances(node, query, dimension));
}

/** {@link leaf.boxProducts}, written to `out` (f32 × 4). */
export function boxProducts(node: usize, query: usize, dimension: u32, out: usize): void {
  v128.store(out, leaf.boxProducts(node, query, dimension));
}

/** {@link distance.dotCodes4}, written to `out` (i32 × 4). */
export function dotCodes4(signed: usize, c0: usize, c1: usize, c2: usize, c3: usize, bytes: usize, out: usize): void {
  v128.store(out, distance.dotCodes4(signed, c0, c1, c2, c3, bytes));
}
