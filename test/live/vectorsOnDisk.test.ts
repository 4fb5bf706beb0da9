import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import type { VectorIndex } from '../../src/indexes/VectorIndex.ts';
import type { IndexSettings } from '../../src/library/types.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { LiveIndexes } from '../../src/live/LiveIndexes.ts';
import { LiveLibrary } from './LiveLibrary.ts';

const DIMENSION = 40;
const SEGMENT_SLOTS = 100;
const FLAT: IndexSettings = { type: 'FLAT', m: 8, efConstruction: 40, vectors: 'ON_DISK' };
const HNSW: IndexSettings = { ...FLAT, type: 'HNSW' };

/** Where the system lists the files that this process has open. */
const OPEN_FILES = '/proc/self/fd';

/** How many files below a folder this process has open. */
function openFiles(folder: string): number {
  return readdirSync(OPEN_FILES).filter((name) => {
    try {
      return readlinkSync(join(OPEN_FILES, name)).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

describe.each([
  ['FLAT', FLAT],
  ['HNSW', HNSW],
] as const)('the live indexes, of vectors on disk in %s,', (_type, settings) => {
  let library: LiveLibrary;
  let folder: string;
  let troubles: string[];

  const begin = async (count: number): Promise<void> => {
    library = await LiveLibrary.create(DIMENSION, { indexSettings: settings });
    folder = join(library.store.folder, 'indexes');
    troubles = [];
    if (count > 0) await library.add(count);
  };
  const open = (): LiveIndexes =>
    new LiveIndexes({
      files: new IndexFiles(folder),
      reader: library.store.reader,
      onDropped: () => {},
      onRebuildDue: () => {},
      onTrouble: (message) => troubles.push(message),
      segmentSlots: SEGMENT_SLOTS,
    });
  const applyLast = async (live: LiveIndexes): Promise<void> => {
    for (const change of library.store.lastApplied.vectorChanges) await live.apply(change);
  };
  const path = (name: string): string => join(folder, library.id, name);
  /** Every vector of the store is in the index under its ordinal, and is found. */
  const expectLevel = (index: VectorIndex): void => {
    const ordinals = library.ordinals();
    expect(index.ordinals()).toEqual(ordinals);
    for (const ordinal of ordinals) {
      const vector = library.store.reader.vector(`chk_${ordinal - 1}`) as Float32Array;
      expect(index.vector(ordinal)).toEqual(vector);
      expect(index.search(vector, { k: 1, exact: true }).ordinals[0]).toBe(ordinal);
    }
  };
  afterEach(() => library.close());

  it('are whole when several files in a row are damaged, and go on', async () => {
    await begin(450);
    const first = open();
    await first.open(library.id);
    // What stands for the two then has fewer segments than they are.
    await library.remove(Array.from({ length: 160 }, (_, number) => 110 + number));
    await applyLast(first);
    await first.close();
    for (const name of ['1-1.alcove', '1-2.alcove']) {
      const bytes = readFileSync(path(name));
      bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
      writeFileSync(path(name), bytes);
    }
    const second = open();
    const { index } = await second.open(library.id);
    expectLevel(index);
    await library.add(300);
    await applyLast(second);
    expectLevel(index);
    await second.close();
    troubles.length = 0;
    expectLevel((await open().open(library.id)).index);
    expect(troubles).toEqual([]);
  });

  it('do not take an old file for that of vectors which have been written since', async () => {
    await begin(90);
    const first = open();
    await first.open(library.id);
    await library.remove([1, 2, 3]);
    await applyLast(first);
    await first.close();
    truncateSync(path('1.alcove.rows'), 8_000);
    // This one is never saved, as when its process is killed.
    const second = open();
    expectLevel((await second.open(library.id)).index);
    await library.add(5);
    await applyLast(second);
    expectLevel((await open().open(library.id)).index);
  });

  it.skipIf(!existsSync(OPEN_FILES))(
    'leave no file open when what was read turns out not to fit',
    async () => {
      await begin(250);
      const first = open();
      const { index } = await first.open(library.id);
      // This file lacks a vector of the store, which is noticed when all have been read.
      index.remove(Uint32Array.of(50));
      await first.close();
      const held = openFiles(folder);
      const second = open();
      const made = (await second.open(library.id)).index;
      expectLevel(made);
      expect(troubles).toEqual([expect.stringContaining('lacks vector 50')]);
      expect(openFiles(folder)).toBe(held + made.segments.length);
      await second.close();
      // The same vectors again where later ones should be.
      for (const rows of ['', '.rows']) copyFileSync(path(`1.alcove${rows}`), path(`1-1.alcove${rows}`));
      expectLevel((await open().open(library.id)).index);
      expect(troubles[1]).toContain('It begins with ordinal 1');
      expect(openFiles(folder)).toBe(held + 2 * made.segments.length);
    },
  );

  it.skipIf(!existsSync(OPEN_FILES))('let go of their files when they are closed and forgotten', async () => {
    await begin(90);
    for (let round = 0; round < 20; round++) {
      const live = open();
      await live.open(library.id);
      live.drop(library.id);
      await nextTurn();
    }
    expect(openFiles(folder)).toBeGreaterThan(1);
    for (let turn = 0; turn < 50 && openFiles(folder) > 1; turn++) {
      collectGarbage();
      await nextTurn();
    }
    expect(openFiles(folder)).toBeLessThan(5);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'keep every commit when the disk is full, answer with what they hold, and hold all when it is not',
    async () => {
      await begin(0);
      mkdirSync(join(folder, library.id), { recursive: true });
      symlinkSync('/dev/full', path('1.alcove.rows'));
      const live = open();
      await library.add(5);
      await applyLast(live);
      expect((await live.status(library.id)).state).toBe('DAMAGED');
      const { index } = await live.open(library.id);
      expect(index.search(new Float32Array(DIMENSION), { k: 3 }).ordinals).toHaveLength(0);
      expect(troubles).toEqual([expect.stringContaining('is full')]);
      await library.add(5);
      await applyLast(live);
      await live.close();
      expect(readdirSync(join(folder, library.id))).toEqual(['1.alcove.rows']);
      rmSync(path('1.alcove.rows'));
      expectLevel((await open().open(library.id)).index);
    },
  );
});
