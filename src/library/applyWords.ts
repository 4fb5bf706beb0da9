import { chunksAfter } from '../store/chunks.ts';
import type { Database } from '../store/Database.ts';
import { findLibraryByKey } from '../store/libraries.ts';
import {
  advanceFill,
  deleteWords,
  endWordTask,
  insertWords,
  nextWordTask,
  STEP_CHUNKS,
  sweepWords,
  type WordTask,
} from '../store/words.ts';
import { nothingWritten } from './applied.ts';
import type { Applied } from './commands.ts';
import { indexedText } from './indexedText.ts';
import { toKeywords } from './records.ts';

/**
 * Does a bounded part of what there is to do on the index of words: chunks that came before it, or before their library's
 * settings, are indexed, and the words of a library that is gone are taken away. Nothing is written when all is done.
 */
export function tendWords(database: Database, revision: number): Applied {
  const task = nextWordTask(database);
  if (task === undefined) return nothingWritten({ id: '' }, revision);
  const libraryId = task.kind === 'FILL' ? fill(database, task) : sweep(database, task);
  return { outcome: { revision, libraryId, written: true }, events: [], vectorChanges: [] };
}

function fill(database: Database, task: WordTask): string {
  const library = findLibraryByKey(database, task.libraryKey);
  const texts =
    library === undefined ? [] : chunksAfter(database, task.libraryKey, { ...task, limit: STEP_CHUNKS });
  const last = texts.at(-1);
  if (library === undefined || last === undefined) {
    endWordTask(database, task);
    return library?.id ?? '';
  }
  const keywords = toKeywords(library);
  const ordinals = texts.map(({ ordinal }) => ordinal);
  deleteWords(database, task.libraryKey, ordinals);
  insertWords(
    database,
    task.libraryKey,
    texts.map(({ ordinal, text }) => indexedText(ordinal, text, keywords)),
  );
  advanceFill(database, task.libraryKey, last.ordinal);
  return library.id;
}

function sweep(database: Database, task: WordTask): string {
  if (!sweepWords(database, task.libraryKey)) endWordTask(database, task);
  return '';
}
