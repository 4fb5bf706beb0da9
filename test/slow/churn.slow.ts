import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { gaussianFrom, randomFrom } from '../indexes/data.ts';
import { holding, Model } from '../indexes/reference.ts';

const OPERATIONS = 1_000_000;
/** However slow the machine is, it ends after this. */
const MOST_MS = 600_000;
const DIMENSION = 40;
const K = 10;
/** Vectors that live, about. */
const LIVE = 2_000;
const CENTRES = 30;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('does what its model does, over a million random operations', { timeout: MOST_MS * 2 }, () => {
  const random = randomFrom(2_026);
  const gaussian = gaussianFrom(11);
  const centres = Array.from({ length: CENTRES }, () => Float32Array.from({ length: DIMENSION }, gaussian));
  const vectorNear = () =>
    (centres[Math.floor(random() * CENTRES)] as Float32Array).map((x) => x + 0.3 * gaussian());
  const model = new Model('COSINE');
  const live: number[] = [];
  let index = createIndex({
    type: 'HNSW',
    metric: 'COSINE',
    dimension: DIMENSION,
    seed: 1,
    m: 8,
    efConstruction: 48,
  });
  let consolidation: Generator<number> | undefined;
  let next = 0;
  let found = 0;
  let expected = 0;
  const ends = performance.now() + MOST_MS;
  const graph = (): HnswIndex => {
    if (!(index instanceof HnswIndex)) throw new Error('not a graph');
    return index;
  };

  const search = () => {
    const query = vectorNear();
    const every = 1 + Math.floor(random() * 4);
    const only =
      every === 1
        ? undefined
        : Uint32Array.from(live.filter((ordinal) => ordinal % every === 0).sort((a, b) => a - b));
    const allowed = only && { allowed: holding(index, only) };
    const result = index.search(query, { k: K, ...allowed });
    model.expectSane(result, query, only);
    const truth = model.nearest(query, K, only);
    expect(result.ordinals).toHaveLength(truth.length);
    const farthest = (truth.at(-1)?.distance ?? 0) + 1e-6;
    found += result.distances.filter((distance) => distance <= farthest).length;
    expected += truth.length;
  };

  const reopen = () => {
    const path = join(folder, 'churn');
    index.save(path, { session: randomUUID(), revision: next, libraryKey: 1 });
    index.detach();
    index = openIndex(path).index;
    consolidation = undefined;
  };

  for (let done = 0; done < OPERATIONS && performance.now() < ends; done++) {
    if (random() < LIVE / (LIVE + live.length)) {
      const vector = random() < 0.05 && live.length > 0 ? model.vectors.get(live[0] as number) : vectorNear();
      index.insert(Uint32Array.of(next), vector as Float32Array);
      model.insert(Uint32Array.of(next), vector as Float32Array);
      live.push(next++);
    } else {
      const at = Math.floor(random() * live.length);
      const ordinal = live[at] as number;
      live[at] = live.at(-1) as number;
      live.pop();
      expect(index.remove(Uint32Array.of(ordinal))).toBe(1);
      model.remove(Uint32Array.of(ordinal));
    }
    if (done % 50 === 0) consolidation ??= index.consolidationDue() ? graph().consolidate(1) : undefined;
    if (done % 50 === 0 && consolidation?.next().done === true) consolidation = undefined;
    if (done % 500 === 0) search();
    if (done % 100_000 === 99_999) {
      reopen();
      expect(graph().unreachable()).toBe(0);
      expect(index.ordinals()).toEqual(Uint32Array.from(live).sort());
    }
  }
  expect(found / expected).toBeGreaterThanOrEqual(0.97);
  for (const _ of graph().consolidate());
  expect(graph().strays()).toBe(0);
  expect(graph().unreachable()).toBe(0);
});
