import { checkVector } from '../library/contract.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Chunk, Library } from '../library/types.ts';
import type { Reranker } from '../reranking/Reranker.ts';
import type { Rerankers } from '../reranking/Rerankers.ts';
import type { Predicate } from '../store/predicate.ts';
import { withSpan } from '../telemetry/spans.ts';
import { type Fragment, fragmentsOf } from '../words/fragments.ts';
import { TextMatcher, type TextMatches } from '../words/matches.ts';
import { checkTextRequest, DEFAULT_TIMEOUT_MS } from './checkRequest.ts';
import { Cursors } from './cursor.ts';
import { Deadline } from './Deadline.ts';
import { diversify } from './diversity.ts';
import { type Candidate, DEFAULT_FUSION, type Fused, fuse } from './fusion.ts';
import { KeywordRanker, type KeywordRanking } from './KeywordRanker.ts';
import type { KnnAnswer } from './KnnSearch.ts';
import { type KnnSearcher, type KnnSearcherOptions, parseFilter } from './KnnSearcher.ts';
import { LibraryFilter } from './LibraryFilter.ts';
import { measureText } from './measureSearch.ts';
import { rerankHits } from './rerankHits.ts';
import { allowedBy } from './slotFilter.ts';
import type {
  Reranked,
  RerankPlan,
  TextHit,
  TextSearchAnswer,
  TextSearchPlan,
  TextSearchRequest,
} from './TextSearch.ts';
import { type TextQuestion, textQuestion } from './textQuestion.ts';

/** How many of the best of each way are looked at, when nobody says. */
export const DEFAULT_DEPTH = 100;

/** Places kept for the chunks that are the question themselves. */
const OWN_PLACES = 10;

type Phases = { name: TextSearchPlan['phases'][number]['name']; ms: number }[];

/** One search, once everything has been checked and looked up. */
interface Asked {
  readonly request: TextSearchRequest;
  readonly library: Library;
  readonly question: TextQuestion;
  readonly predicate: Predicate | undefined;
  readonly depth: number;
  /** Who judges the first hits anew, if anybody. */
  readonly reranker: Reranker | undefined;
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
  readonly phases: Phases;
}

/** What is left of a fused candidate that turned out to be a hit. */
interface Found extends Fused {
  readonly chunk: Chunk;
  readonly reranked: Reranked | null;
}

/**
 * Answers questions by words, by meaning, or by both: each way finds its best, by {@link KeywordRanker} and by
 * {@link KnnSearcher}, and the two rankings become one.
 */
export class TextSearcher {
  readonly #options: KnnSearcherOptions;
  readonly #knn: KnnSearcher;
  readonly #rerankers: Pick<Rerankers, 'rerankerFor'>;
  readonly #clock: () => number;

  constructor(options: KnnSearcherOptions, knn: KnnSearcher, rerankers: Pick<Rerankers, 'rerankerFor'>) {
    this.#rerankers = rerankers;
    this.#options = options;
    this.#knn = knn;
    this.#clock = options.clock ?? Date.now;
  }

  /**
   * The best k hits, of those that either way has among its best `depth`.
   * @throws AlcoveError LibraryNotFoundError, NodeNotFoundError, DimensionMismatchError, InvalidVectorError,
   *   InvalidFilterError, InvalidArgumentError, EmbedderError, TimeoutError; CancelledError when `signal` aborts.
   */
  async search(request: TextSearchRequest, signal?: AbortSignal): Promise<TextSearchAnswer> {
    return withSpan('text search', { mode: request.mode, k: request.k }, async () => {
      const answer = await this.#answer(request, signal);
      measureText(answer.plan);
      return answer;
    });
  }

  async #answer(request: TextSearchRequest, signal: AbortSignal | undefined): Promise<TextSearchAnswer> {
    const startedAt = performance.now();
    const depth = request.depth ?? DEFAULT_DEPTH;
    checkTextRequest(request, depth, this.#options.maxK);
    const { rerank } = request;
    const reranker = rerank && this.#rerankers.rerankerFor(rerank.provider, rerank.model);
    const { appliedRevision, waitForRevision, reader, cursorSecret } = this.#options;
    const deadline = new Deadline(request.timeoutMs ?? DEFAULT_TIMEOUT_MS, this.#clock, signal);
    if (request.minRevision !== undefined) {
      await waitForRevision(request.minRevision, { deadline: deadline.at, ...(signal && { signal }) });
    }
    const revision = appliedRevision();
    const library = reader.library(request.library) ?? libraryNotFound(request.library);
    const predicate = parseFilter(request.filter, library);
    const cursors = new Cursors(cursorSecret, questionOf(request, library, predicate, depth));
    const from = request.after === undefined ? 0 : cursors.decode(request.after).rank;
    const question = textQuestion(request.query, library, reader);
    const asked = { request, library, question, predicate, depth, reranker, deadline, signal, phases: [] };
    const { found, plan } = await this.#find(asked);

    const page = found.slice(from, from + request.k);
    const matcher = new TextMatcher(question.terms, library.keywords.language);
    return {
      library,
      hits: page.map((hit, at) => new AnsweredHit(hit, from + at + 1, matcher, cursors)),
      hasNextPage: found.length > from + request.k,
      hasPreviousPage: request.after !== undefined,
      plan,
      revision,
      tookMs: performance.now() - startedAt,
      matchCount: () => reader.chunkCount({ libraryId: library.id }, predicate),
    };
  }

  async #find(asked: Asked): Promise<{ readonly found: readonly Found[]; readonly plan: TextSearchPlan }> {
    const { request, phases } = asked;
    const { mode } = request;
    const semantic =
      mode === 'KEYWORD' ? undefined : await timed(phases, 'SEMANTIC', () => this.#byMeaning(asked));
    const keyword =
      mode === 'SEMANTIC' ? undefined : await timed(phases, 'KEYWORD', () => this.#byWords(asked));
    const fused = await timed(phases, 'FUSE', () => this.#fused(asked, semantic, keyword));
    const hits = await timed(phases, 'FETCH', () => this.#fetched(asked, fused, semantic));
    const { judged, rerank } = await this.#reranked(asked, hits);
    const ordered = await this.#diversified(asked, judged);
    return {
      found: grouped(ordered, request.groupBy),
      plan: { ...this.#plan(asked, semantic, keyword, hits), rerank },
    };
  }

  async #byMeaning({ request, library, depth, deadline, signal }: Asked): Promise<KnnAnswer> {
    const { filter, accuracy, groupBy, vector, query } = request;
    if (vector !== undefined) checkVector(library.embedding, vector, ['vector']);
    return this.#knn.search(
      {
        library: { id: library.id },
        query: vector === undefined ? query : { vector },
        k: depth,
        timeoutMs: Math.max(1, Math.ceil(deadline.at - this.#clock())),
        ...(filter && { filter }),
        ...(accuracy && { accuracy }),
        ...(groupBy && { groupBy }),
      },
      signal,
    );
  }

  async #byWords(asked: Asked): Promise<KeywordRanking> {
    const { library, question, predicate, depth, deadline } = asked;
    const { reader, appliedRevision, indexes } = this.#options;
    const isEmpty = library.embedding.dimension === null || library.chunkCount === 0;
    if (isEmpty || question.terms.length === 0) {
      return { best: [], known: 0, deferred: 0, occurrences: 0, scored: 0 };
    }
    const own = 'text' in asked.request.query ? 0 : OWN_PLACES;
    const asking = { library, terms: question.terms, depth: depth + own };
    if (predicate === undefined) return new KeywordRanker(asking, reader, deadline).rank();
    const live = await deadline.bound('while the index was opened', () => indexes.open(library.id));
    const filter = new LibraryFilter(predicate, library, live, reader, appliedRevision);
    const { slots } = await filter.match(deadline);
    const allowed = allowedBy(live.index, slots);
    return new KeywordRanker({ ...asking, allowed }, reader, deadline).rank();
  }

  /** All that either way has found, best first. */
  #fused({ request }: Asked, semantic: KnnAnswer | undefined, keyword: KeywordRanking | undefined): Fused[] {
    const candidates = new Map<number, Candidate>();
    for (const [at, { chunk, distance, similarity }] of (semantic?.hits ?? []).entries()) {
      const { ordinal } = chunk;
      candidates.set(ordinal, { ordinal, semantic: { rank: at + 1, distance, similarity }, keyword: null });
    }
    for (const [at, { ordinal, score }] of (keyword?.best ?? []).entries()) {
      const known = candidates.get(ordinal)?.semantic ?? null;
      candidates.set(ordinal, { ordinal, semantic: known, keyword: { rank: at + 1, score } });
    }
    if (request.mode === 'SEMANTIC') return [...candidates.values()].map(bySimilarity);
    if (request.mode === 'KEYWORD') return [...candidates.values()].map(byWordScore);
    return fuse([...candidates.values()], request.fusion ?? DEFAULT_FUSION);
  }

  /** The candidates with their chunks, without those that are gone, do not match any more, or are the question. */
  #fetched({ library, question, predicate }: Asked, fused: readonly Fused[], semantic?: KnnAnswer): Found[] {
    const { reader } = this.#options;
    const chunks = new Map((semantic?.hits ?? []).map(({ chunk }) => [chunk.ordinal, chunk]));
    const missing = Uint32Array.from(
      fused.filter(({ ordinal }) => !chunks.has(ordinal)),
      ({ ordinal }) => ordinal,
    );
    const still =
      predicate && reader.libraryRevision(library.id) > library.revision
        ? new Set(reader.ordinalsMatching(library.id, predicate, missing))
        : undefined;
    for (const [at, chunk] of reader.chunksByOrdinal(library.id, missing).entries()) {
      if (chunk !== undefined && still?.has(missing[at] as number) !== false)
        chunks.set(chunk.ordinal, chunk);
    }
    return fused.flatMap((candidate) => {
      const chunk = chunks.get(candidate.ordinal);
      return chunk === undefined || question.isAsked(chunk) ? [] : [{ ...candidate, chunk, reranked: null }];
    });
  }

  async #reranked(
    { request: { rerank: wanted }, reranker, question, deadline, phases }: Asked,
    hits: readonly Found[],
  ): Promise<{ readonly judged: readonly Found[]; readonly rerank: RerankPlan | null }> {
    if (wanted === undefined || reranker === undefined) return { judged: hits, rerank: null };
    const { hits: judged, plan } = await timed(phases, 'RERANK', () =>
      rerankHits(hits, question.text, reranker, wanted, deadline),
    );
    return { judged, rerank: plan };
  }

  async #diversified(
    { request, library, deadline, phases }: Asked,
    hits: readonly Found[],
  ): Promise<readonly Found[]> {
    const { diversity } = request;
    if (diversity === undefined || hits.length === 0) return hits;
    const { indexes } = this.#options;
    const { index } = await deadline.bound('while the index was opened', () => indexes.open(library.id));
    // What was reranked is worth what the reranker says, and stays before the rest.
    const first = hits[0]?.reranked == null ? hits : hits.filter(({ reranked }) => reranked !== null);
    const worth = (hit: Found) => hit.reranked?.score ?? hit.score;
    return timed(phases, 'DIVERSIFY', () => [
      ...diversify(first, worth, diversity.lambda, (ordinal) => index.vector(ordinal)),
      ...hits.slice(first.length),
    ]);
  }

  #plan(
    { request, library, question, depth, phases }: Asked,
    semantic: KnnAnswer | undefined,
    keyword: KeywordRanking | undefined,
    hits: readonly Found[],
  ): Omit<TextSearchPlan, 'rerank'> {
    const pending = keyword === undefined ? 0 : this.#options.reader.pendingWords(library.id);
    return {
      mode: request.mode,
      reason: reasonOf(keyword, pending, hits),
      depth,
      semantic: semantic?.plan ?? null,
      keyword:
        keyword === undefined
          ? null
          : {
              terms: question.terms.length,
              known: keyword.known,
              deferred: keyword.deferred,
              occurrences: keyword.occurrences,
              scored: keyword.scored,
              pending,
            },
      phases,
    };
  }
}

/** A hit that makes its cursor, and looks for its matches, when they are asked for. */
class AnsweredHit implements TextHit {
  readonly chunk: Chunk;
  readonly score: number;
  readonly semantic: TextHit['semantic'];
  readonly keyword: TextHit['keyword'];
  readonly reranked: TextHit['reranked'];
  readonly #rank: number;
  readonly #matcher: TextMatcher;
  readonly #cursors: Cursors;
  #found: TextMatches | undefined;

  constructor(
    { chunk, score, semantic, keyword, reranked }: Found,
    rank: number,
    matcher: TextMatcher,
    cursors: Cursors,
  ) {
    this.chunk = chunk;
    this.score = score;
    this.semantic = semantic;
    this.keyword = keyword;
    this.reranked = reranked;
    this.#rank = rank;
    this.#matcher = matcher;
    this.#cursors = cursors;
  }

  get cursor(): string {
    return this.#cursors.encode({ distance: this.score, ordinal: this.chunk.ordinal, rank: this.#rank });
  }

  matchedTerms(): readonly string[] {
    const { text } = this.chunk;
    const words = this.#matches().matches.map(({ start, end }) => text.slice(start, end).toLowerCase());
    return [...new Set(words)];
  }

  highlights(options: { readonly count: number; readonly length: number }): readonly Fragment[] {
    return fragmentsOf(this.chunk.text, this.#matches().matches, options);
  }

  #matches(): TextMatches {
    this.#found ??= this.#matcher.find(this.chunk.text);
    return this.#found;
  }
}

function bySimilarity(candidate: Candidate): Fused {
  return { ...candidate, score: candidate.semantic?.similarity ?? 0 };
}

function byWordScore(candidate: Candidate): Fused {
  return { ...candidate, score: candidate.keyword?.score ?? 0 };
}

/** At most so many hits of each document. */
function grouped(hits: readonly Found[], groupBy: TextSearchRequest['groupBy']): readonly Found[] {
  if (groupBy === undefined) return hits;
  const counts = new Map<string, number>();
  return hits.filter(({ chunk }) => {
    const count = (counts.get(chunk.documentId) ?? 0) + 1;
    counts.set(chunk.documentId, count);
    return count <= groupBy.hitsPerGroup;
  });
}

function reasonOf(keyword: KeywordRanking | undefined, pending: number, hits: readonly Found[]): string {
  const both = hits.filter(({ semantic, keyword: match }) => semantic !== null && match !== null).length;
  const parts = [
    keyword === undefined
      ? 'Found by meaning alone.'
      : `${keyword.known} of the terms occur; ${keyword.scored} chunks were scored by them.`,
    ...(keyword !== undefined && keyword.deferred > 0
      ? [`${keyword.deferred} common terms were looked up for those chunks alone that have a rarer one.`]
      : []),
    ...(both > 0 ? [`${both} of ${hits.length} were found both ways.`] : []),
    ...(pending > 0
      ? [`The words of ${pending} chunks are still to be indexed, so these were not found by them.`]
      : []),
  ];
  return parts.join(' ');
}

/** All that decides which hits there are and in which order. Pages may differ in size. */
function questionOf(
  request: TextSearchRequest,
  library: Library,
  predicate: Predicate | undefined,
  depth: number,
): (string | Uint8Array)[] {
  const { query, mode, fusion, diversity, groupBy, accuracy, vector = new Float32Array() } = request;
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  const rest = [query, mode, depth, fusion, diversity, groupBy, accuracy, predicate].map(
    (part) => part ?? null,
  );
  return ['search', library.id, JSON.stringify(rest), bytes];
}

async function timed<T>(
  phases: Phases,
  name: Phases[number]['name'],
  work: () => T | Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  try {
    return await withSpan(name.toLowerCase(), {}, work);
  } finally {
    phases.push({ name, ms: performance.now() - startedAt });
  }
}
