import type { LibraryBy } from '../library/commands.ts';
import type { Chunk, Library } from '../library/types.ts';
import type { RerankProvider } from '../reranking/Reranker.ts';
import type { Fragment } from '../words/fragments.ts';
import type { ChunkFilterInput } from './filter/input.ts';
import type { KnnRequest, SearchPlan } from './KnnSearch.ts';

/** How chunks are found: by meaning (vectors), by words, or both ways, whose rankings are made one. */
export type SearchMode = 'SEMANTIC' | 'KEYWORD' | 'HYBRID';

/** A question by words and meaning. Its shape has been checked at the edge; its meaning is checked here. */
export interface TextSearchRequest {
  readonly library: LibraryBy;
  readonly query: { readonly text: string } | { readonly chunk: string } | { readonly document: string };
  /** The text's vector, for a library whose vectors its callers bring. */
  readonly vector?: Float32Array;
  readonly mode: SearchMode;
  /** 1 to `depth`. */
  readonly k: number;
  readonly after?: string;
  /** So many of the best of each way are looked at, 1 to MAX_DEPTH; hits beyond are not found. */
  readonly depth?: number;
  readonly filter?: ChunkFilterInput;
  readonly accuracy?: KnnRequest['accuracy'];
  /** How two rankings become one; see `fuse`. */
  readonly fusion?:
    | { readonly rrf: { readonly k: number } }
    | { readonly weighted: { readonly semantic: number } };
  /** How much a hit that is like those before it loses: see `diversify`. */
  readonly diversity?: { readonly lambda: number };
  readonly groupBy?: KnnRequest['groupBy'];
  readonly rerank?: RerankRequest;
  readonly minRevision?: number;
  readonly timeoutMs?: number;
}

/** That the first hits be judged anew. */
export interface RerankRequest {
  readonly provider: RerankProvider;
  /** The provider's default, if absent. */
  readonly model?: string;
  /** How many of the first hits. */
  readonly depth?: number;
  /** What becomes of the answer when the reranker fails: an error, or the order as it was before. */
  readonly ifUnavailable?: 'FAIL' | 'KEEP_ORDER';
}

/** How a hit was judged by the reranker. */
export interface Reranked {
  readonly score: number;
  /** From 1, by that score. */
  readonly rank: number;
  /** From 1, before that. */
  readonly rankBefore: number;
}

/** What the reranker did. */
export interface RerankPlan {
  readonly provider: RerankProvider;
  readonly model: string;
  /** Hits that it judged. */
  readonly count: number;
  /** Why there are none, where it failed and the order stayed. */
  readonly note: string | null;
  readonly ms: number;
}

/** Where a hit was by its meaning. */
export interface SemanticMatch {
  /** From 1. */
  readonly rank: number;
  readonly distance: number;
  readonly similarity: number;
}

/** Where a hit was by its words. */
export interface KeywordMatch {
  /** From 1. */
  readonly rank: number;
  /** BM25. */
  readonly score: number;
}

export interface TextHit {
  readonly cursor: string;
  readonly chunk: Chunk;
  /** What the hits are ordered by before they are reranked and diversified; comparable within one answer only. */
  readonly score: number;
  /** Null where it is not among the best by its meaning. */
  readonly semantic: SemanticMatch | null;
  /** Null where it is not among the best by its words. */
  readonly keyword: KeywordMatch | null;
  /** Null where it was not reranked. */
  readonly reranked: Reranked | null;
  /** Words of the question as they stand in the text, each once. */
  matchedTerms(): readonly string[];
  highlights(options: { readonly count: number; readonly length: number }): readonly Fragment[];
}

/** How words were looked up. */
export interface KeywordPlan {
  /** Terms of the question. */
  readonly terms: number;
  /** Those of them that occur in the library. */
  readonly known: number;
  /** Those so common that, in parts of the library at least, they were looked up for chunks alone that have a rarer one. */
  readonly deferred: number;
  readonly occurrences: number;
  readonly scored: number;
  /** Chunks of the library whose words are not indexed yet. */
  readonly pending: number;
}

export interface TextSearchPlan {
  readonly mode: SearchMode;
  /** For people. */
  readonly reason: string;
  readonly depth: number;
  /** Null where the chunks were not looked for this way. */
  readonly semantic: SearchPlan | null;
  readonly keyword: KeywordPlan | null;
  /** Null where none was asked for. */
  readonly rerank: RerankPlan | null;
  readonly phases: readonly {
    readonly name: 'SEMANTIC' | 'KEYWORD' | 'FUSE' | 'FETCH' | 'RERANK' | 'DIVERSIFY';
    readonly ms: number;
  }[];
}

export interface TextSearchAnswer {
  readonly library: Library;
  readonly hits: readonly TextHit[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly plan: TextSearchPlan;
  readonly revision: number;
  readonly tookMs: number;
  /** How many chunks the filter lets through (all of the library's without one). Counted when called. */
  matchCount(): number;
}
