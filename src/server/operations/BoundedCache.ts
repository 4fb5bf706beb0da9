/** How much a cache holds; what was used longest ago goes first. */
export interface CacheLimits {
  readonly entries: number;
  readonly bytes: number;
}

interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  readonly bytes: number;
}

/** The last used of some values, by text, within limits of number and of size. */
export class BoundedCache<Value> {
  readonly #limits: CacheLimits;
  /** In the order of their use, oldest first. */
  readonly #entries = new Map<string, Entry<Value>>();
  #bytes = 0;
  /** The last of them: what is asked for over and over is compared once, and neither hashed nor put last again. */
  #newest: Entry<Value> | undefined;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all values, as they were given. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    if (key === this.#newest?.key) return this.#newest.value;
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#newest = entry;
    return entry.value;
  }

  /** Takes `bytes` for what is kept, key and all; a value that is larger than the cache is not kept. */
  set(key: string, value: Value, bytes: number): void {
    this.#remove(key);
    if (bytes > this.#limits.bytes) return;
    this.#newest = { key, value, bytes };
    this.#entries.set(key, this.#newest);
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entries && this.#bytes <= this.#limits.bytes) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
    if (key === this.#newest?.key) this.#newest = undefined;
  }
}
