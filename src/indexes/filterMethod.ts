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
  /** Whether keys are distances, of which a walk can say that it is far enough past the k-th of those it wants. */
  readonly endsByMargin: boolean;
  /** How many links a node has, at most. */
  readonly links: number;
  /** Bytes of what walks compare: a code, or a row where there are none. */
  readonly comparedBytes: number;
  /** Bytes of a sketch; 0 while there are none to compare. */
  readonly sketchBytes: number;
}

/**
 * Nanoseconds, measured at 100,000 × 384 and × 768 with m = 16; what counts is how they compare. Records lie anywhere, so a
 * code costs its cache misses.
 */
const NODE_NS = 350;
const NODE_NS_PER_BYTE = 0.6;
const CODE_NS = 20;
const CODE_NS_PER_BYTE = 0.1;
/** Where a walk is already known to compare so many codes for each node: what a node costs besides, and a code in a walk more than in a scan. */
const LINKS_NS = 50;
const WALKED_CODE = 2;
/** What inserting into a sorted pool costs for each entry that it holds. */
const POOL_ENTRY_NS = 0.1;
/** Of a sketch among many: 14 ns at 56 bytes, 26 at 104; up to twice that on a busy machine, as is a code. */
const SKETCH_NS_PER_BYTE = 0.25;
const SKETCH_PROBE_NS = 6_000;

/** So few matches are compared by row at once: that is exact, and no slower than by code and then by row. */
const FEW_MATCHES = 256;

/** The density of all matches counts as much as so many nodes of a walk when it guesses how densely they lie where it is. */
const PRIOR_NODES = 4;
/** A walk that has found none where it should have found so many on average ends: it is where the filter lets nothing through. */
const MISSED_MATCHES = 6;
/** Standard deviations by which matches may lie more densely than a walk has met them so far. */
const DENSITY_DEVIATIONS = 2;
/** Where walks end by their margin, it takes so many of the nodes that it would take without. */
const MARGIN_SHARE = 0.6;
/** How many times as many nodes a walk expands, at most, before it looks again at what it has found; where it may end by its margin. */
const LOOK_GROWTH = 2;
const MARGIN_LOOK_GROWTH = 1.5;
/** Nodes that a walk expands before it looks at what it has found. */
export const FIRST_PASSED = 32;
/** What else there is must cost so many unfiltered walks for one to be tried that is not likely to be enough. */
const TRIAL_WORTH = 4;
/** Most nodes that a walk past others expands: inserting into a sorted pool costs time in proportion to it. */
const MOST_PASSED = 4_096;

/**
 * The two-hop walk has the worst recall: .87 to .98 at twice the effort where matches lie in islands, .6 and less where
 * they lie far from the query, and the scans have .97 to 1. So it has to be this much cheaper, which it is from some 300,000
 * matches on, or where there are no sketches.
 */
const TWO_HOP_HANDICAP = 40;
/** How much wider its beam is than that of an unfiltered walk. */
const TWO_HOP_BREADTH = 2;
/** Where it begins, besides the node that the upper layers lead to. */
export const TWO_HOP_SEEDS = 512;
/** An expansion looks into the links of many nodes. */
const TWO_HOP_NODE = 1.5;

/**
 * Nodes that a scan of sketches lists, for each unit of effort, and at least: of their codes those are compared that may be near. With 1,000, recall@10 is .985 to 1 on
 * random, correlated and anti-correlated filters of 2 to 80 %; with 500, .968 to 1.
 */
const SHORTLIST_PER_EFFORT = 16;
const LEAST_SHORTLIST = 512;
/** Of these, a tenth to nearly all are left open by the sketches. */
const OPEN_SHARE = 0.5;
/** What the scan has room for. */
const MOST_SHORTLISTED = 12_288;

/** How many nodes a scan of sketches lists. */
export function shortlistFor({ effort, depth }: { effort: number; depth: number }): number {
  const wanted = Math.max(LEAST_SHORTLIST, SHORTLIST_PER_EFFORT * effort, 2 * depth);
  return Math.min(wanted, Math.max(MOST_SHORTLISTED, depth));
}

/** The beam of a two-hop walk. */
export function twoHopBreadth(effort: number): number {
  return effort * TWO_HOP_BREADTH;
}

/** Whether a scan of so few matches is exact. */
export function isComparedByRow({ matches, depth }: FilterQuestion): boolean {
  return matches <= Math.max(FEW_MATCHES, depth);
}

/** The scan that is right for so many matches. */
export function scanMethod(question: FilterQuestion): 'SCAN' | 'SKETCH_SCAN' {
  const { sketchBytes, matches } = question;
  return sketchBytes > 0 && matches > 2 * shortlistFor(question) ? 'SKETCH_SCAN' : 'SCAN';
}

/** What costs least, but for a walk past others: scans find what exists, however the filter and the query are related. */
export function thoroughMethod(question: FilterQuestion): 'SCAN' | 'SKETCH_SCAN' | 'TWO_HOP_WALK' {
  return twoHopNs(question) < scanNs(question) ? 'TWO_HOP_WALK' : scanMethod(question);
}

/**
 * Whether a walk past what does not match is worth a try. It is if it costs no more than anything else where matches lie as
 * densely as on average; or if what it has cost before it is given up, most of an unfiltered walk, is little beside the rest.
 */
export function isWalkTried(question: FilterQuestion): boolean {
  const { matches, live, effort } = question;
  const onAverage = nodesToPass(question, matches / live);
  return Math.min(onAverage, TRIAL_WORTH * effort) * nodeNs(question) <= thoroughNs(question);
}

/**
 * How many of the nearest nodes such a walk has to expand, if this share of them are matches: so many that these hold
 * as many matches as an unfiltered beam holds nodes. With fewer, recall where it is hard is lower than without a filter.
 */
export function nodesToPass({ effort }: FilterQuestion, share: number): number {
  return Math.ceil(effort / share);
}

/** Whether the nearest nodes hold enough matches. */
export function isFarEnough({ effort, matches }: FilterQuestion, found: number): boolean {
  return found >= Math.min(effort, matches);
}

/** What a walk has met so far. */
export interface WalkSoFar {
  /** The nearest nodes that are expanded, and how many of these match. */
  readonly passed: number;
  readonly found: number;
  /** Codes compared for each node that was expanded since the walk was looked at before. */
  readonly codesPerNode: number;
}

/**
 * How many of the nearest nodes to expand next, when those up to now are not enough; 0 if something else costs less, even
 * if matches lie more densely than it seems. What was found says how densely they lie here, and what was compared how
 * much there is to know yet: a walk that has met the whole region expands the rest of it at a fifth of the price.
 */
export function nextToPass(question: FilterQuestion, walk: WalkSoFar): number {
  const { passed, found } = walk;
  const shareOfAll = question.matches / question.live;
  if (found === 0 && passed * shareOfAll >= MISSED_MATCHES) return 0;
  const known = passed + PRIOR_NODES;
  const expected = found + PRIOR_NODES * shareOfAll;
  const densest = Math.min(1, (expected + DENSITY_DEVIATIONS * Math.sqrt(expected)) / known);
  const fewest = nodesToPass(question, densest) * (question.endsByMargin ? MARGIN_SHARE : 1);
  if (nsToPass(question, walk, fewest) > thoroughNs(question)) return 0;
  const wanted = Math.max(nodesToPass(question, expected / known), Math.ceil(passed * 1.125));
  const growth = question.endsByMargin ? MARGIN_LOOK_GROWTH : LOOK_GROWTH;
  const next = Math.min(wanted, Math.max(question.effort, Math.ceil(growth * passed)));
  return next > MOST_PASSED ? 0 : next;
}

/**
 * What it takes to go on until so many nodes are expanded. Of the links to come fewer lead to what is not yet known than did so
 * in the first steps: about the square of that share, as measured, both where nodes lie in clusters and where they do not.
 */
function nsToPass(question: FilterQuestion, walk: WalkSoFar, wanted: number): number {
  const { passed } = walk;
  const codesPerNode = passed === FIRST_PASSED ? walk.codesPerNode ** 2 / question.links : walk.codesPerNode;
  const poolNs = POOL_ENTRY_NS * 0.5 * (passed + wanted);
  const codesNs = codesPerNode * (WALKED_CODE * codeNs(question) + poolNs);
  return Math.max(0, wanted - passed) * (LINKS_NS + codesNs);
}

function nodeNs({ comparedBytes }: FilterQuestion): number {
  return NODE_NS + NODE_NS_PER_BYTE * comparedBytes;
}

function codeNs({ comparedBytes }: FilterQuestion): number {
  return CODE_NS + CODE_NS_PER_BYTE * comparedBytes;
}

function thoroughNs(question: FilterQuestion): number {
  return Math.min(scanNs(question), twoHopNs(question));
}

function scanNs(question: FilterQuestion): number {
  const { matches, sketchBytes } = question;
  if (scanMethod(question) === 'SCAN') return matches * codeNs(question);
  const shortlistNs = OPEN_SHARE * shortlistFor(question) * codeNs(question);
  return SKETCH_PROBE_NS + matches * sketchBytes * SKETCH_NS_PER_BYTE + shortlistNs;
}

function twoHopNs(question: FilterQuestion): number {
  const walkNs = twoHopBreadth(question.effort) * TWO_HOP_NODE * nodeNs(question);
  return (walkNs + TWO_HOP_SEEDS * codeNs(question)) * TWO_HOP_HANDICAP;
}
