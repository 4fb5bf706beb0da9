import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { IndexSettings } from '../../src/library/types.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { AUTO_FLAT_LIMIT } from '../../src/live/indexChoice.ts';
import { chunk, createDocument, createLibrary, rows } from '../library/TestStore.ts';
import type { LiveLibrary } from './LiveLibrary.ts';
import { DIMENSION, FLAT, HNSW, TestLive } from './TestLive.ts';

describe('the live indexes', () => {
  let scene: TestLive;
  let library: LiveLibrary;

  const begin = async (settings: IndexSettings): Promise<void> => {
    scene = await TestLive.begin(settings);
    ({ library } = scene);
  };
  afterEach(() => scene.close());

  it('are made from the store where there is no file, and read from their file afterwards', async () => {
    await begin(HNSW);
    await library.add(500);
    const first = scene.open();
    const { index, generation, condition } = await first.open(library.id);
    expect([index.parameters.type, generation, condition]).toEqual(['HNSW', 1, 'SOUND']);
    expect(index.ordinals()).toEqual(library.ordinals());
    await first.close();

    await library.add(20);
    await library.remove([3, 510]);
    const second = await scene.open().open(library.id);
    expect(second.index.ordinals()).toEqual(library.ordinals());
    expect(second.changesSinceSave).toBe(20);
    expect(scene.troubles).toEqual([]);
  });

  it('take in every commit, also one that comes while they are being opened', async () => {
    await begin(FLAT);
    await library.add(3_000);
    const live = scene.open();
    const opening = live.open(library.id);
    await library.add(10);
    await scene.applyLast(live);
    await library.remove([1, 2, 3_004]);
    await scene.applyLast(live);
    const { index } = await opening;
    expect(index.ordinals()).toEqual(library.ordinals());

    await library.add(10);
    await scene.applyLast(live);
    await library.remove([5]);
    await scene.applyLast(live);
    expect(index.ordinals()).toEqual(library.ordinals());
    await scene.applyLast(live);
    expect(index.ordinals()).toEqual(library.ordinals());
  });

  it('cannot be opened before the dimension is known, and have a status all the same', async () => {
    await begin(FLAT);
    const live = scene.open();
    await expect(live.open(library.id)).rejects.toMatchObject({ kind: 'InvalidArgumentError' });
    expect(await live.status(library.id)).toEqual({
      state: 'READY',
      generation: 1,
      level: 0,
      segments: [],
    });
    await expect(live.open('lib_none')).rejects.toMatchObject({ kind: 'LibraryNotFoundError' });
  });

  it('keep every commit when an index is full, and say so', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = scene.open();
    const parameters = { type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 } as const;
    live.stage(library.id, new SegmentedIndex(parameters, [filledUp(createIndex(parameters), 12)]));
    await live.swap(library.id);

    await library.add(5);
    await scene.applyLast(live);
    expect((await live.status(library.id)).state).toBe('DAMAGED');
    expect(scene.troubles).toEqual([expect.stringContaining('is full')]);
    expect(scene.rebuilds).toEqual([]);
    expect(library.ordinals()).toHaveLength(15);
    const { index } = await live.open(library.id);
    expect(index.ordinals()).toHaveLength(10);

    await library.remove([0, 1, 14]);
    await scene.applyLast(live);
    expect(index.ordinals()).toHaveLength(8);
    expect(scene.rebuilds).toEqual(['DAMAGE']);
    await live.close();
    expect(existsSync(scene.file)).toBe(false);
  });

  it('ask for a graph when AUTO has more vectors than are scanned, and for a rebuild when many are removed', async () => {
    await begin({ ...FLAT, type: 'AUTO' });
    await library.add(AUTO_FLAT_LIMIT - 1);
    const live = scene.open();
    await live.open(library.id);
    await library.add(2);
    await scene.applyLast(live);
    expect(scene.rebuilds).toEqual(['AUTO_SIZE']);
    expect((await live.status(library.id)).state).toBe('REBUILD_DUE');

    scene.rebuilds.length = 0;
    await library.remove(Array.from({ length: 2_100 }, (_, number) => number));
    await scene.applyLast(live);
    expect(scene.rebuilds).toEqual(['TOMBSTONES']);
  });

  it('replace one another, and leave the file of the newest generation alone', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = scene.open();
    const { index: old } = await live.open(library.id);
    await live.close();
    expect(readdirSync(join(scene.folder, library.id))).toEqual(['1.alcove']);

    const next = SegmentedIndex.create({ type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 });
    live.stage(library.id, next);
    await scene.recordSecond();
    await live.swap(library.id);
    expect(scene.dropped).toEqual([library.id]);
    const now = await live.open(library.id);
    expect(now.index).toBe(next);
    expect(now.generation).toBe(2);
    expect(next.ordinals()).toEqual(old.ordinals());
    await live.close();
    expect(readdirSync(join(scene.folder, library.id))).toEqual(['2.alcove']);
  });

  it('close what was opened in the meantime when there was nothing to build', async () => {
    await begin(FLAT);
    const live = scene.open();
    await library.add(5);
    await scene.applyLast(live);
    await scene.recordSecond({ type: 'HNSW', settings: HNSW });
    await live.swap(library.id);
    const { index, generation } = await live.open(library.id);
    expect([index.parameters.type, generation]).toEqual(['HNSW', 2]);
    expect(index.ordinals()).toEqual(library.ordinals());
  });

  it('are not of the generation before when they were swapped while they were being opened', async () => {
    await begin(FLAT);
    await library.add(10_000);
    const live = scene.open();
    const opening = live.open(library.id);
    await scene.recordSecond();
    live.drop(library.id);
    expect((await opening).generation).toBe(2);
  });

  it('pass over the swap of a library that is gone', async () => {
    await begin(FLAT);
    await library.add(5);
    const live = scene.open();
    await live.open(library.id);
    live.stage(
      library.id,
      SegmentedIndex.create({ type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 }),
    );
    await library.store.submit({ type: 'deleteLibrary', library: { id: library.id }, at: 1 });
    await live.swap(library.id);
    await scene.applyLast(live);
    expect(live.opened(library.id)).toBeUndefined();
    expect(scene.troubles).toEqual([]);
  });

  it('are saved when their changes have grown old, one after the other, and others get their turn in between', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = scene.open();
    await live.open(library.id);
    await library.store.submit(createLibrary('lib_other'));
    await library.store.submit(
      createDocument('lib_other', 'doc_other', { chunks: [chunk('chk_other', 0)], vectors: rows([1, 2]) }),
    );
    await live.open('lib_other');
    const files = new IndexFiles(scene.folder);
    const saved = () => [library.id, 'lib_other'].filter((id) => files.segments(id, 1).length > 0).length;

    await live.checkpoint();
    expect(saved()).toBe(0);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    const checkpoint = live.checkpoint();
    while (saved() === 0) await nextTurn();
    expect(saved()).toBe(1);
    await checkpoint;
    expect(saved()).toBe(2);
    vi.useRealTimers();
  });

  it('are closed, saved first, when too many are open', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = scene.open(1);
    await live.open(library.id);
    await library.store.submit(createLibrary('lib_other'));
    await library.store.submit(
      createDocument('lib_other', 'doc_other', { chunks: [chunk('chk_other', 0)], vectors: rows([1, 2]) }),
    );
    await live.open('lib_other');
    expect(scene.dropped).toEqual([library.id]);
    expect(live.opened(library.id)).toBeUndefined();
    expect(existsSync(scene.file)).toBe(true);
  });

  it('are not opened for a library that was deleted meanwhile, though its id has been taken again', async () => {
    await begin(FLAT);
    await library.add(10_000);
    const live = scene.open();
    const deletion = { type: 'deleteLibrary', library: { id: library.id }, at: 1 } as const;
    const replaced = Promise.all([library.store.submit(deletion), library.recreate()]);
    const refused = expect(live.open(library.id)).rejects.toMatchObject({ kind: 'LibraryNotFoundError' });
    await replaced;
    await live.apply({ libraryId: library.id, kind: 'LIBRARY_DELETED' });
    await library.add(5);
    await refused;
    const { index } = await live.open(library.id);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(index.vector(1)).toEqual(library.store.reader.vector('chk_10000'));
  });

  it('go with their library, files and all', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = scene.open();
    await live.open(library.id);
    await live.close();
    await library.store.submit({ type: 'deleteLibrary', library: { id: library.id }, at: 1 });
    await scene.applyLast(live);
    expect(scene.dropped).toEqual([library.id]);
    expect(readdirSync(scene.folder)).toEqual([]);
    await expect(live.open(library.id)).rejects.toMatchObject({ kind: 'LibraryNotFoundError' });
  });
});

/** A segment for which the system has no memory beyond so many vectors. */
function filledUp(index: SegmentIndex, capacity: number): SegmentIndex {
  const insert = index.insert.bind(index);
  index.insert = (ordinals, vectors) => {
    const { live, tombstones } = index.stats();
    if (live + tombstones + ordinals.length > capacity)
      throw new AlcoveError('CapacityExceededError', 'The memory is full.');
    insert(ordinals, vectors);
  };
  return index;
}
