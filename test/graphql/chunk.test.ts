import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from './TestApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
  await api.data(`mutation {
    own: createLibrary(input: {
      id: "lib_own", name: "own"
      embedding: { provider: EXTERNAL, dimension: 2, metric: COSINE }
      metadataFields: [{ name: "page", type: NUMBER }]
    }) { __typename }
    text: createLibrary(input: { id: "lib_text", name: "text" }) { __typename }
    first: createDocument(input: { library: { name: "own" }, id: "doc_own", title: "own" }) { __typename }
    second: createDocument(input: { library: { name: "text" }, id: "doc_text", title: "text" }) { __typename }
  }`);
});
afterAll(() => api.close());

const BATCH = `
  __typename
  ... on ChunkBatchResult {
    createdCount updatedCount unchangedCount failedCount notWrittenCount revision
    items { index id status chunk { id text position } error { __typename code path ... on DimensionMismatchError { got expected } } }
  }
  ... on Error { code path }
`;
const create = async (input: object) =>
  (
    await api.data(`mutation ($input: CreateChunksInput!) { createChunks(input: $input) { ${BATCH} } }`, {
      input,
    })
  ).createChunks;
const upsert = async (input: object) =>
  (
    await api.data(`mutation ($input: UpsertChunksInput!) { upsertChunks(input: $input) { ${BATCH} } }`, {
      input,
    })
  ).upsertChunks;

const own = { library: { id: 'lib_own' } };
const chunk = (id: string, embedding: unknown, more: object = {}) => ({
  id,
  documentId: 'doc_own',
  text: id,
  embedding,
  ...more,
});
const exists = async (id: string) =>
  (await api.data('query ($id: ID!) { node(id: $id) { id } }', { id })).node !== null;

describe('createChunks', () => {
  it('creates a batch and says what became of each item', async () => {
    const batch = await create({
      ...own,
      chunks: [
        chunk('chk_a', [1, 0]),
        chunk('chk_b', Buffer.from(Float32Array.of(0, 1).buffer).toString('base64')),
      ],
    });
    expect(batch).toMatchObject({
      createdCount: 2,
      failedCount: 0,
      items: [
        { index: 0, id: 'chk_a', status: 'CREATED', chunk: { text: 'chk_a', position: 0 }, error: null },
        { index: 1, id: 'chk_b', status: 'CREATED', chunk: { text: 'chk_b', position: 1 }, error: null },
      ],
    });
  });

  const bad = [
    chunk('chk_good', [1, 1]),
    chunk('chk_nan', Buffer.from(Float32Array.of(Number.NaN, 1).buffer).toString('base64')),
    chunk('chk_zero', [0, 0]),
    chunk('chk_long', [1, 2, 3]),
    chunk('chk_none', null),
    chunk('chk_a', [1, 0]),
    chunk('chk_lost', [1, 0], { documentId: 'doc_none' }),
    chunk('chk_page', [1, 0], { metadata: { page: 'seven' } }),
    chunk('chk_map', [1, 0], { metadata: 'page 7' }),
  ];
  const errors = [
    { __typename: 'InvalidVectorError', path: ['input', 'chunks', '1', 'embedding'] },
    { __typename: 'InvalidVectorError', path: ['input', 'chunks', '2', 'embedding'] },
    {
      __typename: 'DimensionMismatchError',
      path: ['input', 'chunks', '3', 'embedding'],
      got: '3',
      expected: '2',
    },
    { __typename: 'InvalidVectorError', path: ['input', 'chunks', '4', 'embedding'] },
    { __typename: 'IdTakenError', path: ['input', 'chunks', '5', 'id'] },
    { __typename: 'NodeNotFoundError', path: ['input', 'chunks', '6', 'documentId'] },
    { __typename: 'InvalidMetadataError', path: ['input', 'chunks', '7', 'metadata', 'page'] },
    { __typename: 'InvalidMetadataError', path: ['input', 'chunks', '8', 'metadata'] },
  ];

  it('writes nothing if one item is bad, unless told otherwise', async () => {
    const batch = await create({ ...own, chunks: bad });
    expect(batch).toMatchObject({ createdCount: 0, failedCount: 8, notWrittenCount: 1 });
    expect(batch.items[0]).toMatchObject({ id: 'chk_good', status: 'NOT_WRITTEN', chunk: null, error: null });
    expect(batch.items.slice(1).map((item: { error: object }) => item.error)).toMatchObject(errors);
    expect(await exists('chk_good')).toBe(false);
  });

  it('writes the good ones with EACH', async () => {
    const batch = await create({ ...own, atomicity: 'EACH', chunks: bad });
    expect(batch).toMatchObject({ createdCount: 1, failedCount: 8, notWrittenCount: 0 });
    expect(batch.items[0]).toMatchObject({ status: 'CREATED', chunk: { id: 'chk_good' } });
    expect(batch.items.slice(1).map((item: { error: object }) => item.error)).toMatchObject(errors);
  });

  it('embeds the texts that come without vectors', async () => {
    const batch = await create({
      library: { name: 'text' },
      chunks: [
        { documentId: 'doc_text', text: 'one' },
        { documentId: 'doc_text', text: 'two' },
      ],
    });
    expect(batch).toMatchObject({ createdCount: 2 });
    const { node } = await api.data(
      'query ($id: ID!) { node(id: $id) { ... on Chunk { embedding(encoding: BASE64) } } }',
      {
        id: batch.items[0].id,
      },
    );
    expect(Buffer.from(node.embedding, 'base64')).toHaveLength(384 * 4);
  });

  it('refuses an empty batch, one that is too large, and an unknown library', async () => {
    expect(await create({ ...own, chunks: [] })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'chunks'],
    });
    const many = Array.from({ length: 10_001 }, () => ({ documentId: 'doc_own', text: '' }));
    expect(await create({ ...own, chunks: many })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'chunks'],
    });
    expect(await create({ library: { name: 'nowhere' }, chunks: [chunk('chk_x', [1, 0])] })).toMatchObject({
      __typename: 'LibraryNotFoundError',
    });
  });

  it('replays a batch under its idempotency key', async () => {
    const input = {
      ...own,
      idempotencyKey: 'batch-1',
      chunks: [{ documentId: 'doc_own', text: 'once', embedding: [1, 1] }],
    };
    const first = await create(input);
    expect(await create(input)).toEqual(first);
    expect(await create({ ...input, atomicity: 'EACH' })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      code: 'CONFLICT',
    });
  });
});

describe('upsertChunks', () => {
  it('tells what is new, changed and as before', async () => {
    await create({ ...own, chunks: [chunk('chk_u1', [1, 0]), chunk('chk_u2', [1, 0])] });
    const batch = await upsert({
      ...own,
      chunks: [chunk('chk_u1', [1, 0]), chunk('chk_u2', [0, 1]), chunk('chk_u3', [1, 1])],
    });
    expect(batch).toMatchObject({ createdCount: 1, updatedCount: 1, unchangedCount: 1 });
    expect(batch.items.map((item: { status: string }) => item.status)).toEqual([
      'UNCHANGED',
      'UPDATED',
      'CREATED',
    ]);
  });
});

describe('updateChunk', () => {
  const update = async (input: object) =>
    (
      await api.data(
        `mutation ($input: UpdateChunkInput!) { updateChunk(input: $input) {
          __typename
          ... on ChunkResult { revision chunk { text position page headings metadata embedding } }
          ... on Error { code path }
        } }`,
        { input },
      )
    ).updateChunk;

  it('changes what is given and leaves the rest', async () => {
    await create({ ...own, chunks: [chunk('chk_edit', [1, 0], { metadata: { page: 1 } })] });
    expect((await update({ id: 'chk_edit', text: 'new', position: 99 })).chunk).toMatchObject({
      text: 'new',
      position: 99,
      metadata: { page: 1 },
      embedding: [1, 0],
    });
    expect((await update({ id: 'chk_edit', page: 7, headings: ['Guide', 'Safety'] })).chunk).toMatchObject({
      text: 'new',
      page: 7,
      headings: ['Guide', 'Safety'],
    });
    expect((await update({ id: 'chk_edit', page: null })).chunk).toMatchObject({
      page: null,
      headings: ['Guide', 'Safety'],
    });
    expect((await update({ id: 'chk_edit', embedding: [0, 2], metadata: {} })).chunk).toMatchObject({
      text: 'new',
      metadata: {},
      embedding: [0, 2],
    });
  });

  it('embeds a new text anew where the server embeds', async () => {
    const { items } = await create({
      library: { name: 'text' },
      chunks: [{ documentId: 'doc_text', text: 'old words' }],
    });
    const read = async () =>
      (
        await api.data('query ($id: ID!) { node(id: $id) { ... on Chunk { embedding } } }', {
          id: items[0].id,
        })
      ).node;
    const before = (await read()).embedding;
    await update({ id: items[0].id, text: 'something else' });
    expect((await read()).embedding).not.toEqual(before);
  });

  it('refuses what does not fit', async () => {
    const cases = [
      [{ id: 'chk_missing', text: 'x' }, 'NodeNotFoundError', 'id'],
      [{ id: 'chk_edit', page: 0 }, 'InvalidArgumentError', 'page'],
      [{ id: 'chk_edit', headings: ['x'.repeat(1_025)] }, 'InvalidArgumentError', 'headings.0'],
      [{ id: 'chk_edit', embedding: [1] }, 'DimensionMismatchError', 'embedding'],
      [{ id: 'chk_edit', embedding: 'junk!' }, 'InvalidVectorError', 'embedding'],
      [{ id: 'chk_edit', metadata: { page: true } }, 'InvalidMetadataError', 'metadata.page'],
      [{ id: 'chk_edit', position: -1 }, 'InvalidArgumentError', 'position'],
    ] as const;
    for (const [input, typename, at] of cases) {
      expect(await update(input)).toMatchObject({ __typename: typename, path: ['input', ...at.split('.')] });
    }
  });
});

describe('deleteChunks', () => {
  const remove = async (by: object) =>
    (
      await api.data(
        `mutation ($by: DeleteChunksBy!) { deleteChunks(input: { library: { name: "own" }, by: $by }) {
          __typename
          ... on DeleteChunksResult { deletedCount items { id status error { __typename path } } revision }
          ... on Error { code path }
          ... on InvalidFilterError { field }
        } }`,
        { by },
      )
    ).deleteChunks;

  it('deletes by ids, each with an outcome', async () => {
    await create({ ...own, chunks: [chunk('chk_d1', [1, 0]), chunk('chk_d2', [1, 0])] });
    expect(await remove({ ids: ['chk_d1', 'chk_nothing', 'chk_d2'] })).toMatchObject({
      deletedCount: 2,
      items: [
        { id: 'chk_d1', status: 'DELETED', error: null },
        {
          id: 'chk_nothing',
          status: 'FAILED',
          error: { __typename: 'NodeNotFoundError', path: ['input', 'by', 'ids', '1'] },
        },
        { id: 'chk_d2', status: 'DELETED', error: null },
      ],
    });
  });

  it('deletes by filter', async () => {
    await create({
      ...own,
      chunks: [chunk('chk_f1', [1, 0], { metadata: { page: 77 } }), chunk('chk_f2', [1, 0])],
    });
    const filter = { metadata: [{ field: 'page', is: { number: { eq: 77 } } }] };
    expect(await remove({ filter })).toMatchObject({ deletedCount: 1, items: [] });
    expect([await exists('chk_f1'), await exists('chk_f2')]).toEqual([false, true]);
  });

  it('refuses filters that set no condition, and those that make no sense', async () => {
    expect(await remove({ filter: {} })).toMatchObject({
      __typename: 'InvalidFilterError',
      path: ['input', 'by', 'filter'],
    });
    expect(await remove({ filter: { metadata: [{ field: 'nope', is: { exists: true } }] } })).toMatchObject({
      __typename: 'InvalidFilterError',
      field: 'nope',
    });
    expect(await remove({ ids: [] })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'by', 'ids'],
    });
  });
});
