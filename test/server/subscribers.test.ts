import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generate } from '../../bench/data/generate.ts';
import { Follower, phasesOf } from '../../bench/server/Follower.ts';
import { createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { JOB_PHASES } from '../../src/jobs/types.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';

/** The short form of `npm run bench -- subscribers`. */
const CROWD = 100;
const COUNT = 2_000;
const DIMENSION = 32;

let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alcove-crowd-'));
  server = await startServer(
    parseConfig({ ALCOVE_PORT: '0', ALCOVE_DATA: folder, ALCOVE_THREADS: '2', ALCOVE_LOG: 'silent' }),
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

it('a crowd that follows one index job hears of every phase, in order, whichever thread each is connected to', async () => {
  const client = createClient({ url: server.url });
  const library = { name: 'followed' };
  const embedding = { provider: 'EXTERNAL', model: 'test', dimension: DIMENSION, metric: 'COSINE' } as const;
  orThrow(await client.createLibrary({ name: 'followed', embedding }));
  const { document } = orThrow(await client.createDocument({ library, title: 'numbers' }));
  const vectors = generate({ name: 'clustered', count: COUNT, dimension: DIMENSION, seed: 1 });
  const chunks = Array.from({ length: COUNT }, (_, row) => ({
    documentId: document.id,
    text: `chunk ${row}`,
    embedding: [...vectors.subarray(row * DIMENSION, (row + 1) * DIMENSION)],
  }));
  orThrow(await client.createChunks({ library, chunks }));
  // The snapshot of a job that has ended tells each of the crowd that it is subscribed.
  const reindex = async () => orThrow(await client.reindex({ library, settings: { type: 'HNSW' } })).job.id;
  const earlier = await reindex();
  for await (const { kind } of client.followJob(earlier)) if (kind === 'FINISHED') break;

  const crowd = await Promise.all(
    Array.from({ length: CROWD }, () => Follower.follow(server.url, library.name)),
  );
  await expect
    .poll(() => crowd.filter(({ events, failure }) => events.length === 0 && !failure).length, {
      timeout: 20_000,
    })
    .toBe(0);
  expect(crowd.map(({ failure }) => failure)).toEqual(crowd.map(() => undefined));
  const ends = crowd.map((follower) => follower.nextEnd());
  const job = await reindex();
  await Promise.all(ends);

  const phases = JOB_PHASES.filter((phase) => phase !== 'INGESTING' && phase !== 'EMBEDDING');
  for (const follower of crowd) {
    expect(phasesOf(follower, job)).toEqual(phases);
    const cursors = follower.events
      .filter((event) => event.job.id === job)
      .map(({ cursor }) => Number(cursor));
    expect(cursors).toEqual([...new Set(cursors)].toSorted((one, other) => one - other));
    await follower.close();
  }
  await client.close();
});
