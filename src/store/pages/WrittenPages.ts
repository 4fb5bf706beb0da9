import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type CheckOptions, checkPages } from './checkPages.ts';
import { PageDamageError, PagePatrol } from './PagePatrol.ts';
import { PageSums, type PagesState } from './PageSums.ts';

/**
 * Keeps the sums of a database whose pages one connection writes (PageSums.ts).
 *
 * SQLite copies the log into the database by itself when the last connection to it is closed, also when that is torn down with its thread. So
 * there are others, which are closed after it unless all that the log has is summed: they only read, and cannot copy. Of what comes into being
 * in a thread, Node 26 tears down the oldest first, and a connection after its last statement. That is written nowhere, so one of the others is older than
 * the connection that writes, and one has always the youngest statement. They also keep SQLite from trying a sync that failed once more.
 */
export class WrittenPages {
  /** Lines for the log. */
  readonly notices: string[];
  /** The connection that writes. */
  readonly connection: DatabaseSync;
  readonly #path: string;
  readonly #holds: readonly DatabaseSync[];
  readonly #sums: PageSums | undefined;
  /** The youngest of its thread's. */
  youngest: StatementSync | undefined;
  #patrol: PagePatrol | undefined;

  private constructor(
    path: string,
    sums: PageSums | undefined,
    notices: readonly string[],
    timeoutMs: number,
  ) {
    this.#path = path;
    this.#sums = sums;
    this.notices = [...notices];
    const hold = (): DatabaseSync => new DatabaseSync(path, { readOnly: true, open: false });
    const older = hold();
    this.connection = new DatabaseSync(path, { timeout: timeoutMs, open: false });
    this.#holds = [older, hold()];
  }

  /**
   * Looks at all pages, unless that is put off, and connects. To be called before anything else has opened the database; the caller closes it.
   * @throws what {@link checkPages} throws
   */
  static open(path: string, pageBytes: number, timeoutMs: number, options?: CheckOptions): WrittenPages {
    const { sums, notices } = checkPages(path, pageBytes, options);
    const pages = new WrittenPages(path, sums, notices, timeoutMs);
    try {
      // Of a file that is still to be made, nothing can be copied.
      if (existsSync(path)) pages.#hold();
      pages.connection.open();
      return pages;
    } catch (error) {
      pages.close();
      throw error;
    }
  }

  /**
   * Copies the log of a database into it, also of one that is damaged, page by page: nothing of it is read for what it says.
   * @throws if another program keeps some of it from being copied
   */
  static takeInLog(path: string): void {
    const sums = PageSums.open(path);
    const pages = new WrittenPages(path, sums, [], 0);
    try {
      pages.#hold();
      pages.connection.open();
      pages.connection.exec('PRAGMA wal_autocheckpoint = 0');
      pages.cover();
      const { busy } = pages.connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {};
      pages.outlive();
      if (busy !== 0) throw new Error('another program reads the database: end that first');
    } finally {
      pages.close();
    }
  }

  /** Sums what the log has. From now on the connection may write. */
  begin(): void {
    this.#hold();
    if (this.#sums !== undefined) this.#sums.state = 'OPEN';
    this.cover();
  }

  /** A connection holds its file from its first read on. */
  #hold(): void {
    for (const hold of this.#holds) {
      if (!hold.isOpen) hold.open();
      hold.prepare('SELECT count(*) FROM sqlite_schema').get();
    }
  }

  /** To be called after the connection that writes has compiled a statement. */
  outlive(): void {
    this.youngest = this.#holds.at(-1)?.prepare('SELECT 1');
  }

  /** To be called before each checkpoint. @throws LogDamageError, or a system's error */
  cover(): void {
    const frames = Number(this.connection.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.log);
    this.outlive();
    if (frames > 0) this.#sums?.cover(frames);
  }

  /** To be called after a checkpoint, with what SQLite said of it. */
  checkpointed(frames: { readonly log: number; readonly checkpointed: number } | undefined): void {
    // Of a checkpoint that did not take place it says −1.
    if (frames !== undefined && frames.log >= 0 && frames.log === frames.checkpointed) this.#sums?.copied();
  }

  /**
   * Compares some more pages with their sums. Returns whether those were the last ones.
   * @throws PageDamageError
   */
  patrol(): boolean {
    if (this.#sums === undefined) return true;
    const sums = this.#sums;
    this.#patrol ??= new PagePatrol(this.#path, sums, (page) => sums.isLogged(page));
    const damaged = this.#patrol.step();
    if (damaged === undefined) return true;
    if (damaged.length === 0) return false;
    this.#say('DAMAGED');
    throw new PageDamageError(this.#path, damaged);
  }

  /** Closes the connection that writes, and all that is here. */
  close(): void {
    let isCovered = false;
    try {
      if (this.connection.isOpen) this.cover();
      isCovered = this.connection.isOpen;
      this.#release();
    } catch {
      // The log still holds everything, and stays: those that only read are closed after the other.
    }
    if (this.connection.isOpen) this.connection.close();
    this.youngest = undefined;
    this.#release();
    this.#patrol?.close();
    if (isCovered) this.#say('CLOSED');
    this.#sums?.close();
  }

  #say(state: PagesState): void {
    try {
      if (this.#sums !== undefined && this.#sums.state !== 'DAMAGED') this.#sums.state = state;
    } catch {
      // Then it counts as open, and as sound as it was.
    }
  }

  #release(): void {
    for (const hold of this.#holds) if (hold.isOpen) hold.close();
  }
}
