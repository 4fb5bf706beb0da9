import { demandWholeServer } from '../access/needs.ts';
import { changedChunking, DEFAULT_CHUNKING } from '../library/chunkingSettings.ts';
import { newId } from '../library/ids.ts';
import { DEFAULT_KEYWORDS } from '../library/indexedText.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Chunk, Document, Library as LibraryShape } from '../library/types.ts';
import type { CommandOutcome } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { ChunkConnection } from './chunk.ts';
import { ChunkingSettings, ChunkingSettingsInput } from './chunking.ts';
import { type Connection, connection, type PageArgs, pageArgs, pageRequest } from './connection.ts';
import { DocumentConnection } from './document.ts';
import { DocumentOrder } from './documentOrder.ts';
import { contractFrom, EmbeddingContract, EmbeddingContractInput } from './embedding.ts';
import { ChunkFilter, chunkPredicate, DocumentFilter, documentPredicate } from './filter.ts';
import { given } from './given.ts';
import { JobConnection, JobState, jobsPage } from './job.ts';
import { KeywordSettings, KeywordSettingsInput, keywordsFrom } from './keywords.ts';
import { LibraryBy } from './libraryBy.ts';
import { LibraryCounts } from './libraryCounts.ts';
import {
  DEFAULT_INDEX_SETTINGS,
  IndexSettings,
  IndexSettingsInput,
  indexOf,
  LibraryIndex,
  settingsFrom,
} from './libraryIndex.ts';
import { fieldFrom, MetadataField, MetadataFieldInput } from './metadata.ts';
import { Node } from './node.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

export const Library = builder.objectRef<LibraryShape>('Library');

Library.implement({
  description: 'A set of documents that are searched together, with one embedding contract and one index.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique. Example: `"manuals"`' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What is in it. Example: `"Handbooks of all machines"`',
    }),
    embedding: t.expose('embedding', {
      type: EmbeddingContract,
      description: 'What all of its vectors have in common.',
    }),
    metadataFields: t.field({
      type: [MetadataField],
      description: 'The metadata fields that it declares.',
      resolve: ({ metadataFields }) => [...metadataFields],
    }),
    indexSettings: t.expose('indexSettings', {
      type: IndexSettings,
      description: 'How its next index will be built; `index { settings }` is how the live one was.',
    }),
    chunking: t.expose('chunking', {
      type: ChunkingSettings,
      description: 'How texts are split into chunks from now on; what is in stays as it is.',
    }),
    index: t.field({
      type: LibraryIndex,
      description: 'Its live index.',
      resolve: (library, _args, context) => indexOf(library, context),
    }),
    counts: t.field({
      type: LibraryCounts,
      description: 'How much is in it.',
      resolve: (library) => library,
    }),
    documents: t.field({
      type: DocumentConnection,
      description: 'Its documents.',
      args: {
        ...pageArgs,
        filter: t.arg({
          type: DocumentFilter,
          description: 'Which ones. Example: `{ title: { contains: "guide" } }`',
        }),
        orderBy: t.arg({
          type: DocumentOrder,
          description:
            'In which order; by id, the oldest first, if left out. Example: `{ field: TITLE, direction: ASC }`',
        }),
      },
      resolve: (library, args, { reader }) => documentsOf(library, args, reader),
    }),
    chunks: t.field({
      type: ChunkConnection,
      description:
        'The chunks of all of its documents, by document and position. To find the nearest to a question, use `knnSearch`.',
      args: {
        ...pageArgs,
        filter: t.arg({
          type: ChunkFilter,
          description: 'Which ones. Example: `{ text: { contains: "recall" } }`',
        }),
      },
      resolve: (library, args, { reader }) => chunksOf(library, args, reader),
    }),
    jobs: t.field({
      type: JobConnection,
      description: 'Its jobs, newest first.',
      args: {
        ...pageArgs,
        state: t.arg({
          type: [JobState],
          description: 'Only those in one of these states. Example: `[QUEUED, RUNNING]`',
        }),
      },
      resolve: ({ id }, args, context) => jobsPage(args, context, id),
    }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The last change of it or of anything in it. Example: `"0000000000000042"`',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was created. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description:
        'When it was last changed itself; what is in it has times of its own. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
  }),
});

function documentsOf(
  { id, metadataFields }: LibraryShape,
  {
    filter,
    orderBy,
    ...page
  }: PageArgs & {
    readonly filter?: typeof DocumentFilter.$inferInput | null | undefined;
    readonly orderBy?: typeof DocumentOrder.$inferInput | null | undefined;
  },
  reader: LibraryReader,
): Connection<Document> {
  const options = given({ predicate: filter && documentPredicate(filter, metadataFields), orderBy });
  return {
    ...reader.documents(id, pageRequest(page), options),
    totalCount: () => reader.documentCount(id, options.predicate),
  };
}

builder.objectField(Library, 'keywords', (t) =>
  t.field({
    type: KeywordSettings,
    description: 'How its texts are found by their words.',
    resolve: (library) => library,
  }),
);

function chunksOf(
  { id, metadataFields }: LibraryShape,
  { filter, ...page }: PageArgs & { readonly filter?: typeof ChunkFilter.$inferInput | null | undefined },
  reader: LibraryReader,
): Connection<Chunk> {
  const options = given({ predicate: filter && chunkPredicate(filter, metadataFields) });
  return {
    ...reader.chunks({ libraryId: id }, pageRequest(page), options),
    totalCount: () => reader.chunkCount({ libraryId: id }, options.predicate),
  };
}

const LibraryConnection = connection(Library, 'libraries');

builder.queryFields((t) => ({
  library: t.field({
    type: Library,
    nullable: true,
    description:
      'One library; null if there is none. Example: `library(by: { name: "manuals" }) { counts { chunks } }`',
    args: {
      by: t.arg({
        type: LibraryBy,
        required: true,
        description: 'Which one. Example: `{ name: "manuals" }`',
      }),
    },
    resolve: (_root, { by }, { reader }) => reader.library(by),
  }),
  libraries: t.field({
    type: LibraryConnection,
    description: 'All libraries, by name.',
    args: {
      ...pageArgs,
      nameContains: t.arg.string({
        description: 'Only those with this in their name, in any case. Example: `"manual"`',
      }),
    },
    resolve: (_root, args, { reader }) => {
      const options = given({ nameContains: args.nameContains });
      return {
        ...reader.libraries(pageRequest(args), options),
        totalCount: () => reader.libraryCount(options),
      };
    },
  }),
}));

interface LibraryWritten {
  readonly library: LibraryShape;
  readonly revision: number;
}

function libraryWritten(outcome: CommandOutcome, { reader }: Context): LibraryWritten {
  const { libraryId: id, revision } = outcome;
  return { library: reader.library({ id }) ?? libraryNotFound({ id }), revision };
}

const LibraryResult = builder.objectRef<LibraryWritten>('LibraryResult').implement({
  description: 'A library was written.',
  fields: (t) => ({
    library: t.expose('library', { type: Library, description: 'The library as it is now.' }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

const CreateLibraryInput = builder.inputType('CreateLibraryInput', {
  description:
    'What `createLibrary` takes. Example: `{ name: "manuals", metadataFields: [{ name: "year", type: NUMBER }] }`',
  fields: (t) => ({
    id: t.id({
      description:
        'An id of your own, beginning with `lib_`; one is made if left out. Example: `"lib_manuals"`',
    }),
    name: t.string({ required: true, description: 'Unique, 1 to 256 characters. Example: `"manuals"`' }),
    description: t.string({ description: 'What will be in it. Example: `"Handbooks of all machines"`' }),
    embedding: t.field({
      type: EmbeddingContractInput,
      description:
        'What its vectors will have in common; embedded by the server if left out. Example: `{ provider: EXTERNAL, dimension: 1536 }`',
    }),
    metadataFields: t.field({
      type: [MetadataFieldInput],
      description: 'The metadata fields that it declares. Example: `[{ name: "year", type: NUMBER }]`',
    }),
    indexSettings: t.field({
      type: IndexSettingsInput,
      description: 'How to build its index; AUTO if left out. Example: `{ type: HNSW, m: 32 }`',
    }),
    chunking: t.field({
      type: ChunkingSettingsInput,
      description:
        'How to split texts into chunks; at headings and paragraphs, of about 800 characters, if left out. Example: `{ by: SENTENCES, size: 400 }`',
    }),
    keywords: t.field({
      type: KeywordSettingsInput,
      description: 'How its texts are to be found by their words. Example: `{ language: NONE }`',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const WRITE_ERRORS = [
  'ForbiddenError',
  'NameTakenError',
  'InvalidArgumentError',
  'EmbedderError',
  'IdempotencyConflictError',
] as const;

const CreateLibraryPayload = payload('CreateLibraryPayload', {
  description: 'What `createLibrary` answers.',
  success: LibraryResult,
  errors: ['IdTakenError', ...WRITE_ERRORS],
});

const UpdateLibraryInput = builder.inputType('UpdateLibraryInput', {
  description:
    'What is left out stays as it is; null takes away. Example: `{ library: { name: "manuals" }, description: "All handbooks" }`',
  fields: (t) => ({
    library: t.field({
      type: LibraryBy,
      required: true,
      description: 'Which one. Example: `{ name: "manuals" }`',
    }),
    name: t.string({ description: 'Its new name. Example: `"handbooks"`' }),
    description: t.string({ description: 'Its new description; null for none. Example: `"All handbooks"`' }),
    embedding: t.field({
      type: EmbeddingContractInput,
      description:
        'A new contract, whole; possible until the first vector is in. Example: `{ provider: EXTERNAL, dimension: 768 }`',
    }),
    addMetadataFields: t.field({
      type: [MetadataFieldInput],
      description: 'Fields to declare, or to describe anew. Example: `[{ name: "tags", type: STRING_LIST }]`',
    }),
    removeMetadataFields: t.stringList({
      description: 'Names of fields to declare no longer; their values go too. Example: `["year"]`',
    }),
    indexSettings: t.field({
      type: IndexSettingsInput,
      description: 'How to build its next index. To build it now, use `reindex`. Example: `{ m: 32 }`',
    }),
    chunking: t.field({
      type: ChunkingSettingsInput,
      description:
        'How to split texts that are written from now on. Example: `{ by: TOKENS, size: 256, overlap: 32 }`',
    }),
    keywords: t.field({
      type: KeywordSettingsInput,
      description:
        'How its texts are to be found by their words; they are indexed anew in the background. Example: `{ substrings: true }`',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateLibraryPayload = payload('UpdateLibraryPayload', {
  description: 'What `updateLibrary` answers.',
  success: LibraryResult,
  errors: ['LibraryNotFoundError', 'ContractFrozenError', 'InvalidMetadataError', ...WRITE_ERRORS],
});

async function createLibrary(
  input: typeof CreateLibraryInput.$inferInput,
  context: Context,
): Promise<LibraryWritten> {
  const outcome = await submit(context, 'createLibrary', input, async () => ({
    type: 'createLibrary',
    id: input.id ?? newId('library'),
    at: Date.now(),
    name: input.name,
    description: input.description ?? null,
    embedding: await contractFrom(input.embedding ?? {}, context),
    metadataFields: (input.metadataFields ?? []).map(fieldFrom),
    indexSettings: settingsFrom(input.indexSettings, DEFAULT_INDEX_SETTINGS),
    chunking: changedChunking(DEFAULT_CHUNKING, given(input.chunking ?? {})),
    keywords: keywordsFrom(input.keywords, DEFAULT_KEYWORDS),
  }));
  return libraryWritten(outcome, context);
}

async function updateLibrary(
  input: typeof UpdateLibraryInput.$inferInput,
  context: Context,
): Promise<LibraryWritten> {
  const { description, indexSettings, chunking } = input;
  const outcome = await submit(context, 'updateLibrary', input, async () => {
    const before = context.reader.library(input.library) ?? libraryNotFound(input.library);
    if ((input.name ?? before.name) !== before.name) demandWholeServer(context.principal, 'A new name');
    return {
      type: 'updateLibrary',
      library: input.library,
      at: Date.now(),
      ...(description === undefined ? {} : { description }),
      ...given({
        name: input.name,
        embedding: input.embedding && (await contractFrom(input.embedding, context)),
        addMetadataFields: input.addMetadataFields?.map(fieldFrom),
        removeMetadataFields: input.removeMetadataFields,
        indexSettings: indexSettings && settingsFrom(indexSettings, before.indexSettings),
        chunking: chunking && changedChunking(before.chunking, given(chunking)),
        keywords: input.keywords && keywordsFrom(input.keywords, before.keywords),
      }),
    };
  });
  return libraryWritten(outcome, context);
}

builder.mutationFields((t) => ({
  createLibrary: t.field({
    type: CreateLibraryPayload.type,
    description: 'Makes a library.',
    args: {
      input: t.arg({
        type: CreateLibraryInput,
        required: true,
        description: 'What it is to be. Example: `{ name: "manuals" }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      CreateLibraryPayload.answer(['input'], () => createLibrary(input, context)),
  }),
  updateLibrary: t.field({
    type: UpdateLibraryPayload.type,
    description: 'Changes a library.',
    args: {
      input: t.arg({
        type: UpdateLibraryInput,
        required: true,
        description:
          'What is to be different. Example: `{ library: { name: "manuals" }, name: "handbooks" }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      UpdateLibraryPayload.answer(['input'], () => updateLibrary(input, context)),
  }),
}));
