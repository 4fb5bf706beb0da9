import { AlcoveError } from '../errors.ts';
import type { LibraryEvent } from '../library/commands.ts';
import { fellBehind } from './fellBehind.ts';
import { Subscription } from './Subscription.ts';
import type { Resumable } from './Writer.ts';

type Item = Resumable<LibraryEvent>;

/** Events remembered, of all libraries together, so that a subscriber can come back. */
const MAX_REMEMBERED_EVENTS = 10_000;

/** Ids of chunks in all of them together: a few MiB, where events with as many ids as they may have would take sixty. */
const MAX_REMEMBERED_IDS = 100_000;

/** Events that may wait for a slow reader. */
const MAX_WAITING_EVENTS = 1_000;

/**
 * Where an event stands: the commit that it belongs to, and how many of that commit's events are still to come. So a
 * cursor says by itself whether the commit is complete.
 */
interface Position {
  readonly revision: number;
  readonly left: number;
}

/** The events of all libraries in one thread, handed to any number of subscribers. */
export class LibraryEventHub {
  readonly #remembered: (Position & { readonly event: LibraryEvent })[] = [];
  /** By library: each subscription, and the position that it goes on from. */
  readonly #subscriptions = new Map<string, Map<Subscription<Item>, Position | undefined>>();
  #rememberedIds = 0;
  /** Every event after this one is remembered. */
  #completeAfter: Position;

  /** `revision` is the last one whose events are not received here. */
  constructor(revision: number) {
    this.#completeAfter = { revision, left: 0 };
  }

  /** Takes the events of a commit or several, all of each, in their order. */
  receive(events: readonly LibraryEvent[]): void {
    const left = new Map<number, number>();
    for (const { revision } of events) left.set(revision, (left.get(revision) ?? 0) + 1);
    for (const event of events) {
      const toCome = (left.get(event.revision) ?? 0) - 1;
      left.set(event.revision, toCome);
      this.#receive({ revision: event.revision, left: toCome, event });
    }
  }

  /** As {@link Writer.libraryEvents}. */
  subscribe(libraryId: string, after: string | undefined): AsyncIterableIterator<Item> {
    const position = after === undefined ? undefined : parseCursor(after);
    const missed = position === undefined ? [] : this.#since(libraryId, position);
    const subscription = new Subscription<Item>({
      outdatedBy: () => -1,
      limit: MAX_WAITING_EVENTS + missed.length,
      onOverflow: (last) => fellBehind(last.cursor),
      onEnd: () => this.#unsubscribe(libraryId, subscription),
    });
    const subscriptions = this.#subscriptions.get(libraryId) ?? new Map();
    this.#subscriptions.set(libraryId, subscriptions.set(subscription, position));
    for (const item of missed) push(subscription, item);
    return subscription;
  }

  /** Ends all subscriptions. */
  close(error: unknown): void {
    for (const subscriptions of this.#subscriptions.values())
      for (const subscription of subscriptions.keys()) subscription.end(error);
  }

  #receive(received: Position & { readonly event: LibraryEvent }): void {
    this.#remember(received);
    // One object for all subscribers, so that what they ask for of it is made once.
    const item = resumable(received);
    for (const [subscription, after] of this.#subscriptions.get(received.event.libraryId) ?? [])
      if (after === undefined || isAfter(received, after)) push(subscription, item);
  }

  #remember(received: Position & { readonly event: LibraryEvent }): void {
    this.#remembered.push(received);
    this.#rememberedIds += received.event.chunkIds?.length ?? 0;
    while (this.#remembered.length > MAX_REMEMBERED_EVENTS || this.#rememberedIds > MAX_REMEMBERED_IDS) {
      const oldest = this.#remembered.shift();
      if (oldest === undefined) return;
      this.#rememberedIds -= oldest.event.chunkIds?.length ?? 0;
      this.#completeAfter = oldest;
    }
  }

  /** @throws AlcoveError InvalidArgumentError */
  #since(libraryId: string, after: Position): Item[] {
    if (isAfter(this.#completeAfter, after))
      throw new AlcoveError(
        'InvalidArgumentError',
        `The events after ${cursorOf(after)} are no longer remembered. Subscribe without a cursor and read the library again.`,
        { path: ['after'], detail: { got: cursorOf(after) } },
      );
    return this.#remembered
      .filter((known) => known.event.libraryId === libraryId && isAfter(known, after))
      .map(resumable);
  }

  #unsubscribe(libraryId: string, subscription: Subscription<Item>): void {
    const subscriptions = this.#subscriptions.get(libraryId);
    subscriptions?.delete(subscription);
    if (subscriptions?.size === 0) this.#subscriptions.delete(libraryId);
  }
}

/** A library's last event is its deletion. */
function push(subscription: Subscription<Item>, item: Item): void {
  subscription.push(item);
  if (item.event.kind === 'LIBRARY_DELETED') subscription.end();
}

function isAfter(one: Position, other: Position): boolean {
  return one.revision > other.revision || (one.revision === other.revision && one.left < other.left);
}

function cursorOf({ revision, left }: Position): string {
  return `${revision}.${left}`;
}

function resumable(known: Position & { readonly event: LibraryEvent }): Item {
  return { cursor: cursorOf(known), event: known.event };
}

function parseCursor(cursor: string): Position {
  const [, revision, left] = /^(\d{1,15})\.(\d{1,6})$/.exec(cursor) ?? [];
  if (revision !== undefined && left !== undefined) return { revision: Number(revision), left: Number(left) };
  throw new AlcoveError(
    'InvalidArgumentError',
    `Got ${JSON.stringify(cursor.slice(0, 40))} as the place to resume after; expected the cursor of a library event.`,
    { path: ['after'], detail: { got: cursor.slice(0, 40) } },
  );
}
