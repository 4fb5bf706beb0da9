import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import type { Engine, EngineSettings } from './Engine.ts';
import { loadPeer } from './loadPeer.ts';

interface Matches {
  readonly keys: BigUint64Array;
}

interface UsearchIndex {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  remove(keys: BigUint64Array): void;
  search(query: Float32Array, k: number, threads: number): Matches;
  save(path: string): void;
  load(path: string): void;
}

interface Usearch {
  Index: new (config: {
    dimensions: number;
    metric: string;
    quantization: string;
    connectivity: number;
    expansion_add: number;
    expansion_search: number;
    multi: boolean;
  }) => UsearchIndex;
  exactSearch(
    dataset: Float32Array,
    queries: Float32Array,
    dimension: number,
    k: number,
    metric: string,
    threads: number,
  ): Matches;
}

const METRICS: Readonly<Record<Metric, string>> = { COSINE: 'cos', DOT: 'ip', EUCLIDEAN: 'l2sq' };

/** usearch with vectors kept as f32 or as i8. */
export function openUsearch(settings: EngineSettings, quantization: 'f32' | 'i8'): Engine {
  const { peer, version } = loadPeer<Usearch>('usearch');
  const { dimension, metric, m, efConstruction, threads } = settings;
  const create = (effort: number) =>
    new peer.Index({
      dimensions: dimension,
      metric: METRICS[metric],
      quantization,
      connectivity: m,
      expansion_add: efConstruction,
      expansion_search: effort,
      multi: false,
    });
  const folder = mkdtempSync(join(tmpdir(), 'alcove-usearch-'));
  let path: string | undefined;
  let built: UsearchIndex | undefined;
  const save = (to: string) => {
    built?.save(to);
    path = to;
  };
  return {
    name: `usearch ${quantization}`,
    version: `${version}, ${quantization}`,
    prepareAdd(first, vectors) {
      built ??= create(0);
      const index = built;
      const keys = BigUint64Array.from({ length: vectors.length / dimension }, (_, i) => BigInt(first + i));
      return () => index.add(keys, vectors, threads);
    },
    prepareSearch(queries, k, effort) {
      // The effort is fixed when an index is made, so another effort means reading the index anew.
      if (path === undefined) save(join(folder, 'index'));
      built = undefined;
      const index = create(effort);
      index.load(path as string);
      return (query) => index.search(queries[query] as Float32Array, k, 1).keys;
    },
    bytes: () => (path === undefined ? undefined : statSync(path).size),
    save,
    load(from) {
      path = from;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** usearch's exact search over plain rows. */
export function openUsearchExact(settings: EngineSettings): Engine {
  const { peer, version } = loadPeer<Usearch>('usearch');
  const { dimension, metric, capacity } = settings;
  const rows = new Float32Array(capacity * dimension);
  return {
    name: 'usearch exact',
    version: `${version}, exactSearch`,
    prepareAdd: (first, vectors) => () => rows.set(vectors, first * dimension),
    prepareSearch: (queries, k) => (query) =>
      peer.exactSearch(rows, queries[query] as Float32Array, dimension, k, METRICS[metric], 1).keys,
    bytes: () => rows.byteLength,
  };
}
