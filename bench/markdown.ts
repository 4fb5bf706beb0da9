/**
 * Milliseconds that splitting hostile Markdown takes: the scanner, and mdast-util-from-markdown, which the tests compare
 * it with.
 *
 *     npx node bench/markdown.ts [--kilobytes 2000] [--reference 20]
 */
import { parseArgs } from 'node:util';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { markdownBlocks } from '../src/ingest/markdown.ts';

const { values } = parseArgs({
  options: {
    kilobytes: { type: 'string', default: '2000' },
    reference: { type: 'string', default: '20' },
  },
});
const KILOBYTE = 1_000;
const size = Number(values.kilobytes) * KILOBYTE;
const referenceSize = Number(values.reference) * KILOBYTE;

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

function measure(parse: (text: string) => unknown, text: string): number {
  const began = performance.now();
  parse(text);
  return Math.round(performance.now() - began);
}

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
