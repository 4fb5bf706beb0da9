import { Parser } from 'htmlparser2';
import type { DocumentBuilder } from './ExtractedDocument.ts';
import type { ReadContext } from './ReadContext.ts';
import { tidyTitle } from './tidyTitle.ts';
import { unreadable } from './unreadable.ts';

/** What is for machines, or stands on every page of a site: left out with all that is in it. */
const LEFT_OUT = new Set(
  'script style nav template noscript svg canvas iframe object embed audio video map select button datalist'.split(
    ' ',
  ),
);
/** What begins a line of its own. */
const BLOCKS = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form ' +
    'header hgroup hr html legend li main menu ol p search section summary table td th tr ul'
  ).split(' '),
);
const HEADING = /^h([1-6])$/;

/** What HTML says of itself. */
export interface HtmlFacts {
  readonly title?: string;
  readonly author?: string;
}

/**
 * Reads HTML, as browsers forgive it, into a document: headings, paragraphs, list items on lines of their own, tables as
 * lines of cells, preformatted text as it is. Scripts, styles and navigation are left out. There is no tree, so memory is
 * in proportion to the text that stays.
 * @throws AlcoveError UnreadableFileError TOO_COMPLEX for elements that lie deeper within one another than allowed.
 */
export function readHtml(
  html: string,
  builder: DocumentBuilder,
  context: Pick<ReadContext, 'file' | 'limits'>,
  options: { readonly isXml?: boolean; readonly withNavigation?: boolean } = {},
): HtmlFacts {
  const reader = new HtmlReader(builder, context, options.withNavigation ?? false);
  const parser = new Parser(reader, {
    xmlMode: false,
    recognizeSelfClosing: options.isXml ?? false,
    recognizeCDATA: options.isXml ?? false,
  });
  parser.end(html);
  return reader.facts;
}

interface List {
  readonly isOrdered: boolean;
  count: number;
}

/** Rows that are gathered until their table ends. */
interface Table {
  readonly rows: string[];
  cells: string[] | undefined;
  isInCell: boolean;
}

/** Follows the tags and gathers text until a block ends. */
class HtmlReader {
  readonly #builder: DocumentBuilder;
  readonly #context: Pick<ReadContext, 'file' | 'limits'>;
  readonly #leftOut: ReadonlySet<string>;
  readonly #lists: List[] = [];
  #depth = 0;
  #inline = '';
  /** What the line that is open begins with: an item's marker. */
  #marker = '';
  #heading: number | undefined;
  #preformatted = 0;
  /** The element that is left out, and how many of its name are open in it. */
  #skipping: { readonly name: string; depth: number } | undefined;
  #titleText: string | undefined;
  #title: string | undefined;
  #author: string | undefined;
  /** The innermost table that is open, while it looks like one of data. */
  #table: Table | undefined;

  constructor(
    builder: DocumentBuilder,
    context: Pick<ReadContext, 'file' | 'limits'>,
    withNavigation: boolean,
  ) {
    this.#builder = builder;
    this.#context = context;
    this.#leftOut = withNavigation ? new Set([...LEFT_OUT].filter((name) => name !== 'nav')) : LEFT_OUT;
  }

  get facts(): HtmlFacts {
    const title = tidyTitle(this.#title ?? '');
    const author = tidyTitle(this.#author ?? '');
    return { ...(title === '' ? {} : { title }), ...(author === '' ? {} : { author }) };
  }

  onopentag = (name: string, attributes: Record<string, string>): void => {
    this.#descend();
    if (this.#skipping) {
      if (name === this.#skipping.name) this.#skipping.depth += 1;
      return;
    }
    if (this.#leftOut.has(name)) this.#skipping = { name, depth: 1 };
    else if (name === 'title' && this.#title === undefined) this.#titleText = '';
    else if (name === 'meta') this.#readMeta(attributes);
    else if (name === 'br') this.#inline += '\n';
    else if (name === 'img') this.#inline += ` ${attributes.alt ?? ''} `;
    else if (this.#table) this.#openInTable(name, this.#table);
    else this.#open(name);
  };

  ontext = (data: string): void => {
    if (this.#skipping) return;
    if (this.#titleText !== undefined) this.#titleText += data;
    else this.#inline += this.#preformatted > 0 ? data : data.replace(/\s+/g, ' ');
  };

  onclosetag = (name: string): void => {
    this.#depth -= 1;
    if (this.#skipping) {
      if (name === this.#skipping.name && --this.#skipping.depth === 0) this.#skipping = undefined;
      return;
    }
    if (name === 'title' && this.#titleText !== undefined) {
      this.#title = this.#titleText;
      this.#titleText = undefined;
    } else if (this.#table) this.#closeInTable(name, this.#table);
    else this.#close(name);
  };

  onend = (): void => {
    if (this.#table) this.#endTable(this.#table);
    this.#endBlock();
  };

  /** The parser's time is in proportion to the depth as well as to the length. */
  #descend(): void {
    this.#depth += 1;
    const { file, limits } = this.#context;
    if (this.#depth <= limits.maxDepth) return;
    throw unreadable(file, 'TOO_COMPLEX', {
      got: `more than ${limits.maxDepth} elements within one another`,
      expected: `at most ${limits.maxDepth}`,
      todo: 'Close its elements.',
    });
  }

  #open(name: string): void {
    const level = HEADING.exec(name)?.[1];
    if (level !== undefined) {
      this.#endBlock();
      this.#heading = Number(level);
    } else if (name === 'table') {
      this.#endBlock();
      this.#table = { rows: [], cells: undefined, isInCell: false };
    } else if (name === 'pre') {
      this.#endBlock();
      this.#preformatted += 1;
    } else if (BLOCKS.has(name)) {
      this.#endBlock();
      if (name === 'ul' || name === 'ol') this.#beginList(name === 'ol');
      if (name === 'li') this.#marker = this.#nextMarker();
    }
  }

  #close(name: string): void {
    if (name === 'pre') {
      this.#endBlock();
      this.#preformatted = Math.max(0, this.#preformatted - 1);
    } else if (BLOCKS.has(name) || HEADING.test(name)) {
      this.#endBlock();
      if (name === 'ul' || name === 'ol') this.#lists.pop();
    }
  }

  /** A table that holds another, or a heading, is there for the page's layout: what it holds is read as it comes. */
  #openInTable(name: string, table: Table): void {
    if (name === 'table' || HEADING.test(name)) {
      this.#endTable(table);
      this.#open(name);
    } else if (name === 'tr') this.#endRow(table);
    else if (name === 'td' || name === 'th') {
      this.#endCell(table);
      table.cells ??= [];
      table.isInCell = true;
    } else if (BLOCKS.has(name) || name === 'pre') this.#inline += ' ';
  }

  #closeInTable(name: string, table: Table): void {
    if (name === 'td' || name === 'th') this.#endCell(table);
    else if (name === 'tr' || name === 'caption') this.#endRow(table);
    else if (name === 'table') this.#endTable(table);
    else if (BLOCKS.has(name) || name === 'pre') this.#inline += ' ';
  }

  #endTable(table: Table): void {
    this.#endRow(table);
    this.#builder.lines(table.rows.join('\n'));
    this.#table = undefined;
  }

  #endCell(table: Table): void {
    const text = tidy(this.#inline);
    this.#inline = '';
    if (table.isInCell) table.cells?.push(text);
    else if (text !== '') table.rows.push(text);
    table.isInCell = false;
  }

  #endRow(table: Table): void {
    this.#endCell(table);
    const filled = (table.cells?.findLastIndex((cell) => cell !== '') ?? -1) + 1;
    if (filled > 0) table.rows.push(table.cells?.slice(0, filled).join(' | ') ?? '');
    table.cells = undefined;
  }

  #beginList(isOrdered: boolean): void {
    this.#lists.push({ isOrdered, count: 0 });
  }

  #nextMarker(): string {
    const list = this.#lists.at(-1);
    if (list === undefined) return '- ';
    list.count += 1;
    return list.isOrdered ? `${list.count}. ` : '- ';
  }

  /** Text in inline elements goes on; here a block ends, and is written down. */
  #endBlock(): void {
    const text = this.#preformatted > 0 ? trimmedLines(this.#inline) : tidyLines(this.#inline);
    this.#inline = '';
    if (text.trim() === '') return;
    if (this.#preformatted > 0) this.#builder.lines(text);
    else if (this.#heading !== undefined) {
      const title = tidy(text);
      this.#builder.heading(this.#heading, title);
    } else this.#builder.prose(this.#marker + text);
    this.#heading = undefined;
    this.#marker = '';
  }

  #readMeta(attributes: Record<string, string>): void {
    if (attributes.name?.toLowerCase() === 'author') this.#author ??= attributes.content;
  }
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Lines that `<br>` made stay lines. */
function tidyLines(text: string): string {
  return text
    .split('\n')
    .map(tidy)
    .filter((line) => line !== '')
    .join('\n');
}

/** Preformatted text keeps its spaces, but for empty lines around it. */
function trimmedLines(text: string): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
}
