import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTO, eventsOf, HNSW, RunningWriter, randomRows } from './RunningWriter.ts';

const DIMENSION = 256;
const LIMIT_BYTES = 8 * 2 ** 20;
const BATCH = 500;

describe('a writer with a limit of memory for indexes', () => {
  let writer: RunningWriter;
  beforeEach(async () => {
    writer = await RunningWriter.start(undefined, 1, { indexMemoryBytes: LIMIT_BYTES });
  });
  afterEach(() => writer.stopAndRemove());

  const add = (libraryId: string, seed: number) =>
    writer.createDocument(libraryId, randomRows(BATCH, DIMENSION, seed), DIMENSION);

  it('refuses the write that would go beyond it with the numbers, keeps what was written, and goes on', async () => {
    const libraryId = await writer.createLibrary({ ...AUTO, type: 'FLAT' });
    let written = 0;
    const filling = async () => {
      for (; written < 100; written++) await add(libraryId, written);
    };
    await expect(filling()).rejects.toMatchObject({
      kind: 'CapacityExceededError',
      detail: { got: expect.any(Number), expected: expect.any(Number), limit: LIMIT_BYTES },
    });
    expect(written).toBeGreaterThan(8);
    expect(writer.reader.chunkCount({ libraryId })).toBe(written * BATCH);
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.stats().live).toBe(written * BATCH);
    const report = await writer.client.memory();
    expect(report).toMatchObject({ limit: LIMIT_BYTES, setAside: 0, libraries: [{ libraryId }] });
    expect(report.used).toBeLessThanOrEqual(LIMIT_BYTES);
    expect(report.libraries[0]?.vectors).toBeGreaterThan(written * BATCH * DIMENSION * 4);

    const other = await writer.createLibrary({ ...AUTO, type: 'FLAT' });
    await add(other, 1);
    expect((await writer.client.memory()).libraries).toMatchObject([{ libraryId: other }]);
    const returned = await writer.client.openIndex(libraryId);
    expect(returned.index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
    await writer.client.submit({
      command: { type: 'deleteLibrary', library: { id: libraryId }, at: Date.now() },
    });
    await writer.client.openIndex(other);
    expect(writer.troubles).toEqual([]);
  });

  it('refuses the build that does not fit beside the index that serves', async () => {
    const libraryId = await writer.createLibrary({ ...AUTO, type: 'FLAT' });
    for (let count = 0; count < 8; count++) await add(libraryId, count);
    const jobId = await writer.reindex(libraryId, { settings: HNSW });
    const finished = (await eventsOf(writer.client, jobId)).at(-1);
    expect(finished?.job).toMatchObject({
      state: 'FAILED',
      error: { kind: 'CapacityExceededError', detail: { limit: LIMIT_BYTES } },
    });
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.stats().live).toBe(8 * BATCH);
  });
});
