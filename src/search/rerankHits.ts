import { AlcoveError } from '../errors.ts';
import type { Reranker } from '../reranking/Reranker.ts';
import type { Deadline } from './Deadline.ts';
import type { Reranked, RerankPlan, RerankRequest } from './TextSearch.ts';

export const DEFAULT_RERANK_DEPTH = 50;
/** Code units of a question, which may be a whole document, that a reranker is given. */
const MAX_QUERY_LENGTH = 4_000;

interface Scored {
  readonly score: number;
  readonly chunk: { readonly text: string };
  readonly reranked: Reranked | null;
}

/**
 * Has the first hits judged anew and puts them in the order of that, before all others. A reranker that fails is an error;
 * or, if the request asks for that, the order stays, and the plan says why.
 * @throws AlcoveError RerankerError, TimeoutError, CancelledError.
 */
export async function rerankHits<Hit extends Scored>(
  hits: readonly Hit[],
  query: string,
  reranker: Reranker,
  { depth = DEFAULT_RERANK_DEPTH, ifUnavailable = 'FAIL' }: RerankRequest,
  deadline: Deadline,
): Promise<{ readonly hits: readonly Hit[]; readonly plan: RerankPlan }> {
  const first = hits.slice(0, depth);
  const { provider, model } = reranker;
  const startedAt = performance.now();
  const planned = (count: number, note: string | null): RerankPlan => {
    return { provider, model, count, note, ms: performance.now() - startedAt };
  };
  let scores: readonly number[];
  try {
    const texts = first.map(({ chunk }) => chunk.text);
    scores = await deadline.bound('while the hits were reranked', (signal) =>
      reranker.rerank(query.slice(0, MAX_QUERY_LENGTH).toWellFormed(), texts, { signal }),
    );
  } catch (error) {
    const isForgiven = ifUnavailable === 'KEEP_ORDER' && error instanceof AlcoveError;
    if (!isForgiven || error.kind !== 'RerankerError') throw error;
    return { hits, plan: planned(0, `${error.message} The hits are in the order that they had before.`) };
  }
  const judged = first
    .map((hit, at) => ({ hit, at, score: scores[at] ?? 0 }))
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .map(({ hit, at, score }, place) => ({
      ...hit,
      reranked: { score, rank: place + 1, rankBefore: at + 1 },
    }));
  return { hits: [...judged, ...hits.slice(depth)], plan: planned(first.length, null) };
}
