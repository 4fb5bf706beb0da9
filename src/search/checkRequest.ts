import { AlcoveError } from '../errors.ts';
import type { KnnRequest } from './KnnSearch.ts';
import type { TextSearchRequest } from './TextSearch.ts';

/** The most hits of one page. */
const MAX_K = 10_000;
const MAX_EFFORT = 10_000;
const MAX_HITS_PER_GROUP = 1_000;
export const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 60_000;
/** The most of each way's best that are looked at. */
const MAX_DEPTH = 1_000;
/** The most hits that a reranker judges. */
const MAX_RERANK_DEPTH = 200;
/** The most similar documents. */
const MAX_SIMILAR = 100;
const MAX_RRF_K = 10_000;

/**
 * Checks all that can be known of a request without its library.
 * @throws AlcoveError InvalidArgumentError naming what was got and expected.
 */
export function checkRequest(
  { k, accuracy, groupBy, timeoutMs, within }: KnnRequest,
  maxK: number = MAX_K,
): void {
  checkWhole(k, maxK, ['k']);
  if (timeoutMs !== undefined) checkWhole(timeoutMs, MAX_TIMEOUT_MS, ['timeoutMs']);
  if (groupBy) checkWhole(groupBy.hitsPerGroup, MAX_HITS_PER_GROUP, ['groupBy', 'hitsPerGroup']);
  if (accuracy && 'effort' in accuracy) checkWhole(accuracy.effort, MAX_EFFORT, ['accuracy', 'effort']);
  if (accuracy && 'recall' in accuracy && !(accuracy.recall > 0 && accuracy.recall <= 1)) {
    throw invalidArgument(accuracy.recall, 'a number above 0, up to 1', ['accuracy', 'recall']);
  }
  if (within && 'maxDistance' in within && !Number.isFinite(within.maxDistance)) {
    throw invalidArgument(within.maxDistance, 'a finite number', ['within', 'maxDistance']);
  }
  if (within && 'minSimilarity' in within && !(within.minSimilarity >= 0 && within.minSimilarity <= 1)) {
    throw invalidArgument(within.minSimilarity, 'a number from 0 to 1', ['within', 'minSimilarity']);
  }
}

/**
 * Checks all that can be known of a search by words and meaning without its library.
 * @throws AlcoveError InvalidArgumentError naming what was got and expected.
 */
export function checkTextRequest(request: TextSearchRequest, depth: number, maxK?: number): void {
  const { k, timeoutMs, groupBy, accuracy, fusion, diversity, rerank } = request;
  checkWhole(depth, MAX_DEPTH, ['depth']);
  if (Number.isInteger(k) && k > depth) {
    throw invalidArgument(k, `at most the depth, which is ${depth}; ask for a greater depth`, ['k']);
  }
  checkRequest(
    {
      library: request.library,
      query: request.query,
      k,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(groupBy && { groupBy }),
      ...(accuracy && { accuracy }),
    },
    maxK,
  );
  if (fusion && 'rrf' in fusion) checkWhole(fusion.rrf.k, MAX_RRF_K, ['fusion', 'rrf', 'k']);
  if (fusion && 'weighted' in fusion) {
    checkShare(fusion.weighted.semantic, ['fusion', 'weighted', 'semantic']);
  }
  if (rerank?.depth !== undefined) checkWhole(rerank.depth, MAX_RERANK_DEPTH, ['rerank', 'depth']);
  if (diversity) checkShare(diversity.lambda, ['diversity', 'lambda']);
  if ('text' in request.query && request.query.text.trim() === '') {
    throw new AlcoveError('InvalidArgumentError', 'Got an empty text to search for; expected some words.', {
      path: ['query', 'text'],
      detail: { got: 'an empty text', expected: 'a text' },
    });
  }
}

/** @throws AlcoveError InvalidArgumentError for a number of documents that is out of range. */
export function checkSimilarCount(k: number): void {
  checkWhole(k, MAX_SIMILAR, ['k']);
}

function checkShare(got: number, path: readonly string[]): void {
  if (!(got >= 0 && got <= 1)) throw invalidArgument(got, 'a number from 0 to 1', path);
}

/** @throws AlcoveError InvalidArgumentError for an empty batch or one that is too large. */
export function checkBatch(size: number, max: number): void {
  if (size < 1 || size > max) throw invalidArgument(size, `1 to ${max} searches`, ['searches']);
}

function checkWhole(got: number, max: number, path: readonly string[]): void {
  if (Number.isInteger(got) && got >= 1 && got <= max) return;
  throw invalidArgument(got, `a whole number from 1 to ${max}`, path);
}

function invalidArgument(got: number, expected: string, path: readonly string[]): AlcoveError {
  return new AlcoveError('InvalidArgumentError', `Got ${got} for ${path.join('.')}; expected ${expected}.`, {
    path,
    detail: { got, expected },
  });
}
