import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { HEADER_BYTES } from '../kernel/assembly/offsets.ts';
import { decodeHeader, encodeHeader, expectIntact } from './header.ts';
import { imageBytes, imageRanges, type Layout } from './layout.ts';
import { RowFile, rowsPath } from './RowFile.ts';
import { SteadyImage } from './SteadyImage.ts';
import { Segment } from './segment.ts';
import type { ImageOrigin } from './VectorIndex.ts';

/**
 * The file of a segment: its header, then its blocks as they lie in memory, each section cut to the slots in use.
 * Opening is reading, without a step per vector.
 */

function writeFully(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Makes a rename durable. */
function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Writes the image to `path`: to a temporary file beside it, which is synced and renamed. Called by the writer, the
 * only one who changes what is written. Returns bytes written.
 */
export function saveImage(segment: Segment, path: string, origin: ImageOrigin): number {
  const { layout } = segment;
  const state = segment.snapshot();
  const { count } = state;
  segment.rows?.sync();
  const memory = new Uint8Array(segment.memory.buffer);
  const unfinished = `${path}.${process.pid}.tmp`;
  const file = openSync(unfinished, 'w');
  try {
    writeFully(file, Buffer.alloc(HEADER_BYTES));
    let imageCrc = 0;
    for (const { start, end } of imageRanges(layout, count)) {
      const range = memory.subarray(start, end);
      imageCrc = crc32(range, imageCrc);
      writeFully(file, range);
    }
    writeSync(file, encodeHeader({ layout, ...state, origin, imageCrc }), 0, HEADER_BYTES, 0);
    fsyncSync(file);
    renameSync(unfinished, path);
  } catch (error) {
    unlinkSync(unfinished);
    throw error;
  } finally {
    closeSync(file);
  }
  syncFolder(path);
  return HEADER_BYTES + imageBytes(layout, count);
}

/** What is handed to the system at a time: a millisecond or two of copying and checking. */
const STEP_BYTES = 4 * 2 ** 20;

/**
 * Writes the image as {@link saveImage} does, of the moment at which it begins, but in steps between which the calling
 * thread serves others, and the segment may change. Called by the writer. Once it is on the disk, the file gets its
 * name if `isWanted` then; the answer is whether it did.
 */
export async function saveImageAside(
  segment: Segment,
  path: string,
  origin: ImageOrigin,
  isWanted: () => boolean,
): Promise<boolean> {
  const { layout } = segment;
  const unfinished = `${path}.${process.pid}.tmp`;
  const file = await open(unfinished, 'w');
  try {
    const state = segment.snapshot();
    const image = new SteadyImage(segment, state.count);
    let imageCrc = 0;
    let step: Uint8Array[] = [Buffer.alloc(HEADER_BYTES)];
    let stepBytes = 0;
    for (const part of image.parts()) {
      imageCrc = crc32(part, imageCrc);
      step.push(part);
      stepBytes += part.length;
      if (stepBytes < STEP_BYTES) continue;
      await writeAll(file, Buffer.concat(step));
      step = [];
      stepBytes = 0;
    }
    await writeAll(file, Buffer.concat(step));
    await file.write(encodeHeader({ layout, ...state, origin, imageCrc }), 0, HEADER_BYTES, 0);
    await segment.rows?.syncAside();
    await file.sync();
    if (!isWanted()) return false;
    await rename(unfinished, path);
  } finally {
    await file.close();
    await rm(unfinished, { force: true });
  }
  syncFolder(path);
  return true;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

/** The file of the rows beside an image, cut to as many as it has slots. @throws AlcoveError DamagedError */
function openRows(path: string, { parameters, rowBytes }: Layout, count: number): RowFile | undefined {
  if (parameters.vectors === 'IN_MEMORY') return undefined;
  const rows = rowsPath(path);
  expectIntact(existsSync(rows), rows, 'file', 'none', `${count} vectors`);
  return RowFile.open(rows, rowBytes, count);
}

/**
 * Reads a file into a new segment.
 * @throws AlcoveError DamagedError when the file is not exactly what {@link saveImage} wrote.
 */
export function openImage(path: string): { segment: Segment; origin: ImageOrigin } {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEADER_BYTES);
    const headBytes = readSync(file, head, 0, HEADER_BYTES, 0);
    const header = decodeHeader(head.subarray(0, headBytes), fstatSync(file).size, path);
    const { layout, count, origin } = header;
    const segment = Segment.create(layout, openRows(path, layout, count));
    try {
      segment.reserve(count);
      const imageCrc = readInto(segment, count, file, path);
      expectIntact(imageCrc === header.imageCrc, path, 'imageCrc', header.imageCrc, imageCrc);
    } catch (error) {
      segment.detach();
      throw error;
    }
    segment.restore(header);
    return { segment, origin };
  } finally {
    closeSync(file);
  }
}

/** Reads `count` slots from what follows the header. Returns their checksum. @throws AlcoveError DamagedError */
function readInto(segment: Segment, count: number, file: number, path: string): number {
  const memory = new Uint8Array(segment.memory.buffer);
  let imageCrc = 0;
  let position = HEADER_BYTES;
  for (const { start, end } of imageRanges(segment.layout, count)) {
    for (let at = start; at < end; ) {
      const got = readSync(file, memory, at, end - at, position);
      expectIntact(got > 0, path, 'length', position, `at least ${position + end - at}`);
      at += got;
      position += got;
    }
    imageCrc = crc32(memory.subarray(start, end), imageCrc);
  }
  return imageCrc;
}
