/**
 * How long vectors take to be read as a client sends them, JSON parsing included, and how large they are: as lists of
 * numbers, and as base64.
 *
 *     npx node bench/vectorInput.ts [--count 10000] [--dim 384]
 */
import { parseArgs } from 'node:util';
import { encodeVector as encodeBase64 } from '../src/client/index.ts';
import { encodeVector, VectorInput } from '../src/graphql/vector.ts';
import { clustered } from '../test/indexes/data.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, dim: { type: 'string', default: '384' } },
});
const count = Number(values.count);
const dimension = Number(values.dim);
const ROUNDS = 5;

const data = clustered({ count, dimension, seed: 1 });
const rows = Array.from({ length: count }, (_, row) => data.subarray(row * dimension, (row + 1) * dimension));

function measure(body: string): { megabytes: number; ms: number } {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    for (const given of JSON.parse(body) as unknown[]) new VectorInput(given).read();
    return performance.now() - began;
  });
  return { megabytes: Number((body.length / 1e6).toFixed(1)), ms: Math.round(Math.min(...rounds)) };
}

console.log(`${count} × ${dimension}, the best of ${ROUNDS} rounds`);
console.table({
  list: measure(JSON.stringify(rows.map((row) => encodeVector(row, 'LIST')))),
  base64: measure(JSON.stringify(rows.map(encodeBase64))),
});
