import { ColumnHeader } from './ColumnHeader.ts';
import type { ColumnSpec } from './ColumnSpec.ts';
import { reserveArray, SharedArray } from './SharedArray.ts';

/** What another thread needs to read a column of numbers. */
export interface SharedNumberColumn {
  readonly spec: ColumnSpec;
  readonly header: SharedArrayBuffer;
  readonly values: SharedArrayBuffer;
}

/** A column of float64, one for each slot; NaN where there is none, since no stored number is NaN. */
export class NumberColumn {
  readonly spec: ColumnSpec;
  readonly header: ColumnHeader;
  readonly #values: SharedArray<Float64Array<SharedArrayBuffer>>;

  constructor(shared: SharedNumberColumn) {
    this.spec = shared.spec;
    this.header = new ColumnHeader(shared.header);
    this.#values = new SharedArray<Float64Array<SharedArrayBuffer>>(Float64Array, shared.values);
  }

  static create(spec: ColumnSpec, maxSlots: number): NumberColumn {
    const values = reserveArray(Float64Array, maxSlots);
    return new NumberColumn({ spec, header: new ColumnHeader().buffer, values });
  }

  share(): SharedNumberColumn {
    return { spec: this.spec, header: this.header.buffer, values: this.#values.buffer };
  }

  get bytes(): number {
    return this.#values.buffer.byteLength;
  }

  /** Makes room for slots below `slots`; the new ones have no value. @throws RangeError beyond its greatest size. */
  reserve(slots: number): void {
    const { length } = this.#values.view;
    this.#values.reserve(slots);
    this.#values.view.fill(Number.NaN, length);
  }

  /** Writer only, as {@link reserve} is. */
  set(slot: number, value: number | undefined): void {
    this.#values.view[slot] = value ?? Number.NaN;
  }

  /** Sets the bits of slots whose value lies in [low, high]: `out.length` words of them, from a word on. */
  fillRange(low: number, high: number, out: Uint32Array, fromWord: number): void {
    const values = this.#values.view;
    for (let word = 0, slot = fromWord * 32; word < out.length; word++, slot += 32) {
      let bits = 0;
      // Without a branch: at random a branch took six times as long.
      for (let bit = 31; bit >= 0; bit--) {
        const value = values[slot + bit] as number;
        bits = (bits << 1) | (Number(value >= low) & Number(value <= high));
      }
      out[word] = bits;
    }
  }

  /** Those whose value is another than `other`. */
  fillOthers(other: number, out: Uint32Array, fromWord: number): void {
    const values = this.#values.view;
    for (let word = 0, slot = fromWord * 32; word < out.length; word++, slot += 32) {
      let bits = 0;
      for (let bit = 31; bit >= 0; bit--) {
        const value = values[slot + bit] as number;
        bits = (bits << 1) | (Number(value < other) | Number(value > other));
      }
      out[word] = bits;
    }
  }

  /** Those that have one of the values. */
  fillAnyOf(wanted: ReadonlySet<number>, out: Uint32Array, fromWord: number): void {
    const values = this.#values.view;
    for (let word = 0, slot = fromWord * 32; word < out.length; word++, slot += 32) {
      let bits = 0;
      for (let bit = 31; bit >= 0; bit--) {
        bits = (bits << 1) | Number(wanted.has(values[slot + bit] as number));
      }
      out[word] = bits;
    }
  }
}
