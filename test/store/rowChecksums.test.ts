import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findJob, putJob } from '../../src/jobs/jobTable.ts';
import type { Job } from '../../src/jobs/types.ts';
import { tendWords } from '../../src/library/applyWords.ts';
import { verifyBackup } from '../../src/store/backup.ts';
import { nextTexts } from '../../src/store/nextVectors.ts';
import { findPendingOf } from '../../src/store/pendingDocuments.ts';
import { requestFill } from '../../src/store/words.ts';
import {
  chunk,
  createDocument,
  createLibrary,
  refusal,
  rows,
  TestStore,
  thrown,
  writeChunks,
} from '../library/TestStore.ts';

const LIBRARY = 'lib_a';

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  const metadataFields = [
    { name: 'year', type: 'NUMBER', description: 'of print', filterable: true },
  ] as const;
  await store.submit(createLibrary(LIBRARY, { description: 'All of them.', metadataFields }));
  const given = { title: 'The handbook', author: 'Ada', sourceUrl: 'https://example.org/a' };
  await store.submit(createDocument(LIBRARY, 'doc_a', { ...given, metadata: { year: 1999 } }));
  const item = { text: 'Press the red button.', headings: ['Machines'], page: 7, metadata: { year: 2001 } };
  const items = ['chk_a', 'chk_b'].map((id, row) => ({ ...chunk(id, row, item), documentId: 'doc_a' }));
  await store.submit(writeChunks(LIBRARY, items, rows([1, 2], [3, 4])));
});
afterEach(() => store.close());

/** Changes one bit of a value in the file, as a disk does: nothing that is derived from it follows. */
function damage(table: string, column: string, where = 'TRUE'): void {
  const raw = new DatabaseSync(store.path);
  try {
    const row = raw.prepare(`SELECT ${column} AS value FROM ${table} WHERE ${where}`).get();
    const value = row?.value;
    const text = String(value);
    const damaged =
      typeof value === 'string'
        ? `${String.fromCharCode(text.charCodeAt(0) ^ 1)}${text.slice(1)}`
        : value === null
          ? null
          : Number(value) ^ 1;
    raw.exec('PRAGMA foreign_keys = OFF');
    raw.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(damaged ?? 1);
  } finally {
    raw.close();
  }
}

describe('a bit that is wrong in what is stored', () => {
  it.each([
    'position',
    'ordinal',
    'text',
    'page',
    'headings',
    'metadata',
    'truncated',
    'created_at',
    'updated_at',
  ])('of the %s of a chunk is noticed wherever the chunk would be served', (column) => {
    damage('chunks', column, "id = 'chk_a'");
    const named = { kind: 'DamagedError', detail: { id: 'chk_a' } };
    const { reader } = store;
    expect(thrown(() => reader.chunk('chk_a'))).toMatchObject(named);
    expect(thrown(() => reader.chunks({ documentId: 'doc_a' }, {}))).toMatchObject(named);
    if (column === 'ordinal') return;
    expect(thrown(() => reader.chunksByOrdinal(LIBRARY, Uint32Array.of(1, 2)))).toMatchObject(named);
    expect(thrown(() => reader.chunksAfter(LIBRARY, 0, 10))).toMatchObject(named);
    expect(reader.chunk('chk_b')?.text).toBe('Press the red button.');
  });

  it.each([
    'title',
    'author',
    'source_url',
    'content_type',
    'metadata',
    'source_hash',
    'incomplete',
    'created_at',
    'updated_at',
  ])('of the %s of a document is noticed wherever it would be served', (column) => {
    damage('documents', column);
    const named = { kind: 'DamagedError', detail: { id: 'doc_a' } };
    const { reader } = store;
    expect(thrown(() => reader.document('doc_a'))).toMatchObject(named);
    expect(thrown(() => reader.documentsOf(['doc_a']))).toMatchObject(named);
    expect(thrown(() => reader.documents(LIBRARY, {}))).toMatchObject(named);
  });

  it.each([
    ['libraries', 'description'],
    ['libraries', 'model'],
    ['libraries', 'index_settings'],
    ['libraries', 'chunk_count'],
    ['libraries', 'next_ordinal'],
    ['metadata_fields', 'description'],
    ['metadata_fields', 'filterable'],
  ])('of %s, %s, is noticed wherever a library is read', (table, column) => {
    damage(table, column);
    expect(thrown(() => store.reader.library({ id: LIBRARY })).kind).toBe('DamagedError');
    expect(thrown(() => store.reader.libraries({})).kind).toBe('DamagedError');
  });

  it('of the id of a document, or of its library, is noticed where a chunk of it would be served', () => {
    damage('documents', 'id');
    expect(thrown(() => store.reader.chunk('chk_a')).kind).toBe('DamagedError');
  });

  it('of a text is neither embedded nor indexed', () => {
    damage('chunks', 'text', "id = 'chk_b'");
    const named = { kind: 'DamagedError', detail: { id: 'chk_b' } };
    expect(thrown(() => nextTexts(store.database, 1, 0, 10))).toMatchObject(named);
    requestFill(store.database, 1, 2);
    expect(thrown(() => tendWords(store.database, 9))).toMatchObject(named);
  });

  it('of content that waits to be embedded is not embedded', async () => {
    await store.submit({
      ...createDocument(LIBRARY, 'doc_waits'),
      type: 'postponeDocument',
      ifExists: 'ERROR',
      chunks: [{ id: 'chk_w', text: 'Wait.', metadata: {} }],
      error: { kind: 'EmbedderError', message: 'It is asleep.', path: [], detail: {} },
    });
    expect(findPendingOf(store.readDatabase, 'doc_waits')?.content).toContain('Wait.');
    damage('pending_documents', 'content');
    expect(thrown(() => findPendingOf(store.readDatabase, 'doc_waits')).detail).toEqual({ id: 'doc_waits' });
  });

  it('of the number by which a vector belongs to its chunk does not hide the chunk', async () => {
    const [all, one] = [() => store.reader.chunksAfter(LIBRARY, 0, 10), () => store.reader.vector('chk_a')];
    expect(all().rows).toHaveLength(2);
    const raw = new DatabaseSync(store.path);
    raw.exec('PRAGMA foreign_keys = OFF; UPDATE vectors SET chunk_key = 9 WHERE chunk_key = 1');
    raw.close();
    for (const read of [all, one])
      expect(thrown(read)).toMatchObject({ kind: 'DamagedError', detail: { id: 'chk_a' } });
  });

  it('of a job is noticed', () => {
    const job = { id: 'job_a', kind: 'INDEX', libraryId: LIBRARY, state: 'QUEUED', createdAt: 1 };
    putJob(store.database, job as Job);
    expect(findJob(store.readDatabase, 'job_a')).toEqual(job);
    damage('jobs', 'record');
    expect(thrown(() => findJob(store.readDatabase, 'job_a'))).toMatchObject({
      kind: 'DamagedError',
      detail: { id: 'job_a' },
    });
    expect(() => verifyBackup(store.path)).toThrow(/the job job_a/);
  });

  it.each([
    ['chunks', 'text', /chunk chk_a/],
    ['documents', 'title', /document doc_a/],
    ['libraries', 'description', /library lib_a/],
    ['metadata_fields', 'description', /metadata field year/],
    ['documents', 'library_key', /refers to nothing|missing from index/],
  ])('of %s, %s, is found by verifying the database', (table, column, message) => {
    expect(verifyBackup(store.path).revision).toBe(3);
    damage(table, column, table === 'chunks' ? "id = 'chk_a'" : 'TRUE');
    expect(() => verifyBackup(store.path)).toThrow(message);
  });

  it('keeps a change from being built on it, and goes when the chunk is deleted and written again', async () => {
    damage('chunks', 'text', "id = 'chk_a'");
    const again = { ...chunk('chk_a', 0, { text: 'Press the red button.' }), documentId: 'doc_a' };
    const retitled = { type: 'updateChunk', id: 'chk_a', at: 5, metadata: { year: 1 } } as const;
    await refusal(store.submit(retitled), 'DamagedError');
    await store.submit({ type: 'deleteChunks', library: { id: LIBRARY }, at: 5, by: { ids: ['chk_a'] } });
    await store.submit(writeChunks(LIBRARY, [again], rows([1, 2])));
    expect(store.reader.chunk('chk_a')?.text).toBe('Press the red button.');
    expect(verifyBackup(store.path).revision).toBe(5);
  });
});

describe('what is written after a row', () => {
  it.each([
    ['a field that goes with its values', { removeMetadataFields: ['year'] }],
    ['a library of another name', { name: 'other', description: null }],
  ])('leaves checksums that are right: %s', async (_, change) => {
    await store.submit({ type: 'updateLibrary', library: { id: LIBRARY }, at: 4, ...change });
    expect(verifyBackup(store.path).revision).toBe(4);
    expect(store.reader.chunks({ libraryId: LIBRARY }, {}).edges).toHaveLength(2);
  });
});
