import type { Principal } from '../access/Principal.ts';
import type { Config } from '../config.ts';
import type { Embedder } from '../embedding/Embedder.ts';
import type { Embedders } from '../embedding/Embedders.ts';
import type { JobReader } from '../jobs/JobReader.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { EmbeddingContract } from '../library/types.ts';
import type { Entry } from '../log/CommandLog.ts';
import type { ChunkGathering } from '../search/ChunkGathering.ts';
import type { KnnAnswer, KnnRequest } from '../search/KnnSearch.ts';
import type { TextSearchAnswer, TextSearchRequest } from '../search/TextSearch.ts';
import type { Spool } from '../store/Spool.ts';
import type { OperationRecord } from '../telemetry/OperationRecord.ts';
import type { ServerLoad } from '../telemetry/threadMessages.ts';
import type { Command, CommandOutcome, Writer } from '../writer/Writer.ts';

/** What a resolver works with: one set per server thread, shared by its requests, and the request's own scope. */
export interface Context {
  readonly config: Config;
  readonly reader: LibraryReader;
  readonly jobs: JobReader;
  readonly writer: Writer;
  readonly search: Search;
  /** Where uploaded files lie until they are imported. */
  readonly spool: Spool;
  readonly textSearch: TextSearch;
  /** What the first command with this idempotency key and fingerprint was answered, if there was one. */
  readonly rememberedOutcome: (
    idempotency: NonNullable<Entry<Command>['idempotency']>,
  ) => CommandOutcome | undefined;
  /** @throws AlcoveError InvalidArgumentError when the contract has no embedder of ours. */
  readonly embedderFor: (contract: EmbeddingContract) => Promise<Embedder>;
  readonly embedders: Pick<Embedders, 'statuses' | 'cacheFigures'>;
  readonly server: ServerFacts;
  /** All threads of the server at a glance. */
  readonly load: () => Promise<ServerLoad>;
  /** Aborts when the client goes away, or when the time for the whole request is over. */
  readonly signal: AbortSignal;
  /** Who asks. */
  readonly principal: Principal;
  /** Names the request in logs and traces. */
  readonly requestId: string;
  /** What is noted of it for metrics and the log; absent where nobody looks. */
  readonly record?: Pick<OperationRecord, 'searched'>;
}

/** The time for a whole request, as whatever resolves a field finds it in its context. */
export interface Timed {
  readonly deadline: {
    /** Runs what may read from the store. @throws AlcoveError TimeoutError when time is up, also while it reads. */
    read<T>(read: () => T): T;
  };
}

export interface Search {
  search(request: KnnRequest, signal?: AbortSignal, gathering?: ChunkGathering): Promise<KnnAnswer>;
}

export interface TextSearch {
  search(request: TextSearchRequest, signal?: AbortSignal): Promise<TextSearchAnswer>;
}

/** What `server { … }` answers besides counts. */
export interface ServerFacts {
  readonly version: string;
  readonly startedAt: number;
  readonly threads: number;
}
