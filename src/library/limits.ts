/**
 * The limits of the domain. Lengths are counted in UTF-16 code units, as `length` in JavaScript; bytes in UTF-8.
 */
export const MAX_NAME_LENGTH = 256;
export const MAX_DESCRIPTION_LENGTH = 4_096;
export const MAX_MODEL_LENGTH = 256;
/** What a model wants before a document or a query. */
export const MAX_PREFIX_LENGTH = 1_024;
export const MAX_TITLE_LENGTH = 1_024;
export const MAX_AUTHOR_LENGTH = 1_024;
export const MAX_SOURCE_URL_LENGTH = 4_096;
export const MAX_CONTENT_TYPE_LENGTH = 256;
/** The text of one chunk. */
export const MAX_TEXT_BYTES = 1_048_576;

/** The metadata of one document or chunk, as JSON. */
export const MAX_METADATA_BYTES = 65_536;
export const MAX_METADATA_FIELDS = 64;
export const METADATA_FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
export const MAX_METADATA_STRING_LENGTH = 8_192;
export const MAX_METADATA_LIST_LENGTH = 1_024;

export const MAX_DIMENSION = 16_384;
/** Keeps every squared distance between two vectors, 4 × norm², finite in float32. */
export const MAX_VECTOR_NORM = 2 ** 62;
/** Below this the squared norm is no longer a normal float32, and a direction cannot be told. */
export const MIN_COSINE_NORM = 2 ** -62;

/** Chunks of texts that the server splits: their sizes, in characters or tokens. */
export const MIN_CHUNK_SIZE = 16;
export const MAX_CHUNK_SIZE = 100_000;
/** Pages are GraphQL Ints. */
export const MAX_PAGE = 2 ** 31 - 1;
/** The headings that a chunk stands under. */
export const MAX_HEADINGS = 64;
export const MAX_HEADING_LENGTH = 1_024;

/** HNSW: links per node. */
export const MIN_M = 4;
export const MAX_M = 64;
/** HNSW: breadth of the beam while building. */
export const MIN_EF_CONSTRUCTION = 16;
export const MAX_EF_CONSTRUCTION = 1_000;

/** Chunks that one command may write, or delete by id. */
export const MAX_CHUNKS_PER_MUTATION = 10_000;
/** Positions are GraphQL Ints. */
export const MAX_POSITION = 2 ** 31 - 1;
/** Ordinals are 32 bits wide and never reused, so a library takes this many new vectors in its life. */
export const MAX_ORDINAL = 2 ** 32 - 1;

/** Chunk ids that an event lists; beyond that it only counts. */
export const MAX_EVENT_IDS = 100;

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 1_000;
