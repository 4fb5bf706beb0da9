import type { MessagePort } from 'node:worker_threads';
import { type Access, Authenticator } from '../access/Authenticator.ts';
import { KeyStore } from '../access/KeyStore.ts';
import type { Principal } from '../access/Principal.ts';
import { Views } from '../access/Views.ts';
import type { Config } from '../config.ts';
import { Embedders } from '../embedding/Embedders.ts';
import { endpointAt } from '../embedding/remote/Endpoint.ts';
import type { Context, ServerFacts } from '../graphql/Context.ts';
import { StoredJobReader } from '../jobs/StoredJobReader.ts';
import { StoredLibraryReader } from '../library/StoredLibraryReader.ts';
import { Rerankers, type RerankersOptions } from '../reranking/Rerankers.ts';
import { KnnSearcher, type KnnSearcherOptions } from '../search/KnnSearcher.ts';
import { TextSearcher } from '../search/TextSearcher.ts';
import { Database } from '../store/Database.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { readSecret } from '../store/meta.ts';
import { Spool } from '../store/Spool.ts';
import type { ServerLoad } from '../telemetry/threadMessages.ts';
import { rememberedOutcome } from '../writer/rememberedOutcome.ts';
import { WriterClient } from '../writer/WriterClient.ts';
import type { BulkServices } from './BulkRoutes.ts';
import type { RequestScope } from './RequestScope.ts';

/** What the resolvers of one thread work with, open. */
export interface OpenContext {
  readonly contextFor: (scope: RequestScope) => Context;
  /** What imports and exports of rows work with. */
  readonly bulk: (principal: Principal) => BulkServices;
  readonly access: Access;
  /** Ends subscriptions, waits for commands that are under way, and closes. */
  close(): Promise<void>;
}

/** Opens a thread's own connection to the store and its channel to the writer, which has made the store by then. */
export async function openContext(
  config: Config,
  server: ServerFacts,
  writerPort: MessagePort,
  load: () => Promise<ServerLoad>,
): Promise<OpenContext> {
  const writer = await WriterClient.connect(writerPort);
  const database = Database.open(dataFolder.database(config.dataPath), 'READ_ONLY');
  const reader = new StoredLibraryReader(database);
  const embedders = new Embedders({
    config: config.embedding,
    models: config.models,
    cachePath: dataFolder.embeddings(config.dataPath),
  });
  const { embedderFor } = embedders;
  const searching = {
    reader,
    embedderFor,
    indexes: {
      open: (libraryId) => writer.openIndex(libraryId),
      opened: (libraryId) => writer.openedIndex(libraryId),
      giveUp: (libraryId, index) => writer.giveUpIndex(libraryId, index),
    },
    cursorSecret: readSecret(database),
    maxK: config.limits.k,
    appliedRevision: () => writer.appliedRevision(),
    waitForRevision: (revision, options) => writer.waitForRevision(revision, options),
  } satisfies KnnSearcherOptions;
  const search = new KnnSearcher(searching);
  const shared = {
    config,
    reader,
    jobs: new StoredJobReader(database),
    writer,
    search,
    textSearch: new TextSearcher(searching, search, new Rerankers({ cohere: cohereOf(config) })),
    rememberedOutcome: (idempotency) => rememberedOutcome(database, idempotency),
    embedderFor,
    spool: new Spool(dataFolder.uploads(config.dataPath)),
    embedders,
    server,
    load,
  } satisfies Omit<Context, keyof RequestScope>;
  const views = new Views(shared);
  const keys = KeyStore.open(dataFolder.keys(config.dataPath));
  return {
    contextFor: (scope) => ({ ...shared, ...views.of(scope.principal), ...scope }),
    bulk: (principal) => ({ ...views.of(principal), embedderFor }),
    access: new Authenticator(keys, config),
    close: async () => {
      await writer.close();
      embedders.close();
      database.close();
      keys.close();
    },
  };
}

/** Cohere as rerankers reach it: a user and a query in its base URL go along, as they do with embedders. */
function cohereOf({ embedding: { cohere } }: Config): RerankersOptions['cohere'] {
  const { baseUrl, fetch } = endpointAt(cohere.baseUrl, cohere.apiKey);
  return { baseUrl, fetch, apiKey: cohere.apiKey };
}
