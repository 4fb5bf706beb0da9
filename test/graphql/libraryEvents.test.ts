import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, TestApi } from './TestApi.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.close());

const FOLLOW = `subscription ($library: LibraryBy!, $after: String) {
  libraryEvents(library: $library, after: $after) {
    __typename
    cursor
    revision
    at
    libraryId
    library { name counts { chunks } }
    ... on DocumentCreated { documentId document { title } }
    ... on DocumentUpdated { documentId document { title } }
    ... on DocumentDeleted { documentId }
    ... on ChunksWritten { chunkCount chunkIds chunks { text } }
    ... on ChunksDeleted { chunkCount chunkIds }
  }
}`;

const follow = async (variables: Record<string, unknown>) =>
  (await api.follow(FOLLOW, variables)) as AsyncGenerator<Answer>;

async function next(events: AsyncGenerator<Answer>) {
  const { value } = await events.next();
  expect(value.errors).toEqual([]);
  return value.data.libraryEvents;
}

describe('libraryEvents', () => {
  it('begins with a snapshot, tells everything in order, and ends with the library', async () => {
    const { createLibrary } = await api.data(
      'mutation { createLibrary(input: { id: "lib_told", name: "told" }) { ... on LibraryResult { revision } } }',
    );
    const events = await follow({ library: { name: 'told' } });
    expect(await next(events)).toMatchObject({
      __typename: 'LibrarySnapshot',
      cursor: null,
      revision: createLibrary.revision,
      libraryId: 'lib_told',
      library: { name: 'told', counts: { chunks: 0 } },
    });

    const write = async (mutation: string) => api.data(`mutation { ${mutation} { __typename } }`);
    await write(
      'createDocument(input: { library: { name: "told" }, id: "doc_told", title: "One", content: { chunks: [{ id: "chk_told", text: "a" }] } })',
    );
    await write('updateDocument(input: { id: "doc_told", title: "Two" })');
    await write(
      'createChunks(input: { library: { name: "told" }, chunks: [{ id: "chk_more", documentId: "doc_told", text: "b" }] })',
    );
    await write('deleteChunks(input: { library: { name: "told" }, by: { ids: ["chk_more"] } })');
    await write('updateLibrary(input: { library: { name: "told" }, description: "new" })');
    await write('deleteDocument(input: { id: "doc_told" })');
    await write('deleteLibrary(input: { library: { name: "told" } })');

    const told: Answer['data'][] = [];
    for await (const { data } of events) told.push(data.libraryEvents);
    expect(told).toMatchObject([
      { __typename: 'DocumentCreated', documentId: 'doc_told' },
      { __typename: 'ChunksWritten', chunkCount: 1, chunkIds: ['chk_told'] },
      { __typename: 'DocumentUpdated', documentId: 'doc_told' },
      { __typename: 'ChunksWritten', chunkIds: ['chk_more'] },
      { __typename: 'ChunksDeleted', chunkIds: ['chk_more'] },
      { __typename: 'LibraryUpdated' },
      { __typename: 'DocumentDeleted', documentId: 'doc_told' },
      { __typename: 'LibraryDeleted', library: null },
    ]);
    const revisions = told.map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort());
  });

  it('goes on after a cursor, without a snapshot', async () => {
    await api.data(
      'mutation { createLibrary(input: { id: "lib_resumed", name: "resumed" }) { __typename } }',
    );
    const write = (title: string) =>
      api.data(
        `mutation { createDocument(input: { library: { name: "resumed" }, title: "${title}" }) { __typename } }`,
      );
    const events = await follow({ library: { name: 'resumed' } });
    await next(events);
    await write('one');
    const { cursor } = await next(events);
    await events.return(undefined);
    await write('two');
    const resumed = await follow({ library: { name: 'resumed' }, after: cursor });
    expect(await next(resumed)).toMatchObject({ __typename: 'DocumentCreated', document: { title: 'two' } });
    await resumed.return(undefined);
  });

  it('refuses libraries that are not there, and cursors that are not its own', async () => {
    const refused = (await api.follow(FOLLOW, { library: { name: 'none' } })) as Answer;
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', kind: 'LibraryNotFoundError' });
    const forged = await api.follow(FOLLOW, { library: { name: 'resumed' }, after: 'forged' });
    expect('errors' in forged && forged.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
