import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cursors } from '../../src/library/cursors.ts';
import type { DocumentOrder, Page, PageRequest } from '../../src/library/LibraryReader.ts';
import { MAX_PAGE_SIZE } from '../../src/library/limits.ts';
import { chunk, createDocument, createLibrary, rows, TestStore, thrown, writeChunks } from './TestStore.ts';

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  await store.submit(createLibrary('lib_a', { name: 'a' }));
});
afterEach(() => store.close());

type List = (page: PageRequest) => Page<{ readonly id: string }>;

/** Follows a list to its end, calling `meanwhile` between pages. Returns the ids in the order of the list. */
async function walk(
  list: List,
  direction: 'FORWARD' | 'BACKWARD',
  size: number,
  meanwhile?: () => Promise<unknown>,
) {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const at = cursor === undefined ? {} : direction === 'FORWARD' ? { after: cursor } : { before: cursor };
    const page = list({ ...at, ...(direction === 'FORWARD' ? { first: size } : { last: size }) });
    expect(page.edges.length).toBeLessThanOrEqual(size);
    const found = page.edges.map(({ node }) => node.id);
    if (direction === 'FORWARD') ids.push(...found);
    else ids.unshift(...found);
    const hasMore = direction === 'FORWARD' ? page.hasNextPage : page.hasPreviousPage;
    cursor = (direction === 'FORWARD' ? page.edges.at(-1) : page.edges[0])?.cursor;
    if (!hasMore || cursor === undefined) return ids;
    await meanwhile?.();
  }
}

/** Few titles and times, so that rows tie. */
async function addDocument(n: number): Promise<void> {
  const changes = {
    title: `T${n % 3}`,
    at: 1_000 + (n % 4),
    chunks: [chunk(`chk_${n}`, 0)],
    vectors: rows([n, 1]),
  };
  await store.submit(createDocument('lib_a', `doc_${n}`, changes));
}

async function addChunk(n: number, documentId: string): Promise<void> {
  const item = { ...chunk(`chk_${n}`, 0, { position: n % 3 }), documentId };
  await store.submit(writeChunks('lib_a', [item], rows([n, 2])));
}

const ORDERS: DocumentOrder[] = (['CREATED_AT', 'UPDATED_AT', 'TITLE'] as const).flatMap((field) => [
  { field, direction: 'ASC' },
  { field, direction: 'DESC' },
]);
const LISTS: [string, List][] = [
  ['libraries', (page) => store.reader.libraries(page)],
  ['chunks of the library', (page) => store.reader.chunks({ libraryId: 'lib_a' }, page)],
  ['chunks of a document', (page) => store.reader.chunks({ documentId: 'doc_0' }, page)],
  ...ORDERS.map((orderBy): [string, List] => [
    `documents by ${orderBy.field} ${orderBy.direction}`,
    (page) => store.reader.documents('lib_a', page, { orderBy }),
  ]),
];

describe.each(LISTS)('paging through %s', (name, list) => {
  beforeEach(async () => {
    for (let n = 0; n < 12; n++) await addDocument(n);
    for (let n = 12; n < 30; n++) await addChunk(n, n % 2 === 0 ? 'doc_0' : `doc_${n % 12}`);
    for (let n = 1; n < 12; n++) await store.submit(createLibrary(`lib_${n}`, { name: `${(n * 7) % 12}` }));
  });

  it('gives every row once, in the same order both ways, for any size of page', async () => {
    const all = list({ first: MAX_PAGE_SIZE }).edges.map(({ node }) => node.id);
    expect(all.length).toBeGreaterThan(8);
    for (const size of [1, 2, 5, all.length, all.length + 1]) {
      expect(await walk(list, 'FORWARD', size)).toEqual(all);
      expect(await walk(list, 'BACKWARD', size)).toEqual(all);
    }
  });

  it('gives every row that stays once, and no row twice, while rows come and go', async () => {
    const change = fc.record({ kind: fc.constantFrom('add', 'remove'), pick: fc.nat(1_000) });
    const scenario = fc.record({
      direction: fc.constantFrom('FORWARD' as const, 'BACKWARD' as const),
      size: fc.integer({ min: 1, max: 4 }),
      changes: fc.array(fc.array(change, { maxLength: 3 }), { minLength: 8, maxLength: 8 }),
    });
    let next = 1_000;
    const property = fc.asyncProperty(scenario, async ({ direction, size, changes }) => {
      const before = new Set(list({ first: MAX_PAGE_SIZE }).edges.map(({ node }) => node.id));
      const removed = new Set<string>();
      const steps = [...changes];
      const seen = await walk(list, direction, size, async () => {
        for (const { kind, pick } of steps.shift() ?? []) {
          next += 1;
          if (kind === 'add') await addRow(name, next);
          else await removeRow(list, pick, removed);
        }
      });
      expect(new Set(seen).size).toBe(seen.length);
      const stayed = [...before].filter((id) => !removed.has(id));
      expect(stayed.filter((id) => !seen.includes(id))).toEqual([]);
    });
    await fc.assert(property, { seed: 4, numRuns: 15 });
  });
});

async function addRow(name: string, n: number): Promise<void> {
  if (name === 'libraries')
    await store.submit(createLibrary(`lib_${n}`, { name: `${(n * 7_919) % 100_003}x` }));
  else if (name.startsWith('documents')) await addDocument(n);
  else await addChunk(n, 'doc_0');
}

async function removeRow(list: List, pick: number, removed: Set<string>): Promise<void> {
  const { edges } = list({ first: MAX_PAGE_SIZE });
  const id = edges[pick % edges.length]?.node.id;
  if (id === undefined || id === 'lib_a' || id === 'doc_0' || edges.length < 5) return;
  removed.add(id);
  const at = 9_000;
  if (id.startsWith('lib_')) await store.submit({ type: 'deleteLibrary', library: { id }, at });
  else if (id.startsWith('doc_')) await store.submit({ type: 'deleteDocument', id, at });
  else await store.submit({ type: 'deleteChunks', library: { id: 'lib_a' }, at, by: { ids: [id] } });
}

describe('a page', () => {
  beforeEach(async () => {
    for (let n = 0; n < 60; n++) await addDocument(n);
  });
  const documents = (page: PageRequest) => store.reader.documents('lib_a', page);

  it('has fifty rows unless told otherwise', () => {
    const page = documents({});
    expect(page.edges).toHaveLength(50);
    expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const rest = documents({ after: page.edges.at(-1)?.cursor ?? '' });
    expect(rest.edges).toHaveLength(10);
    expect(rest).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const back = documents({ before: rest.edges[0]?.cursor ?? '' });
    expect(back.edges).toEqual(page.edges);
    expect(back).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it('can lie between two cursors', () => {
    const { edges } = documents({});
    const page = documents({ after: edges[3]?.cursor ?? '', before: edges[6]?.cursor ?? '', first: 10 });
    expect(page.edges).toEqual(edges.slice(4, 6));
    expect(page).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it.each([
    { first: 0 },
    { first: -1 },
    { first: 1_001 },
    { first: 1.5 },
    { last: 0 },
    { last: 2 ** 31 },
    { first: 1, last: 1 },
  ])('cannot be asked for as %j', (page) => {
    thrown(() => documents(page), 'InvalidArgumentError');
    thrown(() => store.reader.chunks({ libraryId: 'lib_a' }, page), 'InvalidArgumentError');
    thrown(() => store.reader.libraries(page), 'InvalidArgumentError');
  });

  it('filters libraries by a part of their name, whatever the case', async () => {
    await store.submit(createLibrary('lib_b', { name: '100% MÜNCHEN_Ost' }));
    const named = (nameContains: string) =>
      store.reader.libraries({}, { nameContains }).edges.map(({ node }) => node.id);
    expect(named('münchen_')).toEqual(['lib_b']);
    expect(named('%')).toEqual(['lib_b']);
    expect(named('_')).toEqual(['lib_b']);
    expect(named('')).toEqual(['lib_b', 'lib_a']);
  });

  it('is empty for a library that is not there', () => {
    expect(store.reader.documents('lib_none', {})).toEqual({
      edges: [],
      hasNextPage: false,
      hasPreviousPage: false,
    });
    expect(store.reader.chunkCount({ libraryId: 'lib_none' })).toBe(0);
  });
});

describe('a cursor', () => {
  const cursors = new Cursors(new Uint8Array(32).fill(1));

  it('names the place it was made for', () => {
    const place = ['Ä title\u{1f600}', 12];
    expect(cursors.decode('list', cursors.encode('list', place), 'after')).toEqual(place);
  });

  it('is refused by another list and another database', () => {
    const cursor = cursors.encode('list', [1]);
    const other = new Cursors(new Uint8Array(32).fill(2));
    const error = thrown(() => cursors.decode('other', cursor, 'before'), 'InvalidArgumentError');
    expect(error.path).toEqual(['before']);
    thrown(() => other.decode('list', cursor, 'after'), 'InvalidArgumentError');
  });

  it('is refused when any of its characters is changed, dropped or added', () => {
    const cursor = cursors.encode('list', ['title', 3]);
    for (let index = 0; index < cursor.length; index++) {
      const letter = cursor[index] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, index) + letter + cursor.slice(index + 1);
      const dropped = cursor.slice(0, index) + cursor.slice(index + 1);
      const added = `${cursor.slice(0, index)}=${cursor.slice(index)}`;
      for (const bad of [changed, dropped, added]) {
        thrown(() => cursors.decode('list', bad, 'after'), 'InvalidArgumentError');
      }
    }
  });

  it.each(['', 'x', 'null', '%00', '\0', '\ud800', 'A'.repeat(1_000_000)])(
    'is refused when it is %j',
    (bad) => {
      thrown(() => cursors.decode('list', bad, 'after'), 'InvalidArgumentError');
    },
  );
});
