import { readSync, writeSync } from 'node:fs';

/**
 * Fills `into` from one place of a file on, as far as that goes; a system may give less at a time than it is asked for. Returns
 * how many bytes.
 */
export function readAt(file: number, into: Uint8Array, at: number): number {
  let read = 0;
  for (let got = -1; got !== 0 && read < into.length; read += got)
    got = readSync(file, into, read, into.length - read, at + read);
  return read;
}

/** Writes all bytes from one place of a file on. A system may take fewer at a time, as of a disk that is nearly full, without an error. */
export function writeAt(file: number, bytes: Uint8Array, at: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(file, bytes, written, bytes.length - written, at + written);
}
