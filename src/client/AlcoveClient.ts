import { type Events, mapEvents } from './Events.ts';
import {
  type ClientOptions,
  GraphqlTransport,
  type RequestOptions,
  type TypedDocument,
} from './GraphqlTransport.ts';
import * as api from './generated/operations.ts';
import {
  type ExportRowsOptions,
  exportRows,
  type ImportRowsEvent,
  type ImportRowsOptions,
  importRows,
} from './rows.ts';

/** A subscription's variables; `after` follows the events, so that a lost connection resumes where it was. */
type Resuming<Variables> = Variables & { after?: string };

/** A client of the server at `options.url`. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): AlcoveClient {
  return new AlcoveClient(new GraphqlTransport(options));
}

/**
 * A method for each operation of the API, and `query`, `mutate` and `subscribe` for documents of your own. Mutations and
 * searches answer a payload: a success or one of its errors; `isError` tells them apart, `orThrow` takes the success.
 * Every method throws an AlcoveRequestError when there is no payload at all.
 */
export class AlcoveClient {
  readonly #transport: GraphqlTransport;

  constructor(transport: GraphqlTransport) {
    this.#transport = transport;
  }

  query<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Result> {
    return this.#transport.request(document, variables, options);
  }

  mutate<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Result> {
    return this.#transport.request(document, variables, options);
  }

  subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Events<Result> {
    return this.#transport.subscribe(document, variables);
  }

  /** Ends all subscriptions; the client can be used again. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async server(options?: RequestOptions): Promise<api.ServerQuery['server']> {
    return (await this.query(api.ServerDocument, {}, options)).server;
  }

  async library(by: api.LibraryBy, options?: RequestOptions): Promise<api.LibraryQuery['library']> {
    return (await this.query(api.LibraryDocument, { by }, options)).library;
  }

  async libraries(
    page: api.LibrariesQueryVariables = {},
    options?: RequestOptions,
  ): Promise<api.LibrariesQuery['libraries']> {
    return (await this.query(api.LibrariesDocument, page, options)).libraries;
  }

  async createLibrary(
    input: api.CreateLibraryInput,
    options?: RequestOptions,
  ): Promise<api.CreateLibraryMutation['createLibrary']> {
    return (await this.mutate(api.CreateLibraryDocument, { input }, options)).createLibrary;
  }

  async updateLibrary(
    input: api.UpdateLibraryInput,
    options?: RequestOptions,
  ): Promise<api.UpdateLibraryMutation['updateLibrary']> {
    return (await this.mutate(api.UpdateLibraryDocument, { input }, options)).updateLibrary;
  }

  async deleteLibrary(
    input: api.DeleteLibraryInput,
    options?: RequestOptions,
  ): Promise<api.DeleteLibraryMutation['deleteLibrary']> {
    return (await this.mutate(api.DeleteLibraryDocument, { input }, options)).deleteLibrary;
  }

  /** A document, or null if there is none with this id. */
  async document(
    id: string,
    options?: RequestOptions,
  ): Promise<Extract<api.DocumentQuery['node'], { __typename: 'Document' }> | null> {
    const { node } = await this.query(api.DocumentDocument, { id }, options);
    return node?.__typename === 'Document' ? node : null;
  }

  /** A page of a library's documents, or null if there is no such library. */
  async documents(
    page: api.DocumentsQueryVariables,
    options?: RequestOptions,
  ): Promise<NonNullable<api.DocumentsQuery['library']>['documents'] | null> {
    return (await this.query(api.DocumentsDocument, page, options)).library?.documents ?? null;
  }

  async createDocument(
    input: api.CreateDocumentInput,
    options?: RequestOptions,
  ): Promise<api.CreateDocumentMutation['createDocument']> {
    return (await this.mutate(api.CreateDocumentDocument, { input }, options)).createDocument;
  }

  async upsertDocument(
    input: api.UpsertDocumentInput,
    options?: RequestOptions,
  ): Promise<api.UpsertDocumentMutation['upsertDocument']> {
    return (await this.mutate(api.UpsertDocumentDocument, { input }, options)).upsertDocument;
  }

  async updateDocument(
    input: api.UpdateDocumentInput,
    options?: RequestOptions,
  ): Promise<api.UpdateDocumentMutation['updateDocument']> {
    return (await this.mutate(api.UpdateDocumentDocument, { input }, options)).updateDocument;
  }

  async deleteDocument(
    input: api.DeleteDocumentInput,
    options?: RequestOptions,
  ): Promise<api.DeleteDocumentMutation['deleteDocument']> {
    return (await this.mutate(api.DeleteDocumentDocument, { input }, options)).deleteDocument;
  }

  /** A chunk, on request with its vector (see `decodeVector`), or null if there is none with this id. */
  async chunk(
    id: string,
    { withEmbedding = false, ...options }: RequestOptions & { readonly withEmbedding?: boolean } = {},
  ): Promise<Extract<api.ChunkQuery['node'], { __typename: 'Chunk' }> | null> {
    const { node } = await this.query(api.ChunkDocument, { id, withEmbedding }, options);
    return node?.__typename === 'Chunk' ? node : null;
  }

  /** A page of a library's chunks, or null if there is no such library. */
  async chunks(
    page: api.ChunksQueryVariables,
    options?: RequestOptions,
  ): Promise<NonNullable<api.ChunksQuery['library']>['chunks'] | null> {
    return (await this.query(api.ChunksDocument, page, options)).library?.chunks ?? null;
  }

  async createChunks(
    input: api.CreateChunksInput,
    options?: RequestOptions,
  ): Promise<api.CreateChunksMutation['createChunks']> {
    return (await this.mutate(api.CreateChunksDocument, { input }, options)).createChunks;
  }

  async upsertChunks(
    input: api.UpsertChunksInput,
    options?: RequestOptions,
  ): Promise<api.UpsertChunksMutation['upsertChunks']> {
    return (await this.mutate(api.UpsertChunksDocument, { input }, options)).upsertChunks;
  }

  async updateChunk(
    input: api.UpdateChunkInput,
    options?: RequestOptions,
  ): Promise<api.UpdateChunkMutation['updateChunk']> {
    return (await this.mutate(api.UpdateChunkDocument, { input }, options)).updateChunk;
  }

  async deleteChunks(
    input: api.DeleteChunksInput,
    options?: RequestOptions,
  ): Promise<api.DeleteChunksMutation['deleteChunks']> {
    return (await this.mutate(api.DeleteChunksDocument, { input }, options)).deleteChunks;
  }

  /** Searches by words, by meaning, or both. */
  async search(input: api.SearchInput, options?: RequestOptions): Promise<api.SearchQuery['search']> {
    return (await this.query(api.SearchDocument, { input }, options)).search;
  }

  async knnSearch(
    input: api.KnnSearchInput,
    options?: RequestOptions,
  ): Promise<api.KnnSearchQuery['knnSearch']> {
    return (await this.query(api.KnnSearchDocument, { input }, options)).knnSearch;
  }

  async knnSearchBatch(
    searches: readonly api.KnnSearchInput[],
    options?: RequestOptions,
  ): Promise<api.KnnSearchBatchQuery['knnSearchBatch']> {
    return (await this.query(api.KnnSearchBatchDocument, { input: { searches } }, options)).knnSearchBatch;
  }

  async job(id: string, options?: RequestOptions): Promise<api.JobQuery['job']> {
    return (await this.query(api.JobDocument, { id }, options)).job;
  }

  async jobs(page: api.JobsQueryVariables = {}, options?: RequestOptions): Promise<api.JobsQuery['jobs']> {
    return (await this.query(api.JobsDocument, page, options)).jobs;
  }

  async reindex(input: api.ReindexInput, options?: RequestOptions): Promise<api.ReindexMutation['reindex']> {
    return (await this.mutate(api.ReindexDocument, { input }, options)).reindex;
  }

  /** Queues a job that changes a library's model while it goes on serving. Follow the job by {@link followJob}. */
  async reembed(input: api.ReembedInput, options?: RequestOptions): Promise<api.ReembedMutation['reembed']> {
    return (await this.mutate(api.ReembedDocument, { input }, options)).reembed;
  }

  /**
   * Queues an import of files, each under its name (which may look like a path); `new File([bytes], 'handbook/chapter-1.md')`
   * makes one. Follow the job by {@link followJob}.
   */
  async importFiles(
    input: api.ImportFilesInput,
    options?: RequestOptions,
  ): Promise<api.ImportFilesMutation['importFiles']> {
    return (await this.mutate(api.ImportFilesDocument, { input }, options)).importFiles;
  }

  /** Queues an import of what the server fetches itself. */
  async importUrls(
    input: api.ImportUrlsInput,
    options?: RequestOptions,
  ): Promise<api.ImportUrlsMutation['importUrls']> {
    return (await this.mutate(api.ImportUrlsDocument, { input }, options)).importUrls;
  }

  /** The names of those files that `importFiles` would find unchanged, so that they need not be uploaded. */
  async unchangedFiles(
    asked: api.UnchangedFilesQueryVariables,
    options?: RequestOptions,
  ): Promise<readonly string[]> {
    return (await this.query(api.UnchangedFilesDocument, asked, options)).library?.unchangedFiles ?? [];
  }

  /** A page of an import's files with what became of each, or null if there is no such import. */
  async importedFiles(
    page: api.ImportedFilesQueryVariables,
    options?: RequestOptions,
  ): Promise<Extract<api.ImportedFilesQuery['job'], { files: unknown }>['files'] | null> {
    const { job } = await this.query(api.ImportedFilesDocument, page, options);
    return job !== null && 'files' in job ? job.files : null;
  }

  /**
   * Imports rows into a library (its name or id): any number of them, as text, bytes, a Blob or a stream. Each event is a row
   * that failed or how far it is; the last is the summary. The same rows again change nothing.
   */
  importRows(
    library: string,
    body: BodyInit,
    options: ImportRowsOptions,
  ): AsyncGenerator<ImportRowsEvent, void, void> {
    return importRows(this.#transport, library, body, options);
  }

  /** All rows of a library (its name or id), as a stream of bytes. */
  exportRows(library: string, options: ExportRowsOptions): Promise<ReadableStream<Uint8Array>> {
    return exportRows(this.#transport, library, options);
  }

  async cancelJob(
    input: api.CancelJobInput,
    options?: RequestOptions,
  ): Promise<api.CancelJobMutation['cancelJob']> {
    return (await this.mutate(api.CancelJobDocument, { input }, options)).cancelJob;
  }

  /** A job's events: how it stands, then every change until it has finished. `after` is the cursor to resume from. */
  followJob(id: string, after?: string): Events<api.IndexJobSubscription['indexJob']> {
    const variables: Resuming<{ id: string }> = { id, ...(after === undefined ? {} : { after }) };
    return mapEvents(this.subscribe(api.IndexJobDocument, variables), ({ indexJob }) => {
      variables.after = indexJob.cursor;
      return indexJob;
    });
  }

  /** The events of all jobs of a library, those to come included: how they stand, then every change, without an end. */
  followJobs(library: api.LibraryBy, after?: string): Events<api.IndexJobsSubscription['indexJobs']> {
    const variables: Resuming<{ library: api.LibraryBy }> = {
      library,
      ...(after === undefined ? {} : { after }),
    };
    return mapEvents(this.subscribe(api.IndexJobsDocument, variables), ({ indexJobs }) => {
      variables.after = indexJobs.cursor;
      return indexJobs;
    });
  }

  /** What happens in a library from now on, or from `after`, the cursor of an earlier event. */
  libraryEvents(
    library: api.LibraryBy,
    after?: string,
  ): Events<api.LibraryEventsSubscription['libraryEvents']> {
    const variables: Resuming<{ library: api.LibraryBy }> = {
      library,
      ...(after === undefined ? {} : { after }),
    };
    return mapEvents(this.subscribe(api.LibraryEventsDocument, variables), ({ libraryEvents }) => {
      if (libraryEvents.cursor !== null) variables.after = libraryEvents.cursor;
      return libraryEvents;
    });
  }
}
