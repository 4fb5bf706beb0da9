import type { KeywordMatch, SemanticMatch, TextSearchRequest } from './TextSearch.ts';

/** Something found by at least one way, with its place in each. */
export interface Candidate {
  readonly ordinal: number;
  readonly semantic: SemanticMatch | null;
  readonly keyword: KeywordMatch | null;
}

export interface Fused extends Candidate {
  readonly score: number;
}

export type Fusion = NonNullable<TextSearchRequest['fusion']>;

/**
 * What is done when nobody says. By scores, since a way that is sure of a hit says so by a score far above the others, which
 * its ranks do not tell: on the labelled questions of test/search/evaluation.test.ts this was better than each way alone, and
 * ranks were not (docs/searching.md has the figures).
 */
export const DEFAULT_FUSION: Fusion = { weighted: { semantic: 0.5 } };

/**
 * Makes one ranking of two, best first, equals by ordinal. With `rrf`, reciprocal rank fusion: the sum of 1 / (k + rank)
 * over the ways (Cormack, Clarke and Büttcher, SIGIR 2009). With `weighted`, the weighted sum of each way's scores (similarity,
 * BM25), stretched so that its best is 1 and its last 0; what a way has not found has 0 there.
 */
export function fuse(candidates: readonly Candidate[], fusion: Fusion): Fused[] {
  const scoreOf = 'rrf' in fusion ? byRanks(fusion.rrf.k) : byScores(candidates, fusion.weighted.semantic);
  return candidates
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate) }))
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
}

function byRanks(k: number): (candidate: Candidate) => number {
  const part = (rank: number | undefined) => (rank === undefined ? 0 : 1 / (k + rank));
  return ({ semantic, keyword }) => part(semantic?.rank) + part(keyword?.rank);
}

function byScores(
  candidates: readonly Candidate[],
  semanticWeight: number,
): (candidate: Candidate) => number {
  const bySimilarity = stretched(candidates.flatMap(({ semantic }) => semantic?.similarity ?? []));
  const byWords = stretched(candidates.flatMap(({ keyword }) => keyword?.score ?? []));
  return ({ semantic, keyword }) =>
    semanticWeight * (semantic === null ? 0 : bySimilarity(semantic.similarity)) +
    (1 - semanticWeight) * (keyword === null ? 0 : byWords(keyword.score));
}

/** Maps the least of the scores to 0 and the greatest to 1; equal ones to 1. */
export function stretched(scores: readonly number[]): (score: number) => number {
  const least = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return (score) => (greatest > least ? (score - least) / (greatest - least) : 1);
}
