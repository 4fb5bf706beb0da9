import type { SearchMethod, SearchResult } from '../indexes/VectorIndex.ts';
import type { SearchStrategy } from './KnnSearch.ts';
import type { PlannedSearch } from './planner.ts';

interface Way {
  readonly strategy: SearchStrategy;
  /** What the index did, as a sentence. */
  readonly done: string;
  /** Whether a sample's recall says nothing of it, for all that matters was compared. */
  readonly isSure?: true;
}

/** What an index that has several ways of answering under a filter says that it did. */
const WAYS: Readonly<Record<SearchMethod, Way>> = {
  SCAN: { strategy: 'FILTERED_SCAN', done: 'To compare them all was the cheapest way.', isSure: true },
  SKETCH_SCAN: {
    strategy: 'SKETCH_SCAN',
    done: 'To compare them all by their sketches, and the best of them again, was the cheapest way.',
  },
  WALK: {
    strategy: 'FILTERED_GRAPH',
    done: 'They are so many that walking past the others was the cheapest way.',
  },
  TWO_HOP_WALK: { strategy: 'TWO_HOP_GRAPH', done: 'To walk from match to match was the cheapest way.' },
  WALK_THEN_SCAN: {
    strategy: 'GRAPH_THEN_SCAN',
    done: 'The walk came back with too few, so all that may match were compared.',
  },
};

/** The plan, and what the index has made of it. `isFiltered`: it was given what may match. */
export function planDone(plan: PlannedSearch, found: SearchResult, isFiltered: boolean): PlannedSearch {
  if ((plan.strategy === 'TREE' || plan.strategy === 'HASH_TABLES') && found.visited === 0) {
    const strategy = isFiltered ? 'FILTERED_SCAN' : 'EXACT_SCAN';
    const reason = `${plan.reason} That would have taken longer than to compare them all, which was done instead.`;
    return { ...plan, strategy, reason, effort: null, expectedRecall: 1 };
  }
  if (plan.isExact || !isFiltered || found.method === undefined) return plan;
  const { strategy, done, isSure } = WAYS[found.method];
  const reason = `${plan.reason} ${done}`;
  return isSure
    ? { ...plan, strategy, reason, effort: null, expectedRecall: 1 }
    : { ...plan, strategy, reason };
}
