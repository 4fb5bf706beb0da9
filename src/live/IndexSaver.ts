import type { LibraryReader } from '../library/LibraryReader.ts';
import type { IndexFiles } from './IndexFiles.ts';
import type { LiveIndex } from './LiveIndex.ts';

/** An index is saved when this many vectors, and this share of them, have changed since the last time … */
const CHECKPOINT_CHANGES = 20_000;
const CHECKPOINT_SHARE = 0.25;

/** … or when its first unsaved change is this old. */
const CHECKPOINT_AGE_MS = 60_000;

/**
 * Writes live indexes to their files: seldom, since what a file lacks is read from the store. An index that is not
 * SOUND is never saved, so that it is found wanting again at the next start. A failure is told and costs time only.
 */
export class IndexSaver {
  readonly #files: IndexFiles;
  readonly #reader: Pick<LibraryReader, 'lastCommit'>;
  readonly #onTrouble: (message: string) => void;

  constructor(
    files: IndexFiles,
    reader: Pick<LibraryReader, 'lastCommit'>,
    onTrouble: (message: string) => void,
  ) {
    this.#files = files;
    this.#reader = reader;
    this.#onTrouble = onTrouble;
  }

  /** Saves an index of which much has changed. */
  saveIfMuchChanged(live: LiveIndex): void {
    const limit = Math.max(CHECKPOINT_CHANGES, live.index.stats().live * CHECKPOINT_SHARE);
    if (live.changesSinceSave >= limit) this.saveIfDirty(live);
  }

  /** Saves an index of which something changed a while ago. Returns whether it was time. */
  saveIfOld(live: LiveIndex): boolean {
    const isOld = live.dirtySince !== undefined && live.dirtySince <= Date.now() - CHECKPOINT_AGE_MS;
    if (isOld) this.saveIfDirty(live);
    return isOld;
  }

  /** Saves an index of which anything has changed. */
  saveIfDirty(live: LiveIndex): void {
    if (live.dirtySince === undefined || live.condition !== 'SOUND') return;
    try {
      live.save(this.#files.path(live.libraryId, live.generation), this.#reader.lastCommit());
      this.#files.removeSegments(live.libraryId, live.generation, live.index.segments.length);
    } catch (error) {
      this.#onTrouble(`The index of library ${live.libraryId} could not be saved: ${String(error)}`);
    }
  }
}
