import { isBlank } from './blocks.ts';

/**
 * What a single line of Markdown is, by CommonMark 0.31. Every pattern is anchored and free of nested repetition, so a
 * line costs time in proportion to its length.
 */

const ATX_HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/;
const SETEXT_UNDERLINE = /^ {0,3}(?:(=+)|-+)[ \t]*$/;
const THEMATIC_BREAK = /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/;
const LIST_MARKER = /^[ \t]*(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)/;
const INTERRUPTING_MARKER = /^[ \t]*(?:[-+*]|0{0,8}1[.)])[ \t]+\S/;
const CONTAINER_MARKERS = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)))*[ \t]*/;
const FENCE = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,})/;
const CODE_INDENT = 4;

/** HTML that goes on until its own end, blank lines or not. */
const HTML_SPANS = [
  { start: /^ {0,3}<(?:script|pre|style|textarea)(?:[\s>]|$)/i, end: /<\/(?:script|pre|style|textarea)>/i },
  { start: /^ {0,3}<!--/, end: /-->/ },
  { start: /^ {0,3}<\?/, end: /\?>/ },
  { start: /^ {0,3}<!\[CDATA\[/, end: /\]\]>/ },
  { start: /^ {0,3}<![a-z]/i, end: />/ },
] as const;
/** HTML that goes on until a blank line: block elements, and any tag that is alone on its line. */
const HTML_BLOCK = new RegExp(
  `^ {0,3}</?(?:${[
    'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt',
    'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu',
    'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr',
    'track|ul',
  ].join('|')})(?:\\s|/?>|$)`,
  'i',
);
const HTML_ALONE = /^ {0,3}<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?>[ \t]*$/i;

/** Front matter is looked for in this many code units. */
const MAX_FRONT_MATTER = 16_384;
/** A heading's title is cut here, in UTF-16 code units. */
export const MAX_TITLE_CHARACTERS = 200;

/** Whether an enclosed block goes on after a line, has it as its last, or ended before it. */
export type Enclosure = (line: string) => 'GOES_ON' | 'ENDS' | 'ENDED';

/** The length of the YAML front matter that a text begins with, its last line's ending included; 0 without one. */
export function frontMatterLength(text: string): number {
  const head = text.slice(0, MAX_FRONT_MATTER);
  if (!/^---[ \t]*(?:\r\n|\n|\r)/.test(head)) return 0;
  const end = /(?:\r\n|\n|\r)(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|$)/.exec(head);
  return end ? end.index + end[0].length : 0;
}

/** The columns of white space that a line begins with; a tab goes to the next multiple of four. */
export function indentOf(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === ' ') columns += 1;
    else if (character === '\t') columns += 4 - (columns % 4);
    else break;
  }
  return columns;
}

export function atxHeading(line: string): { level: number; title: string } | undefined {
  const match = ATX_HEADING.exec(line);
  if (!match) return undefined;
  const text = (match[2] ?? '').slice(0, 2 * MAX_TITLE_CHARACTERS).trimEnd();
  return { level: match[1]?.length ?? 1, title: plainTitle(withoutClosingHashes(text)) };
}

function withoutClosingHashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '#') end--;
  if (end === 0) return '';
  return /[ \t]/.test(text[end - 1] ?? '') ? text.slice(0, end) : text;
}

/** The level of the heading that a line underlines. */
export function setextLevel(line: string): 1 | 2 | undefined {
  const match = SETEXT_UNDERLINE.exec(line);
  if (!match) return undefined;
  return match[1] ? 1 : 2;
}

export function isThematicBreak(line: string): boolean {
  return THEMATIC_BREAK.test(line);
}

export function beginsQuote(line: string): boolean {
  return /^ {0,3}>/.test(line);
}

export function beginsTable(line: string): boolean {
  return /^ {0,3}\|/.test(line);
}

export function isIndentedCode(line: string): boolean {
  return indentOf(line) >= CODE_INDENT;
}

/** Whether a list item begins here: at any depth inside of another, and in a paragraph only where it may break one. */
export function beginsItem(
  line: string,
  where: { readonly inItem: boolean; readonly inParagraph: boolean },
): boolean {
  if (!where.inItem && isIndentedCode(line)) return false;
  return (where.inParagraph ? INTERRUPTING_MARKER : LIST_MARKER).test(line);
}

/** Whether a line is a list marker and nothing else. */
export function isEmptyItem(line: string): boolean {
  const marker = LIST_MARKER.exec(line)?.[0];
  return marker !== undefined && isBlank(line.slice(marker.length));
}

/** The columns by which lines must be indented to belong to the item that begins on this line. */
export function itemIndent(line: string): number {
  const marker = LIST_MARKER.exec(line)?.[0] ?? '';
  const markerEnd = indentOf(line) + marker.trimStart().length;
  const rest = line.slice(marker.length);
  const gap = indentOf(' '.repeat(markerEnd) + rest) - markerEnd;
  return isBlank(rest) || gap > CODE_INDENT ? markerEnd + 1 : markerEnd + gap;
}

/** Whether what a quote or item holds on this line is a paragraph, which a plain next line would go on with. */
export function endsInParagraph(line: string): boolean {
  const content = line.slice(CONTAINER_MARKERS.exec(line)?.[0].length ?? 0);
  return !(
    isBlank(content) ||
    ATX_HEADING.test(content) ||
    isThematicBreak(content) ||
    FENCE.test(content) ||
    htmlEnclosure(content, false)
  );
}

/** What ends the fenced code that begins on this line, inside of an item that is indented by `itemIndent` columns. */
export function fenceEnclosure(line: string, itemIndent: number): Enclosure | undefined {
  const fence = FENCE.exec(line)?.[1];
  if (fence === undefined || (itemIndent === 0 && isIndentedCode(line))) return undefined;
  const closing = new RegExp(`^[ \\t]*${fence[0]}{${fence.length},}[ \\t]*$`);
  return (after) => {
    if (itemIndent > 0 && !isBlank(after) && indentOf(after) < itemIndent) return 'ENDED';
    const isClosing = closing.test(after) && (itemIndent > 0 || !isIndentedCode(after));
    return isClosing ? 'ENDS' : 'GOES_ON';
  };
}

/** What ends the HTML that begins on this line; asked about that very line, it can be its end already. */
export function htmlEnclosure(line: string, inParagraph: boolean): Enclosure | undefined {
  const span = HTML_SPANS.find(({ start }) => start.test(line));
  if (span) return (after) => (span.end.test(after) ? 'ENDS' : 'GOES_ON');
  if (!HTML_BLOCK.test(line) && (inParagraph || !HTML_ALONE.test(line))) return undefined;
  return (after) => (isBlank(after) ? 'ENDED' : 'GOES_ON');
}

/** A heading's text as people read it: without emphasis, code ticks, links and images around their words. */
export function plainTitle(markdown: string): string {
  return markdown
    .slice(0, 2 * MAX_TITLE_CHARACTERS)
    .replace(/!?\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])?/g, '$1')
    .replace(/`+([^`]+)`+/g, '$1')
    .replace(/(?<![\p{L}\p{N}\\])(\*{1,3}|_{1,3})(?=\S)([^*_]+)\1(?![\p{L}\p{N}])/gu, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TITLE_CHARACTERS)
    .replace(/[\ud800-\udbff]$/, '');
}
