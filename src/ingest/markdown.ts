import { type Block, type BlockKind, isBlank, type Line, linesOf } from './blocks.ts';
import {
  atxHeading,
  beginsItem,
  beginsQuote,
  beginsTable,
  type Enclosure,
  endsInParagraph,
  fenceEnclosure,
  frontMatterLength,
  htmlEnclosure,
  indentOf,
  isEmptyItem,
  isIndentedCode,
  isThematicBreak,
  itemIndent,
  plainTitle,
  setextLevel,
} from './markdownLines.ts';

/**
 * The blocks of a Markdown text, by CommonMark's rules for a document's top level (spec 0.31, chapters 4 and 5): ATX
 * and setext headings, fenced and indented code, HTML, quotes, list items and paragraphs, after YAML front matter.
 *
 * Each line is read once. mdast-util-from-markdown is the reference that the tests compare this with, and not what
 * runs here: it is quadratic on hostile texts (bench/api/markdown.ts).
 */
export function markdownBlocks(text: string): Block[] {
  const bodyStart = frontMatterLength(text);
  const scanner = new BlockScanner();
  for (const line of linesOf(text)) {
    if (line.start >= bodyStart) scanner.read(line);
  }
  const blocks = scanner.finish();
  if (bodyStart === 0) return blocks;
  return [{ kind: 'LINES', start: 0, end: text.slice(0, bodyStart).trimEnd().length }, ...blocks];
}

interface OpenBlock {
  readonly form: 'PARAGRAPH' | 'QUOTE' | 'ITEM' | 'CODE' | 'ENCLOSED' | 'BREAK';
  readonly kind: BlockKind;
  readonly start: number;
  end: number;
  /** Whether a plain line goes on with it ("lazy continuation" in quotes and items). */
  takesPlainLines: boolean;
  readonly enclosure?: Enclosure;
}

class BlockScanner {
  readonly #blocks: Block[] = [];
  #open: OpenBlock | undefined;
  /** Columns by which a line must be indented to be inside of the last list item; 0 outside of lists. */
  #itemIndent = 0;
  /** The first line of the block that is open, or all of a paragraph, in case it turns out to be a heading. */
  #paragraph: string[] = [];

  read(line: Line): void {
    if (this.#open?.enclosure && this.#readEnclosed(line, this.#open.enclosure)) return;
    if (isBlank(line.text)) return this.#readBlank();
    const inItem = this.#itemIndent > 0 && indentOf(line.text) >= this.#itemIndent;
    if (!inItem && (this.#readSetext(line) || this.#readAtx(line))) return;
    if (this.#readBeginning(line, inItem)) return;
    const takesPlainLines = !inItem || endsInParagraph(line.text);
    if (takesPlainLines && this.#open?.takesPlainLines) {
      this.#extend(line);
      // A heading inside of an item is no paragraph that could go on.
      if (inItem && setextLevel(line.text.trimStart())) this.#open.takesPlainLines = false;
      return;
    }
    if (!inItem) this.#itemIndent = 0;
    const kind = beginsTable(line.text) ? 'LINES' : 'PROSE';
    this.#begin(line, { form: inItem ? 'ITEM' : 'PARAGRAPH', kind, takesPlainLines });
  }

  finish(): Block[] {
    this.#close();
    return this.#blocks;
  }

  /** An item that begins with a blank line after its marker has ended. */
  #readBlank(): void {
    if (this.#open?.form === 'ITEM' && isEmptyItem(this.#paragraph[0] ?? '')) this.#itemIndent = 0;
    this.#close();
  }

  /** Whether the line belonged to the enclosed block that is open. */
  #readEnclosed(line: Line, enclosure: Enclosure): boolean {
    const state = enclosure(line.text);
    if (state === 'ENDED') {
      this.#close();
      return false;
    }
    this.#extend(line);
    if (state === 'ENDS') this.#close();
    return true;
  }

  #readSetext(line: Line): boolean {
    const level = setextLevel(line.text);
    if (level === undefined || this.#open?.form !== 'PARAGRAPH') return false;
    const title = plainTitle(this.#paragraph.join(' '));
    this.#blocks.push({ kind: 'HEADING', start: this.#open.start, end: line.end, level, title });
    this.#open = undefined;
    return true;
  }

  #readAtx(line: Line): boolean {
    const heading = atxHeading(line.text);
    if (!heading) return false;
    this.#close();
    this.#itemIndent = 0;
    this.#blocks.push({ kind: 'HEADING', start: line.start, end: line.end, ...heading });
    return true;
  }

  /** Whether the line began, or went on with, a block that is more than a paragraph. */
  #readBeginning(line: Line, inItem: boolean): boolean {
    const { text } = line;
    const inParagraph = this.#open?.takesPlainLines ?? false;
    const fence = fenceEnclosure(text, inItem ? this.#itemIndent : 0);
    const enclosure = fence ?? htmlEnclosure(text, inParagraph);
    if (!inItem && (enclosure || isThematicBreak(text) || beginsQuote(text))) this.#itemIndent = 0;

    if (enclosure) {
      this.#begin(line, { form: 'ENCLOSED', kind: 'LINES', takesPlainLines: false, enclosure });
      if (!fence && enclosure(text) === 'ENDS') this.#close();
    } else if (isThematicBreak(text)) {
      this.#begin(line, { form: 'BREAK', kind: 'PROSE', takesPlainLines: false });
    } else if (beginsItem(text, { inItem, inParagraph: this.#open?.form === 'PARAGRAPH' })) {
      this.#begin(line, { form: 'ITEM', kind: 'PROSE', takesPlainLines: endsInParagraph(text) });
      if (!inItem) this.#itemIndent = itemIndent(text);
    } else if (beginsQuote(text)) {
      if (this.#open?.form === 'QUOTE') this.#extend(line);
      else this.#begin(line, { form: 'QUOTE', kind: 'PROSE', takesPlainLines: true });
      if (this.#open) this.#open.takesPlainLines = endsInParagraph(text);
    } else if (!inItem && !inParagraph && isIndentedCode(text)) {
      if (this.#open?.form === 'CODE') this.#extend(line);
      else this.#begin(line, { form: 'CODE', kind: 'LINES', takesPlainLines: false });
    } else {
      return false;
    }
    return true;
  }

  #begin(line: Line, block: Omit<OpenBlock, 'start' | 'end'>): void {
    this.#close();
    this.#open = { ...block, start: line.start, end: line.end };
    this.#paragraph = [line.text];
  }

  #extend(line: Line): void {
    if (!this.#open) return;
    this.#open.end = line.end;
    if (this.#open.form === 'PARAGRAPH') this.#paragraph.push(line.text);
  }

  #close(): void {
    if (this.#open)
      this.#blocks.push({ kind: this.#open.kind, start: this.#open.start, end: this.#open.end });
    this.#open = undefined;
  }
}
