import { setImmediate as nextTurn } from 'node:timers/promises';
import { AlcoveError } from '../errors.ts';
import type { LibraryReader } from '../library/LibraryReader.ts';
import type { Chunk, Document, Library } from '../library/types.ts';
import { encodeVector, type VectorEncodingName } from '../library/vectorValue.ts';
import { vectorBytes } from '../store/vectors.ts';
import { npyHeader } from './npy.ts';

/** Chunks, and documents, that are read at a time; between times others get their turn. */
const PORTION = 250;
/** Documents that are remembered to have been written out; more are written out again. */
const MAX_REMEMBERED = 10_000;
/** How often a matrix is begun of a library that changes at that very moment. */
const MAX_BEGINNINGS = 10;

export type ExportReader = Pick<
  LibraryReader,
  'library' | 'chunksAfter' | 'emptyDocuments' | 'ordinals' | 'vectorsAfter'
>;

/** A chunk with its vector and document, or a document that has no chunk. */
export interface ExportRow {
  readonly document: Document;
  readonly chunk?: Chunk;
  readonly vector?: Float32Array;
}

/**
 * All chunks of a library in the order in which their vectors came, and then the documents that have none. Each portion is as
 * of one moment. What does not change meanwhile comes exactly once; a chunk that gets a new vector meanwhile comes with it
 * towards the end, perhaps after it has come with the old one. It ends, whatever is written meanwhile.
 * @throws AlcoveError DamagedError
 */
export async function* exportRows(
  reader: ExportReader,
  library: Library,
): AsyncGenerator<readonly ExportRow[]> {
  let left = 2 * library.chunkCount + PORTION;
  for (let after = -1; left > 0; left -= PORTION) {
    const { rows, documents } = reader.chunksAfter(library.id, after, PORTION);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.chunk.ordinal;
    yield rows.flatMap(({ chunk, vector }) => {
      const document = documents.get(chunk.documentId);
      return document === undefined ? [] : [{ document, chunk, vector }];
    });
    await nextTurn();
  }
  for (let after: string | undefined; ; ) {
    const documents = reader.emptyDocuments(library.id, after, PORTION);
    if (documents.length === 0) return;
    after = documents.at(-1)?.id;
    yield documents.map((document) => ({ document }));
    await nextTurn();
  }
}

/** Rows as {@link readRow} takes them, one to a line; a document's fields stand in its first row. */
export async function* exportNdjson(
  reader: ExportReader,
  library: Library,
  vectors: VectorEncodingName | 'NONE',
): AsyncGenerator<Uint8Array> {
  const written = new Set<string>();
  for await (const rows of exportRows(reader, library)) {
    const lines = rows.map(({ document, chunk, vector }) => {
      const isKnown = written.has(document.id);
      if (!isKnown) {
        if (written.size >= MAX_REMEMBERED) written.clear();
        written.add(document.id);
      }
      return JSON.stringify({
        ...(chunk === undefined ? {} : { id: chunk.id }),
        document: isKnown ? document.id : documentFields(document),
        ...(chunk === undefined ? {} : chunkFields(chunk)),
        ...(vector === undefined || vectors === 'NONE' ? {} : { embedding: encodeVector(vector, vectors) }),
      });
    });
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

/**
 * The matrix (n × dimension) of a library's vectors as float32, in the order of {@link exportRows}.
 * @throws AlcoveError StoreUnavailableError when a vector was replaced or deleted before it was read: the header has said how
 *   many there are. What changes before the header is told to nobody.
 */
export async function* exportNpy(reader: ExportReader, library: Library): AsyncGenerator<Uint8Array> {
  let ordinals = reader.ordinals(library.id);
  let vectors = vectorsOf(reader, library, ordinals, 0);
  for (let again = 1; vectors === undefined && again < MAX_BEGINNINGS; again += 1) {
    ordinals = reader.ordinals(library.id);
    vectors = vectorsOf(reader, library, ordinals, 0);
  }
  for (let start = 0; ; start += PORTION) {
    if (start > 0) vectors = vectorsOf(reader, library, ordinals, start);
    if (vectors === undefined) {
      throw new AlcoveError(
        'StoreUnavailableError',
        'Vectors of the library were replaced while they were being written out. Try again.',
      );
    }
    const bytes = vectorBytes(vectors);
    const header = start > 0 ? [] : [npyHeader(ordinals.length, library.embedding.dimension ?? 0)];
    yield Buffer.concat([...header, bytes]);
    if (start + PORTION >= ordinals.length) return;
    await nextTurn();
  }
}

/** A portion of vectors (n × dimension) from a place on; undefined if others are there by now. */
function vectorsOf(
  reader: ExportReader,
  { id }: Library,
  ordinals: Uint32Array,
  start: number,
): Float32Array | undefined {
  const expected = ordinals.slice(start, start + PORTION);
  if (expected.length === 0) return new Float32Array();
  const portion = reader.vectorsAfter(id, (expected[0] as number) - 1, expected.length);
  const isSame =
    portion.ordinals.length === expected.length &&
    portion.ordinals.every((at, index) => at === expected[index]);
  return isSame ? portion.vectors : undefined;
}

/** What a document is, without what is at its default. */
export function documentFields({ id, title, author, sourceUrl, contentType, metadata }: Document): object {
  return {
    id,
    title,
    ...(author === null ? {} : { author }),
    ...(sourceUrl === null ? {} : { sourceUrl }),
    contentType,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  };
}

function chunkFields({ text, position, page, headings, metadata, truncated }: Chunk): object {
  return {
    text,
    position,
    ...(page === null ? {} : { page }),
    ...(headings.length === 0 ? {} : { headings }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(truncated ? { truncated } : {}),
  };
}
