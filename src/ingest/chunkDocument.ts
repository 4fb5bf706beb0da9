import { AlcoveError } from '../errors.ts';
import { type Block, linesOf, plainTextBlocks } from './blocks.ts';
import { contentTypeOf } from './extract.ts';
import { markdownBlocks } from './markdown.ts';
import { MAX_TITLE_CHARACTERS } from './markdownLines.ts';
import { type ChunkOptions, packBlocks, type TextChunk } from './packBlocks.ts';

/** The longest text that is chunked in one go, in UTF-16 code units: a library of books in one file. */
export const MAX_DOCUMENT_CHARACTERS = 5_000_000;

export const DEFAULT_CHUNK_OPTIONS = {
  targetCharacters: 800,
  maxCharacters: 1_200,
  overlap: 'NONE',
} as const satisfies ChunkOptions;

/**
 * Splits a text at its headings, paragraphs and sentences into chunks of a size that can be searched for and quoted.
 * Every character that is not white space is in some chunk, in order, and no chunk is above the maximum. The title is
 * the one given, or the first heading, or the first line.
 * @throws AlcoveError InvalidArgumentError when the content type is not supported, or the text too long.
 */
export function chunkDocument(
  document: { readonly text: string; readonly contentType: string; readonly title?: string },
  options: Partial<ChunkOptions> = {},
): { readonly title: string; readonly chunks: readonly TextChunk[] } {
  const { text } = document;
  if (text.length > MAX_DOCUMENT_CHARACTERS) {
    throw new AlcoveError(
      'InvalidArgumentError',
      `The text has ${text.length} characters; at most ${MAX_DOCUMENT_CHARACTERS} can be chunked as one document: split it.`,
      { path: ['text'], detail: { got: text.length, expected: MAX_DOCUMENT_CHARACTERS } },
    );
  }
  const isMarkdown = contentTypeOf(document) === 'text/markdown';
  const blocks = isMarkdown ? markdownBlocks(text) : plainTextBlocks(text);
  const chunks = packBlocks(text, blocks, { ...DEFAULT_CHUNK_OPTIONS, ...options });
  return { title: document.title ?? firstHeading(blocks) ?? firstLine(text) ?? 'Untitled', chunks };
}

function firstHeading(blocks: readonly Block[]): string | undefined {
  return blocks.find((block) => block.title)?.title;
}

function firstLine(text: string): string | undefined {
  for (const line of linesOf(text)) {
    const trimmed = line.text.trim();
    if (trimmed !== '') return trimmed.slice(0, MAX_TITLE_CHARACTERS);
  }
  return undefined;
}
