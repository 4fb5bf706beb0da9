import type { Embedder } from '../embedding/Embedder.ts';
import { AlcoveError } from '../errors.ts';
import { checkVector } from '../library/contract.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import { nodeNotFound } from '../library/lookup.ts';
import type { EmbeddingContract, Library } from '../library/types.ts';
import type { Deadline } from './Deadline.ts';
import type { KnnRequest } from './KnnSearch.ts';

/** What to be near to, and the ordinals (ascending) that are no answer since they are the question. */
export interface QueryVector {
  readonly vector: Float32Array;
  readonly excluded: Uint32Array;
}

export interface QueryVectorSource {
  readonly reader: LibraryReader;
  readonly embedderFor: (contract: EmbeddingContract) => Promise<Embedder>;
}

const NONE_EXCLUDED = new Uint32Array();

/**
 * The vector of a query: as given; of a text, by the library's model; of a chunk; or the mean of a document's chunks
 * (of their directions, under COSINE), undefined while it has none. Chunk and document must be of this library.
 * @throws AlcoveError DimensionMismatchError, InvalidVectorError, InvalidArgumentError, EmbedderError,
 *   NodeNotFoundError; TimeoutError and CancelledError of the deadline.
 */
export async function queryVector(
  query: KnnRequest['query'],
  library: Library,
  source: QueryVectorSource,
  deadline: Deadline,
): Promise<QueryVector | undefined> {
  if ('vector' in query) {
    checkVector(library.embedding, query.vector, ['query', 'vector']);
    return { vector: query.vector, excluded: NONE_EXCLUDED };
  }
  if ('text' in query) {
    const vector = await embedText(query.text, library, source, deadline);
    return { vector, excluded: NONE_EXCLUDED };
  }
  return 'chunk' in query
    ? chunkVector(query.chunk, library, source.reader)
    : documentVector(query.document, library, source.reader);
}

async function embedText(
  text: string,
  { embedding }: Library,
  { embedderFor }: QueryVectorSource,
  deadline: Deadline,
): Promise<Float32Array> {
  if (text.trim() === '') {
    throw new AlcoveError('InvalidArgumentError', 'Got an empty text to search for; expected some words.', {
      path: ['query', 'text'],
      detail: { got: 'an empty text', expected: 'a text' },
    });
  }
  try {
    return await deadline.bound('while the text was embedded', async (signal) => {
      const embedder = await embedderFor(embedding);
      return (await embedder.embed([text], { mode: 'QUERY', signal })).vectors;
    });
  } catch (error) {
    throw error instanceof AlcoveError && error.kind === 'InvalidArgumentError'
      ? error.within('query', 'text')
      : error;
  }
}

function chunkVector(id: string, library: Library, reader: LibraryReader): QueryVector {
  const chunk = reader.chunk(id);
  const vector = chunk?.libraryId === library.id ? reader.vector(id) : undefined;
  if (!chunk || !vector) throw nodeNotFound('chunk of this library', id, ['query', 'chunk']);
  return { vector, excluded: Uint32Array.of(chunk.ordinal) };
}

function documentVector(id: string, library: Library, reader: LibraryReader): QueryVector | undefined {
  if (reader.document(id)?.libraryId !== library.id) {
    throw nodeNotFound('document of this library', id, ['query', 'document']);
  }
  const { dimension, metric } = library.embedding;
  const vectors = reader.documentVectors(id);
  if (dimension === null || vectors.length === 0) return undefined;
  const vector = meanVector(vectors, dimension, metric === 'COSINE');
  checkVector(library.embedding, vector, ['query', 'document']);
  const isOfDocument = { kind: 'document', column: 'id', test: { op: 'eq', value: id } } as const;
  return { vector, excluded: reader.ordinalsMatching(library.id, isOfDocument) };
}

/** The mean of `n × dimension` vectors, each scaled to norm 1 first if `byDirection`. */
function meanVector(vectors: Float32Array, dimension: number, byDirection: boolean): Float32Array {
  const sums = new Float64Array(dimension);
  for (let start = 0; start < vectors.length; start += dimension) {
    const vector = vectors.subarray(start, start + dimension);
    const scale = byDirection ? 1 / norm(vector) : 1;
    for (let at = 0; at < dimension; at++) sums[at] = (sums[at] ?? 0) + (vector[at] ?? 0) * scale;
  }
  const count = vectors.length / dimension;
  return Float32Array.from(sums, (sum) => sum / count);
}

function norm(vector: Float32Array): number {
  let squares = 0;
  for (const component of vector) squares += component * component;
  return Math.sqrt(squares);
}
