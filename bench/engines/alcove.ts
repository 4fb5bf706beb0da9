import { createIndex } from '../../src/indexes/createIndex.ts';
import { openIndex } from '../../src/indexes/openIndex.ts';
import type { SegmentIndex } from '../../src/indexes/SegmentIndex.ts';
import { packageVersion } from '../../src/packageVersion.ts';
import type { Engine, EngineSettings } from './Engine.ts';

/** Of what a saved index says it is: a bench has no database. */
const ORIGIN = { session: '00000000-0000-4000-8000-000000000000', revision: 0, libraryKey: 0 };

/** The ordinals `first, first + 1, …`. */
export function ordinalsFrom(first: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => first + i);
}

/** Our HNSW index, or with `isExact` our scan. */
export function openAlcove(settings: EngineSettings, isExact = false): Engine & { index: SegmentIndex } {
  const { dimension, metric, m, efConstruction, seed } = settings;
  let index = createIndex(
    isExact
      ? { type: 'FLAT', dimension, metric, seed }
      : { type: 'HNSW', dimension, metric, seed, m, efConstruction },
  );
  return {
    name: isExact ? 'alcove exact' : 'alcove',
    version: `alcove ${packageVersion()}, ${isExact ? 'FLAT' : 'HNSW'}`,
    get index() {
      return index;
    },
    prepareAdd(first, vectors) {
      const ordinals = ordinalsFrom(first, vectors.length / dimension);
      return () => index.insert(ordinals, vectors);
    },
    prepareSearch: (queries, k, effort) => (query) =>
      index.search(queries[query] as Float32Array, { k, effort }).ordinals,
    bytes: () => index.stats().bytes,
    save: (path) => index.save(path, ORIGIN),
    load(path) {
      index.detach();
      index = openIndex(path).index;
    },
    close: () => index.detach(),
  };
}
