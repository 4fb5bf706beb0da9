import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from './TestApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.close());

const CREATE = /* GraphQL */ `
  mutation ($input: CreateLibraryInput!) {
    createLibrary(input: $input) {
      __typename
      ... on LibraryResult {
        revision
        library { id name description embedding { provider model dimension metric normalized frozen } revision }
      }
      ... on Error { code message path retryable }
      ... on NameTakenError { name }
      ... on IdTakenError { id }
      ... on InvalidArgumentError { got expected }
      ... on IdempotencyConflictError { key }
    }
  }
`;

const create = async (input: object) => (await api.data(CREATE, { input })).createLibrary;

const UPDATE = /* GraphQL */ `
  mutation ($input: UpdateLibraryInput!) {
    updateLibrary(input: $input) {
      __typename
      ... on LibraryResult {
        library {
          name
          description
          embedding { provider dimension metric }
          metadataFields { name type description filterable }
          indexSettings { type m efConstruction }
          chunking { by unit size maxSize overlap }
        }
      }
      ... on Error { code path }
      ... on InvalidMetadataError { field got expected }
      ... on ContractFrozenError { got expected }
      ... on LibraryNotFoundError { name }
    }
  }
`;

const update = async (input: object) => (await api.data(UPDATE, { input })).updateLibrary;

describe('createLibrary', () => {
  it('makes a library that the server embeds for, unless told otherwise', async () => {
    const created = await create({ name: 'plain' });
    expect(created).toMatchObject({
      __typename: 'LibraryResult',
      library: {
        name: 'plain',
        description: null,
        embedding: { provider: 'BUILTIN', dimension: 384, metric: 'COSINE', normalized: true, frozen: false },
      },
    });
    expect(created.library.id).toMatch(/^lib_/);
    expect(created.library.revision).toBe(created.revision);
  });

  it('takes an id, a contract, fields and settings of the caller', async () => {
    const { library } = await create({
      id: 'lib_mine',
      name: 'mine',
      description: 'My own',
      embedding: { provider: 'EXTERNAL', model: 'note', dimension: 3, metric: 'EUCLIDEAN' },
      metadataFields: [{ name: 'year', type: 'NUMBER', description: 'Year' }],
      indexSettings: { type: 'HNSW', m: 8 },
    });
    expect(library.id).toBe('lib_mine');
    const read = await api.data(`{
      library(by: { id: "lib_mine" }) {
        description
        embedding { provider model dimension metric normalized }
        metadataFields { name type description filterable }
        indexSettings { type m efConstruction }
        index { type reason state generation settings { m } segments { vectors } memoryBytes recallCurve { recall } measuredAt vectorsSinceMeasured }
        counts { documents chunks tombstones bytes }
      }
    }`);
    expect(read.library).toMatchObject({
      description: 'My own',
      embedding: {
        provider: 'EXTERNAL',
        model: 'note',
        dimension: 3,
        metric: 'EUCLIDEAN',
        normalized: false,
      },
      metadataFields: [{ name: 'year', type: 'NUMBER', description: 'Year', filterable: true }],
      indexSettings: { type: 'HNSW', m: 8, efConstruction: 128 },
      index: { state: 'READY', generation: 1, settings: { m: 8 }, measuredAt: null, vectorsSinceMeasured: 0 },
      counts: { documents: 0, chunks: 0, tombstones: 0, bytes: 0 },
    });
  });

  it('refuses a name that is taken', async () => {
    await create({ name: 'twice' });
    expect(await create({ name: 'twice' })).toMatchObject({
      __typename: 'NameTakenError',
      code: 'CONFLICT',
      path: ['input', 'name'],
      retryable: false,
      name: 'twice',
    });
  });

  it('keeps names apart that differ in Unicode normalisation only', async () => {
    expect((await create({ name: 'caf\u00e9' })).__typename).toBe('LibraryResult');
    expect((await create({ name: 'cafe\u0301' })).__typename).toBe('LibraryResult');
  });

  it('refuses an id that is taken, or not that of a library', async () => {
    await create({ id: 'lib_once', name: 'once' });
    expect(await create({ id: 'lib_once', name: 'another' })).toMatchObject({
      __typename: 'IdTakenError',
      path: ['input', 'id'],
      id: 'lib_once',
    });
    expect(await create({ id: 'doc_once', name: 'another' })).toMatchObject({
      __typename: 'InvalidArgumentError',
      code: 'BAD_USER_INPUT',
      path: ['input', 'id'],
      got: '"doc_once"',
    });
  });

  it('says where an argument is out of range', async () => {
    const cases = [
      [{ name: '' }, ['input', 'name']],
      [{ name: 'n', indexSettings: { m: 1 } }, ['input', 'indexSettings', 'm']],
      [{ name: 'n', embedding: { provider: 'EXTERNAL', dimension: 0 } }, ['input', 'embedding', 'dimension']],
      [
        { name: 'n', embedding: { provider: 'EXTERNAL', queryPrefix: 'query: ' } },
        ['input', 'embedding', 'queryPrefix'],
      ],
      [{ name: 'n', embedding: { model: 'no-such-model' } }, ['input', 'embedding', 'model']],
      [{ name: 'n', embedding: { dimension: 7 } }, ['input', 'embedding', 'dimension']],
      [
        { name: 'n', metadataFields: [{ name: 'a b', type: 'NUMBER' }] },
        ['input', 'metadataFields', '0', 'name'],
      ],
      [{ name: 'n', idempotencyKey: '' }, ['input', 'idempotencyKey']],
    ] as const;
    for (const [input, path] of cases) {
      expect(await create(input)).toMatchObject({ __typename: 'InvalidArgumentError', path });
    }
  });

  it('answers a retry under the same idempotency key as it did the first time', async () => {
    const input = { name: 'retried', idempotencyKey: 'key-1' };
    const first = await create(input);
    expect(await create(input)).toEqual(first);
    expect(await create({ ...input, description: 'other' })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      code: 'CONFLICT',
      path: ['input', 'idempotencyKey'],
      key: 'key-1',
    });
  });
});

describe('updateLibrary', () => {
  it('says how texts are split from now on', async () => {
    const chunking = { by: 'SENTENCES', size: 64, maxSize: 64 };
    await create({ name: 'split', chunking });
    const text =
      '# One\n\nThe red button stops all. The green one starts it. The blue one does nothing at all.';
    const write = async (id: string) => {
      const input = { library: { name: 'split' }, id, contentType: 'text/markdown', content: { text } };
      const { upsertDocument } = await api.data(
        `mutation ($input: UpsertDocumentInput!) { upsertDocument(input: $input) {
          ... on DocumentResult { document { chunks { edges { node { text page headings } } } } }
        } }`,
        { input },
      );
      return upsertDocument.document.chunks.edges.map(({ node }: { node: object }) => node);
    };
    expect(await write('doc_before')).toEqual([
      { text: '# One\n\nThe red button stops all. The green one starts it.', page: null, headings: ['One'] },
      { text: 'The blue one does nothing at all.', page: null, headings: ['One'] },
    ]);
    const updated = await update({ library: { name: 'split' }, chunking: { by: 'HEADINGS', size: 800 } });
    expect(updated.library.chunking).toEqual({
      by: 'HEADINGS',
      unit: 'CHARACTERS',
      size: 800,
      maxSize: 1200,
      overlap: 0,
    });
    expect(await write('doc_after')).toHaveLength(1);
    expect(await update({ library: { name: 'split' }, chunking: { overlap: 401 } })).toMatchObject({
      __typename: 'InvalidArgumentError',
      path: ['input', 'chunking', 'overlap'],
    });
  });

  it('answers a retry as it did the first time, though the library no longer has the name it was called by', async () => {
    await create({ name: 'old name' });
    const input = { library: { name: 'old name' }, name: 'new name', idempotencyKey: 'rename-1' };
    const first = await update(input);
    expect(first).toMatchObject({ __typename: 'LibraryResult', library: { name: 'new name' } });
    expect(await update(input)).toEqual(first);
  });

  it('changes what is given and leaves the rest', async () => {
    await create({ name: 'before', description: 'old', metadataFields: [{ name: 'gone', type: 'STRING' }] });
    const { library } = await update({
      library: { name: 'before' },
      name: 'after',
      addMetadataFields: [{ name: 'tags', type: 'STRING_LIST', filterable: false }],
      removeMetadataFields: ['gone'],
      indexSettings: { m: 32 },
    });
    expect(library).toMatchObject({
      name: 'after',
      description: 'old',
      metadataFields: [{ name: 'tags', type: 'STRING_LIST', description: null, filterable: false }],
      indexSettings: { type: 'AUTO', m: 32, efConstruction: 128 },
    });
    const cleared = await update({ library: { name: 'after' }, description: null });
    expect(cleared.library.description).toBeNull();
  });

  it('changes the contract until the first vector is in, and not afterwards', async () => {
    await create({ name: 'open', embedding: { provider: 'EXTERNAL', dimension: 2 } });
    const embedding = { provider: 'EXTERNAL', dimension: 3, metric: 'DOT' };
    const changed = await update({ library: { name: 'open' }, embedding });
    expect(changed.library.embedding).toEqual(embedding);
    await api.data(`mutation {
      createDocument(input: { library: { name: "open" }, title: "t", content: { chunks: [{ text: "a", embedding: [1, 2, 3] }] } }) {
        __typename
      }
    }`);
    expect(
      await update({ library: { name: 'open' }, embedding: { ...embedding, metric: 'COSINE' } }),
    ).toMatchObject({
      __typename: 'ContractFrozenError',
      code: 'CONFLICT',
      path: ['input', 'embedding'],
    });
    expect((await update({ library: { name: 'open' }, embedding })).__typename).toBe('LibraryResult');
  });

  it('refuses another type for a field that has values', async () => {
    await create({ name: 'typed', metadataFields: [{ name: 'year', type: 'NUMBER' }] });
    await api.data(`mutation {
      createDocument(input: { library: { name: "typed" }, title: "t", metadata: { year: 2026 } }) { __typename }
    }`);
    expect(
      await update({ library: { name: 'typed' }, addMetadataFields: [{ name: 'year', type: 'STRING' }] }),
    ).toMatchObject({ __typename: 'InvalidMetadataError', field: 'year', got: 'STRING', expected: 'NUMBER' });
  });

  it('names what it did not find', async () => {
    expect(await update({ library: { name: 'nowhere' }, name: 'x' })).toMatchObject({
      __typename: 'LibraryNotFoundError',
      code: 'NOT_FOUND',
      path: ['input', 'library', 'name'],
      name: 'nowhere',
    });
    await create({ name: 'here' });
    await create({ name: 'there' });
    expect(await update({ library: { name: 'here' }, name: 'there' })).toMatchObject({
      __typename: 'NameTakenError',
    });
  });
});

describe('deleteLibrary', () => {
  const DELETE = `mutation ($input: DeleteLibraryInput!) {
    deleteLibrary(input: $input) {
      __typename
      ... on DeleteLibraryResult { deletedId deletedDocumentCount deletedChunkCount revision }
      ... on Error { code path }
    }
  }`;

  it('takes documents and chunks along', async () => {
    const { library } = await create({ name: 'doomed' });
    await api.data(`mutation {
      createDocument(input: { library: { name: "doomed" }, title: "t", content: { chunks: [{ text: "a" }, { text: "b" }] } }) {
        __typename
      }
    }`);
    const deleted = await api.data(DELETE, { input: { library: { name: 'doomed' } } });
    expect(deleted.deleteLibrary).toMatchObject({
      __typename: 'DeleteLibraryResult',
      deletedId: library.id,
      deletedDocumentCount: 1,
      deletedChunkCount: 2,
    });
    expect((await api.data('{ library(by: { name: "doomed" }) { id } }')).library).toBeNull();
  });

  it('does not find what is not there', async () => {
    const { deleteLibrary } = await api.data(DELETE, { input: { library: { id: 'lib_none' } } });
    expect(deleteLibrary).toMatchObject({
      __typename: 'LibraryNotFoundError',
      path: ['input', 'library', 'id'],
    });
  });
});

describe('libraries', () => {
  it('pages through them by name, both ways, with a count', async () => {
    for (const name of ['page-c', 'page-a', 'page-b']) await create({ name });
    const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String) {
      libraries(first: $first, after: $after, last: $last, before: $before, nameContains: "PAGE-") {
        totalCount
        edges { cursor node { name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }`;
    const names = (page: { edges: { node: { name: string } }[] }) => page.edges.map(({ node }) => node.name);
    const first = (await api.data(PAGE, { first: 2 })).libraries;
    expect(names(first)).toEqual(['page-a', 'page-b']);
    expect(first.totalCount).toBe(3);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, endCursor: first.edges[1].cursor });
    const second = (await api.data(PAGE, { first: 2, after: first.pageInfo.endCursor })).libraries;
    expect(names(second)).toEqual(['page-c']);
    expect(second.pageInfo.hasNextPage).toBe(false);
    const back = (await api.data(PAGE, { last: 2, before: second.pageInfo.startCursor })).libraries;
    expect(names(back)).toEqual(['page-a', 'page-b']);
  });

  it('refuses bad pages and cursors as errors of GraphQL, with codes', async () => {
    for (const query of [
      '{ libraries(first: -1) { totalCount } }',
      '{ libraries(after: "forged") { totalCount } }',
    ]) {
      const { errors } = await api.run(query);
      expect(errors[0]).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', kind: 'InvalidArgumentError' },
      });
    }
  });
});

describe('node and nodes', () => {
  it('find anything by its id, and null where there is nothing', async () => {
    await create({ id: 'lib_node', name: 'node' });
    await api.data(`mutation {
      createDocument(input: { library: { id: "lib_node" }, id: "doc_node", title: "t", content: { chunks: [{ id: "chk_node", text: "a" }] } }) {
        __typename
      }
    }`);
    const { node, nodes } = await api.data(`{
      node(id: "doc_node") { __typename id ... on Document { title library { name } } }
      nodes(ids: ["chk_node", "lib_none", "junk", "lib_node"]) { __typename id ... on Chunk { document { id } } }
    }`);
    expect(node).toEqual({ __typename: 'Document', id: 'doc_node', title: 't', library: { name: 'node' } });
    expect(nodes).toEqual([
      { __typename: 'Chunk', id: 'chk_node', document: { id: 'doc_node' } },
      null,
      null,
      { __typename: 'Library', id: 'lib_node' },
    ]);
  });

  it('take a bounded number of ids', async () => {
    const { errors } = await api.run('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 1_001 }, () => 'lib_x'),
    });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['ids'] });
  });
});

describe('server', () => {
  it('says what it is', async () => {
    const { server } = await api.data(
      '{ server { version startedAt uptimeSeconds threads libraryCount revision } }',
    );
    expect(server).toMatchObject({
      version: '0.1.0',
      threads: 1,
      revision: expect.stringMatching(/^\d{16}$/),
    });
    expect(server.libraryCount).toBeGreaterThan(0);
    expect(server.startedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });
});
