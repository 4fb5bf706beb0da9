import { crc32 } from 'node:zlib';
import { PageFile } from './PageFile.ts';
import type { PageSums } from './PageSums.ts';
import { WriteAheadLog } from './WriteAheadLog.ts';

/** A page that is not what was written; the message says which. */
export class PageDamageError extends Error {
  override readonly name = 'PageDamageError';
  readonly pages: readonly number[];
  /** Whether another program may have written them: it copied a log into the database that a killed process had left, and removed it. */
  readonly mayBeNewer: boolean;

  constructor(path: string, pages: readonly number[], mayBeNewer = false) {
    const which =
      pages.length === 1 ? `page ${pages[0]}` : `${pages.length} pages, the first of them ${pages[0]},`;
    super(`${which} of ${path} is not what was written there`);
    this.pages = pages;
    this.mayBeNewer = mayBeNewer;
  }
}

/** Compares the pages of a database with their sums, some at a time. Whoever writes pages does so between steps. */
export class PagePatrol {
  /** Pages whose own sums were damaged, and were made anew. */
  mended = 0;
  readonly #path: string;
  readonly #sums: PageSums;
  readonly #file: PageFile;
  readonly #isLogged: ((page: number) => boolean) | undefined;
  #next = 1;
  /** Of the log, as it was when it was read. */
  #logged: ReadonlySet<number> = new Set();

  /** @param isLogged whether a page is in the log, where that is known without reading it */
  constructor(path: string, sums: PageSums, isLogged?: (page: number) => boolean) {
    this.#path = path;
    this.#isLogged = isLogged;
    this.#sums = sums;
    this.#file = PageFile.open(path, sums.pageBytes);
  }

  /**
   * Looks at some more pages, and says which of them are damaged; undefined: the last one has been looked at, and the first is the next. A page whose sum
   * is damaged is taken as it is, if sums are not only read.
   */
  step(): number[] | undefined {
    const pages = this.#file.read(this.#next);
    const beyond = this.#sums.pages - this.#next + 1;
    if (pages.length === 0 && beyond <= 0) {
      this.#next = 1;
      return undefined;
    }
    const count = pages.length > 0 ? pages.length : beyond;
    const first = this.#next;
    this.#next += count;
    return this.#damaged(first, pages, count);
  }

  /** Looks at one page once more. */
  isDamaged(page: number): boolean {
    return this.#damaged(page, this.#file.read(page).slice(0, 1), 1).length > 0;
  }

  /** Pages that have been looked at since the first. */
  get looked(): number {
    return this.#next - 1;
  }

  close(): void {
    this.#file.close();
  }

  #damaged(first: number, pages: readonly Buffer[], count: number): number[] {
    const suspects = this.#suspects(first, pages, count);
    if (suspects.length === 0) return suspects;
    if (this.#isLogged !== undefined) return suspects.filter((page) => this.#isLogged?.(page) === false);
    return this.#notLogged(suspects);
  }

  /** A log is read once, and again where it does not have what it had not: a long one is read for seconds. */
  #notLogged(suspects: readonly number[]): number[] {
    const left = suspects.filter((page) => !this.#logged.has(page));
    if (left.length === 0) return left;
    this.#logged = loggedPages(`${this.#path}-wal`).pages;
    return left.filter((page) => !this.#logged.has(page));
  }

  #suspects(first: number, pages: readonly Buffer[], count: number): number[] {
    const suspects: number[] = [];
    for (const [index, sum] of this.#sums.read(first, count).entries()) {
      const page = pages[index];
      const isWhole = page?.length === this.#sums.pageBytes;
      if (typeof sum === 'number') {
        if (!isWhole || crc32(page) !== sum) suspects.push(first + index);
      } else if (isWhole && (sum === 'DAMAGED' || page.some((byte) => byte !== 0))) {
        if (this.#sums.isWritten) this.#sums.adopt(first + index, page);
        this.mended += 1;
      }
    }
    return suspects;
  }
}

/** The pages that a log's transactions have written, up to which frame they go, and which log it is; undefined: there is none. */
export function loggedPages(path: string): {
  readonly pages: ReadonlySet<number>;
  readonly frames: number;
  readonly salt: Buffer | undefined;
} {
  const pages = new Set<number>();
  const log = WriteAheadLog.open(path);
  let frames = 0;
  try {
    let open: number[] = [];
    for (const { number, page, fits, isCommit } of log?.frames() ?? []) {
      if (!fits) break;
      open.push(page);
      if (!isCommit) continue;
      for (const written of open) pages.add(written);
      open = [];
      frames = number + 1;
    }
    return { pages, frames, salt: log?.salt };
  } finally {
    log?.close();
  }
}
