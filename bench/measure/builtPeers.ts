import { existsSync } from 'node:fs';
import { cachePath } from '../data/cache.ts';
import type { Dataset } from '../data/Dataset.ts';
import type { Engine } from '../engines/Engine.ts';
import { buildEngines } from './buildEngines.ts';

/** What a graph depends on beside the data. */
interface GraphOptions {
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
}

/** Where a peer's built index is kept. */
export function builtPath(
  engine: Engine,
  dataset: Dataset,
  { m, efConstruction, seed }: GraphOptions,
): string {
  return cachePath(dataset, `${engine.version}-m${m}-ef${efConstruction}-seed${seed}`);
}

/** Reads peers from where an earlier run left them, for their code does not change; builds and keeps the others. */
export async function loadOrBuildPeers(
  peers: readonly Engine[],
  dataset: Dataset,
  options: GraphOptions & { readonly isFresh: boolean },
): Promise<void> {
  const missing: Engine[] = [];
  for (const peer of peers) {
    const path = builtPath(peer, dataset, options);
    if (peer.load !== undefined && !options.isFresh && existsSync(path)) await peer.load(path);
    else missing.push(peer);
  }
  await buildEngines(missing, dataset);
  for (const peer of missing) await peer.save?.(builtPath(peer, dataset, options));
}
