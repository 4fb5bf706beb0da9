/**
 * Build rate, search rate and recall of an HNSW index on seeded, clustered data.
 *
 *     npx node bench/search.ts --count 50000 --dim 384 --metric COSINE
 */
import { parseArgs } from 'node:util';
import { createIndex } from '../src/indexes/createIndex.ts';
import { METRICS } from '../src/indexes/parameters.ts';
import type { SearchResult } from '../src/indexes/VectorIndex.ts';
import { clustered, ordinalsFrom } from '../test/indexes/data.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50000' },
    dim: { type: 'string', default: '384' },
    metric: { type: 'string', default: 'COSINE' },
    queries: { type: 'string', default: '1000' },
    m: { type: 'string', default: '16' },
    ef: { type: 'string', default: '128' },
    k: { type: 'string', default: '10' },
    spread: { type: 'string', default: '1' },
  },
});
const count = Number(values.count);
const dimension = Number(values.dim);
const queryCount = Number(values.queries);
const k = Number(values.k);
const metric = METRICS.find((name) => name === values.metric) ?? 'COSINE';

const EFFORTS = [16, 32, 64, 128, 256];
const BATCH = 1_000;

const data = clustered({ count: count + queryCount, dimension, seed: 1, spread: Number(values.spread) });
const vectors = data.subarray(0, count * dimension);
const queries = Array.from({ length: queryCount }, (_, i) =>
  data.subarray((count + i) * dimension, (count + i + 1) * dimension),
);

const index = createIndex({
  type: 'HNSW',
  dimension,
  metric,
  seed: 1,
  m: Number(values.m),
  efConstruction: Number(values.ef),
});
let began = performance.now();
for (let at = 0; at < count; at += BATCH) {
  const size = Math.min(BATCH, count - at);
  index.insert(ordinalsFrom(at, size), vectors.subarray(at * dimension, (at + size) * dimension));
}
const buildMs = performance.now() - began;
console.log(`build   ${count} × ${dimension} ${metric}: ${rate(count, buildMs)} vectors/s`);

began = performance.now();
const truth = queries.map((query) => index.search(query, { k, exact: true }));
const scanMs = performance.now() - began;
const gigabytes = (count * queryCount * dimension * 4) / 1e9;
console.log(
  `scan    ${rate(queryCount, scanMs)} q/s, ${(gigabytes / (scanMs / 1000)).toFixed(1)} GB/s of float32`,
);

for (const effort of EFFORTS) {
  for (const query of queries.slice(0, 100)) index.search(query, { k, effort });
  began = performance.now();
  const found = queries.map((query) => index.search(query, { k, effort }));
  const ms = performance.now() - began;
  const steps = found.reduce((sum, { compared }) => sum + compared, 0) / queryCount;
  console.log(
    `effort ${effort}`.padEnd(12),
    `recall@${k} ${recall(found).toFixed(4)}, ${rate(queryCount, ms)} q/s, ${steps.toFixed(0)} compared`,
  );
}

function rate(things: number, ms: number): string {
  return Math.round(things / (ms / 1000)).toLocaleString('en');
}

function recall(found: readonly SearchResult[]): number {
  const hits = found.map((result, i) => {
    const expected = new Set(truth[i]?.ordinals);
    return result.ordinals.filter((ordinal) => expected.has(ordinal)).length / Math.max(1, expected.size);
  });
  return hits.reduce((sum, part) => sum + part, 0) / hits.length;
}
