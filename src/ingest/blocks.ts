/** A run of lines that belongs together. Offsets are in UTF-16 code units of the document's text; `end` is exclusive. */
export interface Block {
  readonly kind: BlockKind;
  readonly start: number;
  readonly end: number;
  /** Of headings: 1 to 6. */
  readonly level?: number;
  /** Of headings: its text without markup. A heading that is not in the text itself is an empty range. */
  readonly title?: string;
  /** Where the document has pages: the one that it begins on, from 1. */
  readonly page?: number;
}

/** PROSE wraps at any white space and splits into sentences; LINES (code, tables, HTML) splits between lines. */
export type BlockKind = 'HEADING' | 'PROSE' | 'LINES';

/** A line without its ending. */
export interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The lines of a text, ended by `\n`, `\r\n` or `\r`. */
export function* linesOf(text: string): Generator<Line> {
  let start = 0;
  for (const ending of text.matchAll(/\r\n|\n|\r/g)) {
    yield { text: text.slice(start, ending.index), start, end: ending.index };
    start = ending.index + ending[0].length;
  }
  yield { text: text.slice(start), start, end: text.length };
}

export function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

/** The blocks of plain text: paragraphs, which blank lines set apart. */
export function plainTextBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { start: number; end: number } | undefined;
  for (const line of linesOf(text)) {
    if (isBlank(line.text)) {
      if (open) blocks.push({ kind: 'PROSE', ...open });
      open = undefined;
    } else {
      open = { start: open?.start ?? line.start, end: line.end };
    }
  }
  if (open) blocks.push({ kind: 'PROSE', ...open });
  return blocks;
}
