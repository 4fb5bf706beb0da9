import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { ColumnReader } from '../columns/ColumnReader.ts';
import { LiveColumns } from '../columns/LiveColumns.ts';
import { AlcoveError } from '../errors.ts';
import { isFinished, type JobChange } from '../jobs/applyJob.ts';
import { JobScheduler } from '../jobs/JobScheduler.ts';
import { activeJobs, findJob } from '../jobs/jobTable.ts';
import { RecallKeeper } from '../jobs/RecallKeeper.ts';
import type { JobEvent } from '../jobs/types.ts';
import { WordKeeper } from '../jobs/WordKeeper.ts';
import type { LibraryEvent } from '../library/commands.ts';
import { newId } from '../library/ids.ts';
import { nodeNotFound } from '../library/lookup.ts';
import { openDatabase } from '../library/openDatabase.ts';
import { StoredLibraryReader } from '../library/StoredLibraryReader.ts';
import { IndexFiles } from '../live/IndexFiles.ts';
import { LiveIndexes } from '../live/LiveIndexes.ts';
import { sweepIndexFiles } from '../live/sweepIndexFiles.ts';
import type { Entry } from '../log/CommandLog.ts';
import { LocalLog } from '../log/LocalLog.ts';
import type { Database } from '../store/Database.ts';
import { dataFolder } from '../store/dataFolder.ts';
import { Spool } from '../store/Spool.ts';
import { measurements } from '../telemetry/Measurements.ts';
import { openSpan } from '../telemetry/spans.ts';
import { Announcer } from './Announcer.ts';
import { AttachingThreads } from './AttachingThreads.ts';
import { applyCommand, type Change } from './applyCommand.ts';
import { Backlog } from './Backlog.ts';
import { commandVectors } from './commandVectors.ts';
import { HeldWrites } from './HeldWrites.ts';
import { PacedProgress } from './PacedProgress.ts';
import { PageKeeper } from './PageKeeper.ts';
import type { Exchanges, Question, Reply, WriterThreadData } from './protocol.ts';
import type { Command, CommandOutcome, IndexStatus } from './Writer.ts';
import { measured, measureJob, readWriterMetrics } from './writerMetrics.ts';

/** How often it is looked whether indexes should be saved. */
const CHECKPOINT_INTERVAL_MS = 10_000;

/** The longest that a write waits for a build that is catching up. */
const MAX_ANSWER_DELAY_MS = 5_000;

/** Whom the service tells what concerns the whole process. */
export interface WriterServiceListeners {
  /** Something went wrong that it can live with. */
  readonly onTrouble: (message: string) => void;
  /** Something that whoever runs the server may want to know. */
  readonly onNotice: (message: string) => void;
  /** The store failed: the process must end. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * The one that writes: it owns the read-write connection, the log, the live indexes and the jobs, and serves its
 * clients over their ports. A command goes through the log to the store, then to the live index, then to everybody's
 * ears, and only then is it answered.
 */
export class WriterService {
  readonly #listeners: WriterServiceListeners;
  readonly #database: Database;
  readonly #log: LocalLog<Command, CommandOutcome, Change>;
  readonly #live: LiveIndexes;
  readonly #columns: LiveColumns;
  readonly #scheduler: JobScheduler;
  readonly #recall: RecallKeeper;
  readonly #words: WordKeeper;
  readonly #announcer: Announcer;
  readonly #threads: AttachingThreads;
  readonly #backlog = new Backlog();
  readonly #held: HeldWrites;
  readonly #progress = new PacedProgress((change) => this.#announceJob(change));
  readonly #pages: PageKeeper;
  readonly #checkpoints: NodeJS.Timeout;
  readonly #forgetMetrics: () => void;
  /** By revision: when its command should be answered, if not at once. */
  readonly #answerAt = new Map<number, number>();

  /**
   * Opens the data folder, which the caller has locked for this process, and creates it if it is absent.
   * @throws DatabaseOpenError
   */
  constructor(data: WriterThreadData, listeners: WriterServiceListeners) {
    const { dataPath, jobs, buildThreads, indexMemoryBytes, segmentSlots, metricsLibraries } = data;
    this.#listeners = listeners;
    mkdirSync(dataPath, { recursive: true });
    this.#database = openedDatabase(data, listeners);
    const reader = new StoredLibraryReader(this.#database);
    const files = new IndexFiles(dataFolder.indexes(dataPath));
    this.#announcer = new Announcer(reader.revision());
    this.#log = new LocalLog({
      database: this.#database,
      apply: applyCommand,
      onCommitted: (changes) => this.#onCommitted(changes),
      onFatal: listeners.onFatal,
    });
    this.#live = new LiveIndexes({
      files,
      reader,
      onDropped: (libraryId) => {
        this.#columns.drop(libraryId);
        this.#announcer.announce({ droppedIndexes: [libraryId] });
      },
      onInserted: (libraryId, ordinals) => this.#columns.inserted(libraryId, ordinals),
      onRebuildDue: (libraryId, reason, slots) => this.#scheduler.requestBySelf(libraryId, reason, slots),
      onTrouble: listeners.onTrouble,
      ...(indexMemoryBytes && { limitBytes: indexMemoryBytes }),
      ...(segmentSlots && { segmentSlots }),
    });
    this.#columns = new LiveColumns({
      indexOf: (libraryId) => this.#live.opened(libraryId)?.index,
      readerOf: (libraryId) => {
        const key = reader.libraryKey(libraryId);
        return key === undefined ? undefined : new ColumnReader(this.#database, key);
      },
      admit: (libraryId, bytes) => this.#live.memory.admitColumns(libraryId, bytes),
      level: () => this.#announcer.revision,
      onTrouble: listeners.onTrouble,
    });
    this.#held = new HeldWrites({
      libraryIdOf: (command) => {
        if ('libraryId' in command) return command.libraryId;
        if ('library' in command) return reader.library(command.library)?.id;
        return 'id' in command ? reader.chunk(command.id)?.libraryId : undefined;
      },
    });
    this.#threads = new AttachingThreads((threadId) => this.#live.releaseZones(threadId));
    this.#scheduler = new JobScheduler({
      databasePath: this.#database.path,
      files,
      libraries: reader,
      live: this.#live,
      maxRunning: jobs,
      buildThreads,
      newJobId: () => newId('job'),
      submit: (command) => this.#log.submit({ command }),
      holdWrites: (libraryId) => this.#held.hold(libraryId),
      onProgress: (job) => this.#announceJob({ job, kind: 'PROGRESS' }),
      onTrouble: listeners.onTrouble,
      ...(segmentSlots && { segmentSlots }),
    });
    this.#recall = new RecallKeeper({
      libraries: reader,
      opened: (libraryId) => this.#live.opened(libraryId),
      submit: (command) => this.#log.submit({ command }),
      onEnded: (threadId) => this.#live.releaseZones(threadId),
      onTrouble: listeners.onTrouble,
    });
    this.#words = new WordKeeper({
      submit: (command) => this.#log.submit({ command }),
      onTrouble: listeners.onTrouble,
    });
    this.#pages = new PageKeeper(this.#database, listeners.onFatal);
    if (data.checkPages === 'background') this.#pages.look();
    sweepIndexFiles(files, reader);
    new Spool(dataFolder.uploads(dataPath)).sweep((jobId) => {
      const job = findJob(this.#database, jobId);
      return job !== undefined && !isFinished(job);
    });
    this.#forgetMetrics = this.#tellMetrics(reader, metricsLibraries ?? 0);
    this.#checkpoints = setInterval(() => void this.#live.checkpoint(), CHECKPOINT_INTERVAL_MS).unref();
  }

  #tellMetrics(reader: StoredLibraryReader, libraries: number): () => void {
    return measurements.onSnapshot((set) =>
      readWriterMetrics(set, {
        database: this.#database,
        reader,
        live: this.#live,
        backlog: this.#backlog,
        revision: this.#announcer.revision,
        libraries,
      }),
    );
  }

  /** Takes up the jobs that the process before has left. */
  async resume(): Promise<void> {
    this.#words.consider();
    await this.#scheduler.resume(activeJobs(this.#database));
  }

  /** Serves a client from now on. */
  connect(port: MessagePort): void {
    port.on('message', (question: Question) => this.#answer(port, question));
    this.#announcer.add(port);
  }

  /** Finishes what was submitted, saves what is dirty, and lets go of everything. */
  async close(): Promise<void> {
    clearInterval(this.#checkpoints);
    this.#forgetMetrics();
    this.#pages.close();
    await this.#scheduler.close();
    await this.#recall.close();
    await this.#words.close();
    await this.#log.close();
    this.#progress.close();
    await this.#live.close();
    this.#announcer.close();
    this.#database.close();
  }

  /** As a part of the trace of whoever asks, if there is one. */
  #answer(port: MessagePort, asked: Question): void {
    const parent = asked.traceparent;
    const span = parent === undefined ? undefined : openSpan(`writer ${asked.name}`, {}, { parent });
    const reply = () => this.#reply(port, asked);
    void (span === undefined ? reply() : span.run(reply)).finally(() => span?.end());
  }

  async #reply(port: MessagePort, asked: Question): Promise<void> {
    const { id } = asked;
    const answer = (answer: Exchanges[Question['name']]['answer']): void =>
      port.postMessage({ kind: 'ANSWER', id, answer } satisfies Reply);
    try {
      if (asked.name === 'openIndex') {
        this.#threads.add(asked.question.threadId, port);
        await this.#answerIndex(asked.question.libraryId, answer);
      } else if (asked.name === 'openColumns')
        answer(await this.#columns.open(asked.question.libraryId, asked.question.specs));
      else if (asked.name === 'giveUpIndex') {
        this.#live.giveUp(asked.question.libraryId, asked.question.segmentId);
        answer(null);
      } else if (asked.name === 'submit') answer(await this.#submit(asked.question));
      else if (asked.name === 'indexStatus') answer(await this.#indexStatus(asked.question));
      else if (asked.name === 'memory') answer(this.#live.memory.report());
      else answer(this.#jobEvents(asked.question));
    } catch (error) {
      port.postMessage(toReply(id, error));
    }
  }

  async #submit(entry: Entry<Command>): Promise<CommandOutcome> {
    const { command } = entry;
    this.#backlog.take(command);
    const outcome = await measured(() => this.#commit(entry)).finally(() => this.#backlog.giveBack(command));
    const answerAt = this.#answerAt.get(outcome.revision) ?? 0;
    this.#answerAt.delete(outcome.revision);
    const waitMs = Math.min(answerAt - Date.now(), MAX_ANSWER_DELAY_MS);
    if (waitMs > 0) await delay(waitMs);
    return outcome;
  }

  /** What makes an index grow beyond the memory for it is refused before it is written. */
  async #commit(entry: Entry<Command>): Promise<CommandOutcome> {
    const { command } = entry;
    await this.#held.pass(command);
    const brought = commandVectors(command);
    const rows = brought === undefined ? 0 : brought.vectors.offsets.length - 1;
    if (brought === undefined || rows === 0) return this.#log.submit(entry);
    const { library, vectors } = brought;
    const release = await this.#live.memory.admitWrite(library, rows, vectors.values.byteLength);
    return this.#log.submit(entry).finally(release);
  }

  /** Looks the index up in the turn in which it is sent: the client would not hear that an older one was dropped. */
  async #answerIndex(
    libraryId: string,
    answer: (answer: Exchanges['openIndex']['answer']) => void,
  ): Promise<void> {
    await this.#live.open(libraryId);
    const live = this.#live.opened(libraryId);
    if (live === undefined) return this.#answerIndex(libraryId, answer);
    answer({ shared: live.index.share(), generation: live.generation });
  }

  async #indexStatus(libraryId: string): Promise<IndexStatus> {
    const { state, generation, level, segments } = await this.#live.status(libraryId);
    const isBuilding = state !== 'DAMAGED' && this.#scheduler.isBuilding(libraryId);
    return {
      state: isBuilding ? 'BUILDING' : state,
      generation,
      level,
      segments,
    };
  }

  /** @throws AlcoveError NodeNotFoundError */
  #jobEvents(jobId: string): readonly JobEvent[] {
    const remembered = this.#announcer.jobEvents(jobId);
    if (remembered.length > 0) return remembered;
    const job = findJob(this.#database, jobId);
    if (job === undefined) throw nodeNotFound('job', jobId);
    return [this.#announcer.jobEvent({ job, kind: isFinished(job) ? 'FINISHED' : 'STATE_CHANGED' })];
  }

  /** The log waits for this before it answers. */
  async #onCommitted(changes: readonly Change[]): Promise<void> {
    const libraryEvents: LibraryEvent[] = [];
    const jobEvents: JobEvent[] = [];
    this.#columns.begin();
    for (const change of changes) {
      await this.#makeSearchable(change);
      this.#levelColumns(change);
      libraryEvents.push(...change.events);
      for (const jobChange of change.jobChanges) {
        for (const toTell of this.#toTell(this.#scheduler.onChange(jobChange)))
          jobEvents.push(this.#announcer.jobEvent(toTell));
      }
    }
    const revision = changes.at(-1)?.outcome.revision;
    this.#announcer.announce({ libraryEvents, jobEvents, ...(revision === undefined ? {} : { revision }) });
    this.#columns.end();
  }

  /** What of a job goes out with the commit; progress goes out at its own pace, unless its phase is over. */
  #toTell(change: JobChange): JobChange[] {
    const { job, kind } = change;
    measureJob(job);
    if (kind !== 'PROGRESS')
      return [this.#progress.finish(job.id), change].filter((one) => one !== undefined);
    // That of a build was announced when it was made.
    const isOfBuild = job.kind === 'INDEX' || (job.kind === 'REEMBED' && job.progress.phase !== 'EMBEDDING');
    const earlier = isOfBuild ? this.#progress.finish(job.id) : this.#progress.push(change);
    return earlier === undefined ? [] : [earlier];
  }

  /** New vectors have had their values since they were inserted. */
  #levelColumns({ outcome, events, vectorChanges, valueChange }: Change): void {
    const { libraryId, revision } = outcome;
    for (const change of vectorChanges)
      if (change.kind === 'CHANGED') this.#columns.removed(libraryId, change.removed);
    if (valueChange !== undefined) this.#columns.changed(libraryId, valueChange);
    if (events.some(({ kind }) => kind === 'LIBRARY_UPDATED')) this.#columns.redeclared(libraryId);
    this.#columns.reached(libraryId, revision);
    if (events.some(({ kind }) => kind === 'LIBRARY_UPDATED' || kind === 'LIBRARY_DELETED'))
      this.#words.consider();
  }

  /** An index that cannot be changed is dropped, and made anew from its file and the store when it is asked for. */
  async #makeSearchable(change: Change): Promise<void> {
    const { libraryId } = change.outcome;
    try {
      for (const vectorChange of change.vectorChanges) {
        await this.#live.apply(vectorChange);
        if (vectorChange.kind === 'CHANGED') this.#pace(change, vectorChange.added.length);
        else this.#scheduler.forget(libraryId);
        this.#recall.consider(libraryId);
      }
      if (change.events.some(({ kind }) => kind === 'INDEX_SWAPPED')) await this.#live.swap(libraryId);
    } catch (error) {
      this.#live.drop(libraryId);
      this.#listeners.onTrouble(`The index of library ${libraryId} is opened anew: ${String(error)}`);
    }
  }

  /** Writes wait a little for a build that could never catch up with them otherwise. */
  #pace({ outcome }: Change, vectors: number): void {
    const answerAt = this.#scheduler.answerAt(outcome.libraryId, vectors);
    if (answerAt > Date.now()) this.#answerAt.set(outcome.revision, answerAt);
  }

  #announceJob(change: JobChange): void {
    this.#announcer.announce({ jobEvents: [this.#announcer.jobEvent(change)] });
  }
}

function toReply(id: number, error: unknown): Reply {
  if (error instanceof AlcoveError) return { kind: 'REFUSAL', id, error: error.toRecord() };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'FAILURE', id, message };
}

/** Opens the data folder's database, and tells what was found of it. */
function openedDatabase(
  { dataPath, checkPages }: WriterThreadData,
  { onTrouble, onNotice }: WriterServiceListeners,
): Database {
  const { database, remade } = openDatabase(dataFolder.database(dataPath), {
    pages: checkPages === 'background' ? 'LATER' : 'AT_ONCE',
    onProgress: onNotice,
  });
  if (remade !== undefined) onTrouble(remade);
  for (const notice of database.notices) onNotice(notice);
  return database;
}
