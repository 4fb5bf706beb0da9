import type { IndexJob as IndexJobShape } from '../jobs/types.ts';
import { checkWholeNumber, invalidArgument } from '../library/checks.ts';
import { newId } from '../library/ids.ts';
import { MAX_EF_CONSTRUCTION, MAX_M, MIN_EF_CONSTRUCTION, MIN_M } from '../library/limits.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { IndexSettings as IndexSettingsShape, Library as LibraryShape } from '../library/types.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { given } from './given.ts';
import { Job, JobResult, type JobWritten, jobWritten } from './job.ts';
import { LibraryBy } from './libraryBy.ts';
import { IndexSettings, IndexSettingsInput, settingsFrom } from './libraryIndex.ts';
import { Node } from './node.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

builder.objectRef<IndexJobShape>('IndexJob').implement({
  description: 'Builds a new index aside, verifies it, and swaps it in.',
  interfaces: [Node, Job],
  fields: (t) => ({
    settings: t.expose('settings', { type: IndexSettings, description: 'What it builds.' }),
    minRecall: t.exposeFloat('minRecall', {
      nullable: true,
      description: 'It is not swapped in below this recall; null if none was asked for. Example: `0.95`',
    }),
  }),
});

const ReindexInput = builder.inputType('ReindexInput', {
  description:
    'What `reindex` takes. Example: `{ library: { name: "manuals" }, settings: { type: HNSW, m: 32 }, minRecall: 0.95 }`',
  fields: (t) => ({
    library: t.field({
      type: LibraryBy,
      required: true,
      description: 'Which one. Example: `{ name: "manuals" }`',
    }),
    settings: t.field({
      type: IndexSettingsInput,
      description:
        "What to build; they become the library's when the index is swapped in. As the library has them if left out. Example: `{ m: 32 }`",
    }),
    minRecall: t.float({
      description: 'Keep the old index if the new one finds less than this, 0 to 1. Example: `0.95`',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const ReindexPayload = payload('ReindexPayload', {
  description: 'What `reindex` answers.',
  success: JobResult,
  errors: [
    'ForbiddenError',
    'LibraryNotFoundError',
    'InvalidArgumentError',
    'CapacityExceededError',
    'IdempotencyConflictError',
  ],
});

async function reindex(input: typeof ReindexInput.$inferInput, context: Context): Promise<JobWritten> {
  const { settings, minRecall } = input;
  checkMinRecall(minRecall);
  const outcome = await submit(context, 'reindex', input, () => {
    const library = context.reader.library(input.library) ?? libraryNotFound(input.library);
    return {
      type: 'requestReindex',
      library: input.library,
      jobId: newId('job'),
      at: Date.now(),
      ...given({ settings: settings && checkedSettings(settings, library) }),
      minRecall: minRecall ?? null,
      trigger: 'REQUEST',
    };
  });
  return jobWritten(outcome, context);
}

/** @throws AlcoveError InvalidArgumentError */
export function checkMinRecall(minRecall: number | null | undefined): void {
  if (minRecall != null && !(minRecall >= 0 && minRecall <= 1)) {
    throw invalidArgument('the least recall', minRecall, '0 to 1', ['minRecall']);
  }
}

/** @throws AlcoveError InvalidArgumentError */
export function checkedSettings(
  input: typeof IndexSettingsInput.$inferInput,
  { indexSettings }: LibraryShape,
): IndexSettingsShape {
  const settings = settingsFrom(input, indexSettings);
  checkWholeNumber('m', settings.m, { min: MIN_M, max: MAX_M }, ['settings', 'm']);
  const range = { min: MIN_EF_CONSTRUCTION, max: MAX_EF_CONSTRUCTION };
  checkWholeNumber('efConstruction', settings.efConstruction, range, ['settings', 'efConstruction']);
  return settings;
}

builder.mutationFields((t) => ({
  reindex: t.field({
    type: ReindexPayload.type,
    description:
      'Queues a job that builds a new index while the old one serves, and swaps it in. One job of a library runs at a time.',
    args: {
      input: t.arg({
        type: ReindexInput,
        required: true,
        description: 'What to build. Example: `{ library: { name: "manuals" } }`',
      }),
    },
    resolve: (_root, { input }, context) => ReindexPayload.answer(['input'], () => reindex(input, context)),
  }),
}));
