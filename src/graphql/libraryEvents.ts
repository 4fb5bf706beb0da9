import type { LibraryBy as LibraryByShape, LibraryEvent as LibraryEventShape } from '../library/commands.ts';
import { MAX_EVENT_IDS } from '../library/limits.ts';
import { libraryNotFound } from '../library/lookup.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { Chunk } from './chunk.ts';
import { Document } from './document.ts';
import { EventStream } from './EventStream.ts';
import { Library } from './library.ts';
import { LibraryBy } from './libraryBy.ts';

/** An event as it goes out; the snapshot that comes first is of a kind of its own, and has no cursor. */
interface EventShape {
  readonly cursor: string | null;
  readonly event: Omit<LibraryEventShape, 'kind'> & { readonly kind: LibraryEventShape['kind'] | 'SNAPSHOT' };
}

const TYPENAMES: Readonly<Record<EventShape['event']['kind'], string>> = {
  SNAPSHOT: 'LibrarySnapshot',
  LIBRARY_CREATED: 'LibraryCreated',
  LIBRARY_UPDATED: 'LibraryUpdated',
  LIBRARY_DELETED: 'LibraryDeleted',
  DOCUMENT_CREATED: 'DocumentCreated',
  DOCUMENT_UPDATED: 'DocumentUpdated',
  DOCUMENT_DELETED: 'DocumentDeleted',
  CHUNKS_WRITTEN: 'ChunksWritten',
  CHUNKS_DELETED: 'ChunksDeleted',
  INDEX_SWAPPED: 'IndexSwapped',
};

const LibraryEvent = builder.interfaceRef<EventShape>('LibraryEvent').implement({
  description:
    'Something that happened to a library. What an event points to is read when it is sent, so it can be newer than the event.',
  resolveType: ({ event }) => TYPENAMES[event.kind],
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      nullable: true,
      description:
        'Give it as `after` to go on from here after a broken connection; null on the snapshot. Example: `"42.0"`',
    }),
    revision: t.field({
      type: 'Revision',
      description: 'The revision that made it. Example: `"0000000000000042"`',
      resolve: ({ event }) => event.revision,
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When. Example: `"2026-01-31T08:30:00.000Z"`',
      resolve: ({ event }) => event.at,
    }),
    libraryId: t.id({
      description: 'Whose event it is. Example: `"lib_manuals"`',
      resolve: ({ event }) => event.libraryId,
    }),
    library: t.field({
      type: Library,
      nullable: true,
      description: 'The library as it is now; null if it has been deleted.',
      resolve: ({ event: { libraryId: id } }, _args, { reader }) => reader.library({ id }),
    }),
  }),
});

/** An event that tells no more than that it happened. */
const plainEvent = (typename: string, description: string) =>
  builder.objectRef<EventShape>(typename).implement({ description, interfaces: [LibraryEvent] });

plainEvent(
  'LibrarySnapshot',
  'The library as it is: the first event, unless `after` was given. It holds all up to its revision.',
);
plainEvent('LibraryCreated', 'The library was created.');
plainEvent('LibraryUpdated', 'The library was changed.');
plainEvent('LibraryDeleted', 'The library was deleted: the last event.');
plainEvent('IndexSwapped', 'A new index went live: see `library { index }`.');

type EventFields = PothosSchemaTypes.ObjectFieldBuilder<typeof builder.$inferSchemaTypes, EventShape>;

const documentIdField = (t: EventFields) =>
  t.id({
    description: 'The id of the document. Example: `"doc_handbook"`',
    resolve: ({ event }) => event.documentId ?? '',
  });

/** An event about one document that is there. */
const documentEvent = (typename: string, description: string) =>
  builder.objectRef<EventShape>(typename).implement({
    description,
    interfaces: [LibraryEvent],
    fields: (t) => ({
      documentId: documentIdField(t),
      document: t.field({
        type: Document,
        nullable: true,
        description: 'The document as it is now; null if it has been deleted.',
        resolve: ({ event: { documentId } }, _args, { reader }) =>
          documentId === undefined ? null : reader.document(documentId),
      }),
    }),
  });

documentEvent('DocumentCreated', 'A document was created, with its chunks.');
documentEvent('DocumentUpdated', 'A document was changed, or replaced with its chunks.');

builder.objectRef<EventShape>('DocumentDeleted').implement({
  description: 'A document was deleted, with its chunks.',
  interfaces: [LibraryEvent],
  fields: (t) => ({ documentId: documentIdField(t) }),
});

/** What is told of some chunks, there or not. */
const chunksFields = (t: EventFields) => ({
  chunkCount: t.int({
    description: 'How many. Example: `500`',
    resolve: ({ event }) => event.chunkCount ?? 0,
  }),
  chunkIds: t.idList({
    nullable: true,
    description: `Their ids; null where they are more than ${MAX_EVENT_IDS}. Example: \`["chk_sku-4711"]\``,
    resolve: ({ event }) => event.chunkIds && [...event.chunkIds],
  }),
});

builder.objectRef<EventShape>('ChunksWritten').implement({
  description: 'Chunks were created or changed.',
  interfaces: [LibraryEvent],
  fields: (t) => ({
    ...chunksFields(t),
    chunks: t.field({
      type: [Chunk],
      nullable: true,
      description: `Those of them that are still there, as they are now; null where they are more than ${MAX_EVENT_IDS}.`,
      resolve: ({ event }, _args, { reader }) =>
        event.chunkIds?.map((id) => reader.chunk(id)).filter((chunk) => chunk !== undefined),
    }),
  }),
});

builder.objectRef<EventShape>('ChunksDeleted').implement({
  description: 'Chunks were deleted.',
  interfaces: [LibraryEvent],
  fields: chunksFields,
});

/**
 * A library's events, after a snapshot unless there is a cursor to resume from. The events are subscribed to before the
 * snapshot is taken, so none is missed; those that it shows already are left out.
 * @throws AlcoveError LibraryNotFoundError, InvalidArgumentError
 */
function follow(
  { reader, writer }: Context,
  by: LibraryByShape,
  after: string | undefined,
): EventStream<EventShape> {
  const { id: libraryId } = reader.library(by) ?? libraryNotFound(by);
  const events: AsyncIterableIterator<EventShape> = writer.libraryEvents(libraryId, after);
  if (after !== undefined) return new EventStream(events);
  const { revision } = reader.library({ id: libraryId }) ?? libraryNotFound({ id: libraryId });
  const snapshot: EventShape = {
    cursor: null,
    event: { libraryId, revision, at: Date.now(), kind: 'SNAPSHOT' },
  };
  return new EventStream(events, {
    first: snapshot,
    isKnown: ({ event }) => event.revision <= revision,
  });
}

builder.subscriptionField('libraryEvents', (t) =>
  t.field({
    type: LibraryEvent,
    description:
      'Follows a library: a snapshot first, then everything that happens to it and in it, in order.',
    args: {
      library: t.arg({
        type: LibraryBy,
        required: true,
        description: 'Which one. Example: `{ name: "manuals" }`',
      }),
      after: t.arg.string({
        description:
          'The cursor of the last event that arrived: go on from there, without a snapshot. Events are remembered for a while. Example: `"42.0"`',
      }),
    },
    subscribe: (_root, { library, after }, context) => follow(context, library, after ?? undefined),
    resolve: EventStream.resolve<EventShape>,
  }),
);
