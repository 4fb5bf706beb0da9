import { AlcoveError } from '../errors.ts';
import type { RecallPoint } from '../indexes/VectorIndex.ts';
import { isFinished } from '../jobs/applyJob.ts';
import { countActiveJobs } from '../jobs/jobTable.ts';
import type { Job } from '../jobs/types.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { LiveIndexes } from '../live/LiveIndexes.ts';
import type { Database } from '../store/Database.ts';
import { measurements, OTHER, type Reading } from '../telemetry/Measurements.ts';
import type { Backlog } from './Backlog.ts';

/** The recall that a search has unless it asks for another: the metric is that of the effort which such a search takes. */
const USUAL_RECALL = 0.95;

const JOB_KINDS = ['INDEX', 'IMPORT', 'REEMBED'] as const satisfies readonly Job['kind'][];

/** What the writer reads its gauges from. */
export interface WriterState {
  readonly database: Database;
  readonly reader: LibraryReader;
  readonly live: LiveIndexes;
  readonly backlog: Backlog;
  readonly revision: number;
  /** How many of the largest indexes are told by the names of their libraries. */
  readonly libraries: number;
}

/** Runs a command, and measures how it ends and what it takes. */
export async function measured<T>(command: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  let outcome = 'done';
  try {
    return await command();
  } catch (error) {
    outcome = error instanceof AlcoveError ? 'refused' : 'failed';
    throw error;
  } finally {
    measurements.count('alcove_commands_total', [outcome]);
    measurements.observe('alcove_command_duration_seconds', [], (performance.now() - startedAt) / 1_000);
  }
}

/** Notes a job that has ended; a job that has ended never changes again. */
export function measureJob(job: Job): void {
  if (!isFinished(job)) return;
  measurements.count('alcove_jobs_finished_total', [job.kind, job.state]);
  if (job.startedAt !== null && job.finishedAt !== null)
    measurements.observe('alcove_job_duration_seconds', [job.kind], (job.finishedAt - job.startedAt) / 1_000);
}

/** Tells the gauges of the writer: its queue, its jobs, and the indexes that are in memory. Opens none. */
export function readWriterMetrics(set: Parameters<Reading>[0], state: WriterState): void {
  const { backlog, database, live, reader, revision } = state;
  set('alcove_revision', [], revision);
  set('alcove_writer_queue_commands', [], backlog.commands);
  set('alcove_writer_queue_bytes', [], backlog.vectorBytes);
  set('alcove_libraries', [], reader.libraryCount());
  for (const { kind, state: jobState, count } of countActiveJobs(database))
    set('alcove_jobs', [kind, jobState], count);
  // The first job that fails must be seen as a rise.
  for (const kind of JOB_KINDS) set('alcove_jobs_finished_total', [kind, 'FAILED'], 0);
  const { used, setAside, limit } = live.memory.report();
  set('alcove_index_memory_bytes', ['used'], used);
  set('alcove_index_memory_bytes', ['set aside'], setAside);
  if (limit !== null) set('alcove_index_memory_bytes', ['limit'], limit);
  readIndexes(set, state);
}

function readIndexes(set: Parameters<Reading>[0], { live, reader, libraries }: WriterState): void {
  const indexes = live.inMemory
    .map(({ libraryId, index }) => ({ libraryId, ...index.stats() }))
    .sort((a, b) => b.live - a.live);
  set('alcove_open_indexes', [], indexes.length);
  for (const [at, { libraryId, live: vectors, tombstones, bytes }] of indexes.entries()) {
    const library = at < libraries ? reader.library({ id: libraryId }) : undefined;
    const label: [string] = [library?.name ?? OTHER];
    set('alcove_index_vectors', label, vectors);
    set('alcove_index_tombstones', label, tombstones);
    set('alcove_index_bytes', label, bytes);
    if (library === undefined || library.index.measuredAt === null) continue;
    const recall = usualRecall(library.index.recallCurve);
    if (recall === undefined) continue;
    set('alcove_index_recall', label, recall);
    set('alcove_index_recall_measured_timestamp_seconds', label, library.index.measuredAt / 1_000);
  }
}

/** Of the efforts that were measured, the least that has the recall asked for usually; or else the best there is. */
function usualRecall(curve: readonly RecallPoint[]): number | undefined {
  const byEffort = curve.toSorted((a, b) => a.effort - b.effort);
  const enough = byEffort.find(({ recall }) => recall >= USUAL_RECALL);
  return enough?.recall ?? byEffort.at(-1)?.recall;
}
