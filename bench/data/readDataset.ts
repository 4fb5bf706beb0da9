import { basename } from 'node:path';
import type { BenchOptions } from '../suites/Suite.ts';
import type { Dataset } from './Dataset.ts';
import { readVectors } from './files.ts';
import { generate } from './generate.ts';

/**
 * The dataset that the command line asks for: by seed, or from files. Generated queries are drawn like the vectors, and come
 * after them; so do those of a base file that is given without queries: its last rows.
 */
export function readDataset(options: BenchOptions): Dataset {
  const { base, queryCount } = options;
  if (base === undefined) return generated(options);
  const vectors = readVectors(base, options.count + (options.queries === undefined ? queryCount : 0));
  const asked = options.queries === undefined ? undefined : readVectors(options.queries, queryCount);
  if (asked !== undefined && asked.dimension !== vectors.dimension)
    throw new Error(`${options.queries}: got dimension ${asked.dimension}, expected ${vectors.dimension}`);
  const count =
    asked === undefined ? vectors.count - Math.min(queryCount, vectors.count >> 1) : vectors.count;
  const rest = vectors.values.subarray(count * vectors.dimension);
  return {
    name: `${basename(base)}-${count}x${vectors.dimension}`,
    metric: options.metric,
    dimension: vectors.dimension,
    count,
    vectors: vectors.values.subarray(0, count * vectors.dimension),
    queries: rowsOf(asked?.values ?? rest, vectors.dimension),
    source: [base, options.queries ?? ''],
  };
}

function generated({ data, count, dimension, seed, queryCount, metric }: BenchOptions): Dataset {
  const all = generate({ name: data, count: count + queryCount, dimension, seed });
  return {
    name: `${data}-${count}x${dimension}-seed${seed}`,
    metric,
    dimension,
    count,
    vectors: all.subarray(0, count * dimension),
    queries: rowsOf(all.subarray(count * dimension), dimension),
    source: [],
  };
}

/** Copies, so that the rest of a large buffer need not be kept for them. */
function rowsOf(values: Float32Array, dimension: number): Float32Array[] {
  return Array.from({ length: values.length / dimension }, (_, row) =>
    values.slice(row * dimension, (row + 1) * dimension),
  );
}
