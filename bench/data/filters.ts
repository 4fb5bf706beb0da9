import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { type Dataset, rowOf } from './Dataset.ts';
import { distanceOf } from './distance.ts';
import { uniformFrom } from './random.ts';

/** How what a filter lets through lies to what is asked for. */
export const CORRELATIONS = ['random', 'correlated', 'anti-correlated', 'AND'] as const;
export type Correlation = (typeof CORRELATIONS)[number];

/** Queries that are asked with the same filter. */
export interface FilteredQueries {
  /** Undefined: no filter. */
  readonly allowed: Bitmap | undefined;
  readonly queries: readonly Float32Array[];
}

/** A point, all rows by their distance to it, and the queries that are nearest to it. */
export interface Neighbourhood {
  /** Nearest first. */
  readonly rows: Uint32Array;
  readonly queries: readonly Float32Array[];
}

/** The neighbourhoods of the first queries, each with so many queries near its centre. */
export function neighbourhoodsOf(dataset: Dataset, count: number, queriesEach: number): Neighbourhood[] {
  const { metric, queries } = dataset;
  return queries.slice(0, count).map((centre) => {
    const toRows = Float64Array.from({ length: dataset.count }, (_, row) =>
      distanceOf(metric, centre, rowOf(dataset, row)),
    );
    const near = queries
      .map((query) => ({ query, distance: distanceOf(metric, centre, query) }))
      .toSorted((a, b) => a.distance - b.distance);
    return {
      rows: Uint32Array.from({ length: dataset.count }, (_, row) => row).sort(
        (a, b) => (toRows[a] as number) - (toRows[b] as number),
      ),
      queries: near.slice(0, queriesEach).map(({ query }) => query),
    };
  });
}

/**
 * The rows that a filter lets through, and who asks. random: any rows. correlated: those nearest to the queries, as when
 * one asks for what one's language holds. anti-correlated: those farthest from them. AND: the nearest √selectivity and of them a
 * random √selectivity, as two conditions of which one has to do with the question.
 */
export function filteredQueries(
  { rows, queries }: Neighbourhood,
  correlation: Correlation,
  selectivity: number,
  seed: number,
): FilteredQueries {
  const wanted = Math.max(1, Math.round(selectivity * rows.length));
  return { allowed: Bitmap.of(rows.length, membersOf(rows, correlation, wanted, seed)), queries };
}

function membersOf(rows: Uint32Array, correlation: Correlation, wanted: number, seed: number): Uint32Array {
  if (correlation === 'correlated') return rows.subarray(0, wanted);
  if (correlation === 'anti-correlated') return rows.subarray(rows.length - wanted);
  if (correlation === 'random') return sample(rows, wanted, seed);
  return sample(rows.subarray(0, Math.ceil(Math.sqrt(wanted * rows.length))), wanted, seed);
}

/** Some of the rows, each as likely (the first steps of a Fisher-Yates shuffle). */
function sample(rows: Uint32Array, wanted: number, seed: number): Uint32Array {
  const uniform = uniformFrom(seed);
  const shuffled = rows.slice();
  for (let i = 0; i < wanted; i++) {
    const j = i + Math.floor(uniform() * (shuffled.length - i));
    [shuffled[i], shuffled[j]] = [shuffled[j] as number, shuffled[i] as number];
  }
  return shuffled.subarray(0, wanted);
}
