import type { Database } from '../store/Database.ts';
import { isOutOfFiles } from '../store/sqliteErrors.ts';

/** A MiB of pages after so long: 20 MiB a second, in a hundredth of the writer's time. */
const STEP_INTERVAL_MS = 50;
/** From the last page to the first again. */
const REST_MS = 24 * 3_600_000;

/**
 * Looks through all pages of the database once a day, on the thread that writes them, between its transactions: what a disk has lost
 * since the start is found, also where nobody reads.
 */
export class PageKeeper {
  readonly #database: Database;
  readonly #onDamage: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  /** All pages have been looked at when the database was opened. */
  constructor(database: Database, onDamage: (error: unknown) => void, restMs = REST_MS) {
    this.#database = database;
    this.#onDamage = onDamage;
    this.#rest(restMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #rest(restMs: number): void {
    this.#timer = setTimeout(() => this.#look(restMs), restMs).unref();
  }

  #look(restMs: number): void {
    try {
      if (this.#database.patrolPages()) this.#rest(restMs);
      else this.#timer = setTimeout(() => this.#look(restMs), STEP_INTERVAL_MS).unref();
    } catch (error) {
      if (isOutOfFiles(error)) this.#rest(restMs);
      else this.#onDamage(error);
    }
  }
}
