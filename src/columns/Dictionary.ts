import { reserveArray, SharedArray } from './SharedArray.ts';

/** What another thread needs to read a dictionary. */
export interface SharedDictionary {
  readonly ends: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

/** UTF-8 takes up to so many bytes for one UTF-16 code unit. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * Distinct texts in shared memory, numbered from 0 in the order in which they came: UTF-8, one after another, and where
 * each ends. Every thread reads them once, as it meets them, into a map of its own.
 */
export class Dictionary {
  readonly #ends: SharedArray<Uint32Array<SharedArrayBuffer>>;
  readonly #bytes: SharedArray<Uint8Array<SharedArrayBuffer>>;
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(shared: SharedDictionary) {
    this.#ends = new SharedArray<Uint32Array<SharedArrayBuffer>>(Uint32Array, shared.ends);
    this.#bytes = new SharedArray<Uint8Array<SharedArrayBuffer>>(Uint8Array, shared.bytes);
  }

  static create(maxTexts: number, maxBytes: number): Dictionary {
    return new Dictionary({
      ends: reserveArray(Uint32Array, maxTexts),
      bytes: reserveArray(Uint8Array, maxBytes),
    });
  }

  share(): SharedDictionary {
    return { ends: this.#ends.buffer, bytes: this.#bytes.buffer };
  }

  get bytes(): number {
    return this.#ends.buffer.byteLength + this.#bytes.buffer.byteLength;
  }

  /** How many texts this thread knows. */
  get size(): number {
    return this.#texts.length;
  }

  text(number: number): string {
    return this.#texts[number] as string;
  }

  numberOf(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  /** Makes this thread know all texts below `size`, which must have been published. */
  readTo(size: number): void {
    if (size === this.#texts.length) return;
    const ends = this.#ends.view;
    const { buffer } = this.#bytes;
    const bytes = Buffer.from(buffer, 0, buffer.byteLength);
    for (let at = this.#texts.length; at < size; at++) {
      this.#know(bytes.toString('utf8', at === 0 ? 0 : ends[at - 1], ends[at]));
    }
  }

  /**
   * The number of a text, which is added if it is new. Writer only.
   * @throws RangeError when it does not fit any more.
   */
  add(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    const start = number === 0 ? 0 : (this.#ends.view[number - 1] as number);
    this.#ends.reserve(number + 1);
    this.#bytes.reserve(start + text.length * MAX_BYTES_PER_UNIT);
    const written = Buffer.from(this.#bytes.buffer).write(text, start, 'utf8');
    this.#ends.view[number] = start + written;
    return this.#know(text);
  }

  #know(text: string): number {
    const number = this.#texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}
