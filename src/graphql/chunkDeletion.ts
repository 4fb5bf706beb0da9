import { AlcoveError } from '../errors.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Library } from '../library/types.ts';
import type { Predicate } from '../store/predicate.ts';
import { type Batch, BatchItem, batchOf } from './batch.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { checkChunkCount } from './chunkWrites.ts';
import { ChunkFilter, chunkPredicate } from './filter.ts';
import { LibraryBy } from './libraryBy.ts';
import { payload } from './payload.ts';
import { placed } from './placed.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

const DeleteChunksResult = builder.objectRef<Batch>('DeleteChunksResult').implement({
  description: 'Chunks were deleted.',
  fields: (t) => ({
    deletedCount: t.exposeInt('deletedCount', { description: 'Chunks that are gone. Example: `17`' }),
    items: t.field({
      type: [BatchItem],
      description: 'By ids: what became of each, in the order of the input. By filter: empty.',
      resolve: ({ items }) => [...items],
    }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

const DeleteChunksBy = builder.inputType('DeleteChunksBy', {
  description: 'Which chunks to delete. Example: `{ ids: ["chk_sku-4711"] }`',
  isOneOf: true as const,
  fields: (t) => ({
    ids: t.idList({
      description:
        'Those with these ids, 1 to 10,000; an id that nothing has is its item\'s error. Example: `["chk_sku-4711"]`',
    }),
    filter: t.field({
      type: ChunkFilter,
      description:
        'Those that match; at least one condition is needed. Example: `{ document: { author: { eq: "Ada" } } }`',
    }),
  }),
});

const DeleteChunksInput = builder.inputType('DeleteChunksInput', {
  description:
    'What `deleteChunks` takes. Example: `{ library: { name: "manuals" }, by: { ids: ["chk_sku-4711"] } }`',
  fields: (t) => ({
    library: t.field({
      type: LibraryBy,
      required: true,
      description: 'Where from. Example: `{ name: "manuals" }`',
    }),
    by: t.field({
      type: DeleteChunksBy,
      required: true,
      description: 'Which ones. Example: `{ ids: ["chk_sku-4711"] }`',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteChunksPayload = payload('DeleteChunksPayload', {
  description: 'What `deleteChunks` answers.',
  success: DeleteChunksResult,
  errors: [
    'ForbiddenError',
    'LibraryNotFoundError',
    'InvalidFilterError',
    'InvalidArgumentError',
    'IdempotencyConflictError',
  ],
});

async function deleteChunks(input: typeof DeleteChunksInput.$inferInput, context: Context): Promise<Batch> {
  const { ids, filter } = input.by;
  if (ids) checkChunkCount(ids.length, { min: 1, max: context.config.limits.chunks }, ['by', 'ids']);
  const outcome = await submit(context, 'deleteChunks', input, () => {
    const library = context.reader.library(input.library) ?? libraryNotFound(input.library);
    return {
      type: 'deleteChunks',
      library: input.library,
      at: Date.now(),
      by: ids ? { ids } : { predicate: placed(['by'], () => conditionsOf(filter ?? {}, library)) },
    };
  });
  return batchOf(outcome, ids?.map((id) => ({ id })) ?? [], ['input', 'by']);
}

/** A filter that sets a condition: one that sets none would delete everything. @throws AlcoveError InvalidFilterError */
function conditionsOf(filter: typeof ChunkFilter.$inferInput, library: Library): Predicate {
  const predicate = chunkPredicate(filter, library.metadataFields);
  if (predicate.kind !== 'and' || predicate.all.length > 0) return predicate;
  const [got, expected] = ['a filter that every chunk matches', 'at least one condition'];
  throw new AlcoveError('InvalidFilterError', `Got ${got}; expected ${expected}.`, {
    path: ['filter'],
    detail: { got, expected },
  });
}

builder.mutationField('deleteChunks', (t) =>
  t.field({
    type: DeleteChunksPayload.type,
    description: 'Deletes chunks, by ids or by a filter, in one transaction.',
    args: {
      input: t.arg({
        type: DeleteChunksInput,
        required: true,
        description: 'Which ones. Example: `{ library: { name: "manuals" }, by: { ids: ["chk_sku-4711"] } }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      DeleteChunksPayload.answer(['input'], () => deleteChunks(input, context)),
  }),
);
