import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Embedders } from '../../src/embedding/Embedders.ts';
import type { RequestReindex } from '../../src/jobs/commands.ts';
import { StoredJobReader } from '../../src/jobs/StoredJobReader.ts';
import type { JobEvent } from '../../src/jobs/types.ts';
import { newId } from '../../src/library/ids.ts';
import { StoredLibraryReader } from '../../src/library/StoredLibraryReader.ts';
import type { EmbeddingContract, IndexSettings } from '../../src/library/types.ts';
import { KnnSearcher } from '../../src/search/KnnSearcher.ts';
import { Database } from '../../src/store/Database.ts';
import { dataFolder } from '../../src/store/dataFolder.ts';
import type { WriterThreadData } from '../../src/writer/protocol.ts';
import type { CommandOutcome } from '../../src/writer/Writer.ts';
import { WriterClient } from '../../src/writer/WriterClient.ts';
import { WriterThread } from '../../src/writer/WriterThread.ts';

export const AUTO: IndexSettings = { type: 'AUTO', m: 16, efConstruction: 100 };
export const HNSW: IndexSettings = { ...AUTO, type: 'HNSW' };

/** A real writer thread on a temporary data folder, a client, and readers of its store. */
export class RunningWriter {
  readonly dataPath: string;
  readonly thread: WriterThread;
  readonly client: WriterClient;
  readonly reader: StoredLibraryReader;
  readonly jobs: StoredJobReader;
  readonly troubles: string[];
  readonly #database: Database;

  private constructor(dataPath: string, thread: WriterThread, client: WriterClient, troubles: string[]) {
    this.dataPath = dataPath;
    this.thread = thread;
    this.client = client;
    this.troubles = troubles;
    this.#database = Database.open(dataFolder.database(dataPath), 'READ_ONLY');
    this.reader = new StoredLibraryReader(this.#database);
    this.jobs = new StoredJobReader(this.#database);
  }

  static async start(
    dataPath = temporaryFolder(),
    jobs = 1,
    limits: Pick<WriterThreadData, 'indexMemoryBytes' | 'segmentSlots'> = {},
  ): Promise<RunningWriter> {
    const troubles: string[] = [];
    const thread = await WriterThread.start({
      dataPath,
      jobs,
      buildThreads: 2,
      ...limits,
      onTrouble: (message) => troubles.push(message),
      onFatal: (message) => troubles.push(message),
    });
    const client = await WriterClient.connect(thread.connect());
    return new RunningWriter(dataPath, thread, client, troubles);
  }

  /** A second client, as another thread would have one. */
  connect(): Promise<WriterClient> {
    return WriterClient.connect(this.thread.connect());
  }

  /** Stops the writer, and leaves the data folder. */
  async stop(): Promise<void> {
    await this.client.close();
    this.#database.close();
    await this.thread.close();
  }

  async stopAndRemove(): Promise<void> {
    await this.stop();
    rmSync(this.dataPath, { recursive: true, force: true });
  }

  async createLibrary(
    settings: IndexSettings = AUTO,
    contract: Partial<EmbeddingContract> = {},
  ): Promise<string> {
    const id = newId('library');
    await this.client.submit({
      command: {
        type: 'createLibrary',
        id,
        at: Date.now(),
        name: `Library ${id}`,
        description: null,
        embedding: {
          provider: 'EXTERNAL',
          model: 'test',
          dimension: null,
          metric: 'EUCLIDEAN',
          normalized: false,
          ...contract,
        },
        metadataFields: [],
        indexSettings: settings,
      },
    });
    return id;
  }

  /** Creates a document with a chunk for each row; the chunks' ids are `chk_<prefix>-<row>`. */
  createDocument(
    libraryId: string,
    rows: Float32Array,
    dimension: number,
    prefix = newId('chunk').slice(4),
  ): Promise<CommandOutcome> {
    const count = rows.length / dimension;
    return this.client.submit({
      command: {
        type: 'createDocument',
        library: { id: libraryId },
        id: newId('document'),
        at: Date.now(),
        ifExists: 'ERROR',
        title: prefix,
        author: null,
        sourceUrl: null,
        contentType: 'text/plain',
        metadata: {},
        chunks: Array.from({ length: count }, (_, row) => ({
          id: `chk_${prefix}-${row}`,
          text: `${prefix} ${row}`,
          metadata: {},
          row,
        })),
        vectors: {
          values: rows,
          offsets: Uint32Array.from({ length: count + 1 }, (_, row) => row * dimension),
        },
      },
    });
  }

  deleteChunks(libraryId: string, ids: readonly string[]): Promise<CommandOutcome> {
    return this.client.submit({
      command: { type: 'deleteChunks', library: { id: libraryId }, at: Date.now(), by: { ids } },
    });
  }

  /** Asks for a reindex; answers the job's id. */
  /** What asks this thread's indexes, as a server thread has it. */
  searcher(): KnnSearcher {
    return new KnnSearcher({
      reader: this.reader,
      embedderFor: new Embedders().embedderFor,
      indexes: {
        open: (libraryId) => this.client.openIndex(libraryId),
        giveUp: (libraryId, index) => this.client.giveUpIndex(libraryId, index),
      },
      cursorSecret: new Uint8Array(32),
      appliedRevision: () => this.client.appliedRevision(),
      waitForRevision: (revision, options) => this.client.waitForRevision(revision, options),
    });
  }

  async reindex(libraryId: string, options: Partial<RequestReindex> = {}): Promise<string> {
    const jobId = newId('job');
    await this.client.submit({
      command: {
        type: 'requestReindex',
        library: { id: libraryId },
        jobId,
        at: Date.now(),
        minRecall: null,
        trigger: 'REQUEST',
        ...options,
      },
    });
    return jobId;
  }
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'alcove-writer-'));
}

/** Rows of numbers in 0..1 (`count × dimension`), the same for the same seed. */
export function randomRows(count: number, dimension: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count * dimension }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

/** All events of a job until its last. */
export async function eventsOf(client: WriterClient, jobId: string, after?: string): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const { event } of client.jobEvents(jobId, after)) events.push(event);
  return events;
}

/** Polls until a condition holds. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
