import { describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { clustered, ordinalsFrom } from './data.ts';
import { METRICS } from './reference.ts';

const COUNT = 4_000;
const QUERIES = 100;
const K = 10;
const EFFORT = 200;

const shapes = METRICS.flatMap((metric) => [
  { metric, dimension: 24, spread: 1 },
  { metric, dimension: 48, spread: 3 },
  { metric, dimension: 200, spread: 1 },
]);

describe.each(shapes)(
  'the last order with $metric in $dimension dimensions, norms spread by $spread',
  (shape) => {
    const { metric, dimension, spread } = shape;
    const all = clustered({ count: COUNT + QUERIES, dimension, seed: 5, clusters: 40, latent: 24, spread });
    const index = createIndex({ type: 'HNSW', metric, dimension, seed: 2 });
    index.insert(ordinalsFrom(0, COUNT), all.subarray(0, COUNT * dimension));
    const queries = Array.from({ length: QUERIES }, (_, i) =>
      all.subarray((COUNT + i) * dimension, (COUNT + i + 1) * dimension),
    );

    it('compares few more rows than k, and finds what comparing all of the beam does', () => {
      let rows = 0;
      let same = 0;
      for (const query of queries) {
        const wide = index.search(query, { k: EFFORT, effort: EFFORT });
        expect(wide.reranked).toBe(EFFORT);
        const narrow = index.search(query, { k: K, effort: EFFORT });
        const expected = new Set(wide.ordinals.subarray(0, K));
        same += narrow.ordinals.filter((ordinal) => expected.has(ordinal)).length;
        rows += narrow.reranked;
      }
      expect(same).toBeGreaterThanOrEqual(0.998 * K * QUERIES);
      expect(rows / QUERIES).toBeLessThan(2 * K);
    });
  },
);
