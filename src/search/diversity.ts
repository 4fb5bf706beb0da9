import { stretched } from './fusion.ts';

/** So many of the best are put in another order; what follows them stays as it is. */
const MAX_DIVERSIFIED = 200;

interface Scored {
  readonly ordinal: number;
}

/**
 * Puts hits in an order in which each differs from those before it (maximal marginal relevance: Carbonell and Goldstein,
 * SIGIR 1998): next comes the one with the most λ · score − (1 − λ) · likeness, where the scores are stretched to 0..1 and the
 * likeness is the greatest cosine to a hit that has its place already. λ = 1 changes nothing. A hit whose vector is not to be had
 * is like none.
 */
export function diversify<Hit extends Scored>(
  hits: readonly Hit[],
  scoreOf: (hit: Hit) => number,
  lambda: number,
  vectorOf: (ordinal: number) => Float32Array | undefined,
): Hit[] {
  const open = hits.slice(0, MAX_DIVERSIFIED).map((hit) => {
    return { hit, direction: directionOf(vectorOf(hit.ordinal)), likeness: 0 };
  });
  const relevance = stretched(open.map(({ hit }) => scoreOf(hit)));
  const ordered: Hit[] = [];
  while (open.length > 0) {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (const [at, { hit, likeness }] of open.entries()) {
      const worth = lambda * relevance(scoreOf(hit)) - (1 - lambda) * likeness;
      if (worth > most) [best, most] = [at, worth];
    }
    const [taken] = open.splice(best, 1);
    if (taken === undefined) break;
    ordered.push(taken.hit);
    for (const other of open) {
      other.likeness = Math.max(other.likeness, dot(taken.direction, other.direction));
    }
  }
  return [...ordered, ...hits.slice(MAX_DIVERSIFIED)];
}

/** A vector of norm 1, or of none. */
function directionOf(vector: Float32Array | undefined): Float32Array {
  if (vector === undefined) return new Float32Array();
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0 ? vector : vector.map((component) => component / norm);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < Math.min(a.length, b.length); at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}
