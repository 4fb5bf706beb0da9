import { AlcoveError } from '../errors.ts';
import type { JobEvent } from '../jobs/types.ts';
import { fellBehind } from './fellBehind.ts';
import { isOutdatedBy } from './isOutdatedBy.ts';
import { JobMemory } from './JobMemory.ts';
import { Subscription } from './Subscription.ts';
import type { Resumable } from './Writer.ts';

type Item = Resumable<JobEvent>;

/** Events that may wait for a slow reader. A job has about ten: its state changes, and of each phase one progress. */
const MAX_WAITING_EVENTS = 100;

/** The events of all jobs in one thread, handed to any number of subscribers. */
export class JobEventHub {
  readonly #memory = new JobMemory();
  /** By the id of a job, or of the library whose jobs are followed. */
  readonly #subscriptions = new Map<string, Set<Subscription<Item>>>();
  readonly #fetch: (jobId: string) => Promise<readonly JobEvent[]>;

  /** `fetch` asks for the events of a job that is not remembered here. @throws AlcoveError NodeNotFoundError */
  constructor(fetch: (jobId: string) => Promise<readonly JobEvent[]>) {
    this.#fetch = fetch;
  }

  receive(event: JobEvent): void {
    this.#memory.remember(event);
    // One object for all subscribers, so that what they ask for of it is made once.
    const item = resumable(event);
    for (const subscription of this.#subscriptions.get(event.job.id) ?? []) {
      subscription.push(item);
      if (event.kind === 'FINISHED') subscription.end();
    }
    for (const subscription of this.#subscriptions.get(event.job.libraryId) ?? []) subscription.push(item);
  }

  /** As {@link Writer.jobEvents}. */
  subscribe(jobId: string, after: string | undefined): AsyncIterableIterator<Item> {
    const subscription = this.#newSubscription(jobId);
    this.#begin(subscription, jobId, after).catch((error: unknown) => subscription.end(error));
    return subscription;
  }

  /** As {@link Writer.libraryJobEvents}. */
  subscribeToLibrary(libraryId: string, after: string | undefined): AsyncIterableIterator<Item> {
    const sequence = after === undefined ? undefined : parseCursor(after);
    const missed = this.#memory.firstEventsOfLibrary(libraryId, sequence);
    const subscription = this.#newSubscription(libraryId, missed.length);
    for (const event of missed) subscription.push(resumable(event));
    this.#subscribe(libraryId, subscription);
    return subscription;
  }

  /** Ends all subscriptions. */
  close(error: unknown): void {
    for (const subscriptions of this.#subscriptions.values())
      for (const subscription of subscriptions) subscription.end(error);
  }

  #newSubscription(id: string, missed = 0): Subscription<Item> {
    const subscription = new Subscription<Item>({
      outdatedBy: (waiting, { event: next }) => {
        const place = waiting.findLastIndex(({ event }) => event.job.id === next.job.id);
        const last = waiting[place]?.event;
        return last !== undefined && isOutdatedBy(last, next) ? place : -1;
      },
      limit: MAX_WAITING_EVENTS + missed,
      onOverflow: (last) => fellBehind(last.cursor),
      onEnd: () => this.#unsubscribe(id, subscription),
    });
    return subscription;
  }

  async #begin(subscription: Subscription<Item>, jobId: string, after: string | undefined): Promise<void> {
    const sequence = after === undefined ? undefined : parseCursor(after);
    if (this.#memory.of(jobId).length === 0)
      for (const event of await this.#fetch(jobId)) this.#memory.remember(event);
    for (const event of this.#memory.firstEvents(jobId, sequence)) subscription.push(resumable(event));
    if (this.#memory.of(jobId).at(-1)?.kind === 'FINISHED') subscription.end();
    else if (!subscription.hasEnded) this.#subscribe(jobId, subscription);
  }

  #subscribe(id: string, subscription: Subscription<Item>): void {
    const subscriptions = this.#subscriptions.get(id) ?? new Set();
    this.#subscriptions.set(id, subscriptions.add(subscription));
  }

  #unsubscribe(id: string, subscription: Subscription<Item>): void {
    const subscriptions = this.#subscriptions.get(id);
    subscriptions?.delete(subscription);
    if (subscriptions?.size === 0) this.#subscriptions.delete(id);
  }
}

function resumable(event: JobEvent): Item {
  return { cursor: String(event.sequence), event };
}

function parseCursor(cursor: string): number {
  const sequence = Number(cursor);
  if (/^\d{1,16}$/.test(cursor) && Number.isSafeInteger(sequence)) return sequence;
  throw new AlcoveError(
    'InvalidArgumentError',
    `Got ${JSON.stringify(cursor.slice(0, 40))} as the place to resume after; expected the cursor of an event of this job.`,
    { path: ['after'], detail: { got: cursor.slice(0, 40) } },
  );
}
