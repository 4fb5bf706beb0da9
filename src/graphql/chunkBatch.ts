import { type ChunkDraft, checkHasVector, rowsOf, withRow } from '../embedding/draftVectors.ts';
import { AlcoveError } from '../errors.ts';
import type { WriteChunks } from '../library/commands.ts';
import { inTurns } from '../library/inTurns.ts';
import { libraryNotFound } from '../library/lookup.ts';
import { type Batch, BatchItem, type BatchItemShape, batchOf } from './batch.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { TRUNCATED_COUNT } from './chunk.ts';
import { checkChunkCount, draftFrom, placeFields } from './chunkWrites.ts';
import { LibraryBy } from './libraryBy.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

const BatchAtomicity = builder.enumType('BatchAtomicity', {
  description: 'What happens to a batch when one of its items fails.',
  values: {
    ALL_OR_NOTHING: { description: 'Nothing is written.' },
    EACH: { description: 'The others are written.' },
  },
});

const count = (status: BatchItemShape['status']) => (batch: Batch) =>
  batch.items.filter((item) => item.status === status).length;

const ChunkBatchResult = builder.objectRef<Batch>('ChunkBatchResult').implement({
  description: 'A batch was dealt with. Look at `failedCount`: items fail on their own.',
  fields: (t) => ({
    items: t.field({
      type: [BatchItem],
      description: 'What became of each item, in the order of the input.',
      resolve: ({ items }) => [...items],
    }),
    createdCount: t.int({ description: 'Chunks that are new. Example: `998`', resolve: count('CREATED') }),
    updatedCount: t.int({ description: 'Chunks that changed. Example: `1`', resolve: count('UPDATED') }),
    unchangedCount: t.int({
      description: 'Chunks that were so already. Example: `0`',
      resolve: count('UNCHANGED'),
    }),
    failedCount: t.int({ description: 'Items that failed. Example: `1`', resolve: count('FAILED') }),
    notWrittenCount: t.int({
      description: 'Items that were not written since another failed. Example: `0`',
      resolve: count('NOT_WRITTEN'),
    }),
    truncatedCount: t.exposeInt('truncatedCount', { description: TRUNCATED_COUNT }),
    revision: t.expose('revision', {
      type: 'Revision',
      description:
        'The revision that this write made; the one before it if nothing was written. Example: `"0000000000000042"`',
    }),
  }),
});

const chunkFields = (
  t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>,
) => ({
  documentId: t.id({
    required: true,
    description: 'The document that it is a passage of. Example: `"doc_handbook"`',
  }),
  text: t.string({
    required: true,
    description: 'What it says, up to 1 MiB. Example: `"Press the red button."`',
  }),
  position: t.int({
    description: 'Its place in its document, from 0; after the last one if left out. Example: `7`',
  }),
  ...placeFields(t),
  metadata: t.field({
    type: 'JSON',
    description: 'Its values of declared fields. Example: `{ year: 2026 }`',
  }),
  embedding: t.field({
    type: 'Vector',
    description:
      "Its vector. Needed where the library's provider is EXTERNAL; made of the text otherwise, if left out. Example: `[0.12, -0.5, 0.83]`",
  }),
});

const CreateChunkInput = builder.inputType('CreateChunkInput', {
  description: 'A chunk to create. Example: `{ documentId: "doc_handbook", text: "Press the red button." }`',
  fields: (t) => ({
    id: t.id({
      description:
        'An id of your own, beginning with `chk_`; one is made if left out. Example: `"chk_sku-4711"`',
    }),
    ...chunkFields(t),
  }),
});

const UpsertChunkInput = builder.inputType('UpsertChunkInput', {
  description:
    'A chunk as it is to be, new or not. Example: `{ id: "chk_sku-4711", documentId: "doc_handbook", text: "Press the red button." }`',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Its id, beginning with `chk_`. Example: `"chk_sku-4711"`' }),
    ...chunkFields(t),
  }),
});

const batchFields = (
  t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>,
) => ({
  library: t.field({
    type: LibraryBy,
    required: true,
    description: 'Where to. Example: `{ name: "manuals" }`',
  }),
  atomicity: t.field({
    type: BatchAtomicity,
    defaultValue: 'ALL_OR_NOTHING',
    description: 'What happens when an item fails. Example: `EACH`',
  }),
  idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
});

const CreateChunksInput = builder.inputType('CreateChunksInput', {
  description:
    'What `createChunks` takes. Example: `{ library: { name: "manuals" }, chunks: [{ documentId: "doc_handbook", text: "Press the red button." }] }`',
  fields: (t) => ({
    ...batchFields(t),
    chunks: t.field({
      type: [CreateChunkInput],
      required: true,
      description:
        '1 to 10,000 chunks. Example: `[{ documentId: "doc_handbook", text: "Press the red button." }]`',
    }),
  }),
});

const UpsertChunksInput = builder.inputType('UpsertChunksInput', {
  description:
    'What `upsertChunks` takes. Example: `{ library: { name: "manuals" }, chunks: [{ id: "chk_sku-4711", documentId: "doc_handbook", text: "Press the red button." }] }`',
  fields: (t) => ({
    ...batchFields(t),
    chunks: t.field({
      type: [UpsertChunkInput],
      required: true,
      description:
        '1 to 10,000 chunks. Example: `[{ id: "chk_sku-4711", documentId: "doc_handbook", text: "Press the red button." }]`',
    }),
  }),
});

const CreateChunksPayload = payload('CreateChunksPayload', {
  description: "What `createChunks` answers. What is wrong with one item is in that item's `error`.",
  success: ChunkBatchResult,
  errors: [
    'ForbiddenError',
    'LibraryNotFoundError',
    'InvalidArgumentError',
    'CapacityExceededError',
    'EmbedderError',
    'IdempotencyConflictError',
  ],
});

const UpsertChunksPayload = payload('UpsertChunksPayload', {
  description: "What `upsertChunks` answers. What is wrong with one item is in that item's `error`.",
  success: ChunkBatchResult,
  errors: [
    'ForbiddenError',
    'LibraryNotFoundError',
    'InvalidArgumentError',
    'CapacityExceededError',
    'EmbedderError',
    'IdempotencyConflictError',
  ],
});

type ChunkInput = typeof CreateChunkInput.$inferInput | typeof UpsertChunkInput.$inferInput;

/** Writes a batch. An item that cannot even be sent goes along as its error, in its place. */
async function writeChunks(
  operation: 'createChunks' | 'upsertChunks',
  input: typeof CreateChunksInput.$inferInput | typeof UpsertChunksInput.$inferInput,
  context: Context,
): Promise<Batch> {
  checkChunkCount(input.chunks.length, { min: 1, max: context.config.limits.chunks }, ['chunks']);
  const outcome = await submit(context, operation, input, () => batchCommand(operation, input, context));
  return batchOf(outcome, input.chunks, ['input']);
}

async function batchCommand(
  operation: 'createChunks' | 'upsertChunks',
  input: typeof CreateChunksInput.$inferInput | typeof UpsertChunksInput.$inferInput,
  context: Context,
): Promise<WriteChunks> {
  const library = context.reader.library(input.library) ?? libraryNotFound(input.library);
  const drafts: ChunkDraft[] = [];
  const items = await inTurns<ChunkInput, WriteChunks['items'][number]>(input.chunks, (chunk, index) => {
    try {
      const draft = draftFrom(chunk);
      checkHasVector(draft, library);
      const { vector: _, ...write } = draft;
      return { ...write, documentId: chunk.documentId, row: drafts.push(draft) - 1 };
    } catch (error) {
      if (error instanceof AlcoveError) return error.within('chunks', `${index}`).toRecord();
      throw error;
    }
  });
  const { truncated, words, ...rows } = await rowsOf(drafts, library, context);
  return {
    type: 'writeChunks',
    library: input.library,
    at: Date.now(),
    mode: operation === 'upsertChunks' ? 'UPSERT' : 'CREATE',
    atomicity: input.atomicity ?? 'ALL_OR_NOTHING',
    items: items.map((item) => ('kind' in item ? item : withRow(item, item.row, { truncated, words }))),
    ...rows,
  };
}

builder.mutationFields((t) => ({
  createChunks: t.field({
    type: CreateChunksPayload.type,
    description: 'Creates up to 10,000 chunks in one transaction. They can be found when this returns.',
    args: {
      input: t.arg({
        type: CreateChunksInput,
        required: true,
        description:
          'The chunks. Example: `{ library: { name: "manuals" }, chunks: [{ documentId: "doc_handbook", text: "Press the red button." }] }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      CreateChunksPayload.answer(['input'], () => writeChunks('createChunks', input, context)),
  }),
  upsertChunks: t.field({
    type: UpsertChunksPayload.type,
    description:
      'Creates or replaces up to 10,000 chunks in one transaction, by ids of your own: an import that can be run again.',
    args: {
      input: t.arg({
        type: UpsertChunksInput,
        required: true,
        description:
          'The chunks. Example: `{ library: { name: "manuals" }, chunks: [{ id: "chk_sku-4711", documentId: "doc_handbook", text: "Press the red button." }] }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      UpsertChunksPayload.answer(['input'], () => writeChunks('upsertChunks', input, context)),
  }),
}));
