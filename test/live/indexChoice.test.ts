import { describe, expect, it } from 'vitest';
import type { IndexType } from '../../src/indexes/VectorIndex.ts';
import type { IndexSettings, Library } from '../../src/library/types.ts';
import {
  AUTO_FLAT_LIMIT,
  AUTO_TREE_DIMENSION,
  builtAsAsked,
  chooseType,
  rebuildDue,
} from '../../src/live/indexChoice.ts';

const AUTO: IndexSettings = { type: 'AUTO', m: 16, efConstruction: 100 };

/** A library as far as the choice looks at it. */
const library = (type: IndexType, chunkCount: number, dimension: number | null = 384): Library =>
  ({
    chunkCount,
    embedding: { dimension },
    index: { type, settings: AUTO },
    indexSettings: AUTO,
  }) as unknown as Library;

const stats = (live: number, others: { tombstones?: number; tail?: number } = {}) => {
  const { tombstones = 0, tail = 0 } = others;
  return { slots: live + tombstones, live, tombstones, tail, bytes: 0, unconsolidated: 0 };
};

describe('the choice of an index type', () => {
  it('is what the settings ask for', () => {
    const asked = { ...AUTO, type: 'LSH' } as const;
    expect(chooseType(asked, library('FLAT', 5))).toEqual({
      type: 'LSH',
      reason: 'The settings ask for LSH.',
    });
  });

  it.each([
    [0, null, 'FLAT', 'up to 10,000 vectors are scanned exactly'],
    [AUTO_FLAT_LIMIT, 384, 'FLAT', 'up to 10,000 vectors are scanned exactly'],
    [AUTO_FLAT_LIMIT + 1, 384, 'HNSW', 'more than 10,000 vectors are found faster in a graph'],
    [AUTO_FLAT_LIMIT + 1, AUTO_TREE_DIMENSION, 'KD_TREE', 'more than 10,000 vectors of only 10 dimensions'],
    [AUTO_FLAT_LIMIT + 1, AUTO_TREE_DIMENSION + 1, 'HNSW', 'found faster in a graph'],
    [AUTO_FLAT_LIMIT, 2, 'FLAT', 'scanned exactly'],
  ] as const)(
    'of AUTO for %i vectors of %s dimensions is %s, and says why',
    (count, dimension, type, why) => {
      const chosen = chooseType(AUTO, library('FLAT', count, dimension));
      expect(chosen.type).toBe(type);
      expect(chosen.reason).toContain(`AUTO chose ${type}: `);
      expect(chosen.reason).toContain(why);
    },
  );

  it.each(['HNSW', 'KD_TREE'] as const)(
    'of AUTO does not change at every turn around a limit: %s',
    (type) => {
      const dimension = type === 'HNSW' ? 384 : 3;
      const at = (now: IndexType, count: number) => chooseType(AUTO, library(now, count, dimension)).type;
      expect(at('FLAT', AUTO_FLAT_LIMIT + 1)).toBe(type);
      expect(at(type, AUTO_FLAT_LIMIT)).toBe(type);
      expect(at(type, AUTO_FLAT_LIMIT / 2 + 1)).toBe(type);
      expect(at(type, AUTO_FLAT_LIMIT / 2)).toBe('FLAT');
      expect(at('FLAT', AUTO_FLAT_LIMIT / 2 + 1)).toBe('FLAT');
    },
  );
});

describe('a rebuild', () => {
  it.each([
    ['a library that has outgrown the scan', library('FLAT', 20_000), stats(20_000), 'AUTO_SIZE'],
    ['one that has shrunk far below its graph', library('HNSW', 3_000), stats(3_000), 'AUTO_SIZE'],
    ['one that has shrunk a little', library('HNSW', 9_000), stats(9_000), undefined],
    ['many tombstones', library('HNSW', 20_000), stats(20_000, { tombstones: 21_000 }), 'TOMBSTONES'],
    ['many of a scan', library('FLAT', 8_000), stats(8_000, { tombstones: 2_100 }), 'TOMBSTONES'],
    ['few tombstones', library('HNSW', 20_000), stats(20_000, { tombstones: 9_000 }), undefined],
    ['a long tail after the tables', library('KD_TREE', 40_000, 3), stats(40_000, { tail: 12_000 }), 'TAIL'],
    ['a short tail', library('KD_TREE', 30_000, 3), stats(30_000, { tail: 9_999 }), undefined],
    [
      'a tail that is small beside the tables',
      library('KD_TREE', 90_000, 3),
      stats(90_000, { tail: 12_000 }),
      undefined,
    ],
  ] as const)('for %s', (_what, of, figures, due) => {
    expect(rebuildDue(of, figures)).toBe(due);
  });

  it('is what new settings want', () => {
    expect(builtAsAsked(library('HNSW', 20_000))).toBe(true);
    const asked = { ...library('HNSW', 20_000), indexSettings: { ...AUTO, m: 32 } };
    expect(builtAsAsked(asked)).toBe(false);
    expect(builtAsAsked({ ...asked, index: { ...asked.index, type: 'KD_TREE' }, indexSettings: AUTO })).toBe(
      false,
    );
    expect(builtAsAsked({ ...library('KD_TREE', 20_000, 3), indexSettings: { ...AUTO, m: 32 } })).toBe(true);
  });
});
