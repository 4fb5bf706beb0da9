import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LibraryCommand } from '../../src/library/commands.ts';
import type { MetadataField, MetadataType } from '../../src/library/types.ts';
import type { Predicate } from '../../src/store/predicate.ts';
import { chunk, createDocument, createLibrary, rows, writeChunks } from '../library/TestStore.ts';
import { chunkPredicate, FIELDS, headings, metadata, page, text, time } from '../store/anyPredicate.ts';
import { TestColumns } from './TestColumns.ts';

const VECTORS = rows([0, 1], [1, 0], [2, 2]);
const fieldsOf = (types: Readonly<Record<string, MetadataType>>): MetadataField[] =>
  Object.entries(types).map(([name, type]) => ({ name, type, description: null, filterable: true }));

const documentId = fc.nat(4).map((n) => `doc_${n}`);
const chunkId = fc.nat(40).map((n) => `chk_${n}`);
const chunkWrite = fc
  .tuple(chunkId, fc.nat(2), fc.record({ text, position: fc.nat(4), page, headings, metadata }))
  .map(([id, row, changes]) => chunk(id, row, changes));
const documentFacts = fc.record({
  title: text,
  author: fc.option(text),
  sourceUrl: fc.option(text),
  contentType: text,
  at: time,
  metadata,
});

/** Whatever can change which chunks a filter lets through. */
const command: fc.Arbitrary<LibraryCommand> = fc.oneof(
  fc
    .tuple(documentId, documentFacts, fc.uniqueArray(chunkWrite, { maxLength: 4, selector: ({ id }) => id }))
    .map(([id, facts, chunks]) =>
      createDocument('lib_a', id, { ...facts, chunks, vectors: VECTORS, ifExists: 'REPLACE' }),
    ),
  fc
    .tuple(documentId, documentFacts)
    .map(([id, facts]): LibraryCommand => ({ type: 'updateDocument', id, ...facts })),
  fc.tuple(documentId, time).map(([id, at]): LibraryCommand => ({ type: 'deleteDocument', id, at })),
  fc
    .tuple(
      fc.uniqueArray(fc.tuple(chunkWrite, documentId), {
        minLength: 1,
        maxLength: 12,
        selector: ([{ id }]) => id,
      }),
      time,
    )
    .map(([items, at]) =>
      writeChunks(
        'lib_a',
        items.map(([write, owner]) => ({ ...write, documentId: owner })),
        VECTORS,
        { mode: 'UPSERT', atomicity: 'EACH', at },
      ),
    ),
  fc
    .tuple(
      chunkId,
      time,
      fc.record(
        { text, position: fc.nat(4), page, headings, metadata, isMoved: fc.boolean() },
        { requiredKeys: [] },
      ),
    )
    .map(([id, at, { isMoved, ...changes }]): LibraryCommand => {
      const vector = isMoved ? { vector: Float32Array.of(at, 1) } : {};
      return { type: 'updateChunk', id, at, ...changes, ...vector };
    }),
  fc
    .tuple(fc.array(chunkId, { minLength: 1, maxLength: 3 }), time)
    .map(
      ([ids, at]): LibraryCommand => ({ type: 'deleteChunks', library: { id: 'lib_a' }, at, by: { ids } }),
    ),
  fc.constantFrom(...fieldsOf(FIELDS)).map(
    (field): LibraryCommand => ({
      type: 'updateLibrary',
      library: { id: 'lib_a' },
      at: 1,
      removeMetadataFields: [field.name],
      addMetadataFields: [field],
    }),
  ),
);

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ command }) },
  { weight: 6, arbitrary: fc.record({ predicate: chunkPredicate }) },
  { weight: 1, arbitrary: fc.constantFrom({ isRebuilt: true }, { isAttachedAnew: true }) },
);

describe('columns', () => {
  let columns: TestColumns;
  beforeEach(async () => {
    columns = new TestColumns();
    await columns.submit(createLibrary('lib_a', { metadataFields: fieldsOf(FIELDS) }));
  });
  afterEach(() => columns.close());

  /** What the store says, in the slots of the index. */
  const inStore = (predicate: Predicate): number[] => [
    ...columns.index.slotsOf(columns.store.reader.ordinalsMatching('lib_a', predicate)),
  ];

  it('let through the very slots that the store does, after any history of writes', async () => {
    const history = fc.array(step, { minLength: 10, maxLength: 40 });
    const lasting = fc.array(chunkPredicate, { minLength: 3, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(history, lasting, async (steps, predicates) => {
        for (const next of steps) {
          if ('command' in next) await columns.submit(next.command);
          else if ('isRebuilt' in next) columns.rebuild();
          else if ('isAttachedAnew' in next) columns.attach();
          for (const predicate of 'predicate' in next ? [next.predicate] : predicates) {
            const { slots, level } = await columns.match(predicate);
            expect([...slots.toSlots()]).toEqual(inStore(predicate));
            expect(slots.count).toBe(slots.toSlots().length);
            expect(level).toBe(columns.store.reader.library({ id: 'lib_a' })?.revision);
          }
        }
      }),
      { seed: 20_260, numRuns: 60 },
    );
    expect(columns.troubles).toEqual([]);
  });

  async function fill(count: number): Promise<void> {
    await columns.submit(createDocument('lib_a', 'doc_0', { title: 'Zero' }));
    for (let start = 0; start < count; start += 1_000) {
      const items = Array.from({ length: Math.min(1_000, count - start) }, (_, at) => ({
        ...chunk(`chk_${start + at}`, 0, {
          metadata: { number: (start + at) % 977, text: `t${(start + at) % 300}`, tags: [`g${at % 7}`] },
        }),
        documentId: 'doc_0',
      }));
      await columns.submit(writeChunks('lib_a', items, VECTORS));
    }
  }
  const leaf = (field: string, test: object): Predicate =>
    ({ kind: 'metadata', of: 'chunk', field, test }) as Predicate;
  const AFEW: Predicate[] = [
    leaf('number', { op: 'gte', value: 500 }),
    leaf('number', { op: 'in', values: [1, 2, 3] }),
    leaf('number', { op: 'ne', value: 7 }),
    leaf('text', { op: 'eq', value: 't299' }),
    leaf('text', { op: 'contains', value: 'T1' }),
    leaf('text', { op: 'exists', value: false }),
    leaf('tags', { op: 'containsAny', values: ['g1', 'g5'] }),
    { kind: 'not', that: leaf('tags', { op: 'containsAll', values: ['g2'] }) },
    {
      kind: 'and',
      all: [
        leaf('number', { op: 'gt', value: 3 }),
        leaf('number', { op: 'lt', value: 900 }),
        leaf('tags', { op: 'exists', value: true }),
      ],
    },
  ];

  it('go on being right as they grow over words, blocks and postings', async () => {
    await fill(3_000);
    for (const predicate of AFEW) await columns.match(predicate);
    await fill(9_500);
    for (const predicate of AFEW) {
      expect([...(await columns.match(predicate)).slots.toSlots()]).toEqual(inStore(predicate));
    }
    expect(columns.asked).toBe(0);
  });

  it('answer a filter again without a look, until something has changed', async () => {
    await fill(100);
    const [predicate] = AFEW as [Predicate];
    await columns.match(predicate);
    expect(await columns.match(predicate)).toMatchObject({ isCached: true });
    await columns.submit({ type: 'deleteChunks', library: { id: 'lib_a' }, at: 1, by: { ids: ['chk_7'] } });
    expect(await columns.match(predicate)).toMatchObject({ isCached: false });
    expect(await columns.match(predicate)).toMatchObject({ isCached: true });
  });

  it('ask the store for what they do not hold, and for few chunks where others are out already', async () => {
    await fill(3_000);
    const byText: Predicate = { kind: 'chunk', column: 'text', test: { op: 'endsWith', value: '_5' } };
    const few = leaf('number', { op: 'eq', value: 5 });
    const both: Predicate = { kind: 'and', all: [byText, few] };
    expect([...(await columns.match(both)).slots.toSlots()]).toEqual([5]);
    expect(columns.asked).toBe(1);
    await columns.match(both);
    expect(columns.asked).toBe(1);
    await columns.submit(createDocument('lib_a', 'doc_9'));
    await columns.match(both);
    expect(columns.asked).toBe(2);
  });

  it('see what has changed in place', async () => {
    await fill(10);
    const [predicate] = AFEW as [Predicate];
    await columns.match(predicate);
    await columns.submit({ type: 'updateChunk', id: 'chk_1', at: 1, metadata: { number: 999 } });
    expect((await columns.match(predicate)).slots.has(1)).toBe(true);
  });

  it('tell readers when they are closed, and come back when asked for', async () => {
    await fill(10);
    const [predicate] = AFEW as [Predicate];
    await columns.match(predicate);
    const { bytes } = columns.live;
    expect(bytes).toBeGreaterThan(10 * 8);
    columns.live.drop('lib_a');
    expect(columns.live.bytes).toBe(0);
    expect(columns.matchNow(predicate)).toBeUndefined();
    expect((await columns.match(predicate)).slots.count).toBe(0);
    expect(columns.live.bytes).toBe(bytes);
  });

  it('are made anew, with more room, when they have outgrown theirs', async () => {
    await fill(1_000);
    const [predicate] = AFEW as [Predicate];
    await columns.match(predicate);
    const items = Array.from({ length: 10_000 }, (_, at) => ({
      ...chunk(`chk_m${at}`, 0),
      documentId: 'doc_0',
    }));
    for (let round = 0; round < 7; round++) {
      const again = items.map((item) => ({ ...item, id: `${item.id}-${round}` }));
      await columns.submit(writeChunks('lib_a', again, VECTORS));
    }
    expect([...(await columns.match(predicate)).slots.toSlots()]).toEqual(inStore(predicate));
    expect(columns.troubles).toEqual([]);
  });

  it('take no memory that is not free, and give back what they took', async () => {
    await fill(3_000);
    const [predicate] = AFEW as [Predicate];
    const all = columns.freeBytes;
    columns.freeBytes = 1_000;
    expect(columns.matchNow(predicate)).toBeUndefined();
    await columns.attached.settled();
    expect(columns.matchNow(predicate)).toBeUndefined();
    columns.freeBytes = all;
    columns.attach();
    await columns.match(predicate);
    expect(all - columns.freeBytes).toBe(columns.live.bytes);
    // Growing beyond what is free ends them: the store answers then.
    columns.freeBytes = 0;
    await fill(9_000);
    expect(columns.live.bytes).toBe(0);
    columns.freeBytes = all;
    columns.live.drop('lib_a');
    expect(columns.troubles).toEqual([]);
  });

  it('keep the answers of filters within bounds', async () => {
    await fill(3_000);
    for (let value = 0; value < 200; value++) await columns.match(leaf('number', { op: 'gt', value }));
    expect(columns.cache.bytes).toBeGreaterThan(0);
    columns.attached.close();
    expect(columns.cache.bytes).toBe(0);
  });
});
