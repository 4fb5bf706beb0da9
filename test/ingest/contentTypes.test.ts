import { describe, expect, it } from 'vitest';
import { charsetOf, contentTypeOf, isSupportedFile, textTypeOf } from '../../src/ingest/contentTypes.ts';
import { decodeText } from '../../src/ingest/decodeText.ts';
import { thrown } from '../library/TestStore.ts';

describe('the content type', () => {
  it('is the one that was said, or that the extension says', () => {
    expect(contentTypeOf({ fileName: 'notes/README.MD' })).toBe('text/markdown');
    expect(contentTypeOf({ fileName: 'a.txt' })).toBe('text/plain');
    expect(contentTypeOf({ fileName: 'a.txt', contentType: 'Text/Markdown; charset=utf-8' })).toBe(
      'text/markdown',
    );
    expect(contentTypeOf({ contentType: 'application/jsonl' })).toBe('application/x-ndjson');
  });

  it('is what the extension says where the sender says nothing', () => {
    for (const contentType of ['application/octet-stream', 'text/plain', 'application/zip', '']) {
      expect(contentTypeOf({ fileName: 'a.epub', contentType })).toBe('application/epub+zip');
    }
    expect(contentTypeOf({ fileName: 'a.csv', contentType: 'application/vnd.ms-excel' })).toBe('text/csv');
  });

  it('is refused with the names of those that are supported', () => {
    for (const source of [
      { fileName: 'a.xlsx' },
      { contentType: 'image/png' },
      { fileName: 'Makefile' },
      { contentType: '__proto__' },
      {},
    ]) {
      const error = thrown(() => contentTypeOf(source), 'InvalidArgumentError');
      expect(error.message).toContain('text/plain, text/markdown');
      expect(error.message).toContain('.md');
    }
    const error = thrown(() => textTypeOf('application/pdf'), 'InvalidArgumentError');
    expect(error.message).toContain('Cannot read a text as "application/pdf"');
  });

  it('can be asked about before a file is read', () => {
    expect(['a.md', 'b.TXT', 'c.pdf', 'constructor', '.md', 'a.constructor'].map(isSupportedFile)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('may name a charset', () => {
    expect(charsetOf('text/html; charset="ISO-8859-15"')).toBe('ISO-8859-15');
    expect(charsetOf('text/html')).toBeUndefined();
  });
});

describe('the text of bytes', () => {
  const text = 'Grüße ♥';
  const utf16le = Buffer.from(text, 'utf16le');

  it('is its UTF-8 or UTF-16, without the byte order mark', () => {
    expect(decodeText(new TextEncoder().encode(`\uFEFF${text}`), 'a')).toEqual({ text, encoding: 'utf-8' });
    const marked = Buffer.concat([Buffer.of(0xff, 0xfe), utf16le]);
    expect(decodeText(marked, 'a')).toEqual({ text, encoding: 'utf-16le' });
    expect(decodeText(Buffer.from(marked).swap16(), 'a')).toEqual({ text, encoding: 'utf-16be' });
  });

  it('is UTF-16 without a mark where every other byte is zero', () => {
    const bytes = Buffer.from('Plain words and nothing else', 'utf16le');
    expect(decodeText(bytes, 'a').encoding).toBe('utf-16le');
    expect(decodeText(Buffer.from(bytes).swap16(), 'a').text).toBe('Plain words and nothing else');
  });

  it('is windows-1252 where it is no UTF-8, and says so', () => {
    const old = Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80]);
    expect(decodeText(old, 'old.txt')).toEqual({ text: 'Grüße €', encoding: 'windows-1252' });
  });

  it('is read as its sender says', () => {
    expect(decodeText(Buffer.of(0xa4), 'a', 'iso-8859-15').text).toBe('€');
    const unknown = thrown(() => decodeText(Buffer.of(0x41), 'a.txt', 'ebcdic-37'), 'UnreadableFileError');
    expect(unknown.detail).toMatchObject({ file: 'a.txt', reason: 'UNSUPPORTED' });
    const wrong = thrown(() => decodeText(Buffer.of(0xff, 0x41), 'a.txt', 'utf-8'), 'UnreadableFileError');
    expect(wrong.detail).toMatchObject({ reason: 'MISLABELLED' });
  });

  it('is refused when the bytes are binary', () => {
    const nul = thrown(() => decodeText(Buffer.of(0x41, 0, 0x42), 'x.md'), 'UnreadableFileError');
    expect(nul.message).toContain('x.md: got binary data (a NUL character at position 1); expected text.');
    const controls = Buffer.from(Array.from({ length: 400 }, (_, at) => (at % 7 === 0 ? 1 : 0x41)));
    expect(thrown(() => decodeText(controls, 'x.txt'), 'UnreadableFileError').detail).toMatchObject({
      reason: 'MISLABELLED',
    });
  });
});
