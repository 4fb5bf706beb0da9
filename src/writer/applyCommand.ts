import { recordFile } from '../jobs/applyImport.ts';
import {
  type AppliedJob,
  applyJobCommand,
  isFinished,
  type JobChange,
  jobsEndedByDeletion,
} from '../jobs/applyJob.ts';
import { applyReembedCommand } from '../jobs/applyReembed.ts';
import type { CompleteReembed, CompleteReindex, JobCommand, RecordImportFile } from '../jobs/commands.ts';
import { findJob } from '../jobs/jobTable.ts';
import { applyLibraryCommand } from '../library/apply.ts';
import type { Applied, DeleteLibrary } from '../library/commands.ts';
import type { Database } from '../store/Database.ts';
import { findLibrary } from '../store/libraries.ts';
import { checkWithin } from './checkWithin.ts';
import type { Command, CommandOutcome } from './Writer.ts';

/** All that one command of any kind yields. */
export interface Change extends Applied {
  readonly outcome: CommandOutcome;
  readonly jobChanges: readonly JobChange[];
}

/**
 * Applies a command to the store, inside the log's transaction. Deterministic.
 * @throws AlcoveError what keeps the command from being applied.
 */
export function applyCommand(
  database: Database,
  command: Command,
  revision: number,
  libraries?: ReadonlySet<string>,
): Change {
  if (libraries) checkWithin(database, command, libraries);
  switch (command.type) {
    case 'requestReindex':
    case 'requestImport':
    case 'requestReembed':
    case 'cancelJob':
    case 'recordJob':
      return applyToJob(database, command, revision);
    case 'completeReindex':
      return applyCompletion(database, command, revision);
    case 'completeReembed':
      return applyReembedding(database, command, revision);
    case 'beginNextSet':
    case 'embedNext':
    case 'clearNextSet':
      return { ...applyReembedCommand(database, command, revision), jobChanges: [] };
    case 'recordImportFile':
      return applyImportFile(database, command, revision);
    case 'deleteLibrary':
      return applyDeletion(database, command, revision);
    default:
      return { ...applyLibraryCommand(database, command, revision), jobChanges: [] };
  }
}

function applyToJob(database: Database, command: JobCommand, revision: number): Change {
  const { outcome, change }: AppliedJob = applyJobCommand(database, command, revision);
  return { outcome, events: [], vectorChanges: [], jobChanges: change === undefined ? [] : [change] };
}

function applyCompletion(
  database: Database,
  { job, recordIndex }: CompleteReindex,
  revision: number,
): Change {
  const ended = applyToJob(database, { type: 'recordJob', job }, revision);
  if (!ended.outcome.written) return ended;
  const { events } = applyLibraryCommand(database, recordIndex, revision);
  return { ...ended, events };
}

/** The library changes, and the job has succeeded: both, or neither. */
function applyReembedding(database: Database, command: CompleteReembed, revision: number): Change {
  const applied = applyReembedCommand(database, command, revision);
  if (!applied.outcome.written) return { ...applied, jobChanges: [] };
  const ended = applyToJob(database, { type: 'recordJob', job: command.job }, revision);
  return ended.outcome.written ? { ...applied, outcome: ended.outcome, jobChanges: ended.jobChanges } : ended;
}

/** A file's document and its outcome are one change; nothing of it happens once its job has ended. */
function applyImportFile(database: Database, command: RecordImportFile, revision: number): Change {
  const { libraryId, jobId, document } = command;
  const nothing: Change = {
    outcome: { revision: revision - 1, libraryId, jobId, written: false },
    events: [],
    vectorChanges: [],
    jobChanges: [],
  };
  const before = findJob(database, jobId);
  if (before?.kind !== 'IMPORT' || isFinished(before)) return nothing;
  const job = recordFile(database, before, command);
  if (job === undefined) return nothing;
  const applied = document === undefined ? nothing : applyLibraryCommand(database, document, revision);
  return {
    ...applied,
    outcome: { ...applied.outcome, revision, libraryId, jobId, written: true },
    jobChanges: [{ job, kind: 'PROGRESS' }],
  };
}

/** A library's jobs go with it; those that were still to be done are told to be cancelled. */
function applyDeletion(database: Database, command: DeleteLibrary, revision: number): Change {
  const library = findLibrary(database, command.library);
  const jobChanges = library === undefined ? [] : jobsEndedByDeletion(database, library.id, command.at);
  return { ...applyLibraryCommand(database, command, revision), jobChanges };
}
