import type { SearchResult } from './VectorIndex.ts';

/** The k nearest of all results, nearest first, equals by ordinal. */
export function mergeResults(results: readonly SearchResult[], k: number): SearchResult {
  const total = (field: 'visited' | 'compared' | 'reranked') =>
    results.reduce((sum, result) => sum + result[field], 0);
  const ordinals = concatenate(results.map((result) => result.ordinals));
  const distances = Float32Array.from(results.flatMap((result) => [...result.distances]));
  const order = Array.from(ordinals.keys()).sort(
    (a, b) =>
      (distances[a] as number) - (distances[b] as number) ||
      (ordinals[a] as number) - (ordinals[b] as number),
  );
  const nearest = order.slice(0, k);
  return {
    ordinals: Uint32Array.from(nearest, (at) => ordinals[at] as number),
    distances: Float32Array.from(nearest, (at) => distances[at] as number),
    visited: total('visited'),
    compared: total('compared'),
    reranked: total('reranked'),
    ...methodOf(results),
  };
}

/** How the segment that was compared most was searched: the others go the same way, but for small ones. */
function methodOf(results: readonly SearchResult[]): Pick<SearchResult, 'method'> {
  const [most] = results.toSorted((a, b) => b.compared - a.compared);
  return most?.method === undefined ? {} : { method: most.method };
}

/** Several lists as one. */
export function concatenate(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
