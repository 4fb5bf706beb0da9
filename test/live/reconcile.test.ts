import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createIndex } from '../../src/indexes/createIndex.ts';
import type { IndexType, VectorIndex } from '../../src/indexes/VectorIndex.ts';
import { reconcile } from '../../src/live/reconcile.ts';
import { LiveLibrary } from './LiveLibrary.ts';

const DIMENSION = 4;

const emptyIndex = (type: IndexType): VectorIndex =>
  createIndex({ type, dimension: DIMENSION, metric: 'EUCLIDEAN', seed: 1 });

/** What happens to a library between two looks at its index: vectors come, and some of all go. */
const rounds = fc.array(
  fc.record({ added: fc.integer({ min: 1, max: 300 }), removed: fc.array(fc.nat(1_000), { maxLength: 50 }) }),
  { minLength: 1, maxLength: 4 },
);

describe.each(['FLAT', 'HNSW'] as const)('reconciling a %s index', (type) => {
  const libraries: LiveLibrary[] = [];
  const newLibrary = async (): Promise<LiveLibrary> => {
    const library = await LiveLibrary.create(DIMENSION);
    libraries.push(library);
    return library;
  };
  const level = (index: VectorIndex, library: LiveLibrary): number => {
    let inserted = 0;
    for (inserted of reconcile(index, library.store.reader, library.id));
    return inserted;
  };
  afterEach(async () => {
    for (const library of libraries.splice(0)) await library.close();
  });

  it('makes it hold exactly what is live in the store, whatever happened since', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (happened) => {
        const library = await newLibrary();
        const index = emptyIndex(type);
        for (const { added, removed } of happened) {
          await library.add(added);
          await library.remove(removed);
          level(index, library);
          expect(index.ordinals()).toEqual(library.ordinals());
        }
        expect(level(index, library)).toBe(0);
      }),
      { numRuns: 10, seed: 7 },
    );
  });

  it('catches up with what comes and goes while it works', async () => {
    const library = await newLibrary();
    await library.add(1_000);
    const index = emptyIndex(type);
    const steps = reconcile(index, library.store.reader, library.id);
    for (let late = 0; late < 5; late++) {
      steps.next();
      await library.add(100);
      await library.remove([late, 1_000 + late]);
    }
    for (const _step of steps);
    expect(index.ordinals()).toEqual(library.ordinals());
    expect(index.stats().live).toBe(1_490);
  });

  it('finds an index damaged that lacks what it should long have had', async () => {
    const library = await newLibrary();
    await library.add(10);
    const index = emptyIndex(type);
    level(index, library);
    index.remove(Uint32Array.of(4));
    expect(() => level(index, library)).toThrow(
      expect.objectContaining({ kind: 'DamagedError', detail: { libraryId: library.id, ordinal: 4 } }),
    );
  });
});
