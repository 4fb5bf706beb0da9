import type {
  JOB_PHASES,
  JobEvent as JobEventShape,
  JobProgress as JobProgressShape,
  Job as JobShape,
} from '../jobs/types.ts';
import { checkWholeNumber, invalidArgument } from '../library/checks.ts';
import { newId } from '../library/ids.ts';
import { MAX_EF_CONSTRUCTION, MAX_M, MIN_EF_CONSTRUCTION, MIN_M } from '../library/limits.ts';
import { libraryNotFound, nodeNotFound } from '../library/lookup.ts';
import type { IndexSettings as IndexSettingsShape, Library as LibraryShape } from '../library/types.ts';
import type { CommandOutcome, Resumable } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { type Connection, connection, type PageArgs, pageArgs, pageRequest } from './connection.ts';
import { EventStream } from './EventStream.ts';
import { ErrorInterface } from './errors.ts';
import { given } from './given.ts';
import { Library } from './library.ts';
import { LibraryBy } from './libraryBy.ts';
import { IndexSettings, IndexSettingsInput, settingsFrom } from './libraryIndex.ts';
import { Node } from './node.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

export const JobState = builder.enumType('JobState', {
  description: "A job's state.",
  values: {
    QUEUED: { description: 'It waits for its turn.' },
    RUNNING: { description: 'It is at work.' },
    SUCCEEDED: { description: 'It is done.' },
    FAILED: { description: 'It gave up; `error` says why. Nothing was changed.' },
    CANCELLED: { description: 'Somebody cancelled it. Nothing was changed.' },
  },
});

const JobPhase = builder.enumType('JobPhase', {
  description: 'The phases of an index build, in order. A build may pass over some.',
  values: {
    QUEUED: { description: 'It waits for its turn.' },
    SCANNING: { description: 'It reads the vectors from the store into the new index.' },
    TRAINING: {
      description:
        'It learns what the index needs to know of them; passed at once by all types that there are.',
    },
    BUILDING: { description: 'It makes links, trees or tables over all of them, in several threads.' },
    CATCHING_UP: { description: 'It adds what was written meanwhile.' },
    VERIFYING: {
      description: 'It compares the answers of the new index with exact search, unless it is exact itself.',
    },
    SWAPPING: { description: 'It puts the new index in the place of the old one.' },
    DONE: { description: 'It has finished.' },
  } satisfies Record<(typeof JOB_PHASES)[number], { description: string }>,
});

const JobTrigger = builder.enumType('JobTrigger', {
  description: 'Why a job was started.',
  values: {
    REQUEST: { description: 'Somebody called `reindex`.' },
    AUTO_SIZE: { description: 'The library has outgrown its index type, or shrunk far below it.' },
    TOMBSTONES: { description: 'Too many deleted vectors take room.' },
    TAIL: {
      description:
        'Many vectors have come since the tables of its index were built, and are compared one by one.',
    },
    DAMAGE: { description: "The index's file was damaged." },
  },
});

const JobProgress = builder.objectRef<JobProgressShape>('JobProgress').implement({
  description:
    'How far a job is. It never goes back, unless a restart of the server makes the job begin again.',
  fields: (t) => ({
    phase: t.expose('phase', { type: JobPhase, description: 'What it does now. Example: `BUILDING`' }),
    done: t.exposeInt('done', { description: 'Units of this phase that are done. Example: `12000`' }),
    total: t.exposeInt('total', {
      description: 'Units of this phase altogether: vectors, or queries while verifying. Example: `50000`',
    }),
    ratePerSecond: t.exposeFloat('ratePerSecond', {
      nullable: true,
      description: 'Units per second; null before it is known. Example: `8200.5`',
    }),
    etaSeconds: t.exposeFloat('etaSeconds', {
      nullable: true,
      description: 'Seconds that are left, if it goes on like this; null before it is known. Example: `4.6`',
    }),
    memoryBytes: t.exposeFloat('memoryBytes', {
      description: 'Bytes that the new index takes so far. Example: `91234304`',
    }),
    recallSoFar: t.exposeFloat('recallSoFar', {
      nullable: true,
      description: 'Recall over the queries verified so far; null before there is one. Example: `0.987`',
    }),
  }),
});

export const Job = builder.interfaceRef<JobShape>('Job');

Job.implement({
  description:
    'Long work in the background. Follow it with the subscription `indexJob`, or all of a library with `indexJobs`.',
  interfaces: [Node],
  resolveType: () => 'IndexJob',
  fields: (t) => ({
    library: t.field({
      type: Library,
      nullable: true,
      description: 'The library that it works on; null if that has been deleted.',
      resolve: ({ libraryId }, _args, { reader }) => reader.library({ id: libraryId }),
    }),
    state: t.expose('state', { type: JobState, description: 'Where it stands. Example: `RUNNING`' }),
    trigger: t.expose('trigger', { type: JobTrigger, description: 'Why it was started. Example: `REQUEST`' }),
    attempt: t.exposeInt('attempt', {
      description: '1, and one more for each restart of the server that interrupted it. Example: `1`',
    }),
    progress: t.expose('progress', { type: JobProgress, description: 'How far it is.' }),
    error: t.field({
      type: ErrorInterface,
      nullable: true,
      description: 'Why it failed or was cancelled; null unless it was.',
      resolve: ({ error }) => error,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When it was asked for. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began; null while queued. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null before that. Example: `"2026-01-31T08:30:00.000Z"`',
    }),
  }),
});

builder.objectRef<JobShape>('IndexJob').implement({
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

export const JobConnection = connection(Job, 'jobs');

/** Jobs of one library or of all, as their connection takes them. */
export function jobsPage(
  args: PageArgs & { readonly state?: readonly JobShape['state'][] | null | undefined },
  { jobs }: Context,
  libraryId?: string,
): Connection<JobShape> {
  const options = given({ libraryId, states: args.state });
  return { ...jobs.jobs(pageRequest(args), options), totalCount: () => jobs.jobCount(options) };
}

builder.queryFields((t) => ({
  job: t.field({
    type: Job,
    nullable: true,
    description:
      'One job; null if there is none. Example: `job(id: "job_01J…") { state progress { phase done total } }`',
    args: { id: t.arg.id({ required: true, description: 'Its id. Example: `"job_01JZXW3N5T"`' }) },
    resolve: (_root, { id }, { jobs }) => jobs.job(id),
  }),
  jobs: t.field({
    type: JobConnection,
    description: 'The jobs of all libraries, newest first.',
    args: {
      ...pageArgs,
      state: t.arg({
        type: [JobState],
        description: 'Only those in one of these states. Example: `[QUEUED, RUNNING]`',
      }),
    },
    resolve: (_root, args, context) => jobsPage(args, context),
  }),
}));

interface JobWritten {
  readonly job: JobShape;
  readonly revision: number;
}

const JobResult = builder.objectRef<JobWritten>('JobResult').implement({
  description: 'A job was queued or changed.',
  fields: (t) => ({
    job: t.expose('job', { type: Job, description: 'The job as it is now.' }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

function jobWritten({ jobId = '', revision }: CommandOutcome, { jobs }: Context): JobWritten {
  const job = jobs.job(jobId);
  if (!job) throw nodeNotFound('job', jobId);
  return { job, revision };
}

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
    'LibraryNotFoundError',
    'InvalidArgumentError',
    'CapacityExceededError',
    'IdempotencyConflictError',
  ],
});

const CancelJobInput = builder.inputType('CancelJobInput', {
  description: 'What `cancelJob` takes. Example: `{ id: "job_01JZXW3N5T" }`',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Which one. Example: `"job_01JZXW3N5T"`' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const CancelJobPayload = payload('CancelJobPayload', {
  description: 'What `cancelJob` answers.',
  success: JobResult,
  errors: ['NodeNotFoundError', 'JobNotCancellableError', 'InvalidArgumentError', 'IdempotencyConflictError'],
});

async function reindex(input: typeof ReindexInput.$inferInput, context: Context): Promise<JobWritten> {
  const { settings, minRecall } = input;
  if (minRecall != null && !(minRecall >= 0 && minRecall <= 1)) {
    throw invalidArgument('the least recall', minRecall, '0 to 1', ['minRecall']);
  }
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
function checkedSettings(
  input: typeof IndexSettingsInput.$inferInput,
  { indexSettings }: LibraryShape,
): IndexSettingsShape {
  const settings = settingsFrom(input, indexSettings);
  checkWholeNumber('m', settings.m, { min: MIN_M, max: MAX_M }, ['settings', 'm']);
  const range = { min: MIN_EF_CONSTRUCTION, max: MAX_EF_CONSTRUCTION };
  checkWholeNumber('efConstruction', settings.efConstruction, range, ['settings', 'efConstruction']);
  return settings;
}

async function cancelJob(input: typeof CancelJobInput.$inferInput, context: Context): Promise<JobWritten> {
  const outcome = await submit(context, 'cancelJob', input, () => ({
    type: 'cancelJob',
    jobId: input.id,
    at: Date.now(),
  }));
  return jobWritten(outcome, context);
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
  cancelJob: t.field({
    type: CancelJobPayload.type,
    description: 'Cancels a job that is queued or running. The live index stays as it is.',
    args: {
      input: t.arg({
        type: CancelJobInput,
        required: true,
        description: 'Which one. Example: `{ id: "job_01JZXW3N5T" }`',
      }),
    },
    resolve: (_root, { input }, context) =>
      CancelJobPayload.answer(['input'], () => cancelJob(input, context)),
  }),
}));

const JobEventKind = builder.enumType('JobEventKind', {
  description: 'What a job event tells.',
  values: {
    SNAPSHOT: { description: 'The job as it is: the first event, unless `after` was given.' },
    PROGRESS: { description: 'It got further.' },
    STATE_CHANGED: { description: 'It is in another state.' },
    RESTARTED: { description: 'The server came back after an interruption, and the job begins again.' },
    FINISHED: { description: 'It has ended: the last event.' },
  },
});

const JobEvent = builder.objectRef<Resumable<JobEventShape>>('JobEvent').implement({
  description: 'A change of a job, with the job as it was then.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description:
        'Give it as `after` to go on from here after a broken connection. Example: `"1769848200000042"`',
    }),
    kind: t.field({
      type: JobEventKind,
      description: 'What happened. Example: `PROGRESS`',
      resolve: ({ event }) => event.kind,
    }),
    at: t.field({
      type: 'DateTime',
      description: 'When. Example: `"2026-01-31T08:30:00.000Z"`',
      resolve: ({ event }) => event.at,
    }),
    job: t.field({ type: Job, description: 'The job as it was then.', resolve: ({ event }) => event.job }),
  }),
});

/** The argument of both subscriptions. */
const afterArg = {
  description:
    'The cursor of the last event that arrived: go on from there, without a snapshot. Example: `"1769848200000042"`',
};

builder.subscriptionFields((t) => ({
  indexJob: t.field({
    type: JobEvent,
    description: `Follows a job: a snapshot first, then every change, at most 20 a second, and an end after FINISHED. Any number may follow the
same job, from any time on.`,
    args: {
      id: t.arg.id({
        required: true,
        description: 'Its id, as `reindex` answered it. Example: `"job_01JZXW3N5T"`',
      }),
      after: t.arg.string(afterArg),
    },
    subscribe: (_root, { id, after }, { jobs, writer }) => {
      if (!jobs.job(id)) throw nodeNotFound('job', id);
      return new EventStream(writer.jobEvents(id, after ?? undefined));
    },
    resolve: EventStream.resolve<Resumable<JobEventShape>>,
  }),
  indexJobs: t.field({
    type: JobEvent,
    description: `Follows all jobs of a library, also those that the server starts by itself and those to come: a snapshot first of each that
is queued or running, or of the last one, then every change as \`indexJob\` tells it. It does not end.`,
    args: {
      library: t.arg({
        type: LibraryBy,
        required: true,
        description: 'Whose. Example: `{ name: "manuals" }`',
      }),
      after: t.arg.string(afterArg),
    },
    subscribe: (_root, { library, after }, { reader, writer }) => {
      const { id } = reader.library(library) ?? libraryNotFound(library);
      return new EventStream(writer.libraryJobEvents(id, after ?? undefined));
    },
    resolve: EventStream.resolve<Resumable<JobEventShape>>,
  }),
}));
