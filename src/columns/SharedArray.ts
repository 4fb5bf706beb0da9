/** The typed arrays that columns are made of. */
type View = Float64Array<SharedArrayBuffer> | Uint32Array<SharedArrayBuffer> | Uint8Array<SharedArrayBuffer>;

interface ViewType<V extends View> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer, offset: number, length: number): V;
}

/** Arrays grow by this share of what they hold … */
const GROWTH = 0.25;
/** … and to whole multiples of this, so that they end with a word of a bitmap and a small library takes little. */
const GROWTH_STEP = 1_024;

/** Memory for an array that is empty, and may grow to `maxLength` elements. */
export function reserveArray(
  type: { readonly BYTES_PER_ELEMENT: number },
  maxLength: number,
): SharedArrayBuffer {
  const maxByteLength = Math.ceil(maxLength / GROWTH_STEP) * GROWTH_STEP * type.BYTES_PER_ELEMENT;
  return new SharedArrayBuffer(0, { maxByteLength });
}

/**
 * An array in shared memory that one thread fills and lets grow while others read it. Address space is reserved for
 * all that it may grow to, memory is used for what there is.
 *
 * Views have a fixed length and are made anew when the array has grown: loops over a view that follows the length of
 * its buffer took 23 times as long (100,000 float64, Node 26).
 */
export class SharedArray<V extends View> {
  readonly buffer: SharedArrayBuffer;
  readonly #type: ViewType<V>;
  #view: V;

  /** `buffer` is of {@link reserveArray}. */
  constructor(type: ViewType<V>, buffer: SharedArrayBuffer) {
    this.#type = type;
    this.buffer = buffer;
    this.#view = this.#viewNow();
  }

  /** All elements that there are by now. */
  get view(): V {
    if (this.#view.byteLength !== this.buffer.byteLength) this.#view = this.#viewNow();
    return this.#view;
  }

  /**
   * Lets the array grow to at least `length` elements; new ones are zero. Writer only.
   * @throws RangeError beyond `maxLength`.
   */
  reserve(length: number): void {
    const { length: now } = this.view;
    if (length <= now) return;
    const wanted = Math.ceil(Math.max(length, now * (1 + GROWTH)) / GROWTH_STEP) * GROWTH_STEP;
    const bytes = this.#type.BYTES_PER_ELEMENT;
    this.buffer.grow(Math.max(Math.min(wanted * bytes, this.buffer.maxByteLength), length * bytes));
  }

  #viewNow(): V {
    const Type = this.#type;
    return new Type(this.buffer, 0, Math.floor(this.buffer.byteLength / Type.BYTES_PER_ELEMENT));
  }
}
