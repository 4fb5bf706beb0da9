/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What happens to a batch when one of its items fails. */
export type BatchAtomicity =
  /** Nothing is written. */
  | 'ALL_OR_NOTHING'
  /** The others are written. */
  | 'EACH';

/** What can become of an item of a batch. */
export type BatchItemStatus =
  /** It is new. */
  | 'CREATED'
  /** It was there, and is gone. */
  | 'DELETED'
  /** Nothing was done; `error` says why. */
  | 'FAILED'
  /** Nothing was done, since another item failed and the batch is ALL_OR_NOTHING. */
  | 'NOT_WRITTEN'
  /** It was there, just as given. */
  | 'UNCHANGED'
  /** It was there, and is now as given. */
  | 'UPDATED';

/** What `cancelJob` takes. Example: `{ id: "job_01JZXW3N5T" }` */
export type CancelJobInput = {
  /** Which one. Example: `"job_01JZXW3N5T"` */
  readonly id: string;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
};

/**
 * Conditions on chunks; all that are given must hold. Example, chunks created in 2026 in documents whose title says "guide":
 * `{ createdAt: { gte: "2026-01-01T00:00:00Z" }, document: { title: { contains: "guide" } } }`
 */
export type ChunkFilter = {
  /** All of these hold. Example: `[{ position: { lt: 3 } }]` */
  readonly and?: ReadonlyArray<ChunkFilter> | null | undefined;
  /** On when it was created. Example: `{ gt: "2026-01-01T00:00:00Z" }` */
  readonly createdAt?: DateTimeFilter | null | undefined;
  /** On the document that it belongs to. Example: `{ title: { contains: "guide" } }` */
  readonly document?: DocumentFilter | null | undefined;
  /** On the headings that it stands under. Example: `{ containsAny: ["Safety"] }` */
  readonly headings?: ListFilter | null | undefined;
  /** On its id. Example: `{ in: ["chk_a", "chk_b"] }` */
  readonly id?: IdFilter | null | undefined;
  /** On its own metadata; all of them hold. Example: `[{ field: "year", is: { number: { eq: 2026 } } }]` */
  readonly metadata?: ReadonlyArray<MetadataFilter> | null | undefined;
  /** This does not hold. Example: `{ text: { contains: "draft" } }` */
  readonly not?: ChunkFilter | null | undefined;
  /** At least one of these holds. Example: `[{ position: { eq: 0 } }, { text: { contains: "summary" } }]` */
  readonly or?: ReadonlyArray<ChunkFilter> | null | undefined;
  /** On the page that it begins on, from 1; false where there are no pages. Example: `{ gte: 10, lt: 20 }` */
  readonly page?: NumberFilter | null | undefined;
  /** On its place in its document, from 0. Example: `{ lt: 3 }` */
  readonly position?: NumberFilter | null | undefined;
  /** On its text. Example: `{ contains: "recall" }` */
  readonly text?: StringFilter | null | undefined;
  /** On when it last changed. Example: `{ gt: "2026-01-01T00:00:00Z" }` */
  readonly updatedAt?: DateTimeFilter | null | undefined;
};

/** How to split texts into chunks; what is left out stays as it is, or follows what changes. Example: `{ by: TOKENS, size: 256, overlap: 32 }` */
export type ChunkingSettingsInput = {
  /** Where to cut; HEADINGS at first. Example: `SENTENCES` */
  readonly by?: ChunkingWay | null | undefined;
  /** The greatest size, from `size`; one and a half of it at first, `size` itself by TOKENS. Example: `600` */
  readonly maxSize?: number | null | undefined;
  /** How much of the end of the one before a chunk begins with, up to half of `size`; 0 at first. Example: `80` */
  readonly overlap?: number | null | undefined;
  /** Up to where a chunk is filled, 16 to 100,000; 800 characters or 200 tokens at first. Example: `400` */
  readonly size?: number | null | undefined;
  /** What sizes are counted in; CHARACTERS at first, TOKENS by TOKENS. Example: `TOKENS` */
  readonly unit?: ChunkingUnit | null | undefined;
};

/** What sizes of chunks are counted in. */
export type ChunkingUnit =
  /** UTF-16 code units. */
  | 'CHARACTERS'
  /** Tokens of the o200k_base vocabulary. Models count their own: leave some room below what yours reads. */
  | 'TOKENS';

/** Where a text is cut. */
export type ChunkingWay =
  /** At headings, then at paragraphs, and at sentences where a paragraph is too long. No chunk stands under two headings. */
  | 'HEADINGS'
  /** Between sentences, whatever heading or paragraph they stand in. */
  | 'SENTENCES'
  /** Between words, in windows of equal size: `unit` is TOKENS. */
  | 'TOKENS';

/** A chunk to create. Example: `{ documentId: "doc_handbook", text: "Press the red button." }` */
export type CreateChunkInput = {
  /** The document that it is a passage of. Example: `"doc_handbook"` */
  readonly documentId: string;
  /** Its vector. Needed where the library's provider is EXTERNAL; made of the text otherwise, if left out. Example: `[0.12, -0.5, 0.83]` */
  readonly embedding?: readonly number[] | Float32Array | string | null | undefined;
  /** The headings that it stands under, outermost first. Example: `["The handbook", "Safety"]` */
  readonly headings?: ReadonlyArray<string> | null | undefined;
  /** An id of your own, beginning with `chk_`; one is made if left out. Example: `"chk_sku-4711"` */
  readonly id?: string | null | undefined;
  /** Its values of declared fields. Example: `{ year: 2026 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** The page of its document that it begins on, from 1. Example: `7` */
  readonly page?: number | null | undefined;
  /** Its place in its document, from 0; after the last one if left out. Example: `7` */
  readonly position?: number | null | undefined;
  /** What it says, up to 1 MiB. Example: `"Press the red button."` */
  readonly text: string;
};

/** What `createChunks` takes. Example: `{ library: { name: "manuals" }, chunks: [{ documentId: "doc_handbook", text: "Press the red button." }] }` */
export type CreateChunksInput = {
  /** What happens when an item fails. Example: `EACH` */
  readonly atomicity?: BatchAtomicity | null | undefined;
  /** 1 to 10,000 chunks. Example: `[{ documentId: "doc_handbook", text: "Press the red button." }]` */
  readonly chunks: ReadonlyArray<CreateChunkInput>;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Where to. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
};

/** What `createDocument` takes. Example: `{ library: { name: "manuals" }, title: "The handbook", content: { text: "Press the red button." } }` */
export type CreateDocumentInput = {
  /** Who wrote it. Example: `"Ada Lovelace"` */
  readonly author?: string | null | undefined;
  /** What it says; nothing if left out, for chunks to come later. Example: `{ text: "Press the red button." }` */
  readonly content?: DocumentContentInput | null | undefined;
  /** Its media type; `text/plain` if left out. A text can be `text/plain`, `text/markdown`, `text/html`, `text/csv`, `text/tab-separated-values` or `application/x-ndjson`. Example: `"text/markdown"` */
  readonly contentType?: string | null | undefined;
  /** An id of your own, beginning with `doc_`; one is made if left out. Example: `"doc_handbook"` */
  readonly id?: string | null | undefined;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Where to. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Its values of declared fields. Example: `{ year: 2026 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Where it is from; it is not fetched. Example: `"https://example.com/handbook.md"` */
  readonly sourceUrl?: string | null | undefined;
  /** Its title. May be left out with `content: { text }`, which is then searched for one. Example: `"The handbook"` */
  readonly title?: string | null | undefined;
  /** What becomes of it when the embedder does not answer for now. Example: `WAIT` */
  readonly whenEmbedderFails?: WhenEmbedderFails | null | undefined;
};

/** What `createLibrary` takes. Example: `{ name: "manuals", metadataFields: [{ name: "year", type: NUMBER }] }` */
export type CreateLibraryInput = {
  /** How to split texts into chunks; at headings and paragraphs, of about 800 characters, if left out. Example: `{ by: SENTENCES, size: 400 }` */
  readonly chunking?: ChunkingSettingsInput | null | undefined;
  /** What will be in it. Example: `"Handbooks of all machines"` */
  readonly description?: string | null | undefined;
  /** What its vectors will have in common; embedded by the server if left out. Example: `{ provider: EXTERNAL, dimension: 1536 }` */
  readonly embedding?: EmbeddingContractInput | null | undefined;
  /** An id of your own, beginning with `lib_`; one is made if left out. Example: `"lib_manuals"` */
  readonly id?: string | null | undefined;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** How to build its index; AUTO if left out. Example: `{ type: HNSW, m: 32 }` */
  readonly indexSettings?: IndexSettingsInput | null | undefined;
  /** How its texts are to be found by their words. Example: `{ language: NONE }` */
  readonly keywords?: KeywordSettingsInput | null | undefined;
  /** The metadata fields that it declares. Example: `[{ name: "year", type: NUMBER }]` */
  readonly metadataFields?: ReadonlyArray<MetadataFieldInput> | null | undefined;
  /** Unique, 1 to 256 characters. Example: `"manuals"` */
  readonly name: string;
};

/** Conditions on a moment; all that are given must hold. Example: `{ gte: "2026-01-01T00:00:00Z", lt: "2026-02-01T00:00:00Z" }` */
export type DateTimeFilter = {
  /** It is this moment. Example: `"2026-01-31T08:30:00Z"` */
  readonly eq?: string | null | undefined;
  /** It is later. Example: `"2026-01-31T08:30:00Z"` */
  readonly gt?: string | null | undefined;
  /** It is then or later. Example: `"2026-01-31T08:30:00Z"` */
  readonly gte?: string | null | undefined;
  /** It is earlier. Example: `"2026-01-31T08:30:00Z"` */
  readonly lt?: string | null | undefined;
  /** It is then or earlier. Example: `"2026-01-31T08:30:00Z"` */
  readonly lte?: string | null | undefined;
};

/** Which chunks to delete. Example: `{ ids: ["chk_sku-4711"] }` */
export type DeleteChunksBy =
  {   /** Those that match; at least one condition is needed. Example: `{ document: { author: { eq: "Ada" } } }` */
  readonly filter: ChunkFilter; readonly ids?: never; }
  |  { readonly filter?: never;   /** Those with these ids, 1 to 10,000; an id that nothing has is its item's error. Example: `["chk_sku-4711"]` */
  readonly ids: ReadonlyArray<string>; };

/** What `deleteChunks` takes. Example: `{ library: { name: "manuals" }, by: { ids: ["chk_sku-4711"] } }` */
export type DeleteChunksInput = {
  /** Which ones. Example: `{ ids: ["chk_sku-4711"] }` */
  readonly by: DeleteChunksBy;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Where from. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
};

/** What `deleteDocument` takes. Example: `{ id: "doc_handbook" }` */
export type DeleteDocumentInput = {
  /** Which one. Example: `"doc_handbook"` */
  readonly id: string;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
};

/** What `deleteLibrary` takes. Example: `{ library: { name: "manuals" } }` */
export type DeleteLibraryInput = {
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Which one. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
};

/** Puts the hits in an order in which each differs from those before it (maximal marginal relevance). Example: `{ lambda: 0.7 }` */
export type DiversityInput = {
  /** 1: by score alone; 0: by difference alone. Example: `0.7` */
  readonly lambda: number;
};

/** A chunk of the document that it is written with. Example: `{ text: "Press the red button." }` */
export type DocumentChunkInput = {
  /** Its vector. Needed where the library's provider is EXTERNAL; made of the text otherwise, if left out. Example: `[0.12, -0.5, 0.83]` */
  readonly embedding?: readonly number[] | Float32Array | string | null | undefined;
  /** The headings that it stands under, outermost first. Example: `["The handbook", "Safety"]` */
  readonly headings?: ReadonlyArray<string> | null | undefined;
  /** An id of your own, beginning with `chk_`; one is made if left out. Example: `"chk_sku-4711"` */
  readonly id?: string | null | undefined;
  /** Its values of declared fields. Example: `{ page: 7 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** The page of its document that it begins on, from 1. Example: `7` */
  readonly page?: number | null | undefined;
  /** What it says, up to 1 MiB. Example: `"Press the red button."` */
  readonly text: string;
};

/** What a document says, as one text or in chunks. Example: `{ text: "# The handbook\n\nPress the red button." }` */
export type DocumentContentInput =
  {   /** Its chunks, up to 10,000, in order. Example: `[{ text: "Press the red button." }]` */
  readonly chunks: ReadonlyArray<DocumentChunkInput>; readonly text?: never; }
  |  { readonly chunks?: never;   /** All of it, up to 5,000,000 characters: split as the `chunking` of the library says, and embedded, by the server. Example: `"# The handbook\n\nPress the red button."` */
  readonly text: string; };

/** Conditions on documents; all that are given must hold. Example: `{ title: { contains: "guide" } }` */
export type DocumentFilter = {
  /** All of these hold. Example: `[{ author: { eq: "Ada" } }]` */
  readonly and?: ReadonlyArray<DocumentFilter> | null | undefined;
  /** On its author. Example: `{ eq: "Ada Lovelace" }` */
  readonly author?: StringFilter | null | undefined;
  /** On its media type. Example: `{ eq: "text/markdown" }` */
  readonly contentType?: StringFilter | null | undefined;
  /** On when it was created. Example: `{ gt: "2026-01-01T00:00:00Z" }` */
  readonly createdAt?: DateTimeFilter | null | undefined;
  /** On its id. Example: `{ eq: "doc_handbook" }` */
  readonly id?: IdFilter | null | undefined;
  /** On its metadata; all of them hold. Example: `[{ field: "year", is: { number: { eq: 2026 } } }]` */
  readonly metadata?: ReadonlyArray<MetadataFilter> | null | undefined;
  /** This does not hold. Example: `{ author: { eq: "Ada" } }` */
  readonly not?: DocumentFilter | null | undefined;
  /** At least one of these holds. Example: `[{ author: { eq: "Ada" } }, { author: { eq: "Grace" } }]` */
  readonly or?: ReadonlyArray<DocumentFilter> | null | undefined;
  /** On where it is from. Example: `{ startsWith: "https://example.com/" }` */
  readonly sourceUrl?: StringFilter | null | undefined;
  /** On its title. Example: `{ contains: "guide" }` */
  readonly title?: StringFilter | null | undefined;
  /** On when it last changed. Example: `{ gt: "2026-01-01T00:00:00Z" }` */
  readonly updatedAt?: DateTimeFilter | null | undefined;
};

/** An order of documents. Example: `{ field: UPDATED_AT, direction: DESC }` */
export type DocumentOrder = {
  /** From which end. Example: `ASC` */
  readonly direction: OrderDirection;
  /** By what. Example: `TITLE` */
  readonly field: DocumentOrderField;
};

/** What documents can be ordered by. */
export type DocumentOrderField =
  /** When they were created. */
  | 'CREATED_AT'
  /** Their title, by code point. */
  | 'TITLE'
  /** When they were last changed. */
  | 'UPDATED_AT';

/** Whether a document can be found. */
export type DocumentState =
  /** It has so many chunks that it is written in parts, and some are not there yet. Where its import has ended, import the file again: it goes on where it was. */
  | 'INCOMPLETE'
  /** What it is to say is kept, and takes its place when the embedder answers again. What it said before, if anything, is found until then. */
  | 'PENDING_EMBEDDING'
  /** All that it says can be found. */
  | 'READY';

/**
 * What every vector of the library will have in common.
 * Example, for vectors made elsewhere: `{ provider: EXTERNAL, model: "text-embedding-3-small", dimension: 1536, metric: COSINE }`
 */
export type EmbeddingContractInput = {
  /** How many numbers a vector has. For BUILTIN 64 to 4,096, 384 if left out; for COHERE, OPENAI and OLLAMA one that the model can make, its own if left out; for EXTERNAL 1 to 16,384, and if left out the first vector says it. Example: `1536` */
  readonly dimension?: number | null | undefined;
  /** What the server puts before every text to be found; as its card wants it for a model that is known, and nothing otherwise, if left out. Example: `"passage: "` */
  readonly documentPrefix?: string | null | undefined;
  /** How near is measured; COSINE if left out. Example: `DOT` */
  readonly metric?: Metric | null | undefined;
  /** The model. For BUILTIN one that the server has (its own if left out); for COHERE, OPENAI and OLLAMA one that they have; for EXTERNAL any note. Example: `"text-embedding-3-small"` */
  readonly model?: string | null | undefined;
  /** Whether every vector will have norm 1. For EXTERNAL the callers see to it, false if left out; for COHERE, OPENAI and OLLAMA the server scales them, true if left out; those of BUILTIN always have it. Example: `true` */
  readonly normalized?: boolean | null | undefined;
  /** Who makes the vectors; BUILTIN if left out. Example: `EXTERNAL` */
  readonly provider?: EmbeddingProvider | null | undefined;
  /** What the server puts before every text to find with; as its card wants it for a model that is known, and nothing otherwise, if left out. Example: `"query: "` */
  readonly queryPrefix?: string | null | undefined;
};

/** Who turns text into vectors. */
export type EmbeddingProvider =
  /** This server, with the model that it carries. Works with no network and no key. */
  | 'BUILTIN'
  /** Cohere, with `embed-english-v3.0` or later. Documents and queries are told apart by its input types. */
  | 'COHERE'
  /** The caller, who gives a vector with every chunk and with every search. */
  | 'EXTERNAL'
  /** A sentence-transformer in ONNX on the server, as `alcove model pull` fetches it: `all-MiniLM-L6-v2`. */
  | 'LOCAL'
  /** The operator's Ollama. */
  | 'OLLAMA'
  /** OpenAI, or a server that speaks as it does (vLLM, Text Embeddings Inference, LM Studio …): wherever the operator's base URL leads. */
  | 'OPENAI'
  /** A model that was learned from texts of the operator's own by `alcove model build`. Its name becomes `name@fingerprint`, so that it is never mistaken for a later one. */
  | 'TRAINED';

/** What a program decides on. Several error types share a code, and new types will use these codes. */
export type ErrorCode =
  /** The request is wrong; change it as the message says. */
  | 'BAD_USER_INPUT'
  /** Somebody cancelled the work. */
  | 'CANCELLED'
  /** The request does not fit the state that things are in. */
  | 'CONFLICT'
  /** Stored data is damaged. */
  | 'DATA_LOSS'
  /** The request is understood and refused. */
  | 'FORBIDDEN'
  /** The server is at fault; its log says more. */
  | 'INTERNAL_SERVER_ERROR'
  /** There is no such thing, or it may not be seen. */
  | 'NOT_FOUND'
  /** There is no room, or too much is going on. */
  | 'RESOURCE_EXHAUSTED'
  /** The time allowed passed before the work was done; the work has stopped. */
  | 'TIMEOUT'
  /** No key, or none that is known and still good. */
  | 'UNAUTHENTICATED'
  /** Something that is needed does not answer; try again later. */
  | 'UNAVAILABLE';

/** A file, by its name and what is in it. Example: `{ name: "manuals/handbook.pdf", sha256: $sha256 }` */
export type FileDigestInput = {
  /** The content type that its upload says, if it says one. Example: `"application/pdf"` */
  readonly contentType?: string | null | undefined;
  /** What it is called where it is uploaded. Example: `"manuals/handbook.pdf"` */
  readonly name: string;
  /** The SHA-256 of its bytes, in hexadecimal. Example: `"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"` */
  readonly sha256: string;
};

/** How the two rankings of HYBRID become one. Example: `{ weighted: { semantic: 0.7 } }` */
export type FusionInput =
  {   /** By ranks. Example: `{ k: 60 }` */
  readonly rrf: RrfInput; readonly weighted?: never; }
  |  { readonly rrf?: never;   /** By scores. Example: `{ semantic: 0.5 }` */
  readonly weighted: WeightedFusionInput; };

/** A condition on an id. Example: `{ in: ["doc_handbook", "doc_faq"] }` */
export type IdFilter =
  {   /** It is this id. Example: `"doc_handbook"` */
  readonly eq: string; readonly in?: never; }
  |  { readonly eq?: never;   /** It is one of these ids. Example: `["doc_handbook", "doc_faq"]` */
  readonly in: ReadonlyArray<string>; };

/** What becomes of an answer whose reranker fails. */
export type IfRerankerUnavailable =
  /** A RerankerError. */
  | 'FAIL'
  /** The hits as they were before, with a note in the plan. */
  | 'KEEP_ORDER';

/** What has become of a file of an import. */
export type ImportFileState =
  /** There is no document of it; `error` says why. */
  | 'FAILED'
  /** Its document is kept, and will be found when the embedder answers again. */
  | 'PENDING_EMBEDDING'
  /** Its document is there, made of the same bytes in the same way: nothing was embedded. */
  | 'UNCHANGED'
  /** It has not been taken in yet, or not to its end; nor will it be, if the job has ended. */
  | 'WAITING'
  /** Its document is new, or was replaced, and can be found. */
  | 'WRITTEN';

/** What `importFiles` takes. Example: `{ library: { name: "manuals" }, files: $files, metadata: { year: 2026 } }` */
export type ImportFilesInput = {
  /** The files, up to 1,000, each under a name of its own: a name is a document, and comes in place of what it was before. Example: `$files` */
  readonly files: ReadonlyArray<File>;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Where to. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Values of declared fields, for every document. Example: `{ year: 2026 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Put before a file's name it is the document's `sourceUrl`. Example: `"https://example.com/manuals/"` */
  readonly sourceBase?: string | null | undefined;
  /** What becomes of a file whose embedder does not answer for now. Example: `WAIT` */
  readonly whenEmbedderFails?: WhenEmbedderFails | null | undefined;
};

/** What `importUrls` takes. Example: `{ library: { name: "manuals" }, urls: ["https://example.com/handbook.pdf"] }` */
export type ImportUrlsInput = {
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Where to. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Values of declared fields, for every document. Example: `{ year: 2026 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Up to 10,000, http or https, each once. Example: `["https://example.com/handbook.pdf"]` */
  readonly urls: ReadonlyArray<string>;
  /** What becomes of a file whose embedder does not answer for now. Example: `WAIT` */
  readonly whenEmbedderFails?: WhenEmbedderFails | null | undefined;
};

/** How to build an index; what is left out stays as it is. Example: `{ type: HNSW, m: 32 }` */
export type IndexSettingsInput = {
  /** HNSW: the codes that it is walked by; SCALAR at first. Example: `BINARY` */
  readonly codes?: VectorCodes | null | undefined;
  /** HNSW: breadth of the search while building, 16 to 1,000; 128 at first. Example: `400` */
  readonly efConstruction?: number | null | undefined;
  /** HNSW: links per node, 4 to 64; 16 at first. Example: `32` */
  readonly m?: number | null | undefined;
  /** The type; AUTO at first. Example: `HNSW` */
  readonly type?: IndexTypeChoice | null | undefined;
  /** Where the vectors are kept; IN_MEMORY at first. Example: `ON_DISK` */
  readonly vectors?: VectorPlace | null | undefined;
};

/** A live index's state. It answers in every one of them. */
export type IndexState =
  /** In order, while a new one is built aside. */
  | 'BUILDING'
  /** Its file was damaged. Answers come from exact scans until it is rebuilt. */
  | 'DAMAGED'
  /** In order. */
  | 'READY'
  /** In order, but a new one would be better: it has outgrown its type, holds many tombstones, or has many vectors beside its tables, and the server builds anew by itself; or the settings have changed, and `reindex` applies them. */
  | 'REBUILD_DUE';

/** The index types that there are. */
export type IndexType =
  /** Compares with every vector: exact, and fast enough for some ten thousand. */
  | 'FLAT'
  /** Walks a graph of neighbours: nearly exact, and fast at any size. */
  | 'HNSW'
  /** Halves space again and again: exact, and fast in few dimensions. */
  | 'KD_TREE'
  /** Looks into the buckets that hash functions point to: nearly exact, quick to build. */
  | 'LSH';

/** An index type, or the choice left to the server. */
export type IndexTypeChoice =
  /** FLAT while the library is small; from then on KD_TREE in few dimensions, HNSW in many. `reason` says which and why. */
  | 'AUTO'
  /** Always FLAT. */
  | 'FLAT'
  /** Always HNSW. */
  | 'HNSW'
  /** Always KD_TREE. */
  | 'KD_TREE'
  /** Always LSH. */
  | 'LSH';

/** What a job event tells. */
export type JobEventKind =
  /** It has ended: the last event. */
  | 'FINISHED'
  /** It got further. */
  | 'PROGRESS'
  /** The server came back after an interruption, and the job begins again. */
  | 'RESTARTED'
  /** The job as it is: the first event, unless `after` was given. */
  | 'SNAPSHOT'
  /** It is in another state. */
  | 'STATE_CHANGED';

/** The phases of a job, in order: an import is INGESTING, an index build goes from SCANNING to SWAPPING and may pass over some; one that embeds a library anew is EMBEDDING before that. */
export type JobPhase =
  /** It makes links, trees or tables over all of them, in several threads. */
  | 'BUILDING'
  /** It adds what was written meanwhile. */
  | 'CATCHING_UP'
  /** It has finished. */
  | 'DONE'
  /** A library is embedded anew: it makes the new vectors of the chunks. */
  | 'EMBEDDING'
  /** An import: it makes documents of the files. */
  | 'INGESTING'
  /** It waits for its turn. */
  | 'QUEUED'
  /** It reads the vectors from the store into the new index. */
  | 'SCANNING'
  /** It puts the new index in the place of the old one. */
  | 'SWAPPING'
  /** It learns what the index needs to know of them; passed at once by all types that there are. */
  | 'TRAINING'
  /** It compares the answers of the new index with exact search, unless it is exact itself. */
  | 'VERIFYING';

/** A job's state. */
export type JobState =
  /** Somebody cancelled it. What an import had written by then is in; nothing else was changed. */
  | 'CANCELLED'
  /** It gave up; `error` says why. What an import had written by then is in; nothing else was changed. */
  | 'FAILED'
  /** It waits for its turn. */
  | 'QUEUED'
  /** It is at work. */
  | 'RUNNING'
  /** It is done. Files of an import can have failed even so; its `counts` say how many. */
  | 'SUCCEEDED';

/** Why a job was started. */
export type JobTrigger =
  /** The library has outgrown its index type, or shrunk far below it. */
  | 'AUTO_SIZE'
  /** The index's file was damaged. */
  | 'DAMAGE'
  /** Somebody asked for it. */
  | 'REQUEST'
  /** Many vectors have come since the tables of its index were built, and are compared one by one. */
  | 'TAIL'
  /** Too many deleted vectors take room. */
  | 'TOMBSTONES';

/** How the texts of a library are to be found by their words; what is left out stays as it is. Example: `{ language: NONE, substrings: true }` */
export type KeywordSettingsInput = {
  /** What words are reduced to; ENGLISH if never said. Example: `NONE` */
  readonly language?: WordLanguage | null | undefined;
  /** Whether to index parts of words too; false if never said. It makes writes slower: docs/searching.md has figures. Example: `true` */
  readonly substrings?: boolean | null | undefined;
};

/** How sure to be that the nearest are found. Example: `{ recall: 0.99 }` */
export type KnnAccuracy =
  {   /** HNSW: this breadth of the walk; KD_TREE: so many leaves; LSH: so many slots by 64. Example: `128` */
  readonly effort: number; readonly exact?: never; readonly recall?: never; }
  |  { readonly effort?: never;   /** Compare with every vector that the filter lets through. Example: `true` */
  readonly exact: boolean; readonly recall?: never; }
  |  { readonly effort?: never; readonly exact?: never;   /** This part of the true nearest, by what was measured on this index; above 0, up to 1. Example: `0.99` */
  readonly recall: number; };

/** How near a hit has to be. Example: `{ minSimilarity: 0.8 }` */
export type KnnBound =
  {   /** No farther than this. Example: `0.4` */
  readonly maxDistance: number; readonly minSimilarity?: never; }
  |  { readonly maxDistance?: never;   /** At least this similar, 0 to 1. Example: `0.8` */
  readonly minSimilarity: number; };

/** What hits can be grouped by. */
export type KnnGroup =
  /** The document that they belong to. */
  | 'DOCUMENT';

/** Spreads the hits over groups. Example: `{ by: DOCUMENT, hitsPerGroup: 1 }` */
export type KnnGroupBy = {
  /** By what. Example: `DOCUMENT` */
  readonly by: KnnGroup;
  /** At most so many hits of one group; `k` still counts hits. Example: `2` */
  readonly hitsPerGroup?: number;
};

/** What to find the nearest to. Example: `{ text: "How do I stop the machine?" }` */
export type KnnQuery =
  {   /** A chunk of the library, which is itself left out. Example: `"chk_sku-4711"` */
  readonly chunk: string; readonly document?: never; readonly text?: never; readonly vector?: never; }
  |  { readonly chunk?: never;   /** A document of the library: the nearest to all of its chunks, which are themselves left out. Example: `"doc_handbook"` */
  readonly document: string; readonly text?: never; readonly vector?: never; }
  |  { readonly chunk?: never; readonly document?: never;   /** A text, embedded with the library's model; not where the provider is EXTERNAL. Example: `"How do I stop the machine?"` */
  readonly text: string; readonly vector?: never; }
  |  { readonly chunk?: never; readonly document?: never; readonly text?: never;   /** A vector of the library's dimension. Example: `[0.12, -0.5, 0.83]` */
  readonly vector: readonly number[] | Float32Array | string; };

/** What `knnSearchBatch` takes. Example: `{ searches: [{ library: { name: "manuals" }, query: { text: "stop" } }] }` */
export type KnnSearchBatchInput = {
  /** 1 to 100 searches. Example: `[{ library: { name: "manuals" }, query: { text: "stop" } }]` */
  readonly searches: ReadonlyArray<KnnSearchInput>;
};

/** What `knnSearch` takes. Example: `{ library: { name: "manuals" }, query: { text: "How do I stop the machine?" }, k: 5 }` */
export type KnnSearchInput = {
  /** How sure to be; a recall of 0.95 if left out. Example: `{ recall: 0.99 }` */
  readonly accuracy?: KnnAccuracy | null | undefined;
  /** The cursor of a hit of the same search: answer what comes after it. Example: `pageInfo.endCursor` */
  readonly after?: string | null | undefined;
  /** Among which chunks. Example: `{ createdAt: { gt: "2026-01-01T00:00:00Z" } }` */
  readonly filter?: ChunkFilter | null | undefined;
  /** Spread the hits over documents. Example: `{ by: DOCUMENT }` */
  readonly groupBy?: KnnGroupBy | null | undefined;
  /** How many hits, 1 to 10,000. Example: `5` */
  readonly k?: number | null | undefined;
  /** Where. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Wait until this revision can be seen, so that you find what you have written. Example: `"0000000000000042"` */
  readonly minRevision?: string | null | undefined;
  /** What to find the nearest to. Example: `{ text: "How do I stop the machine?" }` */
  readonly query: KnnQuery;
  /** Give up after so many milliseconds, 1 to 60,000; 10,000 if left out. Example: `500` */
  readonly timeoutMs?: number | null | undefined;
  /** How near a hit has to be. Example: `{ minSimilarity: 0.8 }` */
  readonly within?: KnnBound | null | undefined;
};

/** A library, by its id or by its name. Example: `{ name: "manuals" }` */
export type LibraryBy =
  {   /** Its id, which never changes. Example: `"lib_manuals"` */
  readonly id: string; readonly name?: never; }
  |  { readonly id?: never;   /** Its name, exactly. Example: `"manuals"` */
  readonly name: string; };

/** A condition on a list of strings, compared exactly. Example: `{ containsAny: ["search", "vectors"] }` */
export type ListFilter =
  {   /** Every one of these is in it. Example: `["search", "vectors"]` */
  readonly containsAll: ReadonlyArray<string>; readonly containsAny?: never; }
  |  { readonly containsAll?: never;   /** At least one of these is in it. Example: `["search", "vectors"]` */
  readonly containsAny: ReadonlyArray<string>; };

/** A metadata field to declare. Example: `{ name: "year", type: NUMBER }` */
export type MetadataFieldInput = {
  /** What it means. Example: `"Year of publication"` */
  readonly description?: string | null | undefined;
  /** Whether filters may name it. Example: `false` for a value that is only to be read back */
  readonly filterable?: boolean | null | undefined;
  /** The key in the metadata map: a letter, then letters, digits and `_`. Example: `"year"` */
  readonly name: string;
  /** What its values are. Example: `NUMBER` */
  readonly type: MetadataType;
};

/** A condition on one metadata field. Example: `{ field: "year", is: { number: { gte: 2020 } } }` */
export type MetadataFilter = {
  /** A field that the library declares as filterable. Example: `"year"` */
  readonly field: string;
  /** What must hold. Example: `{ number: { gte: 2020 } }` */
  readonly is: MetadataPredicate;
};

/** A condition on a metadata value, under the key of its field's type. Example: `{ number: { gte: 2020 } }` */
export type MetadataPredicate =
  {   /** On a BOOLEAN: it is this. Example: `true` */
  readonly boolean: boolean; readonly dateTime?: never; readonly exists?: never; readonly list?: never; readonly number?: never; readonly string?: never; }
  |  { readonly boolean?: never;   /** On a DATE_TIME. Example: `{ lt: "2026-01-31T08:30:00Z" }` */
  readonly dateTime: DateTimeFilter; readonly exists?: never; readonly list?: never; readonly number?: never; readonly string?: never; }
  |  { readonly boolean?: never; readonly dateTime?: never;   /** On any type: whether there is a value. Example: `false` */
  readonly exists: boolean; readonly list?: never; readonly number?: never; readonly string?: never; }
  |  { readonly boolean?: never; readonly dateTime?: never; readonly exists?: never;   /** On a STRING_LIST. Example: `{ containsAny: ["search"] }` */
  readonly list: ListFilter; readonly number?: never; readonly string?: never; }
  |  { readonly boolean?: never; readonly dateTime?: never; readonly exists?: never; readonly list?: never;   /** On a NUMBER. Example: `{ gte: 2020 }` */
  readonly number: NumberFilter; readonly string?: never; }
  |  { readonly boolean?: never; readonly dateTime?: never; readonly exists?: never; readonly list?: never; readonly number?: never;   /** On a STRING. Example: `{ eq: "en" }` */
  readonly string: StringFilter; };

/** A metadata field's type. */
export type MetadataType =
  /** True or false. Example: `true` */
  | 'BOOLEAN'
  /** A moment, as RFC 3339 text. Example: `"2026-01-31T08:30:00Z"` */
  | 'DATE_TIME'
  /** A number. Example: `2026` */
  | 'NUMBER'
  /** Text. Example: `"English"` */
  | 'STRING'
  /** A list of texts. Example: `["search", "vectors"]` */
  | 'STRING_LIST';

/** How near two vectors are, as a distance (smaller is nearer) and a similarity from 0 to 1 (more is nearer). */
export type Metric =
  /** By angle: distance 1 − cos(q, x), similarity (1 + cos) / 2. For text embeddings. */
  | 'COSINE'
  /** By inner product: distance −⟨q, x⟩, similarity 1 / (1 + e^−⟨q, x⟩). For models trained for it, where length matters. */
  | 'DOT'
  /** By straight line: distance ‖q − x‖, similarity 1 / (1 + distance). For coordinates and measurements. */
  | 'EUCLIDEAN';

/** Conditions on a number; all that are given must hold. Example: `{ gte: 2020, lt: 2026 }` */
export type NumberFilter = {
  /** It equals this. Example: `2026` */
  readonly eq?: number | null | undefined;
  /** It is greater. Example: `2020` */
  readonly gt?: number | null | undefined;
  /** It is greater or equal. Example: `2020` */
  readonly gte?: number | null | undefined;
  /** It is one of these. Example: `[2024, 2026]` */
  readonly in?: ReadonlyArray<number> | null | undefined;
  /** It is less. Example: `2026` */
  readonly lt?: number | null | undefined;
  /** It is less or equal. Example: `2026` */
  readonly lte?: number | null | undefined;
  /** It is there, and another number. Example: `0` */
  readonly ne?: number | null | undefined;
};

/** From which end an order goes. */
export type OrderDirection =
  /** Smallest, oldest, A first. */
  | 'ASC'
  /** Greatest, newest, Z first. */
  | 'DESC';

/** What `reembed` takes. Example: `{ library: { name: "manuals" }, embedding: { provider: LOCAL, model: "all-MiniLM-L6-v2" } }` */
export type ReembedInput = {
  /** The contract that is to take the place of the library's. Any provider but EXTERNAL, since the vectors are made of the texts; dimension and metric may be others. Example: `{ provider: LOCAL, model: "all-MiniLM-L6-v2" }` */
  readonly embedding: EmbeddingContractInput;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Which one. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Fail, and leave the library as it is, if the new index finds a smaller part of the nearest than this. Example: `0.95` */
  readonly minRecall?: number | null | undefined;
  /** The index to build; they become the library's with the swap. As the library has them if left out. Example: `{ m: 32 }` */
  readonly settings?: IndexSettingsInput | null | undefined;
};

/** What `reindex` takes. Example: `{ library: { name: "manuals" }, settings: { type: HNSW, m: 32 }, minRecall: 0.95 }` */
export type ReindexInput = {
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Which one. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Keep the old index if the new one finds less than this, 0 to 1. Example: `0.95` */
  readonly minRecall?: number | null | undefined;
  /** What to build; they become the library's when the index is swapped in. As the library has them if left out. Example: `{ m: 32 }` */
  readonly settings?: IndexSettingsInput | null | undefined;
};

/** That the first hits be judged anew. Example: `{ provider: LEXICAL, depth: 50 }` */
export type RerankInput = {
  /** How many of the first hits, 1 to 200; 50 if left out. Example: `100` */
  readonly depth?: number | null | undefined;
  /** What if it fails; FAIL if left out. Example: `KEEP_ORDER` */
  readonly ifUnavailable?: IfRerankerUnavailable | null | undefined;
  /** By which model; a default of the provider if left out. Example: `"rerank-v3.5"` */
  readonly model?: string | null | undefined;
  /** By whom. Example: `COHERE` */
  readonly provider: RerankProvider;
};

/** Who puts hits in a better order. */
export type RerankProvider =
  /** A reranking model of Cohere; the operator sets ALCOVE_COHERE_API_KEY. */
  | 'COHERE'
  /** A rule of this server's: how much of the question a text has, and how near together, misspelt or not. No network, no key. */
  | 'LEXICAL';

/** Reciprocal rank fusion: each way adds 1 / (k + rank). Example: `{ k: 60 }` */
export type RrfInput = {
  /** The less, the more the first few of each way count; 1 to 10,000. Example: `60` */
  readonly k?: number;
};

/** What `search` takes. Example: `{ library: { name: "manuals" }, query: { text: "stop the machine" }, k: 5 }` */
export type SearchInput = {
  /** How sure to be that the nearest by meaning are found. Example: `{ recall: 0.99 }` */
  readonly accuracy?: KnnAccuracy | null | undefined;
  /** The cursor of a hit of the same search: answer what comes after it. Example: `pageInfo.endCursor` */
  readonly after?: string | null | undefined;
  /** How many of the best of each way are looked at, 1 to 1,000; 100 if left out. Paging ends with them. Example: `200` */
  readonly depth?: number | null | undefined;
  /** How different from each other the hits shall be. Example: `{ lambda: 0.7 }` */
  readonly diversity?: DiversityInput | null | undefined;
  /** Among which chunks. Example: `{ createdAt: { gt: "2026-01-01T00:00:00Z" } }` */
  readonly filter?: ChunkFilter | null | undefined;
  /** How two rankings become one; `weighted` with halves if left out. Example: `{ rrf: { k: 20 } }` */
  readonly fusion?: FusionInput | null | undefined;
  /** Spread the hits over documents. Example: `{ by: DOCUMENT }` */
  readonly groupBy?: KnnGroupBy | null | undefined;
  /** How many hits, 1 to `depth`. Example: `5` */
  readonly k?: number | null | undefined;
  /** Where. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Wait until this revision can be seen, so that you find what you have written. Example: `"0000000000000042"` */
  readonly minRevision?: string | null | undefined;
  /** By meaning, by words, or both. Example: `KEYWORD` */
  readonly mode?: SearchMode;
  /** What to look for. Example: `{ text: "How do I stop the machine?" }` */
  readonly query: SearchQuestion;
  /** Have the first hits judged anew. Example: `{ provider: LEXICAL }` */
  readonly rerank?: RerankInput | null | undefined;
  /** Give up after so many milliseconds, 1 to 60,000; 10,000 if left out. Example: `500` */
  readonly timeoutMs?: number | null | undefined;
  /** The question's vector, where the library's vectors come from its callers (EXTERNAL); without it such a library is searched with the mode KEYWORD only. Example: `[0.12, -0.5, 0.83]` */
  readonly vector?: readonly number[] | Float32Array | string | null | undefined;
};

/** How chunks are found. */
export type SearchMode =
  /** Both ways, whose rankings are made one. */
  | 'HYBRID'
  /** By their words (BM25). Needs no vector. */
  | 'KEYWORD'
  /** By their meaning: the nearest vectors. */
  | 'SEMANTIC';

/** The phases of a search. */
export type SearchPhaseName =
  /** Text became a vector. */
  | 'EMBED'
  /** The chunks were read from the store. */
  | 'FETCH'
  /** The filter became the exact set of chunks that it lets through. */
  | 'FILTER'
  /** The index was asked. */
  | 'SEARCH';

/** What to look for. Example: `{ text: "How do I stop the machine?" }` */
export type SearchQuestion =
  {   /** A chunk of the library: more like this one, which is itself left out. Example: `"chk_sku-4711"` */
  readonly chunk: string; readonly document?: never; readonly text?: never; }
  |  { readonly chunk?: never;   /** A document of the library: more like this one, whose chunks are left out. Example: `"doc_handbook"` */
  readonly document: string; readonly text?: never; }
  |  { readonly chunk?: never; readonly document?: never;   /** As typed. `"red button"` in quotes has to occur so, `butt*` finds words that begin so, `*utto*` finds it within words; all else is words. Example: `"How do I stop the \"red machine\"?"` */
  readonly text: string; };

/** How the nearest were found. */
export type SearchStrategy =
  /** There was nothing to compare with. */
  | 'EMPTY'
  /** Every vector was compared. */
  | 'EXACT_SCAN'
  /** The graph was walked, and what the filter lets through was collected. */
  | 'FILTERED_GRAPH'
  /** Every vector that the filter lets through was compared. */
  | 'FILTERED_SCAN'
  /** The graph was walked. */
  | 'GRAPH'
  /** The graph was walked and came back short, so what the filter lets through was scanned. */
  | 'GRAPH_THEN_SCAN'
  /** The hash tables were probed, and what was found there was compared. */
  | 'HASH_TABLES'
  /** All that the filter lets through was compared by a few bits, and the best of it again in full. */
  | 'SKETCH_SCAN'
  /** The tree's leaves were looked at, nearest first. */
  | 'TREE'
  /** The graph was walked from match to match. */
  | 'TWO_HOP_GRAPH';

/**
 * A condition on a text. `eq`, `ne` and `in` compare exactly; `contains`, `startsWith` and `endsWith` do not care about case.
 * Nothing in a text has a special meaning: it is never a pattern. Example: `{ contains: "vector" }`
 */
export type StringFilter =
  {   /** This is somewhere in it, in any case. Example: `"vector"` */
  readonly contains: string; readonly endsWith?: never; readonly eq?: never; readonly in?: never; readonly ne?: never; readonly startsWith?: never; }
  |  { readonly contains?: never;   /** It ends with this, in any case. Example: `".pdf"` */
  readonly endsWith: string; readonly eq?: never; readonly in?: never; readonly ne?: never; readonly startsWith?: never; }
  |  { readonly contains?: never; readonly endsWith?: never;   /** It is exactly this. Example: `"en"` */
  readonly eq: string; readonly in?: never; readonly ne?: never; readonly startsWith?: never; }
  |  { readonly contains?: never; readonly endsWith?: never; readonly eq?: never;   /** It is exactly one of these. Example: `["en", "de"]` */
  readonly in: ReadonlyArray<string>; readonly ne?: never; readonly startsWith?: never; }
  |  { readonly contains?: never; readonly endsWith?: never; readonly eq?: never; readonly in?: never;   /** It is there, and something else. Example: `"en"` */
  readonly ne: string; readonly startsWith?: never; }
  |  { readonly contains?: never; readonly endsWith?: never; readonly eq?: never; readonly in?: never; readonly ne?: never;   /** It begins with this, in any case. Example: `"https://"` */
  readonly startsWith: string; };

/** The phases of a search by words and meaning. */
export type TextSearchPhaseName =
  /** The hits were put in an order in which each differs from those before it. */
  | 'DIVERSIFY'
  /** The chunks were read from the store. */
  | 'FETCH'
  /** The two rankings were made one. */
  | 'FUSE'
  /** The best by words were looked for. */
  | 'KEYWORD'
  /** The first hits were judged anew. */
  | 'RERANK'
  /** The nearest by meaning were looked for; the plan of that has phases of its own. */
  | 'SEMANTIC';

/** What is left out stays as it is. Example: `{ id: "chk_sku-4711", text: "Press the green button." }` */
export type UpdateChunkInput = {
  /** Its new vector. Example: `[0.12, -0.5, 0.83]` */
  readonly embedding?: readonly number[] | Float32Array | string | null | undefined;
  /** Its new headings, all of them. Example: `["Safety"]` */
  readonly headings?: ReadonlyArray<string> | null | undefined;
  /** Which one. Example: `"chk_sku-4711"` */
  readonly id: string;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** All of its metadata, in place of the old. Example: `{ page: 8 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Its new page; null for none. Example: `7` */
  readonly page?: number | null | undefined;
  /** Its new place in its document. Example: `3` */
  readonly position?: number | null | undefined;
  /** Its new text. Without `embedding`, the server embeds it anew; where the provider is EXTERNAL, the vector stays. Example: `"Press the green button."` */
  readonly text?: string | null | undefined;
};

/** What is left out stays as it is; null takes away. Example: `{ id: "doc_handbook", author: "Ada Lovelace" }` */
export type UpdateDocumentInput = {
  /** Who wrote it; null if unknown. Example: `"Ada Lovelace"` */
  readonly author?: string | null | undefined;
  /** Its media type. Example: `"text/markdown"` */
  readonly contentType?: string | null | undefined;
  /** Which one. Example: `"doc_handbook"` */
  readonly id: string;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** All of its metadata, in place of the old. Example: `{ year: 2026 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Where it is from; null if unknown. Example: `"https://example.com/handbook.md"` */
  readonly sourceUrl?: string | null | undefined;
  /** Its new title. Example: `"The handbook"` */
  readonly title?: string | null | undefined;
};

/** What is left out stays as it is; null takes away. Example: `{ library: { name: "manuals" }, description: "All handbooks" }` */
export type UpdateLibraryInput = {
  /** Fields to declare, or to describe anew. Example: `[{ name: "tags", type: STRING_LIST }]` */
  readonly addMetadataFields?: ReadonlyArray<MetadataFieldInput> | null | undefined;
  /** How to split texts that are written from now on. Example: `{ by: TOKENS, size: 256, overlap: 32 }` */
  readonly chunking?: ChunkingSettingsInput | null | undefined;
  /** Its new description; null for none. Example: `"All handbooks"` */
  readonly description?: string | null | undefined;
  /** A new contract, whole; possible until the first vector is in. Example: `{ provider: EXTERNAL, dimension: 768 }` */
  readonly embedding?: EmbeddingContractInput | null | undefined;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** How to build its next index. To build it now, use `reindex`. Example: `{ m: 32 }` */
  readonly indexSettings?: IndexSettingsInput | null | undefined;
  /** How its texts are to be found by their words; they are indexed anew in the background. Example: `{ substrings: true }` */
  readonly keywords?: KeywordSettingsInput | null | undefined;
  /** Which one. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Its new name. Example: `"handbooks"` */
  readonly name?: string | null | undefined;
  /** Names of fields to declare no longer; their values go too. Example: `["year"]` */
  readonly removeMetadataFields?: ReadonlyArray<string> | null | undefined;
};

/** A chunk as it is to be, new or not. Example: `{ id: "chk_sku-4711", documentId: "doc_handbook", text: "Press the red button." }` */
export type UpsertChunkInput = {
  /** The document that it is a passage of. Example: `"doc_handbook"` */
  readonly documentId: string;
  /** Its vector. Needed where the library's provider is EXTERNAL; made of the text otherwise, if left out. Example: `[0.12, -0.5, 0.83]` */
  readonly embedding?: readonly number[] | Float32Array | string | null | undefined;
  /** The headings that it stands under, outermost first. Example: `["The handbook", "Safety"]` */
  readonly headings?: ReadonlyArray<string> | null | undefined;
  /** Its id, beginning with `chk_`. Example: `"chk_sku-4711"` */
  readonly id: string;
  /** Its values of declared fields. Example: `{ year: 2026 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** The page of its document that it begins on, from 1. Example: `7` */
  readonly page?: number | null | undefined;
  /** Its place in its document, from 0; after the last one if left out. Example: `7` */
  readonly position?: number | null | undefined;
  /** What it says, up to 1 MiB. Example: `"Press the red button."` */
  readonly text: string;
};

/** What `upsertChunks` takes. Example: `{ library: { name: "manuals" }, chunks: [{ id: "chk_sku-4711", documentId: "doc_handbook", text: "Press the red button." }] }` */
export type UpsertChunksInput = {
  /** What happens when an item fails. Example: `EACH` */
  readonly atomicity?: BatchAtomicity | null | undefined;
  /** 1 to 10,000 chunks. Example: `[{ id: "chk_sku-4711", documentId: "doc_handbook", text: "Press the red button." }]` */
  readonly chunks: ReadonlyArray<UpsertChunkInput>;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Where to. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
};

/** What `upsertDocument` takes. Example: `{ library: { name: "manuals" }, id: "doc_handbook", content: { text: "Press the green button." } }` */
export type UpsertDocumentInput = {
  /** Who wrote it. Example: `"Ada Lovelace"` */
  readonly author?: string | null | undefined;
  /** What it says; nothing if left out, for chunks to come later. Example: `{ text: "Press the red button." }` */
  readonly content?: DocumentContentInput | null | undefined;
  /** Its media type; `text/plain` if left out. A text can be `text/plain`, `text/markdown`, `text/html`, `text/csv`, `text/tab-separated-values` or `application/x-ndjson`. Example: `"text/markdown"` */
  readonly contentType?: string | null | undefined;
  /** Its id, beginning with `doc_`. Example: `"doc_handbook"` */
  readonly id: string;
  /** Makes a retry safe: the same key with the same input answers what the first one did, and with another input is refused. 1 to 256 characters, remembered for 24 hours. Example: `"import-2026-01-31-part-7"` */
  readonly idempotencyKey?: string | null | undefined;
  /** Where to. Example: `{ name: "manuals" }` */
  readonly library: LibraryBy;
  /** Its values of declared fields. Example: `{ year: 2026 }` */
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  /** Where it is from; it is not fetched. Example: `"https://example.com/handbook.md"` */
  readonly sourceUrl?: string | null | undefined;
  /** Its title. May be left out with `content: { text }`, which is then searched for one. Example: `"The handbook"` */
  readonly title?: string | null | undefined;
  /** What becomes of it when the embedder does not answer for now. Example: `WAIT` */
  readonly whenEmbedderFails?: WhenEmbedderFails | null | undefined;
};

/** What a graph is walked by: codes of the vectors, which the nearest are then put in order by themselves. */
export type VectorCodes =
  /** One bit a component (RaBitQ): an eighth of the memory, for the large and high-dimensional, best with vectors ON_DISK. It takes more effort to the same recall, and reads more vectors. From 128 dimensions on; below, codes are SCALAR. */
  | 'BINARY'
  /** One byte a component: the quickest way to any recall. */
  | 'SCALAR';

/** Where the float32 vectors of an index are kept. */
export type VectorPlace =
  /** In memory: the quickest. */
  | 'IN_MEMORY'
  /** In a file. Memory holds their codes, a quarter as large, by which a search finds its way; it reads the few vectors that it compares at the end. From 33 dimensions on; below, they stay in memory. */
  | 'ON_DISK';

/** Each way's scores, stretched so that its best is 1 and its last 0, added by weight. Example: `{ semantic: 0.7 }` */
export type WeightedFusionInput = {
  /** The weight of meaning, 0 to 1; words have the rest. Example: `0.7` */
  readonly semantic: number;
};

/** What becomes of a document whose embedder does not answer, or says that it should be asked later. */
export type WhenEmbedderFails =
  /** It is refused; nothing of it is kept. */
  | 'FAIL'
  /** It is kept as PENDING_EMBEDDING, and embedded when the embedder answers again. What the document said before is found until then. */
  | 'WAIT';

/** What words are reduced to before they are compared. */
export type WordLanguage =
  /** To their stems: `indexing` finds `indexed` (Porter). */
  | 'ENGLISH'
  /** To lower case without accents, and no further. For other languages, and for code. */
  | 'NONE';

export type ChunkQueryVariables = Exact<{
  id: string;
  withEmbedding?: boolean | null | undefined;
}>;


export type ChunkQuery = { readonly node:
    | { readonly __typename: 'Chunk', readonly embedding?: readonly number[] | string | null, readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string }
    | { readonly __typename: 'Document' }
    | { readonly __typename: 'ImportFile' }
    | { readonly __typename: 'ImportJob' }
    | { readonly __typename: 'IndexJob' }
    | { readonly __typename: 'Library' }
    | { readonly __typename: 'ReembedJob' }
   | null };

export type ChunksQueryVariables = Exact<{
  library: LibraryBy;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: ChunkFilter | null | undefined;
}>;


export type ChunksQuery = { readonly library: { readonly chunks: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null } } } | null };

export type CreateChunksMutationVariables = Exact<{
  input: CreateChunksInput;
}>;


export type CreateChunksMutation = { readonly createChunks:
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ChunkBatchResult', readonly revision: string, readonly createdCount: number, readonly updatedCount: number, readonly unchangedCount: number, readonly notWrittenCount: number, readonly failedCount: number, readonly truncatedCount: number, readonly items: ReadonlyArray<{ readonly index: number, readonly id: string | null, readonly status: BatchItemStatus, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }> }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type UpsertChunksMutationVariables = Exact<{
  input: UpsertChunksInput;
}>;


export type UpsertChunksMutation = { readonly upsertChunks:
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ChunkBatchResult', readonly revision: string, readonly createdCount: number, readonly updatedCount: number, readonly unchangedCount: number, readonly notWrittenCount: number, readonly failedCount: number, readonly truncatedCount: number, readonly items: ReadonlyArray<{ readonly index: number, readonly id: string | null, readonly status: BatchItemStatus, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }> }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type UpdateChunkMutationVariables = Exact<{
  input: UpdateChunkInput;
}>;


export type UpdateChunkMutation = { readonly updateChunk:
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ChunkResult', readonly revision: string, readonly truncatedCount: number, readonly chunk: { readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type DeleteChunksMutationVariables = Exact<{
  input: DeleteChunksInput;
}>;


export type DeleteChunksMutation = { readonly deleteChunks:
    | { readonly __typename: 'DeleteChunksResult', readonly revision: string, readonly deletedCount: number, readonly items: ReadonlyArray<{ readonly index: number, readonly id: string | null, readonly status: BatchItemStatus, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }> }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type DocumentQueryVariables = Exact<{
  id: string;
}>;


export type DocumentQuery = { readonly node:
    | { readonly __typename: 'Chunk' }
    | { readonly __typename: 'Document', readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string }
    | { readonly __typename: 'ImportFile' }
    | { readonly __typename: 'ImportJob' }
    | { readonly __typename: 'IndexJob' }
    | { readonly __typename: 'Library' }
    | { readonly __typename: 'ReembedJob' }
   | null };

export type DocumentsQueryVariables = Exact<{
  library: LibraryBy;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: DocumentFilter | null | undefined;
  orderBy?: DocumentOrder | null | undefined;
}>;


export type DocumentsQuery = { readonly library: { readonly documents: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null } } } | null };

export type CreateDocumentMutationVariables = Exact<{
  input: CreateDocumentInput;
}>;


export type CreateDocumentMutation = { readonly createDocument:
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DocumentResult', readonly revision: string, readonly truncatedCount: number, readonly document: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type UpsertDocumentMutationVariables = Exact<{
  input: UpsertDocumentInput;
}>;


export type UpsertDocumentMutation = { readonly upsertDocument:
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DocumentResult', readonly revision: string, readonly truncatedCount: number, readonly document: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type UpdateDocumentMutationVariables = Exact<{
  input: UpdateDocumentInput;
}>;


export type UpdateDocumentMutation = { readonly updateDocument:
    | { readonly __typename: 'DocumentResult', readonly revision: string, readonly document: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type DeleteDocumentMutationVariables = Exact<{
  input: DeleteDocumentInput;
}>;


export type DeleteDocumentMutation = { readonly deleteDocument:
    | { readonly __typename: 'DeleteDocumentResult', readonly revision: string, readonly deletedId: string, readonly deletedChunkCount: number }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

type ErrorFields_CancelledError_Fragment = { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_CapacityExceededError_Fragment = { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_ContractFrozenError_Fragment = { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_DamagedError_Fragment = { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_DimensionMismatchError_Fragment = { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_EmbedderError_Fragment = { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_ForbiddenError_Fragment = { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_IdTakenError_Fragment = { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_IdempotencyConflictError_Fragment = { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_InternalError_Fragment = { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_InvalidArgumentError_Fragment = { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_InvalidFilterError_Fragment = { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_InvalidMetadataError_Fragment = { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_InvalidVectorError_Fragment = { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_JobNotCancellableError_Fragment = { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_LibraryNotFoundError_Fragment = { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_NameTakenError_Fragment = { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_NodeNotFoundError_Fragment = { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_OverloadedError_Fragment = { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_RateLimitedError_Fragment = { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_RecallNotReachedError_Fragment = { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_RerankerError_Fragment = { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_ShuttingDownError_Fragment = { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_SourceUnavailableError_Fragment = { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_StoreUnavailableError_Fragment = { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_TimeoutError_Fragment = { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_UnauthenticatedError_Fragment = { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

type ErrorFields_UnreadableFileError_Fragment = { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean };

export type ErrorFieldsFragment =
  | ErrorFields_CancelledError_Fragment
  | ErrorFields_CapacityExceededError_Fragment
  | ErrorFields_ContractFrozenError_Fragment
  | ErrorFields_DamagedError_Fragment
  | ErrorFields_DimensionMismatchError_Fragment
  | ErrorFields_EmbedderError_Fragment
  | ErrorFields_ForbiddenError_Fragment
  | ErrorFields_IdTakenError_Fragment
  | ErrorFields_IdempotencyConflictError_Fragment
  | ErrorFields_InternalError_Fragment
  | ErrorFields_InvalidArgumentError_Fragment
  | ErrorFields_InvalidFilterError_Fragment
  | ErrorFields_InvalidMetadataError_Fragment
  | ErrorFields_InvalidVectorError_Fragment
  | ErrorFields_JobNotCancellableError_Fragment
  | ErrorFields_LibraryNotFoundError_Fragment
  | ErrorFields_NameTakenError_Fragment
  | ErrorFields_NodeNotFoundError_Fragment
  | ErrorFields_OverloadedError_Fragment
  | ErrorFields_RateLimitedError_Fragment
  | ErrorFields_RecallNotReachedError_Fragment
  | ErrorFields_RerankerError_Fragment
  | ErrorFields_ShuttingDownError_Fragment
  | ErrorFields_SourceUnavailableError_Fragment
  | ErrorFields_StoreUnavailableError_Fragment
  | ErrorFields_TimeoutError_Fragment
  | ErrorFields_UnauthenticatedError_Fragment
  | ErrorFields_UnreadableFileError_Fragment
;

export type PageFieldsFragment = { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null };

export type LibraryFieldsFragment = { readonly id: string, readonly name: string, readonly description: string | null, readonly revision: string, readonly createdAt: string, readonly updatedAt: string, readonly embedding: { readonly provider: EmbeddingProvider, readonly model: string, readonly dimension: number | null, readonly metric: Metric, readonly normalized: boolean, readonly documentPrefix: string | null, readonly queryPrefix: string | null, readonly frozen: boolean }, readonly metadataFields: ReadonlyArray<{ readonly name: string, readonly type: MetadataType, readonly description: string | null, readonly filterable: boolean }>, readonly indexSettings: { readonly type: IndexTypeChoice, readonly m: number, readonly efConstruction: number }, readonly chunking: { readonly by: ChunkingWay, readonly unit: ChunkingUnit, readonly size: number, readonly maxSize: number, readonly overlap: number }, readonly index: { readonly type: IndexType, readonly reason: string, readonly state: IndexState, readonly generation: number, readonly memoryBytes: number }, readonly counts: { readonly documents: number, readonly chunks: number, readonly pendingDocuments: number, readonly tombstones: number, readonly bytes: number } };

export type DocumentFieldsFragment = { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string };

export type ChunkFieldsFragment = { readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string };

export type HitFieldsFragment = { readonly cursor: string, readonly distance: number, readonly similarity: number, readonly node: { readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string, readonly document: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } } };

export type PlanFieldsFragment = { readonly strategy: SearchStrategy, readonly reason: string, readonly selectivity: number | null, readonly effort: number | null, readonly expectedRecall: number | null, readonly visited: number, readonly compared: number, readonly reranked: number, readonly phases: ReadonlyArray<{ readonly name: SearchPhaseName, readonly ms: number }> };

export type BatchFieldsFragment = { readonly revision: string, readonly createdCount: number, readonly updatedCount: number, readonly unchangedCount: number, readonly notWrittenCount: number, readonly failedCount: number, readonly truncatedCount: number, readonly items: ReadonlyArray<{ readonly index: number, readonly id: string | null, readonly status: BatchItemStatus, readonly error:
      | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
     | null }> };

type JobFields_ImportJob_Fragment = { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
    | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   | null };

type JobFields_IndexJob_Fragment = { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
    | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   | null };

type JobFields_ReembedJob_Fragment = { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
    | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   | null };

export type JobFieldsFragment =
  | JobFields_ImportJob_Fragment
  | JobFields_IndexJob_Fragment
  | JobFields_ReembedJob_Fragment
;

export type JobQueryVariables = Exact<{
  id: string;
}>;


export type JobQuery = { readonly job:
    | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
        | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
       | null }
    | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
        | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
       | null }
    | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
        | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
       | null }
   | null };

export type JobsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  state?: ReadonlyArray<JobState> | JobState | null | undefined;
}>;


export type JobsQuery = { readonly jobs: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node:
        | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
       }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null } } };

export type ReindexMutationVariables = Exact<{
  input: ReindexInput;
}>;


export type ReindexMutation = { readonly reindex:
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobResult', readonly revision: string, readonly job:
        | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
       }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type ReembedMutationVariables = Exact<{
  input: ReembedInput;
}>;


export type ReembedMutation = { readonly reembed:
    | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobResult', readonly revision: string, readonly job:
        | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
       }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type CancelJobMutationVariables = Exact<{
  input: CancelJobInput;
}>;


export type CancelJobMutation = { readonly cancelJob:
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobResult', readonly revision: string, readonly job:
        | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
       }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type IndexJobSubscriptionVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type IndexJobSubscription = { readonly indexJob: { readonly cursor: string, readonly at: string, readonly kind: JobEventKind, readonly job:
      | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }
      | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }
      | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }
     } };

export type IndexJobsSubscriptionVariables = Exact<{
  library: LibraryBy;
  after?: string | null | undefined;
}>;


export type IndexJobsSubscription = { readonly indexJobs: { readonly cursor: string, readonly at: string, readonly kind: JobEventKind, readonly job:
      | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }
      | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }
      | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
          | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
          | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
         | null }
     } };

export type ImportFilesMutationVariables = Exact<{
  input: ImportFilesInput;
}>;


export type ImportFilesMutation = { readonly importFiles:
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobResult', readonly revision: string, readonly job:
        | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
       }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type ImportUrlsMutationVariables = Exact<{
  input: ImportUrlsInput;
}>;


export type ImportUrlsMutation = { readonly importUrls:
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'JobResult', readonly revision: string, readonly job:
        | { readonly __typename: 'ImportJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly counts: { readonly files: number, readonly written: number, readonly unchanged: number, readonly pending: number, readonly failed: number, readonly chunks: number, readonly truncatedCount: number, readonly bytes: number }, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'IndexJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
        | { readonly __typename: 'ReembedJob', readonly id: string, readonly state: JobState, readonly trigger: JobTrigger, readonly attempt: number, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly progress: { readonly phase: JobPhase, readonly done: number, readonly total: number, readonly ratePerSecond: number | null, readonly etaSeconds: number | null, readonly memoryBytes: number, readonly recallSoFar: number | null }, readonly error:
            | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
           | null }
       }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type UnchangedFilesQueryVariables = Exact<{
  library: LibraryBy;
  files: ReadonlyArray<FileDigestInput> | FileDigestInput;
  sourceBase?: string | null | undefined;
}>;


export type UnchangedFilesQuery = { readonly library: { readonly unchangedFiles: ReadonlyArray<string> } | null };

export type ImportedFilesQueryVariables = Exact<{
  job: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  state?: ReadonlyArray<ImportFileState> | ImportFileState | null | undefined;
}>;


export type ImportedFilesQuery = { readonly job:
    | { readonly files: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly name: string, readonly state: ImportFileState, readonly chunkCount: number, readonly bytes: number, readonly error:
              | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
             | null, readonly problems: ReadonlyArray<
              | { readonly __typename: 'CancelledError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'CapacityExceededError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'DamagedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InternalError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'JobNotCancellableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'OverloadedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'RateLimitedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'RecallNotReachedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'ShuttingDownError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'SourceUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'StoreUnavailableError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'UnauthenticatedError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
              | { readonly __typename: 'UnreadableFileError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
            >, readonly document: { readonly id: string, readonly title: string } | null } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type LibraryQueryVariables = Exact<{
  by: LibraryBy;
}>;


export type LibraryQuery = { readonly library: { readonly id: string, readonly name: string, readonly description: string | null, readonly revision: string, readonly createdAt: string, readonly updatedAt: string, readonly embedding: { readonly provider: EmbeddingProvider, readonly model: string, readonly dimension: number | null, readonly metric: Metric, readonly normalized: boolean, readonly documentPrefix: string | null, readonly queryPrefix: string | null, readonly frozen: boolean }, readonly metadataFields: ReadonlyArray<{ readonly name: string, readonly type: MetadataType, readonly description: string | null, readonly filterable: boolean }>, readonly indexSettings: { readonly type: IndexTypeChoice, readonly m: number, readonly efConstruction: number }, readonly chunking: { readonly by: ChunkingWay, readonly unit: ChunkingUnit, readonly size: number, readonly maxSize: number, readonly overlap: number }, readonly index: { readonly type: IndexType, readonly reason: string, readonly state: IndexState, readonly generation: number, readonly memoryBytes: number }, readonly counts: { readonly documents: number, readonly chunks: number, readonly pendingDocuments: number, readonly tombstones: number, readonly bytes: number } } | null };

export type LibrariesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  nameContains?: string | null | undefined;
}>;


export type LibrariesQuery = { readonly libraries: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly name: string, readonly description: string | null, readonly revision: string, readonly createdAt: string, readonly updatedAt: string, readonly embedding: { readonly provider: EmbeddingProvider, readonly model: string, readonly dimension: number | null, readonly metric: Metric, readonly normalized: boolean, readonly documentPrefix: string | null, readonly queryPrefix: string | null, readonly frozen: boolean }, readonly metadataFields: ReadonlyArray<{ readonly name: string, readonly type: MetadataType, readonly description: string | null, readonly filterable: boolean }>, readonly indexSettings: { readonly type: IndexTypeChoice, readonly m: number, readonly efConstruction: number }, readonly chunking: { readonly by: ChunkingWay, readonly unit: ChunkingUnit, readonly size: number, readonly maxSize: number, readonly overlap: number }, readonly index: { readonly type: IndexType, readonly reason: string, readonly state: IndexState, readonly generation: number, readonly memoryBytes: number }, readonly counts: { readonly documents: number, readonly chunks: number, readonly pendingDocuments: number, readonly tombstones: number, readonly bytes: number } } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null } } };

export type CreateLibraryMutationVariables = Exact<{
  input: CreateLibraryInput;
}>;


export type CreateLibraryMutation = { readonly createLibrary:
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryResult', readonly revision: string, readonly library: { readonly id: string, readonly name: string, readonly description: string | null, readonly revision: string, readonly createdAt: string, readonly updatedAt: string, readonly embedding: { readonly provider: EmbeddingProvider, readonly model: string, readonly dimension: number | null, readonly metric: Metric, readonly normalized: boolean, readonly documentPrefix: string | null, readonly queryPrefix: string | null, readonly frozen: boolean }, readonly metadataFields: ReadonlyArray<{ readonly name: string, readonly type: MetadataType, readonly description: string | null, readonly filterable: boolean }>, readonly indexSettings: { readonly type: IndexTypeChoice, readonly m: number, readonly efConstruction: number }, readonly chunking: { readonly by: ChunkingWay, readonly unit: ChunkingUnit, readonly size: number, readonly maxSize: number, readonly overlap: number }, readonly index: { readonly type: IndexType, readonly reason: string, readonly state: IndexState, readonly generation: number, readonly memoryBytes: number }, readonly counts: { readonly documents: number, readonly chunks: number, readonly pendingDocuments: number, readonly tombstones: number, readonly bytes: number } } }
    | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type UpdateLibraryMutationVariables = Exact<{
  input: UpdateLibraryInput;
}>;


export type UpdateLibraryMutation = { readonly updateLibrary:
    | { readonly __typename: 'ContractFrozenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidMetadataError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryResult', readonly revision: string, readonly library: { readonly id: string, readonly name: string, readonly description: string | null, readonly revision: string, readonly createdAt: string, readonly updatedAt: string, readonly embedding: { readonly provider: EmbeddingProvider, readonly model: string, readonly dimension: number | null, readonly metric: Metric, readonly normalized: boolean, readonly documentPrefix: string | null, readonly queryPrefix: string | null, readonly frozen: boolean }, readonly metadataFields: ReadonlyArray<{ readonly name: string, readonly type: MetadataType, readonly description: string | null, readonly filterable: boolean }>, readonly indexSettings: { readonly type: IndexTypeChoice, readonly m: number, readonly efConstruction: number }, readonly chunking: { readonly by: ChunkingWay, readonly unit: ChunkingUnit, readonly size: number, readonly maxSize: number, readonly overlap: number }, readonly index: { readonly type: IndexType, readonly reason: string, readonly state: IndexState, readonly generation: number, readonly memoryBytes: number }, readonly counts: { readonly documents: number, readonly chunks: number, readonly pendingDocuments: number, readonly tombstones: number, readonly bytes: number } } }
    | { readonly __typename: 'NameTakenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type DeleteLibraryMutationVariables = Exact<{
  input: DeleteLibraryInput;
}>;


export type DeleteLibraryMutation = { readonly deleteLibrary:
    | { readonly __typename: 'DeleteLibraryResult', readonly revision: string, readonly deletedId: string, readonly deletedDocumentCount: number, readonly deletedChunkCount: number }
    | { readonly __typename: 'ForbiddenError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'IdempotencyConflictError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type LibraryEventsSubscriptionVariables = Exact<{
  library: LibraryBy;
  after?: string | null | undefined;
}>;


export type LibraryEventsSubscription = { readonly libraryEvents:
    | { readonly __typename: 'ChunksDeleted', readonly chunkCount: number, readonly chunkIds: ReadonlyArray<string> | null, readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'ChunksWritten', readonly chunkCount: number, readonly chunkIds: ReadonlyArray<string> | null, readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'DocumentCreated', readonly documentId: string, readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'DocumentDeleted', readonly documentId: string, readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'DocumentUpdated', readonly documentId: string, readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'IndexSwapped', readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'LibraryCreated', readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'LibraryDeleted', readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
    | { readonly __typename: 'LibrarySnapshot', readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string, readonly library: { readonly id: string, readonly name: string, readonly description: string | null, readonly revision: string, readonly createdAt: string, readonly updatedAt: string, readonly embedding: { readonly provider: EmbeddingProvider, readonly model: string, readonly dimension: number | null, readonly metric: Metric, readonly normalized: boolean, readonly documentPrefix: string | null, readonly queryPrefix: string | null, readonly frozen: boolean }, readonly metadataFields: ReadonlyArray<{ readonly name: string, readonly type: MetadataType, readonly description: string | null, readonly filterable: boolean }>, readonly indexSettings: { readonly type: IndexTypeChoice, readonly m: number, readonly efConstruction: number }, readonly chunking: { readonly by: ChunkingWay, readonly unit: ChunkingUnit, readonly size: number, readonly maxSize: number, readonly overlap: number }, readonly index: { readonly type: IndexType, readonly reason: string, readonly state: IndexState, readonly generation: number, readonly memoryBytes: number }, readonly counts: { readonly documents: number, readonly chunks: number, readonly pendingDocuments: number, readonly tombstones: number, readonly bytes: number } } | null }
    | { readonly __typename: 'LibraryUpdated', readonly at: string, readonly cursor: string | null, readonly libraryId: string, readonly revision: string }
   };

export type SearchQueryVariables = Exact<{
  input: SearchInput;
  withMatchCount?: boolean | null | undefined;
}>;


export type SearchQuery = { readonly search:
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'RerankerError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'SearchConnection', readonly matchCount?: number, readonly revision: string, readonly tookMs: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly score: number, readonly matchedTerms: ReadonlyArray<string>, readonly semantic: { readonly rank: number, readonly distance: number, readonly similarity: number } | null, readonly keyword: { readonly rank: number, readonly score: number } | null, readonly reranked: { readonly score: number, readonly rank: number, readonly rankBefore: number } | null, readonly highlights: ReadonlyArray<{ readonly text: string, readonly start: number, readonly matches: ReadonlyArray<{ readonly start: number, readonly end: number }> }>, readonly node: { readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string, readonly document: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null }, readonly plan: { readonly mode: SearchMode, readonly reason: string, readonly depth: number, readonly semantic: { readonly strategy: SearchStrategy, readonly reason: string, readonly selectivity: number | null, readonly effort: number | null, readonly expectedRecall: number | null, readonly visited: number, readonly compared: number, readonly reranked: number, readonly phases: ReadonlyArray<{ readonly name: SearchPhaseName, readonly ms: number }> } | null, readonly keyword: { readonly terms: number, readonly known: number, readonly deferred: number, readonly occurrences: number, readonly scored: number, readonly pendingChunks: number } | null, readonly rerank: { readonly provider: RerankProvider, readonly model: string, readonly count: number, readonly note: string | null, readonly ms: number } | null, readonly phases: ReadonlyArray<{ readonly name: TextSearchPhaseName, readonly ms: number }> } }
    | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type KnnSearchQueryVariables = Exact<{
  input: KnnSearchInput;
  withMatchCount?: boolean | null | undefined;
}>;


export type KnnSearchQuery = { readonly knnSearch:
    | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'KnnConnection', readonly matchCount?: number, readonly generation: number, readonly revision: string, readonly tookMs: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly distance: number, readonly similarity: number, readonly node: { readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string, readonly document: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null }, readonly plan: { readonly strategy: SearchStrategy, readonly reason: string, readonly selectivity: number | null, readonly effort: number | null, readonly expectedRecall: number | null, readonly visited: number, readonly compared: number, readonly reranked: number, readonly phases: ReadonlyArray<{ readonly name: SearchPhaseName, readonly ms: number }> } }
    | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
   };

export type KnnSearchBatchQueryVariables = Exact<{
  input: KnnSearchBatchInput;
}>;


export type KnnSearchBatchQuery = { readonly knnSearchBatch:
    | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
    | { readonly __typename: 'KnnSearchBatchResult', readonly results: ReadonlyArray<
        | { readonly __typename: 'DimensionMismatchError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'EmbedderError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidArgumentError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidFilterError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'InvalidVectorError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'KnnConnection', readonly generation: number, readonly revision: string, readonly tookMs: number, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly distance: number, readonly similarity: number, readonly node: { readonly id: string, readonly position: number, readonly text: string, readonly page: number | null, readonly headings: ReadonlyArray<string>, readonly isTruncated: boolean, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string, readonly document: { readonly id: string, readonly title: string, readonly author: string | null, readonly sourceUrl: string | null, readonly contentType: string, readonly state: DocumentState, readonly metadata: Readonly<Record<string, unknown>>, readonly createdAt: string, readonly updatedAt: string } } }>, readonly pageInfo: { readonly endCursor: string | null, readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null }, readonly plan: { readonly strategy: SearchStrategy, readonly reason: string, readonly selectivity: number | null, readonly effort: number | null, readonly expectedRecall: number | null, readonly visited: number, readonly compared: number, readonly reranked: number, readonly phases: ReadonlyArray<{ readonly name: SearchPhaseName, readonly ms: number }> } }
        | { readonly __typename: 'LibraryNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'NodeNotFoundError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
        | { readonly __typename: 'TimeoutError', readonly code: ErrorCode, readonly message: string, readonly path: ReadonlyArray<string>, readonly retryable: boolean }
      > }
   };

export type ServerQueryVariables = Exact<{ [key: string]: never; }>;


export type ServerQuery = { readonly server: { readonly version: string, readonly startedAt: string, readonly uptimeSeconds: number, readonly threads: number, readonly libraryCount: number, readonly revision: string, readonly embedders: ReadonlyArray<{ readonly provider: EmbeddingProvider, readonly isConfigured: boolean, readonly missingVariable: string | null, readonly models: ReadonlyArray<string> }>, readonly embeddingCache: { readonly hits: number, readonly misses: number, readonly entries: number, readonly bytes: number, readonly limitBytes: number } | null } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PageFieldsFragmentDoc = new TypedDocumentString(`
    fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
    `, {"fragmentName":"PageFields"}) as unknown as TypedDocumentString<PageFieldsFragment, unknown>;
export const LibraryFieldsFragmentDoc = new TypedDocumentString(`
    fragment LibraryFields on Library {
  id
  name
  description
  embedding {
    provider
    model
    dimension
    metric
    normalized
    documentPrefix
    queryPrefix
    frozen
  }
  metadataFields {
    name
    type
    description
    filterable
  }
  indexSettings {
    type
    m
    efConstruction
  }
  chunking {
    by
    unit
    size
    maxSize
    overlap
  }
  index {
    type
    reason
    state
    generation
    memoryBytes
  }
  counts {
    documents
    chunks
    pendingDocuments
    tombstones
    bytes
  }
  revision
  createdAt
  updatedAt
}
    `, {"fragmentName":"LibraryFields"}) as unknown as TypedDocumentString<LibraryFieldsFragment, unknown>;
export const ChunkFieldsFragmentDoc = new TypedDocumentString(`
    fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}
    `, {"fragmentName":"ChunkFields"}) as unknown as TypedDocumentString<ChunkFieldsFragment, unknown>;
export const DocumentFieldsFragmentDoc = new TypedDocumentString(`
    fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}
    `, {"fragmentName":"DocumentFields"}) as unknown as TypedDocumentString<DocumentFieldsFragment, unknown>;
export const HitFieldsFragmentDoc = new TypedDocumentString(`
    fragment HitFields on KnnEdge {
  cursor
  distance
  similarity
  node {
    ...ChunkFields
    document {
      ...DocumentFields
    }
  }
}
    fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}
fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}`, {"fragmentName":"HitFields"}) as unknown as TypedDocumentString<HitFieldsFragment, unknown>;
export const PlanFieldsFragmentDoc = new TypedDocumentString(`
    fragment PlanFields on SearchPlan {
  strategy
  reason
  selectivity
  effort
  expectedRecall
  visited
  compared
  reranked
  phases {
    name
    ms
  }
}
    `, {"fragmentName":"PlanFields"}) as unknown as TypedDocumentString<PlanFieldsFragment, unknown>;
export const ErrorFieldsFragmentDoc = new TypedDocumentString(`
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
    `, {"fragmentName":"ErrorFields"}) as unknown as TypedDocumentString<ErrorFieldsFragment, unknown>;
export const BatchFieldsFragmentDoc = new TypedDocumentString(`
    fragment BatchFields on ChunkBatchResult {
  revision
  createdCount
  updatedCount
  unchangedCount
  notWrittenCount
  failedCount
  truncatedCount
  items {
    index
    id
    status
    error {
      ...ErrorFields
    }
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}`, {"fragmentName":"BatchFields"}) as unknown as TypedDocumentString<BatchFieldsFragment, unknown>;
export const JobFieldsFragmentDoc = new TypedDocumentString(`
    fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}`, {"fragmentName":"JobFields"}) as unknown as TypedDocumentString<JobFieldsFragment, unknown>;
export const ChunkDocument = new TypedDocumentString(`
    query Chunk($id: ID!, $withEmbedding: Boolean = false) {
  node(id: $id) {
    __typename
    ... on Chunk {
      ...ChunkFields
      embedding(encoding: BASE64) @include(if: $withEmbedding)
    }
  }
}
    fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<ChunkQuery, ChunkQueryVariables>;
export const ChunksDocument = new TypedDocumentString(`
    query Chunks($library: LibraryBy!, $first: Int, $after: String, $last: Int, $before: String, $filter: ChunkFilter) {
  library(by: $library) {
    chunks(
      first: $first
      after: $after
      last: $last
      before: $before
      filter: $filter
    ) {
      edges {
        cursor
        node {
          ...ChunkFields
        }
      }
      pageInfo {
        ...PageFields
      }
      totalCount
    }
  }
}
    fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<ChunksQuery, ChunksQueryVariables>;
export const CreateChunksDocument = new TypedDocumentString(`
    mutation CreateChunks($input: CreateChunksInput!) {
  createChunks(input: $input) {
    __typename
    ...BatchFields
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment BatchFields on ChunkBatchResult {
  revision
  createdCount
  updatedCount
  unchangedCount
  notWrittenCount
  failedCount
  truncatedCount
  items {
    index
    id
    status
    error {
      ...ErrorFields
    }
  }
}`) as unknown as TypedDocumentString<CreateChunksMutation, CreateChunksMutationVariables>;
export const UpsertChunksDocument = new TypedDocumentString(`
    mutation UpsertChunks($input: UpsertChunksInput!) {
  upsertChunks(input: $input) {
    __typename
    ...BatchFields
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment BatchFields on ChunkBatchResult {
  revision
  createdCount
  updatedCount
  unchangedCount
  notWrittenCount
  failedCount
  truncatedCount
  items {
    index
    id
    status
    error {
      ...ErrorFields
    }
  }
}`) as unknown as TypedDocumentString<UpsertChunksMutation, UpsertChunksMutationVariables>;
export const UpdateChunkDocument = new TypedDocumentString(`
    mutation UpdateChunk($input: UpdateChunkInput!) {
  updateChunk(input: $input) {
    __typename
    ... on ChunkResult {
      revision
      truncatedCount
      chunk {
        ...ChunkFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<UpdateChunkMutation, UpdateChunkMutationVariables>;
export const DeleteChunksDocument = new TypedDocumentString(`
    mutation DeleteChunks($input: DeleteChunksInput!) {
  deleteChunks(input: $input) {
    __typename
    ... on DeleteChunksResult {
      revision
      deletedCount
      items {
        index
        id
        status
        error {
          ...ErrorFields
        }
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}`) as unknown as TypedDocumentString<DeleteChunksMutation, DeleteChunksMutationVariables>;
export const DocumentDocument = new TypedDocumentString(`
    query Document($id: ID!) {
  node(id: $id) {
    __typename
    ... on Document {
      ...DocumentFields
    }
  }
}
    fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<DocumentQuery, DocumentQueryVariables>;
export const DocumentsDocument = new TypedDocumentString(`
    query Documents($library: LibraryBy!, $first: Int, $after: String, $last: Int, $before: String, $filter: DocumentFilter, $orderBy: DocumentOrder) {
  library(by: $library) {
    documents(
      first: $first
      after: $after
      last: $last
      before: $before
      filter: $filter
      orderBy: $orderBy
    ) {
      edges {
        cursor
        node {
          ...DocumentFields
        }
      }
      pageInfo {
        ...PageFields
      }
      totalCount
    }
  }
}
    fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<DocumentsQuery, DocumentsQueryVariables>;
export const CreateDocumentDocument = new TypedDocumentString(`
    mutation CreateDocument($input: CreateDocumentInput!) {
  createDocument(input: $input) {
    __typename
    ... on DocumentResult {
      revision
      truncatedCount
      document {
        ...DocumentFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<CreateDocumentMutation, CreateDocumentMutationVariables>;
export const UpsertDocumentDocument = new TypedDocumentString(`
    mutation UpsertDocument($input: UpsertDocumentInput!) {
  upsertDocument(input: $input) {
    __typename
    ... on DocumentResult {
      revision
      truncatedCount
      document {
        ...DocumentFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<UpsertDocumentMutation, UpsertDocumentMutationVariables>;
export const UpdateDocumentDocument = new TypedDocumentString(`
    mutation UpdateDocument($input: UpdateDocumentInput!) {
  updateDocument(input: $input) {
    __typename
    ... on DocumentResult {
      revision
      document {
        ...DocumentFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<UpdateDocumentMutation, UpdateDocumentMutationVariables>;
export const DeleteDocumentDocument = new TypedDocumentString(`
    mutation DeleteDocument($input: DeleteDocumentInput!) {
  deleteDocument(input: $input) {
    __typename
    ... on DeleteDocumentResult {
      revision
      deletedId
      deletedChunkCount
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}`) as unknown as TypedDocumentString<DeleteDocumentMutation, DeleteDocumentMutationVariables>;
export const JobDocument = new TypedDocumentString(`
    query Job($id: ID!) {
  job(id: $id) {
    ...JobFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<JobQuery, JobQueryVariables>;
export const JobsDocument = new TypedDocumentString(`
    query Jobs($first: Int, $after: String, $state: [JobState!]) {
  jobs(first: $first, after: $after, state: $state) {
    edges {
      cursor
      node {
        ...JobFields
      }
    }
    pageInfo {
      ...PageFields
    }
    totalCount
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<JobsQuery, JobsQueryVariables>;
export const ReindexDocument = new TypedDocumentString(`
    mutation Reindex($input: ReindexInput!) {
  reindex(input: $input) {
    __typename
    ... on JobResult {
      revision
      job {
        ...JobFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<ReindexMutation, ReindexMutationVariables>;
export const ReembedDocument = new TypedDocumentString(`
    mutation Reembed($input: ReembedInput!) {
  reembed(input: $input) {
    __typename
    ... on JobResult {
      revision
      job {
        ...JobFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<ReembedMutation, ReembedMutationVariables>;
export const CancelJobDocument = new TypedDocumentString(`
    mutation CancelJob($input: CancelJobInput!) {
  cancelJob(input: $input) {
    __typename
    ... on JobResult {
      revision
      job {
        ...JobFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<CancelJobMutation, CancelJobMutationVariables>;
export const IndexJobDocument = new TypedDocumentString(`
    subscription IndexJob($id: ID!, $after: String) {
  indexJob(id: $id, after: $after) {
    cursor
    at
    kind
    job {
      ...JobFields
    }
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<IndexJobSubscription, IndexJobSubscriptionVariables>;
export const IndexJobsDocument = new TypedDocumentString(`
    subscription IndexJobs($library: LibraryBy!, $after: String) {
  indexJobs(library: $library, after: $after) {
    cursor
    at
    kind
    job {
      ...JobFields
    }
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<IndexJobsSubscription, IndexJobsSubscriptionVariables>;
export const ImportFilesDocument = new TypedDocumentString(`
    mutation ImportFiles($input: ImportFilesInput!) {
  importFiles(input: $input) {
    __typename
    ... on JobResult {
      revision
      job {
        ...JobFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<ImportFilesMutation, ImportFilesMutationVariables>;
export const ImportUrlsDocument = new TypedDocumentString(`
    mutation ImportUrls($input: ImportUrlsInput!) {
  importUrls(input: $input) {
    __typename
    ... on JobResult {
      revision
      job {
        ...JobFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment JobFields on Job {
  __typename
  id
  state
  trigger
  attempt
  progress {
    phase
    done
    total
    ratePerSecond
    etaSeconds
    memoryBytes
    recallSoFar
  }
  error {
    ...ErrorFields
  }
  createdAt
  startedAt
  finishedAt
  ... on ImportJob {
    counts {
      files
      written
      unchanged
      pending
      failed
      chunks
      truncatedCount
      bytes
    }
  }
}`) as unknown as TypedDocumentString<ImportUrlsMutation, ImportUrlsMutationVariables>;
export const UnchangedFilesDocument = new TypedDocumentString(`
    query UnchangedFiles($library: LibraryBy!, $files: [FileDigestInput!]!, $sourceBase: String) {
  library(by: $library) {
    unchangedFiles(files: $files, sourceBase: $sourceBase)
  }
}
    `) as unknown as TypedDocumentString<UnchangedFilesQuery, UnchangedFilesQueryVariables>;
export const ImportedFilesDocument = new TypedDocumentString(`
    query ImportedFiles($job: ID!, $first: Int, $after: String, $state: [ImportFileState!]) {
  job(id: $job) {
    ... on ImportJob {
      files(first: $first, after: $after, state: $state) {
        edges {
          cursor
          node {
            name
            state
            chunkCount
            bytes
            error {
              ...ErrorFields
            }
            problems {
              ...ErrorFields
            }
            document {
              id
              title
            }
          }
        }
        pageInfo {
          ...PageFields
        }
        totalCount
      }
    }
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}`) as unknown as TypedDocumentString<ImportedFilesQuery, ImportedFilesQueryVariables>;
export const LibraryDocument = new TypedDocumentString(`
    query Library($by: LibraryBy!) {
  library(by: $by) {
    ...LibraryFields
  }
}
    fragment LibraryFields on Library {
  id
  name
  description
  embedding {
    provider
    model
    dimension
    metric
    normalized
    documentPrefix
    queryPrefix
    frozen
  }
  metadataFields {
    name
    type
    description
    filterable
  }
  indexSettings {
    type
    m
    efConstruction
  }
  chunking {
    by
    unit
    size
    maxSize
    overlap
  }
  index {
    type
    reason
    state
    generation
    memoryBytes
  }
  counts {
    documents
    chunks
    pendingDocuments
    tombstones
    bytes
  }
  revision
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<LibraryQuery, LibraryQueryVariables>;
export const LibrariesDocument = new TypedDocumentString(`
    query Libraries($first: Int, $after: String, $last: Int, $before: String, $nameContains: String) {
  libraries(
    first: $first
    after: $after
    last: $last
    before: $before
    nameContains: $nameContains
  ) {
    edges {
      cursor
      node {
        ...LibraryFields
      }
    }
    pageInfo {
      ...PageFields
    }
    totalCount
  }
}
    fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
fragment LibraryFields on Library {
  id
  name
  description
  embedding {
    provider
    model
    dimension
    metric
    normalized
    documentPrefix
    queryPrefix
    frozen
  }
  metadataFields {
    name
    type
    description
    filterable
  }
  indexSettings {
    type
    m
    efConstruction
  }
  chunking {
    by
    unit
    size
    maxSize
    overlap
  }
  index {
    type
    reason
    state
    generation
    memoryBytes
  }
  counts {
    documents
    chunks
    pendingDocuments
    tombstones
    bytes
  }
  revision
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<LibrariesQuery, LibrariesQueryVariables>;
export const CreateLibraryDocument = new TypedDocumentString(`
    mutation CreateLibrary($input: CreateLibraryInput!) {
  createLibrary(input: $input) {
    __typename
    ... on LibraryResult {
      revision
      library {
        ...LibraryFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment LibraryFields on Library {
  id
  name
  description
  embedding {
    provider
    model
    dimension
    metric
    normalized
    documentPrefix
    queryPrefix
    frozen
  }
  metadataFields {
    name
    type
    description
    filterable
  }
  indexSettings {
    type
    m
    efConstruction
  }
  chunking {
    by
    unit
    size
    maxSize
    overlap
  }
  index {
    type
    reason
    state
    generation
    memoryBytes
  }
  counts {
    documents
    chunks
    pendingDocuments
    tombstones
    bytes
  }
  revision
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<CreateLibraryMutation, CreateLibraryMutationVariables>;
export const UpdateLibraryDocument = new TypedDocumentString(`
    mutation UpdateLibrary($input: UpdateLibraryInput!) {
  updateLibrary(input: $input) {
    __typename
    ... on LibraryResult {
      revision
      library {
        ...LibraryFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment LibraryFields on Library {
  id
  name
  description
  embedding {
    provider
    model
    dimension
    metric
    normalized
    documentPrefix
    queryPrefix
    frozen
  }
  metadataFields {
    name
    type
    description
    filterable
  }
  indexSettings {
    type
    m
    efConstruction
  }
  chunking {
    by
    unit
    size
    maxSize
    overlap
  }
  index {
    type
    reason
    state
    generation
    memoryBytes
  }
  counts {
    documents
    chunks
    pendingDocuments
    tombstones
    bytes
  }
  revision
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<UpdateLibraryMutation, UpdateLibraryMutationVariables>;
export const DeleteLibraryDocument = new TypedDocumentString(`
    mutation DeleteLibrary($input: DeleteLibraryInput!) {
  deleteLibrary(input: $input) {
    __typename
    ... on DeleteLibraryResult {
      revision
      deletedId
      deletedDocumentCount
      deletedChunkCount
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}`) as unknown as TypedDocumentString<DeleteLibraryMutation, DeleteLibraryMutationVariables>;
export const LibraryEventsDocument = new TypedDocumentString(`
    subscription LibraryEvents($library: LibraryBy!, $after: String) {
  libraryEvents(library: $library, after: $after) {
    __typename
    at
    cursor
    libraryId
    revision
    ... on LibrarySnapshot {
      library {
        ...LibraryFields
      }
    }
    ... on DocumentCreated {
      documentId
    }
    ... on DocumentUpdated {
      documentId
    }
    ... on DocumentDeleted {
      documentId
    }
    ... on ChunksWritten {
      chunkCount
      chunkIds
    }
    ... on ChunksDeleted {
      chunkCount
      chunkIds
    }
  }
}
    fragment LibraryFields on Library {
  id
  name
  description
  embedding {
    provider
    model
    dimension
    metric
    normalized
    documentPrefix
    queryPrefix
    frozen
  }
  metadataFields {
    name
    type
    description
    filterable
  }
  indexSettings {
    type
    m
    efConstruction
  }
  chunking {
    by
    unit
    size
    maxSize
    overlap
  }
  index {
    type
    reason
    state
    generation
    memoryBytes
  }
  counts {
    documents
    chunks
    pendingDocuments
    tombstones
    bytes
  }
  revision
  createdAt
  updatedAt
}`) as unknown as TypedDocumentString<LibraryEventsSubscription, LibraryEventsSubscriptionVariables>;
export const SearchDocument = new TypedDocumentString(`
    query Search($input: SearchInput!, $withMatchCount: Boolean = false) {
  search(input: $input) {
    __typename
    ... on SearchConnection {
      edges {
        cursor
        score
        semantic {
          rank
          distance
          similarity
        }
        keyword {
          rank
          score
        }
        reranked {
          score
          rank
          rankBefore
        }
        matchedTerms
        highlights {
          text
          start
          matches {
            start
            end
          }
        }
        node {
          ...ChunkFields
          document {
            ...DocumentFields
          }
        }
      }
      pageInfo {
        ...PageFields
      }
      matchCount @include(if: $withMatchCount)
      plan {
        mode
        reason
        depth
        semantic {
          ...PlanFields
        }
        keyword {
          terms
          known
          deferred
          occurrences
          scored
          pendingChunks
        }
        rerank {
          provider
          model
          count
          note
          ms
        }
        phases {
          name
          ms
        }
      }
      revision
      tookMs
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}
fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}
fragment PlanFields on SearchPlan {
  strategy
  reason
  selectivity
  effort
  expectedRecall
  visited
  compared
  reranked
  phases {
    name
    ms
  }
}`) as unknown as TypedDocumentString<SearchQuery, SearchQueryVariables>;
export const KnnSearchDocument = new TypedDocumentString(`
    query KnnSearch($input: KnnSearchInput!, $withMatchCount: Boolean = false) {
  knnSearch(input: $input) {
    __typename
    ... on KnnConnection {
      edges {
        ...HitFields
      }
      pageInfo {
        ...PageFields
      }
      matchCount @include(if: $withMatchCount)
      plan {
        ...PlanFields
      }
      generation
      revision
      tookMs
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}
fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}
fragment HitFields on KnnEdge {
  cursor
  distance
  similarity
  node {
    ...ChunkFields
    document {
      ...DocumentFields
    }
  }
}
fragment PlanFields on SearchPlan {
  strategy
  reason
  selectivity
  effort
  expectedRecall
  visited
  compared
  reranked
  phases {
    name
    ms
  }
}`) as unknown as TypedDocumentString<KnnSearchQuery, KnnSearchQueryVariables>;
export const KnnSearchBatchDocument = new TypedDocumentString(`
    query KnnSearchBatch($input: KnnSearchBatchInput!) {
  knnSearchBatch(input: $input) {
    __typename
    ... on KnnSearchBatchResult {
      results {
        __typename
        ... on KnnConnection {
          edges {
            ...HitFields
          }
          pageInfo {
            ...PageFields
          }
          plan {
            ...PlanFields
          }
          generation
          revision
          tookMs
        }
        ...ErrorFields
      }
    }
    ...ErrorFields
  }
}
    fragment ErrorFields on Error {
  __typename
  code
  message
  path
  retryable
}
fragment PageFields on PageInfo {
  endCursor
  hasNextPage
  hasPreviousPage
  startCursor
}
fragment DocumentFields on Document {
  id
  title
  author
  sourceUrl
  contentType
  state
  metadata
  createdAt
  updatedAt
}
fragment ChunkFields on Chunk {
  id
  position
  text
  page
  headings
  isTruncated
  metadata
  createdAt
  updatedAt
}
fragment HitFields on KnnEdge {
  cursor
  distance
  similarity
  node {
    ...ChunkFields
    document {
      ...DocumentFields
    }
  }
}
fragment PlanFields on SearchPlan {
  strategy
  reason
  selectivity
  effort
  expectedRecall
  visited
  compared
  reranked
  phases {
    name
    ms
  }
}`) as unknown as TypedDocumentString<KnnSearchBatchQuery, KnnSearchBatchQueryVariables>;
export const ServerDocument = new TypedDocumentString(`
    query Server {
  server {
    version
    startedAt
    uptimeSeconds
    threads
    libraryCount
    embedders {
      provider
      isConfigured
      missingVariable
      models
    }
    embeddingCache {
      hits
      misses
      entries
      bytes
      limitBytes
    }
    revision
  }
}
    `) as unknown as TypedDocumentString<ServerQuery, ServerQueryVariables>;