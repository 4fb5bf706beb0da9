import type { Database } from '../store/Database.ts';
import { deleteChunks, updateChunk, writeChunks } from './applyChunks.ts';
import { createDocument, deleteDocument, updateDocument } from './applyDocument.ts';
import { createLibrary, deleteLibrary, recordIndex, recordRecall, updateLibrary } from './applyLibrary.ts';
import { continueDocument } from './applyPart.ts';
import { embedPending, postponeDocument, recordPendingFailure } from './applyPending.ts';
import { tendWords } from './applyWords.ts';
import type { Applied, LibraryCommand } from './commands.ts';

/**
 * Applies one command to the store: the one place that decides whether it is valid. Deterministic: it reads neither
 * clock nor chance, so the same commands in the same order give the same store anywhere.
 *
 * Runs inside the caller's transaction. When it throws, the caller undoes what was written (by a savepoint).
 *
 * @param revision what the change becomes if anything is written; see {@link Outcome.written}.
 * @throws AlcoveError what keeps the command from being applied; paths are those of the command's own fields, with
 *   `chunks` for its items.
 */
export function applyLibraryCommand(database: Database, command: LibraryCommand, revision: number): Applied {
  switch (command.type) {
    case 'createLibrary':
      return createLibrary(database, command, revision);
    case 'updateLibrary':
      return updateLibrary(database, command, revision);
    case 'deleteLibrary':
      return deleteLibrary(database, command, revision);
    case 'recordIndex':
      return recordIndex(database, command, revision);
    case 'recordRecall':
      return recordRecall(database, command, revision);
    case 'tendWords':
      return tendWords(database, revision);
    case 'createDocument':
      return createDocument(database, command, revision);
    case 'continueDocument':
      return continueDocument(database, command, revision);
    case 'updateDocument':
      return updateDocument(database, command, revision);
    case 'deleteDocument':
      return deleteDocument(database, command, revision);
    case 'postponeDocument':
      return postponeDocument(database, command, revision);
    case 'embedPending':
      return embedPending(database, command, revision);
    case 'recordPendingFailure':
      return recordPendingFailure(database, command, revision);
    case 'writeChunks':
      return writeChunks(database, command, revision);
    case 'updateChunk':
      return updateChunk(database, command, revision);
    case 'deleteChunks':
      return deleteChunks(database, command, revision);
  }
}
