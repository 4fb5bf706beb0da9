/** A run of glyphs as PDF.js gives it: where its baseline begins, in points from the lower left corner. */
export interface PdfRun {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** The size of its font. */
  readonly size: number;
  /** Whether a line ends with it. */
  readonly endsLine: boolean;
}

/** A line of a page. */
export interface PdfLine {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly size: number;
}

/** Lines that belong together, joined. */
export interface PdfParagraph {
  readonly text: string;
  readonly size: number;
}

/** Runs whose baselines differ by less than this part of their size are on one line. */
const SAME_LINE = 0.5;
/** A gap between two runs as wide as this part of their size is a space. */
const SPACE_WIDTH = 0.2;
/** Lines further apart than this, in sizes, are of two paragraphs. */
const PARAGRAPH_GAP = 1.75;
/** Sizes that differ by more than this part are of two paragraphs. */
const SAME_SIZE = 0.1;
/** A line that ends a sentence, and is shorter than this part of its paragraph, ends the paragraph. */
const SHORT_LINE = 0.8;
/** Lines whose edges are looked at. */
const EDGE_LINES = 20;

/**
 * The lines of a page, in the order in which the file draws them: programs that set type draw columns one after another,
 * which places on the page alone do not tell.
 */
export function linesOfPage(runs: readonly PdfRun[]): PdfLine[] {
  const lines: PdfLine[] = [];
  let open: PdfRun[] = [];
  const endLine = () => {
    const line = lineOf(open);
    if (line) lines.push(line);
    open = [];
  };
  for (const run of runs) {
    const last = open.at(-1);
    if (
      last &&
      run.text.trim() !== '' &&
      Math.abs(run.y - last.y) > SAME_LINE * Math.max(run.size, last.size)
    )
      endLine();
    open.push(run);
    if (run.endsLine) endLine();
  }
  endLine();
  return lines;
}

function lineOf(runs: readonly PdfRun[]): PdfLine | undefined {
  const seen = runs.filter(({ text }) => text.trim() !== '');
  const [first] = seen;
  if (first === undefined) return undefined;
  let text = '';
  let right = first.x;
  for (const run of runs) {
    const gap = run.x - right;
    const isApart = text !== '' && !/\s$/.test(text) && !/^\s/.test(run.text) && gap > SPACE_WIDTH * run.size;
    text += isApart ? ` ${run.text}` : run.text;
    right = Math.max(right, run.x + run.width);
  }
  const size = seen.reduce((largest, run) => Math.max(largest, run.size), 0);
  return { text: text.replace(/\s+/g, ' ').trim(), x: first.x, y: first.y, right, size };
}

/** Lines joined to paragraphs: words that were broken at a line's end are whole again. A heading stays by itself. */
export function paragraphsOf(
  lines: readonly PdfLine[],
  isHeading: (line: PdfLine) => boolean,
): PdfParagraph[] {
  const paragraphs: PdfParagraph[] = [];
  let open: PdfLine[] = [];
  const endParagraph = () => {
    const [first] = open;
    if (first) paragraphs.push({ text: joined(open), size: first.size });
    open = [];
  };
  for (const line of lines) {
    const isAlone = isHeading(line);
    if (isAlone || !goesOn(open, line)) endParagraph();
    open.push(line);
    if (isAlone) endParagraph();
  }
  endParagraph();
  return paragraphs;
}

function goesOn(open: readonly PdfLine[], line: PdfLine): boolean {
  const last = open.at(-1);
  if (last === undefined) return true;
  if (Math.abs(line.size - last.size) > SAME_SIZE * Math.max(line.size, last.size)) return false;
  const down = last.y - line.y;
  // Further up: the next column, where a sentence may go on.
  if (down < 0) return !/[.!?:;]$/.test(last.text) && /^\p{Ll}/u.test(line.text);
  if (down > PARAGRAPH_GAP * last.size) return false;
  if (/^(?:[•▪◦‣–*]|\d{1,3}[.)])\s/u.test(line.text)) return false;
  // The lines before these few have set the same edges.
  const near = open.slice(-EDGE_LINES);
  const left = Math.min(...near.map(({ x }) => x));
  const right = Math.max(...near.map((one) => one.right));
  const isShort = last.right - left < SHORT_LINE * Math.max(right - left, line.right - line.x);
  if (isShort && /[.!?:]["')\]”’]?$/.test(last.text)) return false;
  const isIndented = line.x > last.x + line.size && open.length > 1 && line.x > left + line.size;
  return !isIndented;
}

function joined(lines: readonly PdfLine[]): string {
  let text = '';
  for (const line of lines) {
    if (text === '') text = line.text;
    else if (/\p{L}\u00ad$/u.test(text)) text = text.slice(0, -1) + line.text;
    else if (/\p{Ll}[-‐]$/u.test(text) && /^\p{Ll}/u.test(line.text)) text = text.slice(0, -1) + line.text;
    else text += ` ${line.text}`;
  }
  return text;
}
