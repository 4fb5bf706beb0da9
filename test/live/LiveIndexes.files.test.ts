import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { IndexSettings } from '../../src/library/types.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import type { LiveLibrary } from './LiveLibrary.ts';
import { DIMENSION, FLAT, HNSW, TestLive } from './TestLive.ts';

const MANY = 2_500;

describe('the live indexes, of files that do not fit,', () => {
  let scene: TestLive;
  let library: LiveLibrary;

  const begin = async (settings: IndexSettings): Promise<void> => {
    scene = await TestLive.begin(settings);
    ({ library } = scene);
  };
  afterEach(() => scene.close());

  it.each([
    ['is cut short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 5_000))],
    ['is empty', (path: string) => writeFileSync(path, '')],
    [
      'has a flipped bit',
      (path: string) => {
        const bytes = readFileSync(path);
        const at = bytes.length >> 1;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
    ],
  ])('answer by exact scan and ask for a rebuild when the file of a graph %s', async (_what, damage) => {
    await begin(HNSW);
    await library.add(MANY);
    const graph = SegmentedIndex.create({
      type: 'HNSW',
      dimension: DIMENSION,
      metric: 'EUCLIDEAN',
      seed: 42,
      m: 8,
      efConstruction: 40,
    });
    const first = scene.open();
    first.stage(library.id, graph);
    await first.swap(library.id);
    await first.close();
    damage(scene.file);

    const live = scene.open();
    const { index, condition } = await live.open(library.id);
    expect([index.parameters.type, condition]).toEqual(['FLAT', 'STAND_IN']);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect((await live.status(library.id)).state).toBe('DAMAGED');
    expect(scene.rebuilds).toEqual(['DAMAGE']);
    expect(scene.troubles).toHaveLength(1);
    const damaged = readFileSync(scene.file);
    await live.close();
    expect(readFileSync(scene.file)).toEqual(damaged);
  });

  it('do not trust a sound file that is of a later state than the store', async () => {
    await begin(FLAT);
    await library.add(10);
    const index = createIndex({ type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 });
    index.insert(Uint32Array.of(1, 2), new Float32Array(2 * DIMENSION));
    const { session } = library.store.reader.lastCommit();
    const origin = { session, revision: 1_000, libraryKey: 1 };
    index.save(new IndexFiles(scene.folder).path(library.id, 1), origin);
    const live = await scene.open().open(library.id);
    expect(live.index.vector(1)).toEqual(library.store.reader.vector('chk_0'));
    expect(scene.troubles).toEqual([expect.stringContaining('revision 1000')]);
  });

  it('do not take the file that a library of the same id has left behind', async () => {
    await begin(FLAT);
    await library.add(10);
    const first = scene.open();
    await first.open(library.id);
    await first.close();
    await library.store.submit({ type: 'deleteLibrary', library: { id: library.id }, at: 1 });
    await library.recreate();
    await library.add(5);
    const { index } = await scene.open().open(library.id);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(index.vector(1)).toEqual(library.store.reader.vector('chk_10'));
    expect(scene.troubles).toEqual([expect.stringContaining('another library')]);
  });

  it('do not take a file of what was written after the database was copied', async () => {
    await begin(FLAT);
    await library.add(10);
    const earlier = library.store.copy();
    await library.add(5);
    const before = scene.open();
    await before.open(library.id);
    await before.close();

    await library.store.goBackTo(earlier);
    await library.add(20);
    const { index } = await scene.open().open(library.id);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(index.vector(11)).toEqual(library.store.reader.vector('chk_15'));
    expect(scene.troubles).toEqual([expect.stringContaining('another history')]);
  });

  it('take a file that is older than the copy of the database', async () => {
    await begin(FLAT);
    await library.add(10);
    const before = scene.open();
    await before.open(library.id);
    await before.close();
    await library.add(5);
    const copy = library.store.copy();
    await library.add(5);
    await library.store.goBackTo(copy);
    await library.add(1);
    const { index, changesSinceSave } = await scene.open().open(library.id);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(changesSinceSave).toBe(6);
    expect(scene.troubles).toEqual([]);
  });
});
