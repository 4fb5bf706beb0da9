import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from './TestApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
  await api.data(`mutation {
    own: createLibrary(input: { id: "lib_own", name: "own", embedding: { provider: EXTERNAL, dimension: 2, metric: EUCLIDEAN } }) { __typename }
    text: createLibrary(input: { id: "lib_text", name: "text", metadataFields: [{ name: "year", type: NUMBER }, { name: "at", type: DATE_TIME }] }) { __typename }
  }`);
});
afterAll(() => api.close());

const DOCUMENT = `
  __typename
  ... on DocumentResult {
    revision
    document {
      id title author sourceUrl contentType metadata createdAt updatedAt
      chunks { totalCount edges { node { id position text metadata embedding } } }
    }
  }
  ... on Error { code path }
  ... on InvalidMetadataError { field got expected }
`;

const create = async (input: object) =>
  (
    await api.data(
      `mutation ($input: CreateDocumentInput!) { createDocument(input: $input) { ${DOCUMENT} } }`,
      { input },
    )
  ).createDocument;
const upsert = async (input: object) =>
  (
    await api.data(
      `mutation ($input: UpsertDocumentInput!) { upsertDocument(input: $input) { ${DOCUMENT} } }`,
      { input },
    )
  ).upsertDocument;
const update = async (input: object) =>
  (
    await api.data(
      `mutation ($input: UpdateDocumentInput!) { updateDocument(input: $input) { ${DOCUMENT} } }`,
      { input },
    )
  ).updateDocument;

const own = { library: { id: 'lib_own' } };
const text = { library: { id: 'lib_text' } };

describe('createDocument', () => {
  it('writes a document with its chunks', async () => {
    const { document } = await create({
      ...own,
      title: 'Two',
      author: 'Ada',
      content: {
        chunks: [
          { id: 'chk_one', text: 'one', embedding: [1, 0] },
          { text: 'two', embedding: [0, 0.1] },
        ],
      },
    });
    expect(document).toMatchObject({
      title: 'Two',
      author: 'Ada',
      sourceUrl: null,
      contentType: 'text/plain',
      metadata: {},
    });
    expect(document.id).toMatch(/^doc_/);
    expect(document.chunks).toMatchObject({
      totalCount: 2,
      edges: [
        { node: { id: 'chk_one', position: 0, text: 'one', embedding: [1, 0] } },
        { node: { position: 1, text: 'two', embedding: [0, 0.100000001] } },
      ],
    });
  });

  it('makes chunks, vectors and a title of a text', async () => {
    const { document } = await create({
      ...text,
      contentType: 'text/markdown',
      metadata: { year: 2026, at: '2026-01-31T09:30:00+01:00' },
      content: { text: '# The handbook\n\nPress the red button.\n\n## Stopping\n\nPress it again.' },
    });
    expect(document.title).toBe('The handbook');
    expect(document.metadata).toEqual({ year: 2026, at: '2026-01-31T08:30:00.000Z' });
    expect(document.chunks.totalCount).toBeGreaterThan(0);
    for (const { node } of document.chunks.edges) expect(node.embedding).toHaveLength(384);
  });

  it('takes a text as HTML, CSV or JSONL, and keeps under which heading or row each chunk stands', async () => {
    const texts: [contentType: string, text: string, expected: unknown][] = [
      [
        'text/html',
        '<h1>Tea</h1><script>x()</script><p>Eighty &amp; no more',
        [['Tea\n\nEighty & no more', ['Tea']]],
      ],
      ['text/csv', 'name,says\nEve,hi', [['name: Eve\nsays: hi', ['Row 2']]]],
      ['application/x-ndjson; charset=utf-8', '{"text":"hi"}\n', [['hi', ['Line 1']]]],
    ];
    for (const [contentType, content, expected] of texts) {
      const { document } = await create({ ...text, contentType, content: { text: content } });
      const { chunks } = (
        await api.data(`{ node(id: "${document.id}") { ... on Document {
        chunks { edges { node { text headings } } } } } }`)
      ).node;
      expect(
        chunks.edges.map(({ node }: { node: { text: string; headings: string[] } }) => [
          node.text,
          node.headings,
        ]),
      ).toEqual(expected);
    }
    for (const [contentType, content] of [
      ['text/html', '<div>'.repeat(20_000)],
      ['application/x-ndjson', '{"text":"hi"}\n{oops'],
      ['text/csv', 'a,b\n1,"2'],
    ]) {
      expect(await create({ ...text, contentType, content: { text: content } })).toMatchObject({
        __typename: 'UnreadableFileError',
        path: ['input', 'content'],
      });
    }
  });

  it('embeds just the chunks that bring no vector', async () => {
    const embedding = Array.from({ length: 384 }, (_, at) => (at === 7 ? 1 : 0));
    const { document } = await create({
      ...text,
      title: 'Mixed',
      content: { chunks: [{ text: 'mine', embedding }, { text: 'yours' }] },
    });
    const [mine, yours] = document.chunks.edges;
    expect(mine.node.embedding).toEqual(embedding);
    expect(yours.node.embedding).not.toEqual(embedding);
  });

  it('may have no chunks yet, but needs a title then', async () => {
    expect((await create({ ...own, title: 'Empty' })).document.chunks.totalCount).toBe(0);
    expect(await create(own)).toMatchObject({ __typename: 'InvalidArgumentError', path: ['input', 'title'] });
  });

  it('writes nothing when one chunk is bad, and says which', async () => {
    const good = { text: 'good', embedding: [1, 2] };
    const cases = [
      [{ text: 'a' }, 'InvalidVectorError', 'embedding'],
      [{ text: 'a', embedding: [1, 2, 3] }, 'DimensionMismatchError', 'embedding'],
      [{ text: 'a', embedding: 'AAAA' }, 'InvalidVectorError', 'embedding'],
      [{ text: 'a', embedding: [1, null] }, 'InvalidVectorError', 'embedding'],
      [{ text: 'a', embedding: {} }, 'InvalidVectorError', 'embedding'],
      [{ text: 'a', embedding: [1, 1e39] }, 'InvalidVectorError', 'embedding'],
      [{ ...good, metadata: { undeclared: 1 } }, 'InvalidMetadataError', 'metadata.undeclared'],
      [{ ...good, metadata: [1] }, 'InvalidMetadataError', 'metadata'],
      [{ ...good, metadata: { a: { b: 1 } } }, 'InvalidMetadataError', 'metadata.a'],
      [{ ...good, metadata: { a: [[1]] } }, 'InvalidMetadataError', 'metadata.a'],
      [{ ...good, metadata: { a: null } }, 'InvalidMetadataError', 'metadata.a'],
      [{ ...good, id: 'chk_a b' }, 'InvalidArgumentError', 'id'],
      [{ ...good, text: 'NUL \0' }, 'InvalidArgumentError', 'text'],
      [{ ...good, text: '\ud800' }, 'InvalidArgumentError', 'text'],
    ] as const;
    for (const [chunk, typename, at] of cases) {
      const refused = await create({
        ...own,
        id: 'doc_refused',
        title: 't',
        content: { chunks: [good, chunk] },
      });
      expect(refused).toMatchObject({
        __typename: typename,
        code: 'BAD_USER_INPUT',
        path: ['input', 'content', 'chunks', '1', ...at.split('.')],
      });
    }
    expect((await api.data('{ node(id: "doc_refused") { id } }')).node).toBeNull();
  });

  it('says which metadata field has which type', async () => {
    expect(await create({ ...text, title: 't', metadata: { year: '2026' } })).toMatchObject({
      __typename: 'InvalidMetadataError',
      path: ['input', 'metadata', 'year'],
      field: 'year',
      got: '"2026"',
      expected: 'a finite number',
    });
  });

  it('refuses an id that is taken, an unknown library and a type that it cannot read', async () => {
    await create({ ...own, id: 'doc_taken', title: 't' });
    expect(await create({ ...own, id: 'doc_taken', title: 't' })).toMatchObject({
      __typename: 'IdTakenError',
      code: 'CONFLICT',
      path: ['input', 'id'],
    });
    expect(await create({ library: { name: 'nowhere' }, title: 't' })).toMatchObject({
      __typename: 'LibraryNotFoundError',
      path: ['input', 'library', 'name'],
    });
    expect(await create({ ...text, contentType: 'application/pdf', content: { text: 'x' } })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'contentType'],
    });
  });

  it('replays an answer for an idempotency key without embedding the text again', async () => {
    const input = { library: { name: 'texts' }, content: { text: 'Once.' }, idempotencyKey: 'document-2' };
    await api.data('mutation { createLibrary(input: { name: "texts" }) { __typename } }');
    const query = `mutation ($input: CreateDocumentInput!) {
      createDocument(input: $input) { __typename ... on DocumentResult { document { id } revision } } }`;
    const first = await api.data(query, { input });
    expect(first.createDocument.__typename).toBe('DocumentResult');
    const embedderFor = () => {
      throw new Error('It was embedded again.');
    };
    expect(await api.data(query, { input }, { embedderFor })).toEqual(first);
  });

  it('replays an answer for an idempotency key, however the vector is written', async () => {
    const input = { ...own, title: 'once', idempotencyKey: 'document-1' };
    const base64 = Buffer.from(Float32Array.of(3, 4).buffer).toString('base64');
    const first = await create({ ...input, content: { chunks: [{ text: 'a', embedding: [3, 4] }] } });
    const again = await create({ ...input, content: { chunks: [{ text: 'a', embedding: base64 }] } });
    expect(again).toEqual(first);
    expect(await create({ ...input, content: { chunks: [{ text: 'a', embedding: [4, 3] }] } })).toMatchObject(
      {
        __typename: 'IdempotencyConflictError',
      },
    );
  });
});

describe('upsertDocument', () => {
  it('creates, and later replaces the document with all of its chunks', async () => {
    const first = await upsert({
      ...text,
      id: 'doc_up',
      title: 'One',
      content: {
        chunks: [
          { id: 'chk_up1', text: 'a' },
          { id: 'chk_up2', text: 'b' },
        ],
      },
    });
    const second = await upsert({
      ...text,
      id: 'doc_up',
      title: 'Two',
      content: {
        chunks: [
          { id: 'chk_up2', text: 'b' },
          { id: 'chk_up3', text: 'c' },
        ],
      },
    });
    expect(second.document).toMatchObject({
      id: 'doc_up',
      title: 'Two',
      createdAt: first.document.createdAt,
    });
    expect(second.document.chunks.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual([
      'chk_up2',
      'chk_up3',
    ]);
    expect(second.revision > first.revision).toBe(true);
  });

  it('does not take a document from another library', async () => {
    await upsert({ ...text, id: 'doc_elsewhere', title: 't' });
    expect(await upsert({ ...own, id: 'doc_elsewhere', title: 't' })).toMatchObject({
      __typename: 'IdTakenError',
    });
  });
});

describe('updateDocument', () => {
  it('changes what is given, takes away what is null, and leaves the rest', async () => {
    await create({
      ...text,
      id: 'doc_edit',
      title: 'Old',
      author: 'Ada',
      sourceUrl: 'https://example.com',
      metadata: { year: 1 },
    });
    const { document } = await update({ id: 'doc_edit', title: 'New', author: null, metadata: { year: 2 } });
    expect(document).toMatchObject({
      title: 'New',
      author: null,
      sourceUrl: 'https://example.com',
      metadata: { year: 2 },
    });
    expect((await update({ id: 'doc_edit', metadata: null })).document.metadata).toEqual({});
  });

  it('refuses what does not fit', async () => {
    expect(await update({ id: 'doc_none', title: 'x' })).toMatchObject({
      __typename: 'NodeNotFoundError',
      path: ['input', 'id'],
    });
    expect(await update({ id: 'doc_edit', metadata: { month: 1 } })).toMatchObject({
      __typename: 'InvalidMetadataError',
      field: 'month',
    });
    expect(await update({ id: 'doc_edit', title: 'x'.repeat(1_025) })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'title'],
    });
  });
});

describe('deleteDocument', () => {
  const DELETE = `mutation ($id: ID!) { deleteDocument(input: { id: $id }) {
    __typename ... on DeleteDocumentResult { deletedId deletedChunkCount } ... on Error { path }
  } }`;

  it('takes its chunks along', async () => {
    await create({
      ...text,
      id: 'doc_gone',
      title: 't',
      content: { chunks: [{ id: 'chk_gone', text: 'a' }] },
    });
    expect((await api.data(DELETE, { id: 'doc_gone' })).deleteDocument).toEqual({
      __typename: 'DeleteDocumentResult',
      deletedId: 'doc_gone',
      deletedChunkCount: 1,
    });
    expect((await api.data('{ nodes(ids: ["doc_gone", "chk_gone"]) { id } }')).nodes).toEqual([null, null]);
    expect((await api.data(DELETE, { id: 'doc_gone' })).deleteDocument).toMatchObject({
      __typename: 'NodeNotFoundError',
      path: ['input', 'id'],
    });
  });
});

describe('documents of a library', () => {
  it('are filtered, ordered, counted and paged', async () => {
    await api.data('mutation { createLibrary(input: { id: "lib_list", name: "list" }) { __typename } }');
    for (const title of ['beta', 'alpha', 'gamma', 'Alphabet'])
      await create({ library: { id: 'lib_list' }, title });
    const { library } = await api.data(`{
      library(by: { name: "list" }) {
        ordered: documents(orderBy: { field: TITLE, direction: DESC }, first: 2) { totalCount edges { node { title } } pageInfo { hasNextPage } }
        filtered: documents(filter: { title: { contains: "ALPHA" } }) { totalCount edges { node { title } } }
      }
    }`);
    expect(library.ordered).toMatchObject({
      totalCount: 4,
      edges: [{ node: { title: 'gamma' } }, { node: { title: 'beta' } }],
      pageInfo: { hasNextPage: true },
    });
    expect(library.filtered).toMatchObject({
      totalCount: 2,
      edges: [{ node: { title: 'alpha' } }, { node: { title: 'Alphabet' } }],
    });
  });

  it('refuse a filter that they do not understand, as an error of GraphQL', async () => {
    const { errors } = await api.run(`{
      library(by: { name: "list" }) { documents(filter: { metadata: [{ field: "nope", is: { exists: true } }] }) { totalCount } }
    }`);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      kind: 'InvalidFilterError',
      field: 'nope',
    });
  });
});
