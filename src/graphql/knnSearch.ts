import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GraphQLResolveInfo } from 'graphql';
import type { ErrorRecord } from '../errors.ts';
import { ChunkGathering } from '../search/ChunkGathering.ts';
import { checkBatch } from '../search/checkRequest.ts';
import type { KnnAnswer, KnnHit, KnnRequest, SearchPlan as SearchPlanShape } from '../search/KnnSearch.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { Chunk } from './chunk.ts';
import { PageInfo, pageInfoOf } from './connection.ts';
import { ChunkFilter } from './filter.ts';
import { given } from './given.ts';
import { searchWithDocuments, selectsDocuments } from './hitDocuments.ts';
import { LibraryBy } from './libraryBy.ts';
import { payload } from './payload.ts';
import { placed } from './placed.ts';

const DEFAULT_K = 10;

const SearchStrategy = builder.enumType('SearchStrategy', {
  description: 'How the nearest were found.',
  values: {
    EMPTY: { description: 'There was nothing to compare with.' },
    EXACT_SCAN: { description: 'Every vector was compared.' },
    FILTERED_SCAN: { description: 'Every vector that the filter lets through was compared.' },
    SKETCH_SCAN: {
      description:
        'All that the filter lets through was compared by a few bits, and the best of it again in full.',
    },
    GRAPH: { description: 'The graph was walked.' },
    FILTERED_GRAPH: { description: 'The graph was walked, and what the filter lets through was collected.' },
    TWO_HOP_GRAPH: { description: 'The graph was walked from match to match.' },
    GRAPH_THEN_SCAN: {
      description: 'The graph was walked and came back short, so what the filter lets through was scanned.',
    },
    TREE: { description: "The tree's leaves were looked at, nearest first." },
    HASH_TABLES: { description: 'The hash tables were probed, and what was found there was compared.' },
  },
});

const SearchPhaseName = builder.enumType('SearchPhaseName', {
  description: 'The phases of a search.',
  values: {
    EMBED: { description: 'Text became a vector.' },
    FILTER: { description: 'The filter became the exact set of chunks that it lets through.' },
    SEARCH: { description: 'The index was asked.' },
    FETCH: { description: 'The chunks were read from the store.' },
  },
});

const SearchPhase = builder.objectRef<SearchPlanShape['phases'][number]>('SearchPhase').implement({
  description: 'How long a phase took.',
  fields: (t) => ({
    name: t.expose('name', { type: SearchPhaseName, description: 'Which one. Example: `SEARCH`' }),
    ms: t.exposeFloat('ms', { description: 'Milliseconds. Example: `0.21`' }),
  }),
});

export const SearchPlan = builder.objectRef<SearchPlanShape>('SearchPlan').implement({
  description: 'What was done to answer a search, and why.',
  fields: (t) => ({
    strategy: t.expose('strategy', {
      type: SearchStrategy,
      description: 'What was done. Example: `FILTERED_SCAN`',
    }),
    reason: t.exposeString('reason', {
      description:
        'Why, in one sentence. Example: `"The filter lets 1.2 % through, so scanning those is cheapest."`',
    }),
    selectivity: t.exposeFloat('selectivity', {
      nullable: true,
      description:
        'The part of the library that the filter lets through, exactly; null without a filter. Example: `0.012`',
    }),
    effort: t.exposeInt('effort', {
      nullable: true,
      description:
        'Breadth of the walk, leaves of the tree, or slots of the hash tables by 64; null for scans and exact searches. Example: `64`',
    }),
    expectedRecall: t.exposeFloat('expectedRecall', {
      nullable: true,
      description:
        'The recall that this effort had when the index was last measured; 1 for scans, null if unknown. Example: `0.98`',
    }),
    visited: t.exposeInt('visited', {
      description: 'Nodes of the graph that were visited, leaves or buckets; 0 for scans. Example: `212`',
    }),
    compared: t.exposeInt('compared', { description: 'Distances that were computed. Example: `3120`' }),
    reranked: t.exposeInt('reranked', {
      description:
        'Of the compared, those computed anew in full precision for the final order. Example: `40`',
    }),
    phases: t.field({
      type: [SearchPhase],
      description: 'How long each phase took.',
      resolve: ({ phases }) => [...phases],
    }),
  }),
});

const KnnEdge = builder.objectRef<KnnHit>('KnnEdge').implement({
  description: 'A hit.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description: 'Give it as `after` for the hits beyond this one. Example: `"zczMPQcAAAAHAAAA"`',
    }),
    node: t.expose('chunk', { type: Chunk, description: 'The chunk that was found.' }),
    distance: t.exposeFloat('distance', {
      description: "How far it is, by the library's metric: smaller is nearer. Example: `0.1234`",
    }),
    similarity: t.exposeFloat('similarity', {
      description:
        'How near it is, from 0 to 1: more is nearer; `Metric` has the formulas. Example: `0.9383`',
    }),
  }),
});

const KnnConnection = builder.objectRef<KnnAnswer>('KnnConnection').implement({
  description: 'The nearest chunks, nearest first. Fewer than `k` only where fewer match.',
  fields: (t) => ({
    edges: t.field({ type: [KnnEdge], description: 'The hits.', resolve: ({ hits }) => [...hits] }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'Whether there is more, and how to go on.',
      resolve: ({ hits, hasNextPage, hasPreviousPage }) =>
        pageInfoOf({ edges: hits, hasNextPage, hasPreviousPage }),
    }),
    matchCount: t.int({
      description:
        'How many chunks the filter lets through, or how many there are without one. Counted only when selected. Example: `4210`',
      resolve: (answer) => answer.matchCount(),
    }),
    plan: t.expose('plan', { type: SearchPlan, description: 'What was done, and why.' }),
    generation: t.exposeInt('generation', {
      description: 'The index that answered: it grows by one with every swap. Example: `3`',
    }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'Everything up to this revision was searched. Example: `"0000000000000042"`',
    }),
    tookMs: t.exposeFloat('tookMs', { description: 'Milliseconds that it took. Example: `0.48`' }),
  }),
});

const KnnQuery = builder.inputType('KnnQuery', {
  description: 'What to find the nearest to. Example: `{ text: "How do I stop the machine?" }`',
  isOneOf: true as const,
  fields: (t) => ({
    text: t.string({
      description:
        'A text, embedded with the library\'s model; not where the provider is EXTERNAL. Example: `"How do I stop the machine?"`',
    }),
    vector: t.field({
      type: 'Vector',
      description: "A vector of the library's dimension. Example: `[0.12, -0.5, 0.83]`",
    }),
    chunk: t.id({
      description: 'A chunk of the library, which is itself left out. Example: `"chk_sku-4711"`',
    }),
    document: t.id({
      description:
        'A document of the library: the nearest to all of its chunks, which are themselves left out. Example: `"doc_handbook"`',
    }),
  }),
});

const KnnBound = builder.inputType('KnnBound', {
  description: 'How near a hit has to be. Example: `{ minSimilarity: 0.8 }`',
  isOneOf: true as const,
  fields: (t) => ({
    maxDistance: t.float({ description: 'No farther than this. Example: `0.4`' }),
    minSimilarity: t.float({ description: 'At least this similar, 0 to 1. Example: `0.8`' }),
  }),
});

export const KnnAccuracy = builder.inputType('KnnAccuracy', {
  description: 'How sure to be that the nearest are found. Example: `{ recall: 0.99 }`',
  isOneOf: true as const,
  fields: (t) => ({
    exact: t.boolean({
      description: 'Compare with every vector that the filter lets through. Example: `true`',
    }),
    recall: t.float({
      description:
        'This part of the true nearest, by what was measured on this index; above 0, up to 1. Example: `0.99`',
    }),
    effort: t.int({
      description:
        'HNSW: this breadth of the walk; KD_TREE: so many leaves; LSH: so many slots by 64. Example: `128`',
    }),
  }),
});

const KnnGroup = builder.enumType('KnnGroup', {
  description: 'What hits can be grouped by.',
  values: { DOCUMENT: { description: 'The document that they belong to.' } },
});

export const KnnGroupBy = builder.inputType('KnnGroupBy', {
  description: 'Spreads the hits over groups. Example: `{ by: DOCUMENT, hitsPerGroup: 1 }`',
  fields: (t) => ({
    by: t.field({ type: KnnGroup, required: true, description: 'By what. Example: `DOCUMENT`' }),
    hitsPerGroup: t.int({
      required: true,
      defaultValue: 1,
      description: 'At most so many hits of one group; `k` still counts hits. Example: `2`',
    }),
  }),
});

export const KnnSearchInput = builder.inputType('KnnSearchInput', {
  description:
    'What `knnSearch` takes. Example: `{ library: { name: "manuals" }, query: { text: "How do I stop the machine?" }, k: 5 }`',
  fields: (t) => ({
    library: t.field({
      type: LibraryBy,
      required: true,
      description: 'Where. Example: `{ name: "manuals" }`',
    }),
    query: t.field({
      type: KnnQuery,
      required: true,
      description: 'What to find the nearest to. Example: `{ text: "How do I stop the machine?" }`',
    }),
    k: t.int({ defaultValue: DEFAULT_K, description: 'How many hits, 1 to 10,000. Example: `5`' }),
    after: t.string({
      description:
        'The cursor of a hit of the same search: answer what comes after it. Example: `pageInfo.endCursor`',
    }),
    filter: t.field({
      type: ChunkFilter,
      description: 'Among which chunks. Example: `{ createdAt: { gt: "2026-01-01T00:00:00Z" } }`',
    }),
    within: t.field({
      type: KnnBound,
      description: 'How near a hit has to be. Example: `{ minSimilarity: 0.8 }`',
    }),
    accuracy: t.field({
      type: KnnAccuracy,
      description: 'How sure to be; a recall of 0.95 if left out. Example: `{ recall: 0.99 }`',
    }),
    groupBy: t.field({
      type: KnnGroupBy,
      description: 'Spread the hits over documents. Example: `{ by: DOCUMENT }`',
    }),
    minRevision: t.field({
      type: 'Revision',
      description:
        'Wait until this revision can be seen, so that you find what you have written. Example: `"0000000000000042"`',
    }),
    timeoutMs: t.int({
      description: 'Give up after so many milliseconds, 1 to 60,000; 10,000 if left out. Example: `500`',
    }),
  }),
});

export const KnnSearchPayload = payload('KnnSearchPayload', {
  description: 'What `knnSearch` answers.',
  success: KnnConnection,
  errors: [
    'LibraryNotFoundError',
    'NodeNotFoundError',
    'DimensionMismatchError',
    'InvalidVectorError',
    'InvalidFilterError',
    'InvalidArgumentError',
    'EmbedderError',
    'TimeoutError',
  ],
});

/** Runs one search, for what `info` selects of it. @throws AlcoveError with a path below the input. */
export function knnSearch(
  input: typeof KnnSearchInput.$inferInput,
  context: Context,
  info: GraphQLResolveInfo,
  gathering?: ChunkGathering,
): Promise<KnnAnswer> {
  const { query, groupBy, within, accuracy, after, filter, minRevision, timeoutMs } = input;
  const { vector } = query;
  const request = {
    library: input.library,
    query: vector == null ? query : { vector: placed(['query', 'vector'], () => vector.read()) },
    k: input.k ?? DEFAULT_K,
    ...given({ groupBy, within, accuracy, after, filter, minRevision, timeoutMs }),
  };
  const search = async () => {
    const answer = await context.search.search(request as KnnRequest, context.signal, gathering);
    context.record?.searched(answer.plan.phases);
    return answer;
  };
  return selectsDocuments(info) ? searchWithDocuments(search, input.library, context.reader) : search();
}

interface BatchAnswer {
  readonly results: readonly (KnnAnswer | ErrorRecord)[];
}

const KnnSearchBatchResult = builder.objectRef<BatchAnswer>('KnnSearchBatchResult').implement({
  description: 'The answers of a batch of searches.',
  fields: (t) => ({
    results: t.field({
      type: [KnnSearchPayload.type],
      description: 'What each search answered, in the order of the input.',
      resolve: ({ results }) => [...results],
    }),
  }),
});

const KnnSearchBatchInput = builder.inputType('KnnSearchBatchInput', {
  description:
    'What `knnSearchBatch` takes. Example: `{ searches: [{ library: { name: "manuals" }, query: { text: "stop" } }] }`',
  fields: (t) => ({
    searches: t.field({
      type: [KnnSearchInput],
      required: true,
      description:
        '1 to 100 searches. Example: `[{ library: { name: "manuals" }, query: { text: "stop" } }]`',
    }),
  }),
});

const KnnSearchBatchPayload = payload('KnnSearchBatchPayload', {
  description: 'What `knnSearchBatch` answers.',
  success: KnnSearchBatchResult,
  errors: ['InvalidArgumentError'],
});

/** Runs searches one after another, and lets others have their turn between them. What they have found is read together. */
async function knnSearchBatch(
  { searches }: typeof KnnSearchBatchInput.$inferInput,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<BatchAnswer> {
  placed(['input'], () => checkBatch(searches.length, context.config.limits.searches));
  const gathering = new ChunkGathering();
  const results: Promise<KnnAnswer | ErrorRecord>[] = [];
  try {
    for (const [index, search] of searches.entries()) {
      const place = ['input', 'searches', `${index}`];
      const { answer } = await gathering.turn(() =>
        KnnSearchPayload.answer(place, () => knnSearch(search, context, info, gathering)),
      );
      results.push(answer);
      await nextTurn();
      // Nobody waits for the rest.
      context.signal.throwIfAborted();
    }
  } finally {
    gathering.end();
    await Promise.allSettled(results);
  }
  return { results: await Promise.all(results) };
}

builder.queryFields((t) => ({
  knnSearch: t.field({
    type: KnnSearchPayload.type,
    description: `Finds the nearest chunks of a library: to a text, a vector, a chunk or a document, among those that a filter lets through.
Example: \`knnSearch(input: { library: { name: "manuals" }, query: { text: "stop" } }) { ... on KnnConnection { edges { similarity node { text } } } }\``,
    args: {
      input: t.arg({
        type: KnnSearchInput,
        required: true,
        description:
          'The search. Example: `{ library: { name: "manuals" }, query: { text: "How do I stop the machine?" } }`',
      }),
    },
    resolve: (_root, { input }, context, info) =>
      KnnSearchPayload.answer(['input'], () => knnSearch(input, context, info)),
  }),
  knnSearchBatch: t.field({
    type: KnnSearchBatchPayload.type,
    description: 'Many searches in one request, each with an answer, or an error, of its own.',
    args: {
      input: t.arg({
        type: KnnSearchBatchInput,
        required: true,
        description:
          'The searches. Example: `{ searches: [{ library: { name: "manuals" }, query: { text: "stop" } }] }`',
      }),
    },
    resolve: (_root, { input }, context, info) =>
      KnnSearchBatchPayload.answer([], () => knnSearchBatch(input, context, info)),
  }),
}));
