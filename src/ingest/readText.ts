import { AlcoveError } from '../errors.ts';
import { plainTextBlocks } from './blocks.ts';
import type { TextType } from './contentTypes.ts';
import { readCsv } from './csv.ts';
import { DocumentBuilder, type ExtractedDocument } from './ExtractedDocument.ts';
import { DEFAULT_EXTRACT_LIMITS } from './extractLimits.ts';
import { frontMatter } from './frontMatter.ts';
import { readHtml } from './html.ts';
import { readJsonLines } from './jsonLines.ts';
import { markdownBlocks } from './markdown.ts';
import type { ReadContext } from './ReadContext.ts';

/** The longest text that is read in one request, in UTF-16 code units: a library of books in one file. */
export const MAX_TEXT_CHARACTERS = 5_000_000;

/**
 * The structure of a text. In one go: time is in proportion to the text's length.
 * @throws AlcoveError UnreadableFileError TOO_COMPLEX or CORRUPT; CancelledError when the context's signal says so.
 */
export function readText(
  text: string,
  contentType: TextType,
  context: ReadContext = OF_A_REQUEST,
): ExtractedDocument {
  switch (contentType) {
    case 'text/plain':
      return { contentType, text, blocks: plainTextBlocks(text), problems: [] };
    case 'text/markdown':
      return readMarkdown(text);
    case 'text/html':
      return readWebPage(text, context);
    case 'text/csv':
    case 'text/tab-separated-values':
      return readCsv(text, contentType, context);
    case 'application/x-ndjson':
      return readJsonLines(text, context);
  }
}

const OF_A_REQUEST: ReadContext = { file: 'the text', limits: DEFAULT_EXTRACT_LIMITS, signal: undefined };

/** A page of which nothing is left but its navigation is read with it. */
function readWebPage(html: string, context: ReadContext): ExtractedDocument {
  const read = (withNavigation: boolean): ExtractedDocument => {
    const builder = new DocumentBuilder();
    const facts = readHtml(html, builder, context, { withNavigation });
    return { contentType: 'text/html', ...facts, ...builder.finish(), problems: [] };
  };
  const page = read(false);
  return page.blocks.length > 0 ? page : read(true);
}

/** Markdown stays as it is written, front matter included: who reads a chunk reads the author's own text. */
function readMarkdown(text: string): ExtractedDocument {
  const blocks = markdownBlocks(text);
  return { contentType: 'text/markdown', ...frontMatter(text), text, blocks, problems: [] };
}

/** @throws AlcoveError InvalidArgumentError for a text above {@link MAX_TEXT_CHARACTERS}. */
export function checkTextLength(text: string): void {
  if (text.length <= MAX_TEXT_CHARACTERS) return;
  throw new AlcoveError(
    'InvalidArgumentError',
    `The text has ${text.length} characters; at most ${MAX_TEXT_CHARACTERS} can be chunked as one document: split it.`,
    { path: ['text'], detail: { got: text.length, expected: MAX_TEXT_CHARACTERS } },
  );
}
