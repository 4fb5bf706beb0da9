import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Has the disk confirm a file; or a folder, and so the names of what is in it. */
export function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
