import type { MemoryUse } from '../indexes/memoryUse.ts';
import { type BuildPlan, planBuild } from '../jobs/planBuild.ts';
import type { Writer } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import { Library } from './library.ts';
import { IndexSettingsInput, IndexType, LibraryIndex, settingsFrom } from './libraryIndex.ts';
import { Server } from './server.ts';

const IndexMemoryUse = builder.objectRef<MemoryUse>('IndexMemoryUse').implement({
  description: 'What the memory of an index is used for, in bytes.',
  fields: (t) => ({
    vectors: t.exposeFloat('vectors', {
      description:
        'The vectors with their ordinals and norms; little of that where they are kept on disk. Example: `157286400`',
    }),
    graph: t.exposeFloat('graph', {
      description: 'Codes of the vectors, and the links of a graph. Example: `58982400`',
    }),
    tables: t.exposeFloat('tables', {
      description: 'What is built over many vectors at once: trees and hash tables. Example: `0`',
    }),
    scratch: t.exposeFloat('scratch', { description: 'What threads search in. Example: `81920`' }),
  }),
});

builder.objectField(LibraryIndex, 'memory', (t) =>
  t.field({
    type: IndexMemoryUse,
    nullable: true,
    description: 'What its memory is used for; null while it is not in memory.',
    resolve: async ({ libraryId }, _args, { writer }) =>
      (await writer.memory()).libraries.find((use) => use.libraryId === libraryId) ?? null,
  }),
);

const ServerMemory = builder.objectRef<Awaited<ReturnType<Writer['memory']>>>('ServerMemory').implement({
  description: 'What indexes take in memory, in bytes. Those that nobody uses are closed when it gets short.',
  fields: (t) => ({
    limit: t.exposeFloat('limit', {
      nullable: true,
      description:
        'What they may take (ALCOVE_INDEX_MEMORY_BYTES); null without a limit. Example: `17179869184`',
    }),
    used: t.exposeFloat('used', { description: 'What they take. Example: `216350720`' }),
    setAside: t.exposeFloat('setAside', {
      description: 'What is kept free for writes, builds and columns that are under way. Example: `0`',
    }),
    indexCount: t.int({
      description: 'Libraries whose index is in memory. Example: `12`',
      resolve: ({ libraries }) => libraries.length,
    }),
  }),
});

builder.objectField(Server, 'memory', (t) =>
  t.field({
    type: ServerMemory,
    description: 'What indexes take in memory. Example: `{ server { memory { used limit } } }`',
    resolve: (_facts, _args, { writer }) => writer.memory(),
  }),
);

const IndexEstimate = builder.objectRef<BuildPlan>('IndexEstimate').implement({
  description: 'What a reindex would build.',
  fields: (t) => ({
    type: t.expose('type', { type: IndexType, description: 'The type. Example: `HNSW`' }),
    reason: t.exposeString('reason', {
      description: 'Why this type. Example: `"The settings ask for HNSW."`',
    }),
    memoryBytes: t.exposeFloat('memoryBytes', {
      description: 'What it would take in memory; 0 for a library without vectors. Example: `216350720`',
    }),
  }),
});

builder.objectField(Library, 'indexEstimate', (t) =>
  t.field({
    type: IndexEstimate,
    args: {
      settings: t.arg({
        type: IndexSettingsInput,
        description:
          "How it would be built; the library's own settings where left out. Example: `{ type: HNSW, vectors: ON_DISK }`",
      }),
    },
    description:
      'What a reindex would build of the library as it is, and the memory that takes, before anything is built. Example: `{ indexEstimate(settings: { type: HNSW }) { memoryBytes } }`',
    resolve: (library, { settings }) => planBuild(library, settingsFrom(settings, library.indexSettings)),
  }),
);
