import { libraryNotFound } from '../library/lookup.ts';
import type { Document as DocumentShape } from '../library/types.ts';
import { builder } from './builder.ts';
import { ChunkConnection } from './chunk.ts';
import { connection, pageArgs, pageRequest } from './connection.ts';
import { ErrorInterface } from './errors.ts';
import { ChunkFilter } from './filter.ts';
import { libraryOfHit } from './hitDocuments.ts';
import { KnnSearchPayload, knnSearch } from './knnSearch.ts';
import { Library } from './library.ts';
import { Node } from './node.ts';

const DocumentState = builder.enumType('DocumentState', {
  description: 'Whether a document can be found.',
  values: {
    READY: { description: 'All that it says can be found.' },
    INCOMPLETE: {
      description:
        'It has so many chunks that it is written in parts, and some are not there yet. Where its import has ended, import the file again: it goes on where it was.',
    },
    PENDING_EMBEDDING: {
      description:
        'What it is to say is kept, and takes its place when the embedder answers again. What it said before, if anything, is found until then.',
    },
  },
});

export const Document = builder.objectRef<DocumentShape>('Document');

Document.implement({
  description: 'What a person would name: a page, a file, a record. Its chunks are its passages.',
  interfaces: [Node],
  fields: (t) => ({
    library: t.field({
      type: Library,
      description: 'The library that it is in.',
      resolve: (document, _args, { reader }) => {
        const { libraryId: id } = document;
        return libraryOfHit(document) ?? reader.library({ id }) ?? libraryNotFound({ id });
      },
    }),
    title: t.exposeString('title', { description: 'Its title. Example: `"The handbook"`' }),
    author: t.exposeString('author', {
      nullable: true,
      description: 'Who wrote it, if known. Example: `"Ada Lovelace"`',
    }),
    sourceUrl: t.exposeString('sourceUrl', {
      nullable: true,
      description: 'Where it is from, if known. Example: `"https://example.com/handbook.md"`',
    }),
    contentType: t.exposeString('contentType', { description: 'Its media type. Example: `"text/markdown"`' }),
    state: t.expose('state', {
      type: DocumentState,
      description: 'Whether all that it is to say can be found. Example: `READY`',
    }),
    pendingError: t.field({
      type: ErrorInterface,
      nullable: true,
      description: 'Why it waits to be embedded, as its embedder said last; null if it does not wait.',
      resolve: ({ id, state }, _args, { reader }) =>
        state === 'PENDING_EMBEDDING' ? reader.pendingError(id) : null,
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      description: 'Its values of the library\'s metadata fields. Example: `{ "year": 2026 }`',
    }),
    chunks: t.field({
      type: ChunkConnection,
      description: 'Its chunks, by position.',
      args: pageArgs,
      resolve: ({ id: documentId }, args, { reader }) => ({
        ...reader.chunks({ documentId }, pageRequest(args), {}),
        totalCount: () => reader.chunkCount({ documentId }),
      }),
    }),
    similar: t.field({
      type: KnnSearchPayload.type,
      description:
        'The chunks of other documents that are nearest to its own: `knnSearch` with this document as the query.',
      args: {
        k: t.arg.int({ defaultValue: 10, description: 'How many. Example: `5`' }),
        filter: t.arg({
          type: ChunkFilter,
          description: 'Among which ones. Example: `{ position: { eq: 0 } }`',
        }),
      },
      resolve: ({ id, libraryId }, { k, filter }, context, info) =>
        KnnSearchPayload.answer([], () =>
          knnSearch({ library: { id: libraryId }, query: { document: id }, k, filter }, context, info),
        ),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description:
        'When it was last changed itself; its chunks have times of their own. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
  }),
});

export const DocumentConnection = connection(Document, 'documents');
