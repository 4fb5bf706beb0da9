import { threadId } from 'node:worker_threads';
import { AlcoveError } from '../errors.ts';
import {
  ADDITIONS_AT,
  BATCH_SLOTS,
  BUILD_AT,
  BUILD_UNLINKED,
  CENTRED_AT,
  COUNT_AT,
  ENTRY_AT,
  HEADER_BYTES,
  LARGEST_AT,
  LAYOUT_AT,
  LIVE_AT,
  MEAN_AT,
  POOL_ENTRIES,
  REMOVALS_AT,
  SETTLED_AT,
  SUCCEEDED_AT,
  TABLED_AT,
  TWINS_AT,
  USED_AT,
  ZONE_COLLECTED,
  ZONE_COMPARED,
  ZONE_QUERY,
  ZONE_RERANKED,
  ZONE_VISITED,
  ZONES_AT,
} from '../kernel/assembly/offsets.ts';
import {
  chosenVariant,
  type FetchRow,
  instantiateKernel,
  type Kernel,
  kernelModule,
} from '../kernel/kernel.ts';
import type { KernelVariant } from '../kernel/variant.ts';
import { type Layout, layoutOf, MAX_PAGES, PAGE_BYTES, pagesFor } from './layout.ts';
import { RowFile, storedRowBytes } from './RowFile.ts';
import type { IndexParameters } from './VectorIndex.ts';
import { ZoneOwners } from './ZoneOwners.ts';

/** What another thread needs to attach to an index; structured-clonable, and no copy of the vectors. */
export interface SharedSegment {
  /** Given at creation, and to no other segment of this process. */
  readonly id: number;
  readonly parameters: IndexParameters;
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly variant: KernelVariant;
  /** The file of the rows, where they are kept in one. */
  readonly rowsPath?: string;
}

/** What another thread needs to attach to an index of several segments. */
export interface SharedSegments {
  readonly parameters: IndexParameters;
  /** A segment of so many slots is full, if its memory is not before. */
  readonly segmentSlots: number;
  /** See SegmentedIndex. */
  readonly path: string | undefined;
  /** In the order of their ordinals. */
  readonly segments: readonly SharedSegment[];
}

/** Which kernel runs on a memory: the same in all threads. */
type KernelCode = Pick<SharedSegment, 'module' | 'variant'>;

/** The fields of the header that change. */
export interface SegmentState {
  readonly count: number;
  readonly live: number;
  readonly entry: number;
  /** See TABLED_AT. */
  readonly tabled: number;
  /** See SETTLED_AT. */
  readonly settled: number;
  /** See TWINS_AT. */
  readonly twins: number;
  /** See CENTRED_AT. */
  readonly centred: number;
  /** See LARGEST_AT. */
  readonly largest: number;
  /** See MEAN_AT. */
  readonly mean: number;
}

/**
 * One thread's hold on the shared memory of an index: an instance of the kernel, made when it is needed, and a zone of scratch of its own.
 *
 * The views of header and zone lie below the blocks, in the part of the memory that is there from the beginning. So
 * they never grow stale, however often the writer grows the memory meanwhile: a reader's JavaScript looks at nothing
 * beyond them, and lets the kernel read the blocks.
 */
export class Segment {
  readonly id: number;
  readonly layout: Layout;
  readonly memory: WebAssembly.Memory;
  /** The zone's query row (`dimension`, without the padding). */
  readonly query: Float32Array;
  /** The zone's list of slots or ordinals. */
  readonly list: Uint32Array;
  /** The zone's bitmap of slots that a search may return. */
  readonly allowed: Uint32Array;
  /** The file of the rows, where they are kept in one. */
  readonly rows: RowFile | undefined;
  readonly #code: KernelCode;
  readonly #fetchRow: FetchRow | undefined;
  #kernel: Kernel | undefined;
  readonly #header: Uint32Array;
  readonly #unlinked: Uint32Array;
  readonly #owners: ZoneOwners;
  readonly #used: Uint32Array;
  readonly #succeeded: Uint32Array;
  readonly #removals: Uint32Array;
  readonly #additions: Uint32Array;
  readonly #counters: Uint32Array;
  readonly #outputOrdinals: Uint32Array;
  readonly #outputKeys: Float32Array;
  #zone: number;

  private constructor(
    id: number,
    layout: Layout,
    memory: WebAssembly.Memory,
    code: KernelCode,
    rows?: RowFile,
  ) {
    const { buffer } = memory;
    this.id = id;
    this.rows = rows;
    this.layout = layout;
    this.memory = memory;
    this.#code = code;
    this.#header = new Uint32Array(buffer, 0, HEADER_BYTES / 4);
    this.#unlinked = new Uint32Array(buffer, BUILD_AT + 4 * BUILD_UNLINKED, 1);
    this.#owners = new ZoneOwners(buffer);
    this.#used = new Uint32Array(buffer, USED_AT, 1);
    this.#succeeded = new Uint32Array(buffer, SUCCEEDED_AT, 1);
    this.#removals = new Uint32Array(buffer, REMOVALS_AT, 1);
    this.#additions = new Uint32Array(buffer, ADDITIONS_AT, 1);
    this.#zone = this.#owners.claim();
    const zoneAt = ZONES_AT + this.#zone * layout.zoneBytes;
    this.query = new Float32Array(buffer, zoneAt + ZONE_QUERY, layout.parameters.dimension);
    this.list = new Uint32Array(buffer, zoneAt + layout.slotsAt, BATCH_SLOTS);
    this.allowed = new Uint32Array(buffer, zoneAt + layout.allowedAt, layout.capacity / 32);
    this.#counters = new Uint32Array(buffer, zoneAt, 4);
    this.#outputOrdinals = new Uint32Array(buffer, zoneAt + layout.outputAt, 2 * POOL_ENTRIES);
    this.#outputKeys = new Float32Array(buffer, zoneAt + layout.outputAt, 2 * POOL_ENTRIES);
    this.#fetchRow = rows && rowFetcher(rows, buffer, zoneAt + layout.fetchedAt, layout);
  }

  /**
   * A new, empty segment. Its memory holds no blocks yet. It begins with one page and grows to the rest, because V8
   * counts what a memory begins with as garbage collection pressure, touched or not: with thousands of segments that
   * made each take 10 ms instead of 0.2.
   * `rows`: the file for the rows, where the layout has no room for them.
   * @throws AlcoveError CapacityExceededError
   */
  static create(layout: Layout, rows?: RowFile): Segment {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    grow(memory, pagesFor(layout, 0));
    new Uint32Array(memory.buffer, LAYOUT_AT, layout.words.length).set(layout.words);
    const code = { module: kernelModule(), variant: chosenVariant() };
    return new Segment(nextId(), layout, memory, code, rows);
  }

  /** @throws AlcoveError OverloadedError when all zones are taken. */
  static attach(shared: SharedSegment): Segment {
    const { id, parameters, memory, module, variant, rowsPath } = shared;
    const layout = layoutOf(parameters);
    const rows = rowsPath === undefined ? undefined : RowFile.attach(rowsPath, layout.rowBytes);
    return new Segment(id, layout, memory, { module, variant }, rows);
  }

  share(parameters: IndexParameters): SharedSegment {
    const { id, memory, rows } = this;
    return { id, parameters, memory, ...this.#code, ...(rows && { rowsPath: rows.path }) };
  }

  /** This thread's instance of the kernel. */
  get kernel(): Kernel {
    this.#kernel ??= this.#instantiate();
    return this.#kernel;
  }

  /** Lets go of the instance of the kernel until the next use: 35 KiB that a thread which only keeps the index has no use for. */
  rest(): void {
    this.#kernel = undefined;
  }

  #instantiate(): Kernel {
    const kernel = instantiateKernel(this.memory, { ...this.#code, fetchRow: this.#fetchRow });
    kernel.attach(ZONES_AT + this.#zone * this.layout.zoneBytes);
    return kernel;
  }

  /** Published slots: live ones and tombstones. */
  get count(): number {
    return Atomics.load(this.#header, COUNT_AT / 4);
  }

  get live(): number {
    return Atomics.load(this.#header, LIVE_AT / 4);
  }

  get entry(): number {
    return Atomics.load(this.#header, ENTRY_AT / 4);
  }

  /** The first slots, that the tables cover. */
  get tabled(): number {
    return Atomics.load(this.#header, TABLED_AT / 4);
  }

  /** Appended slots that build() has not linked yet. */
  get unlinked(): number {
    return Atomics.load(this.#unlinked, 0);
  }

  /** Tombstones that the last consolidation has seen to. */
  get settled(): number {
    return Atomics.load(this.#header, SETTLED_AT / 4);
  }

  set settled(tombstones: number) {
    Atomics.store(this.#header, SETTLED_AT / 4, tombstones);
  }

  /** How many rows the centre of sketches or binary codes is the mean of; 0 while these may not be compared. */
  get centred(): number {
    return Atomics.load(this.#header, CENTRED_AT / 4);
  }

  /**
   * Whether the centre is the same as when {@link centred} was this number, not 0, so that whatever was read since is about
   * it. A read-modify-write, as the writer's own of the same word: what was read before it has been read when it returns.
   */
  isCentredSince(centred: number): boolean {
    return Atomics.add(this.#header, CENTRED_AT / 4, 0) === centred;
  }

  /** The header's fields, for a file. Writer only. */
  snapshot(): SegmentState {
    const numbers = new Float32Array(this.#header.buffer);
    const [largest, mean] = [numbers[LARGEST_AT / 4] ?? 0, numbers[MEAN_AT / 4] ?? 0];
    const { count, live, entry, tabled, settled, centred } = this;
    const twins = Atomics.load(this.#header, TWINS_AT / 4);
    return { count, live, entry, tabled, settled, twins, centred, largest, mean };
  }

  /** Publishes slots that were read from a file. The count goes last. */
  restore({ count, live, entry, tabled, settled, twins, centred, largest, mean }: SegmentState): void {
    const numbers = new Float32Array(this.#header.buffer);
    numbers[LARGEST_AT / 4] = largest;
    numbers[MEAN_AT / 4] = mean;
    Atomics.store(this.#header, TABLED_AT / 4, tabled);
    Atomics.store(this.#header, TWINS_AT / 4, twins);
    Atomics.store(this.#header, CENTRED_AT / 4, centred);
    this.settled = settled;
    Atomics.store(this.#header, ENTRY_AT / 4, entry);
    Atomics.store(this.#header, LIVE_AT / 4, live);
    Atomics.store(this.#header, COUNT_AT / 4, count);
  }

  /** When {@link touch} was last called by any thread, in milliseconds since the epoch, to the second; 0: never. */
  get usedAt(): number {
    return Atomics.load(this.#used, 0) * 1_000;
  }

  touch(): void {
    Atomics.store(this.#used, 0, Math.floor(Date.now() / 1_000));
  }

  /**
   * Whether another segment has been begun after this one. A read-modify-write: what was read before it in program order
   * has been read when it returns.
   */
  get isSucceeded(): boolean {
    return Atomics.add(this.#succeeded, 0, 0) !== 0;
  }

  /** Says that another segment has been begun after this one, for good. A read-modify-write, as {@link isSucceeded}. Writer only. */
  succeed(): void {
    Atomics.exchange(this.#succeeded, 0, 1);
  }

  /** Removals that have begun. A read-modify-write, as {@link isSucceeded}. */
  get removals(): number {
    return Atomics.add(this.#removals, 0, 0);
  }

  /** Insertions that have ended, so that what they brought can be found. */
  get additions(): number {
    return Atomics.load(this.#additions, 0);
  }

  /** Counts an insertion that has ended. Writer only. */
  wasAddedTo(): void {
    Atomics.add(this.#additions, 0, 1);
  }

  /** Zones in use. */
  get attached(): number {
    return this.#owners.held;
  }

  /**
   * Grows the memory so that `added` more slots fit. Writer only.
   * @throws AlcoveError CapacityExceededError
   */
  reserve(added: number): void {
    const { layout, count } = this;
    const wanted = count + added;
    if (wanted > layout.capacity) {
      throw new AlcoveError(
        'CapacityExceededError',
        `index: got ${wanted} vectors, expected at most ${layout.capacity}, which fill its memory`,
        { detail: { got: wanted, expected: layout.capacity } },
      );
    }
    grow(this.memory, pagesFor(layout, wanted));
  }

  /** The first `found` results in the zone's output, of a search for at most `k`. Copies. */
  results(k: number, found: number): { ordinals: Uint32Array; keys: Float32Array } {
    return { ordinals: this.#outputOrdinals.slice(0, found), keys: this.#outputKeys.slice(k, k + found) };
  }

  /** What the last search took. */
  counters(): { visited: number; compared: number; reranked: number } {
    return {
      visited: this.#counters[ZONE_VISITED / 4] ?? 0,
      compared: this.#counters[ZONE_COMPARED / 4] ?? 0,
      reranked: this.#counters[ZONE_RERANKED / 4] ?? 0,
    };
  }

  /** How many nodes the last search of the graph had found that it might return. */
  get collected(): number {
    return this.#counters[ZONE_COLLECTED / 4] ?? 0;
  }

  get isAttached(): boolean {
    return this.#zone >= 0;
  }

  /** Gives the zone back. The segment must not be used afterwards. */
  detach(): void {
    if (this.#zone < 0) return;
    this.#owners.free(this.#zone);
    this.#zone = -1;
    this.rows?.close();
  }
}

/** Reads rows into the memory: to an address, and in turn to the place after it, so that two can be compared. */
function rowFetcher(rows: RowFile, buffer: ArrayBufferLike, address: number, { rowBytes }: Layout): FetchRow {
  const stored = storedRowBytes(rowBytes);
  const places = [0, stored].map((offset) => new Uint8Array(buffer, address + offset, stored));
  let next = 0;
  return (slot) => {
    const into = places[next] as Uint8Array;
    next = 1 - next;
    rows.read(slot >>> 0, into);
    return into.byteOffset;
  };
}

let created = 0;

/** No two threads of a process ever have the same number. */
function nextId(): number {
  created += 1;
  return threadId * 2 ** 32 + created;
}

/** Grows a memory to at least `pages`. */
function grow(memory: WebAssembly.Memory, pages: number): void {
  const missing = pages - memory.buffer.byteLength / PAGE_BYTES;
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw new AlcoveError(
      'CapacityExceededError',
      `index: the system refused ${missing} more pages of 64 KiB; free memory or raise its limit`,
      { detail: { got: missing, expected: 'memory' }, cause },
    );
  }
}

/** Gives back the zones of a thread that ended without detaching. `ofThread` is its `threadId`. */
export function releaseZones(shared: SharedSegment, ofThread: number): void {
  new ZoneOwners(shared.memory.buffer).freeAllOf(ofThread);
}
