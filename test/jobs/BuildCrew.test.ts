import { describe, expect, it } from 'vitest';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SharedSegments } from '../../src/indexes/segment.ts';
import { BuildCrew } from '../../src/jobs/BuildCrew.ts';
import { clustered, ordinalsFrom } from '../indexes/data.ts';

const HNSW = { type: 'HNSW', metric: 'COSINE', dimension: 40, seed: 1, m: 8, efConstruction: 40 } as const;

function appended(count: number): SegmentedIndex {
  const index = SegmentedIndex.create(HNSW);
  index.append(ordinalsFrom(0, count), clustered({ count, dimension: 40, seed: 1 }));
  return index;
}

describe('the crew of a build', () => {
  it('build all of it, if need be alone', async () => {
    const index = appended(3_000);
    const crew = new BuildCrew(2);
    crew.begin(index.share());
    await crew.ended();
    expect([...index.build()]).toEqual([]);
    expect(index.search(index.vector(77) as Float32Array, { k: 1 }).ordinals[0]).toBe(77);
  });

  it('tell what one of them has died of', async () => {
    const crew = new BuildCrew(2);
    crew.begin({ ...appended(1).share(), segments: [{}] } as unknown as SharedSegments);
    await expect(crew.ended()).rejects.toThrow();
    expect(() => crew.check()).toThrow();
  });

  it('end wherever they are', async () => {
    const index = appended(30_000);
    const crew = new BuildCrew(2);
    crew.begin(index.share());
    await crew.stop();
    expect(index.build().next().value).toBeLessThan(30_000);
  });
});
