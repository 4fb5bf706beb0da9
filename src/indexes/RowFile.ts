import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { AlcoveError } from '../errors.ts';

/** What the name of an index file is followed by in that of its rows. */
export const ROWS_EXTENSION = '.rows';

/** What follows a row: the checksum (u32) of the row and its slot, and zeros up to a multiple of 16. */
const TRAILER_BYTES = 16;

/** The file of an index's rows, if the index is saved at `path`. */
export const rowsPath = (path: string): string => `${path}${ROWS_EXTENSION}`;

/** Bytes of a row as it lies in the file, and in the memory that it is read into: `rowBytes` is a multiple of 16. */
export const storedRowBytes = (rowBytes: number): number => rowBytes + TRAILER_BYTES;

/**
 * How rows are checked in their file; an image names it. In files of before, which name 0, checksums did not know of slots: a
 * row in the place of another was taken for it.
 */
export const ROWS_VERSION = 1;

/**
 * Closes the files of those that were never closed: as an index's memory, a file goes when the last who knew of it has let go
 * of it and its garbage is collected.
 */
const forgotten = new FinalizationRegistry<number>((file) => closeSync(file));

const fdatasyncAside = promisify(fdatasync);

/**
 * The float32 rows of an index that keeps only codes in memory: one after the other in the order of their slots, each
 * with a checksum that also tells rows in each other's places, so that a search reads the few that it compares at the end, wherever they lie, and trusts none
 * unseen. One thread appends; any number read what was appended before they learned of it.
 */
export class RowFile implements Disposable {
  readonly path: string;
  readonly #file: number;
  readonly #rowBytes: number;

  private constructor(path: string, flags: 'w+' | 'r+', rowBytes: number) {
    this.path = path;
    this.#rowBytes = rowBytes;
    this.#file = openSync(path, flags);
    forgotten.register(this, this.#file, this);
  }

  /** An empty file, whatever was there before. */
  static create(path: string, rowBytes: number): RowFile {
    return new RowFile(path, 'w+', rowBytes);
  }

  /**
   * A file to append to after its first `count` rows; what comes after those is cut off.
   * @throws AlcoveError DamagedError when it holds fewer.
   */
  static open(path: string, rowBytes: number, count: number): RowFile {
    const rows = new RowFile(path, 'r+', rowBytes);
    const expected = count * storedRowBytes(rowBytes);
    const { size } = fstatSync(rows.#file);
    if (size < expected) {
      rows.close();
      throw damaged(path, 'length', size, `at least ${expected}`);
    }
    ftruncateSync(rows.#file, expected);
    return rows;
  }

  /** The file of an index that another thread has made. */
  static attach(path: string, rowBytes: number): RowFile {
    return new RowFile(path, 'r+', rowBytes);
  }

  /**
   * Writes rows (`n × dimension`) to the places of `slot` and those after it. What a failure leaves there is
   * overwritten by the next attempt.
   * @throws AlcoveError CapacityExceededError when the disk is full.
   */
  append(slot: number, rows: Float32Array, dimension: number): void {
    const stored = storedRowBytes(this.#rowBytes);
    const count = rows.length / dimension;
    const bytes = Buffer.alloc(count * stored);
    for (let i = 0; i < count; i++) {
      const row = bytes.subarray(i * stored, i * stored + this.#rowBytes);
      row.set(new Uint8Array(rows.buffer, rows.byteOffset + i * dimension * 4, dimension * 4));
      bytes.writeUInt32LE(checksumOf(row, slot + i), i * stored + this.#rowBytes);
    }
    try {
      for (let at = 0; at < bytes.length; )
        at += writeSync(this.#file, bytes, at, bytes.length - at, slot * stored + at);
    } catch (cause) {
      throw isFull(cause) ? full(this.path, bytes.length, cause) : cause;
    }
  }

  /**
   * Reads the row of a slot, with what follows it, into `into` ({@link storedRowBytes}).
   * @throws AlcoveError DamagedError
   */
  read(slot: number, into: Uint8Array): void {
    const got = this.#readAt(slot * into.length, into);
    if (got !== into.length) throw damaged(this.path, `row ${slot}`, got, `${into.length} bytes`);
    const { buffer, byteOffset } = into;
    const stored = new DataView(buffer, byteOffset + this.#rowBytes, TRAILER_BYTES).getUint32(0, true);
    const computed = checksumOf(into.subarray(0, this.#rowBytes), slot);
    if (stored !== computed) throw damaged(this.path, `row ${slot}`, computed, `checksum ${stored}`);
  }

  /** Bytes read; what the disk cannot give counts as damaged, for the store has it, too. */
  #readAt(position: number, into: Uint8Array): number {
    try {
      return readSync(this.#file, into, 0, into.length, position);
    } catch (cause) {
      throw damaged(this.path, `position ${position}`, String(cause), 'a readable file', cause);
    }
  }

  /** Makes what was appended durable. */
  sync(): void {
    fdatasyncSync(this.#file);
  }

  /** As {@link sync}, while the thread serves others. */
  async syncAside(): Promise<void> {
    await fdatasyncAside(this.#file);
  }

  close(): void {
    forgotten.unregister(this);
    closeSync(this.#file);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A CRC that begins with the slot, so that one row has another in every slot. */
function checksumOf(row: Uint8Array, slot: number): number {
  return crc32(row, slot);
}

/** Whether an error says that a row could not be read as it was written: the store still has it. */
export const isDamagedRow = (error: unknown): boolean =>
  error instanceof AlcoveError &&
  error.kind === 'DamagedError' &&
  String(error.detail.file).endsWith(ROWS_EXTENSION);

/** What the system says when there is no room left: on the disk, of a user, or for one file. */
const FULL_CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && FULL_CODES.includes(error.code);

function full(path: string, bytes: number, cause: unknown): AlcoveError {
  return new AlcoveError(
    'CapacityExceededError',
    `${path}: got no room for ${bytes} bytes; free some on its disk or raise the limit`,
    { detail: { file: path, got: 0, expected: bytes }, cause },
  );
}

function damaged(
  path: string,
  field: string,
  got: number | string,
  expected: string,
  cause?: unknown,
): AlcoveError {
  return new AlcoveError('DamagedError', `${path}: ${field}: got ${got}, expected ${expected}`, {
    detail: { file: path, field, got, expected },
    ...(cause === undefined ? {} : { cause }),
  });
}
