import { parseArgs } from 'node:util';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { markdownBlocks } from '../../src/ingest/markdown.ts';

const KILOBYTE = 1_000;

/** What a text begins with, and what is repeated up to its size. */
const HOSTILE: readonly (readonly [first: string, repeated: string])[] = [
  ['> a\n', 'b\n'],
  ['', '*a_ '],
  ['', '['],
  ['', '> '],
  ['', '- '],
  ['', '`'],
  ['', '<!-- '],
  ['', '# a\n'],
  ['', ' '],
];

/**
 * Milliseconds that splitting hostile Markdown takes: the scanner, and mdast-util-from-markdown, which the tests compare
 * it with.
 *
 *     npm run bench -- markdown [--kilobytes 2000] [--reference 20]
 */
export async function splitMarkdown(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      kilobytes: { type: 'string', default: '2000' },
      reference: { type: 'string', default: '20' },
    },
  });
  const size = Number(values.kilobytes) * KILOBYTE;
  const referenceSize = Number(values.reference) * KILOBYTE;
  console.table(
    HOSTILE.map(([first, repeated]) => {
      const text = (length: number) => first + repeated.repeat(length / repeated.length);
      return {
        text: JSON.stringify(`${first}${repeated}…`),
        [`scanner, ${values.kilobytes} KB`]: measure(markdownBlocks, text(size)),
        [`reference, ${values.reference} KB`]: measure(fromMarkdown, text(referenceSize)),
      };
    }),
  );
}

function measure(parse: (text: string) => unknown, text: string): number {
  const began = performance.now();
  parse(text);
  return Math.round(performance.now() - began);
}
