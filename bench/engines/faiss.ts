import type { Engine, EngineSettings } from './Engine.ts';
import { loadPeer } from './loadPeer.ts';

interface FlatIndex {
  add(rows: number[]): void;
  search(query: number[], k: number): { labels: number[] };
}

interface Faiss {
  IndexFlatL2: new (dimension: number) => FlatIndex;
  IndexFlatIP: new (dimension: number) => FlatIndex;
}

/** faiss-node's exact index. It takes arrays of numbers, and no cosine: rows are normalised before. */
export function openFaissFlat({ dimension, metric, capacity }: EngineSettings): Engine {
  const { peer, version } = loadPeer<Faiss>('faiss-node');
  const index = metric === 'EUCLIDEAN' ? new peer.IndexFlatL2(dimension) : new peer.IndexFlatIP(dimension);
  const prepared = (row: Float32Array) => Array.from(metric === 'COSINE' ? normalised(row) : row);
  return {
    name: 'faiss flat',
    version,
    prepareAdd(_first, vectors) {
      const rows = Array.from({ length: vectors.length / dimension }, (_, row) =>
        prepared(vectors.subarray(row * dimension, (row + 1) * dimension)),
      );
      return () => {
        for (const row of rows) index.add(row);
      };
    },
    prepareSearch(queries, k) {
      const asked = queries.map(prepared);
      return (query) => index.search(asked[query] as number[], k).labels;
    },
    bytes: () => capacity * dimension * 4,
  };
}

function normalised(row: Float32Array): Float32Array {
  const norm = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
  return norm === 0 ? row : row.map((x) => x / norm);
}
