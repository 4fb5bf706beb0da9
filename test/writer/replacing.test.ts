import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { LibraryCommand } from '../../src/library/commands.ts';
import { randomFrom } from '../indexes/data.ts';
import { chunk, createDocument, createLibrary, rows, writeChunks } from '../library/TestStore.ts';
import { RunningWriter } from './RunningWriter.ts';

const ITEMS = 150;
const BATCH = 20;
const SEARCHES = 1_000;
const DIMENSION = 12;
const FIELDS = [{ name: 'number', type: 'NUMBER', description: null, filterable: true } as const];

const CONTRACT = {
  provider: 'EXTERNAL',
  model: 'test',
  dimension: DIMENSION,
  metric: 'EUCLIDEAN',
  normalized: false,
} as const;

/** Chunks lie far apart, the vectors that one has in the course of time close together. */
function vectorOf(item: number, version: number): number[] {
  const place = randomFrom(item);
  const own = randomFrom(1_000 * version + item);
  return Array.from({ length: DIMENSION }, () => 10 * place() + 0.1 * own());
}

describe('a search beside which chunks are given other vectors', () => {
  let writer: RunningWriter;
  afterEach(() => writer.stopAndRemove());

  it.each([
    ['one segment', {}],
    ['segments that are begun all the time', { segmentSlots: 500 }],
  ])('finds each of them all the time, with a filter and without, in %s', async (_where, limits) => {
    writer = await RunningWriter.start(undefined, 1, limits);
    const submit = (command: LibraryCommand) => writer.client.submit({ command });
    await submit(createLibrary('lib_a', { metadataFields: FIELDS, embedding: CONTRACT }));
    await submit(createDocument('lib_a', 'doc_0'));
    const put = async (items: readonly number[], version: number): Promise<void> => {
      const chunks = items.map((item, row) => ({
        ...chunk(`chk_${item}`, row, { metadata: { number: item } }),
        documentId: 'doc_0',
      }));
      const vectors = rows(...items.map((item) => vectorOf(item, version)));
      await submit(writeChunks('lib_a', chunks, vectors, { mode: 'UPSERT' }));
    };
    const all = Array.from({ length: ITEMS }, (_, item) => item);
    await put(all, 0);

    let isDone = false;
    const keepWriting = async (): Promise<void> => {
      const random = randomFrom(7);
      for (let version = 1; !isDone; version++)
        await put([...new Set(Array.from({ length: BATCH }, () => Math.floor(random() * ITEMS)))], version);
    };
    const searcher = writer.searcher();
    const writing = keepWriting();
    const random = randomFrom(8);
    const missed: number[] = [];
    for (let search = 0; search < SEARCHES; search++) {
      const item = Math.floor(random() * ITEMS);
      const { hits } = await searcher.search({
        library: { id: 'lib_a' },
        query: { vector: Float32Array.from(vectorOf(item, 0)) },
        k: 2,
        accuracy: { exact: true },
        ...(search % 2 === 0 && { filter: { metadata: [{ field: 'number', is: { number: { gte: 0 } } }] } }),
      });
      if (!hits.some((hit) => hit.chunk.id === `chk_${item}`)) missed.push(item);
      if (search % 16 === 0) await nextTurn();
    }
    isDone = true;
    await writing;
    expect(missed).toEqual([]);
    expect(writer.troubles).toEqual([]);
  });
});
