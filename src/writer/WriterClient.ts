import { type MessagePort, type Transferable, threadId } from 'node:worker_threads';
import { AttachedColumns } from '../columns/AttachedColumns.ts';
import { FilterCache } from '../columns/FilterCache.ts';
import { AlcoveError } from '../errors.ts';
import { attachIndex } from '../indexes/attachIndex.ts';
import type { SegmentedIndex } from '../indexes/SegmentedIndex.ts';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { JobEvent } from '../jobs/types.ts';
import type { LibraryEvent } from '../library/commands.ts';
import type { MemoryReport } from '../live/IndexMemory.ts';
import type { Entry } from '../log/CommandLog.ts';
import { traceparent, withSpan } from '../telemetry/spans.ts';
import { JobEventHub } from './JobEventHub.ts';
import { LibraryEventHub } from './LibraryEventHub.ts';
import type { Announcement, ExchangeName, Exchanges, Greeting, Message, Reply } from './protocol.ts';
import { RevisionClock } from './RevisionClock.ts';
import { transferables } from './transferables.ts';
import type { Command, CommandOutcome, IndexStatus, Resumable, Writer } from './Writer.ts';

interface AttachedIndex {
  readonly index: SegmentedIndex;
  readonly generation: number;
  readonly columns: AttachedColumns;
}

/**
 * The writer thread from any other thread, over a port from `WriterThread.connect`. Indexes are attached once and kept
 * until the writer says that they are out of date. Events are taken once and handed to all subscribers of this thread.
 */
export class WriterClient implements Writer {
  readonly #port: MessagePort;
  readonly #clock: RevisionClock;
  readonly #jobEvents: JobEventHub;
  readonly #libraryEvents: LibraryEventHub;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #attached = new Map<string, AttachedIndex>();
  /** Of those attached: the ones that have another segment by now. */
  readonly #attaching = new Map<string, Promise<AttachedIndex>>();
  readonly #filters = new FilterCache();
  readonly #listeners = new Set<(event: JobEvent) => void>();
  #lastId = 0;
  #isClosed = false;
  #whenIdle: PromiseWithResolvers<void> | undefined;

  private constructor(port: MessagePort, greeting: Greeting) {
    this.#port = port;
    this.#clock = new RevisionClock(greeting.revision);
    this.#jobEvents = new JobEventHub((jobId) => this.#ask('jobEvents', jobId));
    this.#libraryEvents = new LibraryEventHub(greeting.revision);
    for (const event of greeting.jobEvents) this.#jobEvents.receive(event);
    port.on('message', (message: Announcement | Reply) => this.#receive(message));
    port.once('close', () => this.#disconnect());
  }

  /** Resolves when the writer has answered. */
  static connect(port: MessagePort): Promise<WriterClient> {
    const { promise, resolve, reject } = Promise.withResolvers<WriterClient>();
    const onClose = (): void => reject(disconnected());
    port.once('close', onClose);
    port.once('message', (greeting: Message) => {
      port.off('close', onClose);
      if (greeting.kind === 'GREETING') resolve(new WriterClient(port, greeting));
      else reject(new Error(`expected a greeting of the writer; got ${greeting.kind}`));
    });
    return promise;
  }

  /** Large vectors of the command are transferred: the caller must not use them again. */
  submit(entry: Entry<Command>): Promise<CommandOutcome> {
    return this.#ask('submit', entry, transferables(entry.command));
  }

  /** The index that this thread is attached to, unless the library has outgrown it. */
  openedIndex(libraryId: string): AttachedIndex | undefined {
    const attached = this.#attached.get(libraryId);
    if (attached === undefined || attached.index.isOutgrown) return undefined;
    attached.index.touch();
    return attached;
  }

  async openIndex(libraryId: string): Promise<AttachedIndex> {
    const opened = this.openedIndex(libraryId);
    if (opened !== undefined) return opened;
    let attaching = this.#attaching.get(libraryId);
    if (attaching === undefined) {
      attaching = this.#attach(libraryId).finally(() => this.#attaching.delete(libraryId));
      this.#attaching.set(libraryId, attaching);
    }
    return attaching;
  }

  async giveUpIndex(libraryId: string, index: VectorIndex): Promise<void> {
    const attached = this.#attached.get(libraryId);
    const segmentId = attached?.index.segments[0]?.id;
    if (attached?.index === index && segmentId !== undefined)
      await this.#ask('giveUpIndex', { libraryId, segmentId });
  }

  indexStatus(libraryId: string): Promise<IndexStatus> {
    return this.#ask('indexStatus', libraryId);
  }

  memory(): Promise<MemoryReport> {
    return this.#ask('memory', null);
  }

  appliedRevision(): number {
    return this.#clock.revision;
  }

  waitForRevision(
    revision: number,
    options: { readonly deadline: number; readonly signal?: AbortSignal },
  ): Promise<void> {
    return this.#clock.wait(revision, options);
  }

  jobEvents(jobId: string, after?: string): AsyncIterableIterator<Resumable<JobEvent>> {
    return this.#jobEvents.subscribe(jobId, after);
  }

  libraryJobEvents(libraryId: string, after?: string): AsyncIterableIterator<Resumable<JobEvent>> {
    return this.#jobEvents.subscribeToLibrary(libraryId, after);
  }

  /** Calls `listener` with every event of every job from now on. */
  onJobEvent(listener: (event: JobEvent) => void): void {
    this.#listeners.add(listener);
  }

  libraryEvents(libraryId: string, after?: string): AsyncIterableIterator<Resumable<LibraryEvent>> {
    return this.#libraryEvents.subscribe(libraryId, after);
  }

  /** Ends the subscriptions, waits for what this thread has asked, and lets go of the writer, which goes on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#jobEvents.close(disconnected());
    this.#libraryEvents.close(disconnected());
    if (this.#pending.size > 0) {
      this.#whenIdle ??= Promise.withResolvers();
      await this.#whenIdle.promise;
    }
    for (const { index } of this.#attached.values()) index.detach();
    this.#attached.clear();
    this.#port.close();
  }

  async #attach(libraryId: string): Promise<AttachedIndex> {
    const { shared, generation } = await this.#ask('openIndex', { libraryId, threadId });
    const before = this.#attached.get(libraryId);
    const columns = before?.columns ?? this.#columnsOf(libraryId);
    const attached = { index: attachIndex(shared, before?.index), generation, columns };
    this.#attached.set(libraryId, attached);
    return attached;
  }

  #columnsOf(libraryId: string): AttachedColumns {
    return new AttachedColumns((specs) => this.#ask('openColumns', { libraryId, specs }), this.#filters);
  }

  #ask<Name extends ExchangeName>(
    name: Name,
    question: Exchanges[Name]['question'],
    transfer: readonly Transferable[] = [],
  ): Promise<Exchanges[Name]['answer']> {
    if (this.#isClosed) return Promise.reject(disconnected());
    this.#lastId += 1;
    const pending = Promise.withResolvers<unknown>();
    this.#pending.set(this.#lastId, pending);
    const id = this.#lastId;
    return withSpan(`writer ${name}`, {}, () => {
      this.#port.postMessage({ id, name, question, traceparent: traceparent() }, [...transfer]);
      return pending.promise as Promise<Exchanges[Name]['answer']>;
    });
  }

  #receive(message: Announcement | Reply): void {
    if (message.kind !== 'ANNOUNCEMENT') {
      this.#settle(message);
      return;
    }
    for (const libraryId of message.droppedIndexes) {
      this.#attached.get(libraryId)?.columns.close();
      this.#attached.delete(libraryId);
    }
    this.#clock.advance(message.revision);
    this.#libraryEvents.receive(message.libraryEvents);
    for (const event of message.jobEvents) {
      this.#jobEvents.receive(event);
      for (const listener of this.#listeners) listener(event);
    }
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === 'ANSWER') pending?.resolve(reply.answer);
    else if (reply.kind === 'REFUSAL') pending?.reject(AlcoveError.fromRecord(reply.error));
    else pending?.reject(new Error(`the writer thread failed: ${reply.message}`));
    if (this.#pending.size === 0) this.#whenIdle?.resolve();
  }

  /** The writer has closed: what was asked stays unanswered. */
  #disconnect(): void {
    this.#isClosed = true;
    for (const { reject } of this.#pending.values()) reject(disconnected());
    this.#pending.clear();
    this.#attached.clear();
    this.#whenIdle?.resolve();
    this.#jobEvents.close(disconnected());
    this.#libraryEvents.close(disconnected());
    this.#clock.close(disconnected());
  }
}

function disconnected(): AlcoveError {
  return new AlcoveError('ShuttingDownError', 'The server is stopping. Try again when it is back.');
}
