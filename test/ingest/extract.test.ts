import { describe, expect, it } from 'vitest';
import { contentTypeOf, extractText, isSupportedFile } from '../../src/ingest/extract.ts';
import { thrown } from '../library/TestStore.ts';

describe('the content type', () => {
  it('is the one that was said, or that the extension says', () => {
    expect(contentTypeOf({ fileName: 'notes/README.MD' })).toBe('text/markdown');
    expect(contentTypeOf({ fileName: 'a.txt' })).toBe('text/plain');
    expect(contentTypeOf({ fileName: 'a.txt', contentType: 'Text/Markdown; charset=utf-8' })).toBe(
      'text/markdown',
    );
  });

  it('is refused with the names of those that are supported', () => {
    for (const source of [
      { fileName: 'a.pdf' },
      { contentType: 'image/png' },
      { fileName: 'Makefile' },
      {},
    ]) {
      const error = thrown(() => contentTypeOf(source), 'InvalidArgumentError');
      expect(error.message).toContain('text/plain, text/markdown');
      expect(error.message).toContain('.md');
    }
  });

  it('can be asked about before a file is read', () => {
    expect(['a.md', 'b.TXT', 'c.pdf', 'constructor', '.md'].map(isSupportedFile)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('the text of a file', () => {
  it('is its UTF-8, without the byte order mark', () => {
    const bytes = new TextEncoder().encode('\uFEFFGrüße ♥');
    expect(extractText({ bytes, fileName: 'a.txt' })).toEqual({ text: 'Grüße ♥', contentType: 'text/plain' });
  });

  it('is refused when the bytes are not text', () => {
    const latin1 = Uint8Array.of(0x47, 0x72, 0xfc, 0xdf);
    expect(thrown(() => extractText({ bytes: latin1, fileName: 'old.txt' })).message).toContain(
      'old.txt is not valid UTF-8',
    );
    const binary = Uint8Array.of(0x41, 0, 0x42);
    expect(thrown(() => extractText({ bytes: binary, fileName: 'x.md' })).message).toContain(
      'NUL character at position 1',
    );
  });
});
