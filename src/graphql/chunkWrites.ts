import { type ChunkDraft, type KnownRows, withRow } from '../embedding/draftVectors.ts';
import { AlcoveError } from '../errors.ts';
import { chunkDocument } from '../ingest/chunkDocument.ts';
import { textTypeOf } from '../ingest/contentTypes.ts';
import { checkTextLength, readText } from '../ingest/readText.ts';
import { checkWholeNumber } from '../library/checks.ts';
import type { ChunkWrite, PendingChunk } from '../library/commands.ts';
import { newId } from '../library/ids.ts';
import { inTurns } from '../library/inTurns.ts';
import { MAX_CHUNKS_PER_MUTATION } from '../library/limits.ts';
import { metadataFrom } from '../library/metadataMap.ts';
import type { ChunkingSettings } from '../library/types.ts';
import { vectorBytes } from '../store/vectors.ts';
import { builder } from './builder.ts';
import { given } from './given.ts';
import { placed } from './placed.ts';
import type { VectorInput } from './vector.ts';

/** What is said of a chunk wherever one is written. */
interface ChunkContent {
  readonly id?: string | null | undefined;
  readonly text: string;
  readonly position?: number | null | undefined;
  readonly page?: number | null | undefined;
  readonly headings?: readonly string[] | null | undefined;
  readonly metadata?: unknown;
  readonly embedding?: VectorInput | null | undefined;
}

/** Where in its document a chunk stands, as inputs say it. */
export const placeFields = (
  t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>,
) => ({
  page: t.int({ description: 'The page of its document that it begins on, from 1. Example: `7`' }),
  headings: t.stringList({
    description: 'The headings that it stands under, outermost first. Example: `["The handbook", "Safety"]`',
  }),
});

const DocumentChunkInput = builder.inputType('DocumentChunkInput', {
  description:
    'A chunk of the document that it is written with. Example: `{ text: "Press the red button." }`',
  fields: (t) => ({
    id: t.id({
      description:
        'An id of your own, beginning with `chk_`; one is made if left out. Example: `"chk_sku-4711"`',
    }),
    text: t.string({
      required: true,
      description: 'What it says, up to 1 MiB. Example: `"Press the red button."`',
    }),
    ...placeFields(t),
    metadata: t.field({ type: 'JSON', description: 'Its values of declared fields. Example: `{ page: 7 }`' }),
    embedding: t.field({
      type: 'Vector',
      description:
        "Its vector. Needed where the library's provider is EXTERNAL; made of the text otherwise, if left out. Example: `[0.12, -0.5, 0.83]`",
    }),
  }),
});

export const DocumentContentInput = builder.inputType('DocumentContentInput', {
  description:
    'What a document says, as one text or in chunks. Example: `{ text: "# The handbook\\n\\nPress the red button." }`',
  isOneOf: true as const,
  fields: (t) => ({
    text: t.string({
      description:
        'All of it, up to 5,000,000 characters: split as the `chunking` of the library says, and embedded, by the server. Example: `"# The handbook\\n\\nPress the red button."`',
    }),
    chunks: t.field({
      type: [DocumentChunkInput],
      description: `Its chunks, up to ${MAX_CHUNKS_PER_MUTATION.toLocaleString('en')}, in order. Example: \`[{ text: "Press the red button." }]\``,
    }),
  }),
});

/**
 * The chunks of a document, in order, and its title as its text has it.
 * @throws AlcoveError with a path below the document.
 */
export async function contentFrom(
  content: typeof DocumentContentInput.$inferInput | null | undefined,
  document: { readonly title: string | null | undefined; readonly contentType: string },
  chunking: ChunkingSettings,
): Promise<{ readonly title: string | undefined; readonly drafts: readonly ChunkDraft[] }> {
  const asked = given({ title: document.title });
  if (content?.text != null) {
    const { text } = content;
    const contentType = textTypeOf(document.contentType);
    const parts = placed(['content'], () => {
      checkTextLength(text);
      const document = readText(text, contentType);
      // Nothing of a text is left out without the caller's knowing: one bad line refuses it.
      const [problem] = document.problems;
      if (problem) throw AlcoveError.fromRecord(problem);
      return chunkDocument({ ...document, ...asked }, chunking);
    });
    return { title: parts.title, drafts: parts.chunks.map(draftFrom) };
  }
  const chunks = content?.chunks ?? [];
  checkChunkCount(chunks.length, { min: 0 }, ['content', 'chunks']);
  const drafts = await inTurns(chunks, (chunk, index) =>
    placed(['content', 'chunks', `${index}`], () => draftFrom(chunk)),
  );
  return { title: asked.title, drafts };
}

/** @throws AlcoveError InvalidArgumentError */
export function checkChunkCount(
  count: number,
  { min, max = MAX_CHUNKS_PER_MUTATION }: { readonly min: number; readonly max?: number },
  path: readonly string[],
): void {
  checkWholeNumber('the number of chunks', count, { min, max }, path);
}

/** One chunk. @throws AlcoveError InvalidVectorError, InvalidMetadataError with a path below the chunk. */
export function draftFrom({
  id,
  text,
  position,
  page,
  headings,
  metadata,
  embedding,
}: ChunkContent): ChunkDraft {
  return {
    id: id ?? newId('chunk'),
    text,
    ...given({ position, page, headings }),
    metadata: metadataFrom(metadata),
    vector: embedding == null ? undefined : placed(['embedding'], () => embedding.read()),
  };
}

/** Chunks that have to wait for the embedder, with the vectors that were given. */
export function pendingOf(drafts: readonly ChunkDraft[]): PendingChunk[] {
  return drafts.map(({ vector, ...chunk }) =>
    vector === undefined ? chunk : { ...chunk, vector: Buffer.from(vectorBytes(vector)).toString('base64') },
  );
}

/** Chunks as a command takes them, each with the row of its vector. */
export function writesOf(drafts: readonly ChunkDraft[], known: KnownRows): ChunkWrite[] {
  return drafts.map(({ vector: _, ...write }, row) => withRow(write, row, known));
}
