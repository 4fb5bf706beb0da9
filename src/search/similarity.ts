import type { Metric } from '../indexes/VectorIndex.ts';

/**
 * A distance as a similarity in 0..1, where nearer is never less similar:
 *
 * - COSINE (distance 1 − cos): (1 + cos) / 2. Same direction 1, at right angles 0.5, opposite 0.
 * - DOT (distance −⟨q, x⟩): the logistic 1 / (1 + e^−⟨q, x⟩). At right angles 0.5.
 * - EUCLIDEAN (distance ‖q − x‖): 1 / (1 + distance). Identical 1.
 */
export function similarityOf(metric: Metric, distance: number): number {
  switch (metric) {
    case 'COSINE':
      return Math.min(1, Math.max(0, 1 - distance / 2));
    case 'DOT':
      return 1 / (1 + Math.exp(distance));
    case 'EUCLIDEAN':
      return 1 / (1 + Math.max(0, distance));
  }
}

/** How far a hit may be: as `within` says it, or anywhere. */
export type WithinBound = { readonly maxDistance: number } | { readonly minSimilarity: number } | undefined;

/**
 * Whether a hit is within the bound, so that the distance or similarity of a hit is a bound that lets it in: distances
 * are float32 and compared as such, and similarities are compared as they are answered.
 */
export function isWithin(metric: Metric, bound: WithinBound, distance: number): boolean {
  if (bound === undefined) return true;
  if ('maxDistance' in bound) return distance <= Math.fround(bound.maxDistance);
  return similarityOf(metric, distance) >= bound.minSimilarity;
}
