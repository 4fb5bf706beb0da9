import { closeSync, openSync, statSync } from 'node:fs';
import { readAt } from './fileAt.ts';

/** The format of SQLite's write-ahead log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
const PAGE_SIZE_OFFSET = 8;
const SALT_OFFSET = 16;
const HEADER_CHECKSUM_OFFSET = 24;
const COMMIT_OFFSET = 4;
const FRAME_SALT_OFFSET = 8;
const FRAME_CHECKSUM_OFFSET = 16;
/** What of a frame's header its checksum covers. */
const CHECKED_FRAME_BYTES = 8;
/** Frames that are read at a time. */
const FRAMES_AT_A_TIME = 64;

type Checksum = readonly [number, number];

/** One page as a transaction left it. */
interface LogFrame {
  /** Counted from 0. */
  readonly number: number;
  /** Of the database, counted from 1. */
  readonly page: number;
  /** Whether a transaction ends with it. */
  readonly isCommit: boolean;
  /** Whether its salt is that of the log, and not of one that was there before. */
  readonly isOfThisLog: boolean;
  /** Whether, beyond that, its checksum is right, which goes on from what the frame before says of itself. */
  readonly fits: boolean;
  /** The page; a view that the next frames are read into. */
  readonly bytes: Buffer;
}

/** SQLite's write-ahead log, read as a file. */
export class WriteAheadLog {
  /** Whether its header is what SQLite would have written. */
  readonly isSound: boolean;
  /** Of 8 bytes; another whenever the log begins anew. */
  readonly salt: Buffer;
  readonly #file: number;
  readonly #header: Buffer;
  readonly #frames: number;
  readonly #frameBytes: number;
  readonly #isBigEndian: boolean;

  private constructor(file: number, header: Buffer, bytes: number) {
    this.#file = file;
    this.#header = header;
    const isWhole = header.length === HEADER_BYTES && (header.readUInt32BE(0) & ~1) >>> 0 === MAGIC;
    this.#isBigEndian = isWhole && (header.readUInt32BE(0) & 1) === 1;
    this.isSound =
      isWhole &&
      isStoredAt(
        header,
        HEADER_CHECKSUM_OFFSET,
        checksum(header.subarray(0, HEADER_CHECKSUM_OFFSET), [0, 0], this.#isBigEndian),
      );
    this.salt = header.subarray(SALT_OFFSET, HEADER_CHECKSUM_OFFSET);
    this.#frameBytes = this.isSound ? FRAME_HEADER_BYTES + header.readUInt32BE(PAGE_SIZE_OFFSET) : 1;
    this.#frames = this.isSound ? Math.floor((bytes - HEADER_BYTES) / this.#frameBytes) : 0;
  }

  /** Undefined if there is none, or none but begun when the power failed. Whoever opens it closes it. */
  static open(path: string): WriteAheadLog | undefined {
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes === 0) return undefined;
    const file = openSync(path, 'r');
    const header = bytesAt(file, 0, Math.min(HEADER_BYTES, bytes));
    if (header.some((byte) => byte !== 0)) return new WriteAheadLog(file, header, bytes);
    closeSync(file);
    return undefined;
  }

  /** All frames that the file has room for from one on, also those that do not fit. */
  *frames(first = 0): Generator<LogFrame> {
    let sum = this.#sumBefore(first);
    for (let number = first; number < this.#frames; number += FRAMES_AT_A_TIME) {
      const count = Math.min(FRAMES_AT_A_TIME, this.#frames - number);
      const at = HEADER_BYTES + number * this.#frameBytes;
      const bytes = bytesAt(this.#file, at, count * this.#frameBytes);
      for (let index = 0; index < count; index++) {
        const frame = bytes.subarray(index * this.#frameBytes, (index + 1) * this.#frameBytes);
        yield this.#frame(number + index, frame, sum);
        sum = storedAt(frame, FRAME_CHECKSUM_OFFSET);
      }
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #frame(number: number, frame: Buffer, sum: Checksum): LogFrame {
    const own = checksum(frame.subarray(0, CHECKED_FRAME_BYTES), sum, this.#isBigEndian);
    const bytes = frame.subarray(FRAME_HEADER_BYTES);
    const isOfThisLog = frame.subarray(FRAME_SALT_OFFSET, FRAME_CHECKSUM_OFFSET).equals(this.salt);
    return {
      number,
      page: frame.readUInt32BE(0),
      isCommit: frame.readUInt32BE(COMMIT_OFFSET) > 0,
      isOfThisLog,
      fits: isOfThisLog && isStoredAt(frame, FRAME_CHECKSUM_OFFSET, checksum(bytes, own, this.#isBigEndian)),
      bytes,
    };
  }

  #sumBefore(number: number): Checksum {
    if (number === 0) return storedAt(this.#header, HEADER_CHECKSUM_OFFSET);
    const at = HEADER_BYTES + (number - 1) * this.#frameBytes;
    return storedAt(bytesAt(this.#file, at, FRAME_HEADER_BYTES), FRAME_CHECKSUM_OFFSET);
  }
}

function bytesAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  readAt(file, bytes, at);
  return bytes;
}

function storedAt(bytes: Buffer, at: number): Checksum {
  return [bytes.readUInt32BE(at) | 0, bytes.readUInt32BE(at + 4) | 0];
}

function isStoredAt(bytes: Buffer, at: number, [one, other]: Checksum): boolean {
  const stored = storedAt(bytes, at);
  return stored[0] === one && stored[1] === other;
}

/** Of whole pairs of 32-bit words, going on from `seed`. */
function checksum(bytes: Buffer, seed: Checksum, isBigEndian: boolean): Checksum {
  const source = isBigEndian ? Buffer.from(new Uint8Array(bytes)).swap32() : bytes;
  const words = new Int32Array(source.buffer, source.byteOffset, source.byteLength / 4);
  let [one, other] = seed;
  for (let at = 0; at < words.length; at += 2) {
    one = (one + (words[at] ?? 0) + other) | 0;
    other = (other + (words[at + 1] ?? 0) + one) | 0;
  }
  return [one, other];
}
