import type { ErrorRecord } from '../errors.ts';
import type { ChunkWrite } from '../library/commands.ts';
import type { ChunkingSettings } from '../library/types.ts';

/** A file to be read and split on an extractor's thread. */
export interface ReadTask {
  readonly path: string;
  /** What its sender calls it. */
  readonly name: string;
  /** As its sender says; null if it did not. */
  readonly contentType: string | null;
  readonly chunking: ChunkingSettings;
}

/** What an extractor makes of a file: plain data, to cross threads. */
export interface ReadDocument {
  readonly title: string;
  readonly author: string | null;
  readonly contentType: string;
  readonly chunks: readonly ReadChunk[];
  /** What could not be read of it, while the rest could. */
  readonly problems: readonly ErrorRecord[];
}

export type ReadChunk = Required<Pick<ChunkWrite, 'text' | 'page' | 'headings'>>;

/** What an extractor answers to its one task. */
export type ReadAnswer =
  | { readonly kind: 'READ'; readonly document: ReadDocument }
  | { readonly kind: 'REFUSED'; readonly error: ErrorRecord };
