import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Bitmap } from '../indexes/Bitmap.ts';
import { MAX_RESULTS } from '../indexes/SegmentIndex.ts';
import type { SearchResult, VectorIndex } from '../indexes/VectorIndex.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Chunk, Library } from '../library/types.ts';
import { withSpan } from '../telemetry/spans.ts';
import type { ChunkGathering } from './ChunkGathering.ts';
import type { CursorPosition } from './cursor.ts';
import type { Deadline } from './Deadline.ts';
import type { KnnRequest } from './KnnSearch.ts';
import { type LibraryFilter, type Matches, slotsHolding } from './LibraryFilter.ts';
import { planDone } from './planDone.ts';
import { type PlannedSearch, planSearch } from './planner.ts';
import type { MeasuredCosts } from './SearchCosts.ts';
import { isWithin } from './similarity.ts';

/** What a search is, once everything has been checked and looked up. */
export interface Question {
  readonly library: Library;
  readonly index: VectorIndex;
  readonly vector: Float32Array;
  /** Ascending ordinals that are no answer. */
  readonly excluded: Uint32Array;
  readonly filter: LibraryFilter | undefined;
  readonly after: CursorPosition | undefined;
  readonly request: Pick<KnnRequest, 'accuracy' | 'within' | 'groupBy'>;
}

/** A hit with its place: `rank` is how many of the nearest it took to find it. */
export interface Hit extends CursorPosition {
  readonly chunk: Chunk;
}

/** Hits in order, and what it took to find them. */
export interface Collected {
  /** Whether chunks had been replaced or deleted when they were fetched: what came in their place may be missing. */
  readonly hasGone: boolean;
  readonly hits: readonly Hit[];
  /** The first plan, and what became of it. */
  readonly plan: PlannedSearch;
  readonly matchCount: number | null;
  readonly visited: number;
  readonly compared: number;
  readonly reranked: number;
  readonly filterMs: number;
  readonly searchMs: number;
  readonly fetchMs: number;
  /** For other searches of a batch: no time of its own. */
  readonly waitedMs: number;
}

/** So many ordinals that are no answer are looked up along with the rest; more are kept out of the search. */
const MAX_EXCLUDED_FETCHED = 64;
/** With grouping, hits are dropped: so many times more than wanted are looked up at first. */
const GROUPING_FACTOR = 4;
/** Each round that brought too few hits is followed by one that looks so many times further. */
const ROUND_GROWTH = 4;
/**
 * An index orders by keys that are finer than the float32 distances made of them, and equal keys by ordinal. So many
 * more than wanted are looked up, for those that become equal by rounding to be put in order of their ordinals too.
 */
const ROUNDING_MARGIN = 8;
/** How often the filter is asked again because chunks were replaced while they were searched for. */
const MAX_REFRESHES = 3;
/** Chunks are fetched by so many at least. */
const MIN_FETCHED = 4;

/** What traces call the phases. */
const SPAN_OF = { filterMs: 'filter', searchMs: 'kernel search', fetchMs: 'store fetch' } as const;

interface Candidate {
  readonly ordinal: number;
  readonly distance: number;
}

/** The nearest of one round, nearest first, equals by ordinal. `isLast`: there are no others. */
interface Round {
  readonly candidates: readonly Candidate[];
  readonly isLast: boolean;
}

/**
 * Finds hits until there are as many as wanted, or no more exist: rounds of plan, search and fetch, each going on where
 * the one before ended. A graph that comes back with fewer than exist is followed by a scan.
 */
export class HitCollector {
  readonly #question: Question;
  readonly #reader: LibraryReader;
  readonly #costs: MeasuredCosts;
  readonly #deadline: Deadline;
  readonly #gathering: ChunkGathering | undefined;

  readonly #hits: Hit[] = [];
  /** All candidates so far, in the order they were found. */
  readonly #seen: number[] = [];
  /** With grouping: hits by document, those of earlier pages too, and the documents that have enough. */
  readonly #hitsOf = new Map<string, number>();
  readonly #fullDocuments = new Set<string>();
  #isPastBound = false;
  /** Chunks that had been replaced or deleted when they were fetched, or did not match any more. */
  #gone = 0;
  /** As many as had when the filter was last asked anew, for a round that looks for what has come in their place. */
  #goneBefore = 0;

  #matching: Matches | undefined;
  #firstPlan: PlannedSearch | undefined;
  #wasShort = false;
  readonly #spent = {
    visited: 0,
    compared: 0,
    reranked: 0,
    filterMs: 0,
    searchMs: 0,
    fetchMs: 0,
    waitedMs: 0,
  };

  /** @param gathering what reads the chunks of a batch's searches together; each reads its own if absent */
  constructor(
    question: Question,
    reader: LibraryReader,
    costs: MeasuredCosts,
    deadline: Deadline,
    gathering?: ChunkGathering,
  ) {
    this.#question = question;
    this.#gathering = gathering;
    this.#reader = reader;
    this.#costs = costs;
    this.#deadline = deadline;
  }

  /**
   * Up to `wanted` hits; others get their turn between rounds. Call once.
   * @throws AlcoveError TimeoutError and CancelledError of the deadline.
   */
  async collect(wanted: number): Promise<Collected> {
    const { after, excluded, filter, request } = this.#question;
    const beyond = excluded.length <= MAX_EXCLUDED_FETCHED ? excluded.length : 0;
    const factor = request.groupBy ? GROUPING_FACTOR : 1;
    let depth = (after?.rank ?? 0) + wanted * factor + beyond + ROUNDING_MARGIN;
    this.#matching = await this.#match(filter);
    for (let refreshes = 0; ; depth *= ROUND_GROWTH) {
      this.#deadline.check('while the index was searched');
      const goneBefore = this.#gone;
      const round = await this.#searchRound(Math.min(depth, MAX_RESULTS));
      this.#deadline.check('while the hits were fetched');
      await this.#take(round.candidates, wanted);
      if (this.#hits.length === wanted || this.#isPastBound) break;
      if (round.isLast) {
        if (this.#gone === goneBefore || refreshes++ === MAX_REFRESHES) break;
        this.#goneBefore = this.#gone;
        this.#matching = await this.#match(filter);
      }
      await nextTurn();
    }
    return this.#collected();
  }

  async #match(filter: LibraryFilter | undefined): Promise<Matches | undefined> {
    if (filter === undefined) return undefined;
    const startedAt = performance.now();
    try {
      return await withSpan(SPAN_OF.filterMs, {}, () => filter.match(this.#deadline));
    } finally {
      this.#spent.filterMs += performance.now() - startedAt;
    }
  }

  #collected(): Collected {
    const plan = this.#firstPlan as PlannedSearch;
    const short = {
      strategy: 'GRAPH_THEN_SCAN',
      reason: `${plan.reason} It came back with too few, so all that may match were compared.`,
      expectedRecall: 1,
    } as const;
    return {
      hits: this.#hits.toSorted(byPlace),
      plan: this.#wasShort ? { ...plan, ...short } : plan,
      matchCount: this.#matching?.slots.count ?? null,
      hasGone: this.#gone > this.#goneBefore,
      ...this.#spent,
    };
  }

  #timed<T>(phase: keyof typeof SPAN_OF, work: () => T): T {
    const startedAt = performance.now();
    try {
      return withSpan(SPAN_OF[phase], {}, work);
    } finally {
      this.#spent[phase] += performance.now() - startedAt;
    }
  }

  async #searchRound(depth: number): Promise<Round> {
    const { index, library, request } = this.#question;
    const allowed = this.#allowed();
    const { type: indexType, dimension } = index.parameters;
    const { live } = index.stats();
    const plan = planSearch({
      indexType,
      dimension,
      live,
      matches: allowed?.count ?? null,
      wanted: depth,
      accuracy: this.#wasShort ? { exact: true } : request.accuracy,
      recallCurve: library.index.recallCurve,
      costs: this.#costs.of(index),
    });
    if (plan.strategy === 'EMPTY') {
      this.#firstPlan ??= plan;
      return { candidates: [], isLast: true };
    }
    let candidates = await this.#search(depth, allowed, plan);
    if (!plan.isExact && candidates.length < Math.min(depth, allowed?.count ?? live)) {
      this.#wasShort = true;
      candidates = await this.#search(depth, allowed, { ...plan, isExact: true, effort: null });
    }
    return { candidates, isLast: candidates.length < depth };
  }

  /** What this round may find: what matches, less what has been seen or could be no hit. Undefined: everything. */
  #allowed(): Bitmap | undefined {
    const { excluded, index, library } = this.#question;
    const parts: Uint32Array[] = [];
    if (excluded.length > MAX_EXCLUDED_FETCHED) parts.push(excluded);
    if (this.#seen.length > 0) parts.push(Uint32Array.from(this.#seen).sort());
    // One huge document that has its hits must not hide the others.
    if (this.#fullDocuments.size > 0) {
      const test = { op: 'in', values: [...this.#fullDocuments] } as const;
      parts.push(this.#reader.ordinalsMatching(library.id, { kind: 'document', column: 'id', test }));
    }
    const matching = this.#matching?.slots;
    if (parts.length === 0) return matching;
    const candidates = matching ?? slotsHolding(index, index.ordinals());
    return parts.reduce((left, part) => left.without(index.slotsOf(part)), candidates);
  }

  async #search(k: number, allowed: Bitmap | undefined, plan: PlannedSearch): Promise<Candidate[]> {
    const { index, vector } = this.#question;
    const { effort, isExact } = plan;
    const before = this.#spent.searchMs;
    const found = await this.#inSteps(
      index.searchInSteps(vector, {
        k,
        ...(isExact && { exact: true }),
        ...(effort !== null && { effort }),
        ...(allowed && { allowed }),
      }),
    );
    const ms = this.#spent.searchMs - before;
    if (plan.strategy === 'EXACT_SCAN') this.#costs.scanned(index, index.stats().live, ms);
    if (plan.strategy === 'GRAPH' && effort !== null && !allowed) this.#costs.walked(index, effort, ms);
    this.#firstPlan ??= planDone(plan, found, allowed !== undefined);
    this.#spent.visited += found.visited;
    this.#spent.compared += found.compared;
    this.#spent.reranked += found.reranked;
    const { ordinals, distances } = found;
    return Array.from(ordinals, (ordinal, at) => ({ ordinal, distance: distances[at] as number })).sort(
      byPlace,
    );
  }

  /** Runs a search to its end. Between its steps others get their turn, and so does the news that nobody waits for it. */
  async #inSteps(steps: Generator<void, SearchResult>): Promise<SearchResult> {
    for (;;) {
      const step = this.#timed('searchMs', () => steps.next());
      if (step.done) return step.value;
      await this.#deadline.giveWay('while the index was searched');
    }
  }

  /** Takes hits from candidates until there are as many as wanted, or the bound is passed. */
  async #take(candidates: readonly Candidate[], wanted: number): Promise<void> {
    const { excluded, filter, library, request } = this.#question;
    const metric = library.embedding.metric;
    const size = Math.max(wanted, MIN_FETCHED);
    const isExcluded = new Set(excluded.length > MAX_EXCLUDED_FETCHED ? [] : excluded);
    const firstRank = this.#seen.length + 1;
    for (const { ordinal } of candidates) this.#seen.push(ordinal);

    for (let start = this.#firstToFetch(candidates); start < candidates.length; start += size) {
      const some = candidates.slice(start, start + size);
      const ordinals = Uint32Array.from(some, ({ ordinal }) => ordinal);
      const chunks = await this.#fetch(ordinals);
      const matching = filter?.stillMatching(ordinals, this.#matching?.level ?? 0);
      for (const [at, { ordinal, distance }] of some.entries()) {
        this.#isPastBound = !isWithin(metric, request.within, distance);
        if (this.#isPastBound || this.#hits.length === wanted) return;
        const chunk = chunks[at];
        if (isExcluded.has(ordinal)) continue;
        if (chunk && matching?.has(ordinal) !== false)
          this.#takeHit({ chunk, ordinal, distance, rank: firstRank + start + at });
        else this.#gone++;
      }
    }
  }

  /** The chunks of some ordinals; of a batch, together with those of other searches. */
  #fetch(ordinals: Uint32Array): readonly (Chunk | undefined)[] | Promise<readonly (Chunk | undefined)[]> {
    const { library } = this.#question;
    const read = (some: Uint32Array) => this.#reader.chunksByOrdinal(library.id, some);
    const gathering = this.#gathering;
    if (gathering === undefined) return this.#timed('fetchMs', () => read(ordinals));
    return withSpan(SPAN_OF.fetchMs, {}, async () => {
      const startedAt = performance.now();
      const { chunks, ms } = await gathering.read(library.id, ordinals, read);
      this.#spent.fetchMs += ms;
      this.#spent.waitedMs += Math.max(0, performance.now() - startedAt - ms);
      this.#deadline.check('while the hits were fetched');
      return chunks;
    });
  }

  /** Without grouping, the hits of earlier pages need no look. */
  #firstToFetch(candidates: readonly Candidate[]): number {
    const { after, request } = this.#question;
    if (after === undefined || request.groupBy) return 0;
    const first = candidates.findIndex((candidate) => byPlace(candidate, after) > 0);
    return first < 0 ? candidates.length : first;
  }

  #takeHit(hit: Hit): void {
    const { after, request } = this.#question;
    const { documentId } = hit.chunk;
    if (request.groupBy) {
      const count = (this.#hitsOf.get(documentId) ?? 0) + 1;
      if (count >= request.groupBy.hitsPerGroup) this.#fullDocuments.add(documentId);
      if (count > request.groupBy.hitsPerGroup) return;
      this.#hitsOf.set(documentId, count);
    }
    if (after === undefined || byPlace(hit, after) > 0) this.#hits.push(hit);
  }
}

/** Nearest first, equals by ordinal. */
function byPlace(a: Candidate, b: Candidate): number {
  return a.distance - b.distance || a.ordinal - b.ordinal;
}
