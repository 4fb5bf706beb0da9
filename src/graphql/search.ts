import type { GraphQLResolveInfo } from 'graphql';
import type {
  KeywordMatch as KeywordMatchShape,
  SemanticMatch as SemanticMatchShape,
  TextHit,
  TextSearchAnswer,
  TextSearchRequest,
} from '../search/TextSearch.ts';
import { DEFAULT_DEPTH } from '../search/TextSearcher.ts';
import type { Fragment } from '../words/fragments.ts';
import type { Match } from '../words/matches.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { Chunk } from './chunk.ts';
import { PageInfo, pageInfoOf } from './connection.ts';
import { ChunkFilter } from './filter.ts';
import { given } from './given.ts';
import { checkHighlights } from './highlights.ts';
import { searchWithDocuments, selectsDocuments } from './hitDocuments.ts';
import { KnnAccuracy, KnnGroupBy } from './knnSearch.ts';
import { LibraryBy } from './libraryBy.ts';
import { payload } from './payload.ts';
import { placed } from './placed.ts';
import { Reranked, RerankInput } from './rerank.ts';
import { SearchMode, TextSearchPlan } from './textSearchPlan.ts';

const DEFAULT_K = 10;
const DEFAULT_FRAGMENTS = 2;
const DEFAULT_FRAGMENT_LENGTH = 200;

const HighlightRange = builder.objectRef<Match>('HighlightRange').implement({
  description: 'A place in a text, in UTF-16 code units, as strings are indexed in JavaScript.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'Its first. Example: `10`' }),
    end: t.exposeInt('end', { description: 'The one after its last. Example: `16`' }),
  }),
});

const Highlight = builder.objectRef<Fragment>('Highlight').implement({
  description:
    'A piece of a text with what matched in it, as offsets: it holds no markup, so escape the text before you show it as HTML.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The piece. Example: `"Press the red button to stop it."`' }),
    start: t.exposeInt('start', { description: "Where it begins in the chunk's text. Example: `120`" }),
    matches: t.field({
      type: [HighlightRange],
      description: 'What matched, in order, as places in this piece. Example: `[{ start: 10, end: 20 }]`',
      resolve: ({ matches }) => [...matches],
    }),
  }),
});

const SemanticMatch = builder.objectRef<SemanticMatchShape>('SemanticMatch').implement({
  description: 'Where a hit was among the nearest by meaning.',
  fields: (t) => ({
    rank: t.exposeInt('rank', { description: 'From 1. Example: `3`' }),
    distance: t.exposeFloat('distance', { description: "By the library's metric. Example: `0.21`" }),
    similarity: t.exposeFloat('similarity', { description: 'From 0 to 1. Example: `0.89`' }),
  }),
});

const KeywordMatch = builder.objectRef<KeywordMatchShape>('KeywordMatch').implement({
  description: 'Where a hit was among the best by words.',
  fields: (t) => ({
    rank: t.exposeInt('rank', { description: 'From 1. Example: `1`' }),
    score: t.exposeFloat('score', { description: 'BM25: more is better. Example: `7.34`' }),
  }),
});

const SearchEdge = builder.objectRef<TextHit>('SearchEdge').implement({
  description: 'A hit, and why it is one.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description: 'Give it as `after` for the hits beyond this one. Example: `"zczMPQcAAAAHAAAA"`',
    }),
    node: t.expose('chunk', { type: Chunk, description: 'The chunk that was found.' }),
    score: t.exposeFloat('score', {
      description:
        "What the hits are ordered by, before a reranker: fused of both ways, or the one way's own; comparable within one answer only. Example: `0.0325`",
    }),
    semantic: t.expose('semantic', {
      type: SemanticMatch,
      nullable: true,
      description: 'Its place by meaning; null where it is not among the best so.',
    }),
    keyword: t.expose('keyword', {
      type: KeywordMatch,
      nullable: true,
      description: 'Its place by words; null where it is not among the best so.',
    }),
    reranked: t.expose('reranked', {
      type: Reranked,
      nullable: true,
      description: 'How the reranker judged it; null where it did not.',
    }),
    matchedTerms: t.stringList({
      description:
        'What of the question stands in the text, as it stands there. Example: `["red", "buttons"]`',
      resolve: (hit) => [...hit.matchedTerms()],
    }),
    highlights: t.field({
      type: [Highlight],
      description:
        'The pieces of the text with the most matches, in the order of the text; none where no word matched.',
      args: {
        count: t.arg.int({
          defaultValue: DEFAULT_FRAGMENTS,
          description: 'How many pieces at most, 1 to 20. Example: `3`',
        }),
        length: t.arg.int({
          defaultValue: DEFAULT_FRAGMENT_LENGTH,
          description: 'How long each is about, 20 to 2,000 code units. Example: `160`',
        }),
      },
      resolve: (hit, { count, length }) => {
        const options = {
          count: count ?? DEFAULT_FRAGMENTS,
          length: length ?? DEFAULT_FRAGMENT_LENGTH,
        };
        checkHighlights(options);
        return [...hit.highlights(options)];
      },
    }),
  }),
});

const SearchConnection = builder.objectRef<TextSearchAnswer>('SearchConnection').implement({
  description: 'The best hits, best first.',
  fields: (t) => ({
    edges: t.field({ type: [SearchEdge], description: 'The hits.', resolve: ({ hits }) => [...hits] }),
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
    plan: t.expose('plan', { type: TextSearchPlan, description: 'What was done, and why.' }),
    revision: t.expose('revision', {
      type: 'Revision',
      description: 'Everything up to this revision was searched. Example: `"0000000000000042"`',
    }),
    tookMs: t.exposeFloat('tookMs', { description: 'Milliseconds that it took. Example: `2.4`' }),
  }),
});

const SearchQuestion = builder.inputType('SearchQuestion', {
  description: 'What to look for. Example: `{ text: "How do I stop the machine?" }`',
  isOneOf: true as const,
  fields: (t) => ({
    text: t.string({
      description:
        'As typed. `"red button"` in quotes has to occur so, `butt*` finds words that begin so, `*utto*` finds it within words; all else is words. Example: `"How do I stop the \\"red machine\\"?"`',
    }),
    chunk: t.id({
      description:
        'A chunk of the library: more like this one, which is itself left out. Example: `"chk_sku-4711"`',
    }),
    document: t.id({
      description:
        'A document of the library: more like this one, whose chunks are left out. Example: `"doc_handbook"`',
    }),
  }),
});

const RrfInput = builder.inputType('RrfInput', {
  description: 'Reciprocal rank fusion: each way adds 1 / (k + rank). Example: `{ k: 60 }`',
  fields: (t) => ({
    k: t.int({
      required: true,
      defaultValue: 60,
      description: 'The less, the more the first few of each way count; 1 to 10,000. Example: `60`',
    }),
  }),
});

const WeightedFusionInput = builder.inputType('WeightedFusionInput', {
  description:
    "Each way's scores, stretched so that its best is 1 and its last 0, added by weight. Example: `{ semantic: 0.7 }`",
  fields: (t) => ({
    semantic: t.float({
      required: true,
      description: 'The weight of meaning, 0 to 1; words have the rest. Example: `0.7`',
    }),
  }),
});

const FusionInput = builder.inputType('FusionInput', {
  description: 'How the two rankings of HYBRID become one. Example: `{ weighted: { semantic: 0.7 } }`',
  isOneOf: true as const,
  fields: (t) => ({
    rrf: t.field({ type: RrfInput, description: 'By ranks. Example: `{ k: 60 }`' }),
    weighted: t.field({ type: WeightedFusionInput, description: 'By scores. Example: `{ semantic: 0.5 }`' }),
  }),
});

const DiversityInput = builder.inputType('DiversityInput', {
  description:
    'Puts the hits in an order in which each differs from those before it (maximal marginal relevance). Example: `{ lambda: 0.7 }`',
  fields: (t) => ({
    lambda: t.float({
      required: true,
      description: '1: by score alone; 0: by difference alone. Example: `0.7`',
    }),
  }),
});

const SearchInput = builder.inputType('SearchInput', {
  description:
    'What `search` takes. Example: `{ library: { name: "manuals" }, query: { text: "stop the machine" }, k: 5 }`',
  fields: (t) => ({
    library: t.field({
      type: LibraryBy,
      required: true,
      description: 'Where. Example: `{ name: "manuals" }`',
    }),
    query: t.field({
      type: SearchQuestion,
      required: true,
      description: 'What to look for. Example: `{ text: "How do I stop the machine?" }`',
    }),
    vector: t.field({
      type: 'Vector',
      description:
        "The question's vector, where the library's vectors come from its callers (EXTERNAL); without it such a library is searched with the mode KEYWORD only. Example: `[0.12, -0.5, 0.83]`",
    }),
    mode: t.field({
      type: SearchMode,
      required: true,
      defaultValue: 'HYBRID',
      description: 'By meaning, by words, or both. Example: `KEYWORD`',
    }),
    k: t.int({ defaultValue: DEFAULT_K, description: 'How many hits, 1 to `depth`. Example: `5`' }),
    after: t.string({
      description:
        'The cursor of a hit of the same search: answer what comes after it. Example: `pageInfo.endCursor`',
    }),
    depth: t.int({
      description: `How many of the best of each way are looked at, 1 to 1,000; ${DEFAULT_DEPTH} if left out. Paging ends with them. Example: \`200\``,
    }),
    filter: t.field({
      type: ChunkFilter,
      description: 'Among which chunks. Example: `{ createdAt: { gt: "2026-01-01T00:00:00Z" } }`',
    }),
    accuracy: t.field({
      type: KnnAccuracy,
      description: 'How sure to be that the nearest by meaning are found. Example: `{ recall: 0.99 }`',
    }),
    fusion: t.field({
      type: FusionInput,
      description:
        'How two rankings become one; `weighted` with halves if left out. Example: `{ rrf: { k: 20 } }`',
    }),
    diversity: t.field({
      type: DiversityInput,
      description: 'How different from each other the hits shall be. Example: `{ lambda: 0.7 }`',
    }),
    rerank: t.field({
      type: RerankInput,
      description: 'Have the first hits judged anew. Example: `{ provider: LEXICAL }`',
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

const SearchPayload = payload('SearchPayload', {
  description: 'What `search` answers.',
  success: SearchConnection,
  errors: [
    'LibraryNotFoundError',
    'NodeNotFoundError',
    'DimensionMismatchError',
    'InvalidVectorError',
    'InvalidFilterError',
    'InvalidArgumentError',
    'EmbedderError',
    'RerankerError',
    'TimeoutError',
  ],
});

function search(
  input: typeof SearchInput.$inferInput,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<TextSearchAnswer> {
  const { query, mode, after, depth, filter, accuracy, fusion, diversity, groupBy, minRevision, timeoutMs } =
    input;
  const vector = input.vector == null ? undefined : placed(['vector'], () => input.vector?.read());
  const request = {
    library: input.library,
    query,
    mode,
    k: input.k ?? DEFAULT_K,
    ...given({
      rerank: input.rerank && given(input.rerank),
      vector,
      after,
      depth,
      filter,
      accuracy,
      fusion,
      diversity,
      groupBy,
      minRevision,
      timeoutMs,
    }),
  };
  const work = async () => {
    const answer = await context.textSearch.search(request as TextSearchRequest, context.signal);
    context.record?.searched(answer.plan.phases);
    return answer;
  };
  return selectsDocuments(info) ? searchWithDocuments(work, input.library, context.reader) : work();
}

builder.queryFields((t) => ({
  search: t.field({
    type: SearchPayload.type,
    description: `Finds chunks of a library by words, by meaning, or both, and says why each was found.
Example: \`search(input: { library: { name: "manuals" }, query: { text: "stop" } }) { ... on SearchConnection { edges { score highlights { text } node { id } } } }\``,
    args: {
      input: t.arg({
        type: SearchInput,
        required: true,
        description:
          'The search. Example: `{ library: { name: "manuals" }, query: { text: "How do I stop the machine?" } }`',
      }),
    },
    resolve: (_root, { input }, context, info) =>
      SearchPayload.answer(['input'], () => search(input, context, info)),
  }),
}));
