import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlcoveError } from '../../src/errors.ts';
import type { ItemOutcome } from '../../src/library/commands.ts';
import {
  MAX_CHUNKS_PER_MUTATION,
  MAX_EVENT_IDS,
  MAX_ORDINAL,
  MAX_TEXT_BYTES,
} from '../../src/library/limits.ts';
import { sealLibrary } from '../../src/store/libraries.ts';
import { chunk, createDocument, createLibrary, refusal, rows, TestStore, writeChunks } from './TestStore.ts';

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  await store.submit(
    createLibrary('lib_a', {
      metadataFields: [{ name: 'year', type: 'NUMBER', description: null, filterable: true }],
    }),
  );
  await store.submit(createDocument('lib_a', 'doc_a'));
  await store.submit(createDocument('lib_a', 'doc_b'));
});
afterEach(() => store.close());

const item = (id: string, row: number, changes = {}) => ({ ...chunk(id, row, changes), documentId: 'doc_a' });
const statuses = (items: readonly ItemOutcome[] | undefined) =>
  items?.map((outcome) => ('error' in outcome ? outcome.error.kind : outcome.status));
const ordinals = () => [...store.reader.ordinals('lib_a')];

describe('creating chunks', () => {
  it('appends them to their documents and gives each an ordinal', async () => {
    await store.submit(writeChunks('lib_a', [item('chk_a', 0)], rows([1, 2])));
    const outcome = await store.submit(
      writeChunks(
        'lib_a',
        [
          item('chk_b', 0),
          item('chk_c', 1, { position: 7 }),
          item('chk_d', 2),
          { ...item('chk_e', 3), documentId: 'doc_b' },
        ],
        rows([3, 4], [5, 6], [7, 8], [9, 10]),
      ),
    );
    expect(statuses(outcome.items)).toEqual(['CREATED', 'CREATED', 'CREATED', 'CREATED']);
    const positions = ['chk_a', 'chk_b', 'chk_c', 'chk_d', 'chk_e'].map(
      (id) => store.reader.chunk(id)?.position,
    );
    expect(positions).toEqual([0, 1, 7, 8, 0]);
    expect(ordinals()).toEqual([1, 2, 3, 4, 5]);
    expect(store.lastApplied.events).toEqual([
      {
        libraryId: 'lib_a',
        revision: 5,
        at: 3_000,
        kind: 'CHUNKS_WRITTEN',
        chunkCount: 4,
        chunkIds: ['chk_b', 'chk_c', 'chk_d', 'chk_e'],
      },
    ]);
  });

  const mixed = [
    item('chk_a', 0),
    { ...item('chk_b', 1), documentId: 'doc_none' },
    item('chk_c', 2),
    item('chk_a', 0),
    new AlcoveError('EmbedderError', 'The model is away.').toRecord(),
    item('chk_d', 9),
    item('chk_e', 3, { metadata: { month: 1 } }),
  ];
  const mixedVectors = rows([1, 2], [3, 4], [5, 6, 7], [8, 9]);
  const errors = {
    1: 'NodeNotFoundError',
    2: 'DimensionMismatchError',
    3: 'InvalidArgumentError',
    4: 'EmbedderError',
    5: 'InvalidVectorError',
    6: 'InvalidMetadataError',
  };

  it('writes the good ones when each is on its own, and says what is wrong with the others', async () => {
    const outcome = await store.submit(writeChunks('lib_a', mixed, mixedVectors, { atomicity: 'EACH' }));
    expect(outcome).toMatchObject({ revision: 4, written: true });
    expect(statuses(outcome.items)).toEqual(['CREATED', ...Object.values(errors)]);
    const second = outcome.items?.[1];
    expect(second).toMatchObject({
      error: { path: ['chunks', '1', 'documentId'], detail: { id: 'doc_none' } },
    });
    expect(ordinals()).toEqual([1]);
  });

  it('writes nothing when it is all or nothing, and still says what is wrong with each', async () => {
    const outcome = await store.submit(writeChunks('lib_a', mixed, mixedVectors));
    expect(outcome).toMatchObject({ revision: 3, written: false });
    expect(statuses(outcome.items)).toEqual(['NOT_WRITTEN', ...Object.values(errors)]);
    expect(ordinals()).toEqual([]);
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({ revision: 3, chunkCount: 0 });
    expect(store.reader.library({ id: 'lib_a' })?.embedding.frozen).toBe(false);
  });

  it('refuses an id that exists', async () => {
    await store.submit(writeChunks('lib_a', [item('chk_a', 0)], rows([1, 2])));
    const outcome = await store.submit(
      writeChunks('lib_a', [item('chk_a', 0), item('chk_b', 0)], rows([1, 2]), { atomicity: 'EACH' }),
    );
    expect(statuses(outcome.items)).toEqual(['IdTakenError', 'CREATED']);
  });

  it('takes the dimension of an open contract from the first good vector', async () => {
    const { embedding } = createLibrary('lib_b');
    await store.submit(
      createLibrary('lib_b', { embedding: { ...embedding, dimension: null, metric: 'COSINE' } }),
    );
    await store.submit(createDocument('lib_b', 'doc_c'));
    const items = ['chk_a', 'chk_b', 'chk_c'].map((id, row) => ({ ...chunk(id, row), documentId: 'doc_c' }));
    const outcome = await store.submit(
      writeChunks('lib_b', items, rows([0, 0], [1, 2, 3], [1, 2]), { atomicity: 'EACH' }),
    );
    expect(statuses(outcome.items)).toEqual(['InvalidVectorError', 'CREATED', 'DimensionMismatchError']);
    expect(store.reader.library({ id: 'lib_b' })?.embedding).toMatchObject({ dimension: 3, frozen: true });
  });

  it('refuses texts that are too long or cannot be stored as they are', async () => {
    const texts = [
      'x'.repeat(MAX_TEXT_BYTES),
      'é'.repeat(MAX_TEXT_BYTES / 2),
      'x\0',
      'x\ud800',
      'é'.repeat(MAX_TEXT_BYTES / 2 + 1),
    ];
    const outcome = await store.submit(
      writeChunks(
        'lib_a',
        texts.map((text, index) => item(`chk_${index}`, 0, { text })),
        rows([1, 2]),
        { atomicity: 'EACH' },
      ),
    );
    const refused = 'InvalidArgumentError';
    expect(statuses(outcome.items)).toEqual(['CREATED', 'CREATED', refused, refused, refused]);
  });

  it.each([-1, 0.5, 2 ** 31, Number.NaN])('refuses the position %d', async (position) => {
    const outcome = await store.submit(writeChunks('lib_a', [item('chk_a', 0, { position })], rows([1, 2])));
    expect(outcome.items).toMatchObject([
      { error: { kind: 'InvalidArgumentError', path: ['chunks', '0', 'position'] } },
    ]);
  });

  it('refuses an empty batch and one that is too large', async () => {
    const items = Array.from({ length: MAX_CHUNKS_PER_MUTATION + 1 }, (_, index) => item(`chk_${index}`, 0));
    await refusal(store.submit(writeChunks('lib_a', items, rows([1, 2]))), 'InvalidArgumentError');
    await refusal(store.submit(writeChunks('lib_a', [], rows([1, 2]))), 'InvalidArgumentError');
  });

  it('takes a whole batch of the greatest size, and counts it in its event without listing it', async () => {
    const items = Array.from({ length: MAX_CHUNKS_PER_MUTATION }, (_, index) => item(`chk_${index}`, index));
    const vectors = rows(...items.map((_, index) => [index, 1]));
    const outcome = await store.submit(writeChunks('lib_a', items, vectors));
    expect(outcome.items).toHaveLength(MAX_CHUNKS_PER_MUTATION);
    expect(items.length).toBeGreaterThan(MAX_EVENT_IDS);
    expect(store.lastApplied.events).toEqual([
      { libraryId: 'lib_a', revision: 4, at: 3_000, kind: 'CHUNKS_WRITTEN', chunkCount: items.length },
    ]);
    expect(store.lastApplied.vectorChanges[0]).toMatchObject({ vectors: vectors.values });
  });

  it('refuses when the library has no ordinals left', async () => {
    store.database.run('UPDATE libraries SET next_ordinal = ?', MAX_ORDINAL);
    sealLibrary(store.database, 1);
    const two = writeChunks('lib_a', [item('chk_a', 0), item('chk_b', 0)], rows([1, 2]));
    await refusal(store.submit(two), 'CapacityExceededError');
    expect(ordinals()).toEqual([]);
    await store.submit(writeChunks('lib_a', [item('chk_a', 0)], rows([1, 2])));
    expect(ordinals()).toEqual([MAX_ORDINAL]);
  });
});

describe('upserting chunks', () => {
  const upsert = { mode: 'UPSERT', at: 4_000 } as const;
  beforeEach(() =>
    store.submit(
      writeChunks(
        'lib_a',
        [item('chk_a', 0, { metadata: { year: 1 } }), item('chk_b', 1)],
        rows([1, 2], [3, 4]),
      ),
    ),
  );

  it('leaves an equal chunk as it is', async () => {
    const outcome = await store.submit(
      writeChunks('lib_a', [item('chk_a', 0, { metadata: { year: 1 } })], rows([1, 2]), upsert),
    );
    expect(outcome).toMatchObject({
      revision: 4,
      written: false,
      items: [{ id: 'chk_a', status: 'UNCHANGED' }],
    });
  });

  it('keeps the ordinal while the vector is the same, and takes a new one when it is not', async () => {
    const outcome = await store.submit(
      writeChunks(
        'lib_a',
        [item('chk_a', 0, { text: 'New text' }), item('chk_b', 1), item('chk_c', 2)],
        rows([1, 2], [9, 9], [5, 6]),
        upsert,
      ),
    );
    expect(statuses(outcome.items)).toEqual(['UPDATED', 'UPDATED', 'CREATED']);
    expect(store.reader.chunk('chk_a')).toMatchObject({
      text: 'New text',
      metadata: {},
      ordinal: 1,
      position: 0,
      createdAt: 3_000,
      updatedAt: 4_000,
    });
    expect(store.reader.chunk('chk_b')).toMatchObject({ ordinal: 3, position: 1 });
    expect(ordinals()).toEqual([1, 3, 4]);
    expect(store.reader.vector('chk_b')).toEqual(Float32Array.of(9, 9));
    expect(store.lastApplied.vectorChanges).toEqual([
      {
        libraryId: 'lib_a',
        kind: 'CHANGED',
        removed: Uint32Array.of(2),
        added: Uint32Array.of(3, 4),
        vectors: Float32Array.of(9, 9, 5, 6),
      },
    ]);
    expect(
      store.reader.ordinalsMatching('lib_a', {
        kind: 'metadata',
        of: 'chunk',
        field: 'year',
        test: { op: 'exists', value: true },
      }),
    ).toHaveLength(0);
  });

  it('moves a chunk to the end of another document', async () => {
    await store.submit(
      writeChunks(
        'lib_a',
        [{ ...item('chk_a', 0, { metadata: { year: 1 } }), documentId: 'doc_b' }],
        rows([1, 2]),
        upsert,
      ),
    );
    expect(store.reader.chunk('chk_a')).toMatchObject({ documentId: 'doc_b', position: 0, ordinal: 1 });
    expect(store.lastApplied.vectorChanges).toEqual([]);
  });

  it('refuses a chunk of another library', async () => {
    await store.submit(createLibrary('lib_b'));
    await store.submit(createDocument('lib_b', 'doc_c'));
    const outcome = await store.submit(
      writeChunks('lib_b', [{ ...item('chk_a', 0), documentId: 'doc_c' }], rows([1, 2]), upsert),
    );
    expect(statuses(outcome.items)).toEqual(['IdTakenError']);
  });
});

describe('updating a chunk', () => {
  const update = { type: 'updateChunk', id: 'chk_a', at: 5_000 } as const;
  beforeEach(() =>
    store.submit(writeChunks('lib_a', [item('chk_a', 0, { metadata: { year: 1 } })], rows([1, 2]))),
  );

  it('changes what is given and leaves the rest', async () => {
    const outcome = await store.submit({ ...update, text: 'New', position: 4 });
    expect(outcome).toMatchObject({ documentId: 'doc_a', items: [{ id: 'chk_a', status: 'UPDATED' }] });
    expect(store.reader.chunk('chk_a')).toMatchObject({
      text: 'New',
      position: 4,
      metadata: { year: 1 },
      ordinal: 1,
    });
    expect(store.lastApplied.vectorChanges).toEqual([]);
  });

  it('gives a changed vector a new ordinal and takes the old one out', async () => {
    await store.submit({ ...update, vector: Float32Array.of(7, 8) });
    expect(store.reader.chunk('chk_a')).toMatchObject({ ordinal: 2, text: 'Text of chk_a' });
    expect(store.reader.vector('chk_a')).toEqual(Float32Array.of(7, 8));
    expect(store.lastApplied.vectorChanges).toMatchObject([
      { removed: Uint32Array.of(1), added: Uint32Array.of(2), vectors: Float32Array.of(7, 8) },
    ]);
    expect(
      [...store.reader.chunksByOrdinal('lib_a', Uint32Array.of(1, 2))].map((found) => found?.id),
    ).toEqual([undefined, 'chk_a']);
  });

  it('writes nothing when nothing differs', async () => {
    const outcome = await store.submit({ ...update, text: 'Text of chk_a', vector: Float32Array.of(1, 2) });
    expect(outcome).toMatchObject({ written: false, items: [{ id: 'chk_a', status: 'UNCHANGED' }] });
  });

  it('keeps the library’s bytes true', async () => {
    const before = store.reader.library({ id: 'lib_a' })?.bytes ?? 0;
    await store.submit({ ...update, text: 'é', metadata: {}, vector: Float32Array.of(7, 8) });
    const lost = 'Text of chk_a'.length - 2 + '"year":1'.length;
    expect(store.reader.library({ id: 'lib_a' })?.bytes).toBe(before - lost);
  });

  it('refuses what is not there and what does not fit', async () => {
    await refusal(store.submit({ ...update, id: 'chk_none', text: 'x' }), 'NodeNotFoundError');
    await refusal(store.submit({ ...update, id: 'doc_a', text: 'x' }), 'InvalidArgumentError');
    const error = await refusal(
      store.submit({ ...update, vector: Float32Array.of(1) }),
      'DimensionMismatchError',
    );
    expect(error.path).toEqual(['embedding']);
  });
});

describe('deleting chunks', () => {
  beforeEach(() =>
    store.submit(
      writeChunks(
        'lib_a',
        [
          item('chk_a', 0, { metadata: { year: 1 } }),
          item('chk_b', 1, { metadata: { year: 2 } }),
          item('chk_c', 2),
        ],
        rows([1, 2], [3, 4], [5, 6]),
      ),
    ),
  );
  const remove = { type: 'deleteChunks', library: { id: 'lib_a' }, at: 6_000 } as const;

  it('by ids, each with an outcome', async () => {
    const ids = ['chk_c', 'chk_none', 'chk_a', 'chk_c', 'bad'];
    const outcome = await store.submit({ ...remove, by: { ids } });
    expect(outcome).toMatchObject({ written: true, deleted: { documents: 0, chunks: 2 } });
    expect(statuses(outcome.items)).toEqual([
      'DELETED',
      'NodeNotFoundError',
      'DELETED',
      'InvalidArgumentError',
      'InvalidArgumentError',
    ]);
    expect(ordinals()).toEqual([2]);
    expect(store.lastApplied.vectorChanges).toMatchObject([{ removed: Uint32Array.of(3, 1) }]);
    expect(store.lastApplied.events).toMatchObject([
      { kind: 'CHUNKS_DELETED', chunkIds: ['chk_c', 'chk_a'] },
    ]);
    const bytes = 'Text of chk_b'.length + '{"year":2}'.length + 8 + 2 * '{}'.length;
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({ chunkCount: 1, bytes });
  });

  it('by a predicate', async () => {
    const predicate = {
      kind: 'metadata',
      of: 'chunk',
      field: 'year',
      test: { op: 'gte', value: 1 },
    } as const;
    const outcome = await store.submit({ ...remove, by: { predicate } });
    expect(outcome).toMatchObject({ written: true, deleted: { documents: 0, chunks: 2 } });
    expect(ordinals()).toEqual([3]);
    expect(await store.submit({ ...remove, by: { predicate } })).toMatchObject({
      written: false,
      deleted: { documents: 0, chunks: 0 },
    });
  });

  it('not those of another library', async () => {
    await store.submit(createLibrary('lib_b'));
    const outcome = await store.submit({ ...remove, library: { id: 'lib_b' }, by: { ids: ['chk_a'] } });
    expect(outcome.written).toBe(false);
    expect(statuses(outcome.items)).toEqual(['NodeNotFoundError']);
  });

  it('never gives an ordinal out again', async () => {
    await store.submit({ ...remove, by: { ids: ['chk_c'] } });
    await store.submit(writeChunks('lib_a', [item('chk_c', 0)], rows([5, 6])));
    expect(ordinals()).toEqual([1, 2, 4]);
  });
});
