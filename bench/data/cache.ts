import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from './Dataset.ts';

/** Where truths and the peers' built indexes are kept between runs; ignored by git, and may be removed at any time. */
const CACHE = fileURLToPath(new URL('../.cache', import.meta.url));

/** What the generated data depends on beside its name: a change of it makes other data of the same name. */
const GENERATOR = ['generate.ts', 'random.ts'].map((name) => new URL(name, import.meta.url));

/** The path of a cached file about a dataset, whose name holds all that it depends on. Makes the folder. */
export function cachePath(dataset: Dataset, what: string): string {
  mkdirSync(CACHE, { recursive: true });
  const hash = createHash('sha256');
  if (dataset.source.length === 0) for (const file of GENERATOR) hash.update(readFileSync(file));
  for (const path of dataset.source.filter((source) => source !== '')) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path} ${size} ${mtimeMs}`);
  }
  const name = `${dataset.name}-${dataset.metric}-${what}-${hash.digest('hex').slice(0, 8)}`;
  return join(CACHE, name.replaceAll(/[^\w.-]+/g, '-'));
}
