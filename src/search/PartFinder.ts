import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Library } from '../library/types.ts';
import type { WordList } from '../store/WordLists.ts';
import { BLOCK_SIZE, type WordBlock } from '../store/words.ts';

/** Bytes of texts that are looked through in one go: a few milliseconds. */
const PIECE_BYTES = 2 ** 21;
const MAX_PIECE = 1_000;

/** What the store is asked for here. */
export type PartReader = Pick<LibraryReader, 'ordinalsThatMayContain' | 'ordinalsMatching'>;

/** Finds parts of texts, whatever their words: among what their trigrams leave, or where there are none, in every text. */
export class PartFinder {
  readonly #library: Library;
  readonly #reader: PartReader;
  readonly #giveWay: () => Promise<void>;
  readonly #found = new Map<string, WordList>();
  readonly #piece: number;

  /** @param giveWay is called between pieces of the work. */
  constructor(library: Library, reader: PartReader, giveWay: () => Promise<void>) {
    this.#library = library;
    this.#reader = reader;
    this.#giveWay = giveWay;
    const bytes = Math.max(1, library.bytes / Math.max(1, library.chunkCount));
    this.#piece = Math.max(1, Math.min(MAX_PIECE, Math.floor(PIECE_BYTES / bytes)));
  }

  /** The chunks of a block in whose text a part stands; each counts as having it once. Remembered. */
  async find(part: string, block: WordBlock): Promise<WordList> {
    const key = `${block.block} ${part}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const test = { op: 'contains', value: part } as const;
    const candidates = this.#reader.ordinalsThatMayContain(this.#library.id, part, block);
    const places: number[] = [];
    for (let from = 0; from < candidates.length; from += this.#piece) {
      await this.#giveWay();
      const some = candidates.subarray(from, from + this.#piece);
      const predicate = { kind: 'chunk', column: 'text', test } as const;
      for (const ordinal of this.#reader.ordinalsMatching(this.#library.id, predicate, some)) {
        places.push(ordinal % BLOCK_SIZE);
      }
    }
    const list = { places: Uint16Array.from(places), counts: new Uint16Array(places.length).fill(1) };
    this.#found.set(key, list);
    return list;
  }
}
