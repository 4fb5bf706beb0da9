import { getResolvedPDFJS } from 'unpdf';
import { z } from 'zod';
import { DocumentBuilder, type ExtractedDocument } from './ExtractedDocument.ts';
import { Problems } from './Problems.ts';
import { linesOfPage, type PdfLine, type PdfParagraph, type PdfRun, paragraphsOf } from './pdfLines.ts';
import { type Pdf, type PdfMark, pdfMarks } from './pdfOutline.ts';
import { outliveRejections } from './pdfRejections.ts';
import { withoutRunningLines } from './pdfRunningLines.ts';
import { asCorrupt, checkCharacterCount, checkNotCancelled, type ReadContext } from './ReadContext.ts';
import { tidyTitle } from './tidyTitle.ts';
import { unreadable } from './unreadable.ts';

/** The end of a file is looked for in its last so many bytes. */
const END_WITHIN = 2_048;
/** A heading is so much larger than the text, and so short. */
const HEADING_SIZE = 1.15;
const MAX_HEADING_CHARACTERS = 160;
/** Levels that are told apart by their sizes. */
const HEADING_LEVELS = 4;

/** Titles that programs make up. */
const MADE_UP_TITLE =
  /^(?:untitled.*|microsoft (?:word|powerpoint|excel) - .*|.*\.(?:docx?|pptx?|xlsx?|tex|dvi|indd|qxd|pages|odt|rtf|txt|html?)|\(?anonymous\)?|document\d*|title)$/i;

const INFO = z
  .object({ Title: z.string().catch(''), Author: z.string().catch('') })
  .catch({ Title: '', Author: '' });
const RUN = z.object({
  str: z.string(),
  transform: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]),
  width: z.number(),
  height: z.number(),
  hasEOL: z.boolean(),
});

/**
 * The text of a PDF, page by page, in the order in which it is drawn. Headings are those of its outline; without one,
 * lines that are set larger than the text. What runs along the edge of every page is told once. A page that cannot be read is a problem of its own.
 * @throws AlcoveError UnreadableFileError: ENCRYPTED when a password is needed; CORRUPT, also when the file's end is missing;
 *   TOO_COMPLEX for more pages than allowed; CancelledError.
 */
export async function readPdf(bytes: Uint8Array, context: ReadContext): Promise<ExtractedDocument> {
  checkEnd(bytes, context);
  const { getDocument } = await getResolvedPDFJS();
  outliveRejections();
  // PDF.js takes the bytes that it is given away from the caller.
  const task = getDocument({ ...OPTIONS, data: Uint8Array.from(bytes) });
  try {
    const pdf = await task.promise;
    checkPageCount(pdf.numPages, context);
    return await readPages(pdf, context);
  } catch (error) {
    throw isPasswordNeeded(error) ? encrypted(context.file) : asCorrupt(error, 'a PDF document', context);
  } finally {
    await task.destroy();
  }
}

/** Text alone is asked for: no fonts are loaded, no scripts run, nothing is fetched. */
const OPTIONS = {
  verbosity: 0,
  disableFontFace: true,
  useSystemFonts: false,
  isEvalSupported: false,
  useWorkerFetch: false,
  enableXfa: false,
  maxImageSize: 1_048_576,
} as const;

async function readPages(pdf: Pdf, context: ReadContext): Promise<ExtractedDocument> {
  const problems = new Problems(context.file);
  const marks = await pdfMarks(pdf);
  const lines: PdfLine[][] = [];
  let characters = 0;
  let failure: unknown;
  for (let number = 1; number <= pdf.numPages; number++) {
    checkNotCancelled(context);
    try {
      lines.push(linesOfPage(await runsOf(pdf, number)));
    } catch (error) {
      failure = error;
      lines.push([]);
      const got = error instanceof Error ? error.message : String(error);
      problems.add(`page ${number}`, 'CORRUPT', { got, expected: 'a page', todo: 'Fetch the file anew.' });
    }
    characters += lines.at(-1)?.reduce((sum, { text }) => sum + text.length, 0) ?? 0;
    checkCharacterCount(characters, context);
  }
  if (problems.count === lines.length && failure !== undefined) throw failure;
  const pages = withoutRunningLines(lines).map((page, index) => {
    const titles = new Set(marks.get(index + 1)?.map(({ title }) => plain(title)));
    return paragraphsOf(page, ({ text }) => titles.has(plain(text)));
  });
  const builder = new DocumentBuilder();
  writePages(pages, marks, builder);
  const { title, author } = await factsOf(pdf);
  return {
    contentType: 'application/pdf',
    ...(title === '' ? {} : { title }),
    ...(author === '' ? {} : { author }),
    ...builder.finish(),
    problems: problems.finish(),
  };
}

async function runsOf(pdf: Pdf, number: number): Promise<PdfRun[]> {
  const page = await pdf.getPage(number);
  try {
    const { items } = await page.getTextContent();
    return items.flatMap((item): PdfRun[] => {
      const { data } = RUN.safeParse(item);
      if (data === undefined) return [];
      const [, , skew, scale, x, y] = data.transform;
      const size = Math.hypot(skew, scale) || data.height || 1;
      return [{ text: data.str.replaceAll('\0', ''), x, y, width: data.width, size, endsLine: data.hasEOL }];
    });
  } finally {
    page.cleanup();
  }
}

function writePages(
  pages: readonly PdfParagraph[][],
  marks: ReadonlyMap<number, readonly PdfMark[]>,
  builder: DocumentBuilder,
) {
  const levelOf = marks.size > 0 ? undefined : levelsBySize(pages.flat());
  for (const [index, paragraphs] of pages.entries()) {
    builder.beginPage(index + 1);
    const waiting = [...(marks.get(index + 1) ?? [])];
    // Headings that are not found on their page, as they are pictures or written otherwise, stand at its top.
    const texts = new Set(paragraphs.map(({ text }) => plain(text)));
    for (const { title, level } of waiting) if (!texts.has(plain(title))) builder.record(title, level);
    for (const { text, size } of paragraphs) {
      const mark = waiting.find(({ title }) => plain(title) === plain(text));
      const level = mark?.level ?? levelOf?.({ text, size });
      if (level === undefined) builder.prose(text);
      else builder.heading(level, text);
    }
  }
}

/** Compared without what a contents list may have and the page not: numbers, case, spaces. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^[\d.\s]+/, '')
    .replace(/\s+/g, '');
}

/** The level of a paragraph that is a heading, by how much larger than most of the text it is. */
function levelsBySize(paragraphs: readonly PdfParagraph[]): (paragraph: PdfParagraph) => number | undefined {
  const characters = new Map<number, number>();
  const rounded = (size: number) => Math.round(size * 2) / 2;
  for (const { text, size } of paragraphs) {
    characters.set(rounded(size), (characters.get(rounded(size)) ?? 0) + text.length);
  }
  const [body] = [...characters].reduce((one, other) => (other[1] > one[1] ? other : one), [0, 0]);
  const isHeading = ({ text, size }: PdfParagraph) =>
    size > body * HEADING_SIZE && text.length <= MAX_HEADING_CHARACTERS && /\p{L}/u.test(text);
  const sizes = [...new Set(paragraphs.filter(isHeading).map(({ size }) => rounded(size)))].sort(
    (a, b) => b - a,
  );
  return (paragraph) => {
    if (!isHeading(paragraph)) return undefined;
    return Math.min(HEADING_LEVELS, sizes.indexOf(rounded(paragraph.size)) + 1);
  };
}

async function factsOf(pdf: Pdf): Promise<{ title: string; author: string }> {
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const { Title, Author } = INFO.parse(info);
  const title = tidyTitle(Title.replaceAll('\0', ''));
  return { title: MADE_UP_TITLE.test(title) ? '' : title, author: tidyTitle(Author.replaceAll('\0', '')) };
}

/** PDF.js mends what is cut short as far as it can, and does not say so: half a document would pass for a whole one. */
function checkEnd(bytes: Uint8Array, context: ReadContext): void {
  const tail = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + Math.max(0, bytes.length - END_WITHIN),
    Math.min(bytes.length, END_WITHIN),
  );
  if (tail.includes('%%EOF')) return;
  throw asCorrupt('its end is missing', 'a whole PDF document, up to its %%EOF', context);
}

function checkPageCount(count: number, { file, limits }: ReadContext): void {
  if (count <= limits.maxPages) return;
  throw unreadable(file, 'TOO_COMPLEX', {
    got: `${count} pages`,
    expected: `at most ${limits.maxPages}`,
    todo: 'Split the file.',
  });
}

function isPasswordNeeded(error: unknown): boolean {
  return error instanceof Error && error.name === 'PasswordException';
}

function encrypted(file: string): Error {
  return unreadable(file, 'ENCRYPTED', {
    got: 'an encrypted PDF document',
    expected: 'one that opens without a password',
    todo: 'Save a copy without its password.',
  });
}
