import { type ChunkDraft, rowsOf } from '../embedding/draftVectors.ts';
import { libraryNotFound, nodeNotFound } from '../library/lookup.ts';
import { metadataFrom } from '../library/metadataMap.ts';
import type { Chunk as ChunkShape, Library } from '../library/types.ts';
import { encodeVector } from '../library/vectorValue.ts';
import type { CommandOutcome } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { draftFrom } from './chunkWrites.ts';
import { connection } from './connection.ts';
import { Document } from './document.ts';
import { given } from './given.ts';
import { documentOfHit } from './hitDocuments.ts';
import { Node } from './node.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';
import { VectorEncoding } from './vector.ts';

/** What every answer to a mutation that embeds says of its vectors. */
export const TRUNCATED_COUNT =
  'Of how many of the chunks that came the model read the beginning alone (`isTruncated`), so that what follows cannot be found by meaning. Example: `0`';

export const Chunk = builder.objectRef<ChunkShape>('Chunk');

Chunk.implement({
  description: 'A passage of a document, with a vector: what searches find.',
  interfaces: [Node],
  fields: (t) => ({
    document: t.field({
      type: Document,
      description: 'The document that it is a passage of.',
      resolve: (chunk, _args, { reader }) => {
        const { documentId: id } = chunk;
        const document = documentOfHit(chunk) ?? reader.document(id);
        if (!document) throw nodeNotFound('document', id);
        return document;
      },
    }),
    position: t.exposeInt('position', { description: 'Its place in its document, from 0. Example: `0`' }),
    text: t.exposeString('text', { description: 'What it says. Example: `"Press the red button."`' }),
    page: t.exposeInt('page', {
      nullable: true,
      description:
        'The page of its document that it begins on, from 1; null where there are none. Example: `7`',
    }),
    headings: t.exposeStringList('headings', {
      description:
        'The headings that it stands under, outermost first. Example: `["The handbook", "Safety"]`',
    }),
    embedding: t.field({
      type: 'Vector',
      nullable: true,
      description:
        'Its vector; null if the chunk has been deleted meanwhile. Example: `embedding(encoding: BASE64)`',
      args: {
        encoding: t.arg({
          type: VectorEncoding,
          defaultValue: 'LIST',
          description: 'In which form. Example: `BASE64`',
        }),
      },
      resolve: ({ id }, { encoding }, { reader }) => {
        const vector = reader.vector(id);
        return vector && encodeVector(vector, encoding ?? 'LIST');
      },
    }),
    isTruncated: t.exposeBoolean('truncated', {
      description:
        'Whether its text is longer than the model reads, so that its vector is of the beginning alone. Split it, to find the rest.',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      description: 'Its values of the library\'s metadata fields. Example: `{ "page": 7 }`',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it was last changed. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
  }),
});

export const ChunkConnection = connection(Chunk, 'chunks');

interface ChunkWritten {
  readonly chunk: ChunkShape;
  readonly revision: number;
  readonly truncatedCount: number;
}

const ChunkResult = builder.objectRef<ChunkWritten>('ChunkResult').implement({
  description: 'A chunk was written.',
  fields: (t) => ({
    chunk: t.expose('chunk', { type: Chunk, description: 'The chunk as it is now.' }),
    truncatedCount: t.exposeInt('truncatedCount', { description: TRUNCATED_COUNT }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

const UpdateChunkInput = builder.inputType('UpdateChunkInput', {
  description:
    'What is left out stays as it is. Example: `{ id: "chk_sku-4711", text: "Press the green button." }`',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which one. Example: `"chk_sku-4711"`' }),
    text: t.string({
      description:
        'Its new text. Without `embedding`, the server embeds it anew; where the provider is EXTERNAL, the vector stays. Example: `"Press the green button."`',
    }),
    position: t.int({ description: 'Its new place in its document. Example: `3`' }),
    page: t.int({ description: 'Its new page; null for none. Example: `7`' }),
    headings: t.stringList({ description: 'Its new headings, all of them. Example: `["Safety"]`' }),
    metadata: t.field({
      type: 'JSON',
      description: 'All of its metadata, in place of the old. Example: `{ page: 8 }`',
    }),
    embedding: t.field({ type: 'Vector', description: 'Its new vector. Example: `[0.12, -0.5, 0.83]`' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateChunkPayload = payload('UpdateChunkPayload', {
  description: 'What `updateChunk` answers.',
  success: ChunkResult,
  errors: [
    'ForbiddenError',
    'NodeNotFoundError',
    'DimensionMismatchError',
    'InvalidVectorError',
    'InvalidMetadataError',
    'InvalidArgumentError',
    'CapacityExceededError',
    'EmbedderError',
    'IdempotencyConflictError',
  ],
});

async function updateChunk(
  input: typeof UpdateChunkInput.$inferInput,
  context: Context,
): Promise<ChunkWritten> {
  const { id, text, position, page, headings, metadata, embedding } = input;
  const outcome = await submit(context, 'updateChunk', input, async () => {
    const before = findChunk(id, context);
    const { libraryId } = before;
    const library = context.reader.library({ id: libraryId }) ?? libraryNotFound({ id: libraryId });
    const draft = draftFrom({ id, text: text ?? before.text, embedding });
    const hasNewVector = embedding != null || (text != null && library.embedding.provider !== 'EXTERNAL');
    return {
      type: 'updateChunk',
      id,
      at: Date.now(),
      ...given({ text, position, headings }),
      ...(page === undefined ? {} : { page }),
      ...(metadata === undefined ? {} : { metadata: metadataFrom(metadata) }),
      ...(hasNewVector ? await newVector(draft, library, context) : {}),
      // Whether a new text needs a new vector depends on who makes them, too.
      ...(text == null ? {} : { vectorSet: library.vectorSet.number }),
    };
  });
  return chunkWritten(id, outcome, context);
}

async function newVector(draft: ChunkDraft, library: Library, context: Context) {
  const { vectors, truncated } = await rowsOf([draft], library, context);
  return { vector: vectors.values, truncated: truncated.has(0) };
}

function findChunk(id: string, { reader }: Context): ChunkShape {
  const chunk = reader.chunk(id);
  if (!chunk) throw nodeNotFound('chunk', id);
  return chunk;
}

function chunkWritten(id: string, outcome: CommandOutcome, context: Context): ChunkWritten {
  const { revision, truncatedCount = 0 } = outcome;
  return { chunk: findChunk(id, context), revision, truncatedCount };
}

builder.mutationField('updateChunk', (t) =>
  t.field({
    type: UpdateChunkPayload.type,
    description: 'Changes a chunk.',
    args: {
      input: t.arg({
        type: UpdateChunkInput,
        required: true,
        description:
          'What is to be different. Example: `{ id: "chk_sku-4711", text: "Press the green button." }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      UpdateChunkPayload.answer(['input'], () => updateChunk(input, context)),
  }),
);
