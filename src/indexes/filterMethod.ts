import type { SearchMethod } from './VectorIndex.ts';

/** What a filtered search is about. */
export interface FilterQuestion {
  /** Slots that the filter lets through and that are live. */
  readonly matches: number;
  /** Live slots in all. */
  readonly live: number;
  /** The breadth of the beam that an unfiltered walk would have. */
  readonly effort: number;
  /** How many of the nearest by code are compared by row. */
  readonly depth: number;
  /** Bytes of what walks compare: a code, or a row where there are none. */
  readonly comparedBytes: number;
  /** Bytes of a sketch; 0 while there are none to compare. */
  readonly sketchBytes: number;
}

/**
 * Nanoseconds, measured at 100,000 × 384 and m = 16 while other processes had half of the memory's bandwidth; what counts
 * is how they compare. Records lie anywhere, so a code costs its cache misses: 60 to 70 ns; fetching ahead gave nothing.
 */
const NODE_NS = 500;
const NODE_NS_PER_BYTE = 1.3;
const CODE_NS = 20;
const CODE_NS_PER_BYTE = 0.12;
/** A sketch comes from the cache: 4 ns at 56 bytes. */
const SKETCH_NS_PER_BYTE = 0.07;
const SKETCH_PROBE_NS = 6_000;

/** So few matches are compared by row at once: that is exact, and no slower than by code and then by row. */
const FEW_MATCHES = 256;

/**
 * The two-hop walk has the worst recall: .87 to .98 at twice the effort where matches lie in islands, and the others
 * have .98 to 1. So it has to be this much cheaper, which it is from some 300,000 matches on, or where there are no
 * sketches.
 */
const TWO_HOP_HANDICAP = 3;
/** How much wider its beam is than that of an unfiltered walk. */
const TWO_HOP_BREADTH = 2;
/** Where it begins, besides the node that the upper layers lead to. */
export const TWO_HOP_SEEDS = 512;
/** An expansion looks into the links of many nodes. */
const TWO_HOP_NODE = 1.5;

/**
 * Codes compared after a scan of sketches, for each unit of effort, and at least. With 1,000, recall@10 is .985 to 1 on
 * random, correlated and anti-correlated filters of 2 to 80 %; with 500, .968 to 1.
 */
const SHORTLIST_PER_EFFORT = 16;
const LEAST_SHORTLIST = 512;
/** What the scan has room for. */
const MOST_SHORTLISTED = 12_288;

/** The codes that are compared after a scan of sketches. */
export function shortlistFor({ effort, depth }: { effort: number; depth: number }): number {
  const wanted = Math.max(LEAST_SHORTLIST, SHORTLIST_PER_EFFORT * effort, 2 * depth);
  return Math.min(wanted, Math.max(MOST_SHORTLISTED, depth));
}

/** The beam of a two-hop walk. */
export function twoHopBreadth(effort: number): number {
  return effort * TWO_HOP_BREADTH;
}

/** The beam of a walk through every node, so wide that it holds about `effort` matches if they lie anywhere. */
export function walkBreadth({ matches, live, effort }: FilterQuestion): number {
  return Math.ceil((effort * live) / matches);
}

/**
 * How to search among the matches of a filter: what costs least. Scans find what exists, however the filter and the
 * query are related; a walk that finds too few is followed by one.
 */
export function filterMethod(question: FilterQuestion): Exclude<SearchMethod, 'WALK_THEN_SCAN'> {
  const { effort, comparedBytes } = question;
  if (isComparedByRow(question)) return 'SCAN';
  const nodeNs = NODE_NS + NODE_NS_PER_BYTE * comparedBytes;
  const codeNs = CODE_NS + CODE_NS_PER_BYTE * comparedBytes;
  const scanNs = scanCost(question, codeNs);
  const walkNs = walkBreadth(question) * nodeNs;
  const twoHopNs =
    (twoHopBreadth(effort) * TWO_HOP_NODE * nodeNs + TWO_HOP_SEEDS * codeNs) * TWO_HOP_HANDICAP;
  if (walkNs <= Math.min(scanNs, twoHopNs)) return 'WALK';
  return twoHopNs < scanNs ? 'TWO_HOP_WALK' : scanMethod(question);
}

/** The scan that is right for so many matches. */
export function scanMethod(question: FilterQuestion): 'SCAN' | 'SKETCH_SCAN' {
  const { sketchBytes, matches } = question;
  return sketchBytes > 0 && matches > 2 * shortlistFor(question) ? 'SKETCH_SCAN' : 'SCAN';
}

function scanCost(question: FilterQuestion, codeNs: number): number {
  const { matches, sketchBytes } = question;
  if (scanMethod(question) === 'SCAN') return matches * codeNs;
  const shortlistNs = shortlistFor(question) * codeNs;
  return SKETCH_PROBE_NS + matches * sketchBytes * SKETCH_NS_PER_BYTE + shortlistNs;
}

/** Whether a scan of so few matches is exact. */
export function isComparedByRow({ matches, depth }: FilterQuestion): boolean {
  return matches <= Math.max(FEW_MATCHES, depth);
}
