import type { JobEvent as JobEventShape } from '../jobs/types.ts';
import { libraryNotFound, nodeNotFound } from '../library/lookup.ts';
import type { Resumable } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import { EventStream } from './EventStream.ts';
import { Job } from './job.ts';
import { LibraryBy } from './libraryBy.ts';

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
    description: `Follows a job of any kind, imports included: a snapshot first, then every change, progress within a phase at most 20 times a second, and an end after FINISHED. Any number may follow the
same job, from any time on.`,
    args: {
      id: t.arg.id({
        required: true,
        description: 'Its id, as the mutation that queued it answered. Example: `"job_01JZXW3N5T"`',
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
    description: `Follows all jobs of a library, of all kinds, also those that the server starts by itself and those to come: a snapshot first of each that
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
