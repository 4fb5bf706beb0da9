import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetadataField } from '../../src/library/types.ts';
import {
  chunk,
  createDocument,
  createLibrary,
  NO_VECTORS,
  refusal,
  rows,
  TestStore,
  writeChunks,
} from './TestStore.ts';

let store: TestStore;
beforeEach(() => {
  store = new TestStore();
});
afterEach(() => store.close());

const LANGUAGE: MetadataField = { name: 'language', type: 'STRING', description: null, filterable: true };
const YEAR: MetadataField = { name: 'year', type: 'NUMBER', description: 'Of print', filterable: true };
const CONTRACT = {
  provider: 'EXTERNAL',
  model: 'test',
  dimension: 2,
  metric: 'EUCLIDEAN',
  normalized: false,
} as const;

describe('creating a library', () => {
  it('keeps what was said, and starts empty with an index that can serve', async () => {
    const outcome = await store.submit(
      createLibrary('lib_a', {
        name: 'Manuals',
        description: 'All of them',
        metadataFields: [YEAR, LANGUAGE],
      }),
    );
    expect(outcome).toEqual({ revision: 1, libraryId: 'lib_a', written: true });
    expect(store.reader.library({ name: 'Manuals' })).toEqual({
      chunking: { by: 'HEADINGS', unit: 'CHARACTERS', size: 800, maxSize: 1_200, overlap: 0 },
      id: 'lib_a',
      name: 'Manuals',
      description: 'All of them',
      embedding: { ...CONTRACT, frozen: false },
      metadataFields: [YEAR, LANGUAGE],
      indexSettings: { type: 'AUTO', m: 16, efConstruction: 200 },
      keywords: { language: 'ENGLISH', substrings: false },
      index: expect.objectContaining({
        type: 'FLAT',
        generation: 1,
        reason: expect.stringContaining('AUTO'),
      }),
      documentCount: 0,
      chunkCount: 0,
      bytes: 0,
      revision: 1,
      createdAt: 1_000,
      updatedAt: 1_000,
      vectorSet: { number: 0, since: 0 },
    });
    expect(store.lastApplied.events).toEqual([
      { libraryId: 'lib_a', revision: 1, at: 1_000, kind: 'LIBRARY_CREATED' },
    ]);
  });

  it('refuses a name that is taken, byte for byte: normalisation and case make another name', async () => {
    await store.submit(createLibrary('lib_a', { name: 'Café' }));
    const error = await refusal(store.submit(createLibrary('lib_b', { name: 'Café' })), 'NameTakenError');
    expect(error).toMatchObject({ path: ['name'], detail: { name: 'Café' } });
    await store.submit(createLibrary('lib_c', { name: 'Cafe\u0301' }));
    await store.submit(createLibrary('lib_d', { name: 'café' }));
    expect(store.reader.library({ name: 'Cafe\u0301' })?.id).toBe('lib_c');
    expect(store.reader.libraryCount()).toBe(3);
  });

  it('refuses an id that is taken', async () => {
    await store.submit(createLibrary('lib_a'));
    await refusal(store.submit(createLibrary('lib_a', { name: 'Another' })), 'IdTakenError');
  });

  it.each([
    ['an empty name', { name: '' }, ['name']],
    ['a long name', { name: 'x'.repeat(257) }, ['name']],
    ['half a surrogate pair', { name: 'a\ud800' }, ['name']],
    ['a NUL', { name: 'a\0b' }, ['name']],
    ['a wrong prefix', { id: 'doc_a' }, ['id']],
    ['no dimensions', { embedding: { ...CONTRACT, dimension: 0 } }, ['embedding', 'dimension']],
    ['too many dimensions', { embedding: { ...CONTRACT, dimension: 16_385 } }, ['embedding', 'dimension']],
    [
      'm out of range',
      { indexSettings: { type: 'HNSW', m: 3, efConstruction: 100 } },
      ['indexSettings', 'm'],
    ],
    [
      'efConstruction out of range',
      { indexSettings: { type: 'HNSW', m: 4, efConstruction: 1_001 } },
      ['indexSettings', 'efConstruction'],
    ],
    ['a bad field name', { metadataFields: [{ ...YEAR, name: '1st' }] }, ['metadataFields', '0', 'name']],
    ['a field twice', { metadataFields: [YEAR, YEAR] }, ['metadataFields', '1']],
    [
      'too many fields',
      { metadataFields: Array.from({ length: 65 }, (_, n) => ({ ...YEAR, name: `f${n}` })) },
      ['metadataFields'],
    ],
  ] as const)('refuses %s and writes nothing', async (_, changes, path) => {
    const error = await refusal(store.submit(createLibrary('lib_a', changes)), 'InvalidArgumentError');
    expect(error.path).toEqual(path);
    expect(error.message).toMatch(/^Got .+; expected .+\.$/s);
    expect(store.reader.libraryCount()).toBe(0);
    expect(store.reader.revision()).toBe(0);
  });
});

describe('updating a library', () => {
  beforeEach(() => store.submit(createLibrary('lib_a', { name: 'Before', metadataFields: [YEAR] })));

  it('changes what is given, and leaves the rest', async () => {
    const outcome = await store.submit({
      type: 'updateLibrary',
      library: { name: 'Before' },
      at: 5_000,
      name: 'After',
      description: 'New',
    });
    expect(outcome).toEqual({ revision: 2, libraryId: 'lib_a', written: true });
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({
      name: 'After',
      description: 'New',
      revision: 2,
      createdAt: 1_000,
      updatedAt: 5_000,
    });
    expect(store.reader.library({ name: 'Before' })).toBeUndefined();
  });

  it('changes how texts are split, within limits', async () => {
    const chunking = { by: 'TOKENS', unit: 'TOKENS', size: 256, maxSize: 256, overlap: 32 } as const;
    await store.submit({ type: 'updateLibrary', library: { id: 'lib_a' }, at: 2_000, chunking });
    expect(store.reader.library({ id: 'lib_a' })?.chunking).toEqual(chunking);
    for (const [field, change] of [
      ['unit', { unit: 'CHARACTERS' }],
      ['size', { size: 15, maxSize: 256 }],
      ['maxSize', { maxSize: 255 }],
      ['overlap', { overlap: 129 }],
      ['size', { size: 1.5 }],
    ] as const) {
      const command = { type: 'updateLibrary', library: { id: 'lib_a' }, at: 3_000 } as const;
      const refused = store.submit({ ...command, chunking: { ...chunking, ...change } });
      expect(await refusal(refused, 'InvalidArgumentError')).toMatchObject({ path: ['chunking', field] });
    }
    expect(store.reader.library({ id: 'lib_a' })?.updatedAt).toBe(2_000);
  });

  it('writes nothing when nothing differs', async () => {
    const update = { type: 'updateLibrary', library: { id: 'lib_a' }, at: 5_000, name: 'Before' } as const;
    expect(await store.submit({ ...update, addMetadataFields: [YEAR] })).toEqual({
      revision: 1,
      libraryId: 'lib_a',
      written: false,
    });
    expect(store.reader.library({ id: 'lib_a' })?.updatedAt).toBe(1_000);
  });

  it('refuses the name of another library and a library that is not there', async () => {
    await store.submit(createLibrary('lib_b', { name: 'Taken' }));
    const at = 5_000;
    await refusal(
      store.submit({ type: 'updateLibrary', library: { id: 'lib_a' }, at, name: 'Taken' }),
      'NameTakenError',
    );
    const error = await refusal(
      store.submit({ type: 'updateLibrary', library: { name: 'Nowhere' }, at }),
      'LibraryNotFoundError',
    );
    expect(error).toMatchObject({
      detail: { name: 'Nowhere' },
      message: expect.stringContaining('"Nowhere"'),
    });
  });

  it('changes the contract until the first vector, and then only accepts what is so already', async () => {
    const update = { type: 'updateLibrary', library: { id: 'lib_a' }, at: 5_000 } as const;
    const cosine = { ...CONTRACT, metric: 'COSINE', dimension: null } as const;
    await store.submit({ ...update, embedding: cosine });
    expect(store.reader.library({ id: 'lib_a' })?.embedding).toEqual({ ...cosine, frozen: false });

    await store.submit(
      createDocument('lib_a', 'doc_a', { chunks: [chunk('chk_a', 0)], vectors: rows([1, 2, 3]) }),
    );
    expect(store.reader.library({ id: 'lib_a' })?.embedding).toEqual({
      ...cosine,
      dimension: 3,
      frozen: true,
    });

    const error = await refusal(store.submit({ ...update, embedding: CONTRACT }), 'ContractFrozenError');
    expect(error.message).toMatch(
      /got EXTERNAL test, 2 dimensions, EUCLIDEAN; expected .* 3 dimensions, COSINE/,
    );
    expect(error.message).toContain('with `reembed`');
    for (const embedding of [cosine, { ...cosine, dimension: 3 }]) {
      expect(await store.submit({ ...update, embedding })).toMatchObject({ written: false });
    }
    await store.submit({ type: 'deleteDocument', id: 'doc_a', at: 6_000 });
    await refusal(store.submit({ ...update, embedding: CONTRACT }), 'ContractFrozenError');
  });
});

describe('declaring metadata fields', () => {
  const update = { type: 'updateLibrary', library: { id: 'lib_a' }, at: 5_000 } as const;
  const yearIs = (value: number) =>
    store.reader.ordinalsMatching('lib_a', {
      kind: 'metadata',
      of: 'chunk',
      field: 'year',
      test: { op: 'eq', value },
    });
  beforeEach(async () => {
    await store.submit(createLibrary('lib_a', { metadataFields: [YEAR, LANGUAGE] }));
    await store.submit(
      createDocument('lib_a', 'doc_a', {
        metadata: { year: 1999 },
        chunks: [chunk('chk_a', 0, { metadata: { year: 2001, language: 'en' } })],
        vectors: rows([1, 2]),
      }),
    );
  });

  it('adds fields and redescribes those that exist', async () => {
    const added: MetadataField = { name: 'tags', type: 'STRING_LIST', description: null, filterable: false };
    await store.submit({ ...update, addMetadataFields: [{ ...YEAR, description: 'Other' }, added] });
    expect(store.reader.library({ id: 'lib_a' })?.metadataFields).toEqual([
      { ...YEAR, description: 'Other' },
      LANGUAGE,
      added,
    ]);
  });

  it('files and unfiles existing values as a field becomes filterable or not', async () => {
    expect([...yearIs(2001)]).toEqual([1]);
    await store.submit({ ...update, addMetadataFields: [{ ...YEAR, filterable: false }] });
    expect([...yearIs(2001)]).toEqual([]);
    expect(store.reader.chunk('chk_a')?.metadata).toEqual({ year: 2001, language: 'en' });
    await store.submit({ ...update, addMetadataFields: [YEAR] });
    expect([...yearIs(2001)]).toEqual([1]);
    const ofDocument = {
      kind: 'metadata',
      of: 'document',
      field: 'year',
      test: { op: 'exists', value: true },
    } as const;
    expect(store.reader.documentCount('lib_a', ofDocument)).toBe(1);
  });

  it('takes names that JavaScript’s objects know otherwise', async () => {
    const names = ['constructor', '__proto__', 'toString'];
    const declare = (filterable: boolean) => ({
      ...update,
      addMetadataFields: names.map((name) => ({ ...LANGUAGE, name, filterable })),
    });
    await store.submit(declare(false));
    const metadata = JSON.parse('{"__proto__": "p", "toString": "t"}');
    await store.submit({ type: 'updateChunk', id: 'chk_a', at: 5_000, metadata });
    await store.submit(declare(true));
    expect(JSON.stringify(store.reader.chunk('chk_a')?.metadata)).toBe('{"__proto__":"p","toString":"t"}');
    const found = names.map((field) => {
      const exists = { kind: 'metadata', of: 'chunk', field, test: { op: 'exists', value: true } } as const;
      return store.reader.ordinalsMatching('lib_a', exists).length;
    });
    expect(found).toEqual([0, 1, 1]);
  });

  it('refuses another type while values exist, and takes it when there are none', async () => {
    const retyped: MetadataField = { ...YEAR, type: 'STRING' };
    const error = await refusal(
      store.submit({ ...update, addMetadataFields: [retyped] }),
      'InvalidMetadataError',
    );
    expect(error.detail).toEqual({ field: 'year', got: 'STRING', expected: 'NUMBER' });
    await store.submit({ type: 'deleteDocument', id: 'doc_a', at: 6_000 });
    await store.submit({ ...update, addMetadataFields: [retyped] });
    expect(store.reader.library({ id: 'lib_a' })?.metadataFields[0]).toEqual(retyped);
  });

  it('removes a field with its values, from rows, filters and bytes', async () => {
    const bytes = store.reader.library({ id: 'lib_a' })?.bytes ?? 0;
    await store.submit({ ...update, removeMetadataFields: ['year'] });
    expect(store.reader.chunk('chk_a')?.metadata).toEqual({ language: 'en' });
    expect(store.reader.document('doc_a')?.metadata).toEqual({});
    expect([...yearIs(2001)]).toEqual([]);
    expect(store.reader.library({ id: 'lib_a' })?.bytes).toBe(
      bytes - '"year":2001,'.length - '"year":1999'.length,
    );
    await store.submit({ ...update, addMetadataFields: [{ ...YEAR, type: 'STRING' }] });
    expect([...yearIs(2001)]).toEqual([]);
  });

  it('refuses to remove what is not declared', async () => {
    const error = await refusal(
      store.submit({ ...update, removeMetadataFields: ['none'] }),
      'InvalidArgumentError',
    );
    expect(error.path).toEqual(['removeMetadataFields', '0']);
    expect(error.message).toContain('year, language');
  });
});

describe('recording an index', () => {
  it('announces a swap, not a measurement, and takes the settings along when told to', async () => {
    await store.submit(createLibrary('lib_a'));
    const settings = { type: 'HNSW', m: 8, efConstruction: 64 } as const;
    const index = {
      type: 'HNSW',
      reason: 'Asked for.',
      settings,
      generation: 2,
      recallCurve: [{ effort: 32, recall: 0.97, latencyMs: 0.1 }],
      measuredAt: 4_000,
      measuredOrdinal: 9,
    } as const;
    const record = { type: 'recordIndex', libraryId: 'lib_a', at: 5_000, index } as const;
    await store.submit({ ...record, indexSettings: settings });
    expect(store.lastApplied.events.map(({ kind }) => kind)).toEqual(['INDEX_SWAPPED']);
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({
      index,
      indexSettings: settings,
      updatedAt: 1_000,
    });
    await store.submit({ ...record, index: { ...index, measuredAt: 6_000, measuredOrdinal: 9 } });
    expect(store.lastApplied.events).toEqual([]);
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({ indexSettings: settings, revision: 3 });
    await refusal(store.submit({ ...record, libraryId: 'lib_b' }), 'LibraryNotFoundError');
  });

  it('takes a new measurement of the index that serves, and none of one that it has replaced', async () => {
    await store.submit(createLibrary('lib_a'));
    const recallCurve = [{ effort: 16, recall: 0.9, latencyMs: 0.1 }];
    const measured = {
      type: 'recordRecall',
      libraryId: 'lib_a',
      at: 7_000,
      recallCurve,
      measuredOrdinal: 5,
    } as const;
    expect(await store.submit({ ...measured, generation: 1 })).toMatchObject({ written: true });
    const { index } = store.reader.library({ id: 'lib_a' }) ?? {};
    expect(index).toMatchObject({ generation: 1, recallCurve, measuredAt: 7_000, measuredOrdinal: 5 });
    const late = { ...measured, generation: 2, at: 8_000 };
    expect(await store.submit(late)).toMatchObject({ written: false });
    expect(store.reader.library({ id: 'lib_a' })?.index).toEqual(index);
  });
});

describe('deleting a library', () => {
  it('takes documents, chunks, values, vectors and jobs, and no one else’s', async () => {
    for (const id of ['lib_a', 'lib_b']) {
      await store.submit(createLibrary(id, { metadataFields: [YEAR] }));
      const suffix = id.slice(4);
      await store.submit(createDocument(id, `doc_${suffix}`, { metadata: { year: 1 } }));
      const items = [0, 1].map((row) => ({
        ...chunk(`chk_${suffix}${row}`, row, { metadata: { year: row } }),
        documentId: `doc_${suffix}`,
      }));
      await store.submit(writeChunks(id, items, rows([1, 2], [3, 4])));
      store.database.run(
        "INSERT INTO jobs (id, library_id, state, created_at, record) VALUES (?, ?, 'QUEUED', 0, '{}')",
        `job_${suffix}`,
        id,
      );
    }
    const outcome = await store.submit({ type: 'deleteLibrary', library: { id: 'lib_a' }, at: 9_000 });
    expect(outcome).toMatchObject({
      libraryId: 'lib_a',
      deleted: { documents: 1, chunks: 2 },
      written: true,
    });
    expect(store.lastApplied.vectorChanges).toEqual([{ libraryId: 'lib_a', kind: 'LIBRARY_DELETED' }]);
    const counts = ['libraries', 'metadata_fields', 'documents', 'document_values', 'jobs'].map(
      (table) => store.readDatabase.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n,
    );
    expect(counts).toEqual([1, 1, 1, 1, 1]);
    const chunkCounts = ['chunks', 'vectors', 'chunk_values'].map(
      (table) => store.readDatabase.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n,
    );
    expect(chunkCounts).toEqual([2, 2, 2]);
    await refusal(
      store.submit(createDocument('lib_a', 'doc_c', { vectors: NO_VECTORS })),
      'LibraryNotFoundError',
    );
  });
});
