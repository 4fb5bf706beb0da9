import { closeSync, openSync, readSync, statSync } from 'node:fs';

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

type Checksum = readonly [number, number];

/**
 * Where a write-ahead log is damaged before its last transaction, in words, or undefined. SQLite takes the first frame that does not
 * fit for the end of the log, as a power failure leaves it, and would drop all that was committed after it without a word. But a
 * transaction is only begun when the one before it is on the disk: so where a commit comes after a frame that does not fit, and
 * another frame after that commit, it was no power failure. Damage to the last transaction alone cannot be told from one.
 */
export function findLogDamage(path: string): string | undefined {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes === 0) return undefined;
  const file = openSync(path, 'r');
  try {
    const header = readAt(file, 0, Math.min(HEADER_BYTES, bytes));
    // A log that was begun, and no more, when the power failed.
    if (header.every((byte) => byte === 0)) return undefined;
    return findDamage(file, header, bytes);
  } finally {
    closeSync(file);
  }
}

function findDamage(file: number, header: Buffer, bytes: number): string | undefined {
  const isWhole = header.length === HEADER_BYTES && (header.readUInt32BE(0) & ~1) >>> 0 === MAGIC;
  if (!isWhole) return 'its header';
  const isBigEndian = (header.readUInt32BE(0) & 1) === 1;
  let sum = checksum(header, 0, HEADER_CHECKSUM_OFFSET, [0, 0], isBigEndian);
  if (!isStoredAt(header, HEADER_CHECKSUM_OFFSET, sum)) return 'its header';
  const salt = header.subarray(SALT_OFFSET, HEADER_CHECKSUM_OFFSET);
  const frameBytes = FRAME_HEADER_BYTES + header.readUInt32BE(PAGE_SIZE_OFFSET);
  let misfit: number | undefined;
  let isAfterCommit = false;
  for (let number = 0; HEADER_BYTES + (number + 1) * frameBytes <= bytes; number++) {
    const frame = readAt(file, HEADER_BYTES + number * frameBytes, frameBytes);
    const isOfThisLog = frame.subarray(FRAME_SALT_OFFSET, FRAME_CHECKSUM_OFFSET).equals(salt);
    const own = checksum(frame, 0, CHECKED_FRAME_BYTES, sum, isBigEndian);
    sum = checksum(frame, FRAME_HEADER_BYTES, frameBytes, own, isBigEndian);
    const fits = isOfThisLog && isStoredAt(frame, FRAME_CHECKSUM_OFFSET, sum);
    if (!fits) misfit ??= number;
    else if (misfit !== undefined && isAfterCommit)
      return `frame ${misfit + 1}, after which more was committed`;
    isAfterCommit = misfit !== undefined && isOfThisLog && frame.readUInt32BE(COMMIT_OFFSET) > 0;
    // What comes after a frame that does not fit is held against what that frame says of itself.
    sum = [frame.readUInt32BE(FRAME_CHECKSUM_OFFSET), frame.readUInt32BE(FRAME_CHECKSUM_OFFSET + 4)];
  }
  return undefined;
}

function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, at);
  return bytes;
}

function isStoredAt(bytes: Buffer, at: number, [one, other]: Checksum): boolean {
  return bytes.readUInt32BE(at) === one && bytes.readUInt32BE(at + 4) === other;
}

function checksum(bytes: Buffer, from: number, to: number, seed: Checksum, isBigEndian: boolean): Checksum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [one, other] = seed;
  for (let at = from; at < to; at += 8) {
    one = (one + view.getUint32(at, !isBigEndian) + other) >>> 0;
    other = (other + view.getUint32(at + 4, !isBigEndian) + one) >>> 0;
  }
  return [one, other];
}
