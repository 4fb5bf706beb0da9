import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IndexFiles } from '../../src/live/IndexFiles.ts';
import { LiveIndexes } from '../../src/live/LiveIndexes.ts';
import { IDLE_MS } from '../../src/live/OpenIndexes.ts';
import { clustered } from '../indexes/data.ts';
import { chunk, createDocument, createLibrary, TestStore } from '../library/TestStore.ts';

const DIMENSION = 64;
const COUNT = 1_000;
const VECTOR_BYTES = DIMENSION * 4;

describe('the memory of live indexes', () => {
  let store: TestStore;
  let dropped: string[];
  let troubles: string[];
  beforeEach(() => {
    store = new TestStore();
    dropped = [];
    troubles = [];
  });
  afterEach(async () => {
    vi.useRealTimers();
    await store.close();
  });

  const open = (limitBytes?: number): LiveIndexes =>
    new LiveIndexes({
      files: new IndexFiles(join(store.folder, 'indexes')),
      reader: store.reader,
      onDropped: (libraryId) => dropped.push(libraryId),
      onRebuildDue: () => {},
      onTrouble: (message) => troubles.push(message),
      ...(limitBytes === undefined ? {} : { limitBytes }),
    });
  const embedding = {
    provider: 'EXTERNAL',
    model: 'test',
    dimension: null,
    metric: 'EUCLIDEAN',
    normalized: false,
  } as const;
  const add = async (libraryId: string, count: number, seed = 1): Promise<void> => {
    await store.submit(
      createDocument(libraryId, `doc_${libraryId}_${seed}`, {
        chunks: Array.from({ length: count }, (_, row) => chunk(`chk_${libraryId}_${seed}_${row}`, row)),
        vectors: {
          values: clustered({ count, dimension: DIMENSION, seed }),
          offsets: Uint32Array.from({ length: count + 1 }, (_, row) => row * DIMENSION),
        },
      }),
    );
  };
  const create = async (...ids: string[]): Promise<void> => {
    for (const id of ids) {
      await store.submit(
        createLibrary(id, { embedding, indexSettings: { type: 'FLAT', m: 8, efConstruction: 40 } }),
      );
      await add(id, COUNT);
    }
  };
  const applyLast = async (live: LiveIndexes): Promise<void> => {
    for (const change of store.lastApplied.vectorChanges) await live.apply(change);
  };
  /** What one index of a library takes. */
  const bytesOfOne = async (): Promise<number> => (await open().open('lib_a')).bytes;

  it('is freed of the indexes that were used least recently when another is opened, and they return', async () => {
    await create('lib_a', 'lib_b', 'lib_c');
    const live = open((await bytesOfOne()) * 2.5);
    const { index } = await live.open('lib_a');
    await live.open('lib_b');
    await live.open('lib_a');
    expect(dropped).toEqual([]);
    await live.open('lib_c');
    expect(dropped).toEqual(['lib_b']);
    const back = await live.open('lib_b');
    expect(dropped).toEqual(['lib_b', 'lib_a']);
    expect(back.index.ordinals()).toEqual(index.ordinals());
  });

  it('is not given to an index that is larger than the limit, and the error has the numbers', async () => {
    await create('lib_a');
    const bytes = await bytesOfOne();
    await expect(open(bytes / 2).open('lib_a')).rejects.toMatchObject({
      kind: 'CapacityExceededError',
      detail: { got: expect.any(Number), expected: bytes / 2, limit: bytes / 2 },
      message: expect.stringContaining('ALCOVE_INDEX_MEMORY_BYTES'),
    });
  });

  it('admits writes while it lasts, closes others for them, and refuses those that do not fit before they are written', async () => {
    await create('lib_a', 'lib_b');
    const one = await bytesOfOne();
    const live = open(one * 3);
    await live.open('lib_b');
    await live.open('lib_a');
    const admit = (vectors: number) =>
      live.memory.admitWrite({ id: 'lib_a' }, vectors, vectors * VECTOR_BYTES);
    const release = await admit(500);
    expect(dropped).toEqual([]);
    const other = await admit(1_000);
    expect(dropped).toEqual(['lib_b']);
    await expect(admit(1_000)).rejects.toMatchObject({
      kind: 'CapacityExceededError',
      detail: { got: expect.any(Number), limit: one * 3 },
    });
    release();
    release();
    await add('lib_a', 1_000, 2);
    await applyLast(live);
    other();
    (await admit(500))();
    await expect(admit(2_000)).rejects.toMatchObject({ kind: 'CapacityExceededError' });
    await expect(live.memory.admitWrite({ name: 'nobody' }, 5, 5)).resolves.toBeTypeOf('function');
    expect((await live.open('lib_a')).index.stats().live).toBe(2 * COUNT);
    const { used, setAside, limit, libraries } = live.memory.report();
    expect([setAside, limit, libraries.length]).toEqual([0, one * 3, 1]);
    const [{ vectors = 0, graph, tables, scratch = 0 } = {}] = libraries;
    expect(vectors).toBeGreaterThanOrEqual(2 * COUNT * VECTOR_BYTES);
    expect([graph, tables]).toEqual([0, 0]);
    expect(Math.abs(used - vectors - scratch)).toBeLessThan(1_000);
    expect(troubles).toEqual([]);
  });

  it('is not given to a build that does not fit beside the index that serves', async () => {
    await create('lib_a', 'lib_b');
    const one = await bytesOfOne();
    const live = open(one * 2.5);
    await live.open('lib_a');
    await live.open('lib_b');
    await expect(live.memory.admitBuild('lib_a', one * 2)).rejects.toMatchObject({
      kind: 'CapacityExceededError',
    });
    const release = await live.memory.admitBuild('lib_a', one);
    expect(dropped).toEqual(['lib_b']);
    await expect(live.memory.admitBuild('lib_a', one)).rejects.toMatchObject({
      kind: 'CapacityExceededError',
    });
    release();
    await live.open('lib_b');
  });

  it('is freed of indexes that nobody has used for a while, their changes saved', async () => {
    await create('lib_a', 'lib_b');
    const live = open();
    await live.open('lib_a');
    const { index } = await live.open('lib_b');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + IDLE_MS + 2_000 });
    index.touch();
    await live.checkpoint();
    expect(dropped).toEqual(['lib_a']);
    expect(existsSync(join(store.folder, 'indexes', 'lib_a', '1.alcove'))).toBe(true);
    expect((await live.open('lib_a')).changesSinceSave).toBe(0);
    expect(live.opened('lib_b')?.index).toBe(index);
  });
});
