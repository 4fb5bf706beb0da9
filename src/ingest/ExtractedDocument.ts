import type { ErrorRecord } from '../errors.ts';
import { type Block, type BlockKind, isBlank } from './blocks.ts';
import type { ContentType } from './contentTypes.ts';
import { storable, tidyTitle } from './tidyTitle.ts';

/** What a file says, with the structure that it had: plain data, to cross threads. */
export interface ExtractedDocument {
  /** What it was read as. */
  readonly contentType: ContentType;
  /** Of text: the encoding that it was read in, as the WHATWG names it. */
  readonly encoding?: string;
  /** The title and author that the file itself names. */
  readonly title?: string;
  readonly author?: string;
  /** All of its text, one part after another. */
  readonly text: string;
  /** What stands where in `text`: ascending, apart from one another, with nothing but white space between them. */
  readonly blocks: readonly Block[];
  /** Parts that could not be read, where the others could: bad lines, pages. */
  readonly problems: readonly ErrorRecord[];
}

/** Puts blocks one after another into a text, an empty line between two. */
export class DocumentBuilder {
  readonly blocks: Block[] = [];
  readonly #parts: string[] = [];
  #length = 0;
  #page: number | undefined;

  /** What comes from now on stands on this page, from 1. */
  beginPage(page: number): void {
    this.#page = page;
  }

  /** UTF-16 code units so far. */
  get length(): number {
    return this.#length;
  }

  heading(level: number, title: string): void {
    this.#add('HEADING', title, { level, title: tidyTitle(title) });
  }

  /** What follows (a row, a line, a page) stands under a heading that is not in the text. */
  record(title: string, level = 1): void {
    const place = { start: this.#length, end: this.#length, ...this.#place };
    this.blocks.push({ kind: 'HEADING', ...place, level, title: tidyTitle(title) });
  }

  /** A paragraph. */
  prose(text: string): void {
    this.#add('PROSE', text);
  }

  /** Lines that belong together: code, a table, the fields of a record. */
  lines(text: string): void {
    this.#add('LINES', text);
  }

  finish(): { readonly text: string; readonly blocks: readonly Block[] } {
    return { text: this.#parts.join(''), blocks: this.blocks };
  }

  #add(
    kind: BlockKind,
    text: string,
    facts: { readonly level?: number; readonly title?: string } = {},
  ): void {
    if (isBlank(text)) return;
    const start = this.#length;
    this.blocks.push({ kind, start, end: start + text.length, ...facts, ...this.#place });
    this.#write(storable(text));
  }

  get #place(): { readonly page?: number } {
    return this.#page === undefined ? {} : { page: this.#page };
  }

  #write(text: string): void {
    this.#parts.push(text, '\n\n');
    this.#length += text.length + 2;
  }
}
