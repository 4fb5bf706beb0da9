import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { Found } from '../engines/Engine.ts';
import { cachePath } from './cache.ts';
import { type Dataset, rowOf } from './Dataset.ts';
import { distanceOf } from './distance.ts';
import { readNeighbours } from './files.ts';
import { ordinalsFrom } from './ordinals.ts';

/** The k nearest rows of every query, nearest first, and how far the last of them is (double precision). */
export interface Truth {
  readonly k: number;
  /** `queries × k`. */
  readonly rows: Uint32Array;
  readonly reach: Float64Array;
}

/** Queries whose truth is computed a second time by a plain loop in double precision. */
const CHECKED_QUERIES = 3;

/** Distances that differ by less are equal: float32 orders such neighbours either way. */
const TOLERANCE = 1e-5;

/** The truth about a dataset: from its file of neighbours, from the cache, or computed and cached. */
export function truthOf(dataset: Dataset, k: number, neighbours?: string): Truth {
  if (neighbours !== undefined) return withReach(dataset, k, firstNeighbours(dataset, k, neighbours));
  const path = cachePath(dataset, `truth-${dataset.queries.length}-${k}`);
  if (existsSync(path))
    return withReach(dataset, k, new Uint32Array(new Uint8Array(readFileSync(path)).buffer));
  const rows = computeTruth(dataset, k);
  writeFileSync(`${path}.part`, rows);
  renameSync(`${path}.part`, path);
  return withReach(dataset, k, rows);
}

/** The first k of each list of an .ivecs file, whose lists may be longer. */
function firstNeighbours({ queries, count }: Dataset, k: number, path: string): Uint32Array {
  const lists = readNeighbours(path, queries.length);
  const rows = new Uint32Array(queries.length * k);
  if (lists.count < queries.length || lists.dimension < k)
    throw new Error(
      `${path}: got ${lists.count} lists of ${lists.dimension}, expected ${queries.length} of ${k} or more`,
    );
  for (let i = 0; i < queries.length; i++)
    rows.set(lists.values.subarray(i * lists.dimension, i * lists.dimension + k), i * k);
  if (rows.some((row) => row >= count))
    throw new Error(
      `${path}: names rows beyond the ${count} that were read; it belongs to the whole base file`,
    );
  return rows;
}

/** Adds the reaches to known nearest rows (`queries × k`), which may come from a file. */
export function withReach(dataset: Dataset, k: number, rows: Uint32Array): Truth {
  const reach = Float64Array.from(dataset.queries, (query, i) => {
    const nearest = [...rows.subarray(i * k, (i + 1) * k)];
    return Math.max(...nearest.map((row) => distanceOf(dataset.metric, query, rowOf(dataset, row))));
  });
  return { k, rows, reach };
}

/**
 * The share of the true neighbours that was found: rows found that are no farther than the k-th true one, so that ties count
 * whichever of them an engine returns. A row found twice counts once.
 */
export function recallOf(dataset: Dataset, { k, reach }: Truth, found: readonly Found[]): number {
  if (found.length === 0) return 1;
  let hits = 0;
  found.forEach((rows, i) => {
    const query = dataset.queries[i] as Float32Array;
    const limit = reach[i] as number;
    const distinct = [...new Set(Array.from(rows as ArrayLike<number>, Number))].slice(0, k);
    const near = (row: number) =>
      distanceOf(dataset.metric, query, rowOf(dataset, row)) <=
      limit + TOLERANCE * Math.max(1e-3, Math.abs(limit));
    hits += distinct.filter((row) => row < dataset.count && near(row)).length;
  });
  return hits / (found.length * k);
}

/** Scans with our exact index, and holds some of the answers against a loop that has nothing in common with it. */
export function computeTruth(dataset: Dataset, k: number): Uint32Array {
  const { dimension, metric, count, vectors, queries } = dataset;
  const rows = new Uint32Array(queries.length * k);
  using index = createIndex({ type: 'FLAT', dimension, metric, seed: 0 });
  index.insert(ordinalsFrom(0, count), vectors);
  queries.forEach((query, i) => {
    rows.set(index.search(query, { k }).ordinals, i * k);
  });
  for (let i = 0; i < Math.min(CHECKED_QUERIES, queries.length); i++) {
    const query = queries[i] as Float32Array;
    const distances = Float64Array.from({ length: count }, (_, row) =>
      distanceOf(metric, query, rowOf(dataset, row)),
    );
    const limit = distances.toSorted()[Math.min(k, count) - 1] as number;
    const strays = rows
      .subarray(i * k, (i + 1) * k)
      .filter((row) => (distances[row] as number) > limit + TOLERANCE * Math.max(1e-3, Math.abs(limit)));
    if (strays.length > 0)
      throw new Error(
        `truth: the exact index returned ${strays} for query ${i}, which are not among the ${k} nearest`,
      );
  }
  return rows;
}
