import { statSync } from 'node:fs';
import type { Metric } from '../../src/indexes/VectorIndex.ts';
import type { Engine, EngineSettings } from './Engine.ts';
import { loadPeer } from './loadPeer.ts';

interface HierarchicalNSW {
  initIndex(maxElements: number, m: number, efConstruction: number, randomSeed: number): void;
  addPoint(point: number[], label: number): void;
  markDelete(label: number): void;
  searchKnn(query: number[], k: number): { neighbors: number[] };
  setEf(ef: number): void;
  writeIndexSync(path: string): void;
  readIndexSync(path: string): void;
}

interface Hnswlib {
  HierarchicalNSW: new (space: string, dimension: number) => HierarchicalNSW;
}

const SPACES: Readonly<Record<Metric, string>> = { COSINE: 'cosine', DOT: 'ip', EUCLIDEAN: 'l2' };

/** hnswlib-node takes arrays of numbers alone; they are made before the clock starts. Its build is serial. */
export function openHnswlib(settings: EngineSettings): Engine {
  const { peer, version } = loadPeer<Hnswlib>('hnswlib-node');
  const { dimension, metric, capacity, m, efConstruction, seed } = settings;
  const index = new peer.HierarchicalNSW(SPACES[metric], dimension);
  let isReady = false;
  let savedBytes: number | undefined;
  return {
    name: 'hnswlib-node',
    version,
    prepareAdd(first, vectors) {
      if (!isReady) index.initIndex(capacity, m, efConstruction, seed);
      isReady = true;
      const rows = Array.from({ length: vectors.length / dimension }, (_, row) =>
        Array.from(vectors.subarray(row * dimension, (row + 1) * dimension)),
      );
      return () => rows.forEach((row, i) => index.addPoint(row, first + i));
    },
    prepareSearch(queries, k, effort) {
      const rows = queries.map((query) => Array.from(query));
      index.setEf(effort);
      return (query) => index.searchKnn(rows[query] as number[], k).neighbors;
    },
    bytes: () => savedBytes,
    save(path) {
      index.writeIndexSync(path);
      savedBytes = statSync(path).size;
    },
    load(path) {
      index.readIndexSync(path);
      savedBytes = statSync(path).size;
    },
  };
}
