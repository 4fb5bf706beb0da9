import { clustered } from '../indexes/data.ts';
import { chunk, createDocument, createLibrary, TestStore } from '../library/TestStore.ts';

/** One library in a store of its own, to which random vectors are added and from which they are taken. */
export class LiveLibrary {
  readonly id = 'lib_live';
  readonly dimension: number;
  readonly store = new TestStore();
  #added = 0;

  private constructor(dimension: number) {
    this.dimension = dimension;
  }

  static async create(
    dimension: number,
    settings: Parameters<typeof createLibrary>[1] = {},
  ): Promise<LiveLibrary> {
    const library = new LiveLibrary(dimension);
    await library.recreate(settings);
    return library;
  }

  /** Creates the library, which must not exist (any more). */
  async recreate(settings: Parameters<typeof createLibrary>[1] = {}): Promise<void> {
    await this.store.submit(createLibrary(this.id, { ...settings, embedding: this.#contract }));
  }

  get #contract() {
    return {
      provider: 'EXTERNAL',
      model: 'test',
      dimension: null,
      metric: 'EUCLIDEAN',
      normalized: false,
    } as const;
  }

  /** Adds so many chunks, with ids `chk_0`, `chk_1` … over all calls; their ordinals are one more. */
  async add(count: number): Promise<void> {
    const from = this.#added;
    this.#added += count;
    const values = clustered({ count, dimension: this.dimension, seed: from + 1 });
    await this.store.submit(
      createDocument(this.id, `doc_${from}`, {
        chunks: Array.from({ length: count }, (_, row) => chunk(`chk_${from + row}`, row)),
        vectors: {
          values,
          offsets: Uint32Array.from({ length: count + 1 }, (_, row) => row * this.dimension),
        },
      }),
    );
  }

  /** Deletes chunks by the numbers in their ids, where they are there. */
  async remove(numbers: readonly number[]): Promise<void> {
    const ids = [...new Set(numbers)]
      .filter((number) => number < this.#added)
      .map((number) => `chk_${number}`);
    if (ids.length === 0) return;
    await this.store.submit({
      type: 'deleteChunks',
      library: { id: this.id },
      at: 4_000,
      by: { ids },
    });
  }

  /** What the index must hold. */
  ordinals(): Uint32Array {
    return this.store.reader.ordinals(this.id);
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
