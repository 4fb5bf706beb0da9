import type { Segment } from './segment.ts';

/** Slots taken at a time; a slot that needs repair takes some 10 microseconds. */
const STEP = 32;
/** A slice is over after so long: the writer answers in between. */
export const SLICE_MS = 4;

/** Tombstones that walks may meet for each live node before it pays to take them out. */
const DUE_SHARE = 1 / 12;
/** Fewer tombstones than this cost nothing. */
const FEW_TOMBSTONES = 64;

/** Tombstones that came after the last consolidation began, so that walks still meet them. */
function unsettled({ live, settled, count }: Segment): number {
  return Math.max(0, count - live - settled);
}

/** Whether enough tombstones have gathered. */
export function isConsolidationDue(segment: Segment): boolean {
  const { live } = segment;
  return live > 0 && unsettled(segment) > Math.max(FEW_TOMBSTONES, live * DUE_SHARE);
}

/**
 * Takes the tombstones out of a graph (FreshDiskANN: Singh et al. 2021, arXiv 2105.09613, section 4.2): first out of the
 * spanning tree, then, node by node, out of all links. Their slots stay in use until the index is built anew. Yields
 * after every `sliceMs` how many of 2 × slots are done. In between, the writer may insert, remove and save, and it may stop
 * at any of these points: the graph is whole at each, and the next consolidation does what is left. Readers go on all the
 * while. It ends by itself when the segment is detached.
 */
export function* consolidateGraph(segment: Segment, sliceMs: number): Generator<number> {
  const { kernel } = segment;
  if (segment.unlinked > 0 || segment.count === 0) return;
  let sliceEnds = performance.now() + sliceMs;
  let settled = 0;
  kernel.moveEntry();
  const count = segment.count;
  for (let from = 0; from < count; from += STEP) {
    settled += kernel.detachSlots(from, Math.min(from + STEP, count));
    if (performance.now() < sliceEnds) continue;
    yield from;
    if (!segment.isAttached) return;
    sliceEnds = performance.now() + sliceMs;
  }
  for (let from = 0; from < segment.count; from += STEP) {
    kernel.repairSlots(from, Math.min(from + STEP, segment.count));
    if (performance.now() < sliceEnds) continue;
    yield count + Math.min(from, count);
    if (!segment.isAttached) return;
    sliceEnds = performance.now() + sliceMs;
  }
  segment.settled = settled;
}
