import { AlcoveError } from '../errors.ts';
import type { LibraryEvent } from '../library/commands.ts';
import { fellBehind } from './fellBehind.ts';
import { Subscription } from './Subscription.ts';
import type { Resumable } from './Writer.ts';

type Item = Resumable<LibraryEvent>;

/** Events remembered, of all libraries together, so that a subscriber can come back. */
const MAX_REMEMBERED_EVENTS = 10_000;

/** Events that may wait for a slow reader. */
const MAX_WAITING_EVENTS = 1_000;

/** Where an event stands: the commit that it belongs to, and its place among that commit's events. */
interface Position {
  readonly revision: number;
  readonly place: number;
}

/** The events of all libraries in one thread, handed to any number of subscribers. */
export class LibraryEventHub {
  readonly #remembered: (Position & { readonly event: LibraryEvent })[] = [];
  readonly #subscriptions = new Map<string, Set<Subscription<Item>>>();
  /** Every event of later revisions is remembered. */
  #completeAfter: number;

  /** `revision` is the last one whose events are not received here. */
  constructor(revision: number) {
    this.#completeAfter = revision;
  }

  /** Takes the events of a commit or several, in their order. */
  receive(events: readonly LibraryEvent[]): void {
    for (const event of events) this.#receive(event);
  }

  /** As {@link Writer.libraryEvents}. */
  subscribe(libraryId: string, after: string | undefined): AsyncIterableIterator<Item> {
    const missed = after === undefined ? [] : this.#since(libraryId, after);
    const subscription = new Subscription<Item>({
      canReplace: () => false,
      limit: MAX_WAITING_EVENTS + missed.length,
      onOverflow: (last) => fellBehind(last.cursor),
      onEnd: () => this.#unsubscribe(libraryId, subscription),
    });
    const subscriptions = this.#subscriptions.get(libraryId) ?? new Set();
    this.#subscriptions.set(libraryId, subscriptions.add(subscription));
    for (const item of missed) push(subscription, item);
    return subscription;
  }

  /** Ends all subscriptions. */
  close(error: unknown): void {
    for (const subscriptions of this.#subscriptions.values())
      for (const subscription of subscriptions) subscription.end(error);
  }

  #receive(event: LibraryEvent): void {
    const last = this.#remembered.at(-1);
    const place = last?.revision === event.revision ? last.place + 1 : 0;
    const remembered = { revision: event.revision, place, event };
    this.#remembered.push(remembered);
    if (this.#remembered.length > MAX_REMEMBERED_EVENTS)
      this.#completeAfter = this.#remembered.shift()?.revision ?? this.#completeAfter;
    for (const subscription of this.#subscriptions.get(event.libraryId) ?? [])
      push(subscription, resumable(remembered));
  }

  /** @throws AlcoveError InvalidArgumentError */
  #since(libraryId: string, after: string): Item[] {
    const { revision, place } = parseCursor(after);
    if (revision < this.#completeAfter)
      throw new AlcoveError(
        'InvalidArgumentError',
        `The events after ${after} are no longer remembered. Subscribe without a cursor and read the library again.`,
        { path: ['after'], detail: { got: after } },
      );
    return this.#remembered
      .filter(({ event }) => event.libraryId === libraryId)
      .filter((known) => known.revision > revision || (known.revision === revision && known.place > place))
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

function resumable({ revision, place, event }: Position & { readonly event: LibraryEvent }): Item {
  return { cursor: `${revision}.${place}`, event };
}

function parseCursor(cursor: string): Position {
  const [, revision, place] = /^(\d{1,15})\.(\d{1,6})$/.exec(cursor) ?? [];
  if (revision !== undefined && place !== undefined)
    return { revision: Number(revision), place: Number(place) };
  throw new AlcoveError(
    'InvalidArgumentError',
    `Got ${JSON.stringify(cursor.slice(0, 40))} as the place to resume after; expected the cursor of a library event.`,
    { path: ['after'], detail: { got: cursor.slice(0, 40) } },
  );
}
