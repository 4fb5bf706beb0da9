import { ANYONE } from '../../src/access/Principal.ts';
import type { Context } from '../../src/graphql/Context.ts';
import type { Chunk } from '../../src/library/types.ts';
import type { KnnAnswer } from '../../src/search/KnnSearch.ts';

/** As long as chunks of a text usually are. */
const TEXT = 'A recess in a wall, with room for books, and for whoever reads them. '.repeat(7).trim();
const HITS = 10;
const CREATED_AT = Date.UTC(2026, 0, 1);

const chunkAt = (place: number): Chunk => ({
  id: `chk_load-${place}`,
  libraryId: 'lib_load',
  documentId: 'doc_load',
  position: place,
  text: TEXT,
  page: null,
  headings: [],
  metadata: {},
  ordinal: place + 1,
  truncated: false,
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
});

/** The same answer for every question. Only what the way to a search and back costs is left. */
const ANSWER = {
  hits: Array.from({ length: HITS }, (_, place) => ({
    cursor: `zczMPQcAAAAHAAA${place}`,
    chunk: chunkAt(place),
    distance: 0.1234 + place / 100,
    similarity: 0.9383 - place / 200,
  })),
  hasNextPage: true,
  hasPreviousPage: false,
  generation: 1,
  revision: 42,
  tookMs: 0.25,
  matchCount: () => HITS,
} satisfies Partial<KnnAnswer>;

/** What resolvers of a search ask for, without a store or an index behind it. */
export function stubbedContext(): object {
  return {
    signal: new AbortController().signal,
    principal: ANYONE,
    search: { search: async () => ANSWER },
  } satisfies { readonly [Name in keyof Context]?: unknown };
}
