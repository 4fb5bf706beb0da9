const VERSION_AT = 0;
const ENTRIES_AT = 1;
const CLOSED_AT = 2;
const HEADER_WORDS = 4;

/**
 * The words of a column by which its writer and its readers come to terms. The version is odd while values of slots
 * that readers see are changed in place, and another one afterwards: a reader that finds the same even version
 * before and after its reading has read what belongs together. Appending slots leaves it as it is.
 */
export class ColumnHeader {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer = new SharedArrayBuffer(HEADER_WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** A read-modify-write: what was read before it in program order has been read when it returns. */
  get version(): number {
    return Atomics.add(this.#words, VERSION_AT, 0);
  }

  /** Runs changes of published values. Writer only. */
  change(work: () => void): void {
    Atomics.add(this.#words, VERSION_AT, 1);
    try {
      work();
    } finally {
      Atomics.add(this.#words, VERSION_AT, 1);
    }
  }

  /** Entries of a dictionary that readers may look at. */
  get entries(): number {
    return Atomics.load(this.#words, ENTRIES_AT);
  }

  set entries(count: number) {
    Atomics.store(this.#words, ENTRIES_AT, count);
  }

  /** Whether nobody keeps the column level any more. */
  get isClosed(): boolean {
    return Atomics.load(this.#words, CLOSED_AT) === 1;
  }

  close(): void {
    Atomics.store(this.#words, CLOSED_AT, 1);
  }
}
