import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkDocument as chunk } from '../../src/ingest/chunkDocument.ts';
import type { TextType } from '../../src/ingest/contentTypes.ts';
import type { TextChunk } from '../../src/ingest/packBlocks.ts';
import { checkTextLength, MAX_TEXT_CHARACTERS, readText } from '../../src/ingest/readText.ts';
import { tokenCount } from '../../src/ingest/tokenCount.ts';
import { changedChunking, DEFAULT_CHUNKING } from '../../src/library/chunkingSettings.ts';
import type { ChunkingSettings } from '../../src/library/types.ts';
import { thrown } from '../library/TestStore.ts';

/** A text in chunks, by settings that differ from the usual ones as said. */
function chunkDocument(
  { text, contentType, title }: { text: string; contentType: TextType; title?: string },
  change: Partial<ChunkingSettings> = {},
) {
  const document = { ...readText(text, contentType), ...(title === undefined ? {} : { title }) };
  return chunk(document, changedChunking(DEFAULT_CHUNKING, change));
}

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

const someSettings: fc.Arbitrary<Partial<ChunkingSettings>> = fc.constantFrom<Partial<ChunkingSettings>>(
  {},
  { overlap: 200 },
  { size: 100, maxSize: 150 },
  { size: 20, maxSize: 20, overlap: 10 },
  { by: 'HEADINGS', unit: 'TOKENS', size: 30, maxSize: 40, overlap: 15 },
  { by: 'HEADINGS', unit: 'TOKENS' },
  { by: 'SENTENCES' },
  { by: 'SENTENCES', size: 120, overlap: 60 },
  { by: 'SENTENCES', unit: 'TOKENS', size: 16, maxSize: 16, overlap: 8 },
  { by: 'TOKENS' },
  { by: 'TOKENS', size: 16 },
  { by: 'TOKENS', size: 64, overlap: 32 },
);

const sizeOf = (text: string, { unit }: Pick<ChunkingSettings, 'unit'>) =>
  unit === 'TOKENS' ? tokenCount(text) : text.length;

/** What must be so of the chunks of any text, whatever the settings. */
function expectLaws(text: string, chunks: readonly TextChunk[], settings: ChunkingSettings): void {
  let covered = 0;
  let lastStart = -1;
  for (const one of chunks) {
    expect(one.text).toBe(text.slice(one.start, one.end));
    expect(sizeOf(one.text, settings)).toBeLessThanOrEqual(settings.maxSize);
    expect(one.text).toMatch(/\S/);
    expect(one.start).toBeGreaterThan(lastStart);
    expect(text.slice(covered, Math.max(covered, one.start)).trim()).toBe('');
    if (settings.overlap === 0) expect(one.start).toBeGreaterThanOrEqual(covered);
    else {
      const repeated = text.slice(one.start, Math.max(one.start, covered)).trim();
      expect(sizeOf(repeated, settings)).toBeLessThanOrEqual(settings.overlap);
    }
    covered = one.end;
    lastStart = one.start;
  }
  expect(text.slice(covered).trim()).toBe('');
}

describe('chunks', () => {
  it('hold every character of the text in order, and none is above the maximum', () => {
    fc.assert(
      fc.property(
        someText,
        fc.constantFrom<TextType>('text/plain', 'text/markdown'),
        someSettings,
        (text, contentType, change) => {
          const { chunks } = chunkDocument({ text, contentType }, change);
          expectLaws(text, chunks, changedChunking(DEFAULT_CHUNKING, change));
          expect(chunkDocument({ text, contentType }, change).chunks).toEqual(chunks);
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

  it('overlap by as many whole sentences as were asked for', () => {
    for (const count of [1, 3]) {
      const { chunks } = chunkDocument(
        { text: SENTENCE.repeat(40), contentType: 'text/plain' },
        { overlap: count * SENTENCE.length + 10 },
      );
      expect(chunks.length).toBeGreaterThan(2);
      for (const [at, chunk] of chunks.entries()) {
        const repeated = count * SENTENCE.length - 1;
        if (at > 0) expect(chunk.start).toBe((chunks[at - 1]?.end ?? 0) - repeated);
      }
    }
  });

  it('by sentences fill up past headings and paragraphs, and end with sentences', () => {
    const text = `# One\n\n${SENTENCE}\n\n# Two\n\n${SENTENCE.repeat(12)}`;
    const { chunks } = chunkDocument({ text, contentType: 'text/markdown' }, { by: 'SENTENCES' });
    expect(chunks[0]?.text).toContain('# Two');
    for (const { text } of chunks) expect(text).toMatch(/again\.$/);
  });

  it('by tokens are windows of equal size, which begin with the end of the one before', () => {
    const text = SENTENCE.repeat(60);
    const { chunks } = chunkDocument(
      { text, contentType: 'text/plain' },
      { by: 'TOKENS', size: 64, overlap: 16 },
    );
    expect(chunks.length).toBeGreaterThan(10);
    for (const [at, { text, start }] of chunks.entries()) {
      if (at < chunks.length - 1) expect(tokenCount(text)).toBeGreaterThan(56);
      if (at > 0) expect(start).toBeLessThan(chunks[at - 1]?.end ?? 0);
    }
  });

  it('of control tokens written out are chunks like others', () => {
    const { chunks } = chunkDocument(
      { text: 'Say <|endoftext|> twice.', contentType: 'text/plain' },
      { by: 'TOKENS' },
    );
    expect(chunks.map(({ text }) => text)).toEqual(['Say <|endoftext|> twice.']);
  });

  it('never cut a character in two', () => {
    const family = '👩‍👩‍👧‍👦';
    const { chunks } = chunkDocument({ text: family.repeat(500), contentType: 'text/plain' });
    for (const { text } of chunks) expect(text.length % family.length).toBe(0);
  });
});

describe('a document', () => {
  it('is called by the title given, its first heading, or its first line', () => {
    const title = (text: string, contentType: TextType, given?: string) =>
      chunk({ ...readText(text, contentType), ...(given && { title: given }) }).title;
    expect(title('# One\n\ntext', 'text/markdown', 'Given')).toBe('Given');
    expect(title('text\n\n## The `one`\n', 'text/markdown')).toBe('The one');
    expect(title('\n  first line \nsecond', 'text/plain')).toBe('first line');
    expect(title('# One', 'text/plain')).toBe('# One');
    expect(title(' \n', 'text/markdown')).toBe('Untitled');
  });

  it('without text has no chunks', () => {
    expect(chunkDocument({ text: ' \n\t\r\n', contentType: 'text/markdown' }).chunks).toEqual([]);
  });

  it('is called what its front matter says, which stays in its text', () => {
    const text =
      '---\ntitle: "The \\"red\\" button" # loud\nauthor: Ada Lovelace\ntags: [a]\n---\n\n# Other\n';
    const document = readText(text, 'text/markdown');
    expect(document).toMatchObject({ title: 'The "red" button', author: 'Ada Lovelace' });
    expect(chunkDocument({ text, contentType: 'text/markdown' }).chunks[0]?.text).toMatch(/^---\ntitle/);
  });

  it('is refused when it is too long', () => {
    const text = 'x'.repeat(MAX_TEXT_CHARACTERS + 1);
    expect(thrown(() => checkTextLength(text)).message).toContain('split it');
  });
});
