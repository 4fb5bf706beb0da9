import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import type { IndexSettings } from '../../src/library/types.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { AUTO_FLAT_LIMIT } from '../../src/live/indexChoice.ts';
import { LiveIndexes } from '../../src/live/LiveIndexes.ts';
import { chunk, createDocument, createLibrary, rows } from '../library/TestStore.ts';
import { LiveLibrary } from './LiveLibrary.ts';

const DIMENSION = 4;
const FLAT: IndexSettings = { type: 'FLAT', m: 8, efConstruction: 40 };
const HNSW: IndexSettings = { ...FLAT, type: 'HNSW' };
const MANY = 2_500;

describe('the live indexes', () => {
  let library: LiveLibrary;
  let folder: string;
  let dropped: string[];
  let grown: string[];
  let rebuilds: string[];
  let troubles: string[];

  const begin = async (settings: IndexSettings): Promise<void> => {
    library = await LiveLibrary.create(DIMENSION, { indexSettings: settings });
    folder = join(library.store.folder, 'indexes');
  };
  const open = (maxOpen?: number): LiveIndexes =>
    new LiveIndexes({
      files: new IndexFiles(folder),
      reader: library.store.reader,
      onDropped: (libraryId) => dropped.push(libraryId),
      onGrown: (libraryId) => grown.push(libraryId),
      onRebuildDue: (_libraryId, reason) => rebuilds.push(reason),
      onTrouble: (message) => troubles.push(message),
      ...(maxOpen === undefined ? {} : { maxOpen }),
    });
  /** Applies what the last command changed, as the writer does after its commit. */
  const applyLast = async (live: LiveIndexes): Promise<void> => {
    for (const change of library.store.lastApplied.vectorChanges) await live.apply(change);
  };
  const file = (): string => join(folder, library.id, '1.alcove');

  beforeEach(() => {
    dropped = [];
    grown = [];
    rebuilds = [];
    troubles = [];
  });
  afterEach(() => library.close());

  it('are made from the store where there is no file, and read from their file afterwards', async () => {
    await begin(HNSW);
    await library.add(500);
    const first = open();
    const { index, generation, condition } = await first.open(library.id);
    expect([index.parameters.type, generation, condition]).toEqual(['HNSW', 1, 'SOUND']);
    expect(index.ordinals()).toEqual(library.ordinals());
    await first.close();

    await library.add(20);
    await library.remove([3, 510]);
    const second = await open().open(library.id);
    expect(second.index.ordinals()).toEqual(library.ordinals());
    expect(second.changesSinceSave).toBe(20);
    expect(troubles).toEqual([]);
  });

  it('take in every commit, also one that comes while they are being opened', async () => {
    await begin(FLAT);
    await library.add(3_000);
    const live = open();
    const opening = live.open(library.id);
    await library.add(10);
    await applyLast(live);
    await library.remove([1, 2, 3_004]);
    await applyLast(live);
    const { index } = await opening;
    expect(index.ordinals()).toEqual(library.ordinals());

    await library.add(10);
    await applyLast(live);
    await library.remove([5]);
    await applyLast(live);
    expect(index.ordinals()).toEqual(library.ordinals());
    await applyLast(live);
    expect(index.ordinals()).toEqual(library.ordinals());
  });

  it('cannot be opened before the dimension is known, and have a status all the same', async () => {
    await begin(FLAT);
    const live = open();
    await expect(live.open(library.id)).rejects.toMatchObject({ kind: 'InvalidArgumentError' });
    expect(await live.status(library.id)).toEqual({
      state: 'READY',
      generation: 1,
      level: 0,
      segments: [],
    });
    await expect(live.open('lib_none')).rejects.toMatchObject({ kind: 'LibraryNotFoundError' });
  });

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
    const first = open();
    first.stage(library.id, graph);
    await first.swap(library.id);
    await first.close();
    damage(file());

    const live = open();
    const { index, condition } = await live.open(library.id);
    expect([index.parameters.type, condition]).toEqual(['FLAT', 'STAND_IN']);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect((await live.status(library.id)).state).toBe('DAMAGED');
    expect(rebuilds).toEqual(['DAMAGE']);
    expect(troubles).toHaveLength(1);
    const damaged = readFileSync(file());
    await live.close();
    expect(readFileSync(file())).toEqual(damaged);
  });

  it('do not trust a sound file that is of a later state than the store', async () => {
    await begin(FLAT);
    await library.add(10);
    const index = createIndex({ type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 });
    index.insert(Uint32Array.of(1, 2), new Float32Array(2 * DIMENSION));
    const { session } = library.store.reader.lastCommit();
    const origin = { session, revision: 1_000, libraryKey: 1 };
    index.save(new IndexFiles(folder).path(library.id, 1), origin);
    const live = await open().open(library.id);
    expect(live.index.vector(1)).toEqual(library.store.reader.vector('chk_0'));
    expect(troubles).toEqual([expect.stringContaining('revision 1000')]);
  });

  it('do not take the file that a library of the same id has left behind', async () => {
    await begin(FLAT);
    await library.add(10);
    const first = open();
    await first.open(library.id);
    await first.close();
    await library.store.submit({ type: 'deleteLibrary', library: { id: library.id }, at: 1 });
    await library.recreate();
    await library.add(5);
    const { index } = await open().open(library.id);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(index.vector(1)).toEqual(library.store.reader.vector('chk_10'));
    expect(troubles).toEqual([expect.stringContaining('another library')]);
  });

  it('do not take a file of what was written after the database was copied', async () => {
    await begin(FLAT);
    await library.add(10);
    const earlier = library.store.copy();
    await library.add(5);
    const before = open();
    await before.open(library.id);
    await before.close();

    await library.store.goBackTo(earlier);
    await library.add(20);
    const { index } = await open().open(library.id);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(index.vector(11)).toEqual(library.store.reader.vector('chk_15'));
    expect(troubles).toEqual([expect.stringContaining('another history')]);
  });

  it('take a file that is older than the copy of the database', async () => {
    await begin(FLAT);
    await library.add(10);
    const before = open();
    await before.open(library.id);
    await before.close();
    await library.add(5);
    const copy = library.store.copy();
    await library.add(5);
    await library.store.goBackTo(copy);
    await library.add(1);
    const { index, changesSinceSave } = await open().open(library.id);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(changesSinceSave).toBe(6);
    expect(troubles).toEqual([]);
  });

  it('keep every commit when an index is full, and say so', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = open();
    const parameters = { type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 } as const;
    live.stage(library.id, new SegmentedIndex(parameters, [filledUp(createIndex(parameters), 12)]));
    await live.swap(library.id);

    await library.add(5);
    await applyLast(live);
    expect((await live.status(library.id)).state).toBe('DAMAGED');
    expect(troubles).toEqual([expect.stringContaining('is full')]);
    expect(rebuilds).toEqual([]);
    expect(library.ordinals()).toHaveLength(15);
    const { index } = await live.open(library.id);
    expect(index.ordinals()).toHaveLength(10);

    await library.remove([0, 1, 14]);
    await applyLast(live);
    expect(index.ordinals()).toHaveLength(8);
    expect(rebuilds).toEqual(['DAMAGE']);
    await live.close();
    expect(existsSync(file())).toBe(false);
  });

  it('ask for a graph when AUTO has more vectors than are scanned, and for a rebuild when many are removed', async () => {
    await begin({ ...FLAT, type: 'AUTO' });
    await library.add(AUTO_FLAT_LIMIT - 1);
    const live = open();
    await live.open(library.id);
    await library.add(2);
    await applyLast(live);
    expect(rebuilds).toEqual(['AUTO_SIZE']);
    expect((await live.status(library.id)).state).toBe('REBUILD_DUE');

    rebuilds.length = 0;
    await library.remove(Array.from({ length: 2_100 }, (_, number) => number));
    await applyLast(live);
    expect(rebuilds).toEqual(['TOMBSTONES']);
  });

  it('replace one another, and leave the file of the newest generation alone', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = open();
    const { index: old } = await live.open(library.id);
    await live.close();
    expect(readdirSync(join(folder, library.id))).toEqual(['1.alcove']);

    const next = SegmentedIndex.create({ type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 });
    live.stage(library.id, next);
    const record = library.store.reader.library({ id: library.id })?.index;
    if (record === undefined) throw new Error('no record');
    await library.store.submit({
      type: 'recordIndex',
      libraryId: library.id,
      at: 1,
      index: { ...record, generation: 2 },
    });
    await live.swap(library.id);
    expect(dropped).toEqual([library.id]);
    const now = await live.open(library.id);
    expect(now.index).toBe(next);
    expect(now.generation).toBe(2);
    expect(next.ordinals()).toEqual(old.ordinals());
    await live.close();
    expect(readdirSync(join(folder, library.id))).toEqual(['2.alcove']);
  });

  it('close what was opened in the meantime when there was nothing to build', async () => {
    await begin(FLAT);
    const live = open();
    const record = library.store.reader.library({ id: library.id })?.index;
    if (record === undefined) throw new Error('no record');
    await library.add(5);
    await applyLast(live);
    await library.store.submit({
      type: 'recordIndex',
      libraryId: library.id,
      at: 1,
      index: { ...record, type: 'HNSW', settings: HNSW, generation: 2 },
    });
    await live.swap(library.id);
    const { index, generation } = await live.open(library.id);
    expect([index.parameters.type, generation]).toEqual(['HNSW', 2]);
    expect(index.ordinals()).toEqual(library.ordinals());
  });

  it('are not of the generation before when they were swapped while they were being opened', async () => {
    await begin(FLAT);
    await library.add(10_000);
    const live = open();
    const opening = live.open(library.id);
    const record = library.store.reader.library({ id: library.id })?.index;
    if (record === undefined) throw new Error('no record');
    await library.store.submit({
      type: 'recordIndex',
      libraryId: library.id,
      at: 1,
      index: { ...record, generation: 2 },
    });
    live.drop(library.id);
    expect((await opening).generation).toBe(2);
  });

  it('pass over the swap of a library that is gone', async () => {
    await begin(FLAT);
    await library.add(5);
    const live = open();
    await live.open(library.id);
    live.stage(
      library.id,
      SegmentedIndex.create({ type: 'FLAT', dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 42 }),
    );
    await library.store.submit({ type: 'deleteLibrary', library: { id: library.id }, at: 1 });
    await live.swap(library.id);
    await applyLast(live);
    expect(live.opened(library.id)).toBeUndefined();
    expect(troubles).toEqual([]);
  });

  it('are saved when their changes have grown old, one after the other, and others get their turn in between', async () => {
    await begin(FLAT);
    await library.add(10);
    const live = open();
    await live.open(library.id);
    await library.store.submit(createLibrary('lib_other'));
    await library.store.submit(
      createDocument('lib_other', 'doc_other', { chunks: [chunk('chk_other', 0)], vectors: rows([1, 2]) }),
    );
    await live.open('lib_other');
    const files = new IndexFiles(folder);
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
    const live = open(1);
    await live.open(library.id);
    await library.store.submit(createLibrary('lib_other'));
    await library.store.submit(
      createDocument('lib_other', 'doc_other', { chunks: [chunk('chk_other', 0)], vectors: rows([1, 2]) }),
    );
    await live.open('lib_other');
    expect(dropped).toEqual([library.id]);
    expect(live.opened(library.id)).toBeUndefined();
    expect(existsSync(file())).toBe(true);
  });

  it('are not opened for a library that was deleted meanwhile, though its id has been taken again', async () => {
    await begin(FLAT);
    await library.add(10_000);
    const live = open();
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
    const live = open();
    await live.open(library.id);
    await live.close();
    await library.store.submit({ type: 'deleteLibrary', library: { id: library.id }, at: 1 });
    await applyLast(live);
    expect(dropped).toEqual([library.id]);
    expect(readdirSync(folder)).toEqual([]);
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
