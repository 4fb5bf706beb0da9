import type { LibraryReader } from '../library/LibraryReader.ts';
import type { IndexFiles } from './IndexFiles.ts';
import type { LiveIndex } from './LiveIndex.ts';

/** An index is saved when this many vectors, and this share of them, have changed since the last time … */
const CHECKPOINT_CHANGES = 20_000;
const CHECKPOINT_SHARE = 0.25;

/** … or when its first unsaved change is this old. */
const CHECKPOINT_AGE_MS = 60_000;

export interface IndexSaverOptions {
  readonly files: IndexFiles;
  readonly reader: Pick<LibraryReader, 'lastCommit'>;
  /** Whether an index is live still: the files of any other may be another's by now. */
  readonly isLive: (live: LiveIndex) => boolean;
  readonly onTrouble: (message: string) => void;
}

/**
 * Writes live indexes to their files, one at a time, in steps between which the thread serves others: seldom, since what
 * a file lacks is read from the store. An index that is not SOUND is never saved, so that it is found wanting again at
 * the next start. A failure is told and costs time only.
 */
export class IndexSaver {
  readonly #options: IndexSaverOptions;
  /** Those whose turn has not come. */
  readonly #waiting = new Map<LiveIndex, Promise<void>>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: IndexSaverOptions) {
    this.#options = options;
  }

  /** Saves an index of which much has changed. */
  async saveIfMuchChanged(live: LiveIndex): Promise<void> {
    const limit = Math.max(CHECKPOINT_CHANGES, live.index.stats().live * CHECKPOINT_SHARE);
    if (live.changesSinceSave >= limit) await this.saveIfDirty(live);
  }

  /** Saves an index of which something changed a while ago. */
  async saveIfOld(live: LiveIndex): Promise<void> {
    const isOld = live.dirtySince !== undefined && live.dirtySince <= Date.now() - CHECKPOINT_AGE_MS;
    if (isOld) await this.saveIfDirty(live);
  }

  /** Saves an index of which anything has changed. Never fails. */
  async saveIfDirty(live: LiveIndex): Promise<void> {
    if (live.dirtySince === undefined || live.condition !== 'SOUND') return;
    let saved = this.#waiting.get(live);
    if (saved === undefined) {
      saved = this.#last.then(() => this.#save(live));
      this.#waiting.set(live, saved);
      this.#last = saved;
    }
    await saved;
  }

  async #save(live: LiveIndex): Promise<void> {
    const { files, reader, isLive, onTrouble } = this.#options;
    const { libraryId, generation } = live;
    const isWanted = () => isLive(live) && live.condition === 'SOUND';
    this.#waiting.delete(live);
    if (!isWanted()) return;
    try {
      const isSaved = await live.save(files.path(libraryId, generation), reader.lastCommit(), isWanted);
      if (isSaved) files.removeSegments(libraryId, generation, live.index.segments.length);
    } catch (error) {
      if (isWanted()) onTrouble(`The index of library ${libraryId} could not be saved: ${String(error)}`);
    }
  }
}
