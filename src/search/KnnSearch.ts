import type { LibraryBy } from '../library/commands.ts';
import type { Chunk, Library } from '../library/types.ts';
import type { ChunkFilterInput } from './filter/input.ts';

/** A nearest-neighbour question. Its shape has been checked at the edge; its meaning is checked here. */
export interface KnnRequest {
  readonly library: LibraryBy;
  readonly query:
    | { readonly vector: Float32Array }
    | { readonly text: string }
    | { readonly chunk: string }
    | { readonly document: string };
  /** 1 to MAX_K. */
  readonly k: number;
  readonly after?: string;
  readonly filter?: ChunkFilterInput;
  readonly within?: { readonly maxDistance: number } | { readonly minSimilarity: number };
  readonly accuracy?: { readonly exact: boolean } | { readonly recall: number } | { readonly effort: number };
  /** At most `hitsPerGroup` hits of one document; `k` counts hits as ever. */
  readonly groupBy?: { readonly by: 'DOCUMENT'; readonly hitsPerGroup: number };
  readonly minRevision?: number;
  readonly timeoutMs?: number;
  /** The set that a vector was taken from: see `reembedded`. Absent: the caller knows what it is of. */
  readonly vectorSet?: number;
}

export interface KnnHit {
  readonly cursor: string;
  readonly chunk: Chunk;
  readonly distance: number;
  /** In 0..1, 1 is identical; docs/api-design.md has each metric's formula. */
  readonly similarity: number;
}

export type SearchStrategy =
  | 'EMPTY'
  | 'EXACT_SCAN'
  | 'FILTERED_SCAN'
  | 'SKETCH_SCAN'
  | 'GRAPH'
  | 'FILTERED_GRAPH'
  | 'TWO_HOP_GRAPH'
  | 'GRAPH_THEN_SCAN'
  | 'TREE'
  | 'HASH_TABLES';

/** What was done and why. */
export interface SearchPlan {
  readonly strategy: SearchStrategy;
  /** For people. */
  readonly reason: string;
  /** The part of the library that the filter lets through, exactly; null without a filter. */
  readonly selectivity: number | null;
  readonly effort: number | null;
  /** The recall that this effort had when the index was last measured; 1 for scans. */
  readonly expectedRecall: number | null;
  readonly visited: number;
  readonly compared: number;
  readonly reranked: number;
  readonly phases: readonly { readonly name: 'EMBED' | 'FILTER' | 'SEARCH' | 'FETCH'; readonly ms: number }[];
}

export interface KnnAnswer {
  readonly library: Library;
  readonly hits: readonly KnnHit[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly plan: SearchPlan;
  readonly generation: number;
  readonly revision: number;
  readonly tookMs: number;
  /** How many chunks the filter lets through (all of the library's without one). Counted when called. */
  matchCount(): number;
}
