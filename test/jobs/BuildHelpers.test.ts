import { describe, expect, it } from 'vitest';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SharedSegments } from '../../src/indexes/segment.ts';
import { BuildHelpers } from '../../src/jobs/BuildHelpers.ts';
import { clustered, ordinalsFrom } from '../indexes/data.ts';

const HNSW = { type: 'HNSW', metric: 'COSINE', dimension: 40, seed: 1, m: 8, efConstruction: 40 } as const;

function appended(count: number): SegmentedIndex {
  const index = SegmentedIndex.create(HNSW);
  index.append(ordinalsFrom(0, count), clustered({ count, dimension: 40, seed: 1 }));
  return index;
}

describe('the helpers of a build', () => {
  it('build all of it, if need be alone', async () => {
    const index = appended(3_000);
    const helpers = new BuildHelpers(2);
    helpers.begin(index.share());
    await helpers.ended();
    expect([...index.build()].at(-1)).toBe(3_000);
    expect(index.search(index.vector(77) as Float32Array, { k: 1 }).ordinals[0]).toBe(77);
  });

  it('tell what one of them has died of', async () => {
    const helpers = new BuildHelpers(2);
    helpers.begin({ ...appended(1).share(), segments: [{}] } as unknown as SharedSegments);
    await expect(helpers.ended()).rejects.toThrow();
    expect(() => helpers.check()).toThrow();
  });

  it('end wherever they are', async () => {
    const index = appended(30_000);
    const helpers = new BuildHelpers(2);
    helpers.begin(index.share());
    await helpers.stop();
    expect(index.build().next().value).toBeLessThan(30_000);
  });
});
