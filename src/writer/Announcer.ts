import type { MessagePort } from 'node:worker_threads';
import type { JobChange } from '../jobs/applyJob.ts';
import type { JobEvent } from '../jobs/types.ts';
import { JobMemory } from './JobMemory.ts';
import type { Announcement, Message } from './protocol.ts';

/** Sequences of one process start here times the milliseconds since the epoch, and so above all earlier ones. */
const SEQUENCES_PER_MS = 1_000;

/** Tells every client what has happened: one message for each of them, however many subscribers it has. */
export class Announcer {
  readonly #ports = new Set<MessagePort>();
  readonly #jobMemory = new JobMemory();
  #lastSequence = Date.now() * SEQUENCES_PER_MS;
  #revision: number;

  /** `revision` is durable and searchable already. */
  constructor(revision: number) {
    this.#revision = revision;
  }

  /** The last revision that was announced: it is durable and searchable. */
  get revision(): number {
    return this.#revision;
  }

  /** From now on this client is told; first of all, where it comes in. */
  add(port: MessagePort): void {
    this.#ports.add(port);
    port.once('close', () => this.#ports.delete(port));
    const greeting: Message = {
      kind: 'GREETING',
      revision: this.#revision,
      jobEvents: this.#jobMemory.ofUnfinished(),
    };
    port.postMessage(greeting);
  }

  announce(news: Partial<Omit<Announcement, 'kind'>>): void {
    this.#revision = news.revision ?? this.#revision;
    const message: Message = {
      kind: 'ANNOUNCEMENT',
      droppedIndexes: [],
      libraryEvents: [],
      jobEvents: [],
      ...news,
      revision: this.#revision,
    };
    for (const port of this.#ports) port.postMessage(message);
  }

  /** Gives a change of a job its place among all events, and remembers it. */
  jobEvent({ job, kind }: JobChange): JobEvent {
    this.#lastSequence += 1;
    const event = { sequence: this.#lastSequence, at: Date.now(), kind, job };
    this.#jobMemory.remember(event);
    return event;
  }

  /** The remembered events of a job. */
  jobEvents(jobId: string): readonly JobEvent[] {
    return this.#jobMemory.of(jobId);
  }

  /** Lets go of all clients. */
  close(): void {
    for (const port of this.#ports) port.close();
  }
}
