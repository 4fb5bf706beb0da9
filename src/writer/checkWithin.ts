import { findJob } from '../jobs/jobTable.ts';
import type { LibraryBy } from '../library/commands.ts';
import { libraryNotFound, nodeNotFound } from '../library/lookup.ts';
import { findChunk } from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import { findDocument } from '../store/documents.ts';
import { findLibrary } from '../store/libraries.ts';
import type { Command } from './Writer.ts';

/**
 * Refuses a command of a caller that is about a library outside of `libraries`, just as if there were no such thing. It is asked in
 * the transaction of the command, so that no name or id can come to mean something else in between.
 * @throws AlcoveError LibraryNotFoundError, NodeNotFoundError
 */
export function checkWithin(database: Database, command: Command, libraries: ReadonlySet<string>): void {
  switch (command.type) {
    case 'updateDocument':
    case 'deleteDocument':
      return checkNode('document', command.id, findDocument(database, command.id), libraries);
    case 'updateChunk':
      return checkNode('chunk', command.id, findChunk(database, command.id), libraries);
    case 'cancelJob':
      return checkNode('job', command.jobId, findJob(database, command.jobId), libraries);
    case 'updateLibrary':
    case 'deleteLibrary':
    case 'createDocument':
    case 'postponeDocument':
    case 'writeChunks':
    case 'deleteChunks':
    case 'requestReindex':
    case 'requestImport':
    case 'requestReembed':
      return checkLibrary(command.library, database, libraries);
    default:
      throw new Error(`${command.type} is not for callers that are limited to some libraries`);
  }
}

function checkLibrary(by: LibraryBy, database: Database, libraries: ReadonlySet<string>): void {
  const found = findLibrary(database, by);
  if (!found || !libraries.has(found.id)) libraryNotFound(by);
}

/** What is not there at all is left to the command itself, which says so. */
function checkNode(
  what: string,
  id: string,
  found: { readonly libraryId: string } | undefined,
  libraries: ReadonlySet<string>,
): void {
  if (found && !libraries.has(found.libraryId)) throw nodeNotFound(what, id);
}
