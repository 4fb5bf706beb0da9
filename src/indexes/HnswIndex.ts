import type { Bitmap } from './Bitmap.ts';
import { DEFAULT_EFFORT } from './parameters.ts';
import { countUnreachable } from './reachability.ts';
import { EMPTY_RESULT, MAX_RESULTS, SegmentIndex } from './SegmentIndex.ts';
import type { SearchOptions, SearchResult } from './VectorIndex.ts';

/** Beams from this breadth on are kept as heaps, for inserting into a sorted pool costs time in proportion to it. */
const WIDE_EFFORT = 1_024;

/** Nodes linked between two looks at the clock, and the time after which build() tells how far it is. */
const LINK_STEP = 8;
const LINK_SLICE_MS = 5;

/**
 * How many of the nearest by code are compared by row: enough that the float32 order of the first k is right although
 * codes have confused some near neighbours.
 */
function rerankDepth(k: number): number {
  return Math.max(2 * k, k + 30);
}

/**
 * The hierarchical navigable small world graph (Malkov & Yashunin, IEEE TPAMI 2020, arXiv 1603.09320), walked on
 * 7-bit codes. The operations are in kernel/assembly: insert.ts, neighbours.ts, walk.ts, search.ts.
 *
 * A removed node stays in the graph as a tombstone: walked through, never returned. Links of a spanning tree are never
 * dropped, so that no node gets lost; reachability.ts checks it.
 */
export class HnswIndex extends SegmentIndex {
  protected addRow(ordinal: number): void {
    this.segment.kernel.insertNode(ordinal);
  }

  protected override appendRow(ordinal: number): void {
    this.segment.kernel.appendNode(ordinal);
  }

  /** @throws RuntimeError when another thread died while it held a lock; the index is lost then. */
  override *build(): Generator<number> {
    const { segment } = this;
    for (let taken = 1; taken > 0; ) {
      const until = performance.now() + LINK_SLICE_MS;
      while (taken > 0 && performance.now() < until) taken = segment.kernel.linkNodes(LINK_STEP);
      yield segment.count - segment.unlinked;
    }
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    const k = this.bound(query, options);
    if (k === 0) return EMPTY_RESULT;
    const { allowed, effort = DEFAULT_EFFORT, exact = false } = options;
    if (exact) return this.searchExactly(query, k, allowed);
    return this.#searchGraph(query, k, Math.min(Math.max(effort, k), MAX_RESULTS), allowed);
  }

  /** Nodes that no walk can reach: zero, or there is a bug. O(nodes · m); for checks. */
  unreachable(): number {
    return countUnreachable(this.segment);
  }

  #searchGraph(query: Float32Array, k: number, effort: number, allowed: Bitmap | undefined): SearchResult {
    const { segment } = this;
    const { kernel } = segment;
    // The live ones are read first: then a count that is the same leaves no room for a tombstone.
    const isPlain = allowed === undefined && effort < WIDE_EFFORT && segment.live === segment.count;
    segment.query.set(query);
    const depth = Math.min(rerankDepth(k), effort);
    return this.collect(k, kernel.searchGraph(k, effort, depth, this.mask(allowed), isPlain ? 1 : 0));
  }
}
