/** What ends the statement that is running, when its time is up. */
interface Limit {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly timedOut: () => Error;
}

/** A clock is looked at for every so many rows. */
const ROWS_PER_LOOK = 64;

let limit: Limit | undefined;
let rows = 0;

/**
 * Reads from the store, on this thread, but not beyond a time: SQLite cannot be told to stop, so the functions that it calls for a row throw.
 * @param at milliseconds since the epoch
 * @throws what `timedOut` makes, when time is up while rows are looked at one by one
 */
export function readUntil<T>(at: number, timedOut: () => Error, read: () => T): T {
  const before = limit;
  limit = { at, timedOut };
  try {
    return read();
  } finally {
    limit = before;
  }
}

/** To be called for each row. @throws what {@link readUntil} was told */
export function checkTime(): void {
  if (limit === undefined || ++rows % ROWS_PER_LOOK > 0) return;
  if (Date.now() >= limit.at) throw limit.timedOut();
}
