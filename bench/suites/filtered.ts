import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { SearchResult } from '../../src/indexes/VectorIndex.ts';
import {
  CORRELATIONS,
  type Correlation,
  type FilteredQueries,
  filteredQueries,
  neighbourhoodsOf,
} from '../data/filters.ts';
import { readDataset } from '../data/readDataset.ts';
import { openAlcove } from '../engines/alcove.ts';
import { buildOne } from '../measure/buildEngines.ts';
import { median, quantile } from '../measure/statistics.ts';
import type { SuiteResult } from '../report/Report.ts';
import { titleOf } from '../report/titles.ts';
import { type BenchOptions, type Suite, settingsOf } from './Suite.ts';

const SELECTIVITIES = [0.0001, 0.001, 0.005, 0.01, 0.04, 0.1, 0.25, 0.5, 0.9, 1];
const NEIGHBOURHOODS = 10;
const QUERIES_EACH = 10;
const EFFORT = 64;

/** What one kind of filter gave at one selectivity. */
interface FilterPoint {
  readonly correlation: Correlation;
  readonly selectivity: number;
  readonly recall: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers with fewer hits than there were matches for. */
  readonly short: number;
}

/** Searches under filters: recall against the exact search under the same filter, and the time beside that without a filter. */
export const filtered: Suite = async (options, announce) => {
  const dataset = readDataset(options);
  const ours = openAlcove(settingsOf(options, dataset));
  announce(ours.name, ours.version);
  await buildOne(ours, dataset);
  const neighbourhoods = neighbourhoodsOf(dataset, NEIGHBOURHOODS, QUERIES_EACH);
  const unfiltered = neighbourhoods.map(({ queries }): FilteredQueries => ({ allowed: undefined, queries }));
  const points: FilterPoint[] = [];
  const unfilteredMs: number[] = [];
  for (const correlation of CORRELATIONS) {
    for (const selectivity of SELECTIVITIES) {
      const filters = neighbourhoods.map((neighbourhood, i) =>
        filteredQueries(neighbourhood, correlation, selectivity, options.seed + i),
      );
      unfilteredMs.push(...searchAll(ours.index, unfiltered, options).latenciesMs);
      points.push({ correlation, selectivity, ...measure(ours.index, filters, options) });
    }
  }
  await ours.close?.();
  return resultOf(points, quantile(unfilteredMs, 0.5), titleOf(dataset), dataset.name);
};

/** Asks all queries, then all of them again for each round, so that none finds what it needs in the caches. Each counts with its median. */
function searchAll(
  index: SegmentIndex,
  filters: readonly FilteredQueries[],
  { k, rounds }: BenchOptions,
): { results: SearchResult[]; latenciesMs: number[] } {
  const asked = filters.flatMap(({ allowed, queries }) =>
    queries.map((query) => ({ query, options: { k, effort: EFFORT, ...(allowed ? { allowed } : {}) } })),
  );
  const results: SearchResult[] = [];
  const latenciesMs = asked.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    asked.forEach(({ query, options }, i) => {
      const began = performance.now();
      results[i] = index.search(query, options);
      latenciesMs[i]?.push(performance.now() - began);
    });
  }
  return { results, latenciesMs: latenciesMs.map(median) };
}

function measure(
  index: SegmentIndex,
  filters: readonly FilteredQueries[],
  options: BenchOptions,
): Omit<FilterPoint, 'correlation' | 'selectivity'> {
  const { k } = options;
  const { results, latenciesMs } = searchAll(index, filters, options);
  let hits = 0;
  let expected = 0;
  let short = 0;
  let at = 0;
  for (const { allowed, queries } of filters) {
    for (const query of queries) {
      const { ordinals, distances } = results[at++] as SearchResult;
      const truth = index.search(query, { k, exact: true, ...(allowed ? { allowed } : {}) });
      if (allowed && ordinals.some((ordinal) => !allowed.has(ordinal)))
        throw new Error('filtered: got a row that is not allowed');
      if (ordinals.length < truth.ordinals.length) short++;
      expected += truth.ordinals.length;
      hits += nearCount(distances, truth);
    }
  }
  return {
    recall: hits / expected,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    short,
  };
}

function nearCount(distances: Float32Array, truth: SearchResult): number {
  const reach = truth.distances.at(-1) ?? Number.NEGATIVE_INFINITY;
  return distances.filter((distance) => distance <= reach).length;
}

function resultOf(
  points: readonly FilterPoint[],
  unfilteredMs: number,
  title: string,
  name: string,
): SuiteResult {
  const leastRecall = Math.min(...points.map(({ recall }) => recall));
  const slowest = Math.max(...points.map(({ p50Ms }) => p50Ms)) / unfilteredMs;
  const short = points.reduce((sum, point) => sum + point.short, 0);
  const worst = (chosen: (point: FilterPoint) => boolean) => {
    const found = points.find(chosen);
    return found === undefined ? '' : `${found.correlation} at ${100 * found.selectivity} %`;
  };
  return {
    tables: [
      {
        title: `Filters, effort ${EFFORT}: ${title}`,
        columns: [
          'filter',
          'lets through',
          'recall',
          'p50 ms',
          'p99 ms',
          'p50 ÷ unfiltered',
          'answers too short',
        ],
        rows: points.map((point) => [
          point.correlation,
          `${Number((100 * point.selectivity).toPrecision(3))} %`,
          point.recall,
          point.p50Ms,
          point.p99Ms,
          point.p50Ms / unfilteredMs,
          point.short,
        ]),
        note: `Unfiltered: p50 ${unfilteredMs.toFixed(4)} ms. Recall: against the exact search under the same filter.`,
      },
    ],
    plots: [
      {
        name: `filtered-${name}`,
        title: `Filters: ${title}`,
        kind: 'lines',
        xLabel: 'share of the vectors that the filter lets through',
        yLabel: 'p50 ÷ p50 without a filter',
        xScale: 'log',
        yScale: 'log',
        series: CORRELATIONS.map((correlation) => ({
          name: correlation,
          points: points
            .filter((point) => point.correlation === correlation)
            .map((point) => [point.selectivity, point.p50Ms / unfilteredMs] as const),
        })),
      },
    ],
    goals: [
      {
        number: 9,
        what: `filters, least recall, ${title}`,
        bound: 'least',
        must: 0.95,
        reach: 0.99,
        measured: leastRecall,
        note: `${worst(({ recall }) => recall === leastRecall)}; ${short} answers too short`,
      },
      {
        number: 9,
        what: `filters, worst p50 over unfiltered p50, ${title}`,
        bound: 'most',
        must: 4,
        reach: 2,
        measured: slowest,
        note: worst(({ p50Ms }) => p50Ms / unfilteredMs === slowest),
      },
    ],
  };
}
