import type { Embedder } from '../embedding/Embedder.ts';
import { AlcoveError } from '../errors.ts';
import { isDamagedRow } from '../indexes/RowFile.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Chunk, EmbeddingContract, Library } from '../library/types.ts';
import { reembedded } from '../library/vectorSet.ts';
import type { Predicate } from '../store/predicate.ts';
import { withSpan } from '../telemetry/spans.ts';
import type { ChunkGathering } from './ChunkGathering.ts';
import { checkRequest, DEFAULT_TIMEOUT_MS } from './checkRequest.ts';
import { type CursorPosition, Cursors } from './cursor.ts';
import { Deadline } from './Deadline.ts';
import type { ChunkFilterInput } from './filter/input.ts';
import { parseChunkFilter } from './filter/parse.ts';
import { type Collected, type Hit, HitCollector } from './HitCollector.ts';
import type { KnnAnswer, KnnHit, KnnRequest, SearchPlan } from './KnnSearch.ts';
import { LibraryFilter } from './LibraryFilter.ts';
import type { LiveIndex, LiveIndexes } from './LiveIndexes.ts';
import { measureKnn, spanAttributes } from './measureSearch.ts';
import { queryVector } from './queryVector.ts';
import { MeasuredCosts } from './SearchCosts.ts';
import { similarityOf } from './similarity.ts';

/** How many indexes a search tries, each made in the place of one that is damaged. */
const MAX_ATTEMPTS = 3;

/**
 * A search beside which vectors are replaced begins again so often, since it may have met neither the old nor the new one; the
 * last answer is given as it is. Searches are much shorter than the time between two commits, so more would hardly ever help …
 */
const MAX_REPEATS = 3;

/** … but where the processor is given to others in the middle of it, they are not: what is quickly done again is done more often. */
const REPEATED_FOR_MS = 20;

/** How long a search that has met replaced chunks waits for the index to take in what the store shows: few commits need it. */
const LEVEL_WITHIN_MS = 50;

/** A search that may take at least so long can wait for others of its batch: that is a few milliseconds. */
const PATIENT_MS = 1_000;

/** What a searcher works with; all of it belongs to its thread. */
export interface KnnSearcherOptions {
  readonly reader: LibraryReader;
  readonly indexes: LiveIndexes;
  /** @throws AlcoveError InvalidArgumentError when the contract has no embedder of ours. */
  readonly embedderFor: (contract: EmbeddingContract) => Promise<Embedder>;
  /** Signs cursors; the same on every thread, so that a page can be asked of any. */
  readonly cursorSecret: Uint8Array;
  /** The last revision that is durable and searchable on every thread: what an answer is as new as. */
  readonly appliedRevision: () => number;
  /** @throws AlcoveError TimeoutError when `deadline` (ms since the epoch) passes first, CancelledError on abort. */
  readonly waitForRevision: (
    revision: number,
    options: { readonly deadline: number; readonly signal?: AbortSignal },
  ) => Promise<void>;
  /** What searches take; measured from none on if absent. */
  readonly costs?: MeasuredCosts;
  /** The largest k; that of checkRequest if absent. */
  readonly maxK?: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Answers nearest-neighbour questions: wait, resolve, embed, filter, plan, search, fetch. */
export class KnnSearcher {
  readonly #options: KnnSearcherOptions;
  readonly #costs: MeasuredCosts;
  readonly #clock: () => number;

  constructor(options: KnnSearcherOptions) {
    this.#options = options;
    this.#costs = options.costs ?? new MeasuredCosts();
    this.#clock = options.clock ?? Date.now;
  }

  /**
   * The k nearest chunks, or fewer only where fewer exist within the filter and bound. The chunks are read by `gathering`, together with those of other
   * searches, unless this one has little time.
   * @throws AlcoveError LibraryNotFoundError, NodeNotFoundError, DimensionMismatchError, InvalidVectorError,
   *   InvalidFilterError, InvalidArgumentError, EmbedderError, TimeoutError; CancelledError when `signal` aborts.
   */
  async search(request: KnnRequest, signal?: AbortSignal, gathering?: ChunkGathering): Promise<KnnAnswer> {
    return withSpan('knn search', { k: request.k }, async (span) => {
      const answer = await this.#answer(request, signal, gathering);
      span.set(spanAttributes(answer));
      measureKnn(answer.plan);
      return answer;
    });
  }

  async #answer(
    request: KnnRequest,
    signal: AbortSignal | undefined,
    gathering: ChunkGathering | undefined,
  ): Promise<KnnAnswer> {
    const startedAt = performance.now();
    checkRequest(request, this.#options.maxK);
    const { appliedRevision, waitForRevision, reader } = this.#options;
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = request;
    const deadline = new Deadline(timeoutMs, this.#clock, signal);
    const together = timeoutMs < PATIENT_MS ? undefined : gathering;
    if (request.minRevision !== undefined) {
      await waitForRevision(request.minRevision, { deadline: deadline.at, ...(signal && { signal }) });
    }
    const revision = appliedRevision();
    const library = reader.library(request.library) ?? libraryNotFound(request.library);
    const { found, library: searched } = await this.#findConsistently(request, library, deadline, together);
    const isMore = found.hits.length > request.k;
    const metric = searched.embedding.metric;
    return {
      library: searched,
      hits: found.hits
        .slice(0, request.k)
        .map((hit) => new AnsweredHit(hit, similarityOf(metric, hit.distance), found.cursors)),
      hasNextPage: isMore,
      hasPreviousPage: request.after !== undefined,
      plan: found.plan,
      generation: found.generation,
      revision,
      tookMs: performance.now() - startedAt - found.waitedMs,
      matchCount: () => found.matchCount ?? reader.chunkCount({ libraryId: library.id }, found.predicate),
    };
  }

  /** Begins again, as often as need be, when the library changes to another model before its index is searched. */
  async #findConsistently(
    request: KnnRequest,
    library: Library,
    deadline: Deadline,
    gathering: ChunkGathering | undefined,
  ): Promise<{ readonly found: Found; readonly library: Library }> {
    for (let current = library; ; ) {
      const found = await this.#findIn(request, current, deadline, gathering);
      if (found !== undefined) return { found, library: current };
      deadline.check('while the library changed to another model');
      current = this.#options.reader.library({ id: library.id }) ?? libraryNotFound(request.library);
    }
  }

  /** One hit more than asked for, if there is one: of another index, where the first turns out to be damaged. */
  async #findIn(
    request: KnnRequest,
    library: Library,
    deadline: Deadline,
    gathering: ChunkGathering | undefined,
  ): Promise<Found | undefined> {
    const { indexes } = this.#options;
    for (let attempt = 1; ; attempt++) {
      let live: LiveIndex | undefined;
      const open = async (): Promise<LiveIndex> => {
        const doing = 'while the index was opened';
        deadline.check(doing);
        live = indexes.opened?.(library.id) ?? (await deadline.bound(doing, () => indexes.open(library.id)));
        return live;
      };
      try {
        return await this.#find(request, library, deadline, open, gathering);
      } catch (error) {
        if (live === undefined || !indexes.giveUp || !isDamagedRow(error) || attempt === MAX_ATTEMPTS)
          throw error;
        await indexes.giveUp(library.id, live.index);
      }
    }
  }

  /** Whether a library has the model still that it had when it was read. */
  #isCurrent({ id, revision, vectorSet }: Library): boolean {
    const { reader } = this.#options;
    if (reader.libraryRevision(id) === revision) return true;
    return reader.library({ id })?.vectorSet.number === vectorSet.number;
  }

  /** Undefined: the library has changed to another model meanwhile. */
  async #find(
    request: KnnRequest,
    library: Library,
    deadline: Deadline,
    open: () => Promise<LiveIndex>,
    gathering: ChunkGathering | undefined,
  ): Promise<Found | undefined> {
    const { reader, cursorSecret, appliedRevision } = this.#options;
    if (request.vectorSet !== undefined && request.vectorSet !== library.vectorSet.number)
      throw reembedded(library.embedding);
    const predicate = parseFilter(request.filter, library);
    const cursors = lazy(() => new Cursors(cursorSecret, questionOf(request, library, predicate)));
    const after = request.after === undefined ? undefined : cursors().decode(request.after);

    const embedStartedAt = performance.now();
    const query = await withSpan('embed query', { provider: library.embedding.provider }, () =>
      queryVector(request.query, library, this.#options, deadline),
    );
    const embedMs = performance.now() - embedStartedAt;
    if (!('vector' in request.query) && !this.#isCurrent(library)) return undefined;
    const isEmpty = library.embedding.dimension === null || library.chunkCount === 0;
    if (isEmpty || query === undefined) {
      const reason = isEmpty ? 'The library holds no chunks yet.' : 'The document has no chunks to be like.';
      const { generation } = library.index;
      const plan = emptyPlan(reason, embedMs);
      return { hits: [], plan, matchCount: null, waitedMs: 0, generation, cursors, predicate };
    }

    const until = performance.now() + REPEATED_FOR_MS;
    const mayRepeat = (repeats: number) => repeats < MAX_REPEATS || performance.now() < until;
    for (let repeats = 0; ; repeats++) {
      const live = await open();
      const { index, generation } = live;
      if (generation !== library.index.generation) {
        // A question of one model is never put to vectors of another.
        if (!this.#isCurrent(library)) return undefined;
        if (generation < library.vectorSet.since) {
          await deadline.bound('while another index was put in place', (signal) =>
            this.#options.waitForRevision(library.revision, { deadline: deadline.at, signal }),
          );
          continue;
        }
      }
      const moment = index.moment();
      const filter = predicate && new LibraryFilter(predicate, library, live, reader, appliedRevision);
      const question = { library, index, ...query, filter, after, request };
      // Who waits for others misses more of what is replaced meanwhile.
      const together = repeats === 0 ? gathering : undefined;
      const collector = new HitCollector(question, reader, this.#costs, deadline, together);
      const collected = await collector.collect(request.k + 1);
      // What was replaced meanwhile may have come back in a segment that this index lacks.
      if (index.isOutgrown) continue;
      // Or in a slot that the search, or its filter, did not know of when it began.
      if (mayRepeat(repeats) && index.hasReplacedSince(moment)) continue;
      // Or in a commit that the store shows, and the index has not been told of yet.
      if (mayRepeat(repeats) && collected.hasGone && (await this.#isSoonLevel(deadline))) continue;
      return { ...collected, plan: planOf(collected, library, embedMs), generation, cursors, predicate };
    }
  }

  /** Whether the index takes in the last commit within {@link LEVEL_WITHIN_MS}; waits for it. */
  async #isSoonLevel(deadline: Deadline): Promise<boolean> {
    const { reader, waitForRevision } = this.#options;
    try {
      const within = Math.min(deadline.at, Date.now() + LEVEL_WITHIN_MS);
      await waitForRevision(reader.revision(), { deadline: within });
      return true;
    } catch (error) {
      if (!(error instanceof AlcoveError)) throw error;
      return false;
    }
  }
}

interface Found {
  readonly hits: readonly Hit[];
  readonly plan: SearchPlan;
  /** Null without a filter, or where it was not asked. */
  readonly matchCount: number | null;
  readonly waitedMs: number;
  readonly predicate: Predicate | undefined;
  readonly generation: number;
  readonly cursors: () => Cursors;
}

/** A hit that makes its cursor when it is asked for: signing costs as much as finding. */
class AnsweredHit implements KnnHit {
  readonly chunk: Chunk;
  readonly distance: number;
  readonly similarity: number;
  readonly #position: CursorPosition;
  readonly #cursors: () => Cursors;

  constructor(hit: Hit, similarity: number, cursors: () => Cursors) {
    this.chunk = hit.chunk;
    this.distance = hit.distance;
    this.similarity = similarity;
    this.#position = hit;
    this.#cursors = cursors;
  }

  get cursor(): string {
    return this.#cursors().encode(this.#position);
  }
}

/** A request's filter, checked. @throws AlcoveError InvalidFilterError with its place in the request. */
export function parseFilter(filter: ChunkFilterInput | undefined, library: Library): Predicate | undefined {
  if (!filter) return undefined;
  try {
    return parseChunkFilter(filter, library.metadataFields);
  } catch (error) {
    throw error instanceof AlcoveError ? error.within('filter') : error;
  }
}

/** All that decides which hits there are and in which order. Pages may differ in size and accuracy. */
function questionOf(
  { query, within, groupBy }: KnnRequest,
  library: Library,
  predicate: Predicate | undefined,
): (string | Uint8Array)[] {
  const { vector, ...rest } = 'vector' in query ? query : { ...query, vector: new Float32Array() };
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  const asked = [rest, within ?? null, groupBy ?? null, predicate ?? null];
  // Distances by one model say nothing of where to go on by another.
  const { number } = library.vectorSet;
  return [library.id, JSON.stringify(number === 0 ? asked : [...asked, number]), bytes];
}

function planOf(collected: Collected, library: Library, embedMs: number): SearchPlan {
  const { strategy, reason, effort, expectedRecall } = collected.plan;
  const { matchCount, visited, compared, reranked, filterMs, searchMs, fetchMs } = collected;
  return {
    strategy,
    reason,
    selectivity: matchCount === null ? null : Math.min(1, matchCount / library.chunkCount),
    effort,
    expectedRecall,
    visited,
    compared,
    reranked,
    phases: [
      { name: 'EMBED', ms: embedMs },
      { name: 'FILTER', ms: filterMs },
      { name: 'SEARCH', ms: searchMs },
      { name: 'FETCH', ms: fetchMs },
    ],
  };
}

function emptyPlan(reason: string, embedMs: number): SearchPlan {
  const spent = { visited: 0, compared: 0, reranked: 0, phases: [{ name: 'EMBED', ms: embedMs }] } as const;
  return { strategy: 'EMPTY', reason, selectivity: null, effort: null, expectedRecall: 1, ...spent };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
