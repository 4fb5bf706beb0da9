import { demand } from '../access/Principal.ts';
import type { JOB_PHASES, JobProgress as JobProgressShape, Job as JobShape } from '../jobs/types.ts';
import { nodeNotFound } from '../library/lookup.ts';
import type { CommandOutcome } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { type Connection, connection, type PageArgs, pageArgs, pageRequest } from './connection.ts';
import { ErrorInterface } from './errors.ts';
import { given } from './given.ts';
import { Library } from './library.ts';
import { Node } from './node.ts';
import { payload } from './payload.ts';
import { IDEMPOTENCY_KEY, submit } from './submit.ts';

export const JobState = builder.enumType('JobState', {
  description: "A job's state.",
  values: {
    QUEUED: { description: 'It waits for its turn.' },
    RUNNING: { description: 'It is at work.' },
    SUCCEEDED: {
      description: 'It is done. Files of an import can have failed even so; its `counts` say how many.',
    },
    FAILED: {
      description:
        'It gave up; `error` says why. What an import had written by then is in; nothing else was changed.',
    },
    CANCELLED: {
      description:
        'Somebody cancelled it. What an import had written by then is in; nothing else was changed.',
    },
  },
});

const JobPhase = builder.enumType('JobPhase', {
  description:
    'The phases of a job, in order: an import is INGESTING, an index build goes from SCANNING to SWAPPING and may pass over some; one that embeds a library anew is EMBEDDING before that.',
  values: {
    QUEUED: { description: 'It waits for its turn.' },
    INGESTING: { description: 'An import: it makes documents of the files.' },
    EMBEDDING: { description: 'A library is embedded anew: it makes the new vectors of the chunks.' },
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
    REQUEST: { description: 'Somebody asked for it.' },
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
      description:
        'Units of this phase altogether: files of an import; chunks to embed; vectors of a build, or queries while it verifies. Example: `50000`',
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
      description: 'Bytes that the new index takes so far; 0 where none is built. Example: `91234304`',
    }),
    recallSoFar: t.exposeFloat('recallSoFar', {
      nullable: true,
      description: 'Recall over the queries verified so far; null where there is none. Example: `0.987`',
    }),
  }),
});

/** The object type of each kind of job. */
const JOB_TYPES = { INDEX: 'IndexJob', IMPORT: 'ImportJob', REEMBED: 'ReembedJob' } as const satisfies Record<
  JobShape['kind'],
  string
>;

/** The name of a job's object type. */
export const jobType = ({ kind }: JobShape): string => JOB_TYPES[kind];

export const Job = builder.interfaceRef<JobShape>('Job');

Job.implement({
  description:
    'Long work in the background, of any kind. Follow it with the subscription `indexJob`, or all of a library with `indexJobs`.',
  interfaces: [Node],
  resolveType: jobType,
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

export interface JobWritten {
  readonly job: JobShape;
  readonly revision: number;
}

export const JobResult = builder.objectRef<JobWritten>('JobResult').implement({
  description: 'A job was queued or changed.',
  fields: (t) => ({
    job: t.expose('job', { type: Job, description: 'The job as it is now.' }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'The revision that this write made. Example: `"0000000000000042"`',
    }),
  }),
});

export function jobWritten({ jobId = '', revision }: CommandOutcome, { jobs }: Context): JobWritten {
  const job = jobs.job(jobId);
  if (!job) throw nodeNotFound('job', jobId);
  return { job, revision };
}

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
  errors: [
    'ForbiddenError',
    'NodeNotFoundError',
    'JobNotCancellableError',
    'InvalidArgumentError',
    'IdempotencyConflictError',
  ],
});

async function cancelJob(input: typeof CancelJobInput.$inferInput, context: Context): Promise<JobWritten> {
  const outcome = await submit(context, 'cancelJob', input, () => {
    const kind = context.jobs.job(input.id)?.kind ?? 'IMPORT';
    if (kind !== 'IMPORT') demand(context.principal, { role: 'ADMIN' }, 'Cancelling a job of this kind');
    return { type: 'cancelJob', jobId: input.id, at: Date.now() };
  });
  return jobWritten(outcome, context);
}

builder.mutationFields((t) => ({
  cancelJob: t.field({
    type: CancelJobPayload.type,
    description:
      'Cancels a job that is queued or running. The live index stays as it is; documents that an import has written stay.',
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
