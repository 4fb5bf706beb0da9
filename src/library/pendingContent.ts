import type { Database } from '../store/Database.ts';
import { findPending, updatePending } from '../store/pendingDocuments.ts';
import type { PendingChunk, UpdateDocument } from './commands.ts';
import type { Metadata } from './types.ts';

/** What waits to be embedded, as it is kept. */
export interface PendingContent {
  readonly title: string;
  readonly author: string | null;
  readonly sourceUrl: string | null;
  readonly contentType: string;
  readonly metadata: Metadata;
  readonly sourceHash: string | null;
  readonly chunks: readonly PendingChunk[];
  /** The set that serves when it comes: vectors that the caller has brought are for this one. Absent: the first. */
  readonly vectorSet?: number;
  /** The chunks that it takes the place of: the document's own, when it came. */
  readonly replaces: readonly string[];
}

/** Reads the content that a row keeps. */
export function pendingContent(row: { readonly content: string }): PendingContent {
  return JSON.parse(row.content) as PendingContent;
}

/** What is changed of a document that waits is changed of what it will be, too. */
export function updateWaiting(
  database: Database,
  documentKey: number,
  { title, author, sourceUrl, contentType, metadata }: UpdateDocument,
): boolean {
  const row = findPending(database, documentKey);
  if (row === undefined) return false;
  const content: PendingContent = {
    ...pendingContent(row),
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(sourceUrl === undefined ? {} : { sourceUrl }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  updatePending(database, row, { content: JSON.stringify(content), error: row.error });
  return true;
}
