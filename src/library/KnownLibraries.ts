import type { Database } from '../store/Database.ts';
import { findLibrary } from '../store/libraries.ts';
import type { LibraryBy } from './commands.ts';
import { toLibrary } from './records.ts';
import type { Library } from './types.ts';

/** Libraries that are remembered; all are forgotten when there are more. */
const MAX_KNOWN = 1_000;

/**
 * Libraries as a connection has read them since the last commit of another: every search begins with its library, whose settings are JSON,
 * and few commits come between two searches. Whether one has come is asked of the database each time, so that nothing is ever out of date.
 */
export class KnownLibraries {
  readonly #database: Database;
  readonly #byId = new Map<string, Library>();
  readonly #byName = new Map<string, Library>();
  #version: number | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A library by its id or its name, byte for byte. The same object until something is committed. */
  library(by: LibraryBy): Library | undefined {
    const version = this.#database.dataVersion();
    if (version === undefined) return this.#read(by);
    if (version !== this.#version || this.#byId.size + this.#byName.size >= MAX_KNOWN) {
      this.#byId.clear();
      this.#byName.clear();
      this.#version = version;
    }
    const [known, key] = by.id === undefined ? [this.#byName, by.name] : [this.#byId, by.id];
    if (key === undefined) return undefined;
    const library = known.get(key) ?? this.#read(by);
    if (library !== undefined) known.set(key, library);
    return library;
  }

  #read(by: LibraryBy): Library | undefined {
    const row = findLibrary(this.#database, by);
    return row && toLibrary(row);
  }
}
