import type { IndexType, Metric, RecallPoint } from '../indexes/VectorIndex.ts';
import type { WordLanguage } from '../words/tokens.ts';
import type { VectorSet } from './vectorSet.ts';

/** A metadata field's type. A library's fields are data, never generated schema types. */
export type MetadataType = 'STRING' | 'STRING_LIST' | 'NUMBER' | 'BOOLEAN' | 'DATE_TIME';

/** A metadata value as it is kept: a date-time is its RFC 3339 text in UTC. */
export type MetadataValue = string | number | boolean | readonly string[];
export type Metadata = Readonly<Record<string, MetadataValue>>;

export interface MetadataField {
  readonly name: string;
  readonly type: MetadataType;
  readonly description: string | null;
  /** Whether filters may name it. */
  readonly filterable: boolean;
}

/** Who turns text into vectors: EXTERNAL means that the caller brings every vector. */
export type EmbeddingProvider = 'BUILTIN' | 'TRAINED' | 'LOCAL' | 'COHERE' | 'OPENAI' | 'OLLAMA' | 'EXTERNAL';

/** What every vector of a library has in common. Fixed (frozen) when the first vector goes in. */
export interface EmbeddingContract {
  readonly provider: EmbeddingProvider;
  /** The model's name; for EXTERNAL a note of the caller's. */
  readonly model: string;
  /** Null until the first vector, or the contract, says it. */
  readonly dimension: number | null;
  readonly metric: Metric;
  /** Whether every vector has norm 1, as the model promises. */
  readonly normalized: boolean;
  /** What is put before every text to be found, for models that were trained so. Absent: nothing. */
  readonly documentPrefix?: string;
  /** What is put before every text to find with. Absent: nothing. */
  readonly queryPrefix?: string;
  readonly frozen: boolean;
}

/** What the user asks for; AUTO leaves the choice to size. */
export interface IndexSettings {
  readonly type: 'AUTO' | IndexType;
  /** Where the float32 vectors are kept, IN_MEMORY if absent; see IndexParameters. */
  readonly vectors?: 'IN_MEMORY' | 'ON_DISK';
  /** HNSW: what walks compare, SCALAR if absent; see IndexParameters. */
  readonly codes?: 'SCALAR' | 'BINARY';
  /** HNSW: links per node; 4 to 64. */
  readonly m: number;
  /** HNSW: breadth of the beam while building; 16 to 1,000. */
  readonly efConstruction: number;
}

/** How texts that are written to a library are split into chunks. */
export interface ChunkingSettings {
  /**
   * HEADINGS: at headings, paragraphs and sentences; no chunk stands under two headings. SENTENCES: sentence after sentence,
   * whatever they stand under. TOKENS: windows of equal size, whatever they cut.
   */
  readonly by: 'HEADINGS' | 'SENTENCES' | 'TOKENS';
  /** What sizes are counted in: UTF-16 code units, or tokens of the o200k_base vocabulary. */
  readonly unit: 'CHARACTERS' | 'TOKENS';
  /** A chunk is filled up to here. */
  readonly size: number;
  /** No chunk is larger; a paragraph, code block or sentence above `size` stays whole up to here. */
  readonly maxSize: number;
  /** A chunk begins with as much of the end of the one before, in whole sentences (TOKENS: words); 0 for none. */
  readonly overlap: number;
}

/** What becomes of a document whose embedder fails for now: it is refused, or it is kept and embedded later. */
export type WhenEmbedderFails = 'FAIL' | 'WAIT';

/** How a library's texts are found by their words. */
export interface KeywordSettings {
  /** ENGLISH: words are found in all of their forms. NONE: as they are written, but for case and accents. */
  readonly language: WordLanguage;
  /** Whether parts of words are indexed too, for `contains` filters and `*part*`; costs as much again as the words, and more. */
  readonly substrings: boolean;
}

export type IndexState = 'READY' | 'BUILDING' | 'REBUILD_DUE' | 'DAMAGED';

/** What the store remembers of a library's live index; the index itself is memory and a file. */
export interface IndexRecord {
  readonly type: IndexType;
  /** Why this type, in one sentence, when AUTO chose. */
  readonly reason: string;
  readonly settings: IndexSettings;
  /** Grows by one with every swap. */
  readonly generation: number;
  readonly recallCurve: readonly RecallPoint[];
  /** Milliseconds since the epoch, as all times in the domain are; null before the first measurement. */
  readonly measuredAt: number | null;
  /** The greatest ordinal in the index then: those above have come since. */
  readonly measuredOrdinal: number | null;
}

export interface Library {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly embedding: EmbeddingContract;
  readonly vectorSet: VectorSet;
  readonly metadataFields: readonly MetadataField[];
  /** The settings asked for; `index.settings` are those that the live index was built with. */
  readonly indexSettings: IndexSettings;
  /** How texts are split into chunks from now on; what is in stays as it is. */
  readonly chunking: ChunkingSettings;
  readonly index: IndexRecord;
  readonly keywords: KeywordSettings;
  readonly documentCount: number;
  readonly chunkCount: number;
  /** Bytes of text, metadata and vectors. */
  readonly bytes: number;
  /** The last revision that changed this library or anything in it. */
  readonly revision: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * PENDING_EMBEDDING: what it is to say is kept, and takes its place when the embedder answers again. INCOMPLETE: it is
 * written in parts, and not all of them are there.
 */
export type DocumentState = 'READY' | 'PENDING_EMBEDDING' | 'INCOMPLETE';

export interface Document {
  readonly id: string;
  readonly libraryId: string;
  readonly title: string;
  readonly author: string | null;
  readonly sourceUrl: string | null;
  readonly contentType: string;
  readonly metadata: Metadata;
  readonly state: DocumentState;
  /** Of the file that it was made of, as long as its chunks are those of the file; null otherwise. */
  readonly sourceHash: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Chunk {
  readonly id: string;
  readonly libraryId: string;
  readonly documentId: string;
  /** From 0, in its document. */
  readonly position: number;
  readonly text: string;
  /** The page of its document that it begins on, from 1; null where there are none. */
  readonly page: number | null;
  /** The titles of the headings that it stands under, outermost first. */
  readonly headings: readonly string[];
  readonly metadata: Metadata;
  /** Names the chunk's vector in the index: unique in its library, ascending, new with every new vector. */
  readonly ordinal: number;
  /** Whether the model that made the vector read the beginning of the text alone. */
  readonly truncated: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}
