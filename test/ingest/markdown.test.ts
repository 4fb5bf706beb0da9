import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, it } from 'vitest';
import { markdownBlocks } from '../../src/ingest/markdown.ts';
import { plainTitle } from '../../src/ingest/markdownLines.ts';

interface Found {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/** What the reference parser finds at the top level: headings, and code that must stay whole. */
function reference(text: string): Found[] {
  return fromMarkdown(text).children.flatMap((node): Found[] => {
    const [start, end] = [node.position?.start.offset ?? -1, node.position?.end.offset ?? -1];
    if (node.type === 'heading') return [{ what: `heading ${node.depth}`, start, end }];
    const isFence = node.type === 'code' && /^ {0,3}[`~]/.test(text.slice(start));
    return isFence ? [{ what: 'fence', start, end }] : [];
  });
}

function found(text: string): Found[] {
  return markdownBlocks(text).flatMap(({ kind, level, start, end }): Found[] => {
    const indent = /^ {0,3}/.exec(text.slice(start))?.[0].length ?? 0;
    const isFence = kind === 'LINES' && /^ {0,3}(`{3}|~{3})/.test(text.slice(start));
    if (kind !== 'HEADING' && !isFence) return [];
    return [
      {
        what: kind === 'HEADING' ? `heading ${level}` : 'fence',
        start: start + indent,
        end: text.slice(0, end).trimEnd().length,
      },
    ];
  });
}

/** The same headings, and every fenced block in one piece; those in list items are found here besides. */
function expectAgreement(text: string): void {
  const expected = reference(text).map((block) => ({
    ...block,
    end: text.slice(0, block.end).trimEnd().length,
  }));
  const actual = found(text);
  const isHeading = ({ what }: Found) => what.startsWith('heading');
  expect(actual.filter(isHeading)).toEqual(expected.filter(isHeading));
  for (const block of expected) expect(actual).toContainEqual(block);
}

const LINES = [
  '',
  '',
  'Some words.',
  'more words',
  '# One',
  '## Two ##',
  '### *Three*',
  '#not',
  '#',
  '===',
  '---',
  '----  ',
  '***',
  '```',
  '```js',
  '~~~',
  '````',
  '    indented',
  '   # three in',
  '    # four in',
  '- item',
  '  in item',
  '1. first',
  '1) second',
  '- # in item',
  '  ## in item',
  '> quote',
  '> # in quote',
  '>',
  '<div>',
  '</div>',
  '<!-- # no',
  '-->',
  '<b>bold</b>',
  '* * *',
  '+',
  'text `code` text',
  '\tindented by tab',
  '| a | b |',
  '\\# escaped',
  '   ```',
  '  ===',
];

describe('the blocks of Markdown', () => {
  it("are the reference parser's, as to headings and fenced code", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...LINES), { maxLength: 9 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (lines, ending) => {
          const text = lines.join(ending);
          // Front matter is no CommonMark; and the reference takes a marker right after indented code for text.
          fc.pre(!/^---[ \t]*[\r\n]/.test(text) && !/^( {4}|\t).*(\r\n|\n|\r)[+1]/m.test(text));
          expectAgreement(text);
        },
      ),
      { numRuns: 4_000, seed: 8 },
    );
  });

  it("are the reference parser's on this project's documentation", () => {
    const docs = resolve(import.meta.dirname, '../../docs');
    const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const text = readFileSync(join(docs, file), 'utf8');
      expectAgreement(text);
    }
  });

  it('begin with front matter, which holds no headings', () => {
    const blocks = markdownBlocks('---\ntitle: A\n# no heading\n---\n\n# Heading\n');
    expect(blocks.map(({ kind, start, end }) => [kind, start, end])).toEqual([
      ['LINES', 0, 29],
      ['HEADING', 31, 40],
    ]);
  });

  it('take time in proportion to the text, whatever it is', () => {
    const texts = [
      `> a\n${'b\n'.repeat(100_000)}`,
      '*a_ '.repeat(50_000),
      '['.repeat(200_000),
      '> '.repeat(100_000),
      '- '.repeat(100_000),
      '# a\n'.repeat(50_000),
      '`'.repeat(200_000),
      '<!-- '.repeat(40_000),
      `# ${'['.repeat(200_000)}`,
      ' '.repeat(200_000),
    ];
    // The reference parser takes minutes for the first of them alone; the test's time limit is the assertion.
    for (const text of texts) {
      const whole = `${text}\n\n# End`;
      expect(markdownBlocks(whole).at(-1)?.end).toBe(whole.length);
    }
  });
});

describe('a title', () => {
  it('is read without its markup', () => {
    expect(plainTitle('**Bold** and `code_x`, [a link](http://x), ![image](y.png) \\# 2 * 3')).toBe(
      'Bold and code_x, a link, image # 2 * 3',
    );
    expect(plainTitle('snake_case_name and _emphasis_')).toBe('snake_case_name and emphasis');
  });
});
