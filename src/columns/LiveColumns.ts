import { setImmediate as nextTurn } from 'node:timers/promises';
import type { VectorIndex } from '../indexes/VectorIndex.ts';
import type { ColumnReader } from './ColumnReader.ts';
import type { ColumnSpec } from './ColumnSpec.ts';
import { LibraryColumns, type SharedColumns } from './LibraryColumns.ts';

/** How long a thread that serves others fills columns before it gives way to its messages. */
const SLICE_MS = 5;
/** Columns of one library at most: more than it can have fields, of chunks and of documents. */
const MAX_COLUMNS = 256;

/** What the columns ask of the thread that owns them. */
export interface LiveColumnsOptions {
  /** The open live index of a library. */
  readonly indexOf: (libraryId: string) => VectorIndex | undefined;
  /** Reads a library's values; undefined when there is no such library. */
  readonly readerOf: (libraryId: string) => ColumnReader | undefined;
  /** Sets shared memory aside until what is returned is called; undefined if there is none to be had. */
  readonly admit: (libraryId: string, bytes: number) => (() => void) | undefined;
  /** The last revision that every open index is level with. */
  readonly level: () => number;
  readonly onTrouble: (message: string) => void;
}

/** The columns of one library, and the memory that is set aside for them. */
interface Kept {
  readonly columns: LibraryColumns;
  readonly releases: (() => void)[];
  admitted: number;
}

/**
 * The columns of all libraries whose filters have been asked for, beside their live indexes. Whatever goes wrong with
 * them, or if memory is short, costs time only: they are closed, filters are answered from the store, and the next one asks for them again.
 */
export class LiveColumns {
  readonly #options: LiveColumnsOptions;
  readonly #open = new Map<string, Kept>();
  /** The last filling of each library, one after the other. */
  readonly #filling = new Map<string, Promise<unknown>>();
  #busy: PromiseWithResolvers<void> | undefined;

  constructor(options: LiveColumnsOptions) {
    this.#options = options;
  }

  /** Shared memory in use. */
  get bytes(): number {
    return [...this.#open.values()].reduce((sum, { columns }) => sum + columns.bytes, 0);
  }

  /** A commit begins to be applied: what is read meanwhile would belong to no revision. */
  begin(): void {
    this.#busy ??= Promise.withResolvers();
  }

  /** It is done with. */
  end(): void {
    this.#busy?.resolve();
    this.#busy = undefined;
  }

  /**
   * The columns of the live index that is open now, filled from the store as far as they are missing. Undefined when
   * the index is not open, or was closed meanwhile, or memory is short.
   */
  async open(libraryId: string, specs: readonly ColumnSpec[]): Promise<SharedColumns | undefined> {
    const before = this.#filling.get(libraryId) ?? Promise.resolve();
    const filling = before.then(() => this.#fill(libraryId, specs.slice(0, MAX_COLUMNS)));
    this.#filling.set(libraryId, filling);
    try {
      return await filling;
    } finally {
      if (this.#filling.get(libraryId) === filling) this.#filling.delete(libraryId);
    }
  }

  /** The library's live index holds these new ordinals. */
  inserted(libraryId: string, ordinals: Uint32Array): void {
    this.#keep(libraryId, (columns) => columns.append(ordinals));
  }

  removed(libraryId: string, ordinals: Uint32Array): void {
    this.#keep(libraryId, (columns) => columns.remove(ordinals));
  }

  /** Values have changed where vectors have not: see `ValueChange`. */
  changed(
    libraryId: string,
    change: { readonly ordinals: Uint32Array; readonly documentIds: readonly string[] },
  ): void {
    this.#keep(libraryId, (columns) => columns.reread(change.ordinals, change.documentIds));
  }

  /** The fields of the library may have been declared anew. */
  redeclared(libraryId: string): void {
    this.#keep(libraryId, (columns) => columns.closeMetadata());
  }

  /** Every change of the library up to this revision has been told. */
  reached(libraryId: string, revision: number): void {
    this.#keep(libraryId, (columns) => columns.reached(revision));
  }

  /** The index of the library is not the live one any more, or its slots are others. */
  drop(libraryId: string): void {
    const kept = this.#open.get(libraryId);
    kept?.columns.close();
    for (const release of kept?.releases ?? []) release();
    this.#open.delete(libraryId);
  }

  #keep(libraryId: string, work: (columns: LibraryColumns) => void): void {
    const kept = this.#open.get(libraryId);
    if (kept === undefined) return;
    try {
      work(kept.columns);
      if (!this.#admit(libraryId, kept, kept.columns.bytes)) this.drop(libraryId);
    } catch (error) {
      this.#fail(libraryId, error);
    }
  }

  #fail(libraryId: string, error: unknown): void {
    this.drop(libraryId);
    // They have outgrown their room, and get more of it when they are next asked for.
    if (error instanceof RangeError) return;
    this.#options.onTrouble(`The columns of library ${libraryId} are made anew: ${String(error)}`);
  }

  async #fill(libraryId: string, specs: readonly ColumnSpec[]): Promise<SharedColumns | undefined> {
    await this.#idle();
    const kept = this.#current(libraryId);
    if (kept === undefined || !this.#admit(libraryId, kept, kept.columns.bytesWith(specs))) return undefined;
    const { columns } = kept;
    try {
      let sliceStart = performance.now();
      for (const _step of columns.fill(specs)) {
        if (performance.now() - sliceStart < SLICE_MS) continue;
        await nextTurn();
        await this.#idle();
        if (columns.isClosed) return undefined;
        sliceStart = performance.now();
      }
    } catch (error) {
      this.#fail(libraryId, error);
      return undefined;
    }
    if (this.#admit(libraryId, kept, columns.bytes)) return columns.share(specs);
    this.drop(libraryId);
    return undefined;
  }

  /** The columns of the index that is live now. */
  #current(libraryId: string): Kept | undefined {
    const index = this.#options.indexOf(libraryId);
    const open = this.#open.get(libraryId);
    if (open !== undefined && open.columns.index === index) return open;
    this.drop(libraryId);
    const reader = this.#options.readerOf(libraryId);
    if (index === undefined || reader === undefined) return undefined;
    const columns = new LibraryColumns(index, reader, this.#options.level());
    const kept = { columns, releases: [], admitted: 0 };
    this.#open.set(libraryId, kept);
    return kept;
  }

  /** Sets memory aside, so that it is `bytes` in all. */
  #admit(libraryId: string, kept: Kept, bytes: number): boolean {
    const missing = bytes - kept.admitted;
    if (missing <= 0) return true;
    const release = this.#options.admit(libraryId, missing);
    if (release === undefined) return false;
    kept.releases.push(release);
    kept.admitted = bytes;
    return true;
  }

  /** Resolves in a turn in which no commit is being applied. */
  async #idle(): Promise<void> {
    while (this.#busy !== undefined) await this.#busy.promise;
  }
}
