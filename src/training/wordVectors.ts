import { eachGram } from '../embedding/features.ts';
import type { Turns } from '../embedding/Turns.ts';
import type { VocabularyWord } from './Corpus.ts';
import type { Eigenvectors } from './eigen.ts';

/** What an eigenvalue counts, as a power: between all alike (0) and as they are (1). Levy et al., 2015: 0.5. */
const EIGENVALUE_POWER = 0.5;

/** Slots for n-grams, a power of two: so many for a word of the vocabulary, and within these bounds. */
const GRAM_SLOTS_PER_WORD = 4;
const GRAM_SLOTS = { min: 1_024, max: 65_536 };

const LARGEST_BYTE = 127;

/** Rows of bytes, each times its scale. */
export interface ByteRows {
  /** `rows × columns` */
  readonly bytes: Int8Array;
  /** One for every row; 0 for a row of zeros. */
  readonly scales: Float32Array;
}

/** Words' vectors from eigenvectors of their associations, of norm 1 or 0, `words × meaning`; columns past the rank are 0. */
export function wordVectors({ vectors, values }: Eigenvectors, words: number, meaning: number): Float32Array {
  const rank = values.length;
  const weights = values.map((value) => Math.abs(value) ** EIGENVALUE_POWER);
  const rows = new Float32Array(words * meaning);
  for (let word = 0; word < words; word++) {
    let squares = 0;
    for (let at = 0; at < rank; at++) {
      const value = (vectors[word * rank + at] as number) * (weights[at] as number);
      rows[word * meaning + at] = value;
      squares += value * value;
    }
    const norm = Math.sqrt(squares);
    for (let at = 0; at < rank && norm > 0; at++) {
      rows[word * meaning + at] = (rows[word * meaning + at] as number) / norm;
    }
  }
  return rows;
}

/** The means of the vectors of the words that have an n-gram, by the n-gram's hash: `2^b × meaning`. */
export async function gramMeans(
  vocabulary: readonly VocabularyWord[],
  vectors: Float32Array,
  meaning: number,
  turns: Turns,
): Promise<Float32Array> {
  const slots = gramSlots(vocabulary.length);
  const sums = new Float32Array(slots * meaning);
  const counts = new Uint32Array(slots);
  for (const [row, { word }] of vocabulary.entries()) {
    const seen = new Set<number>();
    eachGram(word, (hash) => seen.add(hash & (slots - 1)));
    for (const slot of seen) {
      counts[slot] = (counts[slot] as number) + 1;
      for (let at = 0; at < meaning; at++) {
        sums[slot * meaning + at] =
          (sums[slot * meaning + at] as number) + (vectors[row * meaning + at] as number);
      }
    }
    if (turns.due()) await turns.next();
  }
  for (let slot = 0; slot < slots; slot++) {
    const count = Math.max(1, counts[slot] as number);
    for (let at = slot * meaning; at < (slot + 1) * meaning; at++) sums[at] = (sums[at] as number) / count;
  }
  return sums;
}

function gramSlots(words: number): number {
  const wanted = 2 ** Math.ceil(Math.log2(GRAM_SLOTS_PER_WORD * words));
  return Math.min(GRAM_SLOTS.max, Math.max(GRAM_SLOTS.min, wanted));
}

/** Rows as bytes, each with the scale that its largest number asks for. */
export function asBytes(rows: Float32Array, columns: number): ByteRows {
  const bytes = new Int8Array(rows.length);
  const scales = new Float32Array(rows.length / columns);
  for (let row = 0; row < scales.length; row++) {
    let largest = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      largest = Math.max(largest, Math.abs(rows[at] as number));
    }
    if (largest === 0) continue;
    scales[row] = largest / LARGEST_BYTE;
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      bytes[at] = Math.round(((rows[at] as number) / largest) * LARGEST_BYTE);
    }
  }
  return { bytes, scales };
}
