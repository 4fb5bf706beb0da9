import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLFormattedError,
  parse,
  subscribe,
  validate,
} from 'graphql';
import { ANYONE } from '../../src/access/Principal.ts';
import { parseConfig } from '../../src/config.ts';
import { Embedders } from '../../src/embedding/Embedders.ts';
import type { Context } from '../../src/graphql/Context.ts';
import { toGraphQLError } from '../../src/graphql/errorMapping.ts';
import { schema } from '../../src/graphql/schema.ts';
import { StoredJobReader } from '../../src/jobs/StoredJobReader.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import { Rerankers } from '../../src/reranking/Rerankers.ts';
import { KnnSearcher, type KnnSearcherOptions } from '../../src/search/KnnSearcher.ts';
import { TextSearcher } from '../../src/search/TextSearcher.ts';
import { Database } from '../../src/store/Database.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import { readSecret } from '../../src/store/meta.ts';
import { Spool } from '../../src/store/Spool.ts';
import { ThreadHub } from '../../src/telemetry/ThreadHub.ts';
import { rememberedOutcome } from '../../src/writer/rememberedOutcome.ts';
import { WriterClient } from '../../src/writer/WriterClient.ts';
import { WriterThread } from '../../src/writer/WriterThread.ts';

type Variables = Record<string, unknown>;

/** What a client gets to see. */
export interface Answer {
  /** Of whatever shape the query asks for. */
  readonly data: any;
  readonly errors: readonly GraphQLFormattedError[];
}

/** The whole product without its transports: a store in a folder of its own, the writer thread, searches, the schema. */
export class TestApi {
  readonly context: Context;
  /** What its searchers work with. */
  readonly searching: KnnSearcherOptions;
  readonly #folder: string;
  readonly #thread: WriterThread;
  readonly #database: Database;

  private constructor(
    folder: string,
    thread: WriterThread,
    database: Database,
    context: Context,
    searching: KnnSearcherOptions,
  ) {
    this.searching = searching;
    this.#folder = folder;
    this.#thread = thread;
    this.#database = database;
    this.context = context;
  }

  /** `environment` configures what embeds text. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<TestApi> {
    const folder = mkdtempSync(join(tmpdir(), 'alcove-graphql-'));
    const config = parseConfig({ ...environment, ALCOVE_DATA: folder, ALCOVE_THREADS: '1' });
    const fail = (message: string): never => {
      throw new Error(message);
    };
    const hub = new ThreadHub('0.1.0', config.tracing);
    const thread = await WriterThread.start({
      dataPath: folder,
      telemetry: hub.connect('WRITER'),
      jobs: 1,
      buildThreads: 1,
      onTrouble: fail,
      onFatal: fail,
    });
    const writer = await WriterClient.connect(thread.connect());
    const database = Database.open(dataFolder.database(folder), 'READ_ONLY');
    const reader = new StoredLibraryReader(database);
    const embedders = new Embedders({ config: config.embedding, cachePath: dataFolder.embeddings(folder) });
    const { embedderFor } = embedders;
    const searching: KnnSearcherOptions = {
      reader,
      indexes: {
        open: (libraryId) => writer.openIndex(libraryId),
        giveUp: (libraryId, index) => writer.giveUpIndex(libraryId, index),
      },
      embedderFor,
      cursorSecret: readSecret(database),
      maxK: config.limits.k,
      appliedRevision: () => writer.appliedRevision(),
      waitForRevision: (revision, options) => writer.waitForRevision(revision, options),
    };
    const search = new KnnSearcher(searching);
    const context: Context = {
      config,
      reader,
      jobs: new StoredJobReader(database),
      writer,
      search,
      textSearch: new TextSearcher(searching, search, new Rerankers({ cohere: config.embedding.cohere })),
      rememberedOutcome: (idempotency) => rememberedOutcome(database, idempotency),
      embedderFor,
      spool: new Spool(dataFolder.uploads(folder)),
      embedders,
      server: { version: '0.1.0', startedAt: Date.now(), threads: 1 },
      load: () => hub.load(),
      signal: new AbortController().signal,
      principal: ANYONE,
      requestId: 'test',
    };
    return new TestApi(folder, thread, database, context, searching);
  }

  async close(): Promise<void> {
    await this.context.writer.close();
    await this.#thread.close();
    this.#database.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Validates and runs a query or mutation, with `parts` in place of the real ones. Its answer goes through JSON, as it would on its way out. */
  async run(source: string, variables: Variables = {}, parts: Partial<Context> = {}): Promise<Answer> {
    const document = checked(source);
    if (!('definitions' in document)) return document;
    return shown(await execute(this.#arguments(document, variables, parts)));
  }

  /** The `data` of a query or mutation that has no GraphQL errors. */
  async data(source: string, variables?: Variables, parts?: Partial<Context>): Promise<Answer['data']> {
    const { data, errors } = await this.run(source, variables, parts);
    if (errors.length > 0) throw new Error(JSON.stringify(errors, null, 2));
    return data;
  }

  /** Follows a subscription; the caller returns the iterator. A subscription that is refused answers its errors. */
  async follow(
    source: string,
    variables: Variables = {},
    parts: Partial<Context> = {},
  ): Promise<AsyncGenerator<Answer> | Answer> {
    const document = checked(source);
    if (!('definitions' in document)) return document;
    const result = await subscribe(this.#arguments(document, variables, parts));
    if (!(Symbol.asyncIterator in result)) return shown(result);
    return (async function* () {
      for await (const event of result) yield shown(event);
    })();
  }

  #arguments(document: DocumentNode, variableValues: Variables, parts: Partial<Context> = {}): ExecutionArgs {
    return { schema, document, variableValues, contextValue: { ...this.context, ...parts } };
  }
}

function checked(source: string): DocumentNode | Answer {
  const document = parse(source);
  const errors = validate(schema, document);
  return errors.length === 0 ? document : shown({ errors });
}

function shown({ data, errors = [] }: ExecutionResult): Answer {
  const answer = { data: data ?? null, errors: errors.map((error) => toGraphQLError(error).toJSON()) };
  return JSON.parse(JSON.stringify(answer));
}
