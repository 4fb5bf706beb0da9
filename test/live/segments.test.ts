import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SegmentedIndex } from '../../src/indexes/SegmentedIndex.ts';
import type { IndexParameters, VectorIndex } from '../../src/indexes/VectorIndex.ts';
import type { IndexSettings } from '../../src/library/types.ts';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { LiveIndexes } from '../../src/live/LiveIndexes.ts';
import { LiveLibrary } from './LiveLibrary.ts';

const FLAT: IndexSettings = { type: 'FLAT', m: 8, efConstruction: 40 };
const HNSW: IndexSettings = { ...FLAT, type: 'HNSW' };
const SEGMENT_SLOTS = 1_000;

describe('a library larger than one segment', () => {
  let library: LiveLibrary;
  let folder: string;
  let rebuilds: string[];
  let troubles: string[];

  const begin = async (settings: IndexSettings, count: number): Promise<void> => {
    library = await LiveLibrary.create(4, { indexSettings: settings });
    folder = join(library.store.folder, 'indexes');
    await library.add(count);
  };
  const open = (): LiveIndexes =>
    new LiveIndexes({
      files: new IndexFiles(folder),
      reader: library.store.reader,
      onDropped: () => {},
      onRebuildDue: (_libraryId, reason) => rebuilds.push(reason),
      onTrouble: (message) => troubles.push(message),
      segmentSlots: SEGMENT_SLOTS,
    });
  const applyLast = async (live: LiveIndexes): Promise<void> => {
    for (const change of library.store.lastApplied.vectorChanges) await live.apply(change);
  };
  const names = (): string[] => readdirSync(join(folder, library.id)).sort();
  const path = (name: string): string => join(folder, library.id, name);
  const flipBit = (name: string): void => {
    const bytes = readFileSync(path(name));
    const at = bytes.length - 100;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path(name), bytes);
  };
  /** Every vector of the store is found, and nothing else is there. */
  const expectLevel = (index: VectorIndex): void => {
    const ordinals = library.ordinals();
    expect(index.ordinals()).toEqual(ordinals);
    for (let at = 0; at < ordinals.length; at += 97) {
      const ordinal = ordinals[at] as number;
      const vector = library.store.reader.vector(`chk_${ordinal - 1}`) as Float32Array;
      expect(index.vector(ordinal)).toEqual(vector);
      expect(index.search(vector, { k: 1, exact: true }).ordinals[0]).toBe(ordinal);
    }
  };

  beforeEach(() => {
    rebuilds = [];
    troubles = [];
  });
  afterEach(() => library.close());

  it.each([['FLAT', FLAT] as const, ['HNSW', HNSW] as const])(
    'takes writes, is saved and opened as it was, and goes on: %s',
    async (_type, settings) => {
      await begin(settings, 900);
      const first = open();
      const before = await first.open(library.id);
      for (const count of [200, 1_500, 30]) {
        await library.add(count);
        await applyLast(first);
      }
      await library.remove([0, 950, 1_100, 2_400]);
      await applyLast(first);
      expectLevel(before.index);
      const status = await first.status(library.id);
      expect(status.segments.map(({ slots, sealed }) => [slots, sealed])).toEqual([
        [1_000, true],
        [1_000, true],
        [630, false],
      ]);
      await first.close();
      expect(names()).toEqual(['1-1.alcove', '1-2.alcove', '1.alcove']);

      await library.add(700);
      await library.remove([1, 960, 3_000]);
      const second = open();
      const { index, condition } = await second.open(library.id);
      expectLevel(index);
      expect([condition, index.segments.length, troubles]).toEqual(['SOUND', 4, []]);
      await second.close();
      expectLevel((await open().open(library.id)).index);
      expect(troubles).toEqual([]);
    },
  );

  it.each([
    ['the first', ['1.alcove']],
    ['one in the middle', ['1-1.alcove']],
    ['the last', ['1-3.alcove']],
    ['two in a row', ['1-1.alcove', '1-2.alcove']],
    ['the first and the last', ['1.alcove', '1-3.alcove']],
  ])(
    'keeps the sound segments of a graph when %s is damaged, scans the rest and asks for a rebuild',
    async (_which, damaged) => {
      await begin(HNSW, 3_500);
      const first = open();
      const parameters = {
        type: 'HNSW',
        dimension: 4,
        metric: 'EUCLIDEAN',
        seed: 42,
        m: 8,
        efConstruction: 40,
      };
      first.stage(
        library.id,
        SegmentedIndex.create(parameters as IndexParameters, { segmentSlots: SEGMENT_SLOTS }),
      );
      await first.swap(library.id);
      await first.close();
      expect(names()).toHaveLength(4);
      await library.remove([5, 1_200, 3_400]);
      for (const name of damaged) flipBit(name);

      const live = open();
      const { index, condition } = await live.open(library.id);
      expectLevel(index);
      expect(condition).toBe('STAND_IN');
      const types = (await live.status(library.id)).segments.map(({ type }) => type);
      expect(types.filter((type) => type === 'HNSW')).toHaveLength(4 - damaged.length);
      expect(rebuilds).toEqual(['DAMAGE']);
      expect(troubles).toHaveLength(damaged.length);
      await library.add(1_300);
      await applyLast(live);
      await library.remove([6, 1_300, 4_000]);
      await applyLast(live);
      expectLevel(index);
    },
  );

  it('makes a damaged FLAT segment anew from the store on the spot, and saves it', async () => {
    await begin(FLAT, 3_500);
    const first = open();
    await first.open(library.id);
    await first.close();
    flipBit('1-1.alcove');
    const second = open();
    const { index, condition } = await second.open(library.id);
    expectLevel(index);
    expect([condition, index.segments.length, troubles.length]).toEqual(['SOUND', 4, 1]);
    await library.add(1);
    await applyLast(second);
    await second.close();
    expectLevel((await open().open(library.id)).index);
    expect(troubles).toHaveLength(1);
  });

  it('is whole when a file between others is missing', async () => {
    await begin(FLAT, 3_500);
    const first = open();
    await first.open(library.id);
    await first.close();
    rmSync(path('1-2.alcove'));
    expectLevel((await open().open(library.id)).index);
    expect(troubles).toHaveLength(1);
  });

  it('leaves no file behind of a segment that it no longer has', async () => {
    await begin(FLAT, 3_500);
    const first = open();
    await first.open(library.id);
    await first.close();
    await library.remove(Array.from({ length: 2_500 }, (_, number) => number + 500));
    for (const name of names()) flipBit(name);
    const second = open();
    expectLevel((await second.open(library.id)).index);
    await second.close();
    expect(names()).toEqual(['1.alcove']);
    expect(existsSync(path('1-1.alcove'))).toBe(false);
  });
});
