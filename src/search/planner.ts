import type { IndexType, RecallPoint } from '../indexes/VectorIndex.ts';
import type { KnnRequest, SearchStrategy } from './KnnSearch.ts';

/** The recall a search has unless it asks for another. */
const DEFAULT_RECALL = 0.95;

/** The breadth of the beam where no recall curve has been measured yet: well above what small indexes need. */
const UNMEASURED_EFFORT = 200;

/** The curve is measured for few hits; for more of them, the beam is at least this much broader than their number. */
const EFFORT_PER_HIT = 1.5;

/**
 * A filter that lets less than this through may have its matches far from where a walk begins, so they are scanned
 * while they are few, even where a walk would be quicker.
 */
const SELECTIVE = 0.4;

/** What the steps of a search cost, in units of one vector compared in a scan of the whole index. */
export interface SearchCosts {
  /** One match compared: its vector is fetched from wherever it lies. */
  readonly compareMatch: number;
  /** One graph node expanded: all of its links are looked up and compared. */
  readonly expandNode: number;
  /** So many matches of a selective filter are always scanned. */
  readonly surelyScanned: number;
}

/** Measured on 30,000 × 384 vectors, m = 16: 53 ns for a vector, 100 to 150 ns for a match, 750 ns for a node. */
export const DEFAULT_COSTS: SearchCosts = { compareMatch: 2, expandNode: 14, surelyScanned: 20_000 };

export interface PlanRequest {
  readonly indexType: IndexType;
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

const NUMBERS = new Intl.NumberFormat('en-US');

/** What to do and why; a graph that comes back short is followed by a scan, which the searcher sees. */
export interface PlannedSearch {
  readonly strategy: Exclude<SearchStrategy, 'GRAPH_THEN_SCAN'>;
  /** One sentence, for people. */
  readonly reason: string;
  /** The breadth of the beam; null for scans. */
  readonly effort: number | null;
  /** 1 for scans; null where nothing has been measured. */
  readonly expectedRecall: number | null;
}

/** Chooses the cheapest way that keeps the promised recall. */
export function planSearch(request: PlanRequest): PlannedSearch {
  const { indexType, live, matches, accuracy } = request;
  if (live === 0) return scan('EMPTY', 'The library holds no vectors.');
  if (matches === 0) return scan('EMPTY', 'The filter lets no chunk through.');
  const scanAll = matches === null ? 'EXACT_SCAN' : 'FILTERED_SCAN';
  const compared = `${group(matches ?? live)} ${matches === null ? 'vectors' : 'matching vectors'}`;
  if (accuracy && 'exact' in accuracy && accuracy.exact) {
    return scan(scanAll, `An exact answer was asked for, so all ${compared} are compared.`);
  }
  if (indexType === 'FLAT') {
    return scan(scanAll, `The index is FLAT: all ${compared} are compared.`);
  }
  const beam = beamFor(request);
  if (beam === undefined) {
    return scan(
      scanAll,
      `No effort measured on this index has the recall asked for: all ${compared} are compared.`,
    );
  }
  return matches === null ? planUnfiltered(request, beam) : planFiltered(request, beam, matches);
}

/** A beam for searches of the whole graph, with the recall that it is known to have. */
interface Beam {
  readonly effort: number;
  readonly expectedRecall: number | null;
  readonly source: string;
}

function planUnfiltered({ live, accuracy, costs }: PlanRequest, beam: Beam): PlannedSearch {
  const isEffortAsked = accuracy !== undefined && 'effort' in accuracy;
  if (!isEffortAsked && live <= beam.effort * costs.expandNode) {
    return scan(
      'EXACT_SCAN',
      `With ${group(live)} vectors, comparing all of them is quicker than walking the graph.`,
    );
  }
  const reason = `The graph is walked with effort ${group(beam.effort)}, ${beam.source}.`;
  return { strategy: 'GRAPH', reason, effort: beam.effort, expectedRecall: beam.expectedRecall };
}

/** With a filter, a walk goes on until `effort` matches have been met, so it expands effort / selectivity nodes. */
function planFiltered({ live, costs }: PlanRequest, beam: Beam, matches: number): PlannedSearch {
  const selectivity = Math.min(1, matches / live);
  const share = `${formatShare(selectivity)} of the library`;
  const expanded = beam.effort / selectivity;
  const isFew = selectivity < SELECTIVE && matches <= costs.surelyScanned;
  const isCheap = matches * costs.compareMatch <= expanded * costs.expandNode;
  if (isFew || isCheap) {
    const why = `comparing all of them is ${isCheap ? 'quicker' : 'surer'} than walking the graph`;
    return scan('FILTERED_SCAN', `The filter lets ${group(matches)} chunks through (${share}): ${why}.`);
  }
  const reason =
    `The filter lets ${group(matches)} chunks through (${share}): the graph is walked until it has met enough of ` +
    `them, with effort ${group(beam.effort)}, ${beam.source}.`;
  return { strategy: 'FILTERED_GRAPH', reason, effort: beam.effort, expectedRecall: beam.expectedRecall };
}

/** The least effort that has the recall asked for; undefined when none that was measured has. */
function beamFor({ accuracy, recallCurve, wanted }: PlanRequest): Beam | undefined {
  const least = Math.ceil(wanted * EFFORT_PER_HIT);
  if (accuracy && 'effort' in accuracy) {
    const effort = Math.max(accuracy.effort, wanted);
    const known = recallCurve.filter((point) => point.effort <= effort).map(({ recall }) => recall);
    return { effort, expectedRecall: known.length > 0 ? Math.max(...known) : null, source: 'as asked for' };
  }
  const recall = accuracy && 'recall' in accuracy ? accuracy.recall : DEFAULT_RECALL;
  if (recall >= 1) return undefined;
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
  return { strategy, reason, effort: null, expectedRecall: 1 };
}

function group(count: number): string {
  return NUMBERS.format(count);
}

function formatShare(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}
