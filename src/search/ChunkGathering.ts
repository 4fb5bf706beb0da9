import type { Chunk } from '../library/types.ts';

/** The chunks of some ordinals, in their order; undefined where one has been replaced or deleted. */
type Chunks = readonly (Chunk | undefined)[];
type Read = (ordinals: Uint32Array) => Chunks;

/** What was read for one search, and the part of the reading's time that is its own, in milliseconds. */
export interface Gathered {
  readonly chunks: Chunks;
  readonly ms: number;
}

/** No search waits longer than this for others that find their hits. */
const MAX_WAIT_MS = 4;
/** As many ordinals are read at once: about a millisecond. */
const MAX_GATHERED = 512;

interface Waiting {
  readonly libraryId: string;
  readonly ordinals: Uint32Array;
  readonly read: Read;
  readonly resolve: (gathered: Gathered) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the chunks that the searches of a batch have found, those of several searches in one statement and each chunk once. The searches still run one after
 * another: the next begins when the one before has its answer, or waits here ({@link turn}).
 */
export class ChunkGathering {
  #waiting: Waiting[] = [];
  #size = 0;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  #onWaiting: () => void = () => {};

  /** Begins a search. Resolves, with its answer to come, when it has ended or waits for its chunks; rejects as it does. */
  turn<Answer>(begin: () => Promise<Answer>): Promise<{ readonly answer: Promise<Answer> }> {
    const { promise: waits, resolve } = Promise.withResolvers<void>();
    this.#onWaiting = resolve;
    const answer = begin();
    return Promise.race([waits, answer]).then(() => ({ answer }));
  }

  /** `read` reads from the library; it is called now or within 4 ms, with more than these ordinals. @throws what it throws, for these ordinals alone */
  read(libraryId: string, ordinals: Uint32Array, read: Read): Promise<Gathered> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ libraryId, ordinals, read, resolve, reject });
      this.#size += ordinals.length;
      if (this.#isOver || this.#size >= MAX_GATHERED) this.#readAll();
      else this.#timer ??= setTimeout(() => this.#readAll(), MAX_WAIT_MS);
      this.#onWaiting();
    });
  }

  /** No more searches are coming: nobody waits any longer. */
  end(): void {
    this.#isOver = true;
    this.#readAll();
  }

  #readAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    for (const [, some] of Map.groupBy(waiting, ({ libraryId }) => libraryId)) readTogether(some);
  }
}

function readTogether(waiting: readonly Waiting[]): void {
  const [first] = waiting;
  if (first === undefined) return;
  if (waiting.length === 1) return readAlone(first);
  const startedAt = performance.now();
  const all = Uint32Array.from(new Set(waiting.flatMap(({ ordinals }) => [...ordinals])));
  let read: Chunks;
  try {
    read = first.read(all);
  } catch {
    // One of them is damaged: that is no matter of the others.
    for (const one of waiting) readAlone(one);
    return;
  }
  const found = new Map(read.map((chunk, at) => [all[at], chunk]));
  const ms = (performance.now() - startedAt) / waiting.length;
  for (const { ordinals, resolve } of waiting)
    resolve({ chunks: Array.from(ordinals, (ordinal) => found.get(ordinal)), ms });
}

function readAlone({ ordinals, read, resolve, reject }: Waiting): void {
  const startedAt = performance.now();
  try {
    const chunks = read(ordinals);
    resolve({ chunks, ms: performance.now() - startedAt });
  } catch (error) {
    reject(error);
  }
}
