import type { ErrorRecord } from '../errors.ts';
import { documentExtents } from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import { findDocument, insertDocument } from '../store/documents.ts';
import { changeCounts } from '../store/libraries.ts';
import { findPending, putPending, updatePending } from '../store/pendingDocuments.ts';
import { insertValues } from '../store/values.ts';
import { libraryEvent, nothingWritten } from './applied.ts';
import { checkFields, idTaken, pickFields, replaceDocument } from './applyDocument.ts';
import { ChunkWriter } from './ChunkWriter.ts';
import { checkWholeNumber } from './checks.ts';
import type { Applied, EmbedPending, PostponeDocument, RecordPendingFailure } from './commands.ts';
import { parseId } from './ids.ts';
import { MAX_CHUNKS_PER_MUTATION } from './limits.ts';
import { requireLibrary } from './lookup.ts';
import { type PendingContent, pendingContent } from './pendingContent.ts';
import { checkVectorSet } from './vectorSet.ts';

/**
 * Keeps what a document is to say until it can be embedded. A new document is there from now on, without chunks; one
 * that was there stays as it is, chunks and all, until the new content takes its place in one command.
 */
export function postponeDocument(database: Database, command: PostponeDocument, revision: number): Applied {
  const library = requireLibrary(database, command.library);
  const { id, at } = command;
  parseId('document', id);
  const range = { min: 0, max: MAX_CHUNKS_PER_MUTATION };
  checkWholeNumber('the number of chunks', command.chunks.length, range, ['chunks']);
  const metadata = checkFields(library, command, command.metadata);
  const before = findDocument(database, id);
  if (before !== undefined && (command.ifExists === 'ERROR' || before.libraryKey !== library.key))
    throw idTaken(id);
  const planner = new ChunkWriter(database, library, { at, positions: 'ANEW' });
  for (const [index, { vector: _, ...chunk }] of command.chunks.entries()) {
    const path = ['chunks', String(index)];
    planner.claim(chunk.id, path);
    planner.plan(chunk, (existing) => existing.documentKey === before?.key, path);
  }
  const fields = {
    ...pickFields(command),
    metadata: metadata.json,
    sourceHash: null,
    isIncomplete: 0,
    updatedAt: at,
  };
  const placed = { id, libraryKey: library.key, libraryId: library.id, createdAt: at };
  const documentKey = before?.key ?? insertDocument(database, { ...fields, ...placed });
  if (before === undefined) insertValues(database, 'document', documentKey, metadata.values);
  keep(database, command, {
    documentKey,
    libraryKey: library.key,
    libraryId: library.id,
    vectorSet: library.vectorSet,
    revision,
  });
  const isNew = before === undefined;
  const bytes = isNew ? Buffer.byteLength(fields.metadata) : 0;
  changeCounts(database, library.key, { documents: isNew ? 1 : 0, chunks: 0, bytes }, revision);
  const occasion = { libraryId: library.id, revision, at };
  return {
    outcome: { revision, libraryId: library.id, documentId: id, written: true },
    events: [libraryEvent(occasion, isNew ? 'DOCUMENT_CREATED' : 'DOCUMENT_UPDATED', { documentId: id })],
    vectorChanges: [],
  };
}

function keep(
  database: Database,
  command: PostponeDocument,
  place: {
    readonly documentKey: number;
    readonly libraryKey: number;
    readonly libraryId: string;
    readonly vectorSet: number;
    readonly revision: number;
  },
): void {
  const { documentKey, libraryKey, libraryId, revision } = place;
  const content: PendingContent = {
    ...pickFields(command),
    metadata: command.metadata,
    sourceHash: command.sourceHash ?? null,
    chunks: command.chunks,
    vectorSet: place.vectorSet,
    replaces: documentExtents(database, libraryKey, documentKey).map(({ id }) => id),
  };
  putPending(database, {
    documentKey,
    documentId: command.id,
    libraryKey,
    libraryId,
    version: revision,
    content: JSON.stringify(content),
    error: JSON.stringify(command.error),
    createdAt: command.at,
  });
}

/** Puts embedded content in its document's place; of no effect when other content has come, or the document is gone. */
export function embedPending(database: Database, command: EmbedPending, revision: number): Applied {
  const library = requireLibrary(database, command.library);
  const { documentId, version, at, vectors } = command;
  const document = findDocument(database, documentId);
  const row = document && findPending(database, document.key);
  if (row === undefined || row.version !== version) return nothingWritten(library, revision, { documentId });
  checkVectorSet(library, command.vectorSet);
  const { replaces, vectorSet: _, ...content } = pendingContent(row);
  const chunks = content.chunks.map(({ vector: _, ...chunk }, at) => ({
    ...chunk,
    row: at,
    ...(command.truncated.includes(at) ? { truncated: true } : {}),
  }));
  return replaceDocument(
    database,
    {
      ...content,
      type: 'createDocument',
      library: command.library,
      id: documentId,
      at,
      ifExists: 'REPLACE',
      chunks,
      vectors,
    },
    revision,
    replaces,
  );
}

/** Remembers why waiting content could not be embedded this time. */
export function recordPendingFailure(
  database: Database,
  command: RecordPendingFailure,
  revision: number,
): Applied {
  const library = requireLibrary(database, command.library);
  const { documentId, version } = command;
  const document = findDocument(database, documentId);
  const row = document && findPending(database, document.key);
  const error = JSON.stringify(command.error satisfies ErrorRecord);
  if (row === undefined || row.version !== version || row.error === error)
    return nothingWritten(library, revision, { documentId });
  updatePending(database, row, { content: row.content, error });
  changeCounts(database, library.key, { documents: 0, chunks: 0, bytes: 0 }, revision);
  return {
    outcome: { revision, libraryId: library.id, documentId, written: true },
    events: [],
    vectorChanges: [],
  };
}
