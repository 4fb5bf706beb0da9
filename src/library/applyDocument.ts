import { AlcoveError } from '../errors.ts';
import { type ChunkExtent, deleteChunks, documentExtents } from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import {
  type DocumentFields,
  type DocumentRow,
  findDocument,
  insertDocument,
  deleteDocument as removeDocument,
  updateDocument as writeDocument,
} from '../store/documents.ts';
import { changeCounts, fieldsOf, type LibraryRow } from '../store/libraries.ts';
import { deletePending } from '../store/pendingDocuments.ts';
import { deleteValues, insertValues } from '../store/values.ts';
import { chunkEvent, libraryEvent, nothingWritten, valuesChanged, vectorsRemoved } from './applied.ts';
import { countsWithout } from './applyChunks.ts';
import { type ChunkPlan, ChunkWriter } from './ChunkWriter.ts';
import { checkText, invalidArgument, quote } from './checks.ts';
import type {
  Applied,
  CreateDocument,
  DeleteDocument,
  ItemOutcome,
  UpdateDocument,
  VectorChange,
} from './commands.ts';
import { vectorRow } from './contract.ts';
import { parseId } from './ids.ts';
import {
  MAX_AUTHOR_LENGTH,
  MAX_CHUNKS_PER_MUTATION,
  MAX_CONTENT_TYPE_LENGTH,
  MAX_SOURCE_URL_LENGTH,
  MAX_TITLE_LENGTH,
} from './limits.ts';
import { nodeNotFound, requireLibrary } from './lookup.ts';
import { type CheckedMetadata, checkMetadata } from './metadata.ts';
import { updateWaiting } from './pendingContent.ts';
import type { Metadata } from './types.ts';
import { checkVectorSet } from './vectorSet.ts';

/**
 * Writes a document with its chunks, or nothing. With REPLACE the document keeps its id and its time of creation;
 * chunks that come again under their id keep their ordinals where their vectors are the same; the others go.
 */
export function createDocument(database: Database, command: CreateDocument, revision: number): Applied {
  return replaceDocument(database, command, revision);
}

/** The same; of the chunks that were there only those in `replaces` go, if it is given. */
export function replaceDocument(
  database: Database,
  command: CreateDocument,
  revision: number,
  replaces?: readonly string[],
): Applied {
  const library = requireLibrary(database, command.library);
  checkVectorSet(library, command.vectorSet);
  const { id, at } = command;
  parseId('document', id);
  if (command.chunks.length > MAX_CHUNKS_PER_MUTATION) {
    const expected = `at most ${MAX_CHUNKS_PER_MUTATION}; add the rest with createChunks`;
    throw invalidArgument('chunks', command.chunks.length, expected, ['chunks']);
  }
  const metadata = checkFields(library, command, command.metadata);
  const before = findDocument(database, id);
  if (before !== undefined && (command.ifExists === 'ERROR' || before.libraryKey !== library.key)) {
    throw idTaken(id);
  }
  const writer = new ChunkWriter(database, library, { at, positions: 'ANEW' });
  const plans = planChunks(command, before, writer);
  const sourceHash = command.sourceHash ?? null;
  const isIncomplete = command.isPart === true ? 1 : 0;
  const fields = { ...pickFields(command), metadata: metadata.json, sourceHash, isIncomplete, updatedAt: at };
  const abandoned = before === undefined ? [] : removeAbandoned(database, before, plans, replaces);
  const waited = before !== undefined && deletePending(database, before.key);
  const placed = { id, libraryKey: library.key, libraryId: library.id, createdAt: at };
  const documentKey = before?.key ?? insertDocument(database, { ...fields, ...placed });
  const document = { key: documentKey, id };
  const items = plans.map((plan): ItemOutcome => ({ id: plan.id, status: writer.write(plan, document) }));
  const isUnchanged = before !== undefined && !waited && sameFields(before, fields);
  if (isUnchanged && abandoned.length + writer.touchedIds.length === 0) {
    return nothingWritten(library, revision, { documentId: id, items, ...writer.truncation() });
  }
  if (before !== undefined) replaceFields(database, before, fields, metadata);
  else insertValues(database, 'document', documentKey, metadata.values);

  const vectorChanges = mergeChanges(
    library,
    abandoned,
    writer.finish(revision, before === undefined ? 1 : 0),
  );
  const lost = countsWithout(abandoned);
  const bytes = lost.bytes + Buffer.byteLength(fields.metadata) - Buffer.byteLength(before?.metadata ?? '');
  changeCounts(database, library.key, { ...lost, bytes }, revision);
  return {
    outcome: {
      revision,
      libraryId: library.id,
      documentId: id,
      items,
      ...writer.truncation(),
      written: true,
    },
    events: documentEvents(
      { libraryId: library.id, revision, at },
      id,
      before !== undefined,
      writer,
      abandoned,
    ),
    vectorChanges,
    ...valuesChanged(writer.keptOrdinals, before === undefined ? [] : [id]),
  };
}

export function updateDocument(database: Database, command: UpdateDocument, revision: number): Applied {
  parseId('document', command.id);
  const before = findDocument(database, command.id);
  if (before === undefined) throw nodeNotFound('document', command.id);
  const library = requireLibrary(database, { id: before.libraryId });
  const changed = pickFields({ ...before, ...withoutAbsent(command) });
  const metadata = checkFields(
    library,
    changed,
    command.metadata ?? (JSON.parse(before.metadata) as Metadata),
  );
  const { sourceHash, isIncomplete } = before;
  const fields = {
    ...changed,
    metadata: metadata.json,
    sourceHash,
    isIncomplete,
    updatedAt: command.at,
  };
  const documentId = before.id;
  const waits = updateWaiting(database, before.key, command);
  if (!waits && sameFields(before, fields)) return nothingWritten(library, revision, { documentId });

  replaceFields(database, before, fields, metadata);
  const bytes = Buffer.byteLength(fields.metadata) - Buffer.byteLength(before.metadata);
  changeCounts(database, library.key, { documents: 0, chunks: 0, bytes }, revision);
  const occasion = { libraryId: library.id, revision, at: command.at };
  return {
    outcome: { revision, libraryId: library.id, documentId, written: true },
    events: [libraryEvent(occasion, 'DOCUMENT_UPDATED', { documentId })],
    vectorChanges: [],
    ...valuesChanged([], [documentId]),
  };
}

export function deleteDocument(database: Database, command: DeleteDocument, revision: number): Applied {
  parseId('document', command.id);
  const before = findDocument(database, command.id);
  if (before === undefined) throw nodeNotFound('document', command.id);
  const libraryId = before.libraryId;
  const extents = documentExtents(database, before.libraryKey, before.key);
  removeDocument(database, before, extents);
  const lost = countsWithout(extents);
  const bytes = lost.bytes - Buffer.byteLength(before.metadata);
  changeCounts(database, before.libraryKey, { ...lost, bytes, documents: -1 }, revision);
  const deleted = { documents: 1, chunks: extents.length };
  const facts = { documentId: before.id, chunkCount: extents.length };
  return {
    outcome: { revision, libraryId, documentId: before.id, deleted, written: true },
    events: [libraryEvent({ libraryId, revision, at: command.at }, 'DOCUMENT_DELETED', facts)],
    vectorChanges: vectorsRemoved(
      libraryId,
      extents.map(({ ordinal }) => ordinal),
    ),
  };
}

type PlainFields = Pick<DocumentRow, 'title' | 'author' | 'sourceUrl' | 'contentType'>;

export function pickFields({ title, author, sourceUrl, contentType }: PlainFields): PlainFields {
  return { title, author, sourceUrl, contentType };
}

/** The command's plain fields that are there; an absent one must not hide what is stored. */
function withoutAbsent(command: UpdateDocument): Partial<PlainFields> {
  const { title, author, sourceUrl, contentType } = command;
  return {
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

export function checkFields(library: LibraryRow, fields: PlainFields, metadata: Metadata): CheckedMetadata {
  const { title, author, sourceUrl, contentType } = fields;
  checkText('a title', title, { maxLength: MAX_TITLE_LENGTH }, ['title']);
  checkText('an author', author ?? '', { maxLength: MAX_AUTHOR_LENGTH }, ['author']);
  checkText('a source URL', sourceUrl ?? '', { maxLength: MAX_SOURCE_URL_LENGTH }, ['sourceUrl']);
  checkText('a content type', contentType, { maxLength: MAX_CONTENT_TYPE_LENGTH }, ['contentType']);
  return checkMetadata(fieldsOf(library), metadata);
}

function sameFields(before: DocumentRow, fields: DocumentFields): boolean {
  return (
    before.title === fields.title &&
    before.author === fields.author &&
    before.sourceUrl === fields.sourceUrl &&
    before.contentType === fields.contentType &&
    before.metadata === fields.metadata &&
    before.sourceHash === fields.sourceHash &&
    before.isIncomplete === fields.isIncomplete
  );
}

function replaceFields(
  database: Database,
  before: DocumentRow,
  fields: DocumentFields,
  metadata: CheckedMetadata,
): void {
  writeDocument(database, before, fields);
  if (fields.metadata === before.metadata) return;
  deleteValues(database, 'document', before.key);
  insertValues(database, 'document', before.key, metadata.values);
}

/** Plans every chunk of the document; the first bad one refuses the command. */
function planChunks(
  command: CreateDocument,
  before: DocumentRow | undefined,
  writer: ChunkWriter,
): ChunkPlan[] {
  return command.chunks.map((chunk, index) => {
    const path = ['chunks', String(index)];
    writer.claim(chunk.id, path);
    const vector = vectorRow(command.vectors, chunk.row, [...path, 'embedding']);
    return writer.plan({ ...chunk, vector }, (existing) => existing.documentKey === before?.key, path);
  });
}

/** Deletes the chunks that the new version of the document does not have, of those that it replaces. */
function removeAbandoned(
  database: Database,
  before: DocumentRow,
  plans: readonly ChunkPlan[],
  replaces: readonly string[] | undefined,
): ChunkExtent[] {
  const kept = new Set(plans.map(({ id }) => id));
  const replaced = replaces && new Set(replaces);
  const extents = documentExtents(database, before.libraryKey, before.key).filter(
    ({ id }) => !kept.has(id) && (replaced?.has(id) ?? true),
  );
  deleteChunks(database, before.libraryKey, extents);
  return extents;
}

/** One change for the index: abandoned vectors out together with the replaced ones, new ones in. */
function mergeChanges(
  library: LibraryRow,
  abandoned: readonly ChunkExtent[],
  written: readonly VectorChange[],
): VectorChange[] {
  const ordinals = abandoned.map(({ ordinal }) => ordinal);
  const [change] = written;
  if (change === undefined || change.kind !== 'CHANGED') return vectorsRemoved(library.id, ordinals);
  return [{ ...change, removed: Uint32Array.from([...ordinals, ...change.removed]) }];
}

function documentEvents(
  occasion: { readonly libraryId: string; readonly revision: number; readonly at: number },
  documentId: string,
  isReplaced: boolean,
  writer: ChunkWriter,
  abandoned: readonly ChunkExtent[],
) {
  const abandonedIds = abandoned.map(({ id }) => id);
  return [
    libraryEvent(occasion, isReplaced ? 'DOCUMENT_UPDATED' : 'DOCUMENT_CREATED', { documentId }),
    ...(abandonedIds.length > 0 ? [chunkEvent(occasion, 'CHUNKS_DELETED', abandonedIds, documentId)] : []),
    ...(writer.touchedIds.length > 0
      ? [chunkEvent(occasion, 'CHUNKS_WRITTEN', writer.touchedIds, documentId)]
      : []),
  ];
}

export function idTaken(id: string): AlcoveError {
  return new AlcoveError(
    'IdTakenError',
    `A document with the id ${quote(id)} exists already. Choose another id, or ask for it to be replaced.`,
    { path: ['id'], detail: { id } },
  );
}
