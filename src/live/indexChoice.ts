import type { IndexParameters, IndexStats, IndexType } from '../indexes/VectorIndex.ts';
import type { IndexSettings, Library } from '../library/types.ts';

/** AUTO scans up to this many vectors and builds a graph beyond: a scan of them takes about a millisecond. */
export const AUTO_FLAT_LIMIT = 10_000;

/** The share of removed vectors in an index above which it is built anew. */
const TOMBSTONE_LIMIT = 0.2;

/** Below this many vectors tombstones cost too little to build anew for. */
const FEW_VECTORS = 1_000;

/** Every index is seeded alike, so that the same vectors in the same order make the same graph. */
const SEED = 42;

/** The index type that settings ask for at this size, and why in one sentence. */
export function chooseType(
  settings: IndexSettings,
  vectorCount: number,
): { type: IndexType; reason: string } {
  if (settings.type !== 'AUTO')
    return { type: settings.type, reason: `The settings ask for ${settings.type}.` };
  return vectorCount <= AUTO_FLAT_LIMIT
    ? { type: 'FLAT', reason: `AUTO chose FLAT: up to ${AUTO_FLAT_LIMIT} vectors are scanned exactly.` }
    : {
        type: 'HNSW',
        reason: `AUTO chose HNSW: more than ${AUTO_FLAT_LIMIT} vectors are found faster in a graph.`,
      };
}

/** What an index of a library is created with; undefined while the library's dimension is unknown. */
export function indexParameters(
  library: Library,
  type: IndexType,
  settings: IndexSettings,
): IndexParameters | undefined {
  const { dimension, metric } = library.embedding;
  if (dimension === null) return undefined;
  const common = { type, dimension, metric, seed: SEED };
  return type === 'FLAT' ? common : { ...common, m: settings.m, efConstruction: settings.efConstruction };
}

/** Why a healthy index should be built anew, if it should. */
export function rebuildDue(library: Library, stats: IndexStats): 'AUTO_SIZE' | 'TOMBSTONES' | undefined {
  const { type } = library.index;
  const outgrown = library.indexSettings.type === 'AUTO' && type === 'FLAT' && stats.live > AUTO_FLAT_LIMIT;
  if (outgrown) return 'AUTO_SIZE';
  const slots = stats.live + stats.tombstones;
  return slots >= FEW_VECTORS && stats.tombstones > slots * TOMBSTONE_LIMIT ? 'TOMBSTONES' : undefined;
}

/** Whether the live index was built with what the library's settings ask for by now. */
export function builtAsAsked(library: Library): boolean {
  const { type, settings } = library.index;
  const asked = library.indexSettings;
  if (chooseType(asked, library.chunkCount).type !== type)
    return asked.type === 'AUTO' && library.chunkCount <= AUTO_FLAT_LIMIT;
  return type === 'FLAT' || (settings.m === asked.m && settings.efConstruction === asked.efConstruction);
}
