import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { layoutOf } from '../../src/indexes/layout.ts';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SharedSegment } from '../../src/indexes/segment.ts';
import type { IndexParameters } from '../../src/indexes/VectorIndex.ts';
import { BLOCK_SLOTS, FIRST_CENTRE, RECORD_CODE, SECTIONS_AT } from '../../src/kernel/assembly/offsets.ts';
import { clustered, gaussianFrom, ordinalsFrom } from './data.ts';
import { buildInThreads } from './linkingThread.ts';
import { recallOf } from './reference.ts';

const HNSW = { type: 'HNSW', metric: 'COSINE', dimension: 48, seed: 3, m: 8, efConstruction: 64 } as const;
const BINARY = { ...HNSW, dimension: 160, codes: 'BINARY' } as const;
const COUNT = 6_000;

/** An index to which the vectors have been appended, under the ordinals from 0. */
function appended(parameters: IndexParameters, vectors: Float32Array, segmentSlots?: number): SegmentedIndex {
  const index = SegmentedIndex.create(parameters, { segmentSlots });
  index.append(ordinalsFrom(0, vectors.length / parameters.dimension), vectors);
  return index;
}

async function built(
  parameters: IndexParameters,
  vectors: Float32Array,
  threads: number,
): Promise<SegmentedIndex> {
  const index = appended(parameters, vectors);
  await buildInThreads(index, threads);
  return index;
}

function unreachable(index: SegmentedIndex): number {
  return index.segments.reduce(
    (sum, segment) => sum + (segment instanceof HnswIndex ? segment.unreachable() : 0),
    0,
  );
}

/** Of each slot: its code and its sketch, as they lie in memory. */
function codesAndSketches(index: SegmentedIndex): { code: string; sketch: string }[] {
  const [shared] = index.share().segments as [SharedSegment];
  const { blocksAt, blockBytes, sections, comparedBytes, sketchBytes } = layoutOf(shared.parameters);
  const records = sections.find(({ offset }) => offset === SECTIONS_AT)?.stride ?? 0;
  const sketches = sections.find(({ stride }) => stride === sketchBytes)?.offset ?? 0;
  return Array.from({ length: index.stats().slots }, (_, slot) => {
    const block = blocksAt + Math.floor(slot / BLOCK_SLOTS) * blockBytes;
    const bytes = (at: number, length: number) =>
      Buffer.from(shared.memory.buffer, block + at, length).toString('hex');
    const within = slot % BLOCK_SLOTS;
    const code = bytes(SECTIONS_AT + within * records + RECORD_CODE, comparedBytes);
    return { code, sketch: bytes(sketches + within * sketchBytes, sketchBytes) };
  });
}

/** Vectors, and queries that are not among them. */
function sample(dimension: number) {
  const all = clustered({ count: COUNT + 100, dimension, seed: 4, clusters: 60, latent: 24 });
  const rows = (from: number, count: number) => all.subarray(from * dimension, (from + count) * dimension);
  return { vectors: rows(0, COUNT), queries: Array.from({ length: 100 }, (_, i) => rows(COUNT + i, 1)) };
}

describe.each([2, 4])('a graph that %i threads have built', (threads) => {
  it('finds what one built by a single thread does', async () => {
    const { vectors, queries } = sample(HNSW.dimension);
    const single = await built(HNSW, vectors, 1);
    const index = await built(HNSW, vectors, threads);
    expect(index.stats()).toMatchObject({ slots: COUNT, live: COUNT, tombstones: 0 });
    expect(unreachable(index)).toBe(0);
    for (const [effort, spread] of [
      [16, 0.025],
      [64, 0.02],
    ] as const)
      expect(recallOf(index, queries, 10, effort)).toBeGreaterThan(
        recallOf(single, queries, 10, effort) - spread,
      );
    expect(recallOf(index, queries, 10, 128)).toBeGreaterThan(0.995);
  });

  it('finds what one built by a single thread does, by binary codes', async () => {
    const { vectors, queries } = sample(BINARY.dimension);
    const single = await built(BINARY, vectors, 1);
    const index = await built(BINARY, vectors, threads);
    expect(unreachable(index)).toBe(0);
    expect(recallOf(index, queries, 10, 64)).toBeGreaterThan(recallOf(single, queries, 10, 64) - 0.02);
    expect(recallOf(index, queries, 10, 192)).toBeGreaterThan(0.98);
  });

  it.each(['COSINE', 'DOT', 'EUCLIDEAN'] as const)(
    'finds every one of its vectors, by %s',
    async (metric) => {
      const { vectors } = sample(12);
      const index = await built({ ...HNSW, metric, dimension: 12 }, vectors, threads);
      expect(unreachable(index)).toBe(0);
      const { ordinals } = index.search(vectors.subarray(0, 12), { k: COUNT, effort: COUNT });
      expect(ordinals.toSorted()).toEqual(ordinalsFrom(0, COUNT));
    },
  );

  it('holds equal vectors by the thousand, and what lies around them', async () => {
    const { vectors } = sample(HNSW.dimension);
    const one = vectors.slice(0, HNSW.dimension);
    for (let at = 0; at < COUNT; at++) if (at % 3 > 0) vectors.set(one, at * HNSW.dimension);
    const index = await built(HNSW, vectors, threads);
    expect(unreachable(index)).toBe(0);
    expect(index.search(one, { k: 4_001 }).distances.at(-1)).toBeLessThan(1e-5);
    const all = index.search(one, { k: COUNT, effort: COUNT }).ordinals;
    expect(all.toSorted()).toEqual(ordinalsFrom(0, COUNT));
  });

  it('holds nothing but equal vectors', async () => {
    const index = await built(HNSW, new Float32Array(3_000 * HNSW.dimension).fill(1), threads);
    expect(unreachable(index)).toBe(0);
    expect(index.search(new Float32Array(HNSW.dimension).fill(1), { k: 3_000 }).ordinals).toHaveLength(3_000);
  });

  it('holds clusters that came one after the other', async () => {
    const dimension = HNSW.dimension;
    const gaussian = gaussianFrom(5);
    const vectors = new Float32Array(COUNT * dimension);
    const centre = new Float32Array(dimension);
    for (let row = 0; row < COUNT; row++) {
      if (row % 300 === 0) for (let d = 0; d < dimension; d++) centre[d] = 4 * gaussian();
      for (let d = 0; d < dimension; d++) vectors[row * dimension + d] = (centre[d] ?? 0) + 0.5 * gaussian();
    }
    const index = await built({ ...HNSW, metric: 'EUCLIDEAN' }, vectors, threads);
    const queries = Array.from({ length: 60 }, (_, i) =>
      vectors.slice(i * 100 * dimension, (i * 100 + 1) * dimension).map((x) => x + 0.3 * gaussian()),
    );
    expect(unreachable(index)).toBe(0);
    expect(recallOf(index, queries, 10, 64)).toBeGreaterThan(0.96);
  });

  it('holds a line of one dimension, and a single vector, and none', async () => {
    const line = { ...HNSW, metric: 'EUCLIDEAN', dimension: 1 } as const;
    const index = await built(
      line,
      Float32Array.from({ length: 3_000 }, (_, i) => (i * 1_237) % 3_000),
      threads,
    );
    expect(unreachable(index)).toBe(0);
    const { distances } = index.search(Float32Array.of(1_500.25), { k: 4 });
    expect([...distances]).toEqual([0.25, 0.75, 1.25, 1.75]);
    const single = await built(line, Float32Array.of(7), threads);
    expect([...single.search(Float32Array.of(9), { k: 3 }).distances]).toEqual([2]);
    const none = await built(line, new Float32Array(0), threads);
    expect(none.search(Float32Array.of(9), { k: 3 }).ordinals).toHaveLength(0);
  });

  it.each(['IN_MEMORY', 'ON_DISK'] as const)(
    'has the codes and sketches of any other, vectors %s',
    async (vectors) => {
      const parameters = { ...HNSW, dimension: 256, vectors } as const;
      const folder = mkdtempSync(join(tmpdir(), 'alcove-'));
      const rows = clustered({ count: COUNT, dimension: 256, seed: 4, clusters: 60, latent: 24 });
      const [single, index] = await Promise.all(
        [1, threads].map(async (count) => {
          const one = SegmentedIndex.create(parameters, { path: join(folder, `${count}`) });
          // The first have no sketches before the others come, and there is a centre.
          for (const [from, end] of [
            [0, FIRST_CENTRE],
            [FIRST_CENTRE, COUNT],
          ] as const) {
            one.append(ordinalsFrom(from, end - from), rows.subarray(from * 256, end * 256));
            await buildInThreads(one, count);
          }
          return one;
        }),
      );
      const parts = [single, index].map((one) => codesAndSketches(one as SegmentedIndex));
      expect(parts[0]?.length).toBe(COUNT);
      expect(parts[1]).toEqual(parts[0]);
      const sketches = new Set(parts[0]?.map(({ sketch }) => sketch));
      expect(sketches.size).toBe(COUNT);
      for (const one of [single, index]) one?.detach();
      rmSync(folder, { recursive: true });
    },
  );

  it('takes inserts, removals and another build as any other', async () => {
    const { vectors, queries } = sample(HNSW.dimension);
    const half = (COUNT / 2) * HNSW.dimension;
    const index = await built(HNSW, vectors.subarray(0, half), threads);
    index.insert(ordinalsFrom(COUNT / 2, 100), vectors.subarray(half, half + 100 * HNSW.dimension));
    index.append(
      ordinalsFrom(COUNT / 2 + 100, COUNT / 2 - 100),
      vectors.subarray(half + 100 * HNSW.dimension),
    );
    for (let again = 0; again < 2; again++) await buildInThreads(index, threads);
    index.remove(ordinalsFrom(0, 500));
    expect(unreachable(index)).toBe(0);
    expect(recallOf(index, queries, 10, 64)).toBeGreaterThan(0.97);
  });

  it('may be larger than a segment', async () => {
    const { vectors, queries } = sample(HNSW.dimension);
    const index = appended(HNSW, vectors, 2_500);
    await buildInThreads(index, threads);
    expect(index.segments).toHaveLength(3);
    expect(unreachable(index)).toBe(0);
    expect(recallOf(index, queries, 10, 64)).toBeGreaterThan(0.97);
  });
});

describe('a graph that one thread has built', () => {
  it('is the same for the same seed and vectors', () => {
    const { vectors } = sample(HNSW.dimension);
    const folder = mkdtempSync(join(tmpdir(), 'alcove-'));
    const origin = { session: '018f0000-0000-7000-8000-000000000000', revision: 1, libraryKey: 1 };
    const files = ['first', 'second'].map((name) => {
      const index = appended(HNSW, vectors);
      for (const _done of index.build());
      index.save(join(folder, name), origin);
      return readFileSync(join(folder, name));
    });
    rmSync(folder, { recursive: true });
    expect(files[0]?.equals(files[1] as Buffer)).toBe(true);
  });

  it('says how many are done as it goes, and at last that all are', () => {
    const { vectors } = sample(HNSW.dimension);
    const told = [...appended(HNSW, vectors).build()];
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBe(COUNT);
  });

  it('is searched exactly before, and neither changed nor saved', () => {
    const { vectors } = sample(HNSW.dimension);
    const index = appended(HNSW, vectors);
    const query = vectors.subarray(0, HNSW.dimension);
    const exact = index.search(query, { k: 9, exact: true });
    expect(exact.ordinals[0]).toBe(0);
    expect(index.search(query, { k: 9 })).toEqual(exact);
    const allowed = Bitmap.of(COUNT, [5, 7]);
    expect(index.search(query, { k: 9, allowed }).ordinals.toSorted()).toEqual(Uint32Array.of(5, 7));
    expect(() => index.insert(Uint32Array.of(COUNT), query)).toThrow(`${COUNT} appended vectors wait`);
    expect(() => index.save('nowhere', { session: '', revision: 0, libraryKey: 0 })).toThrow(
      'wait for build()',
    );
  });
});
