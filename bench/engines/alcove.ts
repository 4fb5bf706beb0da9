import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import { Segment } from '../../src/indexes/segment.ts';
import type { IndexParameters, IndexType } from '../../src/indexes/VectorIndex.ts';
import { NO_MASK } from '../../src/kernel/kernel.ts';
import { packageVersion } from '../../src/packageVersion.ts';
import { ordinalsFrom } from '../data/ordinals.ts';
import type { Engine, EngineSettings } from './Engine.ts';
import { runOnThreads } from './threads.ts';

/** Of what a saved index says it is: a bench has no database. */
export const ORIGIN = { session: '00000000-0000-4000-8000-000000000000', revision: 0, libraryKey: 0 };

/** An index of ours, of any type, as an engine. */
export interface AlcoveEngine extends Engine {
  readonly index: SegmentIndex;
}

/** What else there is to choose of an index: where its float32 vectors are kept, and its codes. */
export type AlcoveChoice = Pick<IndexParameters, 'vectors' | 'codes'>;

/**
 * Our index of a type, with its float32 vectors in memory or in a temporary file: filled by `append` and made searchable by `build`, on as many
 * threads as are asked for.
 */
export function openAlcove(
  settings: EngineSettings,
  type: IndexType = 'HNSW',
  { vectors = 'IN_MEMORY', codes = 'SCALAR' }: AlcoveChoice = {},
): AlcoveEngine {
  const { dimension, metric, m, efConstruction, seed, threads, capacity } = settings;
  const graph = type === 'HNSW' ? { m, efConstruction } : {};
  const folder = vectors === 'ON_DISK' ? mkdtempSync(join(tmpdir(), 'alcove-bench-')) : undefined;
  let index = createIndex(
    { type, dimension, metric, seed, expected: capacity, vectors, codes, ...graph },
    folder === undefined ? undefined : join(folder, 'index'),
  );
  const special = [
    ...(type === 'HNSW' ? [] : [type]),
    ...(codes === 'SCALAR' ? [] : ['binary']),
    ...(folder === undefined ? [] : ['on disk']),
  ];
  return {
    name: ['alcove', ...special].join(' '),
    version: [
      `alcove ${packageVersion()}, ${type}`,
      ...(codes === 'SCALAR' ? [] : ['binary codes']),
      ...(folder === undefined ? [] : ['vectors on disk']),
    ].join(', '),
    get index() {
      return index;
    },
    prepareAdd(first, vectors) {
      const ordinals = ordinalsFrom(first, vectors.length / dimension);
      return () => index.append(ordinals, vectors);
    },
    async finish() {
      const helpers = runOnThreads(threads - 1, () => ({ do: 'build', shared: index.share() }));
      for (const _ of index.build()) {
        // The work is in asking for the next step.
      }
      await helpers;
    },
    prepareSearch: (queries, k, effort) => (query) =>
      index.search(queries[query] as Float32Array, { k, effort }).ordinals,
    bytes: () => index.stats().bytes,
    save: (path) => index.save(path, ORIGIN),
    load(path) {
      index.detach();
      index = openIndex(path).index;
    },
    close() {
      index.detach();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The index's vectors compared row by row, as {@link openAlcove}'s FLAT does without its codes; shares its memory. */
export function openAlcoveRows(flat: AlcoveEngine): Engine {
  const segment = Segment.attach(flat.index.share());
  return {
    name: 'alcove rows',
    version: `${flat.version}, rows alone`,
    prepareAdd: () => () => {},
    prepareSearch: (queries, k) => (query) => {
      segment.query.set(queries[query] as Float32Array);
      return segment.results(k, segment.kernel.searchRows(k, NO_MASK)).ordinals;
    },
    bytes: () => flat.bytes(),
    close: () => segment.detach(),
  };
}
