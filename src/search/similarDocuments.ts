import type { LibraryReader } from '../library/LibraryReader.ts';
import { libraryNotFound } from '../library/lookup.ts';
import type { Document, Library } from '../library/types.ts';
import { isReembedded, reembedded } from '../library/vectorSet.ts';
import { checkSimilarCount } from './checkRequest.ts';
import type { ChunkFilterInput } from './filter/input.ts';
import type { KnnSearcher } from './KnnSearcher.ts';

/** Chunks of the document that others are compared with: all, or so many, evenly spread. */
const MAX_CHUNKS = 32;
/** The nearest chunks to each of them that are looked at. */
const NEAREST = 50;

/** What to look for. */
export interface SimilarOptions {
  /** 1 to 100. */
  readonly k: number;
  readonly filter?: ChunkFilterInput;
}

export interface SimilarDocument {
  readonly document: Document;
  /** 0 to 1. */
  readonly score: number;
  /** Chunks of the asked document that have one of this among their nearest. */
  readonly chunkCount: number;
}

/**
 * The documents most like a whole document, best first: for each of its chunks the similarity of the other's most similar
 * chunk, 0 where none is among the nearest, and the mean of these (MaxSim of Khattab and Zaharia, SIGIR 2020, over chunks).
 * @throws AlcoveError as {@link KnnSearcher.search} does.
 */
export async function similarDocuments(
  document: Document,
  library: Library,
  { k, filter }: SimilarOptions,
  { knn, reader }: { readonly knn: Pick<KnnSearcher, 'search'>; readonly reader: LibraryReader },
  signal?: AbortSignal,
): Promise<SimilarDocument[]> {
  checkSimilarCount(k);
  for (let current = library; ; ) {
    const vectors = reader.documentVectors(document.id);
    const { vectorSet } = reader.library({ id: library.id }) ?? library;
    try {
      if (vectorSet.number !== current.vectorSet.number) throw reembedded(current.embedding);
      return await mostSimilar(document, current, vectors, { k, filter }, { knn, reader }, signal);
    } catch (error) {
      if (!isReembedded(error)) throw error;
      current = reader.library({ id: library.id }) ?? libraryNotFound({ id: library.id });
    }
  }
}

/** The same by vectors (`n × dimension`) of the library as it was read. */
async function mostSimilar(
  document: Document,
  library: Library,
  vectors: Float32Array,
  { k, filter }: { readonly k: number; readonly filter: ChunkFilterInput | undefined },
  { knn, reader }: { readonly knn: Pick<KnnSearcher, 'search'>; readonly reader: LibraryReader },
  signal: AbortSignal | undefined,
): Promise<SimilarDocument[]> {
  const { dimension } = library.embedding;
  if (dimension === null || vectors.length === 0) return [];
  const others = { not: { document: { id: { eq: document.id } } } };
  const among = filter === undefined ? others : { and: [filter, others] };
  const rows = sampled(vectors.length / dimension);
  const sums = new Map<string, { sum: number; chunkCount: number }>();
  for (const row of rows) {
    const vector = vectors.slice(row * dimension, (row + 1) * dimension);
    const request = {
      library: { id: library.id },
      query: { vector },
      k: NEAREST,
      filter: among,
      vectorSet: library.vectorSet.number,
    };
    const { hits } = await knn.search(request, signal);
    const best = new Map<string, number>();
    for (const { chunk, similarity } of hits) {
      best.set(chunk.documentId, Math.max(similarity, best.get(chunk.documentId) ?? 0));
    }
    for (const [id, similarity] of best) {
      const { sum, chunkCount } = sums.get(id) ?? { sum: 0, chunkCount: 0 };
      sums.set(id, { sum: sum + similarity, chunkCount: chunkCount + 1 });
    }
  }
  const first = [...sums].sort(([a, one], [b, other]) => other.sum - one.sum || (a < b ? -1 : 1)).slice(0, k);
  const documents = reader.documentsOf(first.map(([id]) => id));
  return first.flatMap(([id, { sum, chunkCount }]) => {
    const found = documents.get(id);
    return found === undefined ? [] : [{ document: found, score: sum / rows.length, chunkCount }];
  });
}

/** Rows from 0 on, at most {@link MAX_CHUNKS}, evenly spread. */
function sampled(count: number): number[] {
  const size = Math.min(count, MAX_CHUNKS);
  return Array.from({ length: size }, (_, at) => Math.floor((at * count) / size));
}
