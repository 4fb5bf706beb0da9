import { once } from 'node:events';
import { threadId, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { releaseZones } from '../../src/indexes/segment.ts';
import type { IndexType } from '../../src/indexes/VectorIndex.ts';
import { zoneCount } from '../../src/indexes/zoneLayout.ts';
import { clustered, ordinalsFrom } from './data.ts';
import { type HammerBoard, type HammerReport, type HammerTask, MAX_ORDINAL, vectorOf } from './hammer.ts';
import { KINDS } from './reference.ts';

const SOURCE = new URL('./hammer.ts', import.meta.url);
const HAMMER_MS = 2_000;

/** Codes for those that have some, a tree for the others; and so many vectors that neither type scans them. */
const HAMMERED: Readonly<Record<IndexType, { dimension: number; first: number }>> = {
  FLAT: { dimension: 40, first: 1_000 },
  HNSW: { dimension: 40, first: 1_000 },
  KD_TREE: { dimension: 10, first: 3_000 },
  LSH: { dimension: 40, first: 8_000 },
};

function words(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * 4));
}

async function run(task: HammerTask): Promise<HammerReport> {
  const worker = new Worker(SOURCE, { workerData: task });
  const [report] = (await once(worker, 'message')) as [HammerReport];
  await worker.terminate();
  return report;
}

describe.each(KINDS)('$name', ({ type, codes, least }) => {
  it('answers two readers truly while a writer inserts and removes', async () => {
    const { first, ...hammered } = HAMMERED[type];
    const dimension = Math.max(hammered.dimension, least);
    const index = createIndex({
      ...{ type, codes, metric: 'EUCLIDEAN', dimension },
      ...{ seed: 1, m: 8, expected: first },
    });
    const ordinals = ordinalsFrom(0, first);
    const vectors = [...ordinals].flatMap((ordinal) => [...vectorOf(ordinal, dimension)]);
    index.append(ordinals, Float32Array.from(vectors));
    for (const _ of index.build());
    const board: HammerBoard = { clock: words(3), removedAt: words(MAX_ORDINAL) };
    board.clock.fill(first, 0, 2);
    const task = { shared: index.share(), board, forMs: HAMMER_MS };
    const reports = await Promise.all([
      run({ ...task, role: 'write' }),
      run({ ...task, role: 'read' }),
      run({ ...task, role: 'read' }),
    ]);
    for (const { role, done, hits, asked, faults } of reports) {
      expect(faults).toEqual([]);
      expect(done).toBeGreaterThan(role === 'write' ? first : 0);
      if (role === 'read') expect(hits / asked).toBeGreaterThan(0.97);
    }
    const written = reports.find(({ role }) => role === 'write')?.done ?? 0;
    expect(index.stats().live + index.stats().tombstones).toBe(written);
    expect(index.search(vectorOf(written - 1, dimension), { k: 1, exact: true }).ordinals[0]).toBe(
      written - 1,
    );
    if (index instanceof HnswIndex) expect(index.unreachable()).toBe(0);
  });

  it('sees in every attached instance what another one changes', () => {
    const dimension = Math.max(50, least);
    const writer = createIndex({ type, codes, metric: 'COSINE', dimension, seed: 1 });
    const reader = attachIndex(writer.share());
    const vectors = clustered({ count: 3_000, dimension, seed: 1 });
    for (let at = 0; at < 3_000; at += 500) {
      writer.insert(ordinalsFrom(at, 500), vectors.subarray(at * dimension, (at + 500) * dimension));
      const last = vectors.subarray((at + 499) * dimension, (at + 500) * dimension);
      expect(reader.search(last, { k: 1 }).ordinals[0]).toBe(at + 499);
      expect(reader.vector(at + 499)).toEqual(last.slice());
    }
    writer.remove(ordinalsFrom(0, 1_500));
    expect(reader.ordinals()).toEqual(ordinalsFrom(1_500, 1_500));
    expect(reader.stats()).toEqual(writer.stats());
  });

  it('lets as many threads attach as there are zones, and one more when one has gone', () => {
    const dimension = Math.max(8, least);
    const index = createIndex({ type, codes, metric: 'DOT', dimension, seed: 1 });
    index.insert(Uint32Array.of(1), new Float32Array(dimension).fill(1));
    const shared = index.share();
    const others = Array.from({ length: zoneCount - 1 }, () => attachIndex(shared));
    expect(() => attachIndex(shared)).toThrow(`${zoneCount} that can be attached`);
    others[5]?.detach();
    others[5]?.detach();
    expect(() => others[5]?.search(new Float32Array(dimension), { k: 1 })).toThrow('after detach');
    const another = attachIndex(shared);
    expect([...another.search(new Float32Array(dimension).fill(1), { k: 1 }).ordinals]).toEqual([1]);
    releaseZones(shared, threadId + 1);
    expect(() => attachIndex(shared)).toThrow(`${zoneCount} that can be attached`);
    releaseZones(shared, threadId);
    expect(() => attachIndex(shared)).not.toThrow();
  });
});
