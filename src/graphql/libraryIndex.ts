import { DEFAULT_EF_CONSTRUCTION, DEFAULT_M } from '../indexes/parameters.ts';
import type { RecallPoint as RecallPointShape } from '../indexes/VectorIndex.ts';
import type { IndexRecord, IndexSettings as IndexSettingsShape, Library } from '../library/types.ts';
import type { IndexStatus } from '../writer/Writer.ts';
import { builder } from './builder.ts';
import type { Context } from './Context.ts';
import { given } from './given.ts';

/** The settings of a library that asks for none. */
export const DEFAULT_INDEX_SETTINGS: IndexSettingsShape = {
  type: 'AUTO',
  m: DEFAULT_M,
  efConstruction: DEFAULT_EF_CONSTRUCTION,
};

export const IndexType = builder.enumType('IndexType', {
  description: 'The index types that there are.',
  values: {
    FLAT: { description: 'Compares with every vector: exact, and fast enough for some ten thousand.' },
    KD_TREE: { description: 'Halves space again and again: exact, and fast in few dimensions.' },
    LSH: {
      description: 'Looks into the buckets that hash functions point to: nearly exact, quick to build.',
    },
    HNSW: { description: 'Walks a graph of neighbours: nearly exact, and fast at any size.' },
  },
});

export const IndexTypeChoice = builder.enumType('IndexTypeChoice', {
  description: 'An index type, or the choice left to the server.',
  values: {
    AUTO: {
      description:
        'FLAT while the library is small; from then on KD_TREE in few dimensions, HNSW in many. `reason` says which and why.',
    },
    FLAT: { description: 'Always FLAT.' },
    KD_TREE: { description: 'Always KD_TREE.' },
    LSH: { description: 'Always LSH.' },
    HNSW: { description: 'Always HNSW.' },
  },
});

export const IndexState = builder.enumType('IndexState', {
  description: "A live index's state. It answers in every one of them.",
  values: {
    READY: { description: 'In order.' },
    BUILDING: { description: 'In order, while a new one is built aside.' },
    REBUILD_DUE: {
      description:
        'In order, but a new one would be better: it has outgrown its type, holds many tombstones, or has many vectors beside its tables, and the server builds anew by itself; or the settings have changed, and `reindex` applies them.',
    },
    DAMAGED: { description: 'Its file was damaged. Answers come from exact scans until it is rebuilt.' },
  },
});

const VectorPlace = builder.enumType('VectorPlace', {
  description: 'Where the float32 vectors of an index are kept.',
  values: {
    IN_MEMORY: { description: 'In memory: the quickest.' },
    ON_DISK: {
      description:
        'In a file. Memory holds their codes, a quarter as large, by which a search finds its way; it reads the few vectors that it compares at the end. From 33 dimensions on; below, they stay in memory.',
    },
  },
});

const VectorCodes = builder.enumType('VectorCodes', {
  description:
    'What a graph is walked by: codes of the vectors, which the nearest are then put in order by themselves.',
  values: {
    SCALAR: { description: 'One byte a component: the quickest way to any recall.' },
    BINARY: {
      description:
        'One bit a component (RaBitQ): an eighth of the memory, for the large and high-dimensional, best with vectors ON_DISK. It takes more effort to the same recall, and reads more vectors. From 128 dimensions on; below, codes are SCALAR.',
    },
  },
});

export const IndexSettings = builder.objectRef<IndexSettingsShape>('IndexSettings').implement({
  description: 'How an index is built.',
  fields: (t) => ({
    type: t.expose('type', { type: IndexTypeChoice, description: 'The type, or AUTO. Example: `HNSW`' }),
    vectors: t.field({
      type: VectorPlace,
      description: 'Where the vectors are kept. Example: `IN_MEMORY`',
      resolve: ({ vectors }) => vectors ?? 'IN_MEMORY',
    }),
    codes: t.field({
      type: VectorCodes,
      description: 'HNSW: the codes that it is walked by. Example: `SCALAR`',
      resolve: ({ codes }) => codes ?? 'SCALAR',
    }),
    m: t.exposeInt('m', {
      description: 'HNSW: links per node. More find more and take more memory. Example: `16`',
    }),
    efConstruction: t.exposeInt('efConstruction', {
      description: 'HNSW: breadth of the search while building. More build better and slower. Example: `128`',
    }),
  }),
});

export const IndexSettingsInput = builder.inputType('IndexSettingsInput', {
  description: 'How to build an index; what is left out stays as it is. Example: `{ type: HNSW, m: 32 }`',
  fields: (t) => ({
    type: t.field({ type: IndexTypeChoice, description: 'The type; AUTO at first. Example: `HNSW`' }),
    vectors: t.field({
      type: VectorPlace,
      description: 'Where the vectors are kept; IN_MEMORY at first. Example: `ON_DISK`',
    }),
    codes: t.field({
      type: VectorCodes,
      description: 'HNSW: the codes that it is walked by; SCALAR at first. Example: `BINARY`',
    }),
    m: t.int({ description: 'HNSW: links per node, 4 to 64; 16 at first. Example: `32`' }),
    efConstruction: t.int({
      description: 'HNSW: breadth of the search while building, 16 to 1,000; 128 at first. Example: `400`',
    }),
  }),
});

/** The settings that an input leads to from those before it. */
export function settingsFrom(
  input: typeof IndexSettingsInput.$inferInput | null | undefined,
  before: IndexSettingsShape,
): IndexSettingsShape {
  return { ...before, ...given(input ?? {}) };
}

const RecallPoint = builder.objectRef<RecallPointShape>('RecallPoint').implement({
  description: 'What one effort finds and costs, measured on this very index against exact search.',
  fields: (t) => ({
    effort: t.exposeInt('effort', {
      description: 'HNSW: breadth of the search; LSH: how far it looks. Example: `64`',
    }),
    recall: t.exposeFloat('recall', {
      description: 'The part of the true nearest neighbours found. Example: `0.98`',
    }),
    latencyMs: t.exposeFloat('latencyMs', {
      description: 'Median milliseconds of one search. Example: `0.21`',
    }),
  }),
});

const IndexSegment = builder.objectRef<IndexStatus['segments'][number]>('IndexSegment').implement({
  description: 'One memory of an index. Vectors are added to the last segment; those before it are sealed.',
  fields: (t) => ({
    type: t.expose('type', { type: IndexType, description: 'Its type. Example: `HNSW`' }),
    sealed: t.exposeBoolean('sealed', { description: 'Whether nothing is added to it any more.' }),
    vectors: t.exposeInt('live', { description: 'Live vectors. Example: `50000`' }),
    tombstones: t.exposeInt('tombstones', {
      description: 'Deleted vectors that still take room. Example: `120`',
    }),
    memoryBytes: t.exposeFloat('bytes', { description: 'Bytes of memory in use. Example: `91234304`' }),
  }),
});

interface LibraryIndexShape {
  readonly libraryId: string;
  readonly record: IndexRecord;
  readonly status: () => Promise<IndexStatus>;
}

export const LibraryIndex = builder.objectRef<LibraryIndexShape>('LibraryIndex').implement({
  description: 'The live index of a library.',
  fields: (t) => ({
    type: t.field({
      type: IndexType,
      description: 'What it is. Example: `HNSW`',
      resolve: ({ record }) => record.type,
    }),
    reason: t.string({
      description:
        'Why it is of this type, in one sentence. Example: `"AUTO chose FLAT: up to 10000 vectors are scanned exactly."`',
      resolve: ({ record }) => record.reason,
    }),
    state: t.field({
      type: IndexState,
      description: 'How it is. Example: `READY`',
      resolve: async ({ status }) => (await status()).state,
    }),
    settings: t.field({
      type: IndexSettings,
      description: "What it was built with; the library's `indexSettings` are what the next one will be.",
      resolve: ({ record }) => record.settings,
    }),
    generation: t.int({
      description: 'Grows by one with every swap. Example: `3`',
      resolve: ({ record }) => record.generation,
    }),
    segments: t.field({
      type: [IndexSegment],
      description: 'The memories that it is made of.',
      resolve: async ({ status }) => [...(await status()).segments],
    }),
    memoryBytes: t.float({
      description: 'Bytes of memory in use by all segments. Example: `91234304`',
      resolve: async ({ status }) => (await status()).segments.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
    recallCurve: t.field({
      type: [RecallPoint],
      description:
        'From effort to recall and latency, as last measured; empty for FLAT and KD_TREE, whose recall is 1.',
      resolve: ({ record }) => [...record.recallCurve],
    }),
    measuredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the curve was measured; null before the first time. Example: `"2026-01-31T08:30:00.000Z"`',
      resolve: ({ record }) => record.measuredAt,
    }),
    vectorsSinceMeasured: t.int({
      description:
        'Vectors that have come since the curve was measured; at a quarter of the library it is measured again. Example: `1200`',
      resolve: async ({ record, status }) =>
        Math.max(0, (await status()).level - (record.measuredOrdinal ?? 0)),
    }),
  }),
});

/** The state of a library's index; one that knows no dimension yet has no index to ask about. */
export async function indexStatus(library: Library, { writer }: Context): Promise<IndexStatus> {
  return library.embedding.dimension === null
    ? { state: 'READY', generation: library.index.generation, level: 0, segments: [] }
    : writer.indexStatus(library.id);
}

/** A library's index; the writer is asked for its state once, and only if somebody selects it. */
export function indexOf(library: Library, context: Context): LibraryIndexShape {
  let status: Promise<IndexStatus> | undefined;
  return {
    libraryId: library.id,
    record: library.index,
    status: () => {
      status ??= indexStatus(library, context);
      return status;
    },
  };
}
