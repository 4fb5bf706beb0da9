import type { Bitmap } from './Bitmap.ts';
import { consolidateGraph, isConsolidationDue, SLICE_MS } from './consolidate.ts';
import {
  FIRST_PASSED,
  type FilterQuestion,
  isComparedByRow,
  isFarEnough,
  isWalkTried,
  nextToPass,
  scanMethod,
  shortlistFor,
  TWO_HOP_SEEDS,
  thoroughMethod,
  twoHopBreadth,
} from './filterMethod.ts';
import { linkGraph } from './linkGraph.ts';
import { DEFAULT_BINARY_EFFORT, DEFAULT_EFFORT } from './parameters.ts';
import { countStrays, countUnreachable } from './reachability.ts';
import { EMPTY_RESULT, MAX_RESULTS, rerankDepth, SegmentIndex } from './SegmentIndex.ts';
import type { SearchMethod, SearchOptions, SearchResult } from './VectorIndex.ts';

/** Beams from this breadth on are kept as heaps, for inserting into a sorted pool costs time in proportion to it. */
const WIDE_BREADTH = 1_024;

/** What a walk that is to expand so many nodes keeps of those it has met; the others are kept aside. */
function roomFor(passed: number): number {
  return Math.min(passed + Math.max(32, passed >> 2), MAX_RESULTS);
}

/**
 * The same for a scan of binary codes, at least: they confuse many more, and it ends when the error that they may have says so.
 */
const BINARY_SCAN_DEPTH = 512;

/**
 * The hierarchical navigable small world graph (Malkov & Yashunin, IEEE TPAMI 2020, arXiv 1603.09320), walked on
 * 7-bit codes, on binary ones if it was made so, or on the rows where there are none. The operations are in kernel/assembly: insert.ts, neighbours.ts, walk.ts,
 * search.ts, filtered.ts, detach.ts, repair.ts; several threads build by linkGraph.ts.
 *
 * A removed node stays in the graph as a tombstone, walked through and never returned, until a consolidation
 * (consolidate.ts) takes it out. Links of a spanning tree are never dropped, so that no node gets lost; reachability.ts
 * checks it.
 *
 * A filtered search takes the cheapest of several ways (filterMethod.ts) and returns min(k, matches) hits by whichever.
 *
 * Time: a search compares about effort · m codes, growing with log n; an insertion does the same with efConstruction, so
 * a build is O(n log n · m · d). Space: the rows, and about 9/8 d + 8 m + 80 bytes a vector for codes, links and sketches; by
 * binary codes d/8 + 8 m + 80.
 *
 * Choose it for embeddings at any size. Do not where a scan is quick enough, which is exact and needs no build, nor in
 * few dimensions, where a tree is both quicker and exact.
 */
export class HnswIndex extends SegmentIndex {
  protected addRow(ordinal: number): void {
    this.segment.kernel.insertNode(ordinal);
  }

  protected override appendRow(ordinal: number): void {
    this.segment.kernel.appendNode(ordinal);
  }

  /** @throws RuntimeError when another thread died while it held a lock; the index is lost then. */
  override build(): Generator<number> {
    return linkGraph(this.segment);
  }

  search(query: Float32Array, options: SearchOptions): SearchResult {
    const k = this.bound(query, options);
    if (k === 0) return EMPTY_RESULT;
    const { allowed, effort = this.#defaultEffort, exact = false } = options;
    if (exact || this.segment.unlinked > 0)
      return { ...this.searchExactly(query, k, allowed), method: 'SCAN' };
    const breadth = Math.min(Math.max(effort, k), MAX_RESULTS);
    return this.#isBinary
      ? this.#searchBinary(query, k, breadth, allowed)
      : this.#searchByCode(query, k, breadth, allowed);
  }

  #searchByCode(query: Float32Array, k: number, breadth: number, allowed: Bitmap | undefined): SearchResult {
    return allowed === undefined
      ? this.#searchLive(query, k, breadth)
      : this.#searchAllowed(query, k, breadth, allowed);
  }

  /** Binary codes are written anew now and then, about another centre. A search that may have met both kinds compares rows. */
  #searchBinary(query: Float32Array, k: number, breadth: number, allowed: Bitmap | undefined): SearchResult {
    const { centred } = this.segment;
    if (centred !== 0) {
      const result = this.#searchByCode(query, k, breadth, allowed);
      if (this.segment.isCentredSince(centred)) return result;
    }
    return { ...this.searchExactly(query, k, allowed), method: 'SCAN' };
  }

  get #isBinary(): boolean {
    return this.segment.layout.parameters.codes === 'BINARY';
  }

  get #defaultEffort(): number {
    return this.#isBinary ? DEFAULT_BINARY_EFFORT : DEFAULT_EFFORT;
  }

  /** How many of the nearest by code are compared by row at the end of a walk: by binary code, as many as the beam holds. */
  #depthOf(k: number, effort: number): number {
    return this.#isBinary ? effort : Math.min(rerankDepth(k), effort);
  }

  /** The same at the end of a scan. */
  #scanDepthOf(k: number, depth: number): number {
    if (!this.#isBinary) return depth;
    return Math.min(Math.max(BINARY_SCAN_DEPTH, rerankDepth(k), depth), MAX_RESULTS);
  }

  override consolidationDue(): boolean {
    return isConsolidationDue(this.segment);
  }

  override *consolidate(sliceMs = SLICE_MS): Generator<number> {
    yield* consolidateGraph(this.segment, sliceMs);
  }

  /** Nodes that no walk can reach: zero, or there is a bug. O(nodes · m); for checks. */
  unreachable(): number {
    return countUnreachable(this.segment);
  }

  /** Links to tombstones that are no longer part of the graph: zero after a consolidation. O(nodes · m); for checks. */
  strays(): number {
    return countStrays(this.segment);
  }

  /** Walks with a beam that is wider by the share of tombstones that are still met, which drop out of it. */
  #searchLive(query: Float32Array, k: number, effort: number): SearchResult {
    const { segment } = this;
    // The live ones are read first: then a count that is the same leaves no room for a tombstone.
    const { live } = segment;
    const dead = segment.count - segment.settled - live;
    const depth = this.#depthOf(k, effort);
    const enough = Math.min(rerankDepth(k), depth, live);
    const breadth = Math.ceil(effort * (1 + Math.max(0, dead) / live));
    segment.query.set(query);
    if (breadth < WIDE_BREADTH) {
      const found = segment.kernel.searchWalk(k, breadth, depth);
      if (dead === 0 || segment.collected >= enough) return this.#collectBy('WALK', k, found);
    }
    segment.query.set(query);
    return this.#collectBy('WALK', k, segment.kernel.searchThrough(k, effort, depth));
  }

  #searchAllowed(query: Float32Array, most: number, effort: number, allowed: Bitmap): SearchResult {
    const { segment } = this;
    const { live } = segment;
    const end = this.mask(allowed);
    const matches = segment.kernel.admit(end);
    const k = Math.min(most, matches);
    if (k === 0) return EMPTY_RESULT;
    const question: FilterQuestion = {
      matches,
      live,
      effort: Math.max(effort, k),
      depth: this.#depthOf(k, effort),
      endsByMargin: segment.layout.parameters.metric !== 'DOT' && !this.#isBinary,
      links: 2 * segment.layout.parameters.m,
      comparedBytes: segment.layout.comparedBytes,
      sketchBytes: segment.centred === 0 ? 0 : segment.layout.sketchBytes,
    };
    if (isComparedByRow(question) || !isWalkTried(question)) return this.#thorough(query, k, end, question);
    segment.query.set(query);
    if (this.#walkPast(question, k))
      return this.#collectBy('WALK', k, segment.kernel.endPassing(k, question.depth));
    const walked = segment.counters();
    const scanned = this.#thorough(query, k, end, question);
    return { ...this.#addedUp(walked, scanned), method: 'WALK_THEN_SCAN' };
  }

  /** Walks past what is not admitted until it has found enough. False: something else costs less by now. */
  #walkPast(question: FilterQuestion, k: number): boolean {
    const { segment } = this;
    const { kernel } = segment;
    kernel.beginPassing();
    let before = segment.counters();
    for (let passed = FIRST_PASSED; passed > 0; ) {
      const found = kernel.walkTo(passed, roomFor(passed));
      if (isFarEnough(question, found) || kernel.hasMargin(k, question.effort, passed) !== 0) return true;
      const now = segment.counters();
      const codesPerNode = (now.compared - before.compared) / Math.max(1, now.visited - before.visited);
      passed = nextToPass(question, { passed, found, codesPerNode });
      before = now;
    }
    return false;
  }

  /** Finds what there is, however the filter and the query are related. */
  #thorough(query: Float32Array, k: number, end: number, question: FilterQuestion): SearchResult {
    const { matches, depth } = question;
    const { segment } = this;
    const method = thoroughMethod(question);
    if (method !== 'TWO_HOP_WALK') return this.#scan(query, k, end, question, method);
    segment.query.set(query);
    const breadth = Math.min(twoHopBreadth(question.effort), MAX_RESULTS);
    const found = segment.kernel.searchTwoHops(k, breadth, depth, TWO_HOP_SEEDS);
    const isCutOff = segment.collected < Math.min(rerankDepth(k), depth, matches);
    if (found === k && !isCutOff && (this.#isBinary || this.#isDecided(k, depth)))
      return this.#collectBy(method, k, found);
    const walked = segment.counters();
    const scanned = this.#scan(query, k, end, question, scanMethod(question));
    return { ...this.#addedUp(walked, scanned), method: 'WALK_THEN_SCAN' };
  }

  /**
   * Compares the admitted slots; where they are many, by sketch first, and unless they are few, by code before row. What
   * that leaves open is searched exactly.
   */
  #scan(
    query: Float32Array,
    k: number,
    end: number,
    question: FilterQuestion,
    method: 'SCAN' | 'SKETCH_SCAN',
  ): SearchResult {
    const { segment } = this;
    const { kernel } = segment;
    const depth = this.#scanDepthOf(k, question.depth);
    if (!isComparedByRow(question)) {
      const { centred } = segment;
      const isSketched = method === 'SKETCH_SCAN' && centred !== 0;
      segment.query.set(query);
      const found = isSketched
        ? kernel.searchSketches(k, depth, shortlistFor(question))
        : kernel.searchAdmitted(k, depth);
      const isDecided = this.#isDecided(k, depth) || (this.#isBinary && depth >= question.matches);
      // Sketches are written anew now and then, about another centre: what may have met both kinds is not enough.
      const isWhole = !isSketched || segment.isCentredSince(centred);
      if (found === k && isDecided && isWhole) return this.#collectBy(isSketched ? method : 'SCAN', k, found);
    }
    segment.query.set(query);
    return this.#collectBy('SCAN', k, kernel.searchExactly(k, end, 0, end));
  }

  /**
   * Whether the last order ended because no other was near enough, and not for want of candidates. It does not where
   * thousands are about as near as the k-th, as at the edge of what a filter leaves of a dense region: codes, let alone
   * sketches, cannot tell these apart, and recall fell to .1. An effort below the full depth asks for no more.
   */
  #isDecided(k: number, depth: number): boolean {
    return depth < rerankDepth(k) || this.segment.counters().reranked < (k + depth) / 2;
  }

  /** What was found in the end, with what it took besides. */
  #addedUp(before: { visited: number; compared: number }, found: SearchResult): SearchResult {
    return {
      ...found,
      visited: before.visited + found.visited,
      compared: before.compared + found.compared,
    };
  }

  #collectBy(method: SearchMethod, k: number, found: number): SearchResult {
    return { ...this.collect(k, found), method };
  }
}
