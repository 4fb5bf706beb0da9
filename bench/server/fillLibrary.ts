import { setTimeout as wait } from 'node:timers/promises';
import { npyHeader } from '../../src/bulk/npy.ts';
import { createClient, orThrow } from '../../src/client/index.ts';

/** The library that is driven. */
export const LIBRARY = 'load';
const POLL_MS = 100;

/** Makes the library, gives it the vectors (rows × dimension), and waits until its index is built. */
export async function fillLibrary(url: string, vectors: Float32Array, dimension: number): Promise<void> {
  const client = createClient({ url });
  const embedding = { provider: 'EXTERNAL', model: 'seeded', dimension, metric: 'COSINE' } as const;
  orThrow(await client.createLibrary({ name: LIBRARY, embedding }));
  const body = new Blob([npyHeader(vectors.length / dimension, dimension).slice(), vectors.slice()]);
  for await (const event of client.importRows(LIBRARY, body, { format: 'npy', prefix: LIBRARY })) {
    if ('error' in event) throw new Error(event.error.message);
  }
  while ((await client.jobs({ state: ['QUEUED', 'RUNNING'] })).edges.length > 0) await wait(POLL_MS);
  await client.close();
}
