import { LEAF_POINTS } from '../kernel/assembly/offsets.ts';
import { pause } from './pause.ts';
import { EMPTY_RESULT, SegmentIndex } from './SegmentIndex.ts';
import { isTreeDimension } from './treeLayout.ts';
import type { SearchOptions, SearchResult } from './VectorIndex.ts';

/** In the place of a limit where there is none. */
const ALL_LEAVES = 0xffff_ffff;

/** Slots copied into the leaves in one call: some milliseconds. */
const GATHERED_SLOTS = 65_536;

/**
 * A filter that lets `matches` of `points` through makes a tree look at so many times more leaves, while a scan looks at
 * the matches alone: below matches² = points · this, the scan is quicker.
 */
const SCANNED_MATCHES = 200;

/** A node of the tree; leaves are level 0. */
interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/**
 * The k-d tree (Friedman, Bentley and Finkel, ACM TOMS 1977), exact, for few dimensions. Points are halved at the
 * median of their widest axis until 32 are left, which lie in a leaf in vertical order, so that one streaming read
 * compares them all. Every branch has the box around its points, four boxes to a node; searches take the nearest box
 * first (best bin first, Beis and Lowe 1997) and end when none is nearer than the k-th. The kernel's part is in
 * assembly: tree.ts, select.ts, buildTree.ts, leaf.ts, searchTree.ts.
 *
 * Time: O(log n) leaves in few dimensions, growing exponentially with the dimension up to all of them; a build is
 * O(n log n). Memory: the rows and, in the tables, a copy of them with 4 + dimension / 3 bytes each on top.
 *
 * Choose it for up to about 16 dimensions (coordinates, colours, reduced embeddings) that change seldom. Do not for
 * embeddings as they come: past 24 dimensions there is no tree, and everything is scanned. Vectors that were inserted
 * after {@link build} are scanned, too, until an index is built anew.
 */
export class KdTreeIndex extends SegmentIndex {
  protected addRow(ordinal: number): void {
    this.segment.kernel.insertRow(ordinal);
  }

  /** Builds the tree over the slots that were expected. A second call finds it built and does nothing. */
  override *build(): Generator<number> {
    const { segment } = this;
    const { kernel } = segment;
    const tabled = this.tabledWhenBuilt();
    if (tabled === 0 || segment.tabled > 0) return;
    const upper = kernel.beginTree() === 1 ? yield* this.#openSubtrees(tabled) : undefined;
    while (kernel.isTreeShared() === 0) yield pause(0);
    for (let leaves = kernel.completeSubtree(tabled); leaves > 0; leaves = kernel.completeSubtree(tabled)) {
      yield Math.min(tabled, leaves * LEAF_POINTS);
    }
    while (kernel.areSubtreesDone() === 0) yield pause(tabled);
    for (const { level, index } of upper?.reverse() ?? []) kernel.boxChildren(level, index);
    if (upper !== undefined) kernel.publishTables(tabled);
    while (segment.tabled === 0) yield pause(tabled);
  }

  /** Gathers the points and splits the nodes above the subtrees that all threads share. Returns these, from the root. */
  *#openSubtrees(tabled: number): Generator<number, TreeNode[]> {
    const { kernel } = this.segment;
    for (let from = 0; from < tabled; from += GATHERED_SLOTS) {
      kernel.gatherPoints(from, Math.min(from + GATHERED_SLOTS, tabled), tabled);
      yield 0;
    }
    const shared = kernel.layTree(tabled);
    let level = shared;
    while (kernel.treeNodes(level) > 1) level++;
    const upper: TreeNode[] = [];
    for (; level > shared; level--) {
      for (let index = 0; index < kernel.treeNodes(level); index++) upper.push({ level, index });
    }
    for (const node of upper) {
      kernel.splitNode(node.level, node.index);
      yield 0;
    }
    kernel.shareTree();
    return upper;
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    const k = this.bound(query, options);
    if (k === 0) return EMPTY_RESULT;
    const { segment } = this;
    const { allowed, effort = ALL_LEAVES, exact = false } = options;
    const matches = allowed?.count ?? segment.live;
    if (segment.tabled === 0 || matches * matches <= segment.tabled * SCANNED_MATCHES)
      return this.searchExactly(query, k, allowed);
    segment.query.set(query);
    const leafLimit = exact ? ALL_LEAVES : Math.min(Math.max(1, effort), ALL_LEAVES);
    return this.collect(k, segment.kernel.searchTree(k, this.mask(allowed), leafLimit));
  }

  protected override tail(): number {
    const { count, tabled } = this.segment;
    return isTreeDimension(this.parameters.dimension) ? count - tabled : 0;
  }
}
