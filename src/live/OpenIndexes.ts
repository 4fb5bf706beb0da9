import { AlcoveError } from '../errors.ts';
import type { LiveIndex } from './LiveIndex.ts';

/** Indexes kept in memory at once; beyond it those that were used least recently are saved and closed … */
export const MAX_OPEN_INDEXES = 1_024;

/** … and with them this share of the limit, so that not every one that comes makes one go. */
const CLOSED_AT_ONCE = 1 / 16;

/** An index that nobody has searched or changed for so long is saved and closed. */
export const IDLE_MS = 15 * 60_000;

/** Gives back what was set aside. */
export type Release = () => void;

export interface OpenIndexesOptions {
  readonly maxOpen: number;
  /** What all indexes may take, and what is set aside for more. */
  readonly limitBytes: number;
  /** Writes what an index's files lack; a failure is told elsewhere. */
  readonly save: (live: LiveIndex) => Promise<void>;
  /** An index is no longer open. */
  readonly onClosed: (libraryId: string) => void;
}

/**
 * The indexes that are in memory, and the limit of what they may take there. Where room is wanted, those that were used
 * least recently are saved and closed; they come back when they are asked for.
 */
export class OpenIndexes {
  readonly #options: OpenIndexesOptions;
  /** By library id; of those used in the same second, the least recently used first. */
  readonly #open = new Map<string, LiveIndex>();
  #setAside = 0;

  constructor(options: OpenIndexesOptions) {
    this.#options = options;
  }

  /** The index of a library: it counts as used now. */
  get(libraryId: string): LiveIndex | undefined {
    const live = this.#open.get(libraryId);
    if (live === undefined) return undefined;
    live.index.touch();
    this.#open.delete(libraryId);
    this.#open.set(libraryId, live);
    return live;
  }

  /** The index of a library, without counting as use. */
  look(libraryId: string): LiveIndex | undefined {
    return this.#open.get(libraryId);
  }

  add(live: LiveIndex): void {
    live.index.touch();
    this.#open.set(live.libraryId, live);
  }

  /** Closes the index of a library as it is. */
  close(libraryId: string): void {
    if (this.#open.delete(libraryId)) this.#options.onClosed(libraryId);
  }

  values(): LiveIndex[] {
    return [...this.#open.values()];
  }

  get limitBytes(): number {
    return this.#options.limitBytes;
  }

  /** What the open indexes take. */
  get usedBytes(): number {
    let bytes = 0;
    for (const live of this.#open.values()) bytes += live.bytes;
    return bytes;
  }

  /** What is set aside for writes that are under way, builds, and indexes that are being opened. */
  get setAsideBytes(): number {
    return this.#setAside;
  }

  get freeBytes(): number {
    return this.#options.limitBytes - this.usedBytes - this.#setAside;
  }

  /**
   * Sets bytes aside; if they are not free, other indexes than that of the library `keep` are closed until they are.
   * `purpose` begins the sentence of the error: "Writing 3 vectors".
   * @throws AlcoveError CapacityExceededError with the numbers.
   */
  async setAside(bytes: number, keep: string, purpose: string): Promise<Release> {
    if (bytes > this.freeBytes) await this.#closeUntil(() => bytes <= this.freeBytes, keep);
    const free = this.freeBytes;
    if (bytes > free)
      throw new AlcoveError(
        'CapacityExceededError',
        `${purpose} takes ${bytes} bytes of memory; ${Math.max(0, free)} of the ${this.limitBytes} for indexes are free. ` +
          'Give the server more (ALCOVE_INDEX_MEMORY_BYTES), or make the library smaller.',
        { detail: { got: bytes, expected: Math.max(0, free), limit: this.limitBytes } },
      );
    return this.#take(bytes);
  }

  /** Sets bytes aside for a library whose index is open, if they are free at once. */
  setAsideIfFree(bytes: number, libraryId: string): Release | undefined {
    const isFree = this.#open.has(libraryId) && bytes <= this.freeBytes;
    return isFree ? this.#take(bytes) : undefined;
  }

  /** Closes what is beyond the number that may be open, but not the index of the library `keep`. */
  async closeSurplus(keep: string): Promise<void> {
    const { maxOpen } = this.#options;
    if (this.#open.size <= maxOpen) return;
    const least = maxOpen - Math.floor(maxOpen * CLOSED_AT_ONCE);
    await this.#closeUntil(() => this.#open.size <= least, keep);
  }

  /** Closes what nobody has used for {@link IDLE_MS}. */
  async closeIdle(): Promise<void> {
    const since = Date.now() - IDLE_MS;
    for (const live of this.values()) if (live.index.usedAt < since) await this.#closeSaved(live);
  }

  async #closeUntil(isEnough: () => boolean, keep: string): Promise<void> {
    const byAge = this.values().sort((a, b) => a.index.usedAt - b.index.usedAt);
    for (const live of byAge) {
      if (isEnough()) return;
      if (live.libraryId !== keep) await this.#closeSaved(live);
    }
  }

  /** Saves and closes an index, unless it is being changed. */
  async #closeSaved(live: LiveIndex): Promise<void> {
    const { changes } = live;
    if (live.isChanging) return;
    await this.#options.save(live);
    const isSame = this.#open.get(live.libraryId) === live;
    if (isSame && !live.isChanging && live.changes === changes) this.close(live.libraryId);
  }

  #take(bytes: number): Release {
    this.#setAside += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.#setAside -= bytes;
      isHeld = false;
    };
  }
}
