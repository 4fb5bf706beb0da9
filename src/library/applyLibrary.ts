import { AlcoveError } from '../errors.ts';
import type { Database } from '../store/Database.ts';
import {
  changeCounts,
  findLibrary,
  insertLibrary,
  type LibraryRow,
  type LibrarySettings,
  deleteLibrary as removeLibrary,
  updateLibrarySettings,
} from '../store/libraries.ts';
import { requestFill } from '../store/words.ts';
import { libraryEvent, nothingWritten } from './applied.ts';
import { declareFields, removeFields } from './applyFields.ts';
import { checkText, checkWholeNumber, quote } from './checks.ts';
import { checkChunkingSettings, DEFAULT_CHUNKING } from './chunkingSettings.ts';
import type {
  Applied,
  CreateLibrary,
  DeleteLibrary,
  RecordIndex,
  RecordRecall,
  UpdateLibrary,
} from './commands.ts';
import { checkFrozenContract } from './contract.ts';
import { parseId } from './ids.ts';
import { DEFAULT_KEYWORDS } from './indexedText.ts';
import { checkIndexSettings } from './indexSettings.ts';
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_DIMENSION,
  MAX_MODEL_LENGTH,
  MAX_NAME_LENGTH,
  MAX_PREFIX_LENGTH,
} from './limits.ts';
import { requireLibrary } from './lookup.ts';
import { toContract, toLibrary } from './records.ts';
import type { EmbeddingContract, IndexRecord, IndexSettings } from './types.ts';

type Contract = Omit<EmbeddingContract, 'frozen'>;

export function createLibrary(database: Database, command: CreateLibrary, revision: number): Applied {
  const { id, at, name, description, embedding, indexSettings, chunking = DEFAULT_CHUNKING } = command;
  parseId('library', id);
  checkName(name);
  checkDescription(description);
  checkContract(embedding);
  checkIndexSettings(indexSettings, ['indexSettings']);
  checkChunkingSettings(chunking, ['chunking']);
  if (findLibrary(database, { id }) !== undefined) throw idTaken(id);
  if (findLibrary(database, { name }) !== undefined) throw nameTaken(name);
  const settings = {
    name,
    description,
    ...contractColumns(embedding),
    indexSettings: JSON.stringify(indexSettings),
    indexRecord: JSON.stringify(firstIndex(indexSettings)),
    chunking: JSON.stringify(chunking),
    keywords: JSON.stringify(command.keywords ?? DEFAULT_KEYWORDS),
  };
  insertLibrary(database, { ...settings, id, at, revision });
  declareFields(database, requireLibrary(database, { id }), command.metadataFields, ['metadataFields']);
  return {
    outcome: { revision, libraryId: id, written: true },
    events: [libraryEvent({ libraryId: id, revision, at }, 'LIBRARY_CREATED')],
    vectorChanges: [],
  };
}

export function updateLibrary(database: Database, command: UpdateLibrary, revision: number): Applied {
  const library = requireLibrary(database, command.library);
  const settings = changedSettings(database, library, command);
  const removed = removeFields(database, library, command.removeMetadataFields ?? []);
  const remaining = requireLibrary(database, { id: library.id });
  const declared = declareFields(database, remaining, command.addMetadataFields ?? [], ['addMetadataFields']);
  const isChanged = Object.entries(settings).some(
    ([column, value]) => library[column as keyof LibraryRow] !== value,
  );
  if (!isChanged && removed.count + declared === 0) return nothingWritten(library, revision);

  updateLibrarySettings(database, library.key, { ...settings, revision, updatedAt: command.at });
  if (settings.keywords !== library.keywords) requestFill(database, library.key, library.nextOrdinal - 1);
  changeCounts(database, library.key, { documents: 0, chunks: 0, bytes: -removed.bytes }, revision);
  return {
    outcome: { revision, libraryId: library.id, written: true },
    events: [libraryEvent({ libraryId: library.id, revision, at: command.at }, 'LIBRARY_UPDATED')],
    vectorChanges: [],
  };
}

export function deleteLibrary(database: Database, command: DeleteLibrary, revision: number): Applied {
  const library = requireLibrary(database, command.library);
  removeLibrary(database, library);
  const deleted = { documents: library.documentCount, chunks: library.chunkCount };
  return {
    outcome: { revision, libraryId: library.id, deleted, written: true },
    events: [
      libraryEvent({ libraryId: library.id, revision, at: command.at }, 'LIBRARY_DELETED', {
        chunkCount: library.chunkCount,
      }),
    ],
    vectorChanges: [{ libraryId: library.id, kind: 'LIBRARY_DELETED' }],
  };
}

/** Remembers the index that serves from now on. The library counts as unchanged itself. */
export function recordIndex(database: Database, command: RecordIndex, revision: number): Applied {
  const library = requireLibrary(database, { id: command.libraryId });
  const before = JSON.parse(library.indexRecord) as IndexRecord;
  const { generation } = command.index;
  const settings = {
    ...settingsOf(library),
    indexRecord: JSON.stringify(command.index),
    indexSettings: JSON.stringify(command.indexSettings ?? JSON.parse(library.indexSettings)),
  };
  updateLibrarySettings(database, library.key, { ...settings, revision, updatedAt: library.updatedAt });
  const occasion = { libraryId: library.id, revision, at: command.at };
  return {
    outcome: { revision, libraryId: library.id, written: true },
    events: generation === before.generation ? [] : [libraryEvent(occasion, 'INDEX_SWAPPED')],
    vectorChanges: [],
  };
}

/** Remembers what was measured on the index that serves. */
export function recordRecall(database: Database, command: RecordRecall, revision: number): Applied {
  const library = requireLibrary(database, { id: command.libraryId });
  const { index } = toLibrary(library);
  const { generation, recallCurve, measuredOrdinal, at } = command;
  if (index.generation !== generation) return nothingWritten(library, revision);
  const indexRecord = JSON.stringify({ ...index, recallCurve, measuredOrdinal, measuredAt: at });
  const settings = { ...settingsOf(library), indexRecord, revision, updatedAt: library.updatedAt };
  updateLibrarySettings(database, library.key, settings);
  return { outcome: { revision, libraryId: library.id, written: true }, events: [], vectorChanges: [] };
}

/** The library's settings with the command's in their place, checked. */
function changedSettings(database: Database, library: LibraryRow, command: UpdateLibrary): LibrarySettings {
  const {
    name = library.name,
    description = library.description,
    embedding,
    indexSettings,
    chunking,
    keywords,
  } = command;
  if (name !== library.name) {
    checkName(name);
    if (findLibrary(database, { name }) !== undefined) throw nameTaken(name);
  }
  checkDescription(description);
  if (indexSettings !== undefined) checkIndexSettings(indexSettings, ['indexSettings']);
  if (chunking !== undefined) checkChunkingSettings(chunking, ['chunking']);
  const settings = {
    ...settingsOf(library),
    name,
    description,
    ...(indexSettings === undefined ? {} : { indexSettings: JSON.stringify(indexSettings) }),
    ...(chunking === undefined ? {} : { chunking: JSON.stringify(chunking) }),
    ...(keywords === undefined ? {} : { keywords: JSON.stringify(keywords) }),
  };
  if (embedding === undefined) return settings;
  const current = toContract(library);
  if (current.frozen) {
    checkFrozenContract(current, embedding);
    return settings;
  }
  checkContract(embedding);
  return { ...settings, ...contractColumns(embedding) };
}

export function settingsOf(library: LibraryRow): LibrarySettings {
  const { name, description, indexSettings, indexRecord, chunking, keywords } = library;
  const contract = contractColumns(toContract(library));
  return { name, description, ...contract, indexSettings, indexRecord, chunking, keywords };
}

export function contractColumns(contract: Contract) {
  const { provider, model, dimension, metric, normalized } = contract;
  const { documentPrefix = null, queryPrefix = null } = contract;
  return {
    provider,
    model,
    dimension,
    metric,
    normalized: normalized ? 1 : 0,
    documentPrefix,
    queryPrefix,
  };
}

/** What serves an empty library until the first build. */
function firstIndex(settings: IndexSettings): IndexRecord {
  return {
    type: settings.type === 'AUTO' ? 'FLAT' : settings.type,
    reason:
      settings.type === 'AUTO'
        ? 'AUTO chose FLAT: a small library is scanned exactly.'
        : `The settings ask for ${settings.type}.`,
    settings,
    generation: 1,
    recallCurve: [],
    measuredAt: null,
    measuredOrdinal: null,
  };
}

function checkName(name: string): void {
  checkText('the name of a library', name, { minLength: 1, maxLength: MAX_NAME_LENGTH }, ['name']);
}

function checkDescription(description: string | null): void {
  checkText('a description', description ?? '', { maxLength: MAX_DESCRIPTION_LENGTH }, ['description']);
}

export function checkContract(contract: Contract): void {
  checkText('the model', contract.model, { maxLength: MAX_MODEL_LENGTH }, ['embedding', 'model']);
  for (const prefix of ['documentPrefix', 'queryPrefix'] as const) {
    checkText('a prefix', contract[prefix] ?? '', { maxLength: MAX_PREFIX_LENGTH }, ['embedding', prefix]);
  }
  if (contract.dimension === null) return;
  const range = { min: 1, max: MAX_DIMENSION };
  checkWholeNumber('the dimension', contract.dimension, range, ['embedding', 'dimension']);
}

function nameTaken(name: string): AlcoveError {
  return new AlcoveError(
    'NameTakenError',
    `A library named ${quote(name)} exists already. Choose another name, or use that library.`,
    { path: ['name'], detail: { name } },
  );
}

function idTaken(id: string): AlcoveError {
  return new AlcoveError(
    'IdTakenError',
    `A library with the id ${quote(id)} exists already. Choose another id.`,
    {
      path: ['id'],
      detail: { id },
    },
  );
}
