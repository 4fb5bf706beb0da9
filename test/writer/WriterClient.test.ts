import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningWriter, randomRows } from './RunningWriter.ts';

const DIMENSION = 8;

describe('a client of the writer', () => {
  let writer: RunningWriter;
  beforeEach(async () => {
    writer = await RunningWriter.start();
  });
  afterEach(() => writer.stopAndRemove());

  it('reads its own writes at once, in the store and in the index', async () => {
    const libraryId = await writer.createLibrary();
    const rows = randomRows(50, DIMENSION, 1);
    const query = rows.slice(3 * DIMENSION, 4 * DIMENSION);
    const outcome = await writer.createDocument(libraryId, rows, DIMENSION, 'first');

    expect(writer.client.appliedRevision()).toBe(outcome.revision);
    expect(writer.reader.chunkCount({ libraryId })).toBe(50);
    const { index, generation } = await writer.client.openIndex(libraryId);
    expect(generation).toBe(1);
    const { ordinals, distances } = index.search(query, { k: 1 });
    expect(distances[0]).toBeCloseTo(0);
    expect(writer.reader.chunksByOrdinal(libraryId, ordinals)[0]?.id).toBe('chk_first-3');

    await writer.deleteChunks(libraryId, ['chk_first-3']);
    expect(index.search(query, { k: 1 }).distances[0]).toBeGreaterThan(0);
  });
});
