import type { BenchOptions } from '../suites/Suite.ts';
import type { Dataset } from './Dataset.ts';
import { generate } from './generate.ts';

/** The dataset that the command line asks for: generated. Queries are drawn like the vectors, and come after them. */
export function readDataset(options: BenchOptions): Dataset {
  const { data, count, dimension, seed, queryCount, metric } = options;
  const all = generate({ name: data, count: count + queryCount, dimension, seed });
  return {
    name: `${data}-${count}x${dimension}-seed${seed}`,
    metric,
    dimension,
    count,
    vectors: all.subarray(0, count * dimension),
    queries: Array.from({ length: queryCount }, (_, i) =>
      all.slice((count + i) * dimension, (count + i + 1) * dimension),
    ),
  };
}
