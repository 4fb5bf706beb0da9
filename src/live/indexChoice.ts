import { BINARY_DIMENSION, ROW_DIMENSION } from '../indexes/parameters.ts';
import type { IndexParameters, IndexStats, IndexType } from '../indexes/VectorIndex.ts';
import type { IndexSettings, Library } from '../library/types.ts';

/**
 * AUTO scans up to this many vectors: half a millisecond at 384 dimensions, where a graph takes 0.09 ms to search and
 * 3 s to build.
 */
export const AUTO_FLAT_LIMIT = 10_000;

/** An index that has outgrown the scan goes back to it only below this, so that it does not change at every turn. */
const AUTO_SHRUNK_LIMIT = AUTO_FLAT_LIMIT / 2;

/**
 * AUTO builds a tree up to this many dimensions. 100,000 random points, k = 10, tree against graph at effort 48: 11 and
 * 46 µs in 4 dimensions, 36 and 77 in 8, 71 and 108 in 10, 141 and 97 in 12; with the answers exact, and built a hundred
 * times faster. Where the data have fewer dimensions of their own, it is ahead up to 16.
 */
export const AUTO_TREE_DIMENSION = 10;

/** The share of removed vectors in an index above which it is built anew: scans pass over them, and tables lead to them. */
const TOMBSTONE_LIMIT = 0.2;

/**
 * The same for a graph, in which consolidated ones cost memory alone: no recall, not even at five sixths
 * (docs/decisions/0010-filters-and-churn.md).
 */
const GRAPH_TOMBSTONE_LIMIT = 0.5;

/** Below this many vectors tombstones cost too little to build anew for. */
const FEW_VECTORS = 1_000;

/** An index with tables is built anew when so many vectors, and this share of them, have come since they were built. */
const TAIL_VECTORS = 10_000;
const TAIL_LIMIT = 0.25;

/** Every index is seeded alike, so that the same vectors in the same order make the same graph. */
const SEED = 42;

const NUMBERS = new Intl.NumberFormat('en-US');

/** Why an index should be built anew. */
export type RebuildReason = 'AUTO_SIZE' | 'TOMBSTONES' | 'TAIL' | 'DAMAGE';

/** What a choice rests upon. */
export type ChosenFor = Pick<Library, 'chunkCount' | 'embedding' | 'index'>;

/** The index type that settings ask for in a library as it is, and why in one sentence. */
export function chooseType(settings: IndexSettings, library: ChosenFor): { type: IndexType; reason: string } {
  if (settings.type !== 'AUTO')
    return { type: settings.type, reason: `The settings ask for ${settings.type}.` };
  const { dimension } = library.embedding;
  const isFlat = library.index.type === 'FLAT';
  const limit = isFlat ? AUTO_FLAT_LIMIT : AUTO_SHRUNK_LIMIT;
  if (library.chunkCount <= limit)
    return {
      type: 'FLAT',
      reason: `AUTO chose FLAT: up to ${NUMBERS.format(limit)} vectors are scanned exactly.`,
    };
  const many = `more than ${NUMBERS.format(limit)} vectors`;
  if (dimension !== null && dimension <= AUTO_TREE_DIMENSION)
    return {
      type: 'KD_TREE',
      reason: `AUTO chose KD_TREE: ${many} of only ${dimension} dimensions are found fastest, and exactly, in a tree.`,
    };
  return { type: 'HNSW', reason: `AUTO chose HNSW: ${many} are found faster in a graph.` };
}

/** What an index of a library is created with; undefined while the library's dimension is unknown. */
export function indexParameters(
  library: Library,
  type: IndexType,
  settings: IndexSettings,
): IndexParameters | undefined {
  const { dimension, metric } = library.embedding;
  if (dimension === null) return undefined;
  const isOnDisk = settings.vectors === 'ON_DISK' && type !== 'KD_TREE' && dimension > ROW_DIMENSION;
  const vectors = isOnDisk ? 'ON_DISK' : 'IN_MEMORY';
  const common = { type, dimension, metric, seed: SEED, vectors } as const;
  if (type !== 'HNSW') return common;
  const isBinary = settings.codes === 'BINARY' && dimension >= BINARY_DIMENSION;
  const graph = { ...common, ...(isBinary && { codes: 'BINARY' as const }) };
  return { ...graph, m: settings.m, efConstruction: settings.efConstruction };
}

/** Why a healthy index should be built anew, if it should. */
export function rebuildDue(library: Library, stats: IndexStats): RebuildReason | undefined {
  const { type } = library.index;
  const asked = library.indexSettings;
  const now = { ...library, chunkCount: stats.live };
  if (asked.type === 'AUTO' && chooseType(asked, now).type !== type) return 'AUTO_SIZE';
  const slots = stats.live + stats.tombstones;
  const most = type === 'HNSW' ? GRAPH_TOMBSTONE_LIMIT : TOMBSTONE_LIMIT;
  if (slots >= FEW_VECTORS && stats.tombstones > slots * most) return 'TOMBSTONES';
  return stats.tail >= TAIL_VECTORS && stats.tail > slots * TAIL_LIMIT ? 'TAIL' : undefined;
}

/** Whether the live index was built with what the library's settings ask for by now. */
export function builtAsAsked(library: Library): boolean {
  const { type, settings } = library.index;
  const asked = library.indexSettings;
  if (chooseType(asked, library).type !== type) return false;
  if ((settings.vectors ?? 'IN_MEMORY') !== (asked.vectors ?? 'IN_MEMORY')) return false;
  if (type !== 'HNSW') return true;
  if ((settings.codes ?? 'SCALAR') !== (asked.codes ?? 'SCALAR')) return false;
  return settings.m === asked.m && settings.efConstruction === asked.efConstruction;
}
