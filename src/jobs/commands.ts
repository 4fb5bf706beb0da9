import type {
  ContinueDocument,
  CreateDocument,
  LibraryBy,
  PostponeDocument,
  RecordIndex,
  UpdateDocument,
} from '../library/commands.ts';
import type { EmbeddingContract, IndexSettings } from '../library/types.ts';
import type { ImportFile, ImportFileState, ImportOptions, IndexJob, Job, ReembedJob } from './types.ts';

/** The commands that change jobs alone. They go through the log like those of libraries. */
export type JobCommand = RequestReindex | RequestImport | RequestReembed | CancelJob | RecordJob;

/** Queues a build of a new index, which replaces the live one when it is ready. */
export interface RequestReindex {
  readonly type: 'requestReindex';
  readonly library: LibraryBy;
  readonly jobId: string;
  readonly at: number;
  /** Absent: the library's own settings. Present: they become the library's settings when the index is swapped in. */
  readonly settings?: IndexSettings;
  readonly minRecall: number | null;
  readonly trigger: Job['trigger'];
}

/** Queues a job that embeds a library anew. */
export interface RequestReembed {
  readonly type: 'requestReembed';
  readonly library: LibraryBy;
  readonly jobId: string;
  readonly at: number;
  /** By what it is embedded from then on. */
  readonly embedding: Omit<EmbeddingContract, 'frozen'>;
  /** Absent: the library's own settings. */
  readonly settings?: IndexSettings;
  readonly minRecall: number | null;
}

/** The commands by which a library is embedded anew, beside the vectors that serve. */
export type ReembedCommand = BeginNextSet | EmbedNext | ClearNextSet | CompleteReembed;

/** A job begins to fill the next set of its library's vectors. Of no effect while something else is there. */
export interface BeginNextSet {
  readonly type: 'beginNextSet';
  readonly libraryId: string;
  readonly jobId: string;
}

/**
 * The next set's vectors of the chunks with these ordinals, which are all that there were above `after`, up to the last of them.
 * Chunks that have been replaced since are passed over. Of no effect unless the job has filled the set just up to `after`.
 */
export interface EmbedNext {
  readonly type: 'embedNext';
  readonly libraryId: string;
  readonly jobId: string;
  readonly after: number;
  /** Ascending. */
  readonly ordinals: Uint32Array;
  /** A row for each ordinal. */
  readonly values: Float32Array;
  readonly dimension: number;
  /** Rows of which the model read the beginning alone. */
  readonly truncated: readonly number[];
}

/** Deletes a little of what is left beside the serving set. Writes nothing when nothing is left. */
export interface ClearNextSet {
  readonly type: 'clearNextSet';
  readonly libraryId: string;
}

/**
 * The next set is filled and its index built: contract, vectors and index change at once, and the job has succeeded.
 * Of no effect if the job has ended otherwise, or a chunk lacks its vector.
 */
export interface CompleteReembed {
  readonly type: 'completeReembed';
  readonly job: ReembedJob;
  readonly recordIndex: RecordIndex;
}

export interface CancelJob {
  readonly type: 'cancelJob';
  readonly jobId: string;
  readonly at: number;
}

/**
 * A job has built its index: the index is recorded, and so goes live, and the job has succeeded. Neither happens if
 * the job has ended otherwise.
 */
export interface CompleteReindex {
  readonly type: 'completeReindex';
  readonly job: IndexJob;
  readonly recordIndex: RecordIndex;
}

/** Queues an import. Uploaded files lie in the spool under the job's id by then, each under its position. */
export interface RequestImport {
  readonly type: 'requestImport';
  readonly library: LibraryBy;
  readonly jobId: string;
  readonly at: number;
  /** At least one, their names all different. */
  readonly files: readonly Pick<ImportFile, 'name' | 'url' | 'contentType' | 'contentHash' | 'bytes'>[];
  readonly options: ImportOptions;
}

/**
 * What became of one file of an import, and the document that was made of it, or a part of that: both are recorded, or
 * neither. Of no effect once the job has ended.
 */
export interface RecordImportFile {
  readonly type: 'recordImportFile';
  readonly libraryId: string;
  readonly jobId: string;
  readonly position: number;
  readonly at: number;
  readonly outcome: Pick<ImportFile, 'error' | 'problems' | 'chunks' | 'bytes'> & {
    /** WAITING: a part of its document is written, and more is to come; `chunks` are those written so far. */
    readonly state: ImportFileState;
  };
  /** Absent: nothing is to be written of it. */
  readonly document?: CreateDocument | ContinueDocument | PostponeDocument | UpdateDocument;
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
}

/** A job went on: what whoever runs it writes. */
export interface RecordJob {
  readonly type: 'recordJob';
  readonly job: Job;
}
