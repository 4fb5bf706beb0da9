import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { HnswIndex } from '../../src/indexes/HnswIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import { clustered, ordinalsFrom, randomFrom } from './data.ts';
import { KINDS, Model, recallOf } from './reference.ts';

const DIMENSION = 130;
const COUNT = 3_000;
const ORIGIN = { session: randomUUID(), revision: 7, libraryKey: 1 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(KINDS)('a $name index that is saved while it changes', ({ name, type, codes }) => {
  const filled = () => {
    const index = createIndex({ type, codes, metric: 'EUCLIDEAN', dimension: DIMENSION, seed: 1, m: 8 });
    const vectors = clustered({ count: COUNT, dimension: DIMENSION, seed: 1, clusters: 30 });
    // Equal vectors hang on one another, and later ones on these.
    vectors.copyWithin(500 * DIMENSION, 0, 200 * DIMENSION);
    index.insert(ordinalsFrom(1, COUNT), vectors);
    index.remove(ordinalsFrom(100, 50));
    return { index, vectors };
  };

  it('is in its file as it was when that was begun, and goes on from there', async () => {
    const { index, vectors } = filled();
    const path = join(folder, `${name}.alcove`);
    const model = new Model('EUCLIDEAN');
    const random = randomFrom(3);
    let next = COUNT + 1;
    let isDone = false;
    const saving = index
      .saveAside(path, ORIGIN, () => true)
      .finally(() => {
        isDone = true;
      });
    // The file is opened first; what is there by then is in it.
    const atMost = index.stats().slots;
    while (!isDone) {
      const ordinals = ordinalsFrom(next, 5);
      next += 5;
      const rows = vectors.slice(0, 5 * DIMENSION).map((x) => (random() < 0.5 ? x : x + random()));
      index.insert(ordinals, rows);
      index.remove(Uint32Array.of(Math.ceil(random() * next)));
      await nextTurn();
    }
    expect(await saving).toBe(true);
    expect(index.stats().slots).toBeGreaterThan(atMost);

    const { index: saved } = openIndex(path);
    const { slots, live, tombstones } = saved.stats();
    expect(slots).toBeGreaterThanOrEqual(COUNT);
    expect(slots).toBeLessThan(index.stats().slots);
    const held = saved.ordinals();
    expect(held).toHaveLength(live);
    expect(slots - live).toBe(tombstones);
    if (saved instanceof HnswIndex) expect(saved.unreachable()).toBe(0);
    for (const ordinal of held) {
      const row = vectors.subarray((ordinal - 1) * DIMENSION, ordinal * DIMENSION);
      model.insert(Uint32Array.of(ordinal), ordinal <= COUNT ? row : (saved.vector(ordinal) as Float32Array));
    }
    const more = clustered({ count: 1_000, dimension: DIMENSION, seed: 9, clusters: 30 });
    saved.insert(ordinalsFrom(next, 1_000), more);
    model.insert(ordinalsFrom(next, 1_000), more);
    const queries = [vectors.slice(0, DIMENSION), more.slice(-DIMENSION), more.slice(0, DIMENSION)];
    for (const query of queries) model.expectExact(saved.search(query, { k: 10, exact: true }), query, 10);
    expect(recallOf(saved, queries, 10)).toBeGreaterThan(0.9);
    if (saved instanceof HnswIndex) expect(saved.unreachable()).toBe(0);
  });

  it('leaves no file where it is not wanted any more', async () => {
    const { index } = filled();
    const path = join(folder, 'unwanted', `${name}.alcove`);
    await expect(index.saveAside(path, ORIGIN, () => true)).rejects.toThrow('ENOENT');
    const other = join(folder, `unwanted-${type}.alcove`);
    expect(await index.saveAside(other, ORIGIN, () => false)).toBe(false);
    expect(existsSync(other)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
