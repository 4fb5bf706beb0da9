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
  readonly #restMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** Begins when it has rested, as if all pages had been looked at when the database was opened. */
  constructor(database: Database, onDamage: (error: unknown) => void, restMs = REST_MS) {
    this.#database = database;
    this.#onDamage = onDamage;
    this.#restMs = restMs;
    this.#rest();
  }

  /** Looks at some pages now, and goes on from there. */
  look(): void {
    clearTimeout(this.#timer);
    try {
      if (this.#database.patrolPages()) this.#rest();
      else this.#timer = setTimeout(() => this.look(), STEP_INTERVAL_MS).unref();
    } catch (error) {
      if (isOutOfFiles(error)) this.#rest();
      else this.#onDamage(error);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #rest(): void {
    this.#timer = setTimeout(() => this.look(), this.#restMs).unref();
  }
}
