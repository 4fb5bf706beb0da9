import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JOB_PHASES, type JobEvent, type JobProgress } from '../../src/jobs/types.ts';
import { clustered } from '../indexes/data.ts';
import { AUTO, eventsOf, HNSW, RunningWriter, randomRows, until } from '../writer/RunningWriter.ts';

const DIMENSION = 16;
const FLAT = { ...AUTO, type: 'FLAT' } as const;
/** Enough work for a build to be caught in the middle. */
const SLOW = { ...HNSW, m: 32, efConstruction: 400 };

describe('index jobs', () => {
  let writer: RunningWriter;
  beforeEach(async () => {
    writer = await RunningWriter.start();
  });
  afterEach(() => writer.stopAndRemove());

  const rows = (count: number, seed: number, dimension = DIMENSION): Float32Array =>
    clustered({ count, dimension, seed });
  const newLibrary = async (
    count: number,
    settings: typeof AUTO = FLAT,
    dimension = DIMENSION,
  ): Promise<string> => {
    const libraryId = await writer.createLibrary(settings);
    for (let done = 0; done < count; done += 5_000)
      await writer.createDocument(
        libraryId,
        rows(Math.min(5_000, count - done), done + 1, dimension),
        dimension,
      );
    return libraryId;
  };
  const expectLevel = async (libraryId: string): Promise<void> => {
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
  };
  /** Resolves when the job has told of a phase. */
  const reach = async (jobId: string, phase: JobProgress['phase']): Promise<void> => {
    for await (const { event } of writer.client.jobEvents(jobId))
      if (event.job.progress.phase === phase) return;
  };

  it('build aside while writes and searches go on, then swap; nothing is lost and nothing deleted comes back', async () => {
    const libraryId = await newLibrary(3_000);
    const jobId = await writer.reindex(libraryId, { settings: SLOW });
    const finished = eventsOf(writer.client, jobId);
    let isFinished = false;
    finished.finally(() => {
      isFinished = true;
    });

    const written: string[] = [];
    const generations = new Set<number>();
    for (let round = 0; !isFinished; round++) {
      const prefix = `late${round}`;
      const late = rows(20, 100_000 + round);
      const query = late.slice(0, DIMENSION);
      await writer.createDocument(libraryId, late, DIMENSION, prefix);
      await writer.deleteChunks(libraryId, [`chk_${prefix}-7`]);
      written.push(`chk_${prefix}-0`);
      const { index, generation } = await writer.client.openIndex(libraryId);
      const nearest = index.search(query, { k: 1, exact: true });
      expect(writer.reader.chunksByOrdinal(libraryId, nearest.ordinals)[0]?.id).toBe(`chk_${prefix}-0`);
      generations.add(generation);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }

    expect((await finished).at(-1)?.job.state).toBe('SUCCEEDED');
    expect(written.length).toBeGreaterThan(3);
    const library = writer.reader.library({ id: libraryId });
    expect(library?.index).toMatchObject({ type: 'HNSW', generation: 2, settings: SLOW });
    expect(library?.indexSettings).toEqual(SLOW);
    expect(library?.index.recallCurve.at(-1)?.recall).toBeGreaterThan(0.95);
    await expectLevel(libraryId);
    const status = await writer.client.indexStatus(libraryId);
    expect(status).toMatchObject({ state: 'READY', generation: 2, segments: [{ type: 'HNSW' }] });
    expect(readdirSync(join(writer.dataPath, 'indexes', libraryId))).toEqual(['2.alcove']);
    expect(writer.troubles).toEqual([]);
  });

  it('tell their progress in order, often enough and not too often', async () => {
    const libraryId = await newLibrary(20_000, FLAT, 128);
    const jobId = await writer.reindex(libraryId, { settings: SLOW });
    const events = await eventsOf(writer.client, jobId);
    const tookMs = (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0);

    expect(events[0]?.kind).toBe('SNAPSHOT');
    expect(events.at(-1)).toMatchObject({
      kind: 'FINISHED',
      job: { state: 'SUCCEEDED', progress: { phase: 'DONE' } },
    });
    if (tookMs > 1_000) expect(events.length).toBeGreaterThanOrEqual(10);
    expectMonotonic(events);
    const sameSecond = (at: number) =>
      events.filter((event) => event.at >= at && event.at < at + 1_000).length;
    expect(Math.max(...events.map(({ at }) => sameSecond(at)))).toBeLessThanOrEqual(20);
    expect(events.some(({ job }) => (job.progress.ratePerSecond ?? 0) > 0)).toBe(true);
    expect(events.some(({ job }) => job.progress.etaSeconds !== null)).toBe(true);
    expect(events.some(({ job }) => (job.progress.recallSoFar ?? 0) > 0)).toBe(true);
    expect(events.at(-1)?.job.progress.memoryBytes).toBeGreaterThan(20_000 * 128);
  });

  it('tell every subscriber the same, on every thread, however late', async () => {
    const libraryId = await newLibrary(5_000);
    const jobId = await writer.reindex(libraryId, { settings: SLOW });
    const other = await writer.connect();
    const early = eventsOf(writer.client, jobId);
    const elsewhere = eventsOf(other, jobId);
    await reach(jobId, 'BUILDING');
    const late = eventsOf(writer.client, jobId);
    const all = await Promise.all([early, elsewhere, late]);
    const after = await eventsOf(other, jobId);

    const ofKind = (events: JobEvent[]) =>
      events
        .filter(({ kind }) => kind === 'STATE_CHANGED' || kind === 'FINISHED')
        .map(({ sequence }) => sequence);
    expect(ofKind(all[1])).toEqual(ofKind(all[0]));
    expect(ofKind(all[0]).slice(-ofKind(all[2]).length)).toEqual(ofKind(all[2]));
    for (const events of all) {
      expect(events[0]?.kind).toBe('SNAPSHOT');
      expectMonotonic(events);
      expect(events.at(-1)).toEqual(all[0].at(-1));
    }
    expect(after.map(({ kind }) => kind)).toEqual(['SNAPSHOT', 'FINISHED']);
    expect(after[1]).toEqual(all[0].at(-1));
    await other.close();
  });

  it('can be followed on from a cursor', async () => {
    const libraryId = await newLibrary(5_000);
    const jobId = await writer.reindex(libraryId, { settings: SLOW });
    const seen: { cursor: string; event: JobEvent }[] = [];
    for await (const item of writer.client.jobEvents(jobId)) {
      seen.push(item);
      if (item.event.job.progress.phase === 'BUILDING') break;
    }
    const whole = eventsOf(writer.client, jobId);
    const rest = await eventsOf(writer.client, jobId, seen.at(-1)?.cursor);
    expect(rest[0]?.kind).not.toBe('SNAPSHOT');
    expect(rest.at(-1)).toEqual((await whole).at(-1));
    expect(Math.min(...rest.map(({ sequence }) => sequence))).toBeGreaterThan(
      seen.at(-1)?.event.sequence ?? 0,
    );
    expectMonotonic([...seen.map(({ event }) => event), ...rest]);
    await expect(eventsOf(writer.client, jobId, 'not a cursor')).rejects.toMatchObject({
      kind: 'InvalidArgumentError',
    });
    await expect(eventsOf(writer.client, 'job_none')).rejects.toMatchObject({ kind: 'NodeNotFoundError' });
  });

  it('stop when they are cancelled, and the index before goes on serving', async () => {
    const libraryId = await newLibrary(10_000);
    const jobId = await writer.reindex(libraryId, { settings: SLOW });
    const events = eventsOf(writer.client, jobId);
    await reach(jobId, 'BUILDING');
    expect((await writer.client.indexStatus(libraryId)).state).toBe('BUILDING');
    await writer.client.submit({ command: { type: 'cancelJob', jobId, at: Date.now() } });

    expect((await events).at(-1)).toMatchObject({ kind: 'FINISHED', job: { state: 'CANCELLED' } });
    expectMonotonic(await events);
    expect(writer.jobs.job(jobId)?.state).toBe('CANCELLED');
    expect(writer.reader.library({ id: libraryId })?.index.generation).toBe(1);
    await until(async () => (await writer.client.indexStatus(libraryId)).state === 'READY');
    await expectLevel(libraryId);
    const again = writer.client.submit({ command: { type: 'cancelJob', jobId, at: Date.now() } });
    await expect(again).rejects.toMatchObject({ kind: 'JobNotCancellableError' });
    expect(writer.troubles).toEqual([]);
  });

  it('queue: one at a time, in the order in which they were asked for; a queued one can be cancelled', async () => {
    const [first, second] = [await newLibrary(3_000), await newLibrary(500)];
    const jobIds = [
      await writer.reindex(first, { settings: SLOW }),
      await writer.reindex(first, { settings: FLAT }),
      await writer.reindex(second, { settings: HNSW }),
      await writer.reindex(second, { settings: FLAT }),
    ];
    await writer.client.submit({
      command: { type: 'cancelJob', jobId: jobIds[1] as string, at: Date.now() },
    });
    const ends = await Promise.all(
      jobIds.map(async (jobId) => (await eventsOf(writer.client, jobId)).at(-1)),
    );

    expect(ends.map((end) => end?.job.state)).toEqual(['SUCCEEDED', 'CANCELLED', 'SUCCEEDED', 'SUCCEEDED']);
    const [one, cancelled, three, four] = ends.map((end) => end?.job);
    expect(cancelled?.startedAt).toBeNull();
    expect(three?.startedAt).toBeGreaterThanOrEqual(one?.finishedAt ?? Number.POSITIVE_INFINITY);
    expect(four?.startedAt).toBeGreaterThanOrEqual(three?.finishedAt ?? Number.POSITIVE_INFINITY);
    expect(writer.reader.library({ id: second })?.index).toMatchObject({ type: 'FLAT', generation: 3 });
    await expectLevel(first);
    await expectLevel(second);
  });

  it('of several libraries run side by side, as many as are allowed', async () => {
    await writer.stop();
    writer = await RunningWriter.start(writer.dataPath, 2);
    const libraries = [await newLibrary(4_000), await newLibrary(4_000), await newLibrary(500)];
    const jobIds = await Promise.all(
      libraries.map((libraryId) => writer.reindex(libraryId, { settings: SLOW })),
    );
    await Promise.all(jobIds.slice(0, 2).map((jobId) => reach(jobId, 'BUILDING')));
    expect(writer.jobs.jobCount({ states: ['RUNNING'] })).toBe(2);
    const ends = await Promise.all(
      jobIds.map(async (jobId) => (await eventsOf(writer.client, jobId)).at(-1)?.job),
    );
    expect(ends.map((job) => job?.state)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    const [one, two, three] = ends.map((job) => ({ from: job?.startedAt ?? 0, to: job?.finishedAt ?? 0 }));
    expect(three?.from).toBeGreaterThanOrEqual(Math.min(one?.to ?? 0, two?.to ?? 0));
    for (const libraryId of libraries) await expectLevel(libraryId);
  });

  it('fail when the recall asked for is not reached, and the index before goes on serving', async () => {
    const libraryId = await writer.createLibrary(FLAT);
    const dimension = 256;
    const noise = clustered({ count: 4_000, dimension, seed: 3, clusters: 4_000, latent: 256 });
    await writer.createDocument(libraryId, noise, dimension);
    const settings = { ...HNSW, m: 4, efConstruction: 16 };
    const jobId = await writer.reindex(libraryId, { settings, minRecall: 1 });
    const end = (await eventsOf(writer.client, jobId)).at(-1);

    expect(end?.job).toMatchObject({
      state: 'FAILED',
      error: { kind: 'RecallNotReachedError', detail: { expected: 1 } },
    });
    expect(writer.reader.library({ id: libraryId })?.index).toMatchObject({ type: 'FLAT', generation: 1 });
    expect(writer.reader.library({ id: libraryId })?.indexSettings).toEqual(FLAT);
    expect(existsSync(join(writer.dataPath, 'indexes', libraryId, '2.alcove'))).toBe(false);
    await expectLevel(libraryId);
  });

  it('succeed at once for a library without vectors', async () => {
    const libraryId = await writer.createLibrary(FLAT);
    const jobId = await writer.reindex(libraryId, { settings: HNSW });
    expect((await eventsOf(writer.client, jobId)).at(-1)?.job.state).toBe('SUCCEEDED');
    await writer.createDocument(libraryId, rows(10, 1), DIMENSION);
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.parameters).toMatchObject({ type: 'HNSW', m: HNSW.m });
    await expectLevel(libraryId);
  });

  it('start by themselves when AUTO has more vectors than are scanned', async () => {
    const libraryId = await newLibrary(10_001, AUTO, 4);
    await until(() => writer.jobs.jobCount({ libraryId, states: ['SUCCEEDED'] }) === 1);
    expect(writer.jobs.jobs({}, { libraryId }).edges[0]?.node.trigger).toBe('AUTO_SIZE');
    const index = writer.reader.library({ id: libraryId })?.index;
    expect(index).toMatchObject({ type: 'KD_TREE', generation: 2 });
    expect(index?.reason).toContain('AUTO');
    expect(writer.reader.library({ id: libraryId })?.indexSettings).toEqual(AUTO);
    await expectLevel(libraryId);
  });

  it('start by themselves for what changed while another built, when nothing changes any more', async () => {
    const libraryId = await writer.createLibrary(AUTO);
    for (let part = 0; part < 12; part++)
      await writer.createDocument(libraryId, randomRows(1_000, 4, part), 4, `part${part}`);
    await until(() => writer.reader.library({ id: libraryId })?.index.type === 'KD_TREE');
    const jobId = await writer.reindex(libraryId);
    await Promise.all(
      Array.from({ length: 9 }, (_, part) =>
        writer.deleteChunks(
          libraryId,
          Array.from({ length: 1_000 }, (_, row) => `chk_part${part}-${row}`),
        ),
      ),
    );
    await eventsOf(writer.client, jobId);
    await until(() => writer.reader.library({ id: libraryId })?.index.type === 'FLAT');
    await until(async () => (await writer.client.indexStatus(libraryId)).state === 'READY');
    await expectLevel(libraryId);
  });

  it('measure no tree, for it finds all: any recall that is asked for is reached', async () => {
    const libraryId = await newLibrary(3_000);
    const jobId = await writer.reindex(libraryId, { settings: { ...AUTO, type: 'KD_TREE' }, minRecall: 1 });
    expect((await eventsOf(writer.client, jobId)).at(-1)?.job).toMatchObject({ state: 'SUCCEEDED' });
    const index = writer.reader.library({ id: libraryId })?.index;
    expect(index).toMatchObject({ type: 'KD_TREE', recallCurve: [] });
  });

  it('repair an index whose file was damaged; until then answers are exact', async () => {
    const libraryId = await newLibrary(3_000, HNSW);
    await writer.stop();
    const path = join(writer.dataPath, 'indexes', libraryId, '1.alcove');
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);

    writer = await RunningWriter.start(writer.dataPath);
    expect(await writer.client.indexStatus(libraryId)).toMatchObject({
      state: 'DAMAGED',
      segments: [{ type: 'FLAT', live: 3_000 }],
    });
    await expectLevel(libraryId);
    await until(async () => (await writer.client.indexStatus(libraryId)).state === 'READY');
    expect(writer.jobs.jobs({}, { libraryId }).edges[0]?.node).toMatchObject({
      trigger: 'DAMAGE',
      state: 'SUCCEEDED',
    });
    expect((await writer.client.indexStatus(libraryId)).segments).toMatchObject([
      { type: 'HNSW', live: 3_000 },
    ]);
    await expectLevel(libraryId);
  });

  it('end with their library, which takes its files along', async () => {
    const libraryId = await newLibrary(10_000);
    const jobId = await writer.reindex(libraryId, { settings: SLOW });
    const events = eventsOf(writer.client, jobId);
    await reach(jobId, 'BUILDING');
    await writer.client.submit({
      command: { type: 'deleteLibrary', library: { id: libraryId }, at: Date.now() },
    });

    expect((await events).at(-1)).toMatchObject({ kind: 'FINISHED', job: { state: 'CANCELLED' } });
    expect(existsSync(join(writer.dataPath, 'indexes', libraryId))).toBe(false);
    await expect(writer.client.openIndex(libraryId)).rejects.toMatchObject({ kind: 'LibraryNotFoundError' });
    const next = await newLibrary(100);
    expect((await eventsOf(writer.client, await writer.reindex(next))).at(-1)?.job.state).toBe('SUCCEEDED');
    expect(writer.troubles).toEqual([]);
  });
});

function expectMonotonic(events: readonly JobEvent[]): void {
  for (const [at, event] of events.entries()) {
    const before = events[at - 1];
    if (before === undefined) continue;
    expect(event.sequence).toBeGreaterThan(before.sequence);
    const [phase, phaseBefore] = [event, before].map(({ job }) => JOB_PHASES.indexOf(job.progress.phase));
    expect(phase).toBeGreaterThanOrEqual(phaseBefore as number);
    if (phase === phaseBefore)
      expect(event.job.progress.done).toBeGreaterThanOrEqual(before.job.progress.done);
  }
}
