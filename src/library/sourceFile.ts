import { createHash } from 'node:crypto';
import { MAX_SOURCE_URL_LENGTH } from './limits.ts';
import type { ChunkingSettings } from './types.ts';

/** What a file is called, taken for, and has in it. */
export interface FileDigest {
  readonly name: string;
  /** As its sender says; null if it did not. */
  readonly contentType: string | null;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly hash: string;
}

/**
 * Stands for the bytes of a file and all that decides what becomes of them: what it is taken for, and how it is split. The
 * embedding contract needs no part in it: all vectors of a library are of its contract, and embedding it anew makes those of
 * all chunks.
 */
export function sourceHashOf({ name, contentType, hash }: FileDigest, chunking: ChunkingSettings): string {
  return createHash('sha256')
    .update(JSON.stringify([hash, name, contentType, chunking]))
    .digest('hex');
}

/** A name is put behind the base as it is, escaped where a URL could not hold it; null without a base, or if it gets too long. */
export function sourceUrlBelow(base: string | null, name: string): string | null {
  if (base === null) return null;
  const made = base + name.split('/').map(encodeURIComponent).join('/');
  return made.length > MAX_SOURCE_URL_LENGTH ? null : made;
}
