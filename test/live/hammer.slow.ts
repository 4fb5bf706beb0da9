import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningWriter } from '../writer/RunningWriter.ts';
import { hammerLibrary } from './hammerLibrary.ts';

const SEGMENT_SLOTS = 500;

describe('a library of several small segments', () => {
  let writer: RunningWriter;
  beforeEach(async () => {
    writer = await RunningWriter.start(undefined, 1, { segmentSlots: SEGMENT_SLOTS });
  });
  afterEach(() => writer.stopAndRemove());

  it('answers truly while it is written to, deleted from, rebuilt and swapped', {
    timeout: 120_000,
  }, async () => {
    const { libraryId, reports } = await hammerLibrary(writer, { readers: 2, batches: 30, rebuilds: 2 });
    for (const { faults, searches, asked, hits, generations, mostSegments } of reports) {
      expect(faults).toEqual([]);
      expect(searches).toBeGreaterThan(100);
      expect(hits / asked).toBeGreaterThan(0.97);
      expect(generations).toBeGreaterThan(1);
      expect(mostSegments).toBeGreaterThan(2);
    }
    const { index } = await writer.client.openIndex(libraryId);
    expect(index.ordinals()).toEqual(writer.reader.ordinals(libraryId));
    expect(index.segments.length).toBeGreaterThan(3);
    expect(writer.troubles).toEqual([]);
  });
});
