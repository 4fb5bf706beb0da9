import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import { Segment } from '../../src/indexes/segment.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { LiveIndexes } from '../../src/live/LiveIndexes.ts';
import type { LiveLibrary } from './LiveLibrary.ts';
import { FLAT, HNSW, TestLive } from './TestLive.ts';

const ROOM = 1_150;

describe.each([
  ['FLAT', FLAT],
  ['HNSW', HNSW],
])('a live index for which there is no memory left: %s', (_type, settings) => {
  let scene: TestLive;
  let library: LiveLibrary;
  let live: LiveIndexes;
  let inserted: number[];

  beforeEach(async () => {
    scene = await TestLive.begin(settings);
    ({ library } = scene);
    inserted = [];
    live = new LiveIndexes({
      files: new IndexFiles(scene.folder),
      reader: library.store.reader,
      onDropped: () => {},
      onInserted: (_libraryId, ordinals) => inserted.push(...ordinals),
      onRebuildDue: () => {},
      onTrouble: (message) => scene.troubles.push(message),
    });
    await library.add(1_000);
    await live.open(library.id);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await scene.close();
  });

  /** The system gives a memory no more than so many slots take. */
  const limitMemory = () => {
    const reserve = Segment.prototype.reserve;
    return vi.spyOn(Segment.prototype, 'reserve').mockImplementation(function (this: Segment, added) {
      if (this.count + added > ROOM) throw new AlcoveError('CapacityExceededError', 'the system refused');
      reserve.call(this, added);
    });
  };
  const add = async (count: number): Promise<void> => {
    await library.add(count);
    await scene.applyLast(live);
  };
  const remove = async (numbers: readonly number[]): Promise<void> => {
    await library.remove(numbers);
    await scene.applyLast(live);
  };
  const state = async (): Promise<string> => (await live.status(library.id)).state;

  it('takes in what it lacks when there is some again, and goes on', async () => {
    const { index } = await live.open(library.id);
    const limit = limitMemory();
    await add(600);
    await remove([3, 1_010, 1_599]);
    await add(50);
    expect(await state()).toBe('DAMAGED');
    await live.checkpoint();
    expect(await state()).toBe('DAMAGED');
    expect(index.stats().slots).toBeLessThanOrEqual(ROOM);

    limit.mockRestore();
    inserted.length = 0;
    const refilling = live.checkpoint();
    await add(20);
    await remove([4, 1_020]);
    await refilling;
    await live.checkpoint();
    expect(await state()).toBe('READY');
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(inserted.at(-1)).toBe(1_670);
    expect(inserted.length).toBeGreaterThan(500);

    await add(30);
    expect(index.ordinals()).toEqual(library.ordinals());
    const vector = library.store.reader.vector('chk_1500') as Float32Array;
    expect(index.search(vector, { k: 1 }).ordinals[0]).toBe(1_501);
    await live.close();
    expect((await scene.open().open(library.id)).index.ordinals()).toEqual(library.ordinals());
    expect(scene.troubles).toEqual([expect.stringContaining('is full')]);
  });

  it('does so, too, if it was so from when it was opened', async () => {
    await live.close();
    await library.add(600);
    const limit = limitMemory();
    const again = scene.open();
    const { index } = await again.open(library.id);
    expect((await again.status(library.id)).state).toBe('DAMAGED');
    limit.mockRestore();
    await again.checkpoint();
    expect((await again.status(library.id)).state).toBe('READY');
    expect(index.ordinals()).toEqual(library.ordinals());
  });
});
