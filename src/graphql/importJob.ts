import { AlcoveError } from '../errors.ts';
import { MAX_IMPORT_FILES } from '../jobs/applyImport.ts';
import type { RequestImport } from '../jobs/commands.ts';
import type {
  ImportCounts as ImportCountsShape,
  ImportFile as ImportFileShape,
  ImportJob as ImportJobShape,
} from '../jobs/types.ts';
import { checkText, invalidArgument } from '../library/checks.ts';
import { newId } from '../library/ids.ts';
import { MAX_SOURCE_URL_LENGTH } from '../library/limits.ts';
import { libraryNotFound } from '../library/lookup.ts';
import { metadataFrom } from '../library/metadataMap.ts';
import type { Library } from '../library/types.ts';
import { MAX_UPLOADED_FILES, type SpooledFile } from '../store/Spool.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { connection, pageArgs, pageRequest } from './connection.ts';
import { Document } from './document.ts';
import { ErrorInterface } from './errors.ts';
import { given } from './given.ts';
import { Job, JobResult, type JobWritten, jobWritten } from './job.ts';
import { LibraryBy } from './libraryBy.ts';
import { Node } from './node.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';
import './upload.ts';
import { WhenEmbedderFails } from './whenEmbedderFails.ts';

const ImportFileState = builder.enumType('ImportFileState', {
  description: 'What has become of a file of an import.',
  values: {
    WAITING: {
      description: 'It has not been taken in yet, or not to its end; nor will it be, if the job has ended.',
    },
    WRITTEN: { description: 'Its document is new, or was replaced, and can be found.' },
    UNCHANGED: {
      description: 'Its document is there, made of the same bytes in the same way: nothing was embedded.',
    },
    PENDING_EMBEDDING: {
      description: 'Its document is kept, and will be found when the embedder answers again.',
    },
    FAILED: { description: 'There is no document of it; `error` says why.' },
  } satisfies Record<ImportFileShape['state'], { description: string }>,
});

const ImportFile = builder.objectRef<ImportFileShape>('ImportFile').implement({
  description: 'A file of an import, and what became of it.',
  interfaces: [Node],
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'What the sender calls it, or its URL. Example: `"handbook/chapter-1.md"`',
    }),
    state: t.expose('state', { type: ImportFileState, description: 'What became of it. Example: `WRITTEN`' }),
    error: t.expose('error', {
      type: ErrorInterface,
      nullable: true,
      description: 'Why it failed, or why its document has to wait; null otherwise.',
    }),
    problems: t.field({
      type: [ErrorInterface],
      description:
        'What could not be read of it while the rest went in, such as broken lines of JSON: the first few.',
      resolve: ({ problems }) => [...problems],
    }),
    document: t.field({
      type: Document,
      nullable: true,
      description: 'The document of its name; null if there is none.',
      resolve: ({ documentId }, _args, { reader }) => reader.document(documentId),
    }),
    chunkCount: t.exposeInt('chunks', {
      description:
        'Chunks of it that are in, or wait for their embedder; of a large file some while it is WAITING. Example: `35`',
    }),
    bytes: t.exposeFloat('bytes', {
      description: 'Bytes of the file; 0 before they are known. Example: `48213`',
    }),
  }),
});

const ImportFileConnection = connection(ImportFile, 'files');

const ImportCounts = builder.objectRef<ImportCountsShape>('ImportCounts').implement({
  description: 'The files of an import by what became of them, and what came of them together.',
  fields: (t) => ({
    files: t.exposeInt('files', { description: 'All of them. Example: `412`' }),
    written: t.exposeInt('written', {
      description: 'Documents that are new or were replaced. Example: `400`',
    }),
    unchanged: t.exposeInt('unchanged', {
      description: 'Documents that were there already, as they are. Example: `9`',
    }),
    pending: t.exposeInt('pending', { description: 'Documents that wait for their embedder. Example: `0`' }),
    failed: t.exposeInt('failed', { description: 'Files that no document could be made of. Example: `3`' }),
    chunks: t.exposeInt('chunks', {
      description: 'Chunks of the documents written, and of large ones so far. Example: `8120`',
    }),
    truncatedCount: t.int({
      description:
        'Of these chunks: those of which the model read the beginning alone. Documents that wait are not counted. Example: `0`',
      resolve: ({ truncated = 0 }) => truncated,
    }),
    bytes: t.exposeFloat('bytes', {
      description: 'Bytes of the files that are done with. Example: `9123904`',
    }),
  }),
});

builder.objectRef<ImportJobShape>('ImportJob').implement({
  description:
    'Makes documents of files: reads, chunks, embeds and writes them, several at once. A file that fails keeps no other from going in.',
  interfaces: [Node, Job],
  fields: (t) => ({
    counts: t.expose('counts', { type: ImportCounts, description: 'How many files became what.' }),
    files: t.field({
      type: ImportFileConnection,
      description: 'Its files, in the order of the request.',
      args: {
        ...pageArgs,
        state: t.arg({
          type: [ImportFileState],
          description: 'Only those in one of these states. Example: `[FAILED]`',
        }),
      },
      resolve: ({ id }, { state, ...page }, { jobs }) => {
        const options = given({ states: state });
        return {
          ...jobs.importFiles(id, pageRequest(page), options),
          totalCount: () => jobs.importFileCount(id, options),
        };
      },
    }),
  }),
});

/** What both ways in are told alike. */
const importFields = (
  t: PothosSchemaTypes.InputFieldBuilder<typeof builder.$inferSchemaTypes, 'InputObject'>,
) => ({
  library: t.field({
    type: LibraryBy,
    required: true,
    description: 'Where to. Example: `{ name: "manuals" }`',
  }),
  metadata: t.field({
    type: 'JSON',
    description: 'Values of declared fields, for every document. Example: `{ year: 2026 }`',
  }),
  whenEmbedderFails: t.field({
    type: WhenEmbedderFails,
    defaultValue: 'FAIL' as const,
    description: 'What becomes of a file whose embedder does not answer for now. Example: `WAIT`',
  }),
  idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
});

const MANY_FILES = MAX_UPLOADED_FILES.toLocaleString('en');
const MANY_URLS = MAX_IMPORT_FILES.toLocaleString('en');

const ImportFilesInput = builder.inputType('ImportFilesInput', {
  description:
    'What `importFiles` takes. Example: `{ library: { name: "manuals" }, files: $files, metadata: { year: 2026 } }`',
  fields: (t) => ({
    files: t.field({
      type: ['Upload'],
      required: true,
      description: `The files, up to ${MANY_FILES}, each under a name of its own: a name is a document, and comes in place of what it was before. Example: \`$files\``,
    }),
    sourceBase: t.string({
      description:
        'Put before a file\'s name it is the document\'s `sourceUrl`. Example: `"https://example.com/manuals/"`',
    }),
    ...importFields(t),
  }),
});

const ImportUrlsInput = builder.inputType('ImportUrlsInput', {
  description:
    'What `importUrls` takes. Example: `{ library: { name: "manuals" }, urls: ["https://example.com/handbook.pdf"] }`',
  fields: (t) => ({
    urls: t.stringList({
      required: true,
      description: `Up to ${MANY_URLS}, http or https, each once. Example: \`["https://example.com/handbook.pdf"]\``,
    }),
    ...importFields(t),
  }),
});

const ImportPayload = payload('ImportPayload', {
  description: 'What `importFiles` and `importUrls` answer: the job, to be followed by `indexJob`.',
  success: JobResult,
  errors: [
    'LibraryNotFoundError',
    'InvalidArgumentError',
    'InvalidMetadataError',
    'ForbiddenError',
    'OverloadedError',
    'IdempotencyConflictError',
  ],
});

type ImportInput = typeof ImportFilesInput.$inferInput | typeof ImportUrlsInput.$inferInput;

/** @throws AlcoveError LibraryNotFoundError; InvalidArgumentError where nobody here could embed what comes in. */
function targetLibrary(input: ImportInput, { reader }: Context): Library {
  const library = reader.library(input.library) ?? libraryNotFound(input.library);
  if (library.embedding.provider === 'EXTERNAL')
    throw invalidArgument(
      'the library',
      'one whose vectors come from its callers (provider EXTERNAL)',
      'one with an embedder',
      ['library'],
    );
  return library;
}

function commandOf(
  input: ImportInput,
  jobId: string,
  files: RequestImport['files'],
  sourceBase: string | null,
): RequestImport {
  const { library, metadata, whenEmbedderFails } = input;
  return {
    type: 'requestImport',
    library,
    jobId,
    at: Date.now(),
    files,
    options: {
      metadata: metadataFrom(metadata),
      whenEmbedderFails: whenEmbedderFails ?? 'FAIL',
      sourceBase,
    },
  };
}

/** The files are on the disk, below the job's id, before the job is recorded. */
async function importFiles(
  input: typeof ImportFilesInput.$inferInput,
  context: Context,
): Promise<JobWritten> {
  const jobId = newId('job');
  const sourceBase = checkedBase(input.sourceBase);
  const sources = input.files.map(({ name, contentType, bytes, hash }: SpooledFile) => ({
    name,
    contentType,
    bytes,
    contentHash: hash,
    url: null,
  }));
  let isClaimed = false;
  try {
    const outcome = await submit(context, 'importFiles', input, async () => {
      targetLibrary(input, context);
      const command = commandOf(input, jobId, sources, sourceBase);
      isClaimed = true;
      await context.spool.claim(jobId, input.files);
      return command;
    });
    if (outcome.jobId !== jobId && isClaimed) await context.spool.remove(jobId);
    return jobWritten(outcome, context);
  } catch (error) {
    if (isClaimed && wasRefused(error)) await context.spool.remove(jobId);
    throw error;
  }
}

/** Whether it is known that nothing was recorded; otherwise the next start sees what was, and sweeps the rest. */
function wasRefused(error: unknown): boolean {
  return (
    error instanceof AlcoveError && error.kind !== 'ShuttingDownError' && error.detail.reason !== 'FAILED'
  );
}

function checkedBase(base: string | null | undefined): string | null {
  if (base == null) return null;
  checkText('the source base', base, { minLength: 1, maxLength: MAX_SOURCE_URL_LENGTH }, ['sourceBase']);
  if (!URL.canParse(base))
    throw invalidArgument('the source base', JSON.stringify(base.slice(0, 60)), 'a URL', ['sourceBase']);
  return base;
}

async function importUrls(input: typeof ImportUrlsInput.$inferInput, context: Context): Promise<JobWritten> {
  if (context.config.importUrls === 'off') throw urlsAreOff();
  const outcome = await submit(context, 'importUrls', input, () => {
    targetLibrary(input, context);
    if (input.urls.length === 0)
      throw invalidArgument('the number of urls', 0, `1 to ${MAX_IMPORT_FILES}`, ['urls']);
    const sources = input.urls.map((text, index) => {
      const url = webAddress(text, ['urls', String(index)]);
      return { name: url, url, contentType: null, contentHash: null, bytes: 0 };
    });
    return commandOf(input, newId('job'), sources, null);
  });
  return jobWritten(outcome, context);
}

function urlsAreOff(): AlcoveError {
  return new AlcoveError(
    'ForbiddenError',
    'This server does not fetch from URLs: ALCOVE_IMPORT_URLS is off. Download the files and send them by importFiles, or let its operator turn it on.',
    { path: ['urls'], detail: { got: 'URLs', expected: 'files' } },
  );
}

/** @throws AlcoveError ForbiddenError for another scheme, InvalidArgumentError for what is no URL. */
function webAddress(text: string, path: readonly string[]): string {
  const shown = JSON.stringify(text.slice(0, 100));
  if (!URL.canParse(text)) throw invalidArgument('an address', shown, 'an http or https URL', path);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new AlcoveError('ForbiddenError', `Got ${shown}; expected an http or https URL.`, {
      path,
      detail: { got: url.protocol, expected: 'http: or https:' },
    });
  if (url.username !== '' || url.password !== '')
    throw invalidArgument('an address', 'one with a name or password in it', 'one without', path);
  checkText('an address', url.href, { maxLength: MAX_SOURCE_URL_LENGTH }, path);
  return url.href;
}

builder.mutationFields((t) => ({
  importFiles: t.field({
    type: ImportPayload.type,
    description: `Queues a job that makes a document of each uploaded file: plain text, Markdown, HTML, PDF, DOCX, CSV, JSON lines, EPUB. The
request is a multipart one, and carries the header \`x-alcove-csrf\`. The files are on the disk when it is answered. The same name in the same library is the same document; one whose
bytes have not changed is not embedded again.`,
    args: {
      input: t.arg({
        type: ImportFilesInput,
        required: true,
        description: 'What, and where to. Example: `{ library: { name: "manuals" }, files: $files }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      ImportPayload.answer(['input'], () => importFiles(input, context)),
  }),
  importUrls: t.field({
    type: ImportPayload.type,
    description: `As \`importFiles\`, of what the server fetches itself. Off unless the operator has set ALCOVE_IMPORT_URLS; addresses that are not
public are refused, also those that a redirect or a name leads to.`,
    args: {
      input: t.arg({
        type: ImportUrlsInput,
        required: true,
        description:
          'What, and where to. Example: `{ library: { name: "manuals" }, urls: ["https://example.com/handbook.pdf"] }`',
      }),
    },
    resolve: (_root, { input }, context) => ImportPayload.answer(['input'], () => importUrls(input, context)),
  }),
}));
