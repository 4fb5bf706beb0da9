import type { ErrorRecord } from '../errors.ts';
import type { EmbeddingContract, IndexSettings, Metadata, WhenEmbedderFails } from '../library/types.ts';
import type { RebuildReason } from '../live/indexChoice.ts';

export type JobState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/**
 * The phases of all kinds of jobs, in order: INGESTING is an import's, those from SCANNING to SWAPPING are an index build's,
 * which come after EMBEDDING where a library is embedded anew.
 */
export const JOB_PHASES = [
  'QUEUED',
  'INGESTING',
  'EMBEDDING',
  'SCANNING',
  'TRAINING',
  'BUILDING',
  'CATCHING_UP',
  'VERIFYING',
  'SWAPPING',
  'DONE',
] as const;
export type JobPhase = (typeof JOB_PHASES)[number];

/** Never goes back within one attempt: phases in order, `done` ascending within a phase. */
export interface JobProgress {
  readonly phase: JobPhase;
  /** Units of this phase: files, chunks, vectors, or sampled queries while verifying. */
  readonly done: number;
  readonly total: number;
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
  /** What a new index takes; 0 for jobs that build none. */
  readonly memoryBytes: number;
  readonly recallSoFar: number | null;
}

/** Why a job was started. */
export type JobTrigger = 'REQUEST' | RebuildReason;

/** What jobs of every kind have. */
interface JobOf<Kind extends string> {
  readonly id: string;
  readonly kind: Kind;
  readonly libraryId: string;
  readonly state: JobState;
  readonly trigger: JobTrigger;
  /** 1, and one more for each time a restart of the server interrupted it. */
  readonly attempt: number;
  readonly progress: JobProgress;
  readonly error: ErrorRecord | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** Builds a new index aside, and swaps it in. Run by the writer's scheduler. */
export interface IndexJob extends JobOf<'INDEX'> {
  readonly settings: IndexSettings;
  /** The build is not swapped in below this recall. */
  readonly minRecall: number | null;
}

/** Makes documents of files. Run by the ingester; what became of each file is in a table of its own. */
export interface ImportJob extends JobOf<'IMPORT'> {
  readonly options: ImportOptions;
  readonly counts: ImportCounts;
}

/**
 * Embeds a library's chunks by another contract and builds an index of these vectors, all beside what serves, and then
 * swaps contract, vectors and index at once. The ingester embeds, then the writer's scheduler builds.
 */
export interface ReembedJob extends JobOf<'REEMBED'> {
  /** What is asked for; the dimension is the model's own if it is null. */
  readonly embedding: Omit<EmbeddingContract, 'frozen'>;
  /** Of the new index; they become the library's. */
  readonly settings: IndexSettings;
  readonly minRecall: number | null;
}

/** A job that ends with a new index in the place of the one before. */
export type BuildJob = IndexJob | ReembedJob;

/** A job of any kind. Whoever runs one kind leaves the others alone. */
export type Job = IndexJob | ImportJob | ReembedJob;
export type JobKind = Job['kind'];

/** What all documents of an import have in common. */
export interface ImportOptions {
  readonly metadata: Metadata;
  readonly whenEmbedderFails: WhenEmbedderFails;
  /** Put before a file's name it makes the document's source URL; null: files have none of their own. */
  readonly sourceBase: string | null;
}

/** Files of an import by what became of them, and what came of them together. */
export interface ImportCounts {
  readonly files: number;
  /** Documents that are new or were replaced. */
  readonly written: number;
  readonly unchanged: number;
  /** Documents that wait for their embedder. */
  readonly pending: number;
  readonly failed: number;
  /** Chunks of the documents written, and of those that are being written in parts. */
  readonly chunks: number;
  /** Of these: those of which the model read the beginning alone. Absent: none. */
  readonly truncated?: number;
  /** Bytes of the files that are done with. */
  readonly bytes: number;
}

/** WAITING: it has not been looked at yet, or not to its end. PENDING_EMBEDDING: its document waits for the embedder. */
export type ImportFileState = 'WAITING' | 'WRITTEN' | 'UNCHANGED' | 'PENDING_EMBEDDING' | 'FAILED';

/** One file of an import, and what became of it. */
export interface ImportFile {
  /** Made of its job's id and its position. */
  readonly id: string;
  readonly jobId: string;
  /** From 0, in the order of the request. */
  readonly position: number;
  /** What the document's id is made of; data, never a path. */
  readonly name: string;
  /** Where it is fetched from; null if it was uploaded. */
  readonly url: string | null;
  /** As the sender says; null if it did not. */
  readonly contentType: string | null;
  /** SHA-256 of the bytes that were uploaded, in hexadecimal; null before they are known. */
  readonly contentHash: string | null;
  readonly documentId: string;
  readonly state: ImportFileState;
  readonly error: ErrorRecord | null;
  /** What could not be read of it, while the rest could; the first few. */
  readonly problems: readonly ErrorRecord[];
  /** Chunks of its document that are written, or wait for their embedder. */
  readonly chunks: number;
  /** Bytes of the file; 0 before they are known. */
  readonly bytes: number;
}

/** A change of a job as subscribers see it. `sequence` ascends within the job and is what a cursor resumes from. */
export interface JobEvent {
  readonly sequence: number;
  readonly at: number;
  readonly kind: 'SNAPSHOT' | 'PROGRESS' | 'STATE_CHANGED' | 'RESTARTED' | 'FINISHED';
  readonly job: Job;
}
