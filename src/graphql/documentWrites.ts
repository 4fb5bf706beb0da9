import { checkHasVector, rowsOf } from '../embedding/draftVectors.ts';
import { AlcoveError, type ErrorKind } from '../errors.ts';
import { invalidArgument } from '../library/checks.ts';
import type { CreateDocument, PostponeDocument } from '../library/commands.ts';
import { newId } from '../library/ids.ts';
import { libraryNotFound, nodeNotFound } from '../library/lookup.ts';
import { metadataFrom } from '../library/metadataMap.ts';
import type { Document as DocumentShape } from '../library/types.ts';
import type { CommandOutcome } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { TRUNCATED_COUNT } from './chunk.ts';
import { contentFrom, DocumentContentInput, pendingOf, writesOf } from './chunkWrites.ts';
import { Document } from './document.ts';
import { given } from './given.ts';
import { LibraryBy } from './libraryBy.ts';
import { payload } from './payload.ts';
import { placed } from './placed.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';
import { WhenEmbedderFails } from './whenEmbedderFails.ts';

interface DocumentWritten {
  readonly document: DocumentShape;
  readonly revision: number;
  readonly truncatedCount: number;
}

function documentWritten(outcome: CommandOutcome, { reader }: Context): DocumentWritten {
  const { documentId: id = '', revision, truncatedCount = 0 } = outcome;
  const document = reader.document(id);
  if (!document) throw nodeNotFound('document', id);
  return { document, revision, truncatedCount };
}

const DocumentResult = builder.objectRef<DocumentWritten>('DocumentResult').implement({
  description: 'A document was written.',
  fields: (t) => ({
    document: t.expose('document', { type: Document, description: 'The document as it is now.' }),
    truncatedCount: t.exposeInt('truncatedCount', { description: TRUNCATED_COUNT }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

const DEFAULT_CONTENT_TYPE = 'text/plain';

/** What creating and replacing a document are told alike. */
const contentFields = (
  t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>,
) => ({
  library: t.field({
    type: LibraryBy,
    required: true,
    description: 'Where to. Example: `{ name: "manuals" }`',
  }),
  title: t.string({
    description:
      'Its title. May be left out with `content: { text }`, which is then searched for one. Example: `"The handbook"`',
  }),
  author: t.string({ description: 'Who wrote it. Example: `"Ada Lovelace"`' }),
  sourceUrl: t.string({
    description: 'Where it is from; it is not fetched. Example: `"https://example.com/handbook.md"`',
  }),
  contentType: t.string({
    description: `Its media type; \`${DEFAULT_CONTENT_TYPE}\` if left out. A text can be \`text/plain\`, \`text/markdown\`, \`text/html\`, \`text/csv\`, \`text/tab-separated-values\` or \`application/x-ndjson\`. Example: \`"text/markdown"\``,
  }),
  metadata: t.field({
    type: 'JSON',
    description: 'Its values of declared fields. Example: `{ year: 2026 }`',
  }),
  content: t.field({
    type: DocumentContentInput,
    description:
      'What it says; nothing if left out, for chunks to come later. Example: `{ text: "Press the red button." }`',
  }),
  whenEmbedderFails: t.field({
    type: WhenEmbedderFails,
    defaultValue: 'FAIL' as const,
    description: 'What becomes of it when the embedder does not answer for now. Example: `WAIT`',
  }),
  idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
});

const CreateDocumentInput = builder.inputType('CreateDocumentInput', {
  description:
    'What `createDocument` takes. Example: `{ library: { name: "manuals" }, title: "The handbook", content: { text: "Press the red button." } }`',
  fields: (t) => ({
    id: t.id({
      description:
        'An id of your own, beginning with `doc_`; one is made if left out. Example: `"doc_handbook"`',
    }),
    ...contentFields(t),
  }),
});

const UpsertDocumentInput = builder.inputType('UpsertDocumentInput', {
  description:
    'What `upsertDocument` takes. Example: `{ library: { name: "manuals" }, id: "doc_handbook", content: { text: "Press the green button." } }`',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Its id, beginning with `doc_`. Example: `"doc_handbook"`' }),
    ...contentFields(t),
  }),
});

/** What can go wrong where a document is written, new or in the place of another. */
const WRITE_ERRORS = [
  'ForbiddenError',
  'LibraryNotFoundError',
  'IdTakenError',
  'DimensionMismatchError',
  'InvalidVectorError',
  'InvalidMetadataError',
  'InvalidArgumentError',
  'UnreadableFileError',
  'CapacityExceededError',
  'EmbedderError',
  'IdempotencyConflictError',
] as const satisfies readonly ErrorKind[];

const CreateDocumentPayload = payload('CreateDocumentPayload', {
  description: 'What `createDocument` answers.',
  success: DocumentResult,
  errors: WRITE_ERRORS,
});

const UpsertDocumentPayload = payload('UpsertDocumentPayload', {
  description:
    'What `upsertDocument` answers. IdTakenError: the id is that of a document or chunk elsewhere.',
  success: DocumentResult,
  errors: WRITE_ERRORS,
});

const UpdateDocumentInput = builder.inputType('UpdateDocumentInput', {
  description:
    'What is left out stays as it is; null takes away. Example: `{ id: "doc_handbook", author: "Ada Lovelace" }`',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which one. Example: `"doc_handbook"`' }),
    title: t.string({ description: 'Its new title. Example: `"The handbook"`' }),
    author: t.string({ description: 'Who wrote it; null if unknown. Example: `"Ada Lovelace"`' }),
    sourceUrl: t.string({
      description: 'Where it is from; null if unknown. Example: `"https://example.com/handbook.md"`',
    }),
    contentType: t.string({ description: 'Its media type. Example: `"text/markdown"`' }),
    metadata: t.field({
      type: 'JSON',
      description: 'All of its metadata, in place of the old. Example: `{ year: 2026 }`',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateDocumentPayload = payload('UpdateDocumentPayload', {
  description: 'What `updateDocument` answers.',
  success: DocumentResult,
  errors: [
    'ForbiddenError',
    'NodeNotFoundError',
    'InvalidMetadataError',
    'InvalidArgumentError',
    'IdempotencyConflictError',
  ],
});

type DocumentInput = typeof CreateDocumentInput.$inferInput | typeof UpsertDocumentInput.$inferInput;

interface DocumentDeleted extends CommandOutcome {
  readonly documentId: string;
}

const DeleteDocumentResult = builder.objectRef<DocumentDeleted>('DeleteDocumentResult').implement({
  description: 'A document was deleted, with its chunks.',
  fields: (t) => ({
    deletedId: t.exposeID('documentId', { description: 'The id that it had. Example: `"doc_handbook"`' }),
    deletedChunkCount: t.int({
      description: 'Chunks that went along. Example: `35`',
      resolve: ({ deleted }) => deleted?.chunks ?? 0,
    }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

const DeleteDocumentInput = builder.inputType('DeleteDocumentInput', {
  description: 'What `deleteDocument` takes. Example: `{ id: "doc_handbook" }`',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which one. Example: `"doc_handbook"`' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteDocumentPayload = payload('DeleteDocumentPayload', {
  description: 'What `deleteDocument` answers.',
  success: DeleteDocumentResult,
  errors: ['ForbiddenError', 'NodeNotFoundError', 'InvalidArgumentError', 'IdempotencyConflictError'],
});

/** Writes a document with its chunks, in one transaction. */
async function writeDocument(
  operation: 'createDocument' | 'upsertDocument',
  input: DocumentInput,
  context: Context,
): Promise<DocumentWritten> {
  const ifExists = operation === 'upsertDocument' ? 'REPLACE' : 'ERROR';
  try {
    const outcome = await submit(context, operation, input, () => documentCommand(ifExists, input, context));
    return documentWritten(outcome, context);
  } catch (error) {
    throw error instanceof AlcoveError && error.path[0] === 'chunks' ? error.within('content') : error;
  }
}

async function documentCommand(
  ifExists: CreateDocument['ifExists'],
  input: DocumentInput,
  context: Context,
): Promise<CreateDocument | PostponeDocument> {
  const library = context.reader.library(input.library) ?? libraryNotFound(input.library);
  const contentType = input.contentType ?? DEFAULT_CONTENT_TYPE;
  const { title, drafts } = await contentFrom(
    input.content,
    { title: input.title, contentType },
    library.chunking,
  );
  if (title === undefined) {
    throw invalidArgument('a document without a text', 'no title', 'a title', ['title']);
  }
  drafts.forEach((draft, index) => {
    placed(['content', 'chunks', `${index}`], () => checkHasVector(draft, library));
  });
  const document = {
    library: input.library,
    id: input.id ?? newId('document'),
    at: Date.now(),
    ifExists,
    title,
    author: input.author ?? null,
    sourceUrl: input.sourceUrl ?? null,
    contentType,
    metadata: metadataFrom(input.metadata),
  };
  try {
    const { truncated, words, ...rows } = await rowsOf(drafts, library, context);
    return { type: 'createDocument', ...document, chunks: writesOf(drafts, { truncated, words }), ...rows };
  } catch (error) {
    const mayWait = input.whenEmbedderFails === 'WAIT' && error instanceof AlcoveError && error.retryable;
    if (!mayWait) throw error;
    return { type: 'postponeDocument', ...document, chunks: pendingOf(drafts), error: error.toRecord() };
  }
}

async function updateDocument(
  input: typeof UpdateDocumentInput.$inferInput,
  context: Context,
): Promise<DocumentWritten> {
  const { id, title, author, sourceUrl, contentType, metadata } = input;
  const outcome = await submit(context, 'updateDocument', input, () => ({
    type: 'updateDocument',
    id,
    at: Date.now(),
    ...given({ title, contentType }),
    ...(author === undefined ? {} : { author }),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(metadata === undefined ? {} : { metadata: metadataFrom(metadata) }),
  }));
  return documentWritten(outcome, context);
}

builder.mutationFields((t) => ({
  createDocument: t.field({
    type: CreateDocumentPayload.type,
    description:
      'Makes a document, with its chunks, in one transaction. From a text the server makes the chunks and their vectors.',
    args: {
      input: t.arg({
        type: CreateDocumentInput,
        required: true,
        description:
          'What it is to be. Example: `{ library: { name: "manuals" }, content: { text: "Press the red button." } }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      CreateDocumentPayload.answer(['input'], () => writeDocument('createDocument', input, context)),
  }),
  upsertDocument: t.field({
    type: UpsertDocumentPayload.type,
    description:
      'As `createDocument`; a document of this id in this library gives way, with all of its chunks, in the same transaction.',
    args: {
      input: t.arg({
        type: UpsertDocumentInput,
        required: true,
        description:
          'What it is to be. Example: `{ library: { name: "manuals" }, id: "doc_handbook", content: { text: "Press the red button." } }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      UpsertDocumentPayload.answer(['input'], () => writeDocument('upsertDocument', input, context)),
  }),
  updateDocument: t.field({
    type: UpdateDocumentPayload.type,
    description:
      'Changes what is known of a document. To change what it says, use `upsertDocument` or the mutations of chunks.',
    args: {
      input: t.arg({
        type: UpdateDocumentInput,
        required: true,
        description: 'What is to be different. Example: `{ id: "doc_handbook", title: "The new handbook" }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      UpdateDocumentPayload.answer(['input'], () => updateDocument(input, context)),
  }),
  deleteDocument: t.field({
    type: DeleteDocumentPayload.type,
    description: 'Deletes a document, with its chunks.',
    args: {
      input: t.arg({
        type: DeleteDocumentInput,
        required: true,
        description: 'Which one. Example: `{ id: "doc_handbook" }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      DeleteDocumentPayload.answer(['input'], async () => ({
        documentId: input.id,
        ...(await submit(context, 'deleteDocument', input, () => ({
          type: 'deleteDocument',
          id: input.id,
          at: Date.now(),
        }))),
      })),
  }),
}));
