import { parseArgs } from 'node:util';
import { AlcoveError } from '../../src/errors.ts';
import { createIndex } from '../../src/indexes/createIndex.ts';
import { clustered, ordinalsFrom } from './data.ts';

/**
 * A process of its own, to be killed or to be kept from writing: `save` saves an index with its vectors on disk, adds as many
 * again and saves it once more; `fill` adds vectors until it is refused, and prints why and how many there are.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [task = '', path = '', batch = ''] = positionals;
const DIMENSION = 64;
const BATCH = Number(batch);
const ORIGIN = { session: '6b8e1c1e-5f0a-4bb8-9d6b-0f1d6a3c9a10', revision: 4, libraryKey: 1 };

const index = createIndex(
  { type: 'FLAT', metric: 'EUCLIDEAN', dimension: DIMENSION, seed: 1, vectors: 'ON_DISK' },
  path,
);
const insert = (round: number): void =>
  index.insert(
    ordinalsFrom(1 + round * BATCH, BATCH),
    clustered({ count: BATCH, dimension: DIMENSION, seed: round }),
  );

if (task === 'save') {
  for (const round of [0, 1]) {
    insert(round);
    index.save(path, ORIGIN);
  }
} else {
  try {
    for (let round = 0; ; round++) insert(round);
  } catch (error) {
    const kind = error instanceof AlcoveError ? error.kind : String(error);
    const { ordinals } = index.search(new Float32Array(DIMENSION), { k: 10_000, exact: true });
    process.stdout.write(JSON.stringify({ kind, slots: index.stats().slots, found: ordinals.length }));
  }
}
