import { describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { Segment } from '../../src/indexes/segment.ts';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import type { Kernel, KernelParts } from '../../src/kernel/kernel.ts';
import { clustered, ordinalsFrom } from './data.ts';
import { METRICS } from './reference.ts';

const COUNT = 6_000;
const QUERIES = 8;

/** The key over codes, if these were exact, of what has this distance. */
function keyOf(metric: Metric, distance: number): number {
  return metric === 'EUCLIDEAN' ? distance ** 2 / 2 : distance;
}

describe.each(METRICS.flatMap((metric) => [256, 700].map((dimension) => ({ metric, dimension }))))(
  'the sketches of a graph with $metric in $dimension dimensions',
  ({ metric, dimension }) => {
    const all = clustered({ count: COUNT + QUERIES, dimension, seed: 41, clusters: 30, latent: 20 });
    const index = createIndex({ type: 'HNSW', metric, dimension, seed: 3 });
    index.append(ordinalsFrom(0, COUNT), all.subarray(0, COUNT * dimension));
    for (const _ of index.build());
    const segment = Segment.attach(index.share());
    const kernel = segment.kernel as Kernel & KernelParts;

    it('rule out hardly any that is as near as they say is unlikely, and many that are not', () => {
      for (let i = 0; i < QUERIES; i++) {
        const query = all.subarray((COUNT + i) * dimension, (COUNT + i + 1) * dimension);
        const { ordinals, distances } = index.search(query, { k: COUNT, exact: true });
        const tenth = keyOf(metric, distances[9] ?? Number.NaN);
        let wrong = 0;
        let ruledOut = 0;
        ordinals.forEach((ordinal, rank) => {
          segment.query.set(query);
          const least = kernel.leastSketched(ordinal);
          if (least > keyOf(metric, distances[rank] ?? Number.NaN)) wrong++;
          if (least > tenth) ruledOut++;
        });
        expect(wrong / COUNT).toBeLessThan(0.05);
        expect(ruledOut / COUNT).toBeGreaterThan(0.5);
      }
    });
  },
);

it.each([
  { codes: 'SCALAR', moves: [1_024, 8_192] },
  { codes: 'BINARY', moves: [16, 128, 1_024, 8_192] },
] as const)(
  'inserting writes no more than 8,192 nodes anew about another centre, by $codes codes',
  ({ codes, moves }) => {
    const index = createIndex({ type: 'HNSW', codes, metric: 'COSINE', dimension: 256, seed: 3 });
    const kernel = Segment.attach(index.share()).kernel as Kernel & KernelParts;
    const due = Array.from({ length: 22 }, (_, power) => 2 ** power).filter((slot) =>
      kernel.isCentreDue(slot),
    );
    expect(due).toEqual(moves);
  },
);
