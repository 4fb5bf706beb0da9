import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachIndex } from '../../src/indexes/attachIndex.ts';
import { Bitmap } from '../../src/indexes/Bitmap.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import { segmentPath } from '../../src/indexes/segmentPath.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { holding, KINDS, METRICS, Model } from './reference.ts';

const DIMENSION = 6;
const SEGMENT_SLOTS = 50;
const ORIGIN = { session: randomUUID(), revision: 1, libraryKey: 1 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const rowsOf = (count: number, seed: number, dimension = DIMENSION): Float32Array =>
  clustered({ count, dimension, seed, clusters: 8 });

function filled(count: number): SegmentedIndex {
  const index = SegmentedIndex.create(
    { type: 'FLAT', metric: 'EUCLIDEAN', dimension: DIMENSION, seed: 1 },
    { segmentSlots: SEGMENT_SLOTS },
  );
  index.insert(ordinalsFrom(1, count), rowsOf(count, 1));
  return index;
}

it('an index says that it lacks a segment before anything that went on there is removed', () => {
  const written = filled(SEGMENT_SLOTS);
  const attached = attachIndex(written.share());
  expect(attached.isOutgrown).toBe(false);
  const query = rowsOf(SEGMENT_SLOTS, 1).subarray(0, DIMENSION);
  written.insert(Uint32Array.of(SEGMENT_SLOTS + 1), query);
  expect([written.isOutgrown, attached.isOutgrown]).toEqual([false, true]);
  written.remove(Uint32Array.of(1));
  const { ordinals } = attached.search(query, { k: 1 });
  expect([...ordinals]).not.toContain(1);
  const anew = attachIndex(written.share(), attached);
  expect(anew.isOutgrown).toBe(false);
  expect([...anew.search(query, { k: 1 }).ordinals]).toEqual([SEGMENT_SLOTS + 1]);
  const path = join(folder, 'sealed');
  written.save(path, ORIGIN);
  const segments = [path, segmentPath(path, 1)].map((file) => openIndex(file).index);
  expect(segments.map((segment) => segment.isOutgrown)).toEqual([false, false]);
  const opened = new SegmentedIndex(written.parameters, segments);
  expect([opened.isOutgrown, ...segments.map((segment) => segment.isOutgrown)]).toEqual([false, true, false]);
});

const cases = KINDS.flatMap((kind) =>
  METRICS.map((metric) => ({ ...kind, metric, dimension: Math.max(kind.least, DIMENSION) })),
);

describe.each(cases)('an index of several segments, $name with $metric', (which) => {
  const { type, codes, metric, dimension } = which;

  it('answers as its model does through inserts, removals and filters', () => {
    const index = SegmentedIndex.create(
      { type, codes, metric, dimension, seed: 1, m: 4, efConstruction: 40 },
      { segmentSlots: SEGMENT_SLOTS },
    );
    const model = new Model(metric);
    const random = randomFrom(7);
    let next = 3;
    for (let round = 0; round < 30; round++) {
      const count = 1 + Math.floor(random() * 40);
      const ordinals = ordinalsFrom(next, count).map((ordinal, at) => ordinal + at);
      next += 2 * count;
      const vectors = rowsOf(count, round, dimension);
      index.insert(ordinals, vectors);
      model.insert(ordinals, vectors);
      const removed = Uint32Array.from({ length: 8 }, () => Math.floor(random() * (next + 5)));
      const distinct = new Set(removed);
      expect(index.remove(Uint32Array.from(distinct))).toBe(model.remove(Uint32Array.from(distinct)));

      const held = Uint32Array.from(model.vectors.keys());
      expect(index.ordinals()).toEqual(held);
      const query = rowsOf(1, 1_000 + round, dimension);
      model.expectExact(index.search(query, { k: 12, exact: true }), query, 12);
      const some = held.filter((_ordinal, at) => at % 3 === round % 3);
      const allowed = holding(index, some);
      expect(allowed.count).toBe(some.length);
      model.expectExact(index.search(query, { k: 12, exact: true, allowed }), query, 12, some);
      model.expectSane(index.search(query, { k: 12, allowed }), query, some);
      // All but those: places that no vector has are in it, too.
      const others = held.filter((ordinal) => !some.includes(ordinal));
      const inverse = allowed.not();
      model.expectExact(index.search(query, { k: 12, exact: true, allowed: inverse }), query, 12, others);
      for (const ordinal of [held[0], held.at(-1), held[held.length >> 1]])
        expect(index.vector(ordinal as number)).toEqual(model.vectors.get(ordinal as number));
    }
    expect(index.segments.length).toBeGreaterThan(8);
    for (const segment of index.segments.slice(0, -1)) expect(segment.stats().slots).toBe(SEGMENT_SLOTS);
  });
});

describe('an index of several segments', () => {
  it('gives each segment slots of its own that stay what they are', () => {
    const index = filled(120);
    const before = index.slotsOf(index.ordinals());
    expect([before[0], before[49], before[50], before[119]]).toEqual([0, 49, 1_024, 2_048 + 19]);
    index.insert(ordinalsFrom(121, 100), rowsOf(100, 2));
    expect(index.slotsOf(ordinalsFrom(1, 120))).toEqual(before);
    expect(index.stats()).toMatchObject({ slots: 4 * 1_024 + 20, live: 220, tombstones: 0 });
    const stale = Bitmap.of(70, [3, 60]);
    expect([...index.search(rowsOf(1, 5), { k: 5, allowed: stale }).ordinals]).toEqual([4]);
  });

  it('orders equally near vectors of different segments by their ordinals', () => {
    const index = SegmentedIndex.create(
      { type: 'FLAT', metric: 'DOT', dimension: 2, seed: 1 },
      { segmentSlots: 3 },
    );
    index.insert(ordinalsFrom(1, 10), new Float32Array(20).fill(1));
    expect([...index.search(Float32Array.of(1, 1), { k: 7 }).ordinals]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('is attached to anew with the segments that are held already', () => {
    const writer = filled(60);
    const before = attachIndex(writer.share());
    writer.insert(ordinalsFrom(61, 60), rowsOf(60, 2));
    expect(before.ordinals()).toHaveLength(100);
    const after = attachIndex(writer.share(), before);
    expect(after.ordinals()).toEqual(writer.ordinals());
    expect(after.segments.slice(0, 2)).toEqual(before.segments);
    expect(after.segments[0]).toBe(before.segments[0]);
    writer.insert(ordinalsFrom(121, 5), rowsOf(5, 3));
    expect(after.ordinals()).toEqual(writer.ordinals());
    expect(after.stats()).toEqual(writer.stats());
  });

  it('lays out tables in each of its segments for what is expected there', () => {
    const parameters = { type: 'KD_TREE', metric: 'EUCLIDEAN', dimension: DIMENSION, seed: 1 } as const;
    const index = SegmentedIndex.create({ ...parameters, expected: 5_000 }, { segmentSlots: 2_048 });
    const model = new Model('EUCLIDEAN');
    const vectors = rowsOf(5_000, 4);
    index.append(ordinalsFrom(1, 5_000), vectors);
    model.insert(ordinalsFrom(1, 5_000), vectors);
    let done = 0;
    for (done of index.build()) expect(done).toBeLessThanOrEqual(5_000);
    expect(done).toBeGreaterThan(4_096);
    expect(index.segments.map(({ parameters: { expected } }) => expected)).toEqual([2_048, 2_048, 904]);
    expect(index.stats().tail).toBeLessThan(100);
    index.insert(ordinalsFrom(5_001, 3_000), rowsOf(3_000, 5));
    model.insert(ordinalsFrom(5_001, 3_000), rowsOf(3_000, 5));
    expect(index.segments.at(-1)?.parameters.expected).toBe(0);
    expect(index.stats().tail).toBeGreaterThanOrEqual(3_000);
    const query = rowsOf(1, 6);
    model.expectExact(index.search(query, { k: 20 }), query, 20);
  });

  it('saves a sealed segment once, and again when many of its vectors are gone', () => {
    const path = join(folder, 'sealed.alcove');
    const index = filled(120);
    index.save(path, ORIGIN);
    const times = () => [0, 1, 2].map((at) => statSync(segmentPath(path, at)).ino);
    const first = times();
    index.remove(Uint32Array.of(1, 2, 3, 60));
    index.save(path, ORIGIN);
    const second = times();
    expect(second.slice(0, 2).map((ino, at) => ino === first[at])).toEqual([false, true]);
    expect(existsSync(segmentPath(path, 3))).toBe(false);
  });
});
