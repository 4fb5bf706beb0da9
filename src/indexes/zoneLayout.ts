import { availableParallelism } from 'node:os';
import {
  BAND_ENTRIES,
  BATCH_SLOTS,
  CHOSEN_SLOTS,
  FRONTIER_ENTRIES,
  POOL_ENTRIES,
  ZONE_COUNT,
  ZONE_QUERY,
} from '../kernel/assembly/offsets.ts';
import { bucketScratchBytes } from './bucketLayout.ts';
import type { CompleteParameters } from './parameters.ts';
import { storedRowBytes } from './RowFile.ts';
import { treeBranchBytes, treeScratchBytes } from './treeLayout.ts';

/**
 * Zones in each memory: for twice as many searching threads as there are processors, and for writing, building and
 * measuring. No more than that, since they lie before the blocks: a memory that a thread is sent counts with its whole
 * length as pressure on the garbage collector, however little of it was ever touched. They are in no file.
 */
export const zoneCount = Math.min(ZONE_COUNT, Math.max(16, 2 * availableParallelism() + 8));

/** Bits a component of what binary codes are compared with; see binaryCode.ts in the kernel. */
const BINARY_PLANES = 4;

/** The next multiple of `to`. */
export const align = (bytes: number, to: number): number => Math.ceil(bytes / to) * to;

/** Where things lie in a zone, the scratch of one thread: one after the other, each on a cache line of its own. */
export function zoneOf(
  complete: CompleteParameters,
  rowBytes: number,
  codeBytes: number,
  bitmapBytes: number,
) {
  const isGraph = complete.type === 'HNSW';
  const isTree = complete.type === 'KD_TREE';
  const isHashed = complete.type === 'LSH';
  const isBinary = complete.codes === 'BINARY';
  let end = ZONE_QUERY;
  const place = (bytes: number): number => {
    const at = end;
    end = align(end + bytes, 64);
    return at;
  };
  place(rowBytes);
  const wideQueryAt = place(isBinary ? 0 : codeBytes * 2);
  const queryCodeAt = place(isBinary ? BINARY_PLANES * codeBytes : isGraph || isHashed ? codeBytes : 0);
  const chosenAt = place(isGraph ? CHOSEN_SLOTS * 4 : 0);
  const fetchedAt = place(complete.vectors === 'ON_DISK' ? 2 * storedRowBytes(rowBytes) : 0);
  const slotsAt = place(BATCH_SLOTS * 4);
  const keysAt = place(BATCH_SLOTS * 4);
  const frontierAt = place(FRONTIER_ENTRIES * 8);
  const outputAt = place(POOL_ENTRIES * 8);
  const poolAt = place(isGraph || isTree || isHashed || codeBytes > 0 ? POOL_ENTRIES * 8 : 0);
  const visitedAt = place(isGraph || isHashed ? bitmapBytes : 0);
  const allowedAt = place(bitmapBytes);
  const scratchAt = place(
    isTree ? treeScratchBytes(complete.dimension) : isHashed ? bucketScratchBytes(complete) : 0,
  );
  const branchesAt = place(isTree ? treeBranchBytes(complete.expected) : isHashed ? BAND_ENTRIES * 8 : 0);
  return {
    fetchedAt,
    wideQueryAt,
    queryCodeAt,
    chosenAt,
    slotsAt,
    keysAt,
    frontierAt,
    outputAt,
    poolAt,
    visitedAt,
    allowedAt,
    scratchAt,
    branchesAt,
    zoneBytes: align(end, 4096),
  };
}
