import type { Turns } from '../embedding/Turns.ts';
import type { Corpus, VocabularyWord } from './Corpus.ts';
import { PairCounts } from './PairCounts.ts';

/** A symmetric sparse matrix of `rows × rows`, both halves stored, row by row. */
export interface SparseMatrix {
  readonly rows: number;
  /** Where each row begins, and after the last where it ends (`rows + 1`). */
  readonly starts: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

/** Contexts are counted up to this power, which takes rare ones down (Levy, Goldberg and Dagan, 2015: 0.75). */
const CONTEXT_SMOOTHING = 0.75;

export interface AssociationOptions {
  /** Content words to each side that are a word's context. */
  readonly window: number;
  readonly turns: Turns;
  readonly onProgress: (done: number, total: number) => void;
  readonly maxSlots?: number;
}

/**
 * How much oftener than by chance two words stand within a window of each other: positive pointwise mutual information,
 * a pair at distance d counted 1/d. Contexts are smoothed on both sides, PPMI = max(0, ½ (PMI_α(w, c) + PMI_α(c, w))),
 * which keeps the matrix symmetric (Levy, Goldberg and Dagan, "Improving distributional similarity with lessons learned
 * from word embeddings", 2015).
 */
export async function associations(
  corpus: Corpus,
  vocabulary: readonly VocabularyWord[],
  { window, turns, onProgress, maxSlots }: AssociationOptions,
): Promise<SparseMatrix> {
  const pairs = new PairCounts(vocabulary.length, maxSlots);
  let done = 0;
  for (const rows of corpus.rows(vocabulary)) {
    countPairs(rows, window, pairs);
    done += 1;
    if (!turns.due()) continue;
    onProgress(done, corpus.passages);
    await turns.next();
  }
  onProgress(corpus.passages, corpus.passages);
  return positiveMutualInformation(pairs, vocabulary.length);
}

function countPairs(rows: Uint32Array, window: number, pairs: PairCounts): void {
  for (let at = 0; at < rows.length; at++) {
    const end = Math.min(rows.length, at + window + 1);
    for (let other = at + 1; other < end; other++) {
      if (rows[at] === rows[other]) continue;
      pairs.add(rows[at] as number, rows[other] as number, 1 / (other - at));
    }
  }
}

function positiveMutualInformation(pairs: PairCounts, rows: number): SparseMatrix {
  const sums = new Float64Array(rows);
  pairs.forEach((low, high, weight) => {
    sums[low] = (sums[low] as number) + weight;
    sums[high] = (sums[high] as number) + weight;
  });
  const total = sums.reduce((sum, value) => sum + value, 0);
  const smoothed = sums.map((sum) => sum ** CONTEXT_SMOOTHING);
  const smoothedTotal = smoothed.reduce((sum, value) => sum + value, 0);
  // log P(w) and log P_α(w), averaged: what chance takes from either side of a pair.
  const chance = sums.map(
    (sum, row) => 0.5 * (Math.log(sum / total) + Math.log((smoothed[row] as number) / smoothedTotal)),
  );
  const informationOf = (low: number, high: number, weight: number) =>
    Math.log(weight / total) - (chance[low] as number) - (chance[high] as number);

  const starts = new Uint32Array(rows + 1);
  pairs.forEach((low, high, weight) => {
    if (informationOf(low, high, weight) <= 0) return;
    starts[low + 1] = (starts[low + 1] as number) + 1;
    starts[high + 1] = (starts[high + 1] as number) + 1;
  });
  for (let row = 0; row < rows; row++)
    starts[row + 1] = (starts[row + 1] as number) + (starts[row] as number);
  const next = starts.slice();
  const columns = new Uint32Array(starts[rows] as number);
  const values = new Float32Array(starts[rows] as number);
  const put = (row: number, column: number, information: number) => {
    const at = next[row] as number;
    columns[at] = column;
    values[at] = information;
    next[row] = at + 1;
  };
  pairs.forEach((low, high, weight) => {
    const information = informationOf(low, high, weight);
    if (information <= 0) return;
    put(low, high, information);
    put(high, low, information);
  });
  return { rows, starts, columns, values };
}
