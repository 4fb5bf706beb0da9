import { setTimeout as wait } from 'node:timers/promises';
import { createClient, encodeVector, orThrow } from '../../src/client/index.ts';
import { LIBRARY } from './fillLibrary.ts';

/** What goes on in the searched library while it is driven. */
export const BESIDES = ['nothing', 'writes', 'reindex'] as const;
export type Beside = (typeof BESIDES)[number];

const WRITE_BATCH = 50;
/** Batches a second, as long as they are answered in time. */
const WRITE_RATE = 10;
/** Chunks that are written, over and over. */
const WRITTEN_CHUNKS = 2_000;
const DOCUMENT = 'doc_beside';

/** What goes on beside, until it is ended. */
export interface Going {
  /** Answers how often it was done: batches that were written, or jobs that ran. */
  end(): Promise<number>;
}

/** Begins to write, or to build the index anew again and again. @param vectors rows × dimension, to write */
export async function begin(
  beside: Beside,
  url: string,
  vectors: Float32Array,
  dimension: number,
): Promise<Going> {
  if (beside === 'nothing') return { end: async () => 0 };
  const client = createClient({ url });
  const library = { name: LIBRARY };
  let done = 0;
  let isOver = false;
  const write = async () => {
    const began = performance.now();
    const chunks = Array.from({ length: WRITE_BATCH }, (_, row) => {
      const number = (done * WRITE_BATCH + row) % WRITTEN_CHUNKS;
      const at = ((done * 7 + row) % (vectors.length / dimension)) * dimension;
      const embedding = encodeVector(vectors.subarray(at, at + dimension));
      return { id: `chk_beside-${number}`, documentId: DOCUMENT, text: `written ${number}`, embedding };
    });
    orThrow(await client.upsertChunks({ library, chunks }));
    await wait(Math.max(0, 1_000 / WRITE_RATE - (performance.now() - began)));
  };
  const build = async () => {
    const { job } = orThrow(await client.reindex({ library, settings: { type: 'HNSW' } }));
    for await (const { job: now } of client.followJob(job.id)) {
      if (now.state === 'FAILED') throw new Error(`job failed: ${now.error?.message}`);
    }
  };
  if (beside === 'writes')
    orThrow(await client.upsertDocument({ library, id: DOCUMENT, title: 'Written while searched' }));
  const going = (async () => {
    while (!isOver) {
      await (beside === 'writes' ? write() : build());
      done += 1;
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await going;
      await client.close();
      return done;
    },
  };
}
