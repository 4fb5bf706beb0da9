import type { MessagePort } from 'node:worker_threads';
import type { ColumnSpec } from '../columns/ColumnSpec.ts';
import type { SharedColumns } from '../columns/LibraryColumns.ts';
import type { ErrorRecord } from '../errors.ts';
import type { SharedSegments } from '../indexes/segment.ts';
import type { JobEvent } from '../jobs/types.ts';
import type { LibraryEvent } from '../library/commands.ts';
import type { MemoryReport } from '../live/IndexMemory.ts';
import type { Entry } from '../log/CommandLog.ts';
import type { TelemetrySeat } from '../telemetry/threadMessages.ts';
import type { Command, CommandOutcome, IndexStatus } from './Writer.ts';

/** The questions that a client asks the writer thread, by name, and their answers. */
export interface Exchanges {
  readonly submit: { readonly question: Entry<Command>; readonly answer: CommandOutcome };
  readonly openIndex: {
    readonly question: { readonly libraryId: string; readonly threadId: number };
    readonly answer: { readonly shared: SharedSegments; readonly generation: number };
  };
  /** The index whose first segment has this id is damaged. */
  readonly giveUpIndex: {
    readonly question: { readonly libraryId: string; readonly segmentId: number };
    readonly answer: null;
  };
  /** Columns beside the live index, filled; undefined when it is not open, or was replaced meanwhile. */
  readonly openColumns: {
    readonly question: { readonly libraryId: string; readonly specs: readonly ColumnSpec[] };
    readonly answer: SharedColumns | undefined;
  };
  readonly indexStatus: { readonly question: string; readonly answer: IndexStatus };
  readonly memory: { readonly question: null; readonly answer: MemoryReport };
  /** The events of a job that are remembered, oldest first, and at least one that says how it stands. */
  readonly jobEvents: { readonly question: string; readonly answer: readonly JobEvent[] };
}
export type ExchangeName = keyof Exchanges;

/** A question with the number under which it is answered. */
export type Question = {
  [Name in ExchangeName]: {
    readonly id: number;
    readonly name: Name;
    readonly question: Exchanges[Name]['question'];
    /** The trace that it is part of, if it is of one. */
    readonly traceparent?: string | undefined;
  };
}[ExchangeName];

/**
 * What the writer thread sends to a client. Messages arrive in order: whatever an answer rests upon was announced
 * before it.
 */
export type Message = Greeting | Announcement | Reply;

/** The first message: where the client comes in. */
export interface Greeting {
  readonly kind: 'GREETING';
  readonly revision: number;
  /** The remembered events of jobs that are still to be done. */
  readonly jobEvents: readonly JobEvent[];
}

/** What has happened since the message before. */
export interface Announcement {
  readonly kind: 'ANNOUNCEMENT';
  /** Libraries whose index was replaced, closed or deleted: attached copies are out of date. */
  readonly droppedIndexes: readonly string[];
  readonly libraryEvents: readonly LibraryEvent[];
  readonly jobEvents: readonly JobEvent[];
  /** Everything up to here is durable and searchable. */
  readonly revision: number;
}

/** The answer to a question; a FAILURE is a bug on the writer's side. */
export type Reply =
  | { readonly kind: 'ANSWER'; readonly id: number; readonly answer: Exchanges[ExchangeName]['answer'] }
  | { readonly kind: 'REFUSAL'; readonly id: number; readonly error: ErrorRecord }
  | { readonly kind: 'FAILURE'; readonly id: number; readonly message: string };

/** What the writer thread is started with. */
export interface WriterThreadData {
  /** The data folder, an absolute path. */
  readonly dataPath: string;
  /** Index jobs that may run at once. */
  readonly jobs: number;
  /** What all indexes may take in memory; no limit if absent. */
  readonly indexMemoryBytes?: number;
  /** Threads that build one index. */
  readonly buildThreads: number;
  /** Whether pages of the database are compared with their checksums before it is served (the default), or meanwhile. */
  readonly checkPages?: 'start' | 'background';
  /** For tests: when a segment of an index is full, if its memory is not before. */
  readonly segmentSlots?: number;
  /** Its place among the threads that are seen; unseen if absent. */
  readonly telemetry?: TelemetrySeat;
  /** How many of the largest indexes have metrics of their own. */
  readonly metricsLibraries?: number;
}

/** What the thread that started the writer tells it. */
export type Order =
  | { readonly kind: 'CONNECT'; readonly port: MessagePort }
  /** Finish what was submitted, save what is dirty, stop. */
  | { readonly kind: 'CLOSE' };

/** What the writer tells the thread that started it. */
export type Report =
  | { readonly kind: 'READY' }
  /** It cannot start: one line that says why and what to do. */
  | { readonly kind: 'REFUSED'; readonly message: string }
  /** Something went wrong that it can live with. */
  | { readonly kind: 'TROUBLE'; readonly message: string }
  /** Something that whoever runs the server may want to know. */
  | { readonly kind: 'NOTICE'; readonly message: string }
  /** The store failed: the process must end. */
  | { readonly kind: 'FATAL'; readonly message: string };
