/** How soon repeating a word counts no more, and how much a text's length counts: the values that FTS5 and Lucene use. */
const K1 = 1.2;
const B = 0.75;

/** The most that one word can bring, as a multiple of its weight. */
export const MAX_SATURATION = K1 + 1;

/**
 * The weight of a term that is in `containing` of `chunks` chunks: Robertson and Spärck Jones', in the form that is never
 * negative, ln(1 + (N − n + ½) / (n + ½)).
 */
export function termWeight(chunks: number, containing: number): number {
  return Math.log(1 + (Math.max(0, chunks - containing) + 0.5) / (containing + 0.5));
}

/**
 * What a term that occurs `count` times brings to a chunk of `length` words, as a multiple of its weight, 0 to
 * {@link MAX_SATURATION} (Okapi BM25: Robertson, Walker et al., TREC-3, 1994).
 */
export function saturation(count: number, length: number, averageLength: number): number {
  return (count * (K1 + 1)) / (count + K1 * (1 - B + (B * length) / averageLength));
}
