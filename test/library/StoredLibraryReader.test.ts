import { closeSync, openSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyLibraryCommand } from '../../src/library/apply.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { LocalLog } from '../../src/log/LocalLog.ts';
import { Database } from '../../src/store/Database.ts';
import { forgetPageSums } from '../../src/store/pages/PageSums.ts';
import {
  chunk,
  createDocument,
  createLibrary,
  refusal,
  rows,
  TestStore,
  thrown,
  writeChunks,
} from './TestStore.ts';

let store: TestStore;
beforeEach(async () => {
  store = new TestStore();
  await store.submit(createLibrary('lib_a'));
  await store.submit(
    createDocument('lib_a', 'doc_a', {
      chunks: [chunk('chk_a', 0), chunk('chk_b', 1), chunk('chk_c', 2)],
      vectors: rows([1, 2], [3, 4], [5, 6]),
    }),
  );
});
afterEach(() => store.close());

describe('reading what searches read', () => {
  it('gives the same library again until something is committed, and never one that is out of date', async () => {
    const read = () => store.reader.library({ id: 'lib_a' });
    const before = read();
    expect(before?.chunkCount).toBe(3);
    expect(read()).toBe(before);
    expect(store.reader.library({ name: before?.name ?? '' })).toEqual(before);
    await store.submit({ type: 'deleteChunks', library: { id: 'lib_a' }, by: { ids: ['chk_b'] }, at: 1 });
    expect(read()?.chunkCount).toBe(2);
    expect(store.reader.library({ name: before?.name ?? '' })?.chunkCount).toBe(2);
    await store.submit({ type: 'deleteLibrary', library: { id: 'lib_a' }, at: 2 });
    expect(read()).toBeUndefined();
    expect(store.reader.library({ name: before?.name ?? '' })).toBeUndefined();
  });

  it('remembers nothing on the connection that commits by itself, which is not told of its own commits', async () => {
    const reader = new StoredLibraryReader(store.database);
    expect(reader.library({ id: 'lib_a' })?.chunkCount).toBe(3);
    await store.submit({ type: 'deleteChunks', library: { id: 'lib_a' }, by: { ids: ['chk_b'] }, at: 1 });
    expect(reader.library({ id: 'lib_a' })?.chunkCount).toBe(2);
  });

  it('finds chunks by their ordinals as it finds them by their ids, in the order asked for', async () => {
    await store.submit({ type: 'updateChunk', id: 'chk_c', at: 7, headings: ['A', 'B'], page: 3 });
    const found = store.reader.chunksByOrdinal('lib_a', Uint32Array.of(3, 99, 1));
    expect(found).toEqual([store.reader.chunk('chk_c'), undefined, store.reader.chunk('chk_a')]);
    expect(store.reader.chunksByOrdinal('lib_none', Uint32Array.of(1))).toEqual([undefined]);
  });
});

describe('reading vectors', () => {
  it('goes on after an ordinal, in batches', async () => {
    await store.submit({ type: 'updateChunk', id: 'chk_a', at: 1, vector: Float32Array.of(7, 8) });
    const first = store.reader.vectorsAfter('lib_a', 0, 2);
    expect(first).toEqual({ ordinals: Uint32Array.of(2, 3), vectors: Float32Array.of(3, 4, 5, 6) });
    const second = store.reader.vectorsAfter('lib_a', 3, 2);
    expect(second).toEqual({ ordinals: Uint32Array.of(4), vectors: Float32Array.of(7, 8) });
    expect(store.reader.vectorsAfter('lib_a', 4, 2)).toEqual({
      ordinals: new Uint32Array(0),
      vectors: new Float32Array(0),
    });
    expect(store.reader.ordinals('lib_a')).toEqual(Uint32Array.of(2, 3, 4));
  });

  it('follows the order of the document', async () => {
    await store.submit({ type: 'updateChunk', id: 'chk_a', at: 1, position: 9 });
    expect(store.reader.documentVectors('doc_a')).toEqual(Float32Array.of(3, 4, 5, 6, 1, 2));
    expect(store.reader.documentVectors('doc_none')).toEqual(new Float32Array(0));
  });

  it.each([
    ['a flipped bit', "UPDATE vectors SET data = x'0000803f00000041' WHERE chunk_key = 2"],
    ['a wrong checksum', 'UPDATE vectors SET checksum = checksum + 1 WHERE chunk_key = 2'],
    ['a lost end', "UPDATE vectors SET data = x'00004040' WHERE chunk_key = 2"],
    ['an empty blob', "UPDATE vectors SET data = x'' WHERE chunk_key = 2"],
  ])('never serves %s, and names the chunk', (_, damage) => {
    store.database.run(damage);
    const reads = [
      () => store.reader.vector('chk_b'),
      () => store.reader.documentVectors('doc_a'),
      () => store.reader.vectorsAfter('lib_a', 0, 10),
    ];
    for (const read of reads) {
      const error = thrown(read, 'DamagedError');
      expect(error.detail.id).toBe('chk_b');
      expect(error.message).toContain('chk_b');
    }
    expect(store.reader.vector('chk_a')).toEqual(Float32Array.of(1, 2));
  });
});

describe('a page of the database that is damaged', () => {
  it('whose sums are lost is never served, neither to reads nor to writes, and stops nothing else', async () => {
    store.database.get('PRAGMA wal_checkpoint(TRUNCATE)');
    const chunks = "SELECT rootpage FROM sqlite_schema WHERE name = 'chunks'";
    const page = store.database.get<{ rootpage: number }>(chunks)?.rootpage ?? 0;
    const file = openSync(store.path, 'r+');
    writeSync(file, Buffer.alloc(64, 0xa5), 0, 64, (page - 1) * 8_192);
    closeSync(file);

    forgetPageSums(store.path);
    const database = Database.open(store.path, 'READ_WRITE');
    const reader = new StoredLibraryReader(database);
    const fatal: unknown[] = [];
    const log = new LocalLog({ database, apply: applyLibraryCommand, onFatal: (error) => fatal.push(error) });
    thrown(() => reader.chunk('chk_a'), 'DamagedError');
    thrown(() => reader.chunks({ libraryId: 'lib_a' }, {}), 'DamagedError');
    const update = { type: 'updateChunk', id: 'chk_a', at: 1, text: 'New' } as const;
    const [damaged, outcome] = await Promise.all([
      refusal(log.submit({ command: update }), 'DamagedError'),
      log.submit({ command: createLibrary('lib_b') }),
    ]);
    expect(damaged.message).toContain('Restore a backup');
    expect(reader.revision()).toBe(outcome.revision);
    expect(reader.library({ id: 'lib_b' })?.id).toBe('lib_b');
    expect(fatal).toEqual([]);
    await log.close();
    database.close();
  });
});

describe('reading chunks by ordinal', () => {
  it('keeps the order that was asked for, with a gap where one is gone', async () => {
    await store.submit({ type: 'deleteChunks', library: { id: 'lib_a' }, at: 1, by: { ids: ['chk_b'] } });
    const found = store.reader.chunksByOrdinal('lib_a', Uint32Array.of(3, 2, 1, 99, 3));
    expect(found.map((one) => one?.id)).toEqual(['chk_c', undefined, 'chk_a', undefined, 'chk_c']);
    expect(store.reader.chunksByOrdinal('lib_none', Uint32Array.of(1))).toEqual([undefined]);
    expect(store.reader.chunksByOrdinal('lib_a', new Uint32Array(0))).toEqual([]);
  });
});

describe('finding a library', () => {
  it('does not take an ill-formed name for another', async () => {
    await store.submit(createLibrary('lib_b', { name: '\ufffd' }));
    expect(store.reader.library({ name: '\ufffd' })?.id).toBe('lib_b');
    expect(store.reader.library({ name: '\ud800' })).toBeUndefined();
    expect(store.reader.library({ name: '' })).toBeUndefined();
    expect(store.reader.library({ id: 'lib_b\0' })).toBeUndefined();
  });
});

describe('an ordinal scan', () => {
  it('reads the index alone, not the rows with their texts', () => {
    const plan = store.readDatabase.all<{ detail: string }>(
      'EXPLAIN QUERY PLAN SELECT json_group_array(c.ordinal) FROM chunks c WHERE c.library_key = 1',
    );
    expect(plan.map(({ detail }) => detail).join()).toContain('USING COVERING INDEX');
  });

  it('with a filter by document reads the index alone too', () => {
    const plan = store.readDatabase.all<{ detail: string }>(
      `EXPLAIN QUERY PLAN SELECT json_group_array(c.ordinal) FROM chunks c
       WHERE c.library_key = 1 AND c.document_key IN (SELECT d.key FROM documents d WHERE d.title = 'x')`,
    );
    expect(plan[0]?.detail).toContain('USING COVERING INDEX chunks_in_order');
  });

  it('lists pages in the order of an index, without sorting', () => {
    const plan = store.readDatabase.all<{ detail: string }>(
      `EXPLAIN QUERY PLAN SELECT c.id FROM chunks c
       WHERE c.library_key = 1 AND (c.document_key, c.position, c.key) > (1, 1, 1)
       ORDER BY c.document_key, c.position, c.key LIMIT 10`,
    );
    expect(plan.map(({ detail }) => detail).join()).not.toContain('TEMP B-TREE');
  });
});

describe('counting', () => {
  it('agrees with what is listed', async () => {
    await store.submit(createDocument('lib_a', 'doc_b'));
    await store.submit(writeChunks('lib_a', [{ ...chunk('chk_d', 0), documentId: 'doc_b' }], rows([7, 8])));
    expect(store.reader.documentCount('lib_a')).toBe(2);
    expect(store.reader.chunkCount({ libraryId: 'lib_a' })).toBe(4);
    expect(store.reader.chunkCount({ documentId: 'doc_a' })).toBe(3);
    expect(store.reader.chunkCount({ documentId: 'doc_none' })).toBe(0);
    expect(store.reader.libraryCount()).toBe(1);
  });
});
