import type { CommandOutcome } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import { LibraryBy } from './libraryBy.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

const DeleteLibraryResult = builder.objectRef<CommandOutcome>('DeleteLibraryResult').implement({
  description: 'A library was deleted, with all that was in it, its index and its files.',
  fields: (t) => ({
    deletedId: t.exposeID('libraryId', { description: 'The id that it had. Example: `"lib_manuals"`' }),
    deletedDocumentCount: t.int({
      description: 'Documents that went along. Example: `120`',
      resolve: ({ deleted }) => deleted?.documents ?? 0,
    }),
    deletedChunkCount: t.int({
      description: 'Chunks that went along. Example: `4210`',
      resolve: ({ deleted }) => deleted?.chunks ?? 0,
    }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

const DeleteLibraryInput = builder.inputType('DeleteLibraryInput', {
  description: 'What `deleteLibrary` takes. Example: `{ library: { name: "manuals" } }`',
  fields: (t) => ({
    library: t.field({
      type: LibraryBy,
      required: true,
      description: 'Which one. Example: `{ name: "manuals" }`',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteLibraryPayload = payload('DeleteLibraryPayload', {
  description: 'What `deleteLibrary` answers.',
  success: DeleteLibraryResult,
  errors: ['ForbiddenError', 'LibraryNotFoundError', 'InvalidArgumentError', 'IdempotencyConflictError'],
});

builder.mutationField('deleteLibrary', (t) =>
  t.field({
    type: DeleteLibraryPayload.type,
    description: 'Deletes a library, with its documents and chunks, its index and its files.',
    args: {
      input: t.arg({
        type: DeleteLibraryInput,
        required: true,
        description: 'Which one. Example: `{ library: { name: "manuals" } }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      DeleteLibraryPayload.answer(['input'], () =>
        submit(context, 'deleteLibrary', input, () => ({
          type: 'deleteLibrary',
          library: input.library,
          at: Date.now(),
        })),
      ),
  }),
);
