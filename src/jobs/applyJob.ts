import { AlcoveError } from '../errors.ts';
import { checkContract } from '../library/applyLibrary.ts';
import { invalidArgument } from '../library/checks.ts';
import type { Outcome } from '../library/commands.ts';
import { checkIndexSettings } from '../library/indexSettings.ts';
import { nodeNotFound, requireLibrary } from '../library/lookup.ts';
import { checkMetadata } from '../library/metadata.ts';
import { toLibrary } from '../library/records.ts';
import type { Database } from '../store/Database.ts';
import { fieldsOf } from '../store/libraries.ts';
import { insertImport } from './applyImport.ts';
import { abandonNextSet } from './applyReembed.ts';
import { NOT_BEGUN } from './attempts.ts';
import type {
  CancelJob,
  JobCommand,
  RecordJob,
  RequestImport,
  RequestReembed,
  RequestReindex,
} from './commands.ts';
import { activeJobs, countJobs, findJob, forgetOldJobs, putJob } from './jobTable.ts';
import type { IndexJob, Job, JobEvent, JobKind, ReembedJob } from './types.ts';

/** A job as a commit left it, and what that is to its subscribers. */
export interface JobChange {
  readonly job: Job;
  readonly kind: Exclude<JobEvent['kind'], 'SNAPSHOT'>;
}

/** All that applying one job command yields. */
export interface AppliedJob {
  readonly outcome: Outcome & { readonly jobId: string };
  /** Absent where nothing was written. */
  readonly change?: JobChange;
}

/** Jobs of one kind and library that may wait at once. */
export const MAX_QUEUED_JOBS = 100;

/** Jobs of one library that are remembered after their end. */
export const KEPT_FINISHED_JOBS = 1_000;

/** Whether a job has come to its end. */
export const isFinished = (job: Job): boolean => job.state !== 'QUEUED' && job.state !== 'RUNNING';

/**
 * Applies a command to the jobs table: the same command on the same tables does the same thing. A job that has
 * finished never changes again: recording it writes nothing.
 * @throws AlcoveError LibraryNotFoundError, NodeNotFoundError, JobNotCancellableError, InvalidArgumentError, InvalidMetadataError,
 *   OverloadedError
 */
export function applyJobCommand(database: Database, command: JobCommand, revision: number): AppliedJob {
  switch (command.type) {
    case 'requestReindex':
      return write(database, requested(database, command), 'STATE_CHANGED', revision);
    case 'requestImport':
      return importRequested(database, command, revision);
    case 'requestReembed':
      return write(database, reembedRequested(database, command), 'STATE_CHANGED', revision);
    case 'cancelJob':
      return write(database, cancelled(database, command), 'FINISHED', revision);
    case 'recordJob':
      return record(database, command, revision);
  }
}

/** What becomes of a library's jobs that are still to be done when it is deleted, and they with it. */
export function jobsEndedByDeletion(database: Database, libraryId: string, at: number): JobChange[] {
  return activeJobs(database, { libraryId }).map((job) => ({
    job: { ...job, state: 'CANCELLED', finishedAt: at },
    kind: 'FINISHED',
  }));
}

function requested(database: Database, command: RequestReindex): IndexJob {
  makeRoom(database, requireLibrary(database, command.library).id, 'INDEX');
  return { ...queuedBuild(database, command), kind: 'INDEX', trigger: command.trigger };
}

/** @throws AlcoveError InvalidArgumentError also for provider EXTERNAL: nobody here could make its vectors. */
function reembedRequested(database: Database, command: RequestReembed): ReembedJob {
  const library = requireLibrary(database, command.library);
  const { embedding } = command;
  if (embedding.provider === 'EXTERNAL')
    throw invalidArgument(
      'the provider to embed a library anew',
      'EXTERNAL',
      'one that makes vectors of texts; write vectors of your own to a library made for them',
      ['embedding', 'provider'],
    );
  checkContract(embedding);
  makeRoom(database, library.id, 'REEMBED');
  return { ...queuedBuild(database, command), kind: 'REEMBED', trigger: 'REQUEST', embedding };
}

/** What jobs that build an index have in common before they begin. */
function queuedBuild(
  database: Database,
  command: RequestReindex | RequestReembed,
): Omit<IndexJob, 'kind' | 'trigger'> {
  const library = toLibrary(requireLibrary(database, command.library));
  const { minRecall, settings = library.indexSettings } = command;
  checkIndexSettings(settings, ['settings']);
  if (minRecall !== null && !(minRecall >= 0 && minRecall <= 1))
    throw invalidArgument('the least recall', minRecall, '0 to 1', ['minRecall']);
  return {
    id: command.jobId,
    libraryId: library.id,
    state: 'QUEUED',
    settings,
    minRecall,
    attempt: 1,
    progress: NOT_BEGUN,
    error: null,
    createdAt: command.at,
    startedAt: null,
    finishedAt: null,
  };
}

function importRequested(database: Database, command: RequestImport, revision: number): AppliedJob {
  const library = requireLibrary(database, command.library);
  const { id } = library;
  checkMetadata(fieldsOf(library), command.options.metadata);
  makeRoom(database, id, 'IMPORT');
  const job = insertImport(database, command, id);
  return {
    outcome: { revision, libraryId: id, jobId: job.id, written: true },
    change: { job, kind: 'STATE_CHANGED' },
  };
}

/** @throws AlcoveError OverloadedError */
function makeRoom(database: Database, libraryId: string, kind: JobKind): void {
  const queued = countJobs(database, { libraryId, kind, states: ['QUEUED'] });
  if (queued >= MAX_QUEUED_JOBS) throw tooManyQueued(queued);
  forgetOldJobs(database, libraryId, KEPT_FINISHED_JOBS);
}

function tooManyQueued(queued: number): AlcoveError {
  return new AlcoveError(
    'OverloadedError',
    `${queued} jobs of this library are waiting already; expected fewer than ${MAX_QUEUED_JOBS}. Cancel some, or wait.`,
    { detail: { got: queued, expected: MAX_QUEUED_JOBS } },
  );
}

function cancelled(database: Database, command: CancelJob): Job {
  const job = findJob(database, command.jobId);
  if (job === undefined) throw nodeNotFound('job', command.jobId);
  if (isFinished(job) || job.progress.phase === 'SWAPPING') {
    const state = isFinished(job) ? job.state : 'being swapped in';
    throw new AlcoveError(
      'JobNotCancellableError',
      `Job ${job.id} is ${state}; only a job that is queued, or running and not yet being swapped in, can be cancelled.`,
      { path: ['id'], detail: { id: job.id, state: job.state } },
    );
  }
  return { ...job, state: 'CANCELLED', finishedAt: command.at };
}

function record(database: Database, { job }: RecordJob, revision: number): AppliedJob {
  const before = findJob(database, job.id);
  if (before === undefined || isFinished(before))
    return { outcome: { revision: revision - 1, libraryId: job.libraryId, jobId: job.id, written: false } };
  return write(database, job, kindOf(before, job), revision);
}

function kindOf(before: Job, after: Job): JobChange['kind'] {
  if (isFinished(after)) return 'FINISHED';
  if (after.attempt !== before.attempt) return 'RESTARTED';
  return after.state === before.state ? 'PROGRESS' : 'STATE_CHANGED';
}

function write(database: Database, job: Job, kind: JobChange['kind'], revision: number): AppliedJob {
  putJob(database, job);
  // What a re-embedding has succeeded with serves by now; what it has embedded otherwise is given up.
  if (job.kind === 'REEMBED' && isFinished(job)) abandonNextSet(database, job.libraryId, job.id);
  return {
    outcome: { revision, libraryId: job.libraryId, jobId: job.id, written: true },
    change: { job, kind },
  };
}
