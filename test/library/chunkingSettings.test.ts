import { describe, expect, it } from 'vitest';
import {
  changedChunking,
  checkChunkingSettings,
  DEFAULT_CHUNKING,
} from '../../src/library/chunkingSettings.ts';

describe('chunking settings', () => {
  it('keep what is left out, unless it hangs on what changes', () => {
    expect(changedChunking(DEFAULT_CHUNKING, {})).toEqual(DEFAULT_CHUNKING);
    expect(changedChunking(DEFAULT_CHUNKING, { overlap: 100 })).toEqual({
      ...DEFAULT_CHUNKING,
      overlap: 100,
    });
    expect(changedChunking(DEFAULT_CHUNKING, { size: 400 })).toMatchObject({ size: 400, maxSize: 600 });
    expect(changedChunking(DEFAULT_CHUNKING, { size: 400, maxSize: 400 })).toMatchObject({ maxSize: 400 });
    expect(changedChunking(DEFAULT_CHUNKING, { unit: 'TOKENS' })).toMatchObject({ size: 200, maxSize: 300 });
    const windows = changedChunking(DEFAULT_CHUNKING, { by: 'TOKENS', overlap: 32 });
    expect(windows).toEqual({ by: 'TOKENS', unit: 'TOKENS', size: 200, maxSize: 200, overlap: 32 });
    expect(changedChunking(windows, { by: 'SENTENCES' })).toMatchObject({
      unit: 'TOKENS',
      size: 200,
      maxSize: 300,
    });
    expect(changedChunking(windows, { size: 40 })).toMatchObject({ maxSize: 40, overlap: 20 });
  });

  it('that follow are always good ones', () => {
    for (const by of ['HEADINGS', 'SENTENCES', 'TOKENS'] as const) {
      for (const unit of [undefined, 'TOKENS'] as const) {
        for (const size of [undefined, 16, 17, 100_000]) {
          const change = { by, ...(unit && { unit }), ...(size && { size }) };
          expect(() => checkChunkingSettings(changedChunking(DEFAULT_CHUNKING, change), [])).not.toThrow();
        }
      }
    }
  });
});
