import type {
  CreateDocument,
  LibraryBy,
  PostponeDocument,
  RecordIndex,
  UpdateDocument,
} from '../library/commands.ts';
import type { IndexSettings } from '../library/types.ts';
import type { ImportFile, ImportFileState, ImportOptions, IndexJob, Job } from './types.ts';

/** The commands that change jobs alone. They go through the log like those of libraries. */
export type JobCommand = RequestReindex | RequestImport | CancelJob | RecordJob;

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
 * What became of one file of an import, and the document that was made of it: both are recorded, or neither. Of no
 * effect once the job has ended.
 */
export interface RecordImportFile {
  readonly type: 'recordImportFile';
  readonly libraryId: string;
  readonly jobId: string;
  readonly position: number;
  readonly at: number;
  readonly outcome: Pick<ImportFile, 'error' | 'problems' | 'chunks' | 'bytes'> & {
    readonly state: Exclude<ImportFileState, 'WAITING'>;
  };
  /** Absent: nothing is to be written of it. */
  readonly document?: CreateDocument | PostponeDocument | UpdateDocument;
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
}

/** A job went on: what whoever runs it writes. */
export interface RecordJob {
  readonly type: 'recordJob';
  readonly job: Job;
}
