import { AlcoveError } from '../errors.ts';
import { libraryEvent, nothingWritten } from '../library/applied.ts';
import { contractColumns, recordIndex, settingsOf } from '../library/applyLibrary.ts';
import type { Applied } from '../library/commands.ts';
import { checkVector } from '../library/contract.ts';
import { requireLibrary } from '../library/lookup.ts';
import { type NextSet, toNextSet } from '../library/vectorSet.ts';
import type { Database } from '../store/Database.ts';
import {
  findLibrary,
  type LibraryRow,
  switchVectorSet,
  updateLibrarySettings,
  writeNextSet,
} from '../store/libraries.ts';
import {
  adoptTruncated,
  chunkKeyOf,
  clearNextVectors,
  forgetTruncated,
  hasOrdinalAbove,
  insertNextVector,
} from '../store/nextVectors.ts';
import { vectorBytes } from '../store/vectors.ts';
import { isFinished } from './applyJob.ts';
import type { BeginNextSet, ClearNextSet, CompleteReembed, EmbedNext, ReembedCommand } from './commands.ts';
import { findJob } from './jobTable.ts';

/** Chunks whose leftover vectors one command deletes. */
const CLEARED_AT_ONCE = 1_000;

const FLOAT_BYTES = 4;

type Filling = Extract<NextSet, { state: 'FILLING' }>;

/**
 * Applies a command of those that embed a library anew; of a completion, all but the end of its job.
 * @throws AlcoveError LibraryNotFoundError; DimensionMismatchError and InvalidVectorError for what the model has made.
 */
export function applyReembedCommand(database: Database, command: ReembedCommand, revision: number): Applied {
  switch (command.type) {
    case 'beginNextSet':
      return beginNextSet(database, command, revision);
    case 'embedNext':
      return embedNext(database, command, revision);
    case 'clearNextSet':
      return clearNextSet(database, command, revision);
    case 'completeReembed':
      return completeReembed(database, command, revision);
  }
}

/** What a job has embedded in vain is of no use any more when it has ended. */
export function abandonNextSet(database: Database, libraryId: string, jobId: string): void {
  const library = findLibrary(database, { id: libraryId });
  if (library === undefined || filledBy(library, jobId) === undefined) return;
  forgetTruncated(database, library.key);
  put(database, library, { state: 'CLEARING', upTo: 0 });
}

function beginNextSet(database: Database, { libraryId, jobId }: BeginNextSet, revision: number): Applied {
  const library = requireLibrary(database, { id: libraryId });
  const job = findJob(database, jobId);
  if (library.nextSet !== null || job?.kind !== 'REEMBED' || isFinished(job))
    return nothingWritten(library, revision);
  put(database, library, { state: 'FILLING', jobId, embedding: job.embedding, upTo: 0 });
  return written(library, revision);
}

function embedNext(database: Database, command: EmbedNext, revision: number): Applied {
  const library = requireLibrary(database, { id: command.libraryId });
  const filling = filledBy(library, command.jobId);
  const last = command.ordinals.at(-1);
  if (filling === undefined || filling.upTo !== command.after || last === undefined)
    return nothingWritten(library, revision);
  const { dimension, values } = command;
  const truncated = new Set(command.truncated);
  for (const [row, ordinal] of command.ordinals.entries()) {
    const vector = values.subarray(row * dimension, (row + 1) * dimension);
    checkVector(filling.embedding, vector, ['vectors', String(row)]);
    const key = chunkKeyOf(database, library.key, ordinal);
    if (key !== undefined)
      insertNextVector(
        database,
        library,
        { key, ordinal, isTruncated: truncated.has(row) },
        vectorBytes(vector),
      );
  }
  put(database, library, { ...filling, embedding: { ...filling.embedding, dimension }, upTo: last });
  return written(library, revision);
}

function clearNextSet(database: Database, { libraryId }: ClearNextSet, revision: number): Applied {
  const library = requireLibrary(database, { id: libraryId });
  const next = toNextSet(library);
  if (next?.state !== 'CLEARING') return nothingWritten(library, revision);
  const last = clearNextVectors(database, library, next.upTo, CLEARED_AT_ONCE);
  put(database, library, last === undefined ? null : { ...next, upTo: last });
  return written(library, revision);
}

function completeReembed(
  database: Database,
  { job, recordIndex: record }: CompleteReembed,
  revision: number,
): Applied {
  const before = requireLibrary(database, { id: job.libraryId });
  const filling = filledBy(before, job.id);
  if (filling === undefined || hasOrdinalAbove(database, before.key, filling.upTo))
    return nothingWritten(before, revision);
  const { embedding } = filling;
  if (before.chunkCount > 0 && embedding.dimension === null)
    throw new AlcoveError('InternalError', `Job ${job.id} has embedded chunks, but knows no dimension.`);
  updateLibrarySettings(database, before.key, {
    ...settingsOf(before),
    ...contractColumns(embedding),
    revision,
    updatedAt: record.at,
  });
  const wider = (embedding.dimension ?? 0) - (before.dimension ?? 0);
  switchVectorSet(database, before.key, {
    generation: record.index.generation,
    isFrozen: before.chunkCount > 0,
    bytes: before.chunkCount === 0 ? 0 : before.chunkCount * wider * FLOAT_BYTES,
  });
  adoptTruncated(database, before.key);
  put(database, before, { state: 'CLEARING', upTo: 0 });
  const applied = recordIndex(database, record, revision);
  const occasion = { libraryId: before.id, revision, at: record.at };
  return { ...applied, events: [libraryEvent(occasion, 'LIBRARY_UPDATED'), ...applied.events] };
}

function filledBy(library: LibraryRow, jobId: string): Filling | undefined {
  const next = toNextSet(library);
  return next?.state === 'FILLING' && next.jobId === jobId ? next : undefined;
}

function put(database: Database, { key }: LibraryRow, next: NextSet | null): void {
  writeNextSet(database, key, next === null ? null : JSON.stringify(next));
}

/** Nothing of this is seen by who reads the library, so it counts as unchanged itself. */
function written(library: LibraryRow, revision: number): Applied {
  return { outcome: { revision, libraryId: library.id, written: true }, events: [], vectorChanges: [] };
}
