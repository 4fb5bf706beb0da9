import type { ErrorRecord } from '../errors.ts';
import type { RecallPoint } from '../indexes/VectorIndex.ts';
import type { Predicate } from '../store/predicate.ts';
import type { CutText } from './indexedText.ts';
import type {
  ChunkingSettings,
  EmbeddingContract,
  IndexRecord,
  IndexSettings,
  KeywordSettings,
  Metadata,
  MetadataField,
} from './types.ts';

/**
 * The commands that change libraries, documents and chunks. A command is plain data in which everything is decided
 * that must not be decided twice (ids, times, embeddings), so that applying it is deterministic and it can be sent
 * between threads, and later between nodes. Absent optional fields mean "leave as it is"; null means "none".
 */
export type LibraryCommand =
  | CreateLibrary
  | UpdateLibrary
  | DeleteLibrary
  | CreateDocument
  | UpdateDocument
  | DeleteDocument
  | ContinueDocument
  | PostponeDocument
  | EmbedPending
  | RecordPendingFailure
  | WriteChunks
  | UpdateChunk
  | DeleteChunks
  | RecordIndex
  | RecordRecall
  | TendWords;

/** A library by its id or its unique name; exactly one is given. */
export type LibraryBy =
  | { readonly id: string; readonly name?: never }
  | { readonly name: string; readonly id?: never };

export interface CreateLibrary {
  readonly type: 'createLibrary';
  readonly id: string;
  readonly at: number;
  readonly name: string;
  readonly description: string | null;
  readonly embedding: Omit<EmbeddingContract, 'frozen'>;
  readonly metadataFields: readonly MetadataField[];
  readonly indexSettings: IndexSettings;
  /** Absent: {@link DEFAULT_CHUNKING}. */
  readonly chunking?: ChunkingSettings;
  /** English words and no substrings, if absent. */
  readonly keywords?: KeywordSettings;
}

export interface UpdateLibrary {
  readonly type: 'updateLibrary';
  readonly library: LibraryBy;
  readonly at: number;
  readonly name?: string;
  readonly description?: string | null;
  /** Refused with ContractFrozenError once a vector is in, unless it says what is so already. */
  readonly embedding?: Omit<EmbeddingContract, 'frozen'>;
  /** Fields to declare; a field of the same name and type is redescribed, of another type refused while values exist. */
  readonly addMetadataFields?: readonly MetadataField[];
  readonly removeMetadataFields?: readonly string[];
  readonly indexSettings?: IndexSettings;
  readonly chunking?: ChunkingSettings;
  /** Other settings than before have all chunks indexed anew, bit by bit. */
  readonly keywords?: KeywordSettings;
}

export interface DeleteLibrary {
  readonly type: 'deleteLibrary';
  readonly library: LibraryBy;
  readonly at: number;
}

/** A chunk to write. `row` is its vector's row in the command's `vectors`. */
export interface ChunkWrite {
  readonly id: string;
  /** Absent: after the last one of the document. */
  readonly position?: number;
  readonly text: string;
  /** Absent: null. */
  readonly page?: number | null;
  /** Absent: none. */
  readonly headings?: readonly string[];
  readonly metadata: Metadata;
  readonly row: number;
  /** Whether the model read the beginning of the text alone; absent: no, or nobody here knows. */
  readonly truncated?: boolean;
  /** The words of the text, so that the writer need not cut it; absent, or of another language than the library's: it does. */
  readonly words?: CutText;
}

/** Vectors of one command: rows one after another. The dimension can differ by row only where the caller got it wrong. */
export interface VectorRows {
  readonly values: Float32Array;
  /** n + 1 offsets into `values`, so that a row of a wrong length is that item's error and not the batch's. */
  readonly offsets: Uint32Array;
}

export interface CreateDocument {
  readonly type: 'createDocument';
  readonly library: LibraryBy;
  readonly id: string;
  readonly at: number;
  /** REPLACE: a document of this id in this library gives way, with all of its chunks. */
  readonly ifExists: 'ERROR' | 'REPLACE';
  readonly title: string;
  readonly author: string | null;
  readonly sourceUrl: string | null;
  readonly contentType: string;
  readonly metadata: Metadata;
  /** Of the source that it was made of: the same source need not be taken in again. Absent or null: not known. */
  readonly sourceHash?: string | null;
  /** Whether more of its chunks are to come, by {@link ContinueDocument}: it is INCOMPLETE until then. Absent: no. */
  readonly isPart?: boolean;
  readonly chunks: readonly ChunkWrite[];
  readonly vectors: VectorRows;
  /** The set that vectors made here were made for; see {@link checkVectorSet}. Absent: all are the caller's. */
  readonly vectorSet?: number;
}

/** The next chunks of a document that is written in parts, which come behind those that are there. */
export interface ContinueDocument {
  readonly type: 'continueDocument';
  readonly library: LibraryBy;
  readonly id: string;
  readonly at: number;
  /** Of the source of the parts before. */
  readonly sourceHash: string;
  /** How many chunks the parts before have brought. */
  readonly after: number;
  /** Whether more are to come. */
  readonly isPart: boolean;
  readonly chunks: readonly ChunkWrite[];
  readonly vectors: VectorRows;
  /** As in {@link CreateDocument}. */
  readonly vectorSet?: number;
}

/** A chunk that waits to be embedded. */
export type PendingChunk = Omit<ChunkWrite, 'row'> & {
  /** Base64 of little-endian float32, where the caller has brought it. */
  readonly vector?: string;
};

/** A document whose embedder does not answer for now: what it is to say is kept until it does. */
export interface PostponeDocument extends Omit<CreateDocument, 'type' | 'chunks' | 'vectors' | 'vectorSet'> {
  readonly type: 'postponeDocument';
  readonly chunks: readonly PendingChunk[];
  /** Why it could not be embedded. */
  readonly error: ErrorRecord;
}

/** Content that waited has been embedded. */
export interface EmbedPending {
  readonly type: 'embedPending';
  readonly library: LibraryBy;
  readonly documentId: string;
  /** Of the content that was embedded: of no effect when other content waits by now. */
  readonly version: number;
  readonly at: number;
  /** A row for each chunk, in their order. */
  readonly vectors: VectorRows;
  /** As in {@link CreateDocument}. */
  readonly vectorSet: number;
  /** Rows of which the model read the beginning alone. */
  readonly truncated: readonly number[];
}

/** Content that waits could not be embedded again. */
export interface RecordPendingFailure {
  readonly type: 'recordPendingFailure';
  readonly library: LibraryBy;
  readonly documentId: string;
  readonly version: number;
  readonly error: ErrorRecord;
}

export interface UpdateDocument {
  readonly type: 'updateDocument';
  readonly id: string;
  readonly at: number;
  readonly title?: string;
  readonly author?: string | null;
  readonly sourceUrl?: string | null;
  readonly contentType?: string;
  /** Replaces the whole map. */
  readonly metadata?: Metadata;
}

export interface DeleteDocument {
  readonly type: 'deleteDocument';
  readonly id: string;
  readonly at: number;
}

export interface WriteChunks {
  readonly type: 'writeChunks';
  readonly library: LibraryBy;
  readonly at: number;
  /** CREATE: an id that exists is that item's IdTakenError. UPSERT: it is replaced. */
  readonly mode: 'CREATE' | 'UPSERT';
  readonly atomicity: 'ALL_OR_NOTHING' | 'EACH';
  readonly items: readonly ((ChunkWrite & { readonly documentId: string }) | ErrorRecord)[];
  readonly vectors: VectorRows;
  /** As in {@link CreateDocument}. */
  readonly vectorSet?: number;
}

export interface UpdateChunk {
  readonly type: 'updateChunk';
  readonly id: string;
  readonly at: number;
  readonly text?: string;
  readonly position?: number;
  readonly page?: number | null;
  readonly headings?: readonly string[];
  readonly metadata?: Metadata;
  readonly vector?: Float32Array;
  /** Of the new vector; see {@link ChunkWrite}. */
  readonly truncated?: boolean;
  /** As in {@link CreateDocument}. */
  readonly vectorSet?: number;
}

export interface DeleteChunks {
  readonly type: 'deleteChunks';
  readonly library: LibraryBy;
  readonly at: number;
  readonly by: { readonly ids: readonly string[] } | { readonly predicate: Predicate };
}

/** A new index went live. */
export interface RecordIndex {
  readonly type: 'recordIndex';
  readonly libraryId: string;
  readonly at: number;
  readonly index: IndexRecord;
  /** Present: these become the settings asked for, as a reindex with settings of its own wants when it is swapped in. */
  readonly indexSettings?: IndexSettings;
}

/** An index that serves was measured anew. Of no effect when another has taken its place. */
export interface RecordRecall {
  readonly type: 'recordRecall';
  readonly libraryId: string;
  readonly at: number;
  readonly generation: number;
  readonly recallCurve: readonly RecallPoint[];
  /** The greatest ordinal in the index when it was measured. */
  readonly measuredOrdinal: number;
}

/** Does a little of what there is to do on the index of words: see {@link tendWords}. */
export interface TendWords {
  readonly type: 'tendWords';
}

/**
 * What became of one item of a batch. NOT_WRITTEN: nothing is wrong with it, but the batch was all or nothing and
 * another item was refused.
 */
export type ItemOutcome =
  | { readonly id: string; readonly status: 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'DELETED' | 'NOT_WRITTEN' }
  | { readonly error: ErrorRecord };

/** What a command answers: ids only, since the objects can be read at `revision`. */
export interface Outcome {
  readonly revision: number;
  readonly libraryId: string;
  readonly documentId?: string;
  readonly items?: readonly ItemOutcome[];
  /** Of how many of the chunks written the model read the beginning alone. Absent: of none. */
  readonly truncatedCount?: number;
  /** How many documents and chunks a deletion took along. */
  readonly deleted?: { readonly documents: number; readonly chunks: number };
  /**
   * Whether anything changed. If not (every item refused or unchanged, or a batch that is all or nothing), `revision`
   * is the one that was current already.
   */
  readonly written: boolean;
}

/** What happened to a library, told to subscribers after the commit. */
export interface LibraryEvent {
  readonly libraryId: string;
  readonly revision: number;
  readonly at: number;
  readonly kind: LibraryEventKind;
  readonly documentId?: string;
  /** Chunks touched; ids only while there are few (see MAX_EVENT_IDS). */
  readonly chunkCount?: number;
  readonly chunkIds?: readonly string[];
}

export type LibraryEventKind =
  | 'LIBRARY_CREATED'
  | 'LIBRARY_UPDATED'
  | 'LIBRARY_DELETED'
  | 'DOCUMENT_CREATED'
  | 'DOCUMENT_UPDATED'
  | 'DOCUMENT_DELETED'
  | 'CHUNKS_WRITTEN'
  | 'CHUNKS_DELETED'
  | 'INDEX_SWAPPED';

/** What the live index must do to be level with the store again. */
export type VectorChange =
  | {
      readonly libraryId: string;
      readonly kind: 'CHANGED';
      readonly removed: Uint32Array;
      readonly added: Uint32Array;
      readonly vectors: Float32Array;
    }
  | { readonly libraryId: string; readonly kind: 'LIBRARY_DELETED' };

/**
 * Chunks whose vectors are as they were, but of which something else may be different (metadata, position, times, the
 * document): by their ordinals, or by the documents that they belong to.
 */
export interface ValueChange {
  readonly ordinals: Uint32Array;
  readonly documentIds: readonly string[];
}

/** All that applying one command yields. */
export interface Applied {
  readonly outcome: Outcome;
  readonly events: readonly LibraryEvent[];
  readonly vectorChanges: readonly VectorChange[];
  /** In the outcome's library. Absent: there are none. */
  readonly valueChange?: ValueChange;
}
