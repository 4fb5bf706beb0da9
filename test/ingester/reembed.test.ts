import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AlcoveClient, createClient, orThrow } from '../../src/client/index.ts';
import { parseConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server/supervisor.ts';
import { type Fault, failing, ProviderServer } from '../embedding/ProviderServer.ts';

const CHUNKS = 600;
const PATIENT = { interval: 10, timeout: 30_000 };
const QUERY = 'oil the lever of the red machine';
const OPENAI = { provider: 'OPENAI', model: 'letters' } as const;

const text = (at: number): string =>
  `Machine ${at} is ${['red', 'green', 'blue', 'yellow'][at % 4]}; lever ${'abcdefg'[at % 7]} is ${at % 3 ? 'oiled' : 'greased'} in ${['spring', 'autumn'][at % 2]}.`;

describe('embedding a library anew', () => {
  let folder: string;
  let provider: ProviderServer;
  let server: RunningServer;
  let client: AlcoveClient;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alcove-reembed-'));
    provider = await ProviderServer.start('OPENAI');
    server = await startServer(
      parseConfig({
        ALCOVE_DATA: folder,
        ALCOVE_PORT: '0',
        ALCOVE_LOG: 'error',
        ALCOVE_THREADS: '2',
        ALCOVE_EMBEDDING_CACHE_BYTES: '0',
        ALCOVE_EMBEDDING_RETRIES: '1',
        ...provider.environment,
      }),
    );
    client = createClient({ url: server.url });
  });
  afterAll(async () => {
    await client.close();
    await server.close();
    await provider.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    provider.faults.length = 0;
  });

  const slowly =
    (ms: number): Fault =>
    async (request, response) => {
      await delay(ms);
      provider.embed(request, response);
    };
  const fill = async (name: string, chunks = CHUNKS) => {
    const { library } = orThrow(await client.createLibrary({ name }));
    const { document } = orThrow(
      await client.createDocument({
        library: { name },
        title: 'Machines',
        content: { chunks: Array.from({ length: chunks }, (_, at) => ({ text: text(at) })) },
      }),
    );
    return { id: library.id, documentId: document.id };
  };
  const search = async (name: string, query = QUERY) => {
    const found = orThrow(
      await client.knnSearch({ library: { name }, query: { text: query }, k: 5, accuracy: { exact: true } }),
    );
    return found.edges.map(({ node, distance }) => `${node.text} ${distance}`);
  };
  const start = async (
    name: string,
    embedding: Parameters<AlcoveClient['reembed']>[0]['embedding'] = OPENAI,
  ) => orThrow(await client.reembed({ library: { name }, embedding })).job.id;
  const follow = async (id: string) => {
    const events = [];
    for await (const event of client.followJob(id)) events.push(event);
    return events;
  };
  const contract = async (name: string) => (await client.library({ name }))?.embedding;

  it('answers every search by the old model or by the new one, and tells how far it is', async () => {
    const name = 'served';
    await fill(name);
    const before = await search(name);
    provider.faults.push(...Array.from({ length: 20 }, () => slowly(30)));
    const id = await start(name);
    const answers = new Set<string>();
    let hasEnded = false;
    const searching = Array.from({ length: 3 }, async () => {
      let searches = 0;
      for (; !hasEnded; searches++) answers.add(JSON.stringify(await search(name)));
      return searches;
    });
    const events = await follow(id);
    await delay(50);
    hasEnded = true;
    const counts = await Promise.all(searching);

    const last = events.at(-1)?.job;
    expect(last).toMatchObject({ __typename: 'ReembedJob', state: 'SUCCEEDED', error: null });
    const after = await search(name);
    expect(after).not.toEqual(before);
    expect([...answers].sort()).toEqual([JSON.stringify(before), JSON.stringify(after)].sort());
    expect(Math.min(...counts)).toBeGreaterThan(1);
    const embedding = events.filter(({ job }) => job.progress.phase === 'EMBEDDING');
    expect(embedding.at(-1)?.job.progress).toMatchObject({ done: CHUNKS, total: CHUNKS });
    const phases = [...new Set(events.map(({ job }) => job.progress.phase))];
    expect(
      phases.filter((phase) => phase === 'EMBEDDING' || phase === 'SWAPPING' || phase === 'DONE'),
    ).toEqual(['EMBEDDING', 'SWAPPING', 'DONE']);
    expect(await contract(name)).toMatchObject({ ...OPENAI, dimension: 8, frozen: true });
  });

  it('takes in what is written meanwhile, by text and by vector, and embeds it too', async () => {
    const name = 'written';
    const { documentId } = await fill(name, 300);
    provider.faults.push(...Array.from({ length: 10 }, () => slowly(40)));
    const id = await start(name);
    let hasEnded = false;
    let written = 0;
    const library = { name };
    const writing = (async () => {
      while (!hasEnded) {
        const at = written++;
        orThrow(
          await client.upsertChunks({
            library,
            chunks: [
              { id: `chk_late-${at}`, documentId, text: `Late ${at}: ${text(at)}` },
              { id: `chk_again`, documentId, text: `Again ${at}` },
            ],
          }),
        );
      }
    })();
    const events = await follow(id);
    hasEnded = true;
    await writing;
    expect(events.at(-1)?.job).toMatchObject({ state: 'SUCCEEDED' });
    expect(written).toBeGreaterThan(3);
    const found = orThrow(
      await client.knnSearch({
        library,
        query: { text: `Again ${written - 1}` },
        k: 1,
        accuracy: { exact: true },
      }),
    );
    expect((await client.library(library))?.counts.chunks).toBe(300 + written + 1);
    expect(found.edges[0]?.node.text).toBe(`Again ${written - 1}`);
    expect(found.edges[0]?.distance).toBeCloseTo(0, 5);
    // By the new model every text is as far from itself as can be: not at all.
    for (const at of [0, Math.floor(written / 2), written - 1]) {
      const query = `Late ${at}: ${text(at)}`;
      const hits = orThrow(await client.knnSearch({ library, query: { text: query }, k: 20 })).edges;
      expect(hits[0]?.distance).toBeCloseTo(0, 5);
      expect(hits.map(({ node }) => node.text)).toContain(query);
    }
  });

  it('changes back, to another dimension and metric, with the settings that are asked for', async () => {
    const name = 'served';
    const library = { name };
    const { job } = orThrow(
      await client.reembed({
        library,
        embedding: { provider: 'BUILTIN', dimension: 128, metric: 'EUCLIDEAN' },
        settings: { type: 'HNSW' },
        minRecall: 0.5,
      }),
    );
    const events = await follow(job.id);
    expect(events.at(-1)?.job.error).toBeNull();
    expect(await contract(name)).toMatchObject({ provider: 'BUILTIN', dimension: 128, metric: 'EUCLIDEAN' });
    expect(await client.library(library)).toMatchObject({ index: { type: 'HNSW' } });
    expect((await search(name, text(17)))[0]).toBe(`${text(17)} 0`);
  });

  it('waits for a model that is down, and goes on when it is back', async () => {
    const name = 'patient';
    await fill(name, 200);
    provider.faults.push(undefined, ...Array.from({ length: 1_000 }, () => failing(503)));
    const id = await start(name);
    await expect.poll(() => provider.faults.length, PATIENT).toBeLessThan(998);
    expect(await search(name)).toHaveLength(5);
    expect(await client.job(id)).toMatchObject({ state: 'RUNNING', progress: { phase: 'EMBEDDING' } });
    provider.faults.length = 0;
    expect((await follow(id)).at(-1)?.job).toMatchObject({ state: 'SUCCEEDED', attempt: 1 });
  });

  it('fails with the error of a model that refuses, and leaves the library as it was', async () => {
    const name = 'refused';
    await fill(name, 50);
    const before = await search(name);
    provider.faults.push(...Array.from({ length: 50 }, () => failing(401)));
    const last = (await follow(await start(name))).at(-1)?.job;
    expect(last).toMatchObject({ state: 'FAILED', error: { code: 'UNAVAILABLE', retryable: false } });
    expect(last?.error?.message).toContain('refused the key');
    expect(await search(name)).toEqual(before);
    expect(await contract(name)).toMatchObject({ provider: 'BUILTIN' });
  });

  it('is cancelled in the middle, and can be asked for again', async () => {
    const name = 'cancelled';
    await fill(name, 500);
    const before = await search(name);
    provider.faults.push(...Array.from({ length: 100 }, () => slowly(300)));
    const id = await start(name);
    await expect.poll(async () => (await client.job(id))?.progress.done, PATIENT).toBeGreaterThan(0);
    orThrow(await client.cancelJob({ id }));
    expect((await follow(id)).at(-1)?.job).toMatchObject({ state: 'CANCELLED' });
    expect(await search(name)).toEqual(before);
    provider.faults.length = 0;
    expect((await follow(await start(name))).at(-1)?.job).toMatchObject({ state: 'SUCCEEDED' });
    expect(await contract(name)).toMatchObject(OPENAI);
  });

  it('is cancelled before it has begun, and while its index is built', async () => {
    const name = 'stopped';
    await fill(name, 1_500);
    const before = await search(name);
    const built = orThrow(
      await client.reembed({
        library: { name },
        embedding: { provider: 'BUILTIN', dimension: 1_024 },
        settings: { type: 'HNSW', m: 64, efConstruction: 1_000 },
      }),
    ).job.id;
    const queued = await start(name);
    expect(await client.job(queued)).toMatchObject({ state: 'QUEUED' });
    orThrow(await client.cancelJob({ id: queued }));
    let phase: string | undefined;
    for await (const { job } of client.followJob(built)) {
      phase ??= job.progress.phase === 'BUILDING' ? job.progress.phase : undefined;
      if (phase !== undefined && job.state === 'RUNNING') await client.cancelJob({ id: built });
      if (job.state !== 'RUNNING' && job.state !== 'QUEUED') expect(job.state).toBe('CANCELLED');
    }
    expect(phase).toBe('BUILDING');
    expect(await search(name)).toEqual(before);
    expect(await contract(name)).toMatchObject({ dimension: 384 });
  });

  it('makes what waits for the model before by the new one, whoever had brought its vectors', async () => {
    const name = 'waiting';
    const library = { name };
    orThrow(await client.createLibrary({ name, embedding: OPENAI }));
    orThrow(
      await client.createDocument({ library, title: 'Ready', content: { chunks: [{ text: text(1) }] } }),
    );
    provider.faults.push(...Array.from({ length: 1_000 }, () => failing(503)));
    const { document } = orThrow(
      await client.createDocument({
        library,
        title: 'Waiting',
        content: { chunks: [{ text: text(2) }, { text: text(3), embedding: [1, 2, 3, 4, 5, 6, 7, 8] }] },
        whenEmbedderFails: 'WAIT',
      }),
    );
    const id = await start(name, { provider: 'BUILTIN', dimension: 64 });
    expect((await follow(id)).at(-1)?.job).toMatchObject({ state: 'SUCCEEDED' });
    await expect.poll(async () => (await client.document(document.id))?.state, PATIENT).toBe('READY');
    const found = orThrow(await client.knnSearch({ library, query: { text: text(3) }, k: 10 }));
    expect(found.edges).toHaveLength(3);
    expect(found.edges[0]?.node.text).toBe(text(3));
    expect(found.edges[0]?.distance).toBeCloseTo(0, 5);
  });

  it('refuses to go on with a page of the model before', async () => {
    const name = 'paged';
    await fill(name, 40);
    const request = { library: { name }, query: { text: QUERY }, k: 5 };
    const first = orThrow(await client.knnSearch(request));
    await follow(await start(name));
    const after = first.pageInfo.endCursor ?? '';
    expect(await client.knnSearch({ ...request, after })).toMatchObject({
      __typename: 'InvalidArgumentError',
    });
  });

  it('ends with its library, when that is deleted meanwhile', async () => {
    const name = 'deleted';
    await fill(name, 300);
    provider.faults.push(...Array.from({ length: 100 }, () => slowly(300)));
    const id = await start(name);
    await expect.poll(async () => (await client.job(id))?.progress.phase, PATIENT).toBe('EMBEDDING');
    orThrow(await client.deleteLibrary({ library: { name } }));
    await expect.poll(() => client.job(id), PATIENT).toBeNull();
    provider.faults.length = 0;
    await fill(name, 20);
    expect((await follow(await start(name))).at(-1)?.job).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('gives an empty library its new contract', async () => {
    const name = 'empty';
    orThrow(await client.createLibrary({ name }));
    expect((await follow(await start(name))).at(-1)?.job).toMatchObject({ state: 'SUCCEEDED' });
    expect(await contract(name)).toMatchObject({ ...OPENAI, frozen: false });
  });

  it('is refused where the vectors would have to come from callers', async () => {
    const name = 'empty';
    const refused = await client.reembed({
      library: { name },
      embedding: { provider: 'EXTERNAL', dimension: 3 },
    });
    expect(refused).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'embedding', 'provider'],
    });
  });
});
