import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chunk, createDocument, createLibrary, refusal, rows, TestStore } from './TestStore.ts';

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  await store.submit(
    createLibrary('lib_a', {
      metadataFields: [{ name: 'year', type: 'NUMBER', description: null, filterable: true }],
    }),
  );
});
afterEach(() => store.close());

const chunkIds = (documentId: string) =>
  store.reader.chunks({ documentId }, {}).edges.map(({ node }) => node.id);

describe('creating a document', () => {
  it('writes it with its chunks at once, in order', async () => {
    const outcome = await store.submit(
      createDocument('lib_a', 'doc_a', {
        author: 'Ada',
        metadata: { year: 1843 },
        chunks: [chunk('chk_a', 1), chunk('chk_b', 0)],
        vectors: rows([1, 2], [3, 4]),
      }),
    );
    expect(outcome).toEqual({
      revision: 2,
      libraryId: 'lib_a',
      documentId: 'doc_a',
      items: [
        { id: 'chk_a', status: 'CREATED' },
        { id: 'chk_b', status: 'CREATED' },
      ],
      written: true,
    });
    expect(store.reader.document('doc_a')).toEqual({
      id: 'doc_a',
      libraryId: 'lib_a',
      title: 'Document doc_a',
      author: 'Ada',
      sourceUrl: null,
      contentType: 'text/plain',
      state: 'READY',
      sourceHash: null,
      metadata: { year: 1843 },
      createdAt: 2_000,
      updatedAt: 2_000,
    });
    expect(store.reader.chunk('chk_b')).toEqual({
      id: 'chk_b',
      libraryId: 'lib_a',
      documentId: 'doc_a',
      position: 1,
      text: 'Text of chk_b',
      truncated: false,
      page: null,
      headings: [],
      metadata: {},
      ordinal: 2,
      createdAt: 2_000,
      updatedAt: 2_000,
    });
    expect(store.reader.documentVectors('doc_a')).toEqual(Float32Array.of(3, 4, 1, 2));
    expect(store.lastApplied.vectorChanges).toEqual([
      {
        libraryId: 'lib_a',
        kind: 'CHANGED',
        removed: new Uint32Array(0),
        added: Uint32Array.of(1, 2),
        vectors: Float32Array.of(3, 4, 1, 2),
      },
    ]);
    expect(store.lastApplied.events.map(({ kind }) => kind)).toEqual(['DOCUMENT_CREATED', 'CHUNKS_WRITTEN']);
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({
      documentCount: 1,
      chunkCount: 2,
      bytes: '{"year":1843}'.length + 2 * ('Text of chk_a'.length + '{}'.length + 8),
      revision: 2,
    });
  });

  it('writes nothing when one chunk is bad', async () => {
    const error = await refusal(
      store.submit(
        createDocument('lib_a', 'doc_a', {
          chunks: [chunk('chk_a', 0), chunk('chk_b', 1)],
          vectors: rows([1, 2], [1, 2, 3]),
        }),
      ),
      'DimensionMismatchError',
    );
    expect(error).toMatchObject({ path: ['chunks', '1', 'embedding'], detail: { got: 3, expected: 2 } });
    expect(store.reader.document('doc_a')).toBeUndefined();
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({ documentCount: 0, revision: 1 });
  });

  it.each([
    ['a long title', { title: 'x'.repeat(1_025) }, ['title']],
    ['half a surrogate pair', { author: '\udc00' }, ['author']],
    ['a long source URL', { sourceUrl: `https://${'x'.repeat(4_096)}` }, ['sourceUrl']],
    ['a NUL', { contentType: 'text/\0' }, ['contentType']],
    ['a wrong prefix', { id: 'chk_a' }, ['id']],
  ])('refuses %s', async (_, changes, path) => {
    const error = await refusal(
      store.submit(createDocument('lib_a', 'doc_a', changes)),
      'InvalidArgumentError',
    );
    expect(error.path).toEqual(path);
  });

  it('refuses an id that is taken, in whatever library', async () => {
    await store.submit(createLibrary('lib_b'));
    await store.submit(createDocument('lib_a', 'doc_a'));
    await refusal(store.submit(createDocument('lib_a', 'doc_a')), 'IdTakenError');
    await refusal(store.submit(createDocument('lib_b', 'doc_a', { ifExists: 'REPLACE' })), 'IdTakenError');
  });

  it('refuses a chunk of another document', async () => {
    const chunks = [chunk('chk_a', 0)];
    const vectors = rows([1, 2]);
    await store.submit(createDocument('lib_a', 'doc_a', { chunks, vectors }));
    const error = await refusal(
      store.submit(createDocument('lib_a', 'doc_b', { chunks, vectors, ifExists: 'REPLACE' })),
      'IdTakenError',
    );
    expect(error.path).toEqual(['chunks', '0', 'id']);
  });
});

describe('replacing a document', () => {
  const first = {
    title: 'First',
    metadata: { year: 1 },
    chunks: [chunk('chk_a', 0), chunk('chk_b', 1), chunk('chk_c', 2)],
    vectors: rows([1, 1], [2, 2], [3, 3]),
  };
  const replace = { ifExists: 'REPLACE', at: 4_000 } as const;
  beforeEach(() => store.submit(createDocument('lib_a', 'doc_a', first)));

  it('keeps what comes again, changes what differs, drops the rest and counts positions anew', async () => {
    const outcome = await store.submit(
      createDocument('lib_a', 'doc_a', {
        ...replace,
        title: 'Second',
        chunks: [chunk('chk_c', 0), chunk('chk_d', 1), chunk('chk_a', 2)],
        vectors: rows([3, 3], [4, 4], [9, 9]),
      }),
    );
    expect(outcome.items?.map((item) => 'status' in item && item.status)).toEqual([
      'UPDATED',
      'CREATED',
      'UPDATED',
    ]);
    expect(chunkIds('doc_a')).toEqual(['chk_c', 'chk_d', 'chk_a']);
    expect(store.reader.chunk('chk_c')).toMatchObject({
      ordinal: 3,
      position: 0,
      createdAt: 2_000,
      updatedAt: 4_000,
    });
    expect(store.reader.chunk('chk_a')).toMatchObject({ ordinal: 5, position: 2 });
    expect(store.lastApplied.vectorChanges).toEqual([
      {
        libraryId: 'lib_a',
        kind: 'CHANGED',
        removed: Uint32Array.of(2, 1),
        added: Uint32Array.of(4, 5),
        vectors: Float32Array.of(4, 4, 9, 9),
      },
    ]);
    expect(store.reader.document('doc_a')).toMatchObject({
      title: 'Second',
      metadata: {},
      createdAt: 2_000,
      updatedAt: 4_000,
    });
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({ documentCount: 1, chunkCount: 3 });
    expect(store.lastApplied.events.map(({ kind }) => kind)).toEqual([
      'DOCUMENT_UPDATED',
      'CHUNKS_DELETED',
      'CHUNKS_WRITTEN',
    ]);
  });

  it('changes nothing when it is the same', async () => {
    const outcome = await store.submit(createDocument('lib_a', 'doc_a', { ...first, ...replace }));
    expect(outcome).toMatchObject({ revision: 2, written: false });
    expect(outcome.items?.every((item) => 'status' in item && item.status === 'UNCHANGED')).toBe(true);
    expect(store.reader.document('doc_a')?.updatedAt).toBe(2_000);
  });

  it('drops all chunks when it comes without any', async () => {
    await store.submit(
      createDocument('lib_a', 'doc_a', { ...replace, title: 'First', metadata: { year: 1 } }),
    );
    expect(chunkIds('doc_a')).toEqual([]);
    expect(store.lastApplied.vectorChanges).toMatchObject([{ removed: Uint32Array.of(1, 2, 3) }]);
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({
      chunkCount: 0,
      bytes: '{"year":1}'.length,
    });
  });

  it('creates the document if there is none', async () => {
    await store.submit(createDocument('lib_a', 'doc_new', replace));
    expect(store.lastApplied.events.map(({ kind }) => kind)).toEqual(['DOCUMENT_CREATED']);
  });
});

describe('updating a document', () => {
  const update = { type: 'updateDocument', id: 'doc_a', at: 5_000 } as const;
  beforeEach(() => store.submit(createDocument('lib_a', 'doc_a', { author: 'Ada', metadata: { year: 1 } })));

  it('changes what is given; null takes away; metadata is replaced whole', async () => {
    await store.submit({ ...update, title: 'New', author: null });
    expect(store.reader.document('doc_a')).toMatchObject({
      title: 'New',
      author: null,
      metadata: { year: 1 },
    });
    await store.submit({ ...update, metadata: {} });
    expect(store.reader.document('doc_a')).toMatchObject({ title: 'New', metadata: {}, updatedAt: 5_000 });
    const yearExists = {
      kind: 'metadata',
      of: 'document',
      field: 'year',
      test: { op: 'exists', value: true },
    } as const;
    expect(store.reader.documentCount('lib_a', yearExists)).toBe(0);
  });

  it('writes nothing when nothing differs', async () => {
    expect(await store.submit({ ...update, author: 'Ada', metadata: { year: 1 } })).toMatchObject({
      written: false,
    });
  });

  it('refuses what is not there, and undeclared metadata', async () => {
    const missing = await refusal(store.submit({ ...update, id: 'doc_none' }), 'NodeNotFoundError');
    expect(missing.detail).toEqual({ id: 'doc_none' });
    await refusal(store.submit({ ...update, metadata: { month: 1 } }), 'InvalidMetadataError');
  });
});

describe('deleting a document', () => {
  it('takes its chunks and their vectors out of the store and the index', async () => {
    await store.submit(
      createDocument('lib_a', 'doc_a', {
        metadata: { year: 1 },
        chunks: [chunk('chk_a', 0), chunk('chk_b', 1)],
        vectors: rows([1, 2], [3, 4]),
      }),
    );
    const outcome = await store.submit({ type: 'deleteDocument', id: 'doc_a', at: 6_000 });
    expect(outcome).toMatchObject({ documentId: 'doc_a', deleted: { documents: 1, chunks: 2 } });
    expect(store.lastApplied.vectorChanges).toMatchObject([{ removed: Uint32Array.of(1, 2) }]);
    expect(store.reader.chunk('chk_a')).toBeUndefined();
    expect(store.reader.vector('chk_a')).toBeUndefined();
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({
      documentCount: 0,
      chunkCount: 0,
      bytes: 0,
    });
    await refusal(store.submit({ type: 'deleteDocument', id: 'doc_a', at: 6_000 }), 'NodeNotFoundError');
  });
});
