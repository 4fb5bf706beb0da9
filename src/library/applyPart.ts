import { AlcoveError } from '../errors.ts';
import { lastPosition } from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import { completeDocument, findDocument } from '../store/documents.ts';
import { chunkEvent, libraryEvent } from './applied.ts';
import { ChunkWriter } from './ChunkWriter.ts';
import { checkWholeNumber } from './checks.ts';
import type { Applied, ContinueDocument, ItemOutcome } from './commands.ts';
import { vectorRow } from './contract.ts';
import { parseId } from './ids.ts';
import { MAX_CHUNKS_PER_MUTATION } from './limits.ts';
import { requireLibrary } from './lookup.ts';
import { checkVectorSet } from './vectorSet.ts';

/**
 * Writes the next part of a document that is INCOMPLETE, behind the parts before; with the last one it is whole.
 * @throws AlcoveError CancelledError when the document is no longer what those parts have made of it.
 */
export function continueDocument(database: Database, command: ContinueDocument, revision: number): Applied {
  const library = requireLibrary(database, command.library);
  checkVectorSet(library, command.vectorSet);
  const { id, at, sourceHash, after, isPart } = command;
  parseId('document', id);
  const range = { min: 1, max: MAX_CHUNKS_PER_MUTATION };
  checkWholeNumber('the number of chunks', command.chunks.length, range, ['chunks']);
  const document = findDocument(database, id);
  const isAsLeft =
    document?.libraryKey === library.key &&
    document.isIncomplete === 1 &&
    document.isPending === 0 &&
    document.sourceHash === sourceHash &&
    lastPosition(database, library.key, document.key) === after - 1;
  if (document === undefined || !isAsLeft) throw changedMeanwhile(id);

  const writer = new ChunkWriter(database, library, { at, positions: 'NEXT' });
  const plans = command.chunks.map((chunk, index) => {
    const path = ['chunks', String(index)];
    writer.claim(chunk.id, path);
    const vector = vectorRow(command.vectors, chunk.row, [...path, 'embedding']);
    return writer.plan({ ...chunk, vector }, () => false, path);
  });
  const items = plans.map((plan): ItemOutcome => ({ id: plan.id, status: writer.write(plan, document) }));
  if (!isPart) completeDocument(database, document);
  const occasion = { libraryId: library.id, revision, at };
  return {
    vectorChanges: writer.finish(revision),
    outcome: {
      revision,
      libraryId: library.id,
      documentId: id,
      items,
      ...writer.truncation(),
      written: true,
    },
    events: [
      ...(isPart ? [] : [libraryEvent(occasion, 'DOCUMENT_UPDATED', { documentId: id })]),
      chunkEvent(occasion, 'CHUNKS_WRITTEN', writer.touchedIds, id),
    ],
  };
}

function changedMeanwhile(id: string): AlcoveError {
  return new AlcoveError(
    'CancelledError',
    `The document ${id} was changed by somebody else while it was written in parts. Import it again.`,
    { detail: { id } },
  );
}
