import type { SegmentedIndex } from '../indexes/SegmentedIndex.ts';
import type { VectorChange } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Commit } from '../store/sessions.ts';
import { INSERT_STEP, inSlices, insertInSteps, isCapacityExceeded, NO_ORDINAL } from './reconcile.ts';

/** The changes of one commit to one library's vectors. */
export type ChangedVectors = Extract<VectorChange, { kind: 'CHANGED' }>;

/**
 * How an index stands to the store. SOUND: it holds every live vector. STAND_IN: it does too, but is an exact scan in
 * the place of a graph whose file was damaged or lost. FULL: memory, or the disk, is used up, so that the newest vectors are
 * in the store alone until there is room again.
 */
export type Condition = 'SOUND' | 'STAND_IN' | 'FULL';

/** How an index would stand that is not full. */
export type ConditionWithRoom = Exclude<Condition, 'FULL'>;

/** A library's id, which another may take after it, and its key, which none ever will. */
export interface LibraryIdentity {
  readonly id: string;
  readonly key: number;
}

/** One library's index in memory, the changes that its file lacks, and how it stands to the store. */
export class LiveIndex {
  readonly libraryId: string;
  /** Which of the libraries that ever had this id. */
  readonly libraryKey: number;
  readonly index: SegmentedIndex;
  readonly generation: number;
  readonly #condition: ConditionWithRoom;
  #isFull: boolean;
  #level: number;
  #changesSinceSave = 0;
  #dirtySince: number | undefined;
  #changes = 0;
  #isChanging = false;
  #bytes: number | undefined;

  /** `index` must be as level with the store as its condition says, but for the newest vectors if it is full. */
  constructor(
    library: LibraryIdentity,
    index: SegmentedIndex,
    generation: number,
    condition: ConditionWithRoom,
    isFull = false,
  ) {
    this.libraryId = library.id;
    this.libraryKey = library.key;
    this.index = index;
    this.generation = generation;
    this.#condition = condition;
    this.#isFull = isFull;
    this.#level = index.ordinals().at(-1) ?? NO_ORDINAL;
  }

  get condition(): Condition {
    return this.#isFull ? 'FULL' : this.#condition;
  }

  /** The greatest ordinal ever inserted. */
  get level(): number {
    return this.#level;
  }

  /** Vectors inserted and removed since it was opened. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether the changes of a commit are being applied. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  /** Bytes of memory that the index takes, as of its last change or {@link weigh}. */
  get bytes(): number {
    this.#bytes ??= this.index.stats().bytes;
    return this.#bytes;
  }

  /** Looks anew at what the index takes: threads have attached to it since. */
  weigh(): void {
    this.#bytes = undefined;
  }

  /** Vectors inserted and removed since the last save. */
  get changesSinceSave(): number {
    return this.#changesSinceSave;
  }

  /** When the first change after the last save came, in milliseconds since the epoch; undefined if there is none. */
  get dirtySince(): number | undefined {
    return this.#dirtySince;
  }

  /**
   * Applies the changes of one commit, in slices. New vectors come before the old ones go, so that a search between
   * two slices misses nothing that was there before. What the index holds already is passed over. When the memory is
   * used up, the index becomes FULL: the store keeps what it lacks, and removals go on. `onInserted` is called before
   * anything is removed.
   */
  async change(changes: ChangedVectors, onInserted: () => void): Promise<void> {
    this.#isChanging = true;
    try {
      await this.#apply(changes, onInserted);
    } finally {
      this.#isChanging = false;
    }
  }

  async #apply(changes: ChangedVectors, onInserted: () => void): Promise<void> {
    const { ordinals, vectors } = this.#above(changes.added, changes.vectors);
    if (ordinals.length > 0 && !this.#isFull) {
      try {
        await inSlices(insertInSteps(this.index, ordinals, vectors));
        this.#level = ordinals.at(-1) as number;
      } catch (error) {
        if (!isCapacityExceeded(error)) throw error;
        this.#isFull = true;
      }
    }
    onInserted();
    this.index.remove(changes.removed);
    this.touched(ordinals.length + changes.removed.length);
  }

  /**
   * Inserts what a FULL index lacks, in steps between which commits are applied; `onInserted` is called after each. When all
   * is in, it is FULL no more; if there is no room still, it stays so.
   */
  *refill(reader: LibraryReader, onInserted: (ordinals: Uint32Array) => void): Generator<number> {
    let greatest = this.index.ordinals().at(-1) ?? NO_ORDINAL;
    while (this.#isFull) {
      const { ordinals, vectors } = reader.vectorsAfter(this.libraryId, greatest, INSERT_STEP);
      const last = ordinals.at(-1);
      if (last === undefined) {
        this.#isFull = false;
        this.#level = Math.max(this.#level, greatest);
        return;
      }
      try {
        this.index.insert(ordinals, vectors);
      } catch (error) {
        if (isCapacityExceeded(error)) return;
        throw error;
      }
      greatest = last;
      onInserted(ordinals);
      this.touched(ordinals.length);
      yield ordinals.length;
    }
  }

  /** Notes changes that are not in the file yet. */
  touched(changes: number): void {
    if (changes === 0) return;
    this.#changes += changes;
    this.#changesSinceSave += changes;
    this.weigh();
    this.#dirtySince ??= Date.now();
  }

  /**
   * Writes the files, as of the last commit or later, while the index may change, if `isWanted` to the end: answers
   * whether it was. Only for a SOUND index: any other must be found wanting again at the next start.
   */
  async save(path: string, commit: Commit, isWanted: () => boolean): Promise<boolean> {
    const begun = Date.now();
    const changes = this.#changes;
    const origin = { ...commit, libraryKey: this.libraryKey };
    if (!(await this.index.saveAside(path, origin, isWanted))) return false;
    this.#changesSinceSave = this.#changes - changes;
    this.#dirtySince = this.#changesSinceSave === 0 ? undefined : begun;
    return true;
  }

  /** The part of ascending `ordinals`, with its rows, that is above all that was ever inserted. */
  #above(ordinals: Uint32Array, vectors: Float32Array): { ordinals: Uint32Array; vectors: Float32Array } {
    const { dimension } = this.index.parameters;
    let from = 0;
    while (from < ordinals.length && (ordinals[from] as number) <= this.#level) from += 1;
    return { ordinals: ordinals.subarray(from), vectors: vectors.subarray(from * dimension) };
  }
}
