import type { ChunkList, ChunkRow } from '../store/chunks.ts';
import type { DocumentRow } from '../store/documents.ts';
import { fieldsOf, type LibraryRow } from '../store/libraries.ts';
import type {
  Chunk,
  ChunkingSettings,
  Document,
  EmbeddingContract,
  IndexRecord,
  IndexSettings,
  KeywordSettings,
  Library,
  Metadata,
  MetadataType,
} from './types.ts';

/** The contract of a stored library. */
export function toContract(row: LibraryRow): EmbeddingContract {
  return {
    provider: row.provider as EmbeddingContract['provider'],
    model: row.model,
    dimension: row.dimension,
    metric: row.metric as EmbeddingContract['metric'],
    normalized: row.normalized === 1,
    ...(row.documentPrefix === null ? {} : { documentPrefix: row.documentPrefix }),
    ...(row.queryPrefix === null ? {} : { queryPrefix: row.queryPrefix }),
    frozen: row.frozen === 1,
  };
}

/** How a stored library's words are indexed. */
export function toKeywords(row: LibraryRow): KeywordSettings {
  return JSON.parse(row.keywords) as KeywordSettings;
}

export function toLibrary(row: LibraryRow): Library {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    embedding: toContract(row),
    vectorSet: { number: row.vectorSet, since: row.setGeneration },
    metadataFields: fieldsOf(row).map((field) => ({
      name: field.name,
      type: field.type as MetadataType,
      description: field.description,
      filterable: field.filterable === 1,
    })),
    indexSettings: JSON.parse(row.indexSettings) as IndexSettings,
    chunking: JSON.parse(row.chunking) as ChunkingSettings,
    index: toIndexRecord(row.indexRecord),
    keywords: toKeywords(row),
    documentCount: row.documentCount,
    chunkCount: row.chunkCount,
    bytes: row.bytes,
    revision: row.revision,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function toDocument(row: DocumentRow): Document {
  return {
    id: row.id,
    libraryId: row.libraryId,
    title: row.title,
    author: row.author,
    sourceUrl: row.sourceUrl,
    contentType: row.contentType,
    state: row.isPending === 1 ? 'PENDING_EMBEDDING' : row.isIncomplete === 1 ? 'INCOMPLETE' : 'READY',
    sourceHash: row.sourceHash,
    metadata: JSON.parse(row.metadata) as Metadata,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function toChunk(row: ChunkRow): Chunk {
  return {
    id: row.id,
    libraryId: row.libraryId,
    documentId: row.documentId,
    position: row.position,
    text: row.text,
    page: row.page,
    headings: JSON.parse(row.headings) as string[],
    metadata: JSON.parse(row.metadata) as Metadata,
    ordinal: row.ordinal,
    truncated: row.truncated === 1,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** As {@link toChunk}, of a chunk of this library as a list. */
export function listedChunk(libraryId: string, list: ChunkList): Chunk {
  const [ordinal, id, documentId, position, text, page, headings, metadata, truncated, createdAt, updatedAt] =
    list;
  return {
    id,
    libraryId,
    documentId,
    position,
    text,
    page,
    // Most have none, and it takes as long to parse nothing as little.
    headings: headings === '[]' ? [] : (JSON.parse(headings) as string[]),
    metadata: metadata === '{}' ? {} : (JSON.parse(metadata) as Metadata),
    ordinal,
    truncated: truncated === 1,
    createdAt,
    updatedAt,
  };
}

/** A recorded index; one that was recorded before the greatest ordinal was kept has none. */
function toIndexRecord(json: string): IndexRecord {
  const recorded = JSON.parse(json) as Omit<IndexRecord, 'measuredOrdinal'> & Partial<IndexRecord>;
  return { ...recorded, measuredOrdinal: recorded.measuredOrdinal ?? null };
}
