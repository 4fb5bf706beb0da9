import { AlcoveError, type ErrorRecord } from '../errors.ts';
import {
  type ChunkExtent,
  chunkExtent,
  findChunk,
  matchingExtents,
  deleteChunks as removeChunks,
} from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import { type DocumentRow, findDocument, forgetSource } from '../store/documents.ts';
import { changeCounts, type LibraryRow } from '../store/libraries.ts';
import { predicateSql } from '../store/predicateSql.ts';
import { hasTrigrams } from '../store/words.ts';
import { chunkEvent, nothingWritten, valuesChanged, vectorsRemoved } from './applied.ts';
import { type ChunkPlan, ChunkWriter, type MayReplace } from './ChunkWriter.ts';
import { invalidArgument } from './checks.ts';
import type { Applied, DeleteChunks, ItemOutcome, UpdateChunk, WriteChunks } from './commands.ts';
import { vectorRow } from './contract.ts';
import { parseId } from './ids.ts';
import { MAX_CHUNKS_PER_MUTATION } from './limits.ts';
import { nodeNotFound, requireLibrary } from './lookup.ts';
import type { Metadata } from './types.ts';
import { checkVectorSet } from './vectorSet.ts';

/** Creates or replaces chunks, item by item or all together. */
export function writeChunks(database: Database, command: WriteChunks, revision: number): Applied {
  const library = requireLibrary(database, command.library);
  checkBatchSize(command.items.length, ['chunks']);
  checkVectorSet(library, command.vectorSet);
  const writer = new ChunkWriter(database, library, { at: command.at, positions: 'KEEP' });
  const plans = planItems(database, library, command, writer);
  const isRefused = plans.some((plan) => 'error' in plan);
  if (isRefused && command.atomicity === 'ALL_OR_NOTHING') {
    const items = plans.map((plan): ItemOutcome => {
      return 'error' in plan ? plan : { id: plan.chunk.id, status: 'NOT_WRITTEN' };
    });
    return nothingWritten(library, revision, { items });
  }
  const items = plans.map((plan): ItemOutcome => {
    return 'error' in plan ? plan : { id: plan.chunk.id, status: writer.write(plan.chunk, plan.document) };
  });
  if (writer.touchedIds.length === 0)
    return nothingWritten(library, revision, { items, ...writer.truncation() });
  const occasion = { libraryId: library.id, revision, at: command.at };
  return {
    vectorChanges: writer.finish(revision),
    ...valuesChanged(writer.keptOrdinals),
    outcome: { revision, libraryId: library.id, items, ...writer.truncation(), written: true },
    events: [chunkEvent(occasion, 'CHUNKS_WRITTEN', writer.touchedIds)],
  };
}

type ItemPlan =
  | { readonly chunk: ChunkPlan; readonly document: DocumentRow }
  | { readonly error: ErrorRecord };

/** Plans every item; what is wrong with one is its own outcome. */
function planItems(
  database: Database,
  library: LibraryRow,
  command: WriteChunks,
  writer: ChunkWriter,
): ItemPlan[] {
  const documents = new Map<string, DocumentRow | undefined>();
  const mayReplace: MayReplace =
    command.mode === 'CREATE' ? () => false : (existing) => existing.libraryKey === library.key;
  return command.items.map((item, index) => {
    if ('kind' in item) return { error: item };
    const path = ['chunks', String(index)];
    try {
      const { id, documentId } = item;
      writer.claim(id, path);
      parseId('document', documentId, [...path, 'documentId']);
      if (!documents.has(documentId)) documents.set(documentId, findDocument(database, documentId));
      const document = documents.get(documentId);
      if (document?.libraryKey !== library.key) {
        throw nodeNotFound('document of this library', documentId, [...path, 'documentId']);
      }
      const vector = vectorRow(command.vectors, item.row, [...path, 'embedding']);
      return { chunk: writer.plan({ ...item, vector }, mayReplace, path), document };
    } catch (error) {
      if (error instanceof AlcoveError) return { error: error.toRecord() };
      throw error;
    }
  });
}

/** Changes one chunk. A new vector is a new ordinal; anything else leaves the ordinal as it is. */
export function updateChunk(database: Database, command: UpdateChunk, revision: number): Applied {
  parseId('chunk', command.id);
  const before = findChunk(database, command.id);
  if (before === undefined) throw nodeNotFound('chunk', command.id);
  const library = requireLibrary(database, { id: before.libraryId });
  checkVectorSet(library, command.vectorSet);
  const writer = new ChunkWriter(database, library, { at: command.at, positions: 'KEEP' });
  const {
    text = before.text,
    page = before.page,
    headings = JSON.parse(before.headings) as string[],
    metadata = JSON.parse(before.metadata) as Metadata,
    position,
    vector,
    truncated,
  } = command;
  const draft = {
    id: command.id,
    text,
    page,
    headings,
    metadata,
    ...(position === undefined ? {} : { position }),
    ...(vector === undefined ? {} : { vector }),
    ...(truncated === undefined ? {} : { truncated }),
  };
  const status = writer.write(
    writer.plan(draft, () => true, []),
    { key: before.documentKey, id: before.documentId },
  );
  const { documentId } = before;
  const items = [{ id: command.id, status }];
  if (status === 'UNCHANGED') {
    return nothingWritten(library, revision, { documentId, items, ...writer.truncation() });
  }
  const occasion = { libraryId: library.id, revision, at: command.at };
  return {
    vectorChanges: writer.finish(revision),
    ...valuesChanged(writer.keptOrdinals),
    outcome: { revision, libraryId: library.id, documentId, items, ...writer.truncation(), written: true },
    events: [chunkEvent(occasion, 'CHUNKS_WRITTEN', writer.touchedIds, documentId)],
  };
}

/** Deletes chunks by ids, each with an outcome of its own, or all that a predicate matches. */
export function deleteChunks(database: Database, command: DeleteChunks, revision: number): Applied {
  const library = requireLibrary(database, command.library);
  const { extents, items } =
    'ids' in command.by
      ? extentsOf(database, library, command.by.ids)
      : {
          extents: matchingExtents(
            database,
            library.key,
            predicateSql(command.by.predicate, 'chunks', library.key, {
              hasTrigrams: hasTrigrams(database, library.key),
            }),
          ),
          items: undefined,
        };
  const facts = items === undefined ? {} : { items };
  if (extents.length === 0) {
    const nothing = nothingWritten(library, revision, facts);
    return { ...nothing, outcome: { ...nothing.outcome, deleted: { documents: 0, chunks: 0 } } };
  }
  removeChunks(database, library.key, extents);
  for (const key of new Set(extents.map(({ documentKey }) => documentKey))) forgetSource(database, key);
  changeCounts(database, library.key, countsWithout(extents), revision);
  const occasion = { libraryId: library.id, revision, at: command.at };
  const ids = extents.map(({ id }) => id);
  const deleted = { documents: 0, chunks: extents.length };
  return {
    outcome: { revision, libraryId: library.id, ...facts, deleted, written: true },
    events: [chunkEvent(occasion, 'CHUNKS_DELETED', ids)],
    vectorChanges: vectorsRemoved(
      library.id,
      extents.map(({ ordinal }) => ordinal),
    ),
  };
}

function extentsOf(
  database: Database,
  library: LibraryRow,
  ids: readonly string[],
): { readonly extents: ChunkExtent[]; readonly items: ItemOutcome[] } {
  checkBatchSize(ids.length, ['ids']);
  const extents = new Map<string, ChunkExtent>();
  const items = ids.map((id, index): ItemOutcome => {
    const path = ['ids', String(index)];
    try {
      parseId('chunk', id, path);
      if (extents.has(id)) throw invalidArgument('an id', `${id} for a second time`, 'each chunk once', path);
      const extent = chunkExtent(database, library.key, id);
      if (extent === undefined) throw nodeNotFound('chunk of this library', id, path);
      extents.set(id, extent);
      return { id, status: 'DELETED' };
    } catch (error) {
      if (error instanceof AlcoveError) return { error: error.toRecord() };
      throw error;
    }
  });
  return { extents: [...extents.values()], items };
}

/** What a library's counts lose with these chunks. */
export function countsWithout(extents: readonly ChunkExtent[]): {
  readonly documents: number;
  readonly chunks: number;
  readonly bytes: number;
} {
  const bytes = extents.reduce((sum, extent) => sum + extent.bytes, 0);
  return { documents: 0, chunks: -extents.length, bytes: -bytes };
}

/** @throws AlcoveError InvalidArgumentError for an empty or an oversized batch. */
function checkBatchSize(count: number, path: readonly string[]): void {
  if (count >= 1 && count <= MAX_CHUNKS_PER_MUTATION) return;
  throw invalidArgument('a batch', `${count} items`, `1 to ${MAX_CHUNKS_PER_MUTATION}`, path);
}
