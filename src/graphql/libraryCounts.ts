import type { Library } from '../library/types.ts';
import { builder } from './builder.ts';
import { indexStatus } from './libraryIndex.ts';

export const LibraryCounts = builder.objectRef<Library>('LibraryCounts').implement({
  description: 'How much is in a library.',
  fields: (t) => ({
    documents: t.exposeInt('documentCount', { description: 'Documents. Example: `120`' }),
    chunks: t.exposeInt('chunkCount', { description: 'Chunks, each with one vector. Example: `4210`' }),
    pendingDocuments: t.int({
      description: 'Documents that wait for their embedder. Example: `0`',
      resolve: ({ id }, _args, { reader }) => reader.pendingCount(id),
    }),
    tombstones: t.int({
      description: 'Deleted vectors that still take room in the index. Example: `17`',
      resolve: async (library, _args, context) =>
        (await indexStatus(library, context)).segments.reduce((sum, { tombstones }) => sum + tombstones, 0),
    }),
    bytes: t.exposeFloat('bytes', { description: 'Bytes of text, metadata and vectors. Example: `8123904`' }),
  }),
});
