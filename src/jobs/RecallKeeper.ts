import { Worker } from 'node:worker_threads';
import { isExactType } from '../indexes/parameters.ts';
import type { RecallPoint, VectorIndex } from '../indexes/VectorIndex.ts';
import type { Outcome, RecordRecall } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { workerEntry } from '../workerEntry.ts';

/** A curve is measured anew when this share of an index's vectors came after it … */
const CHANGED_SHARE = 0.25;

/** … and it holds this many: with fewer, every search is nearly a scan. */
const MIN_VECTORS = 2_000;

/** What a measuring thread is started with. */
export interface MeasureTask {
  readonly shared: ReturnType<VectorIndex['share']>;
  readonly seed: number;
}

/** What keeping curves works with, on the writer's thread. */
export interface RecallKeeperOptions {
  readonly libraries: LibraryReader;
  /** The live index of a library, if it is in memory, and the greatest ordinal that was ever put into it. */
  readonly opened: (libraryId: string) => { readonly index: VectorIndex; readonly level: number } | undefined;
  readonly submit: (command: RecordRecall) => Promise<Outcome>;
  /** A measuring thread has ended, maybe without detaching. */
  readonly onEnded: (threadId: number) => void;
  readonly onTrouble: (message: string) => void;
}

/**
 * Keeps the curves from effort to recall true: when enough vectors have come since an index was measured, or it was
 * filled without a build, its curve is measured again on a thread of its own, while it serves. One index at a time;
 * where nothing came of it, it is tried again when as much has come again.
 */
export class RecallKeeper {
  readonly #options: RecallKeeperOptions;
  /** By library id: the greatest ordinal when it was last tried, whatever came of it. */
  readonly #triedAt = new Map<string, number>();
  #measuring: Worker | undefined;
  #isClosed = false;

  constructor(options: RecallKeeperOptions) {
    this.#options = options;
  }

  /** A library's vectors have changed: measures its index if that is due. */
  consider(libraryId: string): void {
    if (this.#measuring !== undefined || this.#isClosed) return;
    const live = this.#options.opened(libraryId);
    if (live === undefined || isExactType(live.index.parameters.type)) return;
    const library = this.#options.libraries.library({ id: libraryId });
    if (library === undefined) return;
    const triedAt = this.#triedAt.get(libraryId) ?? 0;
    // A library that took the id of another begins with the first ordinal again.
    const seen = Math.max(library.index.measuredOrdinal ?? 0, triedAt <= live.level ? triedAt : 0);
    if (!isDue(seen, live.level, live.index.stats().live)) return;
    this.#triedAt.set(libraryId, live.level);
    void this.#measure(libraryId, library.index.generation, live);
  }

  /** Stops what is being measured. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#measuring?.terminate();
  }

  async #measure(
    libraryId: string,
    generation: number,
    { index, level }: { readonly index: VectorIndex; readonly level: number },
  ): Promise<void> {
    const { submit, onTrouble } = this.#options;
    try {
      const recallCurve = await this.#curveOf({ shared: index.share(), seed: index.parameters.seed });
      if (recallCurve === undefined || recallCurve.length === 0 || this.#isClosed) return;
      const at = Date.now();
      await submit({ type: 'recordRecall', libraryId, at, generation, recallCurve, measuredOrdinal: level });
    } catch (error) {
      onTrouble(`The recall of library ${libraryId} could not be measured: ${String(error)}`);
    }
  }

  /** Undefined if the thread was stopped. */
  #curveOf(task: MeasureTask): Promise<readonly RecallPoint[] | undefined> {
    const { onEnded } = this.#options;
    const worker = new Worker(workerEntry('measurer', import.meta.url), {
      workerData: task,
      name: 'measurer',
    });
    const { threadId } = worker;
    this.#measuring = worker;
    const { promise, resolve, reject } = Promise.withResolvers<readonly RecallPoint[] | undefined>();
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', () => {
      this.#measuring = undefined;
      onEnded(threadId);
      resolve(undefined);
    });
    return promise;
  }
}

/** Whether so many vectors have come since those up to ordinal `seen` were measured that it tells too little. */
function isDue(seen: number, level: number, live: number): boolean {
  return live >= MIN_VECTORS && level - seen > live * CHANGED_SHARE;
}
