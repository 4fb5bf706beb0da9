import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LibraryCommand } from '../../src/library/commands.ts';
import type { MetadataField } from '../../src/library/types.ts';
import type { ChunkFilterInput } from '../../src/search/filter/input.ts';
import type { Predicate } from '../../src/store/predicate.ts';
import { chunk, createDocument, createLibrary, rows, writeChunks } from '../library/TestStore.ts';
import { eventsOf, RunningWriter } from './RunningWriter.ts';

const FIELDS: MetadataField[] = [
  { name: 'state', type: 'STRING', description: null, filterable: true },
  { name: 'number', type: 'NUMBER', description: null, filterable: true },
];
const VECTORS = rows([0, 1], [1, 0], [2, 2]);
const COUNT = 4_000;
/** So that one segment is full when the second thousand more comes. */
const SEGMENT_SLOTS = 6_000;

describe('filters beside a writer', () => {
  let writer: RunningWriter;
  beforeEach(() => start());
  afterEach(() => writer.stopAndRemove());

  async function start(limits: { segmentSlots?: number } = {}): Promise<void> {
    writer = await RunningWriter.start(undefined, 1, limits);
    await submit(createLibrary('lib_a', { metadataFields: FIELDS }));
    await submit(createDocument('lib_a', 'doc_0', { metadata: { state: 'A' } }));
    const items = Array.from({ length: COUNT }, (_, at) => ({
      ...chunk(`chk_${at}`, at % 3, { metadata: { number: at } }),
      documentId: 'doc_0',
    }));
    await submit(writeChunks('lib_a', items, VECTORS));
  }

  const submit = async (command: LibraryCommand): Promise<number> =>
    (await writer.client.submit({ command })).revision;
  const metadata = (field: string, is: object): ChunkFilterInput => ({ metadata: [{ field, is }] });
  const inState = (eq: string): ChunkFilterInput => ({ document: metadata('state', { string: { eq } }) });

  /** How many chunks a search finds, and who answered its filter. */
  async function find(filter: ChunkFilterInput, minRevision = 0): Promise<{ count: number; reason: string }> {
    const searcher = writer.searcher();
    const { hits, plan } = await searcher.search({
      library: { id: 'lib_a' },
      query: { vector: Float32Array.of(0, 0) },
      k: 2 * COUNT,
      accuracy: { exact: true },
      filter,
      minRevision,
    });
    return { count: hits.length, reason: plan.reason };
  }
  /** The same, once the columns are there. */
  async function findInColumns(filter: ChunkFilterInput): Promise<number> {
    await find(filter);
    await (await writer.client.openIndex('lib_a')).columns.settled();
    return (await find(filter)).count;
  }

  it('find what a write has just changed, however it has', async () => {
    const low = metadata('number', { number: { lt: 10 } });
    expect(await findInColumns(low)).toBe(10);
    let revision = await submit({ type: 'updateChunk', id: 'chk_3', at: 1, metadata: { number: 99 } });
    expect((await find(low, revision)).count).toBe(9);
    revision = await submit({ type: 'updateChunk', id: 'chk_50', at: 1, metadata: { number: 5 } });
    expect((await find(low, revision)).count).toBe(10);
    const moved = { vector: Float32Array.of(7, 7), metadata: { number: 6 } };
    revision = await submit({ type: 'updateChunk', id: 'chk_60', at: 1, ...moved });
    expect((await find(low, revision)).count).toBe(11);
    const by = { ids: ['chk_0', 'chk_60'] };
    revision = await submit({ type: 'deleteChunks', library: { id: 'lib_a' }, at: 1, by });
    expect((await find(low, revision)).count).toBe(9);
    revision = await submit(
      createDocument('lib_a', 'doc_1', {
        chunks: [chunk('chk_new', 0, { metadata: { number: 1 } })],
        vectors: VECTORS,
      }),
    );
    expect((await find(low, revision)).count).toBe(10);
    expect(await findInColumns(inState('A'))).toBe(COUNT - 2);
    revision = await submit({ type: 'updateDocument', id: 'doc_0', at: 1, metadata: { state: 'B' } });
    expect((await find(inState('A'), revision)).count).toBe(0);
    expect((await find(inState('B'), revision)).count).toBe(COUNT - 2);
    expect(writer.troubles).toEqual([]);
  });

  it('know nothing of a field that was removed and declared again', async () => {
    const low = metadata('number', { number: { lt: 10 } });
    expect(await findInColumns(low)).toBe(10);
    const again = { removeMetadataFields: ['number'], addMetadataFields: [FIELDS[1] as MetadataField] };
    const revision = await submit({ type: 'updateLibrary', library: { id: 'lib_a' }, at: 1, ...again });
    expect((await find(low, revision)).count).toBe(0);
    expect(await findInColumns(low)).toBe(0);
  });

  it('are right after a new index with other slots went live', async () => {
    const low = metadata('number', { number: { lt: 10 } });
    expect(await findInColumns(low)).toBe(10);
    const by = { ids: Array.from({ length: 50 }, (_, at) => `chk_${at * 2}`) };
    await submit({ type: 'deleteChunks', library: { id: 'lib_a' }, at: 1, by });
    await eventsOf(writer.client, await writer.reindex('lib_a'));
    expect((await find(low)).count).toBe(5);
    expect(await findInColumns(low)).toBe(5);
  });

  it('go on being right when another segment is begun', async () => {
    await writer.stopAndRemove();
    await start({ segmentSlots: SEGMENT_SLOTS });
    const low = metadata('number', { number: { lt: 10 } });
    expect(await findInColumns(low)).toBe(10);
    for (let round = 1; round <= 6; round++) {
      const items = Array.from({ length: 1_000 }, (_, at) => ({
        ...chunk(`chk_${round}_${at}`, at % 3, { metadata: { number: at } }),
        documentId: 'doc_0',
      }));
      const revision = await submit(writeChunks('lib_a', items, VECTORS));
      expect((await find(low, revision)).count).toBe(10 + round * 10);
    }
    const { index, columns } = await writer.client.openIndex('lib_a');
    expect(index.stats().slots).toBeGreaterThan(SEGMENT_SLOTS);
    await columns.settled();
    expect((await find(low)).count).toBe(70);
  });

  it('are whole while values change: all of a document, or nothing', async () => {
    expect(await findInColumns(inState('A'))).toBe(COUNT);
    const { columns } = await writer.client.openIndex('lib_a');
    const library = writer.reader.library({ id: 'lib_a' });
    let asked = 0;
    // Another one each time, so that none is remembered.
    const leaf = (): Predicate => ({
      kind: 'metadata',
      of: 'document',
      field: 'state',
      test: { op: 'in', values: ['A', `other ${asked++}`] },
    });
    const store = { revision: 0, isLevel: false, slotsMatching: () => new Uint32Array() };
    const counts = new Set<number>();
    await during(
      async () => {
        for (let round = 0; round < 12; round++) {
          const state = round % 2 === 0 ? 'B' : 'A';
          await submit({ type: 'updateDocument', id: 'doc_0', at: round, metadata: { state } });
        }
      },
      () => {
        const matching = columns.match(leaf(), library?.metadataFields ?? [], store);
        if (matching !== undefined) counts.add(matching.slots.count);
      },
    );
    expect([...counts].sort()).toEqual([0, COUNT]);
  });

  it('miss no chunk while its vector is replaced', async () => {
    const all = metadata('number', { number: { gte: 0 } });
    expect(await findInColumns(all)).toBe(COUNT);
    const { columns, index } = await writer.client.openIndex('lib_a');
    const library = writer.reader.library({ id: 'lib_a' });
    const leaf = { kind: 'metadata', of: 'chunk', field: 'number', test: { op: 'gte', value: 0 } } as const;
    const store = { revision: 0, isLevel: false, slotsMatching: () => new Uint32Array() };
    let least = COUNT;
    await during(
      async () => {
        for (let round = 0; round < 12; round++) {
          const items = Array.from({ length: 1_000 }, (_, at) => ({
            ...chunk(`chk_${at}`, (at + round + 1) % 3, { metadata: { number: at } }),
            documentId: 'doc_0',
          }));
          await submit(writeChunks('lib_a', items, VECTORS, { mode: 'UPSERT' }));
        }
      },
      () => {
        const allowed = columns.match(leaf, library?.metadataFields ?? [], store)?.slots;
        if (allowed === undefined) return;
        // What was removed after the filter was answered is not found, and others have come in its place.
        const found = index.search(Float32Array.of(0, 0), { k: 2 * COUNT, exact: true, allowed });
        const after = columns.match(leaf, library?.metadataFields ?? [], store)?.slots;
        if (after === allowed) least = Math.min(least, found.ordinals.length);
      },
    );
    expect(least).toBe(COUNT);
    expect((await find(all)).count).toBe(COUNT);
    expect(writer.troubles).toEqual([]);
  });

  /** Does the one over and over again until the other is done. */
  async function during(work: () => Promise<void>, meanwhile: () => void): Promise<void> {
    let isDone = false;
    const working = work().finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const endAt = performance.now() + 5;
      while (performance.now() < endAt) meanwhile();
      await nextTurn();
    }
    await working;
  }
});
