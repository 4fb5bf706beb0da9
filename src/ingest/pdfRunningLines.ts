import type { PdfLine } from './pdfLines.ts';

/** A running line is further away from the others than this, in sizes. */
const APART = 1.5;
/** Pages with fewer lines have none that runs along. */
const MIN_LINES = 3;
/** On so many pages a line runs along, and does not only come again. */
const MIN_PAGES = 3;

/**
 * Pages without their running heads, feet and page numbers, which would stand in the middle of sentences that go on over
 * the page. A line counts as running when it is the outermost of three pages or more, but for its numbers, and apart from the
 * others; the first of its kind stays, unless it is nothing but a number.
 */
export function withoutRunningLines(pages: readonly (readonly PdfLine[])[]): readonly (readonly PdfLine[])[] {
  const counts = new Map<string, number>();
  for (const page of pages) {
    for (const kind of new Set(edgesOf(page).map(kindOf))) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const told = new Set<string>();
  return pages.map((page) => {
    const edges = new Set(edgesOf(page));
    return page.filter((line) => {
      const kind = kindOf(line);
      if (!edges.has(line) || (counts.get(kind) ?? 0) < MIN_PAGES) return true;
      const isFirst = !told.has(kind) && /\p{L}/u.test(line.text);
      told.add(kind);
      return isFirst;
    });
  });
}

/** The uppermost and the lowermost line, where they stand apart. */
function edgesOf(page: readonly PdfLine[]): PdfLine[] {
  if (page.length < MIN_LINES) return [];
  const byHeight = [...page].sort((one, other) => other.y - one.y);
  const isApart = (line: PdfLine | undefined, next: PdfLine | undefined): line is PdfLine =>
    line !== undefined &&
    next !== undefined &&
    Math.abs(line.y - next.y) > APART * Math.max(line.size, next.size);
  const [head, belowHead] = byHeight;
  const [aboveFoot, foot] = byHeight.slice(-2);
  return [...(isApart(head, belowHead) ? [head] : []), ...(isApart(foot, aboveFoot) ? [foot] : [])];
}

/** What lines have in common that differ by their page's number alone. */
function kindOf({ text }: PdfLine): string {
  return text.replace(/\d+|\b[ivxlc]+\b/g, '#');
}
