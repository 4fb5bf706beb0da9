import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chunkDocument,
  DEFAULT_CHUNK_OPTIONS,
  MAX_DOCUMENT_CHARACTERS,
} from '../../src/ingest/chunkDocument.ts';
import type { ChunkOptions } from '../../src/ingest/packBlocks.ts';
import { thrown } from '../library/TestStore.ts';

const SENTENCE = 'The quick brown fox jumps over the lazy dog, again and again. ';

const someText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\n\n',
        '\r\n',
        '# Heading\n',
        '\n## Sub *heading*\n\n',
        '```\n',
        '- item\n',
        '| a | b |\n',
        '---\n',
      ),
      fc.constantFrom(
        SENTENCE,
        SENTENCE.repeat(9),
        `${'x'.repeat(700)} `,
        'é'.normalize('NFD').repeat(300),
        '👩‍👩‍👧‍👦'.repeat(60),
        'Line of text\n'.repeat(40),
      ),
      fc.string({ unit: 'binary', maxLength: 60 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

const someOptions: fc.Arbitrary<Partial<ChunkOptions>> = fc.constantFrom(
  {},
  { overlap: 'SENTENCE' },
  { targetCharacters: 100, maxCharacters: 150 },
  { targetCharacters: 20, maxCharacters: 20, overlap: 'SENTENCE' },
);

describe('chunks', () => {
  it('hold every character of the text in order, and none is above the maximum', () => {
    fc.assert(
      fc.property(
        someText,
        fc.constantFrom('text/plain', 'text/markdown'),
        someOptions,
        (text, contentType, options) => {
          const { chunks } = chunkDocument({ text, contentType }, options);
          let covered = 0;
          let lastStart = -1;
          for (const chunk of chunks) {
            expect(chunk.text).toBe(text.slice(chunk.start, chunk.end));
            expect(chunk.text.length).toBeLessThanOrEqual(
              options.maxCharacters ?? DEFAULT_CHUNK_OPTIONS.maxCharacters,
            );
            expect(chunk.text).toMatch(/\S/);
            expect(chunk.start).toBeGreaterThan(lastStart);
            expect(text.slice(covered, Math.max(covered, chunk.start)).trim()).toBe('');
            if (options.overlap !== 'SENTENCE') expect(chunk.start).toBeGreaterThanOrEqual(covered);
            covered = chunk.end;
            lastStart = chunk.start;
          }
          expect(text.slice(covered).trim()).toBe('');
          expect(chunkDocument({ text, contentType }, options).chunks).toEqual(chunks);
        },
      ),
      { numRuns: 500, seed: 4 },
    );
  });

  it('stand under their headings', () => {
    const text = '# Guide\n\nIntro.\n\n## Start\n\n### Fast\n\nRun it.\n\n## *Stop*\n\nKill it.\n';
    expect(
      chunkDocument({ text, contentType: 'text/markdown' }).chunks.map(({ headings, text }) => [
        headings,
        text,
      ]),
    ).toEqual([
      [['Guide'], '# Guide\n\nIntro.'],
      [['Guide', 'Start', 'Fast'], '## Start\n\n### Fast\n\nRun it.'],
      [['Guide', 'Stop'], '## *Stop*\n\nKill it.'],
    ]);
  });

  it('keep code whole where it fits, and split it between lines where it does not', () => {
    const code = `\`\`\`ts\n${'const answer = 42;\n\n'.repeat(45)}\`\`\``;
    const whole = chunkDocument({
      text: `# A\n\n${SENTENCE.repeat(11)}\n\n${code}\n`,
      contentType: 'text/markdown',
    });
    expect(whole.chunks.map(({ text }) => text)).toContain(code);
    const long = chunkDocument({ text: code.repeat(3), contentType: 'text/markdown' });
    expect(long.chunks.length).toBeGreaterThan(2);
    for (const { text } of long.chunks) expect(text).toMatch(/^(```|const answer = 42;)/);
  });

  it('end with sentences where a paragraph is too long, wrapped lines or not', () => {
    for (const text of [SENTENCE.repeat(40), SENTENCE.repeat(40).replaceAll('again ', 'again\n')]) {
      const { chunks } = chunkDocument({ text, contentType: 'text/plain' });
      expect(chunks.length).toBeGreaterThan(2);
      for (const chunk of chunks) expect(chunk.text.endsWith('again.')).toBe(true);
    }
  });

  it('overlap by a sentence when asked to', () => {
    const { chunks } = chunkDocument(
      { text: SENTENCE.repeat(40), contentType: 'text/plain' },
      { overlap: 'SENTENCE' },
    );
    for (const [at, chunk] of chunks.entries()) {
      if (at > 0) expect(chunk.start).toBe((chunks[at - 1]?.end ?? 0) - SENTENCE.trim().length);
    }
  });

  it('never cut a character in two', () => {
    const family = '👩‍👩‍👧‍👦';
    const { chunks } = chunkDocument({ text: family.repeat(500), contentType: 'text/plain' });
    for (const { text } of chunks) expect(text.length % family.length).toBe(0);
  });
});

describe('a document', () => {
  it('is called by the title given, its first heading, or its first line', () => {
    const title = (text: string, contentType: string, given?: string) =>
      chunkDocument({ text, contentType, ...(given && { title: given }) }).title;
    expect(title('# One\n\ntext', 'text/markdown', 'Given')).toBe('Given');
    expect(title('text\n\n## The `one`\n', 'text/markdown')).toBe('The one');
    expect(title('\n  first line \nsecond', 'text/plain')).toBe('first line');
    expect(title('# One', 'text/plain')).toBe('# One');
    expect(title(' \n', 'text/markdown')).toBe('Untitled');
  });

  it('without text has no chunks', () => {
    expect(chunkDocument({ text: ' \n\t\r\n', contentType: 'text/markdown' }).chunks).toEqual([]);
  });

  it('is refused when it is of an unknown type or too long', () => {
    expect(thrown(() => chunkDocument({ text: 'x', contentType: 'application/pdf' })).kind).toBe(
      'InvalidArgumentError',
    );
    const text = 'x'.repeat(MAX_DOCUMENT_CHARACTERS + 1);
    expect(thrown(() => chunkDocument({ text, contentType: 'text/plain' })).message).toContain('split it');
  });
});
