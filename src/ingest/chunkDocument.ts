import { DEFAULT_CHUNKING } from '../library/chunkingSettings.ts';
import type { ChunkingSettings } from '../library/types.ts';
import { type Block, isBlank, linesOf } from './blocks.ts';
import type { ExtractedDocument } from './ExtractedDocument.ts';
import { packBlocks, type TextChunk } from './packBlocks.ts';
import { tidyTitle } from './tidyTitle.ts';

/**
 * Splits a document into chunks of a size that can be searched for and quoted, each with the page and the headings that it
 * stands under. Every character that is not white space is in some chunk, in order, and no chunk is above the maximum.
 * The title is the document's own, or its first heading, or its first line.
 */
export function chunkDocument(
  document: Pick<ExtractedDocument, 'text' | 'blocks' | 'title'>,
  chunking: ChunkingSettings = DEFAULT_CHUNKING,
): { readonly title: string; readonly chunks: readonly TextChunk[] } {
  const { text, blocks } = document;
  const chunks = packBlocks(text, blocks, chunking);
  return { title: document.title ?? firstHeading(document) ?? firstLine(text) ?? 'Untitled', chunks };
}

/** Of those that are in the text: the title of a record is not the document's. */
function firstHeading({ blocks }: { readonly blocks: readonly Block[] }): string | undefined {
  return blocks.find(({ title, start, end }) => title && end > start)?.title;
}

function firstLine(text: string): string | undefined {
  for (const line of linesOf(text)) {
    if (!isBlank(line.text)) return tidyTitle(line.text.trimStart());
  }
  return undefined;
}
