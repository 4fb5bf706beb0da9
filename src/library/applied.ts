import type { LibraryRow } from '../store/libraries.ts';
import type {
  Applied,
  LibraryEvent,
  LibraryEventKind,
  Outcome,
  ValueChange,
  VectorChange,
} from './commands.ts';
import { MAX_EVENT_IDS } from './limits.ts';

/** A command that found everything as it wants it, or wrote nothing because items were refused. */
export function nothingWritten(
  library: Pick<LibraryRow, 'id'>,
  revision: number,
  facts: Pick<Outcome, 'documentId' | 'items' | 'truncatedCount'> = {},
): Applied {
  return {
    outcome: { revision: revision - 1, libraryId: library.id, written: false, ...facts },
    events: [],
    vectorChanges: [],
  };
}

/** When and where something happened. */
interface Occasion {
  readonly libraryId: string;
  readonly revision: number;
  readonly at: number;
}

export function libraryEvent(
  { libraryId, revision, at }: Occasion,
  kind: LibraryEventKind,
  facts: { readonly documentId?: string; readonly chunkCount?: number } = {},
): LibraryEvent {
  return { libraryId, revision, at, kind, ...facts };
}

/** An event about chunks, which it lists while they are few. */
export function chunkEvent(
  occasion: Occasion,
  kind: 'CHUNKS_WRITTEN' | 'CHUNKS_DELETED',
  chunkIds: readonly string[],
  documentId?: string,
): LibraryEvent {
  return {
    ...libraryEvent(occasion, kind, { chunkCount: chunkIds.length }),
    ...(documentId === undefined ? {} : { documentId }),
    ...(chunkIds.length <= MAX_EVENT_IDS ? { chunkIds } : {}),
  };
}

/** The change that takes vectors out of the index. */
export function vectorsRemoved(libraryId: string, ordinals: readonly number[]): VectorChange[] {
  if (ordinals.length === 0) return [];
  return [
    {
      libraryId,
      kind: 'CHANGED',
      removed: Uint32Array.from(ordinals),
      added: new Uint32Array(0),
      vectors: new Float32Array(0),
    },
  ];
}

/** The change that concerns chunks whose vectors stay, and documents with all of their chunks. */
export function valuesChanged(
  ordinals: readonly number[],
  documentIds: readonly string[] = [],
): { readonly valueChange?: ValueChange } {
  if (ordinals.length + documentIds.length === 0) return {};
  return { valueChange: { ordinals: Uint32Array.from(ordinals), documentIds } };
}
