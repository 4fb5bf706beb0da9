import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolder } from '../../src/store/dataFolder.ts';
import type { WriterClient } from '../../src/writer/WriterClient.ts';
import { WriterStartError, WriterThread } from '../../src/writer/WriterThread.ts';
import { AUTO, HNSW, RunningWriter, randomRows, temporaryFolder, until } from './RunningWriter.ts';

const DIMENSION = 8;

const CLIENT_MODULE = new URL('../../src/writer/WriterClient.ts', import.meta.url).href;
/** Opens an index, says so, and goes on until it is ended. */
const ATTACHING_THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const attach = async ({ WriterClient }) => {
    const client = await WriterClient.connect(workerData.port);
    await client.openIndex(workerData.libraryId);
    parentPort.postMessage('attached');
  };
  import(workerData.module).then(attach);`;

describe('a client of the writer', () => {
  let writer: RunningWriter;
  beforeEach(async () => {
    writer = await RunningWriter.start();
  });
  afterEach(() => writer.stopAndRemove());

  const nearestId = async (client: WriterClient, libraryId: string, query: Float32Array) => {
    const { index } = await client.openIndex(libraryId);
    const { ordinals } = index.search(query, { k: 1 });
    return writer.reader.chunksByOrdinal(libraryId, ordinals)[0]?.id;
  };

  it('reads its own writes at once, in the store and in the index', async () => {
    const libraryId = await writer.createLibrary();
    const rows = randomRows(50, DIMENSION, 1);
    const query = rows.slice(3 * DIMENSION, 4 * DIMENSION);
    const outcome = await writer.createDocument(libraryId, rows, DIMENSION, 'first');

    expect(writer.client.appliedRevision()).toBe(outcome.revision);
    expect(writer.reader.chunkCount({ libraryId })).toBe(50);
    expect(await nearestId(writer.client, libraryId, query)).toBe('chk_first-3');
    await writer.deleteChunks(libraryId, ['chk_first-3']);
    expect(await nearestId(writer.client, libraryId, query)).not.toBe('chk_first-3');
  });

  it('reads what another has written once it has waited for the revision', async () => {
    const other = await writer.connect();
    const libraryId = await writer.createLibrary();
    for (let round = 0; round < 20; round++) {
      const rows = randomRows(3, DIMENSION, 100 + round);
      const query = rows.slice(0, DIMENSION);
      const { revision } = await writer.createDocument(libraryId, rows, DIMENSION, `round${round}`);
      await other.waitForRevision(revision, { deadline: Date.now() + 5_000 });
      expect(await nearestId(other, libraryId, query)).toBe(`chk_round${round}-0`);
    }
    await other.close();
  });

  it('leaves nothing behind in an index when its thread dies, and another of its thread keeps what it has', async () => {
    const libraryId = await writer.createLibrary();
    await writer.createDocument(libraryId, randomRows(50, DIMENSION, 1), DIMENSION);
    const bytes = async () => (await writer.client.indexStatus(libraryId)).segments[0]?.bytes ?? 0;
    const { index } = await writer.client.openIndex(libraryId);
    const alone = await bytes();

    const port = writer.thread.connect();
    const worker = new Worker(ATTACHING_THREAD, {
      eval: true,
      workerData: { port, libraryId, module: CLIENT_MODULE },
      transferList: [port],
    });
    await once(worker, 'message');
    expect(await bytes()).toBeGreaterThan(alone);
    await worker.terminate();
    await until(async () => (await bytes()) === alone);

    const other = await writer.connect();
    await other.openIndex(libraryId);
    await other.close();
    await until(async () => (await bytes()) === alone);
    expect(index.search(new Float32Array(DIMENSION), { k: 1 }).ordinals).toHaveLength(1);
  });

  it('waits for a revision no longer than it is told to', async () => {
    const wait = (deadline: number, signal?: AbortSignal) =>
      writer.client.waitForRevision(1_000, { deadline, ...(signal === undefined ? {} : { signal }) });
    await expect(wait(Date.now() + 10)).rejects.toMatchObject({
      kind: 'TimeoutError',
      detail: { got: writer.client.appliedRevision(), expected: 1_000 },
    });
    const controller = new AbortController();
    const waiting = wait(Date.now() + 60_000, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'CancelledError' });
    await expect(wait(Date.now() + 60_000, AbortSignal.abort())).rejects.toMatchObject({
      kind: 'CancelledError',
    });
  });

  it('is refused with the error that the command met, its path and detail with it', async () => {
    await expect(writer.deleteChunks('lib_none', ['chk_1'])).rejects.toMatchObject({
      kind: 'LibraryNotFoundError',
      code: 'NOT_FOUND',
      path: ['library', 'id'],
      detail: { id: 'lib_none' },
    });
    await expect(writer.client.openIndex('lib_none')).rejects.toMatchObject({ kind: 'LibraryNotFoundError' });
    const libraryId = await writer.createLibrary();
    await expect(writer.client.openIndex(libraryId)).rejects.toMatchObject({ kind: 'InvalidArgumentError' });
    expect(await writer.client.indexStatus(libraryId)).toEqual({
      state: 'READY',
      generation: 1,
      level: 0,
      segments: [],
    });
  });

  it('hears of a library what happened in it, in order, and after it can be read', async () => {
    const libraryId = await writer.createLibrary();
    const events = writer.client.libraryEvents(libraryId);
    await writer.createDocument(libraryId, randomRows(3, DIMENSION, 1), DIMENSION, 'one');
    await writer.deleteChunks(libraryId, ['chk_one-1']);
    await writer.client.submit({
      command: { type: 'deleteLibrary', library: { id: libraryId }, at: Date.now() },
    });
    const kinds: string[] = [];
    for await (const { event } of events) {
      kinds.push(event.kind);
      expect(writer.client.appliedRevision()).toBeGreaterThanOrEqual(event.revision);
    }
    expect(kinds).toEqual(['DOCUMENT_CREATED', 'CHUNKS_WRITTEN', 'CHUNKS_DELETED', 'LIBRARY_DELETED']);
  });

  it('moves large vectors instead of copying them, and leaves small ones with the caller', async () => {
    const libraryId = await writer.createLibrary();
    const [small, large] = [randomRows(10, DIMENSION, 1), randomRows(4_000, DIMENSION, 2)];
    await writer.createDocument(libraryId, small, DIMENSION);
    await writer.createDocument(libraryId, large, DIMENSION);
    expect(small).toHaveLength(80);
    expect(large).toHaveLength(0);
    expect(writer.reader.chunkCount({ libraryId })).toBe(4_010);
  });

  it('is served while a large batch goes into a graph', async () => {
    const libraryId = await writer.createLibrary(HNSW);
    const other = await writer.createLibrary(AUTO);
    await writer.createDocument(other, randomRows(10, DIMENSION, 1), DIMENSION);
    const order: string[] = [];
    const batch = writer
      .createDocument(libraryId, randomRows(10_000, 64, 5), 64)
      .then(() => order.push('batch answered'));
    while (writer.reader.chunkCount({ libraryId }) === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await writer.client.openIndex(other).then(() => order.push('index opened'));
    await writer.client.indexStatus(other).then(() => order.push('status told'));
    await batch;
    expect(order).toEqual(['index opened', 'status told', 'batch answered']);
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
  });

  it('answers what was submitted before it closed, and nothing afterwards', async () => {
    const libraryId = await writer.createLibrary();
    const other = await writer.connect();
    const events = other.libraryEvents(libraryId);
    const submitted = other.submit({
      command: { type: 'updateLibrary', library: { id: libraryId }, at: 1, description: 'new' },
    });
    await other.close();
    expect((await submitted).written).toBe(true);
    await expect(other.indexStatus(libraryId)).rejects.toMatchObject({ kind: 'ShuttingDownError' });
    await expect(events.next()).rejects.toMatchObject({ kind: 'ShuttingDownError' });
  });

  it('keeps every index when the writer is stopped and started', async () => {
    const libraryId = await writer.createLibrary(HNSW);
    await writer.createDocument(libraryId, randomRows(500, DIMENSION, 1), DIMENSION, 'kept');
    await writer.stop();
    writer = await RunningWriter.start(writer.dataPath);
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.parameters.type).toBe('HNSW');
    expect(index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
    expect(writer.troubles).toEqual([]);
  });
});

describe('a writer that cannot start', () => {
  it('says in one line why', async () => {
    const dataPath = temporaryFolder();
    writeFileSync(dataFolder.database(dataPath), 'this is no database');
    const fatal: string[] = [];
    const starting = WriterThread.start({
      dataPath,
      jobs: 1,
      buildThreads: 1,
      onTrouble: () => {},
      onFatal: (message) => fatal.push(message),
    });
    const error = await starting.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WriterStartError);
    expect((error as Error).message).toContain(join(dataPath, 'alcove.db'));
    rmSync(dataPath, { recursive: true });
    expect(fatal).toEqual([]);
  });
});
