import { contentWords } from '../embedding/words.ts';

/** Words of a corpus that are kept in memory, four bytes each; what comes after is not read. */
export const MAX_CORPUS_WORDS = 50_000_000;

/** Different words that are held at once; beyond, those that came once are forgotten (word2vec, ReduceVocab). */
const MAX_DIFFERENT_WORDS = 1_000_000;

/** The id of a word that is not to be learned from. */
const FORGOTTEN = 0xffff_ffff;

/** A word that a model knows. */
export interface VocabularyWord {
  readonly word: string;
  /** How often it occurs in the passages that are learned from. */
  readonly count: number;
  /** In how many of them. */
  readonly passages: number;
}

/**
 * The passages that a model is learned from, as numbers of words: what is kept of each is the ids of its content words in
 * order, so that a corpus of 50 million words takes 200 MB.
 */
export class Corpus {
  readonly #ids = new Map<string, number>();
  readonly #words: string[] = [];
  #counts = new Uint32Array(1_024);
  #passageCounts = new Uint32Array(1_024);
  #lastPassage = new Int32Array(1_024);
  #tokens = new Uint32Array(65_536);
  #length = 0;
  readonly #ends: number[] = [];

  /** Passages added. */
  get passages(): number {
    return this.#ends.length;
  }

  /** Content words added. */
  get size(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= MAX_CORPUS_WORDS;
  }

  /** Adds a passage and returns its number. */
  add(text: string): number {
    const passage = this.#ends.length;
    for (const word of contentWords(text)) this.#addWord(this.#idOf(word), passage + 1);
    this.#ends.push(this.#length);
    if (this.#ids.size > MAX_DIFFERENT_WORDS) this.#forgetRare();
    return passage;
  }

  /** Takes the words of a passage out again, to be asked about afterwards. */
  remove(passage: number): void {
    const seen = new Set<number>();
    for (let at = this.#startOf(passage); at < (this.#ends[passage] as number); at++) {
      const id = this.#tokens[at] as number;
      this.#tokens[at] = FORGOTTEN;
      if (id === FORGOTTEN) continue;
      this.#counts[id] = (this.#counts[id] as number) - 1;
      if (!seen.has(id)) this.#passageCounts[id] = (this.#passageCounts[id] as number) - 1;
      seen.add(id);
    }
  }

  /** The commonest words, the commonest first, each at least `minCount` times there and at most `limit` of them. */
  vocabulary(minCount: number, limit: number): VocabularyWord[] {
    return [...this.#ids]
      .map(([word, id]) => ({
        word,
        count: this.#counts[id] as number,
        passages: this.#passageCounts[id] as number,
      }))
      .filter(({ count }) => count >= minCount)
      .sort((one, other) => other.count - one.count || (one.word < other.word ? -1 : 1))
      .slice(0, limit);
  }

  /** Each passage as rows of `vocabulary`; words that are not in it are left out. The array is used again. */
  *rows(vocabulary: readonly VocabularyWord[]): Generator<Uint32Array> {
    const rowOf = new Int32Array(this.#words.length).fill(-1);
    for (const [row, { word }] of vocabulary.entries()) rowOf[this.#ids.get(word) as number] = row;
    let rows = new Uint32Array(1_024);
    for (let passage = 0; passage < this.#ends.length; passage++) {
      const end = this.#ends[passage] as number;
      const start = this.#startOf(passage);
      if (rows.length < end - start) rows = new Uint32Array(2 * (end - start));
      let length = 0;
      for (let at = start; at < end; at++) {
        const id = this.#tokens[at] as number;
        const row = id === FORGOTTEN ? -1 : (rowOf[id] as number);
        if (row >= 0) rows[length++] = row;
      }
      yield rows.subarray(0, length);
    }
  }

  #startOf(passage: number): number {
    return passage === 0 ? 0 : (this.#ends[passage - 1] as number);
  }

  #idOf(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    const id = this.#words.length;
    this.#words.push(word);
    this.#ids.set(word, id);
    if (id >= this.#counts.length) {
      this.#counts = grown(this.#counts, new Uint32Array(2 * id));
      this.#passageCounts = grown(this.#passageCounts, new Uint32Array(2 * id));
      this.#lastPassage = grown(this.#lastPassage, new Int32Array(2 * id));
    }
    return id;
  }

  #addWord(id: number, passage: number): void {
    if (this.#length >= MAX_CORPUS_WORDS) return;
    if (this.#length === this.#tokens.length) {
      this.#tokens = grown(this.#tokens, new Uint32Array(2 * this.#length));
    }
    this.#tokens[this.#length++] = id;
    this.#counts[id] = (this.#counts[id] as number) + 1;
    if (this.#lastPassage[id] === passage) return;
    this.#lastPassage[id] = passage;
    this.#passageCounts[id] = (this.#passageCounts[id] as number) + 1;
  }

  #forgetRare(): void {
    for (const [word, id] of this.#ids) if (this.#counts[id] === 1) this.#ids.delete(word);
  }
}

function grown<Values extends Uint32Array | Int32Array>(values: Values, larger: Values): Values {
  larger.set(values);
  return larger;
}
