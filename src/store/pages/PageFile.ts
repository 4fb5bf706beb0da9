import { closeSync, openSync } from 'node:fs';
import { readAt } from './fileAt.ts';

/** Of a page in a database that this program makes: two vectors of 768 floats, or five of 384. */
export const PAGE_BYTES = 8_192;
/** Pages that are read at a time: a MiB. */
const PAGES_AT_A_TIME = 128;

/**
 * A database as the pages of a file. On POSIX systems a process that closes a file gives up all locks that it has on it, SQLite's too:
 * so it is closed before the database is opened, or after it is closed, and not in between.
 */
export class PageFile {
  readonly #file: number;
  readonly #pageBytes: number;
  readonly #buffer: Buffer;

  private constructor(file: number, pageBytes: number) {
    this.#file = file;
    this.#pageBytes = pageBytes;
    this.#buffer = Buffer.alloc(PAGES_AT_A_TIME * pageBytes);
  }

  static open(path: string, pageBytes: number): PageFile {
    return new PageFile(openSync(path, 'r'), pageBytes);
  }

  /** Some pages from one on (the first is 1), none after the last; that may be cut. Views that the next read overwrites. */
  read(first: number): Buffer[] {
    const at = (first - 1) * this.#pageBytes;
    const bytes = readAt(this.#file, this.#buffer, at);
    return Array.from({ length: Math.ceil(bytes / this.#pageBytes) }, (_, index) =>
      this.#buffer.subarray(index * this.#pageBytes, Math.min(bytes, (index + 1) * this.#pageBytes)),
    );
  }

  close(): void {
    closeSync(this.#file);
  }
}
