import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContinueDocument } from '../../src/library/commands.ts';
import { chunk, createDocument, createLibrary, refusal, rows, TestStore, writeChunks } from './TestStore.ts';

describe('a document that is written in parts', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = new TestStore();
    await store.submit(createLibrary('lib_a'));
    await store.submit(
      createDocument('lib_a', 'doc_a', {
        sourceHash: 'first',
        isPart: true,
        chunks: [chunk('chk_a', 0), chunk('chk_b', 1)],
        vectors: rows([1, 2], [3, 4]),
      }),
    );
  });
  afterEach(() => store.close());

  const part = (id: string, after: number, changes: Partial<ContinueDocument> = {}): ContinueDocument => ({
    type: 'continueDocument',
    library: { id: 'lib_a' },
    id: 'doc_a',
    at: 3_000,
    sourceHash: 'first',
    after,
    isPart: true,
    chunks: [chunk(id, 0, { page: 7 })],
    vectors: rows([5, 6]),
    ...changes,
  });
  const state = () => store.reader.document('doc_a')?.state;
  const texts = () =>
    store.reader.chunks({ documentId: 'doc_a' }, {}).edges.map(({ node }) => [node.id, node.position]);

  it('is incomplete until the last one, and has them in their order', async () => {
    expect(state()).toBe('INCOMPLETE');
    const outcome = await store.submit(part('chk_c', 2));
    expect(outcome).toMatchObject({ documentId: 'doc_a', written: true });
    expect(store.lastApplied.events.map(({ kind }) => kind)).toEqual(['CHUNKS_WRITTEN']);
    expect(state()).toBe('INCOMPLETE');
    await store.submit(part('chk_d', 3, { isPart: false }));
    expect(state()).toBe('READY');
    expect(store.reader.document('doc_a')?.sourceHash).toBe('first');
    expect(texts()).toEqual([
      ['chk_a', 0],
      ['chk_b', 1],
      ['chk_c', 2],
      ['chk_d', 3],
    ]);
    expect(store.reader.library({ id: 'lib_a' })).toMatchObject({ documentCount: 1, chunkCount: 4 });
    expect(store.lastApplied.vectorChanges).toMatchObject([{ added: Uint32Array.of(4) }]);
    expect(store.lastApplied.events.map(({ kind }) => kind)).toEqual(['DOCUMENT_UPDATED', 'CHUNKS_WRITTEN']);
  });

  it('takes no part twice, none out of turn, none of another source, and none when it is whole', async () => {
    await store.submit(part('chk_c', 2));
    await refusal(store.submit(part('chk_d', 2)), 'CancelledError');
    await refusal(store.submit(part('chk_d', 4)), 'CancelledError');
    await refusal(store.submit(part('chk_d', 3, { sourceHash: 'other' })), 'CancelledError');
    await refusal(store.submit(part('chk_d', 3, { id: 'doc_none' })), 'CancelledError');
    await store.submit(part('chk_d', 3, { isPart: false }));
    await refusal(store.submit(part('chk_e', 4)), 'CancelledError');
    expect(texts()).toHaveLength(4);
  });

  it('takes none after somebody has changed it', async () => {
    const byHand = { ...chunk('chk_x', 0), documentId: 'doc_a' };
    await store.submit(writeChunks('lib_a', [byHand], rows([9, 9])));
    await refusal(store.submit(part('chk_c', 3)), 'CancelledError');
    expect(state()).toBe('INCOMPLETE');
  });

  it('takes none while other content waits to take its place', async () => {
    const { vectors: _, ...other } = createDocument('lib_a', 'doc_a', { ifExists: 'REPLACE' });
    await store.submit({
      ...other,
      type: 'postponeDocument',
      chunks: [{ id: 'chk_w', text: 'waits', metadata: {} }],
      error: { kind: 'EmbedderError', message: 'away', path: [], detail: {} },
    });
    expect(state()).toBe('PENDING_EMBEDDING');
    await refusal(store.submit(part('chk_c', 2)), 'CancelledError');
  });

  it('is whole when it is replaced by one that is written at once', async () => {
    const whole = { ifExists: 'REPLACE', chunks: [chunk('chk_w', 0)], vectors: rows([1, 1]) } as const;
    await store.submit(createDocument('lib_a', 'doc_a', whole));
    expect(state()).toBe('READY');
    expect(texts()).toEqual([['chk_w', 0]]);
  });

  it('stays incomplete when its title is changed', async () => {
    await store.submit({ type: 'updateDocument', id: 'doc_a', at: 4_000, title: 'Another' });
    expect(state()).toBe('INCOMPLETE');
    await store.submit(part('chk_c', 2, { isPart: false }));
    expect(store.reader.document('doc_a')).toMatchObject({ state: 'READY', title: 'Another' });
  });
});
