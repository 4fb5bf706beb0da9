import { AlcoveError } from '../errors.ts';
import { estimateBuiltBytes } from '../indexes/estimateBytes.ts';
import type { MemoryUse } from '../indexes/memoryUse.ts';
import type { LibraryBy } from '../library/commands.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { MAX_DIMENSION } from '../library/limits.ts';
import type { Library } from '../library/types.ts';
import { indexParameters } from './indexChoice.ts';
import type { OpenIndexes, Release } from './OpenIndexes.ts';

/** More than the links of a vector take in any graph: 64 on the upper layers of it, and twice as many below. */
const MAX_LINK_BYTES = 2_048;

/** A code and its extras take no more than the float32 vector itself. */
const MAX_COPIES = 2;

const FLOAT_BYTES = 4;

const NOTHING: Release = () => undefined;

/** What the indexes in memory take there, and what they may. All in bytes. */
export interface MemoryReport {
  /** What may be taken; null without a limit. */
  readonly limit: number | null;
  readonly used: number;
  /** Set aside for the columns of filters, writes that are under way, builds, and indexes that are being opened. */
  readonly setAside: number;
  /** The libraries whose index is in memory. */
  readonly libraries: readonly ({ readonly libraryId: string } & MemoryUse)[];
}

/**
 * Lets indexes grow only as far as memory is meant for them: whatever would go beyond is refused, with the numbers,
 * before it is begun.
 */
export class IndexMemory {
  readonly #open: OpenIndexes;
  readonly #reader: LibraryReader;

  constructor(open: OpenIndexes, reader: LibraryReader) {
    this.#open = open;
    this.#reader = reader;
  }

  /**
   * Sets memory aside for a write of so many vectors, `bytes` in all, before it is committed; other indexes are closed
   * if need be. To be released when the write has been applied.
   * @throws AlcoveError CapacityExceededError: nothing must be written then.
   */
  async admitWrite(by: LibraryBy, vectors: number, bytes: number): Promise<Release> {
    const atMost = MAX_COPIES * bytes + vectors * MAX_LINK_BYTES;
    const release = by.id === undefined ? undefined : this.#open.setAsideIfFree(atMost, by.id);
    if (release !== undefined) return release;
    const library = this.#reader.library(by);
    if (library === undefined) return NOTHING;
    // Of vectors that differ in dimension most are refused; what is set aside is for all of them.
    const average = Math.ceil(bytes / FLOAT_BYTES / vectors);
    const dimension = library.embedding.dimension ?? Math.min(Math.max(average, 1), MAX_DIMENSION);
    const embedding = { ...library.embedding, dimension };
    return this.#setAside({ ...library, embedding }, vectors, `Writing ${vectors} vectors to`);
  }

  /**
   * Sets memory aside for a build beside the live index of a library, as {@link admitWrite} does for a write.
   * @throws AlcoveError CapacityExceededError
   */
  async admitBuild(libraryId: string, bytes: number): Promise<Release> {
    const available = process.availableMemory();
    if (bytes > available)
      throw new AlcoveError(
        'CapacityExceededError',
        `Building the index takes ${bytes} bytes; the machine has ${available} to give. Give the server more memory, or make the library smaller.`,
        { detail: { got: bytes, expected: available } },
      );
    return this.#open.setAside(
      bytes,
      libraryId,
      `Building the index beside the one that serves library ${libraryId}`,
    );
  }

  /**
   * Sets memory aside for an index that is about to be opened.
   * @throws AlcoveError CapacityExceededError
   */
  admitOpening(library: Library): Promise<Release> {
    return this.#setAside(library, 0, 'Opening the index of');
  }

  /** Sets memory aside for columns beside an open index, until what is returned is called; undefined if it is not free. */
  admitColumns(libraryId: string, bytes: number): Release | undefined {
    return this.#open.setAsideIfFree(bytes, libraryId);
  }

  report(): MemoryReport {
    const { limitBytes, usedBytes, setAsideBytes } = this.#open;
    return {
      limit: Number.isFinite(limitBytes) ? limitBytes : null,
      used: usedBytes,
      setAside: setAsideBytes,
      libraries: this.#open.values().map(({ libraryId, index }) => ({ libraryId, ...index.memory() })),
    };
  }

  /** What a library's index takes with so many vectors more, less what it takes already. */
  async #setAside(library: Library, added: number, purpose: string): Promise<Release> {
    const { type, settings } = library.index;
    const parameters = indexParameters(library, type, settings);
    if (parameters === undefined) return NOTHING;
    const stats = this.#open.look(library.id)?.index.stats();
    const slots = stats === undefined ? library.chunkCount : stats.live + stats.tombstones;
    const before = stats === undefined ? 0 : estimateBuiltBytes(parameters, slots);
    const bytes = estimateBuiltBytes(parameters, slots + added) - before;
    return this.#open.setAside(bytes, library.id, `${purpose} library ${library.id}`);
  }
}
