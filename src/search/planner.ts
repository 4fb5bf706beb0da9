import { isTreeDimension, MAX_TREE_DIMENSION } from '../indexes/treeLayout.ts';
import type { IndexType, RecallPoint } from '../indexes/VectorIndex.ts';
import type { KnnRequest, SearchStrategy } from './KnnSearch.ts';
import type { SearchCosts } from './SearchCosts.ts';

/** The recall a search has unless it asks for another. */
const DEFAULT_RECALL = 0.95;

/** The breadth of the beam where no recall curve has been measured yet: well above what small indexes need. */
const UNMEASURED_EFFORT = 200;

/** The curve is measured for few hits; for more of them, the beam is at least this much broader than their number. */
const EFFORT_PER_HIT = 1.5;

export interface PlanRequest {
  readonly indexType: IndexType;
  readonly dimension: number;
  /** Live vectors in the index. */
  readonly live: number;
  /** How many of them the filter lets through; null without a filter. */
  readonly matches: number | null;
  /** How many of the nearest are to be found. */
  readonly wanted: number;
  readonly accuracy: KnnRequest['accuracy'];
  readonly recallCurve: readonly RecallPoint[];
  readonly costs: SearchCosts;
}

/** What to do and why. What the index makes of it is seen afterwards: see `planDone`. */
export interface PlannedSearch {
  readonly strategy: SearchStrategy;
  /** For people. */
  readonly reason: string;
  /** The breadth of the beam, or how many leaves or buckets are looked at; null where everything is. */
  readonly effort: number | null;
  /** Whether all that may match shall be compared. */
  readonly isExact: boolean;
  /** 1 for scans; null where nothing has been measured. */
  readonly expectedRecall: number | null;
}

/**
 * Chooses the cheapest way that keeps the promised recall. Under a filter the index itself chooses among its ways, since
 * it knows what each costs on its records: it is given the effort that an unfiltered search would need.
 */
export function planSearch(request: PlanRequest): PlannedSearch {
  const { indexType, live, matches, accuracy } = request;
  if (live === 0) return scan('EMPTY', 'The library holds no vectors.');
  if (matches === 0) return scan('EMPTY', 'The filter lets no chunk through.');
  const compared = `${group(matches ?? live)} ${matches === null ? 'vectors' : 'matching vectors'}`;
  const scanAll = (why: string) => scan(matches === null ? 'EXACT_SCAN' : 'FILTERED_SCAN', why);
  if (accuracy && 'exact' in accuracy && accuracy.exact && indexType !== 'KD_TREE') {
    return scanAll(`An exact answer was asked for, so all ${compared} are compared.`);
  }
  if (indexType === 'FLAT') return scanAll(`The index is FLAT: all ${compared} are compared.`);
  if (indexType === 'KD_TREE') return planTree(request, compared);
  const beam = beamFor(request);
  if (beam === undefined) {
    return scanAll(
      `No effort measured on this index has the recall asked for: all ${compared} are compared.`,
    );
  }
  const facts = matches === null ? '' : `${filterFacts(request, matches)} `;
  const { effort, expectedRecall } = beam;
  const made = effort === null ? beam.source : `with effort ${group(effort)}, ${beam.source}`;
  if (indexType === 'LSH') {
    const reason = `${facts}The hash tables are probed ${made}.`;
    return { strategy: 'HASH_TABLES', reason, effort, isExact: false, expectedRecall };
  }
  const strategy = matches === null ? 'GRAPH' : 'FILTERED_GRAPH';
  const walk = {
    strategy,
    reason: `${facts}The graph is walked ${made}.`,
    effort,
    isExact: false,
    expectedRecall,
  } as const;
  return (matches === null && planSmall(request, effort ?? 0)) || walk;
}

/** A scan, where it takes less than a walk, unless the caller has chosen the effort. */
function planSmall({ live, accuracy, costs }: PlanRequest, effort: number): PlannedSearch | undefined {
  const scanNs = live * costs.vectorNs;
  const walkNs = effort * costs.effortNs;
  if ((accuracy && 'effort' in accuracy) || scanNs > walkNs) return undefined;
  return scan(
    'EXACT_SCAN',
    `With ${group(live)} vectors, comparing all of them takes about ${formatTime(scanNs)}, a walk with effort ` +
      `${group(effort)} ${formatTime(walkNs)}.`,
  );
}

/** A tree is exact, unless the caller says how many leaves are enough. */
function planTree(request: PlanRequest, compared: string): PlannedSearch {
  const { dimension, accuracy, matches } = request;
  if (!isTreeDimension(dimension)) {
    return scan(
      matches === null ? 'EXACT_SCAN' : 'FILTERED_SCAN',
      `The index is a KD_TREE, which is of no use at ${dimension} dimensions (it is up to ${MAX_TREE_DIMENSION}): ` +
        `all ${compared} are compared.`,
    );
  }
  const facts = matches === null ? '' : `${filterFacts(request, matches)} `;
  if (accuracy && 'effort' in accuracy) {
    const { effort } = accuracy;
    const reason = `${facts}The tree's ${group(effort)} nearest leaves are looked at, as asked for.`;
    return { strategy: 'TREE', reason, effort, isExact: false, expectedRecall: null };
  }
  const reason = `${facts}The tree's leaves are looked at, nearest first, until none can hold anything nearer.`;
  return { strategy: 'TREE', reason, effort: null, isExact: true, expectedRecall: 1 };
}

function filterFacts({ live }: PlanRequest, matches: number): string {
  const share = `${formatShare(Math.min(1, matches / live))} of the library`;
  return `The filter lets ${group(matches)} chunks through (${share}).`;
}

/** A beam for searches of the whole index, with the recall that it is known to have. */
interface Beam {
  /** Null: as the index itself has measured it. */
  readonly effort: number | null;
  readonly expectedRecall: number | null;
  readonly source: string;
}

/** The least effort that has the recall asked for; undefined when none that was measured has. */
function beamFor({ accuracy, indexType, recallCurve, wanted }: PlanRequest): Beam | undefined {
  // The effort of hash tables counts buckets, of which hits are no measure.
  const least = indexType === 'LSH' ? 1 : Math.ceil(wanted * EFFORT_PER_HIT);
  if (accuracy && 'effort' in accuracy) {
    const effort = Math.max(accuracy.effort, indexType === 'LSH' ? 1 : wanted);
    const known = recallCurve.filter((point) => point.effort <= effort).map(({ recall }) => recall);
    return { effort, expectedRecall: known.length > 0 ? Math.max(...known) : null, source: 'as asked for' };
  }
  const recall = accuracy && 'recall' in accuracy ? accuracy.recall : DEFAULT_RECALL;
  if (recall >= 1) return undefined;
  if (recallCurve.length === 0 && indexType === 'LSH') {
    return { effort: null, expectedRecall: null, source: 'as far as its build found to be worth while' };
  }
  if (recallCurve.length === 0) {
    const effort = Math.max(UNMEASURED_EFFORT, least);
    return { effort, expectedRecall: null, source: 'since its recall has not been measured yet' };
  }
  const point = recallCurve
    .filter((measured) => measured.recall >= recall)
    .reduce<RecallPoint | undefined>(
      (best, next) => (best && best.effort <= next.effort ? best : next),
      undefined,
    );
  if (!point) return undefined;
  return {
    effort: Math.max(point.effort, least),
    expectedRecall: point.recall,
    source: `measured on this index to have a recall of ${point.recall.toFixed(3)}`,
  };
}

function scan(strategy: 'EMPTY' | 'EXACT_SCAN' | 'FILTERED_SCAN', reason: string): PlannedSearch {
  return { strategy, reason, effort: null, isExact: true, expectedRecall: 1 };
}

/** A whole number as `Intl.NumberFormat('en-US')` writes it, which takes as long as all other planning. */
function group(count: number): string {
  if (count < 1_000) return String(count);
  return `${group(Math.floor(count / 1_000))},${String(count % 1_000).padStart(3, '0')}`;
}

function formatShare(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}

function formatTime(ns: number): string {
  return ns < 1e6 ? `${Math.ceil(ns / 1e3)} µs` : `${(ns / 1e6).toFixed(1)} ms`;
}
