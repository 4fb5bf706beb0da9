import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { APPLICATION_ID } from '../migrations.ts';
import { loggedPages, PageDamageError, PagePatrol } from './PagePatrol.ts';
import { forgetPageSums, LogDamageError, PageSums, pageSumsPath } from './PageSums.ts';

type LoggedPages = ReturnType<typeof loggedPages>;

/** SQLite's header: https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER_BYTES = 100;
const PAGE_SIZE_OFFSET = 16;
const VERSION_OFFSET = 60;
const APPLICATION_ID_OFFSET = 68;
/** The first version of the tables whose programs keep sums. */
const SUMS_SINCE = 11;
/** What stands for the greatest page size, which has no place there. */
const GREATEST = 1;
const GREATEST_PAGE_BYTES = 65_536;

/** What a look at all pages gave. */
interface PagesChecked {
  /** Undefined for a file that is not this program's. */
  readonly sums: PageSums | undefined;
  /** Lines for the log. */
  readonly notices: readonly string[];
}

export interface CheckOptions {
  /** Whether pages are to be compared at once, or later, by {@link PagePatrol}. Where something is known to be wrong, they are compared at once. */
  readonly pages?: 'AT_ONCE' | 'LATER' | undefined;
  /** Gets a line for the log every few seconds that the comparing takes. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/**
 * Compares every page of a database that nobody has opened with its sum, before anything is read from it. One that has no sums gets them; a new one has pages of
 * `pageBytes`.
 * @throws PageDamageError, or LogDamageError if the log ends before what was copied from it
 */
export function checkPages(path: string, pageBytes: number, options: CheckOptions = {}): PagesChecked {
  if (existsSync(`${path}-journal`) && sizeOf(`${path}-wal`) === 0) rollBack(path);
  if (!isOfSums(path)) forgetPageSums(path);
  const hadSums = existsSync(pageSumsPath(path));
  const sums = PageSums.open(path);
  if (sums === undefined) {
    const size = pageSize(path, pageBytes);
    // An empty file would get SQLite's own page size by that.
    if (size !== undefined && readHeader(path) !== undefined) beginLogging(path);
    return {
      sums: size === undefined ? undefined : PageSums.make(path, size),
      notices: hadSums ? [mendedNotice('The')] : [],
    };
  }
  try {
    const logged = loggedPages(`${path}-wal`);
    checkMark(path, sums, logged);
    const isKnownSound = sums.state === 'CLOSED' || (sums.state === 'OPEN' && hasLog(path));
    if (options.pages === 'LATER' && isKnownSound) return { sums, notices: [] };
    const mended = checkAll(path, sums, logged, options.onProgress);
    return { sums, notices: mended === 0 ? [] : [mendedNotice(String(mended))] };
  } catch (error) {
    sums.close();
    throw error;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Before its log is begun, a database is written with a journal of what was there, as when it is made. What a kill leaves of that is undone by a
 * connection that writes alone, and those that only read are opened first.
 */
function rollBack(path: string): void {
  const connection = new DatabaseSync(path);
  try {
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
  } finally {
    connection.close();
  }
}

/** That a database has a log, which a backup has not, is written into its first page past all logs; so before that is summed. */
function beginLogging(path: string): void {
  const connection = new DatabaseSync(path);
  try {
    connection.exec('PRAGMA journal_mode = WAL');
  } finally {
    connection.close();
  }
}

const TELL_INTERVAL_MS = 5_000;

/** A page that is being copied while others look at it is right a moment later. */
const LOOKS = 3;
const LOOK_INTERVAL_MS = 500;
/** Pages that are looked at once more: that one of them is damaged says enough. */
const MAX_SUSPECTS = 100;

/**
 * Compares every page of a database that others may be writing with its sum, and changes nothing. Returns how many of them there are; undefined:
 * there are no sums. @throws PageDamageError
 */
export async function verifyPages(path: string): Promise<number | undefined> {
  const sums = PageSums.open(path, 'r');
  if (sums === undefined) return undefined;
  const patrol = new PagePatrol(path, sums);
  try {
    let suspects = allDamaged(patrol);
    for (let look = 1; look < LOOKS && suspects.length > 0; look++) {
      await delay(LOOK_INTERVAL_MS);
      suspects = suspects.slice(0, MAX_SUSPECTS).filter((page) => patrol.isDamaged(page));
    }
    if (suspects.length > 0) throw new PageDamageError(path, suspects);
    return sums.pages;
  } finally {
    patrol.close();
    sums.close();
  }
}

/** Whether sums that are beside a database can be its own: a program that keeps none may have written it, or an older one have restored it. */
function isOfSums(path: string): boolean {
  const header = readHeader(path);
  const isOfProgram = header?.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID;
  return existsSync(path) && !(isOfProgram && header.readUInt32BE(VERSION_OFFSET) < SUMS_SINCE);
}

/** Undefined where there is not a byte. */
function readHeader(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  const bytes = readSync(file, header, 0, HEADER_BYTES, 0);
  closeSync(file);
  return bytes === 0 ? undefined : header;
}

/** Of a file of this program, or of one to come; undefined of any other. */
function pageSize(path: string, ofNew: number): number | undefined {
  const header = readHeader(path);
  if (header === undefined) return ofNew;
  if (header.readUInt32BE(APPLICATION_ID_OFFSET) !== APPLICATION_ID) return undefined;
  const size = header.readUInt16BE(PAGE_SIZE_OFFSET);
  return size === GREATEST ? GREATEST_PAGE_BYTES : size;
}

/** Returns how many sums were damaged themselves. */
function checkAll(
  path: string,
  sums: PageSums,
  logged: LoggedPages,
  onProgress: CheckOptions['onProgress'],
): number {
  const patrol = new PagePatrol(path, sums, (page) => logged.pages.has(page));
  const mebibytes = (pages: number) => Math.round((pages * sums.pageBytes) / 2 ** 20);
  const tell = (pages: number) =>
    onProgress?.(
      `compares the database with its checksums: ${mebibytes(pages)} of ${mebibytes(sums.pages)} MiB`,
    );
  try {
    const damaged = allDamaged(patrol, tell);
    if (damaged.length > 0) throw new PageDamageError(path, damaged, sums.state === 'OPEN' && !hasLog(path));
    return patrol.mended;
  } finally {
    patrol.close();
  }
}

/** Calls `tell` every few seconds with the number of pages that have been looked at. */
function allDamaged(patrol: PagePatrol, tell: (pages: number) => void = () => {}): number[] {
  const damaged: number[] = [];
  let toldAt = performance.now();
  for (let some = patrol.step(); some !== undefined; some = patrol.step()) {
    damaged.push(...some);
    if (performance.now() - toldAt < TELL_INTERVAL_MS) continue;
    tell(patrol.looked);
    toldAt = performance.now();
  }
  return damaged;
}

/** A page that was copied may be older in what is left of the log than it is in the database. */
function checkMark(path: string, { mark }: PageSums, { salt, frames }: LoggedPages): void {
  if (salt?.equals(mark.salt) === true && frames < mark.frames)
    throw new LogDamageError(
      `${path}-wal, the log of the database, holds ${frames} of the ${mark.frames} frames that were written`,
    );
}

function hasLog(path: string): boolean {
  return sizeOf(`${path}-wal`) > 0;
}

function mendedNotice(count: string): string {
  return `${count} checksums of pages of the database were damaged themselves, and were made anew; its rows have their own`;
}
