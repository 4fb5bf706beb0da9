import { SegmentedIndex } from '../indexes/SegmentedIndex.ts';
import { releaseZones } from '../indexes/segment.ts';
import type { IndexStats, IndexType } from '../indexes/VectorIndex.ts';
import type { VectorChange } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { IndexState, Library } from '../library/types.ts';
import type { IndexFiles } from './IndexFiles.ts';
import { IndexMemory } from './IndexMemory.ts';
import { IndexSaver } from './IndexSaver.ts';
import { builtAsAsked, indexParameters, type RebuildReason, rebuildDue } from './indexChoice.ts';
import { type ChangedVectors, LiveIndex } from './LiveIndex.ts';
import { MAX_OPEN_INDEXES, OpenIndexes } from './OpenIndexes.ts';
import { openLiveIndex } from './openLiveIndex.ts';
import { FIRST_ORDINAL, inSlices, reconcile } from './reconcile.ts';

/** What the live indexes ask of the thread that owns them. */
export interface LiveIndexesOptions {
  readonly files: IndexFiles;
  /** Sees every commit as soon as it is made. */
  readonly reader: LibraryReader;
  /** An index is no longer live: whoever has attached to it must ask again. */
  readonly onDropped: (libraryId: string) => void;
  /** The vectors of a commit are in the index of a library, and what they replace still is. */
  readonly onInserted?: (libraryId: string, ordinals: Uint32Array) => void;
  /** An index of so many slots (live vectors and tombstones) should be built anew. Told again after later changes. */
  readonly onRebuildDue: (libraryId: string, reason: RebuildReason, slots: number) => void;
  readonly onTrouble: (message: string) => void;
  /** What all indexes may take in memory, with what is set aside for those that grow or are built; no limit if absent. */
  readonly limitBytes?: number;
  /** For tests; MAX_OPEN_INDEXES if absent. */
  readonly maxOpen?: number;
  /** For tests: when a segment is full, if its memory is not before. */
  readonly segmentSlots?: number;
}

/** One memory of a live index. */
export interface LiveSegment extends IndexStats {
  readonly type: IndexType;
  /** Whether nothing is added to it any more. */
  readonly sealed: boolean;
}

/** A live index's state and figures; no segments while the library's dimension is unknown. */
export interface LiveStatus {
  readonly state: IndexState;
  readonly generation: number;
  /** The greatest ordinal ever inserted. */
  readonly level: number;
  readonly segments: readonly LiveSegment[];
}

/**
 * The live index of each library, kept level with the store by the one thread that writes. Indexes are opened when
 * they are asked for or written to, and saved now and then; what is not in a file is read from the store again.
 * Calls of {@link apply} and {@link swap} must not overlap; all others may come in between.
 */
export class LiveIndexes {
  /** What is admitted to memory, and what is there. */
  readonly memory: IndexMemory;
  readonly #options: LiveIndexesOptions;
  readonly #saver: IndexSaver;
  readonly #open: OpenIndexes;
  readonly #opening = new Map<string, Promise<LiveIndex>>();
  /** Libraries that were deleted while they were being opened. Their ids may have been taken again by now. */
  readonly #deletedMeanwhile = new Set<string>();
  /** Built and level, waiting for its {@link swap}. */
  readonly #staged = new Map<string, SegmentedIndex>();
  #isCheckpointing = false;
  #isClosed = false;

  constructor(options: LiveIndexesOptions) {
    this.#options = options;
    const { files, reader, limitBytes, maxOpen, onDropped, onTrouble } = options;
    const isLive = (live: LiveIndex) => this.#open.look(live.libraryId) === live;
    this.#saver = new IndexSaver({ files, reader, isLive, onTrouble });
    this.#open = new OpenIndexes({
      maxOpen: maxOpen ?? MAX_OPEN_INDEXES,
      limitBytes: limitBytes ?? Number.POSITIVE_INFINITY,
      save: (live) => this.#saver.saveIfDirty(live),
      onClosed: onDropped,
    });
    this.memory = new IndexMemory(this.#open, reader);
  }

  /**
   * The live index of a library, level with the last commit.
   * @throws AlcoveError LibraryNotFoundError; InvalidArgumentError while the library's dimension is unknown;
   *   DamagedError when a vector in the store is; CapacityExceededError when there is no memory for it.
   */
  async open(libraryId: string): Promise<LiveIndex> {
    const open = this.opened(libraryId);
    if (open !== undefined) return open;
    let opening = this.#opening.get(libraryId);
    if (opening === undefined) {
      opening = this.#openAnew(libraryId).finally(() => {
        this.#opening.delete(libraryId);
        this.#deletedMeanwhile.delete(libraryId);
      });
      this.#opening.set(libraryId, opening);
    }
    return opening;
  }

  /** The live index of a library, if it is open: it counts as used now. */
  opened(libraryId: string): LiveIndex | undefined {
    return this.#open.get(libraryId);
  }

  /** Those that are in memory, without counting as use. */
  get inMemory(): readonly LiveIndex[] {
    return this.#open.values();
  }

  /** @throws AlcoveError as {@link open} does, but for an unknown dimension. */
  async status(libraryId: string): Promise<LiveStatus> {
    const library = this.#library(libraryId);
    if (library.embedding.dimension === null)
      return { state: 'READY', generation: library.index.generation, level: 0, segments: [] };
    const live = await this.open(libraryId);
    const stats = live.index.stats();
    const current = this.#library(libraryId);
    const isDue = rebuildDue(current, stats) !== undefined || !builtAsAsked(current);
    return {
      state: live.condition !== 'SOUND' ? 'DAMAGED' : isDue ? 'REBUILD_DUE' : 'READY',
      generation: live.generation,
      level: live.level,
      segments: live.index.segments.map((segment, at, { length }) => ({
        ...segment.stats(),
        type: segment.parameters.type,
        sealed: at < length - 1,
      })),
    };
  }

  /**
   * Makes the vector changes of a commit searchable, in slices. An index that is not open is opened beside it and
   * takes them from the store; nobody can search it before. A library that is gone by now is passed over.
   */
  async apply(change: VectorChange): Promise<void> {
    if (change.kind === 'LIBRARY_DELETED') {
      this.#delete(change.libraryId);
      return;
    }
    const library = this.#options.reader.library({ id: change.libraryId });
    if (library === undefined) return;
    const live = this.#current(library) ?? (await this.#openEmpty(library, change));
    if (live === undefined) {
      this.open(change.libraryId).catch((error: unknown) => this.#report(change.libraryId, error));
      return;
    }
    const before = live.condition;
    await live.change(change, () => this.#options.onInserted?.(live.libraryId, change.added));
    if (before !== 'FULL' && live.condition === 'FULL')
      this.#options.onTrouble(
        `The index of library ${live.libraryId} is full, in memory or on its disk: new vectors are stored but cannot be searched. ` +
          'They are taken in when there is room: free some, delete chunks and reindex, or spread them over several libraries.',
      );
    void this.#saver.saveIfMuchChanged(live);
    this.#askForRebuild(live);
  }

  /**
   * Holds an index that was built aside, and is as its files say, until {@link swap}. It must be changed by no one else
   * from now on.
   */
  stage(libraryId: string, index: SegmentedIndex): void {
    for (const segment of index.segments) index.wasSaved(segment);
    this.#staged.set(libraryId, index);
  }

  unstage(libraryId: string): void {
    this.#staged.delete(libraryId);
  }

  /**
   * Makes the staged index the live one, after its generation has been recorded: brings it level with the store in
   * slices, then replaces the old one at once. Without a staged index (there was nothing to build) whatever is open by
   * now is of the generation before, and is closed.
   * @throws AlcoveError as reconcile does; the index is opened from its file or the store then, when next asked for.
   */
  async swap(libraryId: string): Promise<void> {
    const index = this.#staged.get(libraryId);
    if (index === undefined) {
      this.#open.close(libraryId);
      return;
    }
    try {
      await inSlices(this.#swappingSteps(libraryId, index));
    } catch (error) {
      this.#open.close(libraryId);
      throw error;
    } finally {
      this.#staged.delete(libraryId);
    }
  }

  /** Gives back what a thread held of the open indexes. Only for one that has ended, or has detached from all. */
  releaseZones(threadId: number): void {
    for (const { index } of this.#open.values())
      for (const segment of index.share().segments) releaseZones(segment, threadId);
  }

  /**
   * Saves every index whose unsaved changes have grown old, one after the other, closes those that are idle, and lets
   * those that were full take in what they lack.
   */
  async checkpoint(): Promise<void> {
    if (this.#isCheckpointing) return;
    this.#isCheckpointing = true;
    try {
      await this.#open.closeIdle();
      for (const live of this.#open.values()) {
        live.weigh();
        await this.#refill(live);
        await this.#consolidate(live);
        if (!this.#isClosed) await this.#saver.saveIfOld(live);
      }
    } catch (error) {
      this.#options.onTrouble(`Indexes could not be seen to; it is tried again: ${String(error)}`);
    } finally {
      this.#isCheckpointing = false;
    }
  }

  /** Closes an index that cannot be trusted any more, without saving it. */
  drop(libraryId: string): void {
    this.#staged.delete(libraryId);
    this.#open.close(libraryId);
  }

  /**
   * Drops an index, known by the id of its first segment, whose files were found damaged while it was searched, and the
   * files with it: it is made from the store when it is asked for.
   */
  giveUp(libraryId: string, segmentId: number): void {
    const live = this.#open.look(libraryId);
    if (live?.index.segments[0]?.id !== segmentId) return;
    this.#open.close(libraryId);
    this.#options.files.removeSegments(libraryId, live.generation, 0);
    this.#options.onTrouble(`The index files of library ${libraryId} are damaged: it is made anew.`);
  }

  /** Asks for a rebuild if that is due of an index that is open. */
  review(libraryId: string): void {
    const live = this.#open.look(libraryId);
    if (live !== undefined) this.#askForRebuild(live);
  }

  /** Takes removed vectors out of a graph, if they have become many, in slices between which commits are applied. */
  async #consolidate(live: LiveIndex): Promise<void> {
    if (this.#isClosed || live.condition !== 'SOUND' || !live.index.consolidationDue()) return;
    await inSlices(this.#whileOpen(live, live.index.consolidate()));
    live.touched(1);
  }

  /** Takes in what an index lacks that was full, as far as there is room by now. */
  async #refill(live: LiveIndex): Promise<void> {
    if (this.#isClosed || live.condition !== 'FULL') return;
    const { onInserted, onTrouble, reader } = this.#options;
    const { libraryId } = live;
    try {
      await inSlices(
        this.#whileOpen(
          live,
          live.refill(reader, (ordinals) => onInserted?.(libraryId, ordinals)),
        ),
      );
    } catch (error) {
      onTrouble(`The index of library ${libraryId} could not take in what it lacks: ${String(error)}`);
    }
    if (live.condition !== 'FULL') this.review(libraryId);
  }

  *#whileOpen(live: LiveIndex, steps: Iterable<number>): Generator<number> {
    for (const step of steps) {
      yield step;
      if (this.#isClosed || this.#open.look(live.libraryId) !== live) return;
    }
  }

  /** Saves everything that is not in a file yet. Nothing may be opened or applied any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#opening.values());
    await Promise.all(this.#open.values().map((live) => this.#saver.saveIfDirty(live)));
  }

  /** The open index, unless it was made before the first vector fixed the library's contract to something else. */
  #current(library: Library): LiveIndex | undefined {
    const live = this.opened(library.id);
    if (live === undefined || !isOutdated(live, library)) return live;
    this.#open.close(library.id);
    return undefined;
  }

  /** The index of a library that had no vectors before this change: there is nothing to read. */
  async #openEmpty(library: Library, change: ChangedVectors): Promise<LiveIndex | undefined> {
    const { type, settings, generation } = library.index;
    const parameters = indexParameters(library, type, settings);
    const key = this.#options.reader.libraryKey(library.id);
    const isFirst = change.added[0] === FIRST_ORDINAL && !this.#opening.has(library.id);
    if (!isFirst || parameters === undefined || key === undefined) return undefined;
    const { files, segmentSlots } = this.#options;
    const path = files.path(library.id, generation);
    const index = SegmentedIndex.create(parameters, { segmentSlots, path });
    const live = new LiveIndex({ id: library.id, key }, index, generation, 'SOUND');
    this.#open.add(live);
    await this.#open.closeSurplus(library.id);
    return live;
  }

  async #openAnew(libraryId: string): Promise<LiveIndex> {
    const library = this.#library(libraryId);
    const release = await this.memory.admitOpening(library);
    try {
      await inSlices(this.#openingSteps(libraryId));
    } catch (error) {
      // What it was read from was of one model in the beginning, and of another at the end.
      const { vectorSet } = this.#library(libraryId);
      if (vectorSet.number === library.vectorSet.number) throw error;
    } finally {
      release();
    }
    const live = this.#open.get(libraryId);
    if (live === undefined) return this.#openAnew(libraryId);
    await this.#open.closeSurplus(libraryId);
    this.#askForRebuild(live);
    return live;
  }

  /**
   * An index is open from the very moment at which it is level, so that no commit falls in between; unless another has
   * been swapped in since.
   */
  *#openingSteps(libraryId: string): Generator<number> {
    const live = yield* openLiveIndex(this.#library(libraryId), this.#options);
    const { generation } = this.#library(libraryId).index;
    const isDeleted = this.#deletedMeanwhile.has(libraryId);
    if (!isDeleted && live.generation === generation && this.#open.look(libraryId) === undefined)
      this.#open.add(live);
    else live.index.detach();
    if (isDeleted) libraryNotFound({ id: libraryId });
  }

  *#swappingSteps(libraryId: string, index: SegmentedIndex): Generator<number> {
    const { files, reader } = this.#options;
    const key = reader.libraryKey(libraryId);
    // It was deleted by the very commit that swaps, or before it.
    if (key === undefined) return;
    let inserted = 0;
    for (inserted of reconcile(index, reader, libraryId)) yield inserted;
    const { generation } = this.#library(libraryId).index;
    const live = new LiveIndex({ id: libraryId, key }, index, generation, 'SOUND');
    live.touched(inserted);
    this.#open.close(libraryId);
    this.#open.add(live);
    files.keepOnly(libraryId, generation);
  }

  #askForRebuild(live: LiveIndex): void {
    const library = this.#options.reader.library({ id: live.libraryId });
    if (library === undefined) return;
    const stats = live.index.stats();
    const slots = stats.live + stats.tombstones;
    if (live.condition === 'SOUND') {
      const reason = rebuildDue(library, stats);
      if (reason !== undefined) this.#options.onRebuildDue(live.libraryId, reason, slots);
    } else if (live.condition === 'STAND_IN' || stats.tombstones > 0) {
      this.#options.onRebuildDue(live.libraryId, 'DAMAGE', slots);
    }
  }

  #delete(libraryId: string): void {
    if (this.#opening.has(libraryId)) this.#deletedMeanwhile.add(libraryId);
    this.drop(libraryId);
    this.#options.files.remove(libraryId);
  }

  #library(libraryId: string): Library {
    const library = this.#options.reader.library({ id: libraryId });
    return library ?? libraryNotFound({ id: libraryId });
  }

  #report(libraryId: string, error: unknown): void {
    this.#options.onTrouble(`The index of library ${libraryId} could not be opened: ${String(error)}`);
  }
}

/** Whether an index is empty and of another contract than its library by now. */
function isOutdated(live: LiveIndex, library: Library): boolean {
  const stats = live.index.stats();
  if (stats.live + stats.tombstones > 0) return false;
  const expected = indexParameters(library, library.index.type, library.index.settings);
  const { dimension, metric } = live.index.parameters;
  return dimension !== expected?.dimension || metric !== expected.metric;
}
