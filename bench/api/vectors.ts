import { parseArgs } from 'node:util';
import { encodeVector as encodeBase64 } from '../../src/client/index.ts';
import { VectorInput } from '../../src/graphql/vector.ts';
import { encodeVector } from '../../src/library/vectorValue.ts';
import { generate } from '../data/generate.ts';

const ROUNDS = 5;

/**
 * How long vectors take to be read as a client sends them, JSON parsing included, and how large they are: as lists of
 * numbers, and as base64.
 *
 *     npm run bench -- vectors [--count 10000] [--dim 384]
 */
export async function readVectors(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { count: { type: 'string', default: '10000' }, dim: { type: 'string', default: '384' } },
  });
  const [count, dimension] = [values.count, values.dim].map(Number) as [number, number];
  const data = generate({ name: 'clustered', count, dimension, seed: 1 });
  const rows = Array.from({ length: count }, (_, row) =>
    data.subarray(row * dimension, (row + 1) * dimension),
  );
  console.log(`${count} × ${dimension}, the best of ${ROUNDS} rounds`);
  console.table({
    list: measure(JSON.stringify(rows.map((row) => encodeVector(row, 'LIST')))),
    base64: measure(JSON.stringify(rows.map(encodeBase64))),
  });
}

function measure(body: string): { megabytes: number; ms: number } {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = performance.now();
    for (const given of JSON.parse(body) as unknown[]) new VectorInput(given).read();
    return performance.now() - began;
  });
  return { megabytes: Number((body.length / 1e6).toFixed(1)), ms: Math.round(Math.min(...rounds)) };
}
