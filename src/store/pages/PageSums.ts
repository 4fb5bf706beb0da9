import { closeSync, existsSync, fstatSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { flush } from '../flush.ts';
import { readAt, writeAt } from './fileAt.ts';
import { PageFile } from './PageFile.ts';
import { WriteAheadLog } from './WriteAheadLog.ts';

/**
 * The file beside a database that has a checksum of each of its pages, since SQLite has none: whatever a disk gives back wrong is told from what
 * was written, wherever it stands. Sums go to the disk *before* the pages that they are of are copied from the write-ahead log into the
 * database. So at any moment, whatever kills the process, a page is what its sum is of, or the log has it.
 *
 * 8 bytes a page, after a header: the CRC-32 of the page, and the same once more, mixed with the page's number, so that a sum that is damaged
 * itself is told from a page that is. Zeros stand for a page that was never written.
 */

const SUFFIX = '-sums';
const PARTIAL_SUFFIX = '.partial';
const MAGIC = 'Alcvsums';
const VERSION = 1;
/** Magic 8, version 4, page size 4, the log's salt 8, frames of that log 4, the database's state 4, CRC-32 of all these 4. */
const HEADER_BYTES = 36;
const VERSION_OFFSET = 8;
const PAGE_BYTES_OFFSET = 12;
const SALT_OFFSET = 16;
const FRAMES_OFFSET = 24;
const STATE_OFFSET = 28;
const HEADER_CHECKSUM_OFFSET = 32;
const ENTRY_BYTES = 8;
const MIX = 0x5bd1e995;

/**
 * CLOSED: all that the log had is summed. OPEN: a process writes the database, or was killed; its log has what is not summed yet, and whoever else closes the
 * database as the last one copies that, and removes the log. DAMAGED: OPEN, and a page was found that is not what was written.
 */
export type PagesState = (typeof STATES)[number];
const STATES = ['CLOSED', 'OPEN', 'DAMAGED'] as const;

/** How far a log had been written when its pages were first copied into the database. */
interface LogMark {
  readonly salt: Buffer;
  readonly frames: number;
}

const NO_LOG: LogMark = { salt: Buffer.alloc(SALT_OFFSET / 2), frames: 0 };

/** What a page is compared with: its sum, none (it was never written), or a sum that is damaged itself. */
type PageSum = number | 'NONE' | 'DAMAGED';

/** The log is not what was written to it. */
export class LogDamageError extends Error {
  override readonly name = 'LogDamageError';
}

export function pageSumsPath(databasePath: string): string {
  return databasePath + SUFFIX;
}

/** Forgets the sums of a database that is replaced, or is written by others: they are made anew when it is opened. */
export function forgetPageSums(databasePath: string): void {
  rmSync(pageSumsPath(databasePath), { force: true });
}

export class PageSums {
  readonly pageBytes: number;
  /** False: they are only read. */
  readonly isWritten: boolean;
  readonly #path: string;
  readonly #file: number;
  #mark: LogMark;
  #state: PagesState;
  /** What has been summed, and not yet copied from the log, since this process opened the sums. */
  readonly #logged = new Set<number>();
  #covered = NO_LOG;

  /** `header`: a sound one. */
  private constructor(path: string, file: number, header: Buffer, isWritten: boolean) {
    this.isWritten = isWritten;
    this.#path = path;
    this.#file = file;
    this.pageBytes = header.readUInt32LE(PAGE_BYTES_OFFSET);
    this.#mark = {
      salt: header.subarray(SALT_OFFSET, FRAMES_OFFSET),
      frames: header.readUInt32LE(FRAMES_OFFSET),
    };
    this.#state = STATES[header.readUInt32LE(STATE_OFFSET)] ?? 'OPEN';
  }

  /** The sums of a database, or undefined where there are none, or their file has no header that can be believed. */
  static open(databasePath: string, flags: 'r' | 'r+' = 'r+'): PageSums | undefined {
    const path = pageSumsPath(databasePath);
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const file = openSync(path, flags);
    const header = Buffer.alloc(HEADER_BYTES);
    readAt(file, header, 0);
    const isSound =
      header.toString('latin1', 0, VERSION_OFFSET) === MAGIC &&
      header.readUInt32LE(VERSION_OFFSET) === VERSION &&
      header.readUInt32LE(HEADER_CHECKSUM_OFFSET) === crc32(header.subarray(0, HEADER_CHECKSUM_OFFSET));
    if (isSound) return new PageSums(databasePath, file, header, flags === 'r+');
    closeSync(file);
    return undefined;
  }

  /** Makes the sums of a database as it is, whatever it is; also of one that is not there yet. What only its log has is added by {@link cover}. */
  static make(databasePath: string, pageBytes: number): PageSums {
    const path = pageSumsPath(databasePath);
    const partial = path + PARTIAL_SUFFIX;
    const file = openSync(partial, 'w');
    try {
      writeAt(file, headerOf(pageBytes, NO_LOG, 'CLOSED'), 0);
      const database = existsSync(databasePath) ? PageFile.open(databasePath, pageBytes) : undefined;
      try {
        for (let first = 1, pages = database?.read(first) ?? []; pages.length > 0; ) {
          const entries = Buffer.concat(pages.map((page, index) => entryOf(first + index, crc32(page))));
          writeAt(file, entries, offsetOf(first));
          first += pages.length;
          pages = database?.read(first) ?? [];
        }
      } finally {
        database?.close();
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
    flush(dirname(path));
    const made = PageSums.open(databasePath);
    if (made === undefined) throw new Error(`The file ${path} is not what was written to it.`);
    return made;
  }

  /**
   * Sums the pages of the log's first `frames` frames, and flushes them: to be called before any of them is copied into the database, while nothing
   * is written. @throws LogDamageError if a frame is not what was written
   */
  cover(frames: number): void {
    const logPath = `${this.#path}-wal`;
    const log = WriteAheadLog.open(logPath);
    if (log === undefined) return;
    try {
      const isSame = this.#covered.salt.equals(log.salt);
      const first = isSame ? this.#covered.frames : 0;
      if (frames <= first) return;
      const sums = summed(log, first, frames);
      // What a killed process has written, and not flushed, would be older than its sums after a power failure.
      flush(logPath);
      // A log begins anew when all of it has been copied.
      if (!isSame) this.#logged.clear();
      // Before they are written: where that fails in the middle, some pages of the database are older than their sums.
      for (const page of sums.keys()) this.#logged.add(page);
      this.#write(sums, { salt: Buffer.from(log.salt), frames });
      this.#covered = this.#mark;
    } finally {
      log.close();
    }
  }

  /** Everything that was summed is in the database now. */
  copied(): void {
    this.#logged.clear();
  }

  /** Whether a page that was summed is in the log alone, as far as is known, and so may be older in the database. */
  isLogged(page: number): boolean {
    return this.#logged.has(page);
  }

  #write(sums: ReadonlyMap<number, number>, mark: LogMark): void {
    const pages = [...sums.keys()].sort((one, other) => one - other);
    for (let from = 0, to = 1; from < pages.length; from = to, to = from + 1) {
      while (to < pages.length && pages[to] === (pages[to - 1] ?? 0) + 1) to += 1;
      const run = pages.slice(from, to);
      const entries = Buffer.concat(run.map((page) => entryOf(page, sums.get(page) ?? 0)));
      writeAt(this.#file, entries, offsetOf(run[0] ?? 1));
    }
    this.#writeHeader(mark, this.#state);
  }

  #writeHeader(mark: LogMark, state: PagesState): void {
    writeAt(this.#file, headerOf(this.pageBytes, mark, state), 0);
    fsyncSync(this.#file);
    this.#mark = mark;
    this.#state = state;
  }

  get state(): PagesState {
    return this.#state;
  }

  /** Says so on the disk: OPEN before anything is written to the log, CLOSED after all that it has is summed. */
  set state(state: PagesState) {
    if (state !== this.#state) this.#writeHeader(this.#mark, state);
  }

  /** Up to which frame, and of which log, pages may have been copied into the database. */
  get mark(): LogMark {
    return this.#mark;
  }

  /** Pages that have a place here, written or not. */
  get pages(): number {
    return Math.max(0, Math.floor((fstatSync(this.#file).size - HEADER_BYTES) / ENTRY_BYTES));
  }

  /** The sums of `count` pages from one on. */
  read(first: number, count: number): PageSum[] {
    const bytes = Buffer.alloc(count * ENTRY_BYTES);
    readAt(this.#file, bytes, offsetOf(first));
    return Array.from({ length: count }, (_, index): PageSum => {
      const sum = bytes.readUInt32LE(index * ENTRY_BYTES);
      const mixed = bytes.readUInt32LE(index * ENTRY_BYTES + 4);
      if (mixed === mix(first + index, sum)) return sum;
      return sum === 0 && mixed === 0 ? 'NONE' : 'DAMAGED';
    });
  }

  /** Takes a page as it is for what it should be. */
  adopt(page: number, bytes: Uint8Array): void {
    writeAt(this.#file, entryOf(page, crc32(bytes)), offsetOf(page));
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** CRC-32 of pages as the frames from `first` up to `end` leave them. */
function summed(log: WriteAheadLog, first: number, end: number): Map<number, number> {
  const sums = new Map<number, number>();
  let next = first;
  for (const { number, page, fits, bytes } of log.frames(first)) {
    if (number >= end) break;
    if (!fits)
      throw new LogDamageError(`The log of the database is damaged in frame ${number + 1} of ${end}.`);
    sums.set(page, crc32(bytes));
    next = number + 1;
  }
  if (next < end) throw new LogDamageError(`The log of the database ends after ${next} of ${end} frames.`);
  return sums;
}

function headerOf(pageBytes: number, { salt, frames }: LogMark, state: PagesState): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  header.writeUInt32LE(VERSION, VERSION_OFFSET);
  header.writeUInt32LE(pageBytes, PAGE_BYTES_OFFSET);
  salt.copy(header, SALT_OFFSET);
  header.writeUInt32LE(frames, FRAMES_OFFSET);
  header.writeUInt32LE(STATES.indexOf(state), STATE_OFFSET);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_CHECKSUM_OFFSET)), HEADER_CHECKSUM_OFFSET);
  return header;
}

function entryOf(page: number, sum: number): Buffer {
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry.writeUInt32LE(sum);
  entry.writeUInt32LE(mix(page, sum), 4);
  return entry;
}

function mix(page: number, sum: number): number {
  return (sum ^ Math.imul(page, MIX)) >>> 0;
}

function offsetOf(page: number): number {
  return HEADER_BYTES + (page - 1) * ENTRY_BYTES;
}
